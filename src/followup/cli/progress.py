"""A bar of progress on a terminal, for what takes longer than a second; nothing anywhere else."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

__all__ = ["counting", "watching"]

PATIENCE = 1.0
"""Seconds before a bar appears."""


@contextmanager
def watching(start: datetime, end: datetime) -> Iterator[Callable[[str, datetime], None] | None]:
    """Something to tell how far a named play has come; None where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    bar, length = _Bar(), max((end - start).total_seconds(), 1.0)
    try:
        yield lambda name, at: bar.tell(name, (at - start).total_seconds() / length)
    finally:
        bar.stop()


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Something to tell how many of how many are done."""
    if not sys.stderr.isatty():
        yield lambda done, of: None
        return
    bar = _Bar()
    try:
        yield lambda done, of: bar.tell(what, done / of)
    finally:
        bar.stop()


class _Bar:
    """A bar for each thing that is named, drawn once patience is over."""

    def __init__(self) -> None:
        self.begun = monotonic()
        self.progress: Progress | None = None
        self.tasks: dict[str, TaskID] = {}

    def tell(self, name: str, share: float) -> None:
        """Show how much of `name` is done, from 0 to 1."""
        if self.progress is None:
            if monotonic() - self.begun < PATIENCE:
                return
            self.progress = _started()
        if name not in self.tasks:
            self.tasks[name] = self.progress.add_task(name, total=1.0)
        self.progress.update(self.tasks[name], completed=share)

    def stop(self) -> None:
        """Take the bar away."""
        if self.progress is not None:
            self.progress.stop()


def _started() -> Progress:
    from rich.console import Console
    from rich.progress import Progress

    progress = Progress(console=Console(stderr=True), transient=True)
    progress.start()
    return progress
