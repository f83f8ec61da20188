"""The timeline: a state's events as they stand at a moment, each with its id, its place and its occasion.

`docs/semantics.md`, section 1, has the rules: what has not happened yet is left out, an interview is known
before it takes place, a change to an interview moves or cancels it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from functools import cache, lru_cache
from operator import itemgetter

from msgspec import Struct

from followup.events import Bounce, Called, Cancelled, Custom, Event, Interview, Rescheduled, Sent
from followup.moments import DAY, MINUTE, SECOND, Instant, instant

__all__ = ["Happened", "event_people", "timeline"]

DEFAULT_MINUTES = 60
"""The length of an interview of which none is given."""


class Happened(Struct, frozen=True):
    """An event as it stands: its id, when it began and was over, the occasion that it belongs to."""

    event: Event
    id: str
    at: Instant
    end: Instant
    occasion: str
    cancelled: bool = False

    @property
    def type(self) -> str:
        return self.event.type


def timeline(events: Sequence[Event], times: Sequence[Instant], now: Instant) -> tuple[Happened, ...]:
    """The events that have happened at `now`, and the interviews that are known, in order of time.

    `times` are the instants of the events.
    """
    known = [(at, event) for at, event in zip(times, events, strict=True) if _is_known(event, at, now)]
    ids = _ids(known)
    moved, lengths, cancelled = _changes(known, ids)
    placed: list[tuple[Instant, str, Event]] = []
    for (at, event), id_ in zip(known, ids, strict=True):
        placed.append((moved.get(id_, at) if isinstance(event, Interview) else at, id_, event))
    placed.sort(key=itemgetter(0, 1))
    interviews = [
        (at, id_) for at, id_, event in placed if isinstance(event, Interview) and id_ not in cancelled
    ]
    found = []
    all_ids = frozenset(ids)
    for at, id_, event in placed:
        end, occasion = at, id_
        if isinstance(event, Interview):
            end = at + (lengths.get(id_) or event.minutes or DEFAULT_MINUTES) * MINUTE
        elif isinstance(event, (Sent, Called)):
            occasion = _occasion(event, id_, at, all_ids, interviews)
        found.append(Happened(event, id_, at, end, occasion, id_ in cancelled))
    return tuple(found)


def _is_known(event: Event, at: Instant, now: Instant) -> bool:
    if isinstance(event, Interview):
        return event.arranged is None or instant(event.arranged) <= now
    return at <= now


def _changes(
    known: list[tuple[Instant, Event]], ids: list[str]
) -> tuple[dict[str, Instant], dict[str, int], set[str]]:
    """What the last change to each interview says: its new time and length, or that it is cancelled."""
    moved: dict[str, Instant] = {}
    lengths: dict[str, int] = {}
    cancelled: set[str] = set()
    changes = [index for index, (_, event) in enumerate(known) if isinstance(event, (Rescheduled, Cancelled))]
    for index in sorted(changes, key=lambda index: (known[index][0], known[index][1].type, ids[index])):
        event = known[index][1]
        if isinstance(event, Rescheduled):
            moved[event.interview] = instant(event.to)
            if event.minutes is not None:
                lengths[event.interview] = event.minutes
            cancelled.discard(event.interview)
        elif isinstance(event, Cancelled):
            cancelled.add(event.interview)
    return moved, lengths, cancelled


def _occasion(
    event: Sent | Called, id_: str, at: Instant, ids: frozenset[str], interviews: list[tuple[Instant, str]]
) -> str:
    """What a contact belongs to: what its key names, else the last interview that had begun, else itself."""
    if event.key is not None and event.key.count(":") >= 2:
        occasion = event.key.split(":")[1]
        if occasion in ids:
            return occasion
    begun = bisect_right(interviews, at, key=itemgetter(0))
    return interviews[begun - 1][1] if begun else id_


def _ids(events: list[tuple[Instant, Event]]) -> list[str]:
    """The ids of events: given, or made from type, people and time; equal ones numbered by content."""
    ids = [event.id or _natural_id(event, at) for at, event in events]
    if len(set(ids)) == len(ids):
        return ids
    taken: dict[str, list[int]] = {}
    for index, id_ in enumerate(ids):
        taken.setdefault(id_, []).append(index)
    for id_, places in taken.items():
        if len(places) > 1:
            places.sort(key=lambda index: (events[index][1].id is None, repr(events[index][1])))
            for number, index in enumerate(places[1:], start=2):
                ids[index] = f"{id_}-{number}"
    return ids


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
