"""A lock on an open file that the system lets go of when the process ends, even if it is killed."""

from __future__ import annotations

import sys

__all__ = ["locked"]


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
