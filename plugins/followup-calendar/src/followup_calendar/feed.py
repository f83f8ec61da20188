"""The feed: entries as an iCalendar file (RFC 5545) that knows what the file before it said.

What is the same as before keeps every byte, so that a feed in which nothing happened is the same file. What
changed keeps its UID and gets the next SEQUENCE; what is gone is cancelled, and left out a month later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from followup.plain import plain_line
from followup_calendar.entries import Entry, Gone
from followup_calendar.placing import Slot

if TYPE_CHECKING:
    from icalendar import Calendar, Event

__all__ = ["Feed", "read_feed"]

PRODUCT = "-//followup//followup-calendar//EN"
REFRESH = timedelta(hours=1)
KEPT = timedelta(days=30)
"""How long a cancelled entry stays in the feed, so that every program that reads it sees it once."""
_CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class Feed:
    """What a file says until now: its events by UID. Without a file, nothing."""

    events: Mapping[str, Event] = field(default_factory=dict)

    @property
    def slots(self) -> Mapping[str, Slot]:
        """Where each entry that is not cancelled stands."""
        standing = {uid: _slot(event) for uid, event in self.events.items() if not _is_cancelled(event)}
        return {uid: slot for uid, slot in standing.items() if slot is not None}

    def renewed(
        self,
        entries: Iterable[Entry | Gone],
        now: datetime,
        *,
        name: str = "Follow-ups",
        alarms: Sequence[timedelta] = (timedelta(0),),
    ) -> str:
        """The file anew; `alarms` ring so long before an entry that has an hour.

        `now`, an aware datetime, is the DTSTAMP of what changed; ValueError for one without a time zone.
        """
        if now.tzinfo is None:
            raise ValueError("`now` must be an aware datetime")
        why_gone, events = {}, []
        stamp = now.astimezone(UTC).replace(microsecond=0)
        standing = set()
        for entry in entries:
            if isinstance(entry, Gone):
                why_gone[entry.uid] = entry.why
                continue
            standing.add(entry.uid)
            events.append(self._updated(_event(entry, alarms), stamp))
        for uid, known in self.events.items():
            if uid not in standing:
                why = why_gone.get(uid, "The plan no longer speaks of it.")
                events += self._cancelled(known, why, stamp)
        calendar = _calendar(plain_line(name))
        for event in sorted(events, key=lambda event: (_order(event), str(event["uid"]))):
            calendar.add_component(event)
        return bytes(calendar.to_ical()).decode("utf-8")

    def _updated(self, event: Event, stamp: datetime) -> Event:
        """The event as it was, if it says the same; else with the next number and a new stamp."""
        known = self.events.get(str(event["uid"]))
        if known is None:
            return _stamped(event, 0, stamp)
        same = _stamped(event.copy(recursive=True), _sequence(known), _stamp(known, stamp))
        if same.to_ical() == known.to_ical():
            return known
        return _stamped(event, _sequence(known) + 1, stamp)

    def _cancelled(self, known: Event, why: str, stamp: datetime) -> tuple[Event, ...]:
        slot = _slot(known)
        if slot is None:
            return ()
        if _is_cancelled(known):
            since = _moment(known, "dtstamp")
            return (known,) if isinstance(since, datetime) and stamp - since < KEPT else ()
        uid, summary = str(known["uid"]), str(known.get("summary", ""))
        event = _plain_event(uid, slot, summary, why, _CANCELLED)
        return (_stamped(event, _sequence(known) + 1, stamp),)


def read_feed(data: bytes) -> Feed:
    """The feed that a file holds. Raises ValueError, with what is wrong, if it is none of ours."""
    from icalendar import Calendar, Event

    calendar = Calendar.from_ical(data)
    if str(calendar.get("prodid", "")) != PRODUCT:
        raise ValueError("it was not made by followup")
    events = (part for part in calendar.walk("VEVENT") if isinstance(part, Event) and part.get("uid"))
    return Feed({str(event["uid"]): event for event in events})


def _calendar(name: str) -> Calendar:
    from icalendar import Calendar, vDuration, vText

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    # The library does not escape a property that it does not know, unless it is told that it is a text.
    calendar.add("name", vText(name))
    calendar.add("x-wr-calname", vText(name))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    return calendar


def _event(entry: Entry, alarms: Sequence[timedelta]) -> Event:
    from icalendar import Alarm

    status = "TENTATIVE" if entry.tentative else "CONFIRMED"
    event = _plain_event(entry.uid, entry.slot, entry.summary, entry.description, status)
    if isinstance(entry.slot.start, datetime):
        for before in alarms:
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", entry.summary)
            alarm.add("trigger", -before)
            event.add_component(alarm)
    return event


def _plain_event(uid: str, slot: Slot, summary: str, description: str, status: str) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", uid)
    event.add("dtstart", slot.start)
    event.add("dtend", slot.end)
    event.add("summary", summary)
    event.add("description", description)
    event.add("status", status)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    event.add("categories", ["followup"])
    return event


def _stamped(event: Event, sequence: int, stamp: datetime) -> Event:
    event.add("dtstamp", stamp)
    event.add("sequence", sequence)
    return event


def _is_cancelled(event: Event) -> bool:
    return str(event.get("status", "")) == _CANCELLED


def _sequence(event: Event) -> int:
    value = event.get("sequence", 0)
    return int(value) if isinstance(value, int) and value >= 0 else 0


def _stamp(event: Event, otherwise: datetime) -> datetime:
    moment = _moment(event, "dtstamp")
    return moment if isinstance(moment, datetime) else otherwise


def _slot(event: Event) -> Slot | None:
    start, end = _moment(event, "dtstart"), _moment(event, "dtend")
    if start is None or end is None or isinstance(start, datetime) is not isinstance(end, datetime):
        return None
    return Slot(start, end)


def _moment(event: Event, name: str) -> datetime | date | None:
    """A time in UTC, or a day; None where it is neither, as in a file that somebody changed."""
    from icalendar import vDDDTypes

    found = event.get(name)  # what cannot be read has another type, and raises when it is looked into
    value = found.dt if isinstance(found, vDDDTypes) else None
    if isinstance(value, datetime):
        return value.astimezone(UTC) if value.tzinfo is not None else None
    return value if isinstance(value, date) else None


def _order(event: Event) -> datetime:
    start = _moment(event, "dtstart")
    if isinstance(start, datetime):
        return start
    return datetime.combine(start or date.min, time(), UTC)
