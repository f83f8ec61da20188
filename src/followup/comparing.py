"""Comparing: several stories played from one state, side by side, day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import msgspec

from followup.durations import Duration, add
from followup.events import Event, Offer
from followup.history import History, person_calendar
from followup.moments import Instant, moment
from followup.planning import Planner
from followup.simulating import Change, Outgoing, Simulation, simulate
from followup.state import InterviewState, Person
from followup.stories import Cast
from followup.telling import stage_words, when_words

__all__ = [
    "AN_INTERVIEW",
    "SIX_WEEKS",
    "Cell",
    "Comparison",
    "Ending",
    "Entry",
    "Known",
    "Played",
    "Row",
    "after_six_weeks",
    "compare",
    "entries_of",
    "known_days",
]

SIX_WEEKS = Duration(6, "week")
"""How far stories are played where nothing else is said."""

AN_INTERVIEW = "an interview"
"""The words for a day on which an interview lies ahead."""

PENDING = ("due", "scheduled", "held", "blocked", "snoozed")

Kind = Literal["sent", "called", "task", "event", "held", "blocked", "stopped", "missed"]


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in a story: a message, call or task that is done, an event, or what became of a follow-up.

    `until` is when a held one is let go, `why` what holds or stopped it; `parts` is what rides in a message.
    """

    kind: Kind
    at: datetime
    title: str
    key: str = ""
    to: str = ""
    channel: str | None = None
    why: str = ""
    until: datetime | None = None
    parts: tuple[str, ...] = ()


class Cell(msgspec.Struct, frozen=True):
    """What a story has on one day, and whether that differs from the first story's day."""

    entries: tuple[Entry, ...]
    differs: bool


class Row(msgspec.Struct, frozen=True):
    """One day, with a cell for each story in their order."""

    day: date
    cells: tuple[Cell, ...]


class Ending(msgspec.Struct, frozen=True):
    """A story summed up: its messages and calls to the employer in all, the last of them, and how it ends."""

    messages: int
    last: Outgoing | None
    words: str


class Played(msgspec.Struct, frozen=True, kw_only=True):
    """One story, played."""

    name: str
    title: str
    simulation: Simulation
    ending: Ending


class Known(msgspec.Struct, frozen=True):
    """A day that is known beforehand: a date that they named, a deadline, an interview that lies ahead."""

    day: date
    words: str


class Comparison(msgspec.Struct, frozen=True, kw_only=True):
    """Stories played from one state over one time: `rows` are the days on which anything is to be told.

    `days_off` are the weekends and public holidays of the company in that time.
    """

    format: int = 1
    start: datetime
    end: datetime
    stories: tuple[Played, ...]
    rows: tuple[Row, ...]
    days_off: tuple[date, ...] = ()
    known: tuple[Known, ...] = ()


def after_six_weeks(state: InterviewState, now: Instant) -> Instant:
    """Six weeks after `now` on the candidate's calendar."""
    return add(now, SIX_WEEKS, person_calendar(state, None))


def compare(
    planner: Planner,
    state: InterviewState,
    now: Instant,
    until: Instant,
    casts: Sequence[Cast],
    *,
    events: tuple[Event, ...] = (),
    watch: Callable[[str, datetime], None] | None = None,
) -> Comparison:
    """Play each story from `now` to `until`; `events` happen in all of them. Raises UsageError."""
    played = []
    for cast in casts:
        name = cast.story.name

        def tell(at: datetime, name: str = name) -> None:
            if watch is not None:
                watch(name, at)

        simulation = simulate(
            planner, state, now, until, (*events, *cast.events), cues=cast.cues, watch=tell
        )  # fmt: skip
        played.append(
            Played(name=name, title=cast.story.title, simulation=simulation, ending=_ending(simulation))
        )
    first = played[0].simulation
    return Comparison(
        start=first.start, end=first.end, stories=tuple(played),
        rows=tuple(_rows([each.simulation for each in played])), days_off=tuple(_days_off(state, first)),
        known=tuple(known_days(state, now, first.start, first.end)),
    )  # fmt: skip


def _days_off(state: InterviewState, played: Simulation) -> Iterator[date]:
    calendar = person_calendar(state, Person())
    day = played.start.date()
    while day <= played.end.date():
        if not calendar.is_business_day(day):
            yield day
        day += timedelta(days=1)


