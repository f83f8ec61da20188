"""Time on a grid of whole hours: a set of moments is one integer, with a bit for each hour.

Naive on purpose. The last hour stands for everything after it, so a set that holds it has no end.
Everything that is compared lies well inside of the grid; what does not lie on a full hour is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from followup.calendars import Calendar
from followup.durations import add, add_to_day, parse_duration, subtract

BASE = datetime(2026, 7, 1, tzinfo=UTC)
HOURS = 24 * 600
ALL = (1 << HOURS) - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BASE_HOUR = (BASE - _EPOCH) // timedelta(hours=1)
_HOUR = 3_600_000_000


@dataclass(frozen=True)
class Exact:
    """A moment that is known to the hour."""

    hour: int


@dataclass(frozen=True)
class Day:
    """A moment that is a day: a *by* day is reached at its end, a *from* day at its start."""

    date: date
    by: bool = True


Moment = Exact | Day


def hour_of(text: str) -> int:
    """The grid hour of an ISO time with its offset."""
    return _hour((datetime.fromisoformat(text) - _EPOCH) // timedelta(microseconds=1))


def time_of(hour: int | None) -> datetime | None:
    """The time of a grid hour; the end of the grid is no time at all."""
    return None if hour is None or hour >= HOURS else BASE + timedelta(hours=hour)


def moment_of(text: str, *, by: bool = True) -> Moment:
    """A day or an exact time, as it is written."""
    return Day(date.fromisoformat(text), by) if len(text) == 10 else Exact(hour_of(text))


def reached(moment: Moment, calendar: Calendar) -> int:
    if isinstance(moment, Exact):
        return moment.hour
    return _hour(calendar.end_of(moment.date) if moment.by else calendar.start_of(moment.date))


def begun(moment: Moment, calendar: Calendar) -> int:
    return moment.hour if isinstance(moment, Exact) else _hour(calendar.start_of(moment.date))


@lru_cache(maxsize=100_000)
def later(moment: Moment, duration: str | None, calendar: Calendar) -> int:
    """The hour that is so much after the moment."""
    if duration is None:
        return reached(moment, calendar)
    length = parse_duration(duration)
    if isinstance(moment, Exact):
        return _hour(add(_instant(moment.hour), length, calendar))
    if length.unit in ("second", "minute", "hour"):
        return _hour(add(_instant(reached(moment, calendar)), length, calendar))
    return _hour(add_to_day(moment.date, length, calendar))


@lru_cache(maxsize=100_000)
def earlier(hour: int, duration: str, calendar: Calendar) -> int:
    """The hour that is so much before an hour."""
    return _hour(subtract(_instant(hour), parse_duration(duration), calendar))


def local_date(hour: int, calendar: Calendar) -> date:
    return calendar.local(_instant(hour)).date()


def since(hour: int) -> int:
    """The set of all hours from this one on."""
    return (ALL >> max(hour, 0)) << max(hour, 0) if hour < HOURS else 0


def between(start: int, end: int | None) -> int:
    return since(start) if end is None else since(start) & ~since(end)


def first(moments: int, start: int = 0) -> int | None:
    """The first hour of a set that is not before `start`."""
    rest = moments & since(start)
    return (rest & -rest).bit_length() - 1 if rest else None


def has(moments: int, hour: int) -> bool:
    return bool(moments >> hour & 1)


@lru_cache(maxsize=200)
def named(name: str, calendar: Calendar) -> int:
    """The hours of a named set of calendar moments, found by looking at every hour."""
    found = []
    for hour in range(HOURS):
        local = calendar.local(_instant(hour))
        if name == "daytime":
            found.append(8 <= local.hour < 20)
        elif name == "weekends":
            found.append(calendar.is_weekend(local.date()))
        else:
            worked = calendar.is_business_day(local.date())
            found.append(worked and (name == "business days" or 9 <= local.hour < 17))
    return int("".join("01"[inside] for inside in reversed(found)), 2)


def _instant(hour: int) -> int:
    return (hour + _BASE_HOUR) * _HOUR


def _hour(instant: int) -> int:
    hours, rest = divmod(instant, _HOUR)
    if rest:
        raise ValueError("the reference engine knows full hours only")
    return hours - _BASE_HOUR
