"""Days along the width of a picture: where a moment stands, and rows in which labels do not overlap."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from followup.comparing import Known
from followup.pictures.lettering import width
from followup.pictures.pens import Pen
from followup.plain import plain_line

__all__ = [
    "GAP", "LARGE", "MARGIN", "MEDIUM", "MONTHS", "SMALL", "WIDTH", "Rows", "Scale", "clipped", "days_off",
    "name_days", "name_known", "stretches",
]  # fmt: skip

WIDTH = 1180
MARGIN = 28
SMALL, MEDIUM, LARGE = 12.5, 14.0, 21.0
GAP = 18
LONGEST_LABEL = 64
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAY_ROOM = 84
"""Room for the name of a day; where a week has less, not every Monday is named."""
MOST_WEEKS = 26
MOST_MONTHS = 36
"""So many are named along the axis; of more, months or years are."""


class Scale:
    """The moments from `start` to `end` along the width of the picture, or from `left` to `right` of it."""

    def __init__(
        self,
        start: datetime,
        end: datetime,
        left: float = MARGIN + 12.0,
        right: float = WIDTH - MARGIN - 12.0,
    ) -> None:
        self.start, self.end = start, end
        self.seconds = max((self.end - self.start).total_seconds(), 1.0)
        self.left, self.right = left, right

    def x(self, at: datetime) -> float:
        part = (at - self.start).total_seconds() / self.seconds
        return self.left + min(max(part, 0.0), 1.0) * (self.right - self.left)

    def day_starts(self, day: date) -> float:
        return self.x(datetime(day.year, day.month, day.day, tzinfo=self.start.tzinfo))

    def days(self) -> Iterator[date]:
        day = self.start.date()
        while day <= self.end.date():
            yield day
            day += timedelta(days=1)


class Rows:
    """Rows that are filled from the left; a label stands right of its mark, or left for want of room."""

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.taken: list[list[tuple[float, float]]] = []
        self.closed = 0

    @property
    def count(self) -> int:
        return len(self.taken)

    def close(self) -> None:
        """Put nothing more into the rows so far."""
        self.closed = len(self.taken)

    def place(self, left: float, right: float, words: str) -> tuple[int, float, str]:
        """The row for something from `left` to `right` with a label; where the label stands, its anchor."""
        room = width(clipped(words), SMALL)
        if right + 6 + room <= self.scale.right + 12:
            x, span, anchor = right + 6, (left, right + 6 + room), "start"
        elif left - 6 - room >= self.scale.left - 12:
            x, span, anchor = left - 6, (left - 6 - room, right), "end"
        else:
            # A bar along the whole play leaves room on neither side: the label gets a row of its own.
            self.taken.append([(left, right)])
            x, span, anchor = left, (left, left + room), "start"
        for row in range(self.closed, len(self.taken)):
            if all(span[1] + GAP <= a or b + GAP <= span[0] for a, b in self.taken[row]):
                self.taken[row].append(span)
                return row, x, anchor
        self.taken.append([span])
        return len(self.taken) - 1, x, anchor


def name_days(pen: Pen, scale: Scale, top: float) -> None:
    """Name the days above `top`: the first and each Monday; where they are too many, months or years."""
    free = 0.0
    for day, words in _named(scale):
        x = max(scale.day_starts(day), scale.left)
        if x >= free and x + width(words, SMALL) <= scale.right + 20:
            pen.text(words, x, top - 14, SMALL, "soft")
            free = x + width(words, SMALL) + 8
        pen.line(x, top - 8, x, top - 2, "line")


def _named(scale: Scale) -> Iterator[tuple[date, str]]:
    first, last = scale.start.date(), scale.end.date()
    months = (last.year - first.year) * 12 + last.month - first.month
    if (last - first).days <= MOST_WEEKS * 7:
        a_week = (scale.right - scale.left) * 7 * 86_400 / scale.seconds
        step = math.ceil(DAY_ROOM / a_week)
        for number, day in enumerate(scale.days()):
            if number == 0 or (day.weekday() == 0 and day.toordinal() // 7 % step == 0):
                yield day, f"{'Mon ' if day.weekday() == 0 else ''}{day.day} {MONTHS[day.month - 1]}"
    elif months <= MOST_MONTHS:
        for number in range(months + 1):
            month = first.month - 1 + number
            day = max(date(first.year + month // 12, month % 12 + 1, 1), first)
            year = f" {day.year}" if day.month == 1 or number == 0 else ""
            yield day, f"{MONTHS[day.month - 1]}{year}"
    else:
        for number in range(first.year, last.year + 1):
            yield max(date(number, 1, 1), first), str(number)


def name_known(pen: Pen, scale: Scale, known: Iterable[Known], top: float) -> None:
    """Name the days that are known beforehand, above the names of the days."""
    free = 0.0
    for each in known:
        words = f"{each.day.day} {MONTHS[each.day.month - 1]}: {plain_line(each.words)}"
        x = scale.day_starts(each.day + timedelta(days=1))
        anchor = "end" if x + width(words, SMALL) > scale.right + 12 else "start"
        begins = x - width(words, SMALL) if anchor == "end" else x
        if begins >= free:
            pen.text(words, x, top - 38, SMALL, "known", anchor)
            free = begins + width(words, SMALL) + GAP
        # The names of the days stand between the two pieces.
        pen.line(x, top - 34, x, top - 27, "now")
        pen.line(x, top - 10, x, top, "now")


def days_off(pen: Pen, scale: Scale, days: tuple[date, ...], y: float, height: float) -> None:
    """Shade the days off from `y` on."""
    for first, after in stretches(days):
        left, right = scale.day_starts(first), scale.day_starts(after)
        if right > left:
            pen.box(left, y, right - left, height, "off")


def clipped(words: str) -> str:
    """The words on one line, cut where they are too long for a label."""
    words = plain_line(words)
    return words if len(words) <= LONGEST_LABEL + 8 else words[: LONGEST_LABEL - 1] + "…"


def stretches(days: tuple[date, ...]) -> Iterator[tuple[date, date]]:
    """The days as stretches: the first day of each, and the day after its last."""
    begun: date | None = None
    for number, day in enumerate(days):
        begun = begun or day
        after = day + timedelta(days=1)
        if number + 1 == len(days) or days[number + 1] != after:
            yield begun, after
            begun = None
