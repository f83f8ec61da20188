"""Days and times in English words, the same on every machine (no locale is asked)."""

from __future__ import annotations

from datetime import date, datetime

__all__ = ["day", "day_and_time", "day_and_year"]

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def day(when: date) -> str:
    """`Friday, 20 November`."""
    return f"{_DAYS[when.weekday()]}, {when.day} {_MONTHS[when.month - 1]}"


def day_and_year(when: date) -> str:
    """`Friday, 20 November 2026`."""
    return f"{day(when)} {when.year}"


def day_and_time(when: datetime) -> str:
    """`Friday, 20 November 2026, 10:00`."""
    return f"{day_and_year(when)}, {when.hour:02}:{when.minute:02}"
