"""Times as people write them: ISO 8601 texts to aware datetimes and to days."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

from followup.calendars import Calendar
from followup.moments import moment
from followup.records import DayOrTime

__all__ = ["YEARS", "parse_day_or_time", "parse_time"]

YEARS = range(1970, 2101)
"""The years in which a state's days and times may lie."""


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
            raise ValueError(f"`{text[:40]}` is not a time; write it as `2026-11-20T10:00-06:00`") from None
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
            raise ValueError(f"`{text}` is not a day; write it as `2026-12-01`") from None
        if day.year not in YEARS:
            raise ValueError(f"the year {day.year} is out of range; write one from {YEARS[0]} to {YEARS[-1]}")
        return DayOrTime(day), False
    try:
        when, assumed = parse_time(raw, zone)
    except ValueError as error:
        raise ValueError(str(error).replace("is not a time", "is neither a day nor a time")) from None
    return DayOrTime(when), assumed
