"""Durations of the rule language: an amount and a unit, and what each means on a calendar.

Three kinds, never mixed up: exact (`90 minutes`, `24 hours`) is elapsed time; calendar (`1 day`,
`3 months`) keeps the wall time of the zone; business (`2 business days`) counts the days that are
worked. What each means in the odd cases is the table of `docs/time.md`, which the tests read.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date
from difflib import get_close_matches
from fractions import Fraction
from functools import lru_cache
from typing import Literal, cast

from followup.calendars import Calendar, shifted_day
from followup.errors import did_you_mean
from followup.moments import HOUR, MINUTE, SECOND, Instant, bounded

__all__ = ["UNITS", "Duration", "Unit", "add", "add_to_day", "parse_duration", "subtract"]

Unit = Literal["second", "minute", "hour", "day", "week", "month", "year", "business day"]

_EXACT: dict[str, int] = {"second": SECOND, "minute": MINUTE, "hour": HOUR}
_MOST: dict[str, int] = {
    "second": 10 * 366 * 86_400,
    "minute": 10 * 366 * 1_440,
    "hour": 10 * 366 * 24,
    "day": 10 * 366,
    "week": 522,
    "month": 120,
    "year": 10,
    "business day": 10 * 262,
}
UNITS: tuple[str, ...] = tuple(_MOST)
"""All units, in the singular."""

_OTHER_NAMES = {
    "s": "second", "sec": "second", "m": "minute", "min": "minute", "h": "hour", "hr": "hour", "d": "day",
    "w": "week", "wk": "week", "mo": "month", "y": "year", "yr": "year", "bd": "business day",
    "working day": "business day", "work day": "business day", "workday": "business day",
    "weekday": "business day", "bank day": "business day",
    "stunde": "hour", "stunden": "hour", "minuten": "minute", "tag": "day", "tage": "day", "woche": "week",
    "wochen": "week", "monat": "month", "monate": "month", "jahr": "year", "jahre": "year",
}  # fmt: skip
_SMALLER = {
    "year": ("month", 12), "week": ("day", 7), "day": ("hour", 24), "hour": ("minute", 60),
    "minute": ("second", 60),
}  # fmt: skip
_NUMBER_WORDS = {
    "a": 1, "an": 1, "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
    "ein": 1, "eine": 1, "zwei": 2, "drei": 3, "vier": 4,
}  # fmt: skip
_EXAMPLES = "write an amount and a unit, such as `24 hours`, `1 week` or `2 business days`"
_LONGEST_TEXT = 60


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: `amount` times `unit`, from nothing to ten years.

    Raises ValueError for another unit, a negative amount, or more than ten years.
    """

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in _MOST:
            raise ValueError(f"`{self.unit}` is no unit of time; {did_you_mean(self.unit, UNITS)}")
        if self.amount < 0:
            raise ValueError("a duration cannot be negative; leave out the minus sign")
        if self.amount > _MOST[self.unit]:
            most = _shown(_MOST[self.unit], self.unit)
            raise ValueError(f"{self} is more than ten years; write at most `{most}`")

    @property
    def is_exact(self) -> bool:
        """Whether it is elapsed time, the same length on every calendar."""
        return self.unit in _EXACT

    def __str__(self) -> str:
        return _shown(self.amount, self.unit)


@lru_cache(maxsize=1_000)
def parse_duration(text: str) -> Duration:
    """The duration that `text` says: a whole number and a unit, singular or plural, in any case.

    Raises ValueError with what is wrong and how to mend it.
    """
    words = " ".join(text.lower().split())
    match = re.fullmatch(r"([0-9]{1,12}) ([a-z ]+)", words)
    if match:
        unit = _singular(match[2])
        if unit in _MOST:
            return Duration(int(match[1]), cast(Unit, unit))
    shown = text if len(text) <= _LONGEST_TEXT else text[:_LONGEST_TEXT] + "…"
    raise ValueError(f"{shown!r} is not a duration; {_cure(words)}")


def add(t: Instant, duration: Duration, calendar: Calendar) -> Instant:
    """The instant that is `duration` after `t`.

    Exact units elapse; calendar units keep the wall time; business days lead to the same wall time on
    the n-th business day after the day of `t`. Results outside of years 1 to 9999 stop at the border.
    """
    size = _EXACT.get(duration.unit)
    if size is not None:
        return bounded(t + duration.amount * size)
    return _moved(t, duration, calendar, 1)


