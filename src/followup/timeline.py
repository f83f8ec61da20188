"""The timeline: a state's events as they stand at a moment, each with its id, its place and its occasion.

`docs/semantics.md`, section 1, has the rules: what has not happened yet is left out, an interview is known
before it takes place, a change to an interview moves or cancels it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from operator import itemgetter
from typing import TypeAlias

from msgspec import Struct

from followup.events import Bounce, Called, Cancelled, Custom, Event, Interview, Rescheduled, Sent
from followup.moments import DAY, EARLIEST, MINUTE, SECOND, Instant, instant
from followup.once import once

__all__ = ["NOTHING", "Happened", "Timeline", "event_people"]

DEFAULT_MINUTES = 60
"""The length of an interview of which none is given."""


_Known: TypeAlias = tuple[Instant, int, Event]
"""An event with its time and its place in the line of those that are known."""


class _Line:
    """The events of which a timeline is made, by place: the order in which the state gives them."""

    def __init__(self) -> None:
        self.known: list[_Known] = []
        """Each event that has happened, and each interview that is known, with its time as it was noted."""
        self.placed = self.known
        """The same in order of time, as it stands now."""
        self.lengths: dict[int, int] = {}
        """How long each interview takes, by place."""
        self.cancelled: set[int] = set()
        """The places of what was cancelled."""

    @once
    def interviews(self) -> list[tuple[Instant, int]]:
        """When each interview begins that was not cancelled, in order of time, and its place."""
        return [(at, p) for at, p, _ in self.placed if p in self.lengths and p not in self.cancelled]

    @once
    def ids(self) -> list[str]:
        """Their ids: given, or made from type, people and time; equal ones numbered by content."""
        ids = [event.id or _natural_id(event, at) for at, _, event in self.known]
        if len(set(ids)) == len(ids):
            return ids
        taken: dict[str, list[int]] = {}
        for place, id_ in enumerate(ids):
            taken.setdefault(id_, []).append(place)
        for id_, places in taken.items():
            places.sort(key=lambda place: (self.known[place][2].id is None, repr(self.known[place][2])))
            for number, place in enumerate(places[1:], start=2):
                ids[place] = f"{id_}-{number}"
        return ids

    @once
    def all_ids(self) -> frozenset[str]:
        """The ids, to look one up."""
        return frozenset(self.ids)

    def occasion_of(self, contact: Sent | Called, at: Instant) -> str | None:
        """What a contact belongs to: what its key names, else the last interview that had begun."""
        if contact.key is not None and contact.key.count(":") >= 2:
            occasion = contact.key.split(":")[1]
            if occasion in self.all_ids:
                return occasion
        begun = bisect_right(self.interviews, at, key=itemgetter(0))
        return self.ids[self.interviews[begun - 1][1]] if begun else None


class Happened(Struct, frozen=True):
    """An event as it stands: when it began and was over, and whether it was called off.

    Its id and its occasion, which cost most, are made when they are asked for.
    """

    event: Event
    at: Instant
    end: Instant
    cancelled: bool
    line: _Line
    place: int

    @property
    def type(self) -> str:
        return self.event.type

    @property
    def id(self) -> str:
        return self.line.ids[self.place]

    @property
    def occasion(self) -> str:
        """The id of what it belongs to: of the interview that was thanked for, say; else its own."""
        event = self.event
        belongs_to = self.line.occasion_of(event, self.at) if isinstance(event, (Sent, Called)) else None
        return belongs_to or self.id


class Timeline:
    """Events as they stand at a moment: those that have happened, and the interviews that are known."""

    def __init__(self, events: Sequence[Event], now: Instant) -> None:
        self.now = now
        self._later: list[Instant] = []
        line = _Line()
        known, changes = line.known, []
        last, in_order = EARLIEST - 1, True
        for event in events:
            at = instant(event.at)
            if at > now:
                self._later.append(at)
            if isinstance(event, Interview):
                if event.arranged is not None and (arranged := instant(event.arranged)) > now:
                    self._later.append(arranged)
                    continue
                line.lengths[len(known)] = (event.minutes or DEFAULT_MINUTES) * MINUTE
            elif at > now:
                continue
            elif isinstance(event, (Rescheduled, Cancelled)):
                changes.append(len(known))
            known.append((at, len(known), event))
            in_order = in_order and at > last
            last = at
        if changes:
            _change(line, changes)
        if changes or not in_order:
            line.placed = _in_order(line)
        lengths, cancelled = line.lengths, line.cancelled
        self.happened = tuple(
            [
                Happened(event, at, at + lengths.get(place, 0), place in cancelled, line, place)
                for at, place, event in line.placed
            ]
        )
        """The events in order of time, and of their ids where they happened at once."""

    @once
    def by_type(self) -> Mapping[str, list[Happened]]:
        """The events of each type, in order of time."""
        found: dict[str, list[Happened]] = {}
        for happened in self.happened:
            found.setdefault(happened.event.type, []).append(happened)
        return found

    def next_turning_point(self) -> Instant | None:
        """The first moment after `now` at which the events stand otherwise: one to come, one over."""
        turns = list(self._later)
        for happened in self.happened:
            if isinstance(happened.event, Interview):
                turns += (happened.at, happened.end)
        return min((turn for turn in turns if turn > self.now), default=None)


def _in_order(line: _Line) -> list[_Known]:
    """The events of a line in order of time, and of their ids where they happened at once."""
    placed = sorted(line.placed)
    if len({at for at, _, _ in placed}) < len(placed):
        placed.sort(key=lambda entry: (entry[0], line.ids[entry[1]]))
    return placed


def _change(line: _Line, changes: list[int]) -> None:
    """Let stand of each interview what the last change to it says, of the changes at these places."""
    known, ids = line.known, line.ids
    moved: dict[str, Instant] = {}
    lengths: dict[str, int] = {}
    cancelled: set[str] = set()
    for place in sorted(changes, key=lambda place: (known[place][0], known[place][2].type, ids[place])):
        event = known[place][2]
        if isinstance(event, Rescheduled):
            moved[event.interview] = instant(event.to)
            if event.minutes is not None:
                lengths[event.interview] = event.minutes * MINUTE
            cancelled.discard(event.interview)
        elif isinstance(event, Cancelled):
            cancelled.add(event.interview)
    line.cancelled = {place for place, id_ in enumerate(ids) if id_ in cancelled}
    line.placed = list(known)
    line.lengths = {place: lengths.get(ids[place], length) for place, length in line.lengths.items()}
    for place in line.lengths:
        at, _, event = known[place]
        line.placed[place] = moved.get(ids[place], at), place, event


NOTHING = Timeline((), 0)
"""No events."""


def _natural_id(event: Event, at: Instant) -> str:
    days, rest = divmod(at, DAY)
    minutes, rest = divmod(rest, MINUTE)
    seconds = f"{rest // SECOND:02}" if rest else ""
    return "-".join((event.type, *event_people(event), f"{_day(days)}T{_clock(minutes)}{seconds}Z"))


@lru_cache(maxsize=4096)
def _day(days: int) -> str:
    return f"{date.fromordinal(date(1970, 1, 1).toordinal() + days):%Y%m%d}"


@lru_cache(maxsize=1440)
def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}{minutes % 60:02}"


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, (list, tuple)) else ()


def event_people(event: Event) -> tuple[str, ...]:
    """The ids of the people whom an event names, in the order of its fields."""
    if isinstance(event, Interview):
        return event.with_
    if isinstance(event, Custom):
        return tuple(value for name in event.people for value in _texts(event.fields.get(name)))
    field = _field_of_person(type(event))
    person = field and getattr(event, field)
    return (person,) if person else ()


@cache
def _field_of_person(kind: type[Event]) -> str | None:
    """The field of a type of events that names a person."""
    if issubclass(kind, (Sent, Called, Bounce)):
        return "to"
    return next((field for field in ("from_", "who") if field in kind.__struct_fields__), None)
