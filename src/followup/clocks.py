"""Clocks: what the clocks of a zone show at an instant, and when they show it, in integers.

A wall time is an integer too: microseconds since 1970-01-01 as the clocks of the zone show it.
"""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from followup.moments import DAY, MICROSECOND, SECOND, Instant, bounded, moment

__all__ = ["Wall", "shown_at", "wall_at"]

Wall = int
"""A time as clocks show it, in microseconds since they showed 1970-01-01T00:00."""

STRETCH = 4 * DAY
"""No zone has ever changed its clocks twice within a week, so in this time there is at most one change."""


def wall_at(t: Instant, zone: ZoneInfo) -> Wall:
    """What the clocks of the zone show at an instant."""
    return t + _ahead(t, zone)


def shown_at(wall: Wall, zone: ZoneInfo) -> Instant:
    """When the clocks of the zone show a time.

    A time that the clocks skip is moved forward by as much as they skip; of a time that they show twice the
    earlier is meant.
    """
    before, after = _ahead(wall - DAY, zone), _ahead(wall + DAY, zone)
    if before != after and _ahead(wall - max(before, after), zone) == after:
        return wall - after
    return wall - before


def _ahead(t: Instant, zone: ZoneInfo) -> int:
    """By how much the clocks of the zone are ahead of UTC, in microseconds."""
    before, change, after = _change(t // STRETCH, zone)
    return before if t < change else after


@lru_cache(maxsize=16_384)
def _change(number: int, zone: ZoneInfo) -> tuple[int, Instant, int]:
    """In a stretch of that number: how far ahead the clocks are first, when they change, and to what."""
    start, end = number * STRETCH, (number + 1) * STRETCH
    before, after = _asked(start, zone), _asked(end, zone)
    while before != after and end - start > SECOND:
        middle = (start + end) // (2 * SECOND) * SECOND
        if _asked(middle, zone) == before:
            start = middle
        else:
            end = middle
    return before, end, after


def _asked(t: Instant, zone: ZoneInfo) -> int:
    ahead = moment(bounded(t), zone).utcoffset()
    assert ahead is not None
    return ahead // timedelta(microseconds=MICROSECOND)
