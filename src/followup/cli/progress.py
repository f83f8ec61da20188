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

__all__ = ["watching"]

PATIENCE = 1.0
"""Seconds before a bar appears."""


@contextmanager
def watching(start: datetime, end: datetime) -> Iterator[Callable[[str, datetime], None] | None]:
    """Something to tell how far a named play has come; None where nobody would see it."""
    if not sys.stderr.isatty():
        yield None
        return
    bar = _Bar(start, end)
    try:
        yield bar.tell
    finally:
        bar.stop()


class _Bar:
    """A bar for each play, drawn once patience is over."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self.start = start
        self.length = max((end - start).total_seconds(), 1.0)
        self.begun = monotonic()
        self.progress: Progress | None = None
        self.tasks: dict[str, TaskID] = {}

    def tell(self, name: str, at: datetime) -> None:
        """Show that the play `name` has come to this moment."""
        if self.progress is None:
            if monotonic() - self.begun < PATIENCE:
                return
            self.progress = _started()
        if name not in self.tasks:
            self.tasks[name] = self.progress.add_task(name, total=self.length)
        self.progress.update(self.tasks[name], completed=(at - self.start).total_seconds())

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
