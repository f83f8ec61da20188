"""`followup today`: what is due in all opportunities of the store, what is held and why, what to find out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from followup.cli.all_open import all_open, leave
from followup.cli.home import HOME, opened
from followup.cli.opportunities import NOW, Opportunity
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.policy import POLICY, policy_of
from followup.cli.wording import MAY_HAVE_LEFT, shown_with_status
from followup.events import NoContact

if TYPE_CHECKING:
    from rich.console import RenderableType

    from followup.plan import FollowUp, Reason
    from followup.store import Kept

__all__ = ["command", "greeting"]

MOST_HELD = 6
"""How many that are held, or blocked, are shown where not all are asked for."""
UNTIL = "; until "
"""What stands between a reason and the end of its time."""
ONE_WISH = "one-wish"
"""The name of the gate's reason that another follow-up says the same and comes first."""


@click.command("today")
@click.option("--all", "everything", is_flag=True, help="Also what else is held; else only the first.")
@POLICY
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options, everything: bool, policy: str | None, now: str | None, home: str | None, form: str
) -> None:
    """Say what is due today in all your opportunities, then what is held and why, then what to find out.

    \b
    Examples:
      followup today
      followup today --format json | jq '.[].due[].key'
    """
    from followup.sending import in_doubt
    from followup.store import folded

    with opened(home) as store:
        entries = store.entries()
    kept, doubts = folded(entries), in_doubt(entries)
    found = all_open(options, kept, now)
    by_itself = _by_itself(options, policy, found) if found else {}
    if form == "json":
        import msgspec

        click.echo(
            msgspec.json.encode([_data(name, each, by_itself, doubts) for name, each in found.items()])
        )
    elif all(each.retired for each in kept.opportunities.values()):
        click.echo(greeting(kept))
    elif found:
        from followup.cli.drawing import draw

        draw(_drawn(found, by_itself, doubts, everything=everything))
    leave()


ByItself = Mapping[tuple[str, str], str]
"""Where the policy says so of what goes out by itself, by opportunity and key."""
Doubts = Set[tuple[str, str]]
"""What may have been sent already, by opportunity and key."""


def _by_itself(options: Options, file: str | None, found: Mapping[str, Opportunity]) -> ByItself:
    policy = policy_of(options.engine(), file)
    return {
        (name, followup.key): place
        for name, each in found.items()
        for followup in each.plan.pending
        if (place := policy.allows(name, followup, each.state, None)[0])
    }


def greeting(kept: Kept) -> str:
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


def _data(name: str, found: Opportunity, by_itself: ByItself, doubts: Doubts) -> dict[str, Any]:
    plan = found.plan
    return {
        "opportunity": name,
        "title": found.title,
        "due": plan.due,
        "blocked": _blocked(found),
        "held": plan.held,
        "questions": plan.questions,
        "next_change": plan.next_change,
        "in_doubt": sorted(key for opportunity, key in doubts if opportunity == name),
        "by_itself": {key: place for (opportunity, key), place in by_itself.items() if opportunity == name},
    }


def _blocked(found: Opportunity) -> tuple[FollowUp, ...]:
    """What would be due now, but for something that is missing or wrong; nothing to whom it may not go."""
    plan = found.plan
    stopped = {event.who for event in found.state.events if isinstance(event, NoContact)}
    return tuple(
        followup
        for followup in plan.with_status("blocked")
        if (followup.opens is None or followup.opens <= plan.now)
        and None not in stopped
        and (followup.to is None or followup.to.id not in stopped)
    )


def _held(found: Opportunity) -> tuple[FollowUp, ...]:
    """What is held, but for what only makes way for another that says the same."""
    held = shown_with_status(found.plan, "held")
    return tuple(each for each in held if not any(reason.name == ONE_WISH for reason in each.reasons))


def _drawn(
    found: Mapping[str, Opportunity], by_itself: ByItself, doubts: Doubts, *, everything: bool
) -> Iterator[RenderableType]:
    from followup.cli.drawing import beside, text

    rows = {
        "due": _rows(found, lambda each: each.plan.due),
        "blocked": _rows(found, _blocked),
        "held": _rows(found, _held),
    }
    due = len(rows["due"])
    yield text(f"{due} due" if due else f"Nothing is due.{_next(found)}", "bold")
    for name, each, followup in rows["due"]:
        doubt = (name, followup.key) in doubts
        yield from _due(name, each, followup, by_itself.get((name, followup.key), ""), doubt=doubt)
    for status, title in (("blocked", "Blocked: due but for what is missing"), ("held", "Held")):
        if rows[status]:
            yield text("")
            yield text(title, "bold")
        shown = rows[status] if everything else rows[status][:MOST_HELD]
        for name, each, followup in shown:
            yield from _waiting(name, each, followup)
        if len(shown) < len(rows[status]):
            yield text(f"   and {len(rows[status]) - len(shown)} more: followup today --all", "dim")
    questions = [(name, each.plan) for name, each in found.items() if each.plan.questions]
    if questions:
        yield text("")
        yield text("Worth finding out", "bold")
    for name, plan in questions:
        asked = ", ".join(question.fact for question in plan.questions)
        rules = ", ".join(dict.fromkeys(rule for question in plan.questions for rule in question.rules))
        yield beside("?", "magenta", text(f"{name}: {asked}, for {rules}"))
    if questions:
        yield text("   followup set NAME FACT=VALUE puts in what you found out", "dim")


