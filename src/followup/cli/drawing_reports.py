"""Figures drawn for people: tables with small bars. Uses rich."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from followup.cli.drawing import heading, text
from followup.cli.report_words import (
    SPREADS,
    STEP_WORDS,
    asked_words,
    channel_words,
    fate_words,
    half_within_words,
    intent_title,
    length,
    median_words,
    middle_words,
    promise_words,
    share_words,
    total_words,
)
from followup.cli.times import MONTHS

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.retrospect.figures import Figures, Rate
    from followup.retrospect.spreads import Spread

__all__ = ["draw_report"]

BAR, SHORT_BAR = 24, 8
"""Columns of a bar; a short one where the terminal has fewer than `NARROW` columns."""
NARROW = 72
MOST_WEEKS = 12
MOST_WAITING = 10
COLUMNS = 14
"""Days or weeks that are shown one by one; what took longer stands in the last column."""
EIGHTHS = " ▏▎▍▌▋▊▉█"
HEIGHTS = " ▁▂▃▄▅▆▇█"


def draw_report(figures: Figures, clock: Clock) -> Iterator[RenderableType]:
    """All figures, a heading each."""
    began = figures.since.date() if figures.since else figures.first
    span = f"{clock.day(began)} to {clock.exact(figures.now)}" if began else clock.exact(figures.now)
    yield heading("Looking back", span)
    yield text(total_words(figures), "dim")
    yield from _part("How far they came", _funnel(figures))
    yield from _part("How long it took", _spreads(figures))
    if figures.by_both:
        yield from _part("What came of your messages", _rates(figures))
    if named := list(promise_words(figures.promises)):
        yield from _part("Dates that they named", text(", ".join(named)))
    if figures.weeks:
        yield from _part("By week", _weeks(figures))
    if figures.waiting:
        yield from _part("No answer yet", _waiting(figures))
    yield Padding(text("--format html -o FILE draws it, with what each figure means.", "dim"), (1, 0, 0, 0))


def _part(title: str, content: RenderableType) -> Iterator[RenderableType]:
    yield Padding(Text(title, style="bold"), (1, 0, 0, 0))
    yield content


def _table(*columns: tuple[str, str]) -> Table:
    """A table whose columns are a heading and `left`, `right` or `wide`, which takes what is left."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name, side in columns:
        wide = side == "wide"
        table.add_column(
            name, justify="right" if side == "right" else "left", no_wrap=not wide,
            overflow="fold" if wide else "ellipsis", ratio=1 if wide else None,
            min_width=3 if side == "right" else None,
        )  # fmt: skip
    return table


def _bar(count: float, most: float, width: int, style: str) -> Text:
    if Console(file=sys.stdout).width < NARROW:
        width = width * SHORT_BAR // BAR
    eighths = round(count / most * width * 8) if most else 0
    eighths = max(eighths, 1) if count else 0
    return Text("█" * (eighths // 8) + EIGHTHS[eighths % 8].strip(), style=style)


def _funnel(figures: Figures) -> RenderableType:
    table = _table(("", "left"), ("", "right"), ("", "left"), ("came no further", "wide"))
    most = max((step.reached for step in figures.steps), default=0)
    for step in figures.steps:
        table.add_row(
            STEP_WORDS[step.name], str(step.reached), _bar(step.reached, most, BAR, "cyan"),
            Text(fate_words(step), style="dim"),
        )  # fmt: skip
    stands = " · ".join(f"{count} {stage}" for stage, count in figures.stages.items())
    return Group(table, *([text(f"Now: {stands}", "dim")] if stands else []))


def _spreads(figures: Figures) -> RenderableType:
    table = _table(
        ("", "left"), ("median", "right"), ("middle half", "right"), ("half within", "right"),
        ("answered", "right"), ("waiting", "right"),
    )  # fmt: skip
    for name, words in SPREADS.items():
        spread: Spread = getattr(figures, name)
        table.add_row(
            Group(Text(words), _columns(spread)), median_words(spread), middle_words(spread),
            half_within_words(spread), str(len(spread.answered)), str(len(spread.waiting)),
        )  # fmt: skip
    note = "Median and middle half are of those answered; “half within” counts those that wait, too."
    return Group(table, text(note, "dim"))


def _columns(spread: Spread) -> Text:
    """How many were answered on each day, or in each week, as heights."""
    usual = spread.high or max(spread.answered, default=0)
    unit, days = ("day", 1) if usual <= COLUMNS else ("week", 7)
    counts = [0] * COLUMNS
    for each in spread.answered:
        counts[min(int(each / days), COLUMNS - 1)] += 1
    most = max(counts)
    heights = [HEIGHTS[-(-count * 8 // most)] if most and count else "·" for count in counts]
    return Text.assemble(("".join(heights), "cyan"), (f" by {unit}", "dim"))


def _rates(figures: Figures) -> RenderableType:
    table = _table(
        ("", "left"), ("sent", "right"), ("answered", "right"), ("waiting", "right"), ("overtaken", "right"),
        ("answered within two weeks", "wide"),
    )  # fmt: skip
    for rates, named in ((figures.by_intent, True), (figures.by_channel, False)):
        for rate in rates:
            words = intent_title(rate.intent) if named else f"by {channel_words(rate.channel)}"
            table.add_row(text(words), *_rate_cells(rate))
    table.add_row(Text("all", style="bold"), *_rate_cells(figures.all_messages))
    also = [
        f"{count} {one if count == 1 else f'{one}s'} {words}"
        for count, one, words in (
            (figures.all_messages.spoken, "call", "in which they spoke at once"),
            (figures.all_messages.returned, "mail", "that came back"),
        )
        if count
    ]
    return Group(table, *([text(f"Also {' and '.join(also)}.", "dim")] if also else []))


def _rate_cells(rate: Rate) -> Sequence[str]:
    return [str(rate.sent), str(rate.answered), str(rate.waiting), str(rate.overtaken), share_words(rate)]


def _weeks(figures: Figures) -> RenderableType:
    table = _table(
        ("", "left"), ("you wrote", "right"), ("", "left"), ("they did", "right"), ("", "left"),
        ("met", "right"), ("offers", "right"), ("refused", "right"),
    )  # fmt: skip
    weeks = figures.weeks[-MOST_WEEKS:]
    most = max(max(week.messages + week.calls, week.answers) for week in weeks)
    for week in weeks:
        yours = week.messages + week.calls
        table.add_row(
            f"{week.begins.day} {MONTHS[week.begins.month - 1]}",
            _count(yours), _bar(yours, most, 10, "green"), _count(week.answers),
            _bar(week.answers, most, 10, "yellow"), _count(week.interviews), _count(week.offers),
            _count(week.rejections),
        )  # fmt: skip
    more = len(figures.weeks) - len(weeks)
    return Group(
        table, *([text(f"The last {len(weeks)} of {more + len(weeks)} weeks.", "dim")] if more else [])
    )


def _count(count: int) -> str:
    return str(count) if count else "·"


def _waiting(figures: Figures) -> RenderableType:
    table = _table(("", "right"), ("", "left"), ("", "wide"))
    table.show_header = False
    for each in figures.waiting[:MOST_WAITING]:
        table.add_row(length(each.days), text(each.opportunity), text(asked_words(each)))
    more = len(figures.waiting) - MOST_WAITING
    return Group(table, *([text(f"And {more} more.", "dim")] if more > 0 else []))
