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


def wall_at(t: Instant, zone: str) -> Wall:
    """What the clocks of the zone, an IANA name, show at an instant."""
    before, change, after = _change(t // DAY, zone)
    return t + (before if t < change else after)


def shown_at(wall: Wall, zone: str) -> Instant:
    """When the clocks of the zone, an IANA name, show a time.

    A time that the clocks skip is moved forward by as much as they skip; of a time that they show twice the
    earlier is meant.
    """
    before, change, after = _change(wall // DAY, zone)
    if before != after and wall - max(before, after) >= change:
        return wall - after
    return wall - before


@lru_cache(maxsize=16_384)
def _change(number: int, zone: str) -> tuple[int, Instant, int]:
    """How far the clocks are ahead of UTC about a day, counted from 1970: first, until when, and then.

    From the day before to the day after there is one change at most: no zone has ever had two in three days.
    """
    start, end = (number - 1) * DAY, (number + 2) * DAY
    before, after = _ahead(start, zone), _ahead(end, zone)
    while before != after and end - start > SECOND:
        middle = (start + end) // (2 * SECOND) * SECOND
        if _ahead(middle, zone) == before:
            start = middle
        else:
            end = middle
    return before, end, after


def _ahead(t: Instant, zone: str) -> int:
    ahead = moment(bounded(t), ZoneInfo(zone)).utcoffset()
    assert ahead is not None
    return ahead // timedelta(microseconds=MICROSECOND)