def subtract(t: Instant, duration: Duration, calendar: Calendar) -> Instant:
    """The instant that is `duration` before `t`: the mirror image of `add`."""
    size = _EXACT.get(duration.unit)
    if size is not None:
        return bounded(t - duration.amount * size)
    return _moved(t, duration, calendar, -1)


def add_to_day(day: date, duration: Duration, calendar: Calendar) -> Instant:
    """The instant that is `duration` after the whole of `day`.

    Calendar and business units lead to the start of the day that is so much later; exact units are
    counted from the end of `day`.
    """
    size = _EXACT.get(duration.unit)
    if size is not None:
        return bounded(calendar.end_of(day) + duration.amount * size)
    if duration.unit == "business day":
        if duration.amount == 0 and calendar.is_business_day(day):
            return calendar.start_of(day)
        return calendar.start_of(calendar.business_day_after(day, duration.amount or 1))
    return calendar.start_of(_day_after(day, duration.amount, duration.unit))


def _moved(t: Instant, duration: Duration, calendar: Calendar, sign: Literal[1, -1]) -> Instant:
    """`t` moved forward (`sign` 1) or back (-1) by calendar or business units."""
    amount, unit = duration.amount, duration.unit
    if amount == 0:
        return t if unit != "business day" else _on_business_day(t, calendar, sign)
    if unit in ("day", "week"):
        return calendar.days_after(t, sign * amount * (7 if unit == "week" else 1))
    day, clock = calendar.day_and_clock(t)
    if unit != "business day":
        day = _day_after(day, sign * amount, unit)
    elif sign == 1:
        day = calendar.business_day_after(day, amount)
    else:
        day = calendar.business_day_before(day, amount)
    return calendar.at_clock(day, clock)


def _on_business_day(t: Instant, calendar: Calendar, sign: Literal[1, -1]) -> Instant:
    """`t` if its day is worked; else the start of the next such day, or (back) the end of the last."""
    day = calendar.day(t)
    if calendar.is_business_day(day):
        return t
    if sign == 1:
        return calendar.start_of(calendar.business_day_after(day, 1))
    return calendar.end_of(calendar.business_day_before(day, 1))


def _day_after(day: date, amount: int, unit: str) -> date:
    """The day that is so many days, weeks, months or years after `day`; the last of a shorter month."""
    if unit == "day":
        return shifted_day(day, amount)
    if unit == "week":
        return shifted_day(day, 7 * amount)
    months = 12 * day.year + day.month - 1 + (amount if unit == "month" else 12 * amount)
    year, month = months // 12, months % 12 + 1
    if not MINYEAR <= year <= MAXYEAR:
        return date.min if amount < 0 else date.max
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _shown(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"


def _singular(unit: str) -> str:
    return unit[:-1] if len(unit) > 1 and unit.endswith("s") else unit


def _cure(words: str) -> str:
    """How to mend `words`, which are no duration: the nearest one that is, if there is one."""
    words = words.strip("\"'“”„‘’`")
    words = re.sub(r"(?<=[0-9]),(?=[0-9])", ".", words).removeprefix("+").strip()
    match = re.fullmatch(r"(-?)([0-9]{0,9}(?:\.[0-9]{1,9})?) ?([a-z]*(?: [a-z]+)*)", words)
    if not match or not words:
        return _EXAMPLES
    minus, number, name = match.groups()
    first_word, _, rest = name.partition(" ")
    if minus:
        return "a duration cannot be negative; leave out the minus sign"
    if not number and first_word in _NUMBER_WORDS:
        number, name = str(_NUMBER_WORDS[first_word]), rest
    unit = _near_unit(_singular(name or "day"))
    if unit is None:
        return f"known units: {', '.join(UNITS)}"
    meant = _whole(Fraction(number or 1), unit)
    return f"did you mean `{meant}`?" if meant else "write a whole number of a smaller unit"


def _near_unit(name: str) -> str | None:
    """The unit that `name`, in the singular, is a misspelling or another word for."""
    if name in _MOST:
        return name
    if name in _OTHER_NAMES:
        return _OTHER_NAMES[name]
    words = [*UNITS, *(other for other in _OTHER_NAMES if len(other) > 3)]
    near = get_close_matches(name, words, n=1, cutoff=0.6)
    return _OTHER_NAMES.get(near[0], near[0]) if near else None


def _whole(amount: Fraction, unit: str) -> Duration | None:
    """`amount` units as a duration of whole units, in smaller ones where needed; None if there is none."""
    while amount.denominator > 1:
        if unit not in _SMALLER:
            return None
        unit, times = _SMALLER[unit]
        amount *= times
    return Duration(int(amount), cast(Unit, unit)) if amount <= _MOST[unit] else None
