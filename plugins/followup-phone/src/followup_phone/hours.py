"""When to call: good hours on the clocks of the one who is called, at hours at which you are awake.

Good are 10:00 to 12:00 and 14:00 to 16:00 on business days there: neither the first hour, nor the last, nor
lunch. Where those never meet your own day (8:00 to 20:00), all of their business hours count; where these do
not either, your early morning and evening do (7:00 to 22:00); else you call at an hour that is odd for you.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from followup.calendars import Calendar, shifted_day
from followup.moments import DAY, Instant, Moments, instant, union_of

__all__ = ["GOOD_HOURS", "Hours", "Span", "hours_to_call"]

GOOD_HOURS = ((10, 12), (14, 16))
AWAKE = (7, 22)
DAYS_AHEAD = 21
"""Long enough to find business days behind any holidays."""
SHOWN = 3

Answer = Literal["good", "possible", "no"]


@dataclass(frozen=True, slots=True)
class Span:
    """From when until when, on the clocks there and on your own."""

    starts: datetime
    ends: datetime
    starts_here: datetime
    ends_here: datetime

    @property
    def same_clocks(self) -> bool:
        """Whether the clocks there and here show the same."""
        return self.starts.replace(tzinfo=None) == self.starts_here.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Hours:
    """Whether now is a good time to call, and which hours come next.

    `now_there` is what the clocks there show. `answer` is `good`, `possible` (business hours, but not the
    best of them) or `no`; `current` is the good span in which now lies. `odd`: all hours are unusual for you.
    """

    now_there: datetime
    now_here: datetime
    answer: Answer
    current: Span | None
    following: tuple[Span, ...]
    odd: bool = False

    @property
    def zones(self) -> tuple[str, str]:
        """The names of the time zones there and here."""
        return str(self.now_there.tzinfo), str(self.now_here.tzinfo)


def hours_to_call(there: Calendar, here: Calendar, now: datetime) -> Hours:
    """When to call somebody with the calendar `there`, for a caller with the calendar `here`."""
    at = instant(now)
    until = at + DAYS_AHEAD * DAY
    best, business = _hours(there, at, *GOOD_HOURS) & there.business_days(), there.business_hours()
    day, awake = here.daytime(), _hours(here, at, AWAKE)
    ways = (best & day, business & day, best & awake, business & awake)
    wanted = next((way for way in ways if not way.within(at, until).is_never), best)
    odd = wanted is best
    spans = [_span(start, end, there, here) for start, end in wanted.spans(at - DAY, until) if end > at]
    current = spans[0] if spans and spans[0].starts <= now else None
    answer: Answer = "good" if current else "possible" if at in (business & day) else "no"
    following = spans[1:] if current else spans
    return Hours(there.local(at), here.local(at), answer, current, tuple(following[:SHOWN]), odd)


def _hours(calendar: Calendar, at: Instant, *hours: tuple[int, int]) -> Moments:
    """These hours of every day, from a day before to the last day that is looked at."""
    today = calendar.day(at)
    days = (shifted_day(today, offset) for offset in range(-2, DAYS_AHEAD + 2))
    return union_of(
        (calendar.at(day, opens), calendar.at(day, closes)) for day in days for opens, closes in hours
    )


def _span(start: Instant, end: Instant, there: Calendar, here: Calendar) -> Span:
    return Span(there.local(start), there.local(end), here.local(start), here.local(end))