def known_days(state: InterviewState, now: Instant, start: datetime, end: datetime) -> Iterator[Known]:
    """The days from `start` to `end` that the state knows ahead, in order."""
    history = History(state, now)
    zone = start.tzinfo or UTC
    found = [
        Known(day, "they decide by then")
        for day in {history.promised_day(promise).day for promise in history.open_promises}
        if day is not None
    ]
    offer = history.last("offer")
    deadline = offer.event.deadline if offer and isinstance(offer.event, Offer) else None
    if deadline is not None:
        exact = deadline.value
        day = exact.astimezone(zone).date() if isinstance(exact, datetime) else exact
        found.append(Known(day, "their offer is open until then"))
    for interview in history.interviews:
        if interview.at >= now:
            found.append(Known(moment(interview.at, zone).date(), AN_INTERVIEW))
    known = [each for each in found if start.date() <= each.day <= end.date()]
    yield from sorted(known, key=lambda each: (each.day, each.words))


def _rows(simulations: list[Simulation]) -> Iterator[Row]:
    told = [_by_day(simulation) for simulation in simulations]
    for day in sorted({day for days in told for day in days}):
        entries = [days.get(day, ()) for days in told]
        wanted = [_essence(entry) for entry in entries[0]]
        yield Row(day, tuple(Cell(found, [_essence(e) for e in found] != wanted) for found in entries))


def _essence(entry: Entry) -> tuple[object, ...]:
    return entry.kind, entry.key, entry.title, entry.at, entry.until, entry.channel


def _by_day(simulation: Simulation) -> dict[date, tuple[Entry, ...]]:
    days: dict[date, list[Entry]] = {}
    for entry in entries_of(simulation):
        days.setdefault(entry.at.date(), []).append(entry)
    return {day: tuple(sorted(found, key=lambda entry: entry.at)) for day, found in days.items()}


def entries_of(simulation: Simulation) -> Iterator[Entry]:
    """What there is to tell of a simulation: events, what is done, and what is held or comes to nothing."""
    for occurrence in simulation.events:
        yield Entry(kind="event", at=occurrence.at, title=occurrence.words)
    titles = {change.key: change.title for step in simulation.steps for change in step.changes}
    for message in simulation.messages:
        kind: Kind = "task" if message.channel is None else "called" if message.channel == "phone" else "sent"
        parts = tuple(titles.get(part) or part for part in message.parts)
        yield Entry(
            kind=kind, at=message.at, title=message.title or message.rule, key=message.key,
            to=message.to.name, channel=message.channel, parts=parts,
        )  # fmt: skip
    for number, step in enumerate(simulation.steps):
        for change in step.changes:
            became = _became(change, first=number == 0)
            if became is not None:
                yield Entry(
                    kind=became, at=step.at, title=change.title or change.rule, key=change.key, to=change.to,
                    why=change.why or ("nothing calls for it any more" if became == "stopped" else ""),
                    until=change.until if became == "held" else None,
                )  # fmt: skip


def _became(change: Change, *, first: bool) -> Kind | None:
    """What a change makes worth telling: what is held, blocked, stopped or missed, but no part of another."""
    if change.host is not None or change.rides:
        return None
    if change.after == "held":
        return "held"
    if change.after == "blocked":
        return "blocked"
    if first or change.before not in PENDING:
        return None
    if change.after == "missed":
        return "missed"
    return "stopped" if change.after in ("moot", None) else None


def _ending(simulation: Simulation) -> Ending:
    outward = [message for message in simulation.messages if message.channel is not None]
    coming = min(
        (pending for pending in simulation.pending if pending.at is not None),
        key=lambda pending: (pending.at, pending.key),
        default=None,
    )
    now = stage_words(simulation.stage)
    if coming is not None and coming.at is not None:
        then = f"next is “{coming.title or coming.key}” to {coming.to}, {when_words(coming.at.date())}"
    elif simulation.messages and simulation.messages[-1].channel is None:
        then = f"the last thing to do was “{simulation.messages[-1].title}”"
    else:
        then = "nothing more is planned"
    return Ending(len(outward), outward[-1] if outward else None, f"{now}; {then}")
