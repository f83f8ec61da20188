"""A comparison drawn for people: a lane of time for each story, a table day by day, how each ends."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from followup.cli.drawing import WIDEST, heading, text
from followup.cli.wording import entry_rest, printable_line
from followup.lanes import Lane, lanes_of

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.comparing import Cell, Comparison, Entry

__all__ = ["draw_comparison"]

MARKS = {
    "sent": ("●", "bold green"),
    "called": ("☎", "bold green"),
    "task": ("✓", "green"),
    "event": ("◆", "bold magenta"),
    "held": ("◐", "yellow"),
    "blocked": ("▲", "red"),
    "stopped": ("✗", "dim red"),
    "missed": ("✗", "dim red"),
}
NARROWEST = 15
"""Columns that a story's column in the table needs at least."""
DAY_WIDTH = 11
NUMBERS = "123456789abcdefghijklmnopqrstuvwxyz"


def draw_comparison(comparison: Comparison, clock: Clock, title: str) -> Iterator[RenderableType]:
    """The lanes, the table and the endings."""
    yield heading(title, f"{clock.exact(comparison.start)} to {clock.exact(comparison.end)}")
    yield text(f"each message is sent when it is due; times in {clock.zone}", "dim")
    yield Padding(_Lanes(comparison), (1, 0, 0, 0))
    for chunk in _chunks(len(comparison.stories)):
        yield Padding(_table(comparison, chunk, clock), (1, 0, 0, 0))
    yield Padding(_endings(comparison, clock), (1, 0, 0, 0))
    if any(played.simulation.cut_off for played in comparison.stories):
        yield text("A story was given up half way: it goes through too many moments.", "red")
    yield Padding(
        text("--story tells another one, --format svg draws it; --help shows how.", "dim"), (1, 0, 0, 0)
    )


# The lanes


class _Lanes:
    """Stories as lines of characters over days, as wide as the terminal is."""

    def __init__(self, comparison: Comparison) -> None:
        self.comparison = comparison
        self.lanes = lanes_of(comparison)
        self.numbers = _numbered(self.lanes)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        names = max((len(printable_line(lane.name)) for lane in self.lanes), default=0)
        margin = min(max(names, 7), 18)
        width = max(options.max_width - margin - 3, 20)
        scale = _Scale(self.comparison, width)
        yield Text(" " * (margin + 2)) + scale.labels()
        yield Text(" " * (margin + 2)) + scale.ticks()
        for lane in self.lanes:
            name = printable_line(lane.name)
            for number, line in enumerate(_lines(lane, scale, self.numbers)):
                shown = name if len(name) <= margin else name[: margin - 1] + "…"
                yield Text(f"{shown if number == 0 else '':<{margin}}  ", style="bold") + line
        yield Text("")
        yield from self._legend()

    def _legend(self) -> Iterator[RenderableType]:
        words = [f"{number} {title}" for title, number in self.numbers.items()]
        if words:
            yield text(" · ".join(words))
        for known in self.comparison.known:
            yield text(f"▾ {known.day.day} {_MONTHS[known.day.month - 1]}: {known.words}", "yellow")
        yield text("a number is sent · ◆ happens · ░ held · ✗ stopped or missed · ┄ days off", "dim")


def _numbered(lanes: Sequence[Lane]) -> dict[str, str]:
    """A number for each title that is done in a story: those of the first story first, in order of time."""
    titles: dict[str, None] = {}
    for lane in lanes:
        done = sorted(
            (track.end.at, track.title)
            for track in lane.tracks
            if track.end is not None and track.end.kind in ("sent", "called", "task")
        )
        titles |= dict.fromkeys(title for _, title in done)
    return dict(zip(titles, NUMBERS, strict=False))


