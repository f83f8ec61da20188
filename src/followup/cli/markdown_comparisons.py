"""A comparison as Markdown: a table day by day, then how each story ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from followup.cli.markdown import escaped
from followup.cli.wording import entry_words

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.comparing import Cell, Comparison

__all__ = ["comparison_markdown"]


def comparison_markdown(comparison: Comparison, clock: Clock, title: str) -> Iterator[str]:
    """The lines of a comparison."""
    names = [played.name for played in comparison.stories]
    yield f"# {escaped(title)}"
    yield ""
    span = f"{clock.exact(comparison.start)} to {clock.exact(comparison.end)}"
    yield f"{span}. Each message is sent when it is due. Times in {clock.zone}."
    yield ""
    yield _row("", *(escaped(name) for name in names))
    yield _row(*["---"] * (len(names) + 1))
    for row in comparison.rows:
        cells = (_cell(cell, clock, first=number == 0) for number, cell in enumerate(row.cells))
        yield _row(clock.day(row.day), *cells)
    yield ""
    yield _row("in all", "messages", "the last", "how it ends")
    yield _row("---", "---:", "---", "---")
    for played in comparison.stories:
        ending = played.ending
        last = clock.day(ending.last.at.date()) if ending.last else "–"
        yield _row(escaped(played.name), str(ending.messages), last, escaped(ending.words))


def _cell(cell: Cell, clock: Clock, *, first: bool) -> str:
    if not first and not cell.differs:
        return "same" if cell.entries else ""
    return "<br>".join(escaped(entry_words(entry, clock)) for entry in cell.entries)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
