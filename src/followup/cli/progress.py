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

__all__ = ["Stream", "counting", "streaming", "watching"]

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


class Stream:
    """How much of a stream of states has been read and done, for who looks on."""

    def __init__(self, bar: _Bar | None, what: str) -> None:
        self._bar, self._what = bar, what
        self._count = 0
        self._share: float | None = None

    def read(self, position: int, size: int) -> None:
        """So many bytes of so many have been read; without this nobody knows how much is left."""
        self._share = min(position, size) / size if size else None

    def done(self, count: int) -> None:
        """So many states more are done."""
        self._count += count
        if self._bar is not None:
            rate = self._count / max(monotonic() - self._bar.begun, 0.001)
            self._bar.tell(self._what, self._share, f"{self._count:,} states, {rate:,.0f} a second")


@contextmanager
def streaming(what: str) -> Iterator[Stream]:
    """Something to tell how far a stream of states has come."""
    bar = _Bar() if sys.stderr.isatty() else None
    try:
        yield Stream(bar, what)
    finally:
        if bar is not None:
            bar.stop()


class _Bar:
    """A bar for each thing that is named, drawn once patience is over."""

    def __init__(self) -> None:
        self.begun = monotonic()
        self.progress: Progress | None = None
        self.tasks: dict[str, TaskID] = {}

    def tell(self, name: str, share: float | None, words: str = "") -> None:
        """Show how much of `name` is done, from 0 to 1, or None where that is not known."""
        if self.progress is None:
            if monotonic() - self.begun < PATIENCE:
                return
            self.progress = _started()
        if name not in self.tasks:
            self.tasks[name] = self.progress.add_task(name, total=None if share is None else 1.0, words=words)
        self.progress.update(self.tasks[name], completed=share, words=words)

    def stop(self) -> None:
        """Take the bar away."""
        if self.progress is not None:
            self.progress.stop()


def _started() -> Progress:
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    columns = (*Progress.get_default_columns(), TextColumn("{task.fields[words]}"))
    progress = Progress(*columns, console=Console(stderr=True), transient=True)
    progress.start()
    return progress