class _Scale:
    """Days along a line of so many columns."""

    def __init__(self, comparison: Comparison, width: int) -> None:
        self.first = comparison.start.date()
        self.days = max((comparison.end.date() - self.first).days + 1, 1)
        self.width = width
        self.off = set(comparison.days_off)
        self.known = comparison.known

    def column(self, day: date) -> int:
        return min((day - self.first).days * self.width // self.days, self.width - 1)

    def day_at(self, column: int) -> date:
        return self.first + timedelta(days=(column * self.days + self.days - 1) // self.width)

    def labels(self) -> Text:
        line = [" "] * self.width
        free = 0
        for offset in range(self.days):
            day = self.first + timedelta(days=offset)
            words = f"{day.day} {_MONTHS[day.month - 1]}"
            column = self.column(day)
            if (offset == 0 or day.weekday() == 0) and column >= free and column + len(words) <= self.width:
                line[column : column + len(words)] = words
                free = column + len(words) + 1
        return Text("".join(line), style="dim")

    def ticks(self) -> Text:
        days = [self.first + timedelta(days=offset) for offset in range(self.days)]
        line = ["─"] * self.width
        for day in days:
            if day in self.off:
                start = self.column(day)
                end = max(self.column(day + timedelta(days=1)), start + 1) if day != days[-1] else self.width
                line[start:end] = "┄" * (end - start)
        for day in days:
            if day.weekday() == 0:
                line[self.column(day)] = "┬"
        for known in self.known:
            line[self.column(known.day)] = "▾"
        return Text("".join(line), style="dim")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _lines(lane: Lane, scale: _Scale, numbers: dict[str, str]) -> Iterator[Text]:
    """The lane's lines: held times as shades, marks above them; what finds no room begins another line."""
    marks = [(1, scale.column(event.at.date()), *MARKS["event"]) for event in lane.events]
    shades: set[int] = set()
    for track in lane.tracks:
        for bar in track.bars:
            if bar.kind == "held":
                shades |= set(range(scale.column(bar.start.date()), scale.column(bar.end.date())))
        if track.end is not None:
            mark, style = MARKS[track.end.kind]
            done = track.end.kind in ("sent", "called", "task")
            shown = numbers.get(track.title, mark) if done else mark
            marks.append((0 if done else 2, scale.column(track.end.at.date()), shown, style))
    rows: list[dict[int, tuple[str, str]]] = [{}]
    for _, column, mark, style in sorted(set(marks)):
        row = next((row for row in rows if column not in row), None)
        if row is None:
            row = {}
            rows.append(row)
        row[column] = (mark, style)
    for number, row in enumerate(rows):
        line = Text()
        for column in range(scale.width):
            if column in row:
                line.append(*row[column])
            elif column in shades and number == 0:
                line.append("░", style="yellow")
            else:
                line.append("·" if number == 0 else " ", style="dim")
        yield line


# The table


def _chunks(count: int) -> Iterator[list[int]]:
    """The stories that stand in one table: as many as fit, the first always among them."""
    fit = max((min(_width(), WIDEST) - DAY_WIDTH) // (NARROWEST + 2), 2)
    rest = list(range(1, count))
    if not rest:
        yield [0]
    for start in range(0, len(rest), fit - 1):
        yield [0, *rest[start : start + fit - 1]]


def _width() -> int:
    return Console(file=sys.stdout).width


def _table(comparison: Comparison, chosen: Sequence[int], clock: Clock) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold", expand=True)
    table.add_column("", width=DAY_WIDTH - 1, no_wrap=True, style="dim")
    for index in chosen:
        table.add_column(text(comparison.stories[index].name, "bold"), ratio=1)
    for row in comparison.rows:
        cells = [row.cells[index] for index in chosen]
        if not any(cell.entries for cell in cells):
            continue
        table.add_row(
            clock.day(row.day),
            *(_cell(cell, clock, first=index == 0) for index, cell in zip(chosen, cells, strict=True)),
        )
    return table


def _cell(cell: Cell, clock: Clock, *, first: bool) -> RenderableType:
    if not first and not cell.differs:
        return Text("same" if cell.entries else "", style="dim")
    if not cell.entries:
        return Text("" if first else "nothing", style="dim")
    return Group(*(_entry(entry, clock, strong=not first) for entry in cell.entries))


def _entry(entry: Entry, clock: Clock, *, strong: bool) -> Text:
    mark, style = MARKS[entry.kind]
    quiet = entry.kind in ("held", "blocked", "stopped", "missed")
    return Text.assemble(
        (f"{mark} ", style),
        (printable_line(entry.title), "bold" if strong else ""),
        (entry_rest(entry, clock), "dim" if quiet else ""),
    )


def _endings(comparison: Comparison, clock: Clock) -> RenderableType:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("in all", "messages", "the last", "how it ends"):
        table.add_column(name, justify="right" if name == "messages" else "left")
    for played in comparison.stories:
        ending = played.ending
        last = f"{clock.day(ending.last.at.date())}" if ending.last else "–"
        table.add_row(text(played.name, "bold"), str(ending.messages), last, text(ending.words))
    return table
