"""A moment or a day on the time line, as facts hold it: when it starts and when it is reached."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from msgspec import Struct

from followup.durations import Duration, add, add_to_day, subtract
from followup.moments import Instant, instant

if TYPE_CHECKING:
    from followup.calendars import Calendar
    from followup.records import DayOrTime

__all__ = ["Timepoint", "at_instant", "by_day", "from_day"]


class Timepoint(Struct, frozen=True, gc=False):
    """An exact time (start and reached are one instant), or a day.

    A *by* day ("we decide by Tuesday") is reached when it has passed; a *from* day ("not before
    Tuesday") when it begins.
    """

    start: Instant
    reached: Instant
    day: date | None = None

    def plus(self, duration: Duration | None, calendar: Calendar) -> Instant:
        """The instant so much later; a day is counted in whole days where the duration is."""
        if duration is None:
            return self.reached
        if self.day is None or duration.is_exact:
            return add(self.reached, duration, calendar)
        return add_to_day(self.day, duration, calendar)

    def minus(self, duration: Duration, calendar: Calendar) -> Instant:
        """The instant so much before its start."""
        return subtract(self.start, duration, calendar)


def at_instant(when: Instant) -> Timepoint:
    """An exact time."""
    return Timepoint(when, when)


@lru_cache(maxsize=4096)
def by_day(value: DayOrTime, calendar: Calendar) -> Timepoint:
    """A deadline: a day counts as reached once it has passed."""
    if isinstance(value.value, datetime):
        return at_instant(instant(value.value))
    return Timepoint(calendar.start_of(value.value), calendar.end_of(value.value), value.value)


@lru_cache(maxsize=4096)
def from_day(value: DayOrTime, calendar: Calendar) -> Timepoint:
    """A beginning: a day counts as reached once it begins."""
    if isinstance(value.value, datetime):
        return at_instant(instant(value.value))
    start = calendar.start_of(value.value)
    return Timepoint(start, start, value.value)
