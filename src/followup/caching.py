"""The cache of compiled rules: a folder with a file for each pack that was loaded, named by its fingerprint.

A cache is a convenience: what cannot be written is not written, and what is not exactly what was written, by
this user and for this fingerprint, is not there. Nobody is told. It never holds more than a few files.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

__all__ = ["LARGEST", "MOST_BYTES", "MOST_FILES", "Cache"]

MARK = b"followup rules, 1\n"
"""How each file begins; the number is that of the format of what follows."""
DIGEST = 32
SUFFIX = ".rules"
LARGEST = 64 * 1024 * 1024
"""The most bytes that one pack may take."""
MOST_FILES = 24
MOST_BYTES = 256 * 1024 * 1024
"""So much is kept in all; the packs that were not asked for the longest go first."""


@dataclass(frozen=True, slots=True)
class Cache:
    """Packs as data, in a folder that is made when the first is kept."""

    folder: Path

    def find(self, fingerprint: str) -> bytes | None:
        """What was kept under a fingerprint; None if that is nothing, or is not as it was kept."""
        path = self.folder / f"{fingerprint}{SUFFIX}"
        try:
            with path.open("rb") as stream:
                status = os.fstat(stream.fileno())
                if status.st_size > LARGEST or not _own(status):
                    return None
                whole = stream.read(status.st_size)
        except OSError:
            return None
        head = len(MARK) + DIGEST
        data = whole[head:]
        if whole[:head] != MARK + _digest(fingerprint, data):
            return None
        with suppress(OSError):
            os.utime(path)
        return data

    def keep(self, fingerprint: str, data: bytes) -> None:
        """Keep data under a fingerprint, if that can be done."""
        if len(data) + len(MARK) + DIGEST > LARGEST:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=SUFFIX, delete=False) as stream:
                beside = Path(stream.name)
                try:
                    stream.write(MARK + _digest(fingerprint, data) + data)
                    stream.close()
                    beside.replace(self.folder / f"{fingerprint}{SUFFIX}")
                except BaseException:
                    beside.unlink(missing_ok=True)
                    raise
            self._prune()

    def files(self) -> tuple[Path, ...]:
        """The files that are kept, the newest first."""
        return tuple(path for path, _ in self._found())

    def _prune(self) -> None:
        kept = 0
        for number, (path, status) in enumerate(self._found(), start=1):
            kept += status.st_size
            if number > MOST_FILES or kept > MOST_BYTES:
                path.unlink(missing_ok=True)

    def _found(self) -> list[tuple[Path, os.stat_result]]:
        return sorted(self._statuses(), key=lambda found: found[1].st_mtime_ns, reverse=True)

    def _statuses(self) -> Iterator[tuple[Path, os.stat_result]]:
        for path in self.folder.glob(f"*{SUFFIX}"):
            with suppress(OSError):
                yield path, path.stat()


def _digest(fingerprint: str, data: bytes) -> bytes:
    return blake2b(data, digest_size=DIGEST, key=fingerprint.encode()).digest()


def _own(status: os.stat_result) -> bool:
    """Whether nobody but this user can have written the file, as far as this system can tell."""
    if not hasattr(os, "getuid"):
        return True
    return status.st_uid == os.getuid() and not status.st_mode & 0o022
