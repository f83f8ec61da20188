"""Times in words that a person would type: `next Tuesday 10:00`, `yesterday 3pm`, `in 5 days`, `Dec 4`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.calendars import Calendar

__all__ = ["SpokenTime", "read_spoken"]

EXAMPLE = "write `2026-12-01T10:00`, `next Tuesday 10:00`, `yesterday 3pm` or `in 5 days`"
_EXACT = re.compile(r"\d{4}-\d\d-\d\d")
_CLOCK = re.compile(r"\d\s*:\s*\d\d|\d\s*[ap]\.?m\b|\bnow\b|\b(hours?|minutes?)\b", re.IGNORECASE)
_BARE_HOUR = re.compile(r"\bat (\d{1,2})(?![\d:./-]|\s*[ap]\.?m)", re.IGNORECASE)
_AMBIGUOUS = re.compile(r"\b(\d{1,2})[/.-](\d{1,2})\b")
_BARE_NUMBER = re.compile(r"\d{1,2}(\.\d{1,2})?")
_NOON = re.compile(r"\b(noon|midday)\b", re.IGNORECASE)
_MONTH_ALONE = re.compile(
    r"(?!.*\d{4})(?!.*\b(in|months?|years?)\b).*\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b",
    re.IGNORECASE,
)
_OF_MONTH = re.compile(r"(on )?the \d{1,2}(st|nd|rd|th)", re.IGNORECASE)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_TOO_FAR = timedelta(days=300)
"""A day without a year that would lie further ahead has just gone by."""


@dataclass(frozen=True, slots=True)
class SpokenTime:
    """A time as it was read. `day_only`: no hour was given, and `moment` is the day's first."""

    moment: datetime
    day_only: bool
    exact: bool

    @property
    def full(self) -> str:
        """`Tuesday 2026-12-01 10:00 -06:00`, or the day alone."""
        weekday = _WEEKDAYS[self.moment.weekday()]
        if self.day_only:
            return f"{weekday} {self.moment.date()}"
        written = self.moment.isoformat()
        return f"{weekday} {written[:10]} {written[11:16]} {written[-6:]}"

    @property
    def text(self) -> str:
        """As it stands in a state: a day, or a time with its offset."""
        return self.moment.date().isoformat() if self.day_only else self.moment.isoformat()


def read_spoken(
    words: str, now: datetime, calendar: Calendar, prefer: Literal["past", "future"]
) -> SpokenTime:
    """The time that the words name on the candidate's clocks. Raises UsageError.

    A day of the week is the last or the next one, as `prefer` says, unless the words do. A day without a
    year is never one that lies ten months ahead.
    """
    from followup.cli.german_times import in_english
    from followup.cli.times import read_moment, with_offset

    cleaned = _NOON.sub("12:00", in_english(" ".join(words.split())))
    if _EXACT.match(cleaned):
        moment, _ = read_moment(cleaned, calendar, "time")
        return SpokenTime(moment, day_only=len(cleaned) == len("2026-12-01"), exact=True)
    ambiguous = _AMBIGUOUS.search(cleaned)
    if ambiguous and max(map(int, ambiguous.groups())) <= 12:
        raise UsageError(f"`{words}`: day and month cannot be told apart; write `4 Dec`, or `2026-12-04`")
    if _BARE_NUMBER.fullmatch(cleaned):
        raise UsageError(f"`{words}` may be a day or an hour; write `13 Nov`, or `13:00`")
    local = now.astimezone(calendar.tzinfo)
    if prefer == "future" and _OF_MONTH.fullmatch(cleaned):
        return _promised(words, local.date(), calendar)
    import dateparser

    found = dateparser.parse(
        _BARE_HOUR.sub(r"\1:00", cleaned),
        languages=["en"],
        settings={
            "RELATIVE_BASE": local.replace(tzinfo=None),
            "PREFER_DATES_FROM": prefer,
            "RETURN_AS_TIMEZONE_AWARE": False,
        },
    )
    if found is None and prefer == "future":
        return _promised(words, local.date(), calendar)
    if found is None:
        raise UsageError(f"`{words}` is not a time; {EXAMPLE}")
    if found - local.replace(tzinfo=None) > _TOO_FAR and _MONTH_ALONE.match(cleaned):
        found = found.replace(year=found.year - 1)
    day_only = not _CLOCK.search(_BARE_HOUR.sub(r"\1:00", cleaned))
    hour, minute = (0, 0) if day_only else (found.hour, found.minute)
    instant = calendar.at(found.date(), hour, minute, 0, 0)
    return SpokenTime(with_offset(calendar.local(instant)), day_only, exact=False)


def _promised(words: str, today: date, calendar: Calendar) -> SpokenTime:
    """A day as people promise it: `end of next week`, `within five business days`. Raises UsageError."""
    from followup.cli.times import with_offset
    from followup.evidence.days import days_in

    found = days_in(words, today, calendar)
    if len(found) != 1:
        raise UsageError(f"`{words}` is not a time; {EXAMPLE}")
    first = calendar.local(calendar.start_of(found[0].day))
    return SpokenTime(with_offset(first), day_only=True, exact=False)
