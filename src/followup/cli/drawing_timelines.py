"""Chronicles drawn for people: one downwards in time, or all of them as lines of time. Uses rich."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.table import Table
from rich.text import Text

from followup.cli.drawing import heading, text
from followup.cli.timeline_words import coming_words, past_notes, past_words
from followup.cli.times import MONTHS
from followup.cli.wording import printable

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.retrospect.chronicles import Chronicle, Coming

__all__ = ["draw_overview", "draw_timeline"]

SIDES = {
    "met": ("◆", "bold magenta"),
    "they": ("▼", "yellow"),
    "you": ("●", "bold green"),
    "note": ("·", "dim"),
}
TASK = ("□", "cyan")
COMING = {
    "known": ("▾", "yellow"),
    "interview": ("◇", "bold magenta"),
    "due": ("○", "bold green"),
    "sent": ("○", "cyan"),
    "called": ("○", "cyan"),
    "task": TASK,
    "held": ("◐", "yellow"),
    "blocked": ("▲", "red"),
}
SIGNS = "◆ interview  ▼ they  ● you  ○ to send  □ to do  ◇ ahead  ▾ known day  ▲ blocked"
LONG_GAP = 7
"""Days; a stretch of so many without anything is told."""


def draw_timeline(chronicle: Chronicle, clock: Clock) -> Iterator[RenderableType]:
    """One opportunity, downwards: what happened, now, what is to come."""
    yield heading(chronicle.title, clock.exact(chronicle.now))
    stands = f"{chronicle.stands[:1].upper()}{chronicle.stands[1:]}"
    yield text(f"{stands} · times in {clock.zone}", "dim")
    yield Padding(Text("What happened", style="bold"), (1, 0, 0, 0))
    if not chronicle.happened:
        yield text("Nothing yet.", "dim")
    days = _Days(clock)
    for past in chronicle.happened:
        yield from days.until(past.at.date())
        notes = [text(line, "dim") for line in past_notes(past, chronicle.now)]
        yield days.row(past.at.date(), past.at, *SIDES[past.side], Group(text(past_words(past)), *notes))
    yield Padding(Line(f" now, {clock.exact(chronicle.now)} ", style="dim", characters="─"), (1, 0, 0, 0))
    yield Padding(Text("What is to come", style="bold"), (1, 0, 0, 0))
    if chronicle.assumed:
        yield text("if nobody answers, and you send each message when it is due", "dim")
    if not chronicle.to_come:
        yield text("Nothing, unless something happens.", "dim")
    days = _Days(clock, chronicle.now.date())
    for each in chronicle.to_come:
        if each.day is not None:
            yield from days.until(each.day)
        why = [text(each.why, "dim")] if each.why else []
        content = Group(text(coming_words(each)), *why)
        yield days.row(each.day, each.at, *_mark(each), content)
    yield Padding(text(SIGNS, "dim"), (1, 0, 0, 0))


def _mark(each: Coming) -> tuple[str, str]:
    return TASK if each.kind == "due" and each.channel is None else COMING[each.kind]


class _Days:
    """Rows by day: each day is named once, and long stretches without anything are told."""

    def __init__(self, clock: Clock, last: date | None = None) -> None:
        self.clock = clock
        self.last = last
        self.named: date | None = None

    def until(self, day: date) -> Iterator[RenderableType]:
        """What stands between the last day and this one."""
        gap = (day - self.last).days if self.last is not None else 0
        if gap >= LONG_GAP:
            yield text(f"{'':17}┊ {gap} days", "dim")
        self.last = day

    def row(
        self, day: date | None, at: datetime | None, mark: str, style: str, content: RenderableType
    ) -> RenderableType:
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_column(width=10)
        table.add_column(width=5, no_wrap=True)
        table.add_column(width=1, no_wrap=True)
        table.add_column(ratio=1, overflow="fold")
        named = "" if day is None or day == self.named else self.clock.day(day)
        self.named = day
        local = self.clock.local(at) if at is not None else None
        shown = f"{local.hour:02}:{local.minute:02}" if local is not None else ""
        table.add_row(Text(named), Text(shown, style="dim"), Text(mark, style=style), content)
        return table


# All of them


def draw_overview(chronicles: Sequence[Chronicle], clock: Clock) -> Iterator[RenderableType]:
    """All opportunities: a line of time for each, and beneath it where it stands and what is next."""
    count = f"{len(chronicles)} opportunities" if len(chronicles) > 1 else "1 opportunity"
    yield heading(count, clock.exact(chronicles[0].now))
    yield _Overview(chronicles, clock)
    yield Padding(text(SIGNS.replace("▲ blocked", "◐ held"), "dim"), (1, 0, 0, 0))
    yield text("followup timeline OPPORTUNITY shows one; --format svg draws them.", "dim")


class _Overview:
    """Lines of characters over days, as wide as the terminal is."""

    def __init__(self, chronicles: Sequence[Chronicle], clock: Clock) -> None:
        self.chronicles, self.clock = chronicles, clock
        self.first = min(each.start for each in chronicles).date()
        self.last = max(each.end for each in chronicles).date()
        self.now = chronicles[0].now.date()

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        names = max(len(printable(each.opportunity)) for each in self.chronicles)
        margin = min(max(names, 8), 20)
        self.width = max(options.max_width - margin - 2, 20)
        yield Text(" " * (margin + 2)) + self._labels()
        yield Text(" " * (margin + 2)) + self._ticks()
        for each in self.chronicles:
            name = printable(each.opportunity)
            shown = name if len(name) <= margin else f"{name[: margin - 1]}…"
            yield Text(f"{shown:<{margin}}  ", style="bold") + self._line(each)
            next_ = next((coming for coming in each.to_come if coming.day is not None), None)
            told = "nothing is planned"
            if next_ is not None and next_.day is not None:
                told = ("" if next_.kind == "due" else f"{self.clock.day(next_.day)}: ") + coming_words(next_)
            yield Padding(text(f"{each.stands}; {told}", "dim"), (0, 0, 0, margin + 2))

    def _column(self, day: date) -> int:
        days = max((self.last - self.first).days + 1, 1)
        return min(max((day - self.first).days, 0) * self.width // days, self.width - 1)

    def _mondays(self) -> Iterator[date]:
        day = self.first + timedelta(days=-self.first.weekday() % 7)
        while day <= self.last:
            yield day
            day += timedelta(days=7)

    def _labels(self) -> Text:
        line, free = [" "] * self.width, 0
        for day in self._mondays():
            words, column = f"{day.day} {MONTHS[day.month - 1]}", self._column(day)
            if column >= free and column + len(words) <= self.width:
                line[column : column + len(words)] = words
                free = column + len(words) + 1
        return Text("".join(line), style="dim")

    def _ticks(self) -> Text:
        line = ["─"] * self.width
        for day in self._mondays():
            line[self._column(day)] = "┬"
        line[self._column(self.now)] = "┼"
        return Text("".join(line), style="dim")

    def _line(self, each: Chronicle) -> Text:
        marks: dict[int, tuple[str, str]] = {self._column(self.now): ("│", "dim")}
        for coming in reversed(each.to_come):
            if coming.day is not None and coming.day <= self.last:
                marks[self._column(coming.day)] = _mark(coming)
        for side in ("note", "you", "they", "met"):
            for past in each.happened:
                if past.side == side and side != "note":
                    marks[self._column(past.at.date())] = SIDES[side]
        line = Text()
        for column in range(self.width):
            line.append(*marks.get(column, ("·", "dim")))
        return line
