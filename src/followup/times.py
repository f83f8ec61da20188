"""Times as people write them: ISO 8601 texts to aware datetimes and to days."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, timezone
from typing import Any

from followup.calendars import Calendar
from followup.moments import moment
from followup.records import DayOrTime

__all__ = ["YEARS", "in_iso", "parse_day_or_time", "parse_time"]

YEARS = range(1970, 2101)
"""The years in which a state's days and times may lie."""


def in_iso(text: str) -> str:
    """The day that a text in another notation means, in ISO 8601; empty if it is none, or may be two."""
    match = re.match(r"([0-9]{1,4})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{1,2})\b", text.strip())
    if match is None:
        return ""
    first, mark, second, third = match.groups()
    orders = [(third, second, first)] if mark == "." else [(third, first, second), (third, second, first)]
    found = set()
    for year, month, day in [(first, second, third)] if len(first) == 4 else orders:
        with suppress(ValueError):
            found.add(date(int(year), int(month), int(day)))
    days = [day for day in found if day.year in YEARS]
    return days[0].isoformat() if len(days) == 1 else ""


def parse_time(raw: Any, zone: str | None) -> tuple[datetime, bool]:
    """An aware datetime from ISO 8601, and whether the zone was used because no offset stood there.

    Raises ValueError with a sentence and a cure.
    """
    if isinstance(raw, datetime):
        when = raw
    else:
        text = str(raw).strip()
        try:
            when = datetime.fromisoformat(text)
        except ValueError:
            example = f"{in_iso(text) or '2026-11-20'}T10:00-06:00"
            raise ValueError(f"`{text[:40]}` is not a time; write it as `{example}`") from None
        if len(text) <= 10:
            raise ValueError(f"`{text}` is a day without a time; write it as `{text}T10:00-06:00`")
    if when.year not in YEARS:
        raise ValueError(f"the year {when.year} is out of range; write one from {YEARS[0]} to {YEARS[-1]}")
    if when.tzinfo is not None:
        return when, False
    if zone is None:
        raise ValueError("the time has no offset; add one, as in `-06:00`, or name `candidate.timezone`")
    calendar = Calendar(zone)
    at = calendar.at(when.date(), when.hour, when.minute, when.second, when.microsecond)
    local = moment(at, calendar.tzinfo)
    return local.replace(tzinfo=_fixed(local)), True


def _fixed(local: datetime) -> timezone:
    offset = local.utcoffset()
    assert offset is not None
    return timezone(offset)


def parse_day_or_time(raw: Any, zone: str | None) -> tuple[DayOrTime, bool]:
    """A day or a time from ISO 8601. Raises ValueError with a sentence and a cure."""
    if isinstance(raw, DayOrTime):
        return raw, False
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return DayOrTime(raw), False
    text = raw.strip() if isinstance(raw, str) else raw
    if isinstance(text, str) and len(text) == 10:
        try:
            day = date.fromisoformat(text)
        except ValueError:
            example = in_iso(text) or "2026-12-01"
            raise ValueError(f"`{text}` is not a day; write it as `{example}`") from None
        if day.year not in YEARS:
            raise ValueError(f"the year {day.year} is out of range; write one from {YEARS[0]} to {YEARS[-1]}")
        return DayOrTime(day), False
    try:
        when, assumed = parse_time(raw, zone)
    except ValueError as error:
        raise ValueError(str(error).replace("is not a time", "is neither a day nor a time")) from None
    return DayOrTime(when), assumed
