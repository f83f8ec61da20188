"""Watching folders: looks again and again which files changed. A few dozen small files need no more."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

__all__ = ["Watch"]

Snapshot = dict[Path, tuple[int, int]]

PAUSE = 0.3
"""Seconds between two looks."""
SETTLE = 0.05
"""Seconds after which a change is taken as done: editors write in several steps."""
KINDS = (".yaml", ".yml", ".json", ".md")


class Watch:
    """Knows how files and folders were last; `roots` is asked anew at every look which those are."""

    def __init__(self, roots: Callable[[], Iterable[Path]]) -> None:
        self._roots = roots
        self._seen = _snapshot(roots())

    def wait(self) -> frozenset[Path]:
        """Wait until files have changed, come or gone since the last time, and say which."""
        while (now := _snapshot(self._roots())) == self._seen:
            time.sleep(PAUSE)
        while (later := _settled(self._roots)) != now:
            now = later
        before, self._seen = self._seen, now
        return frozenset(path for path in {*before, *now} if before.get(path) != now.get(path))


def _settled(roots: Callable[[], Iterable[Path]]) -> Snapshot:
    time.sleep(SETTLE)
    return _snapshot(roots())


def _snapshot(roots: Iterable[Path]) -> Snapshot:
    """When each file was last written, and how large it is."""
    made: Snapshot = {}
    for root in roots:
        files = _files(root) if root.is_dir() else [root]
        for file in files:
            try:
                state = file.stat()
            except OSError:
                continue
            made[file] = state.st_mtime_ns, state.st_size
    return made


def _files(folder: Path) -> Iterator[Path]:
    for where, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(where, name) for name in names if name.endswith(KINDS))
