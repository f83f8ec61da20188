"""Rules drawn for people: the list, and one rule with its source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from rich.console import RenderableType
from rich.padding import Padding
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from followup.cli.drawing import heading, text
from followup.cli.wording import printable, printable_line
from followup.errors import Place

__all__ = ["draw_rules", "draw_source"]


def draw_rules(rows: Sequence[dict[str, Any]]) -> Iterator[RenderableType]:
    """The rules under their scenarios: two lines each."""
    if not rows:
        yield text("There are no rules. `--rules FOLDER` loads some.")
    for scenario, found in groupby(
        sorted(rows, key=lambda row: row["scenario"]), key=lambda row: row["scenario"]
    ):
        yield Padding(Text(scenario, style="bold cyan"), (1, 0, 0, 0))
        for row in found:
            title = f"  {printable_line(row['title'])}" if row["title"] else ""
            yield Padding(Text.assemble((row["rule"], "bold"), title), (0, 0, 0, 2))
            told = f"{row['intent']} after {' or '.join(row['after'])}"
            advice = f" · {', '.join(row['advice'])}" if row["advice"] else ""
            yield Padding(text(f"{told}{advice} · {row['at']}", "dim"), (0, 0, 0, 4))


def draw_source(
    name: str,
    title: str,
    place: Place,
    source: str,
    words: Sequence[tuple[str, str]],
    overriding: Place | None,
    changed: str,
) -> Iterator[RenderableType]:
    """One rule or guard: title, source, meaning in words, and what another file changed."""
    yield heading(title or name, f"{place.file}:{place.line}")
    if source:
        yield _yaml(source)
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    for word, sentence in words:
        rows.add_row(word, text(sentence))
    yield Padding(rows, (1, 0, 0, 0))
    if overriding is None:
        yield Padding(text(f"Decided by {place.file}, line {place.line}.", "dim"), (1, 0, 0, 0))
        return
    yield Padding(text(f"Changed by {overriding.file}, line {overriding.line}:"), (1, 0, 0, 0))
    if changed:
        yield _yaml(changed)


def _yaml(source: str) -> RenderableType:
    return Padding(
        Syntax(printable(source), "yaml", theme="ansi_dark", background_color="default", word_wrap=True),
        (0, 0, 0, 2),
    )
