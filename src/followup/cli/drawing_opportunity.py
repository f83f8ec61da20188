"""An opportunity of the store, and one follow-up of it, drawn whole. Uses rich."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from followup.cli.drawing import beside, draft_words, heading, mark_of, plan_sections, stage_line, text
from followup.cli.drawing_findings import draw_findings
from followup.cli.opportunities import title_of
from followup.cli.wording import MAY_HAVE_LEFT, address_line, as_title, when_line
from followup.plan import PENDING
from followup.telling import event_words

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.events import Event
    from followup.plan import FollowUp, Plan, Reason
    from followup.state import InterviewState, Person
    from followup.store import Opportunity

__all__ = ["draw_follow_up", "draw_opportunity"]

LONGEST_SAID = 200
"""Characters of somebody's words; the rest is left out."""


def draw_opportunity(
    found: Opportunity, state: InterviewState, plan: Plan, clock: Clock
) -> Iterator[RenderableType]:
    """Its people, what happened, and its plan without drafts."""
    yield heading(title_of(state), clock.minute(plan.now))
    yield stage_line(plan, clock)
    if found.retired:
        because = f": {found.reason}" if found.reason else ""
        yield text(f"retired{because} · followup reopen {found.name} brings it back", "yellow")
    for note in plan.notes:
        yield text(note, "dim")
    if state.people:
        yield _title("People")
        yield _rows((id_, _person(person)) for id_, person in state.people.items())
    if state.events:
        yield _title("What happened")
        events = sorted(state.events, key=lambda event: event.at)
        yield _rows((clock.minute(event.at), _happened(event, state, clock)) for event in events)
    yield from plan_sections(plan, clock, drafts=False)
    own = {key: kept for key, kept in found.drafts.items() if _is_open(plan, key)}
    if own:
        yield _title("Words of your own")
        yield _rows((key, kept.subject or " ".join(kept.body.split())[:60]) for key, kept in own.items())


def draw_follow_up(
    found: Opportunity, plan: Plan, followup: FollowUp, clock: Clock, *, doubt: bool
) -> Iterator[RenderableType]:
    """Its words, why it stands as it does, and what the reviews find."""
    yield heading(f"{as_title(followup)} {address_line(followup)}", clock.minute(plan.now))
    yield text(f"{found.name} {followup.key}", "dim")
    when = when_line(followup, clock)
    status = Text.assemble((followup.status, mark_of(followup.status)[1]), f" · {when}" if when else "")
    yield status
    if doubt:
        yield text(MAY_HAVE_LEFT, "yellow")
    if followup.needs:
        yield text(f"missing: {', '.join(followup.needs)}", "red")
    for key in followup.parts:
        yield text(f"with it: {key}")
    draft, kept = followup.draft, found.drafts.get(followup.key)
    if draft is not None:
        yield _title("Your own words" if draft.edited else "Draft")
        yield draft_words(draft)
    if kept is not None and (draft is None or not draft.edited):
        from followup.plan import Draft

        yield _title("Your own words, which are not used")
        yield draft_words(Draft(kept.subject, kept.body))
    yield _title("Why")
    for reason in followup.reasons:
        yield beside("·", "dim", _why(reason))
    if draft is not None:
        yield Text("")
        yield from draw_findings(followup.findings, draft, "Findings")


def _is_open(plan: Plan, key: str) -> bool:
    return all(each.status in PENDING for each in plan.followups if each.key == key)


def _title(words: str) -> RenderableType:
    return Padding(Text(words, style="bold"), (1, 0, 0, 0))


def _rows(rows: Iterator[tuple[str, str]]) -> RenderableType:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    for left, right in rows:
        table.add_row(text(left, "dim"), text(right))
    return table


def _person(person: Person) -> str:
    who = ", ".join(filter(None, (person.name, person.role)))
    return " · ".join(filter(None, (who, person.email, person.phone, person.linkedin)))


def _happened(event: Event, state: InterviewState, clock: Clock) -> str:
    words = event_words(event, state, "happens" if event.at > clock.now else "happened")
    told = (getattr(event, name, None) for name in ("text", "words", "reason", "terms"))
    said = " ".join(str(next(filter(None, told), "")).split())
    if len(said) > LONGEST_SAID:
        said = f"{said[:LONGEST_SAID].rstrip()} …"
    return f"{words[:1].upper()}{words[1:]}" + (f": {said}" if said else "")


def _why(reason: Reason) -> RenderableType:
    rest = f"{reason.kind} {reason.name}" + (f" · {reason.at}" if reason.at else "")
    return Group(text(reason.text), text(rest, "dim")) if reason.text else text(rest, "dim")
