"""Times on the command line: read as ISO 8601, shown with weekday in the candidate's time zone."""

from __future__ import annotations

import re
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.calendars import Calendar
    from followup.state import InterviewState

__all__ = [
    "Clock",
    "calendar_of",
    "moment_after",
    "moment_now",
    "read_moment",
    "uptime",
    "wall_clock",
    "with_offset",
]

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
EXAMPLE = "write `2026-11-20T19:00-06:00`, or `2026-11-20 19:00` or `2026-11-20` in the candidate's time zone"


def uptime() -> tuple[str, float]:
    """Which run of the machine this is, and for how many seconds it has run, asleep or awake.

    Where the system does not tell it, that of this process.
    """
    if sys.platform == "linux":
        boot = Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        return boot, time.clock_gettime(time.CLOCK_BOOTTIME)
    return "", time.monotonic()


def wall_clock() -> datetime:
    """What the machine's clock says: the one place that reads it."""
    return datetime.now(UTC)  # noqa: TID251


def calendar_of(state: InterviewState) -> Calendar:
    """The candidate's calendar: their time zone, else the company's, else UTC; the company's holidays."""
    from followup.history import person_calendar

    return person_calendar(state, None)


def moment_now(text: str | None, calendar: Calendar) -> datetime:
    """The moment that `--now` names, whose note is told, else the present. Raises UsageError."""
    if text is None:
        return with_offset(wall_clock().replace(microsecond=0).astimezone(calendar.tzinfo))
    moment, note = read_moment(text, calendar, "--now")
    if note:
        import click

        # Several opportunities are planned at one moment: it is told once.
        context = click.get_current_context(silent=True)
        told = set() if context is None else context.meta.setdefault("followup.told", set())
        if note not in told:
            click.echo(note, err=True)
            told.add(note)
    return moment


def read_moment(text: str, calendar: Calendar, option: str) -> tuple[datetime, str]:
    """The moment that `text` names, and a note where a time zone was taken for granted (else empty).

    A day alone is its first moment. `option` is named when `text` is no time: UsageError.
    """
    cleaned = re.sub(r"(?<=\d)z$", "Z", text.strip())
    try:
        moment = datetime.fromisoformat(cleaned)
    except ValueError:
        raise UsageError(f"{option}: `{text}` is not a time; {EXAMPLE}") from None
    if moment.tzinfo is not None:
        try:
            return with_offset(moment.astimezone(calendar.tzinfo)), ""
        except OverflowError:
            raise UsageError(f"{option}: `{text}` is out of range; use a year from 2 to 9998") from None
    if not 1 < moment.year < 9999:
        raise UsageError(f"{option}: `{text}` is out of range; use a year from 2 to 9998")
    local = with_offset(calendar.local(_instant(calendar, moment, len(cleaned) <= len("2026-11-20"))))
    return local, f"note: {option} {text} is taken as {local.isoformat()}, in the time zone {calendar.zone}"


def moment_after(start: datetime, text: str, calendar: Calendar, option: str) -> datetime:
    """The moment so much after `start`, in the words of the rule language (`5 days`). Raises UsageError."""
    from followup.durations import add, parse_duration
    from followup.moments import instant

    try:
        duration = parse_duration(text.strip().lstrip("+"))
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from None
    return with_offset(calendar.local(add(instant(start), duration, calendar)))


def with_offset(local: datetime) -> datetime:
    """With its offset instead of its zone: Python holds a time that clocks show twice equal to no other."""
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)))


def _instant(calendar: Calendar, wall: datetime, is_day: bool) -> int:
    if is_day:
        return calendar.start_of(wall.date())
    return calendar.at(wall.date(), wall.hour, wall.minute, wall.second, wall.microsecond)


@dataclass(frozen=True, slots=True)
class Clock:
    """How moments are shown: on the clocks of `zone`, and relative to `now`."""

    now: datetime
    zone: str

    def local(self, moment: datetime) -> datetime:
        """The moment on the clocks of the zone."""
        return moment.astimezone(ZoneInfo(self.zone))

    def exact(self, moment: datetime) -> str:
        """`Fri 20 Nov, 19:00`; with the year where it is not this year."""
        local = self.local(moment)
        shown = self.day(local.date())
        seconds = f":{local.second:02}" if local.second else ""
        return f"{shown}, {local.hour:02}:{local.minute:02}{seconds}"

    def minute(self, moment: datetime) -> str:
        """The same without seconds, where nothing hangs on them."""
        return self.exact(moment.replace(second=0, microsecond=0))

    def day(self, day: date) -> str:
        """`Fri 20 Nov`; with the year where it is not this year."""
        year = "" if day.year == self.local(self.now).year else f" {day.year}"
        return f"{WEEKDAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}{year}"

    def relative(self, moment: datetime) -> str:
        """`in 3 days`, `2 hours ago`, `now`."""
        seconds = round((moment - self.now).total_seconds())
        if abs(seconds) < 60:
            return "now"
        amount = self._amount(moment, abs(seconds))
        return f"in {amount}" if seconds > 0 else f"{amount} ago"

    def both(self, moment: datetime) -> str:
        """`Fri 20 Nov, 19:00 (in 3 days)`."""
        return f"{self.exact(moment)} ({self.relative(moment)})"

    def _amount(self, moment: datetime, seconds: int) -> str:
        days = abs((self.local(moment).date() - self.local(self.now).date()).days)
        if seconds < 3600:
            return _counted(seconds // 60, "minute")
        if seconds < 36 * 3600:
            return _counted(round(seconds / 3600), "hour")
        if days < 60:
            return _counted(days, "day")
        if days < 730:
            return _counted(round(days / 30.44), "month")
        return _counted(round(days / 365.25), "year")


def _counted(amount: int, unit: str) -> str:
    return f"{amount} {unit}" if amount == 1 else f"{amount} {unit}s"
