"""Days and times in a column of a table. Which of `03/04/2026` is the month is never guessed.

A cell that can be read in one way only decides for its column: with `13/02/2026` all of it has the day first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Literal

__all__ = ["Moment", "Order", "Ways", "order_of", "read_moment", "ways_of"]

Order = Literal["dmy", "mdy"]
"""Whether days or months come first."""
Ways = Literal["either", "dmy", "mdy", "same", "plain", "none"]
"""How a cell can be read: with days first, months first, both with the same result, without the question."""
EARLIEST, LATEST = 1970, 2100
_MONTHS = (
    "jan january januar jän jänner", "feb february februar", "mar march märz mär mrz", "apr april", "may mai",
    "jun june juni", "jul july juli", "aug august", "sep sept september", "oct october okt oktober",
    "nov november", "dec december dez dezember",
)  # fmt: skip
_MONTH = {word: number for number, words in enumerate(_MONTHS, start=1) for word in words.split()}
_CLOCK = (
    r"(?:[T,]?\s*(?:at |um )?(\d{1,2})(?::(\d\d)(?::(\d\d)(?:\.\d+)?)?)?"
    r"\s*(?:([AaPp])\.?[Mm]\.?)?(?:\s*Uhr)?)?"
)
_ISO = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _CLOCK + r"\s*(Z|[+-]\d\d:?\d\d)?")
_NUMBERS = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{4}|\d\d)" + _CLOCK)
_DAY_FIRST = re.compile(
    r"(?:[^\W\d]+\.?,?\s+)?(\d{1,2})(?:st|nd|rd|th|\.)?[\s-]+([^\W\d]+)\.?,?[\s-]+(\d{4}|\d\d)" + _CLOCK
)
_MONTH_FIRST = re.compile(r"(?:[^\W\d]+,\s+)?([^\W\d]+)\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})" + _CLOCK)


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, and the time on it where the cell has one, on one's own clocks where no offset is written."""

    day: date
    clock: time | None = None
    offset: str = ""

    @property
    def text(self) -> str:
        """The day, or the time with its offset if it has one."""
        if self.clock is None:
            return self.day.isoformat()
        return datetime.combine(self.day, self.clock).isoformat(timespec="minutes") + self.offset


def ways_of(cell: str) -> Ways:
    """In how many ways a cell can be read."""
    cell = _plain(cell)
    found = _NUMBERS.fullmatch(cell)
    if found is None:
        return "plain" if read_moment(cell, "dmy") else "none"
    days = read_moment(cell, "dmy")
    months = read_moment(cell, "mdy")
    if days and months:
        return "same" if days == months else "either"
    return "dmy" if days else "mdy" if months else "none"


def order_of(cells: Sequence[str]) -> Order | None:
    """What the cells of a column say of themselves; None where they say nothing, or contradict each other."""
    said = {ways_of(cell) for cell in cells} & {"dmy", "mdy"}
    if len(said) != 1:
        return None
    return "dmy" if "dmy" in said else "mdy"


def read_moment(cell: str, order: Order | None) -> Moment | None:
    """The day and time of a cell; None where it is none, or the order is wanted and not known."""
    cell = _plain(cell)
    try:
        if found := _ISO.fullmatch(cell):
            year, _, month, day, *clock, offset = found.groups()
            return _moment(year, month, day, clock, _offset(offset))
        if found := _NUMBERS.fullmatch(cell):
            first, _, second, year, *clock = found.groups()
            if order is None and first != second:
                return None
            day, month = (second, first) if order == "mdy" else (first, second)
            return _moment(year, month, day, clock)
        if found := _DAY_FIRST.fullmatch(cell):
            day, word, year, *clock = found.groups()
            return _moment(year, _month(word), day, clock)
        if found := _MONTH_FIRST.fullmatch(cell):
            word, day, year, *clock = found.groups()
            return _moment(year, _month(word), day, clock)
    except ValueError:
        return None
    return None


def _plain(cell: str) -> str:
    # Newer programs write a narrow space before AM and PM. Notion writes a range as two days with an arrow.
    return " ".join(cell.replace("\u202f", " ").split("→")[0].split())


def _month(word: str) -> str:
    if word.casefold() not in _MONTH:
        raise ValueError
    return str(_MONTH[word.casefold()])


def _moment(year: str, month: str, day: str, clock: Sequence[str | None], offset: str = "") -> Moment:
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= EARLIEST % 100 else 2000
    if not EARLIEST <= number <= LATEST:
        raise ValueError
    hour, minute, second, half = clock
    found = None
    if hour is not None:
        # `2 PM`, but not `14`, which may be anything.
        if minute is None and half is None:
            raise ValueError
        hours = int(hour)
        if half is not None:
            if not 1 <= hours <= 12:
                raise ValueError
            hours = hours % 12 + (12 if half in "pP" else 0)
        found = time(hours, int(minute or 0), int(second or 0))
    if offset and found is None:
        raise ValueError
    return Moment(date(number, int(month), int(day)), found, offset)


def _offset(text: str | None) -> str:
    if not text or text == "Z":
        return "+00:00" if text else ""
    return text if ":" in text else f"{text[:3]}:{text[3:]}"
