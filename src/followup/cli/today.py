"""`followup today`: what is due in all opportunities of the store, what is held and why, what to find out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from followup.cli.home import HOME, opened
from followup.cli.opportunities import NOW, Opportunity, now_for
from followup.cli.options import FORMAT, Options, pass_options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from followup.plan import FollowUp
    from followup.store import Kept

__all__ = ["command"]


@click.command("today")
@NOW
@HOME
@FORMAT
@pass_options
def command(options: Options, now: str | None, home: str | None, form: str) -> None:
    """Say what is due today in all your opportunities, then what is held and why, then what to find out.

    \b
    Examples:
      followup today
      followup today --format json | jq '.[].due[].key'
    """
    from followup.store import folded, plan_of

    with opened(home) as store:
        kept = folded(store.entries())
    found: dict[str, Opportunity] = {}
    for name, each in kept.opportunities.items():
        if not each.retired:
            engine = options.engine()
            state = each.state(engine.vocabulary)
            moment, clock = now_for(state, now)
            plan = plan_of(engine, kept, name, moment, state=state)
            found[name] = Opportunity(name, state, plan, clock)
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode([_data(name, each) for name, each in found.items()]))
        return
    if not found:
        click.echo(_greeting(kept))
        return
    from followup.cli.drawing import draw

    draw(_drawn(found))


def _greeting(kept: Kept) -> str:
    """What to do first where there is nothing to do."""
    if kept.opportunities:
        back = "followup reopen NAME"
        return f"All your opportunities are retired. Add one: followup add. Bring one back: {back}"
    if kept.profile is not None:
        return f"Good to see you, {kept.profile['name']}. Add your first opportunity: followup add"
    return (
        "Welcome. Nothing stands here yet.\n"
        "  followup init   say who you are, once\n"
        "  followup add    put in an opportunity; it asks what it needs\n"
        "  followup demo   see it work on a made-up one"
    )


def _data(name: str, found: Opportunity) -> dict[str, Any]:
    plan = found.plan
    return {
        "opportunity": name,
        "title": found.title,
        "due": plan.due,
        "held": plan.held,
        "questions": plan.questions,
        "next_change": plan.next_change,
    }


def _drawn(found: Mapping[str, Opportunity]) -> Iterator[RenderableType]:
    from followup.cli.drawing import beside, text
    from followup.cli.wording import SECTIONS, shown_with_status

    count = sum(len(each.plan.due) for each in found.values())
    yield text(f"{count} due" if count else "Nothing is due.", "bold")
    for status in ("due", "held"):
        rows = [
            (name, each, followup)
            for name, each in found.items()
            for followup in shown_with_status(each.plan, status)
        ]
        if rows:
            yield text("")
            yield text(SECTIONS[status], "bold")
        for name, each, followup in rows:
            yield from _followup(name, each, followup)
    questions = [(name, asked.text) for name, each in found.items() for asked in each.plan.questions]
    if questions:
        yield text("")
        yield text("Questions", "bold")
    for name, words in questions:
        yield beside("?", "magenta", text(f"{name}: {words}"))


def _followup(name: str, found: Opportunity, followup: FollowUp) -> Iterator[RenderableType]:
    from rich.console import Group

    from followup.cli.drawing import beside, mark_of, text
    from followup.cli.wording import address_line, as_title, telling, when_line

    lines = [text(f"{as_title(followup)} {address_line(followup)} · {found.title}", "bold")]
    reason = telling(followup.status, followup.reasons)
    said = (when_line(followup, found.clock), reason.text if reason else "")
    lines += [text(words) for words in said if words]
    if followup.status == "due" and followup.draft and followup.draft.subject:
        lines.append(text(f"Subject: {followup.draft.subject}", "italic"))
    lines.append(text(f"{name} {followup.key}", "dim"))
    yield beside(*mark_of(followup.status), Group(*lines))
