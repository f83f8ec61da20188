"""Spreads and shares of few things, told honestly: what still waits counts, and little is not summed up."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import msgspec

__all__ = [
    "LEAST_HALF",
    "LEAST_QUARTERS",
    "LEAST_SHARE",
    "Course",
    "Share",
    "Spread",
    "share_of",
    "spread_of",
]

LEAST_HALF = 3
"""Of fewer no median is given."""
LEAST_QUARTERS = 5
"""Of fewer no middle half is given."""
LEAST_SHARE = 10
"""Of fewer no share is given, only counts."""
CONFIDENCE = 1.959964
"""Standard errors to each side that hold the true share 19 times out of 20."""


@dataclass(frozen=True, slots=True)
class Course:
    """How long something took, in days; or has taken so far, or until something came before it."""

    days: float
    fate: Literal["answered", "waiting", "overtaken"]


class Spread(msgspec.Struct, frozen=True, kw_only=True):
    """How long it took, in days: each that was answered, sorted, and how long each waiting one has waited.

    `median`, `low` and `high` (the middle half) are of those answered. `half_within` counts those waiting and
    overtaken too, for as long as they were open (Kaplan and Meier): None where fewer than half were answered.
    """

    answered: tuple[float, ...]
    waiting: tuple[float, ...]
    overtaken: int
    median: float | None = None
    low: float | None = None
    high: float | None = None
    half_within: float | None = None


class Share(msgspec.Struct, frozen=True):
    """A share from 0 to 1, and the bounds that hold the true one 19 times out of 20 (Wilson)."""

    value: float
    low: float
    high: float


def spread_of(courses: Iterable[Course]) -> Spread:
    """The spread of these courses."""
    courses = tuple(courses)
    answered = sorted(round(each.days, 2) for each in courses if each.fate == "answered")
    waiting = sorted((round(each.days, 2) for each in courses if each.fate == "waiting"), reverse=True)
    many = len(answered) >= LEAST_QUARTERS
    return Spread(
        answered=tuple(answered),
        waiting=tuple(waiting),
        overtaken=sum(1 for each in courses if each.fate == "overtaken"),
        median=_quantile(answered, 0.5) if len(answered) >= LEAST_HALF else None,
        low=_quantile(answered, 0.25) if many else None,
        high=_quantile(answered, 0.75) if many else None,
        half_within=_half_within(courses) if many else None,
    )  # fmt: skip


def _quantile(ordered: list[float], part: float) -> float:
    """With the values between two neighbours in proportion."""
    place = (len(ordered) - 1) * part
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return round(ordered[below] + (ordered[above] - ordered[below]) * (place - below), 2)


def _half_within(courses: tuple[Course, ...]) -> float | None:
    """By when half are answered, if those that are still open go on as the others did."""
    left = 1.0
    for days in sorted({each.days for each in courses if each.fate == "answered"}):
        open_ = sum(1 for each in courses if each.days >= days)
        answered = sum(1 for each in courses if each.fate == "answered" and each.days == days)
        left *= 1 - answered / open_
        if left <= 0.5 + 1e-9:
            return round(days, 2)
    return None


def share_of(count: int, whole: int) -> Share | None:
    """The share, with its bounds; None of fewer than `LEAST_SHARE`."""
    if whole < LEAST_SHARE:
        return None
    part, square = count / whole, CONFIDENCE**2
    middle = (part + square / (2 * whole)) / (1 + square / whole)
    reach = CONFIDENCE * math.sqrt(part * (1 - part) / whole + square / (4 * whole**2)) / (1 + square / whole)
    return Share(round(part, 4), round(max(middle - reach, 0.0), 4), round(min(middle + reach, 1.0), 4))
