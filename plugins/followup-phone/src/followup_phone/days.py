"""Days and times as people say them on the phone: `Tuesday`, `1 December, 15:00`, `in 2 weeks`.

Nothing is guessed. What may be one of two days (`next Tuesday`, `5/12`) is not understood, and a day that has
passed is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from followup.calendars import Calendar
from followup.durations import add, parse_duration
from followup.languages import Language
from followup.moments import instant
from followup.records import DayOrTime
from followup.times import parse_day_or_time

__all__ = ["read_when"]

_EXAMPLES = "write `2026-12-01`, `Tuesday`, `1 December 15:00`, `tomorrow at 3 pm` or `in 2 weeks`"
_CLOCK = re.compile(
    r"[\s,]+(?:at|um|@)?\s*(?P<hour>[0-2]?[0-9])"
    r"(?:(?::|\.)(?P<minute>[0-5][0-9])\s*(?P<half>am|pm|uhr|h)?|\s*(?P<half_only>am|pm|uhr|h))$"
)
_NEAR = {"today": 0, "heute": 0, "tomorrow": 1, "morgen": 1, "übermorgen": 2}
_ARTICLES = re.compile(r"^(?:on|by|until|am|bis|the|den|zum)\s+")
_NUMERIC = re.compile(r"(\d{1,2})\.\s?(\d{1,2})\.(?:\s?(\d{4}))?")
_DAY_OF_MONTH = re.compile(r"(\d{1,2})(?:\.|st|nd|rd|th)?,?")
_SHORTEST = 3
"""Letters of a weekday or month that tell which it is; two for German days, which are written so."""


def read_when(text: str, now: datetime, calendar: Calendar, languages: Iterable[Language]) -> DayOrTime:
    """The day or time that `text` names, on the clocks of `calendar`.

    Raises ValueError with a sentence and examples for what is not understood or lies in the past.
    """
    found = _iso(text, calendar) or _said(text.strip().lower(), now, calendar, tuple(languages))
    if found is None:
        raise ValueError(f"`{text}` is not understood; {_EXAMPLES}")
    past = (
        found.value < now if isinstance(found.value, datetime) else found.value < calendar.day(instant(now))
    )
    if past:
        raise ValueError(f"{found} has passed; {_EXAMPLES}")
    return found


def _iso(text: str, calendar: Calendar) -> DayOrTime | None:
    if not re.match(r"\d{4}-", text.strip()):
        return None
    found, _ = parse_day_or_time(text.strip(), calendar.zone)
    return found


def _said(text: str, now: datetime, calendar: Calendar, languages: tuple[Language, ...]) -> DayOrTime | None:
    clock = _CLOCK.search(" " + text)
    words = (" " + text)[: clock.start()].strip() if clock else text
    words = _ARTICLES.sub("", _ARTICLES.sub("", words))
    today = calendar.day(instant(now))
    day = _day(words, today, languages) if words else today if clock else None
    if day is None and clock is None:
        return _after(words, now, calendar)
    if day is None or clock is None:
        return None if day is None else DayOrTime(day)
    hour, minute = int(clock["hour"]), int(clock["minute"] or 0)
    half = clock["half"] or clock["half_only"]
    if half in ("am", "pm"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour > 23:
        return None
    local = calendar.local(calendar.at(day, hour, minute))
    return parse_day_or_time(local.isoformat(), calendar.zone)[0]


def _after(words: str, now: datetime, calendar: Calendar) -> DayOrTime | None:
    """So long after now, in the words of the rule language: a time for hours and minutes, else a day."""
    try:
        duration = parse_duration(words.removeprefix("in ").strip())
    except ValueError:
        return None
    local = calendar.local(add(instant(now), duration, calendar))
    exact = duration.unit in ("minute", "hour")
    return parse_day_or_time(local.isoformat(), calendar.zone)[0] if exact else DayOrTime(local.date())


def _day(words: str, today: date, languages: tuple[Language, ...]) -> date | None:
    if words in _NEAR:
        return today + timedelta(days=_NEAR[words])
    numeric = _NUMERIC.fullmatch(words)
    if numeric:
        year = int(numeric[3]) if numeric[3] else None
        return _next(int(numeric[1]), int(numeric[2]), year, today)
    found = {day for language in languages for day in _named(words.split(), today, language)}
    return found.pop() if len(found) == 1 else None


def _named(words: list[str], today: date, language: Language) -> Iterator[date]:
    """The day of `Tuesday`, `Tuesday, 1 December` or `December 1, 2026`, by the names of one language."""
    weekday = _name(words[0].rstrip(".,"), language.weekdays) if words else None
    if weekday is not None and len(words) == 1:
        yield today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)
        return
    rest = [word for word in words[0 if weekday is None else 1 :] if word != "of"]
    year = int(rest.pop()) if rest and re.fullmatch(r"2\d{3}", rest[-1]) else None
    if len(rest) != 2:
        return
    for number, name in (rest, rest[::-1]):
        month, match = _name(name.rstrip(".,"), language.months), _DAY_OF_MONTH.fullmatch(number)
        day = _next(int(match[1]), month + 1, year, today) if match and month is not None else None
        if day is not None and weekday in (None, day.weekday()):
            yield day


def _name(word: str, names: tuple[str, ...]) -> int | None:
    """The number of the one name that begins so."""
    shortest = 2 if len(names) == 7 and len(word) == 2 else _SHORTEST
    found = [number for number, name in enumerate(names) if name.lower().startswith(word)]
    return found[0] if len(found) == 1 and len(word) >= shortest else None


def _next(day: int, month: int, year: int | None, today: date) -> date | None:
    """That day of this year, or of the next one where it has passed."""
    for each in (year,) if year is not None else (today.year, today.year + 1):
        try:
            found = date(each, month, day)
        except ValueError:
            continue
        if year is not None or found >= today:
            return found
    return None