def _rows(
    found: Mapping[str, Opportunity], wanted: Callable[[Opportunity], Sequence[FollowUp]]
) -> list[tuple[str, Opportunity, FollowUp]]:
    """The follow-ups of all opportunities, the most urgent first."""
    rows = [(name, each, followup) for name, each in found.items() for followup in wanted(each)]

    def urgency(row: tuple[str, Opportunity, FollowUp]) -> tuple[float, float, str, str]:
        name, _, followup = row
        times = (followup.lifts, followup.closes)
        first, second = (time.timestamp() if time else float("inf") for time in times)
        return first, second, name, followup.key

    return sorted(rows, key=urgency)


def _next(found: Mapping[str, Opportunity]) -> str:
    """When something changes by itself, in a sentence; empty where nothing does."""
    coming = [(each.plan.next_change, name) for name, each in found.items() if each.plan.next_change]
    if not coming:
        return ""
    moment, name = min(coming)
    return f" The next change is {found[name].clock.both(moment)}, for {name}: followup agenda."


def _due(
    name: str, found: Opportunity, followup: FollowUp, policy: str, *, doubt: bool
) -> Iterator[RenderableType]:
    from rich.console import Group

    from followup.cli.drawing import beside, mark_of, text
    from followup.cli.wording import address_line, as_title, when_line

    when = when_line(followup, found.clock).removeprefix("now, ")
    said = [when, found.title]
    if followup.draft is not None and followup.draft.edited:
        said.append("in your own words")
    warnings = sum(finding.severity == "warning" for finding in followup.findings)
    if warnings:
        said.append(f"{warnings} to mend" if warnings > 1 else "1 to mend")
    lines = [
        text(f"{as_title(followup)} {address_line(followup)}", "bold"),
        text(" · ".join(said)),
        *([text(f"Goes out by itself: {policy}", "cyan")] if policy and not doubt else ()),
        *([text(MAY_HAVE_LEFT, "yellow")] if doubt else ()),
        text(f"{name} {followup.key}", "dim"),
    ]
    yield beside(*mark_of(followup.status), Group(*lines))


def _waiting(name: str, found: Opportunity, followup: FollowUp) -> Iterator[RenderableType]:
    from rich.console import Group

    from followup.cli.drawing import beside, mark_of, text
    from followup.cli.wording import address_line, as_title, telling

    until = f"until {found.clock.exact(followup.lifts)}: " if followup.lifts else ""
    reason = _last_to_hold(followup) or telling(followup.status, followup.reasons)
    why = reason.text.partition(UNTIL)[0] if reason and until else reason.text if reason else ""
    lines = [
        text(f"{as_title(followup)} {address_line(followup)} · {found.title}"),
        text(f"{until}{why}"),
        text(f"{name} {followup.key}", "dim"),
    ]
    if followup.status == "blocked":
        lines.append(text(_cure(name, followup), "dim"))
    yield beside(*mark_of(followup.status), Group(*lines))


def _last_to_hold(followup: FollowUp) -> Reason | None:
    """Of the reasons that say until when they hold, the one that holds longest."""
    ends: dict[datetime, Reason] = {}
    for reason in followup.reasons:
        with suppress(ValueError):
            end = reason.text.rpartition(UNTIL)[2]
            ends.setdefault(datetime.strptime(end, "%A, %d %B %Y, %H:%M"), reason)  # noqa: DTZ007 (compared only)
    return ends[max(ends)] if ends and followup.status == "held" else None


def _cure(name: str, followup: FollowUp) -> str:
    """The command that puts in what is missing, or mends the words."""
    if followup.needs == ("draft",):
        return f"followup edit {name} {followup.key}"
    facts = " ".join(f"{fact}=…" for fact in followup.needs if "." in fact)
    return f"followup set {name} {facts}" if facts else f"followup show {name} {followup.key}"
