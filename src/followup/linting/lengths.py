"""Lengths of durations, as far as they can be compared without a calendar.

A day has 22 to 26 hours, as clocks change; a business day may be far away. Countries that once moved across
the date line are left out of account.
"""

from __future__ import annotations

import math

from followup.durations import Duration

__all__ = ["certainly_as_long", "longest", "shortest"]

_HOURS = {"second": 1 / 3600, "minute": 1 / 60, "hour": 1.0}
_SHORTEST = {"day": 24, "month": 28 * 24, "business day": 24}
_LONGEST: dict[str, float] = {"day": 24, "month": 31 * 24, "business day": math.inf}
_CLOCK_CHANGE = 2


def certainly_as_long(duration: Duration, other: Duration, slack: float = 0) -> bool:
    """Whether `duration` after any moment never comes before `other` after it, on any calendar.

    `slack` are hours by which the two may count from different moments, if their units differ.
    """
    (amount, unit), (others, other_unit) = _plain(duration), _plain(other)
    if unit == other_unit:
        return amount >= others
    return _least(amount, unit) - slack >= _most(others, other_unit) + slack


def shortest(duration: Duration | None) -> float:
    """The hours that it takes at the least."""
    return 0 if duration is None else _least(*_plain(duration))


def longest(duration: Duration | None) -> float:
    """The hours that it may take."""
    return 0 if duration is None else _most(*_plain(duration))


def _plain(duration: Duration) -> tuple[int, str]:
    """Weeks as days, years as months."""
    if duration.unit == "week":
        return duration.amount * 7, "day"
    if duration.unit == "year":
        return duration.amount * 12, "month"
    return duration.amount, duration.unit


def _least(amount: int, unit: str) -> float:
    return amount * _HOURS[unit] if unit in _HOURS else max(0.0, amount * _SHORTEST[unit] - _CLOCK_CHANGE)


def _most(amount: int, unit: str) -> float:
    return amount * _HOURS[unit] if unit in _HOURS else amount * _LONGEST[unit] + _CLOCK_CHANGE
