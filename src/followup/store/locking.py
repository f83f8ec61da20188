"""A lock on an open file that the system lets go of when the process ends, and a note in it."""

from __future__ import annotations

import os
import sys

__all__ = ["locked", "read_note", "write_note"]

WIDTH = 64
"""Bytes of the note: written at once, over the one before."""


def read_note(descriptor: int) -> str:
    """What stands in the file; empty in a new one."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    return os.read(descriptor, WIDTH).decode("ascii", "replace").strip()


def write_note(descriptor: int, text: str) -> None:
    """Put a short text into the file, durably. Raises OSError."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, text.ljust(WIDTH).encode("ascii"))
    os.fsync(descriptor)


if sys.platform == "win32":
    import msvcrt

    def locked(descriptor: int) -> bool:
        """Lock the file until it is closed; False where another process, or another opening, has it."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def locked(descriptor: int) -> bool:
        """Lock the file until it is closed; False where another process, or another opening, has it."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
