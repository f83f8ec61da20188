"""How the benchmarks measure: in turns, without garbage collection, medians, and ratios in a table.

Times are the process's own on the processor, so that what else runs on the machine counts little.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence

__all__ = ["in_turns", "microseconds", "table"]

LEAST_SECONDS = 0.02
"""A run that is shorter is repeated within its turn."""


def microseconds(work: Callable[[], object], repeats: int = 1) -> float:
    """The time of one call."""
    start = time.process_time()
    for _ in range(repeats):
        work()
    return (time.process_time() - start) / repeats * 1e6


def in_turns(works: Mapping[str, Callable[[], object]], *, turns: int = 7) -> dict[str, float]:
    """The median time of each work in microseconds. They take turns, so that a busy moment hits all alike."""
    repeats = {
        name: max(1, round(LEAST_SECONDS * 1e6 / max(microseconds(work), 1))) for name, work in works.items()
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    gc.collect()
    gc.disable()
    try:
        for _ in range(turns):
            for name, work in works.items():
                times[name].append(microseconds(work, repeats[name]))
    finally:
        gc.enable()
    return {name: statistics.median(values) for name, values in times.items()}


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows in columns as Markdown; numbers right, with as many digits as count."""
    texts = [list(head), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(len(row[column]) for row in texts) for column in range(len(head))]
    numeric = [any(isinstance(row[column], (int, float)) for row in rows) for column in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        placed = (
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(cells, widths, numeric, strict=True)
        )
        return f"| {' | '.join(placed)} |"

    rule = (
        f"{'-' * (width - 1)}{':' if right else '-'}" for width, right in zip(widths, numeric, strict=True)
    )
    return "\n".join([line(texts[0]), f"| {' | '.join(rule)} |", *(line(row) for row in texts[1:])])


def _text(cell: object) -> str:
    if not isinstance(cell, float):
        return "" if cell is None else f"{cell:,}" if isinstance(cell, int) else str(cell)
    return f"{cell:,.0f}" if cell >= 100 else f"{cell:.1f}" if cell >= 10 else f"{cell:.2f}"
