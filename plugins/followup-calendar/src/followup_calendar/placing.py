"""Where a follow-up stands in the calendar: a quarter of an hour at its best moment, or a day for a forecast.

The same plan, made again a little later, puts it in the same place. A moment that floats with `now`, as that
of what is due does, stays where it was put for the day, and moves on to the next day while its window is
open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from followup.plan import FollowUp

__all__ = ["LENGTH", "Slot", "slot_for"]

LENGTH = timedelta(minutes=15)
"""How long writing or calling takes, about."""
_LAST_CALL = timedelta(hours=2)
"""How long before its window closes a follow-up stands at the latest, on its last day."""
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Slot:
    """From when until when; two days, the second not included, where only the day is foreseen."""

    start: datetime | date
    end: datetime | date


def slot_for(followup: FollowUp, now: datetime, zone: tzinfo, before: Slot | None = None) -> Slot | None:
    """The place of a follow-up that may still go out, or None for one that has none as things stand.

    `zone` is the candidate's; `before` is where it stood in the calendar until now. Times are in UTC.
    """
    if followup.status == "held":
        return _forecast(followup.at, zone)
    start = followup.opens if followup.status == "blocked" else followup.at
    if start is None and followup.status != "blocked":
        return None
    if start is None or start <= now or _floats(start, now, zone):
        start = _kept(max(start or now, now), now, followup.closes, zone, before)
    return _quarter_of_an_hour(start, followup.closes)


def _floats(start: datetime, now: datetime, zone: tzinfo) -> bool:
    """Whether it is whole days from now: then it follows something that is due, and moves with the clock."""
    return start.astimezone(zone).time() == now.astimezone(zone).time()


def _forecast(at: datetime | None, zone: tzinfo) -> Slot | None:
    if at is None:
        return None
    day = at.astimezone(zone).date()
    return Slot(day, day + timedelta(days=1))


def _kept(
    start: datetime, now: datetime, closes: datetime | None, zone: tzinfo, before: Slot | None
) -> datetime:
    """Where it stood if the day is the same, else the same time of day, and in any case before it closes."""
    day = _day(start, zone)
    if before is None or not isinstance(before.start, datetime) or _day(before.start, zone) > day:
        kept = _rounded_up(start)
    else:
        kept = datetime.combine(day, before.start.astimezone(zone).time(), zone)
    if closes is not None and kept >= closes:
        return max(now, closes - _LAST_CALL)
    return kept


def _quarter_of_an_hour(start: datetime, closes: datetime | None) -> Slot:
    start = start.astimezone(UTC).replace(microsecond=0)
    end = start + LENGTH
    if closes is not None and start < closes.replace(microsecond=0) < end:
        end = closes.astimezone(UTC).replace(microsecond=0)
    return Slot(start, end)


def _rounded_up(moment: datetime) -> datetime:
    moment = moment.astimezone(UTC)
    hour = moment.replace(minute=0, second=0, microsecond=0)
    return hour - (hour - moment) // _QUARTER * _QUARTER


def _day(moment: datetime, zone: tzinfo) -> date:
    return moment.astimezone(zone).date()
