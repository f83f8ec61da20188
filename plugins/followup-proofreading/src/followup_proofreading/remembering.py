"""Texts in which nothing was found, remembered between runs: to read one again, harper need not load.

A file in the user's cache folder, or in the folder that `FOLLOWUP_CACHE` names, holds a mark of each: a
digest from which no word can be had. It hangs on the version of harper and on this plugin's own code, so
that a newer one reads all anew. What cannot be read or written is done without, as where `FOLLOWUP_CACHE`
is empty; a file that is full, or none of ours, begins again.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

from platformdirs import user_cache_path

__all__ = ["is_remembered", "mark_of", "remember"]

MOST = 4096
"""How many texts are remembered."""
SIZE = 16


def mark_of(*texts: str) -> bytes:
    """The mark of some texts, read together by this version."""
    made = blake2b(key=_edition(), digest_size=SIZE)
    for text in texts:
        made.update(text.encode("utf-8", "surrogatepass") + b"\0")
    return made.digest()


def is_remembered(mark: bytes) -> bool:
    """Whether nothing was found in what has this mark."""
    return mark in _marks()


def remember(mark: bytes) -> None:
    """Remember that nothing was found in what has this mark."""
    marks = _marks()
    full = len(marks) >= MOST
    if full:
        marks.clear()
    marks.add(mark)
    path = _path()
    if path is None:
        return
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(path, "wb" if full else "ab", opener=_for_nobody_else) as file:
            file.write(mark)


def _for_nobody_else(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _path() -> Path | None:
    named = os.environ.get("FOLLOWUP_CACHE")
    if named == "":
        return None
    return Path(named or user_cache_path("followup", appauthor=False)) / "proofread"


@cache
def _marks() -> set[bytes]:
    path, kept = _path(), b""
    if path is not None:
        with suppress(OSError):
            kept = path.read_bytes()
            if len(kept) % SIZE or len(kept) > MOST * SIZE:
                path.unlink()
                kept = b""
    return {kept[start : start + SIZE] for start in range(0, len(kept), SIZE)}


@cache
def _edition() -> bytes:
    made = blake2b(version("harper-py").encode(), digest_size=SIZE)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        made.update(path.read_bytes())
    return made.digest()
