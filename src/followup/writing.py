"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from followup.errors import UsageError

__all__ = ["write_bytes", "write_text"]


def write_text(path: Path, text: str) -> None:
    """Put the text into the file, in UTF-8, as `write_bytes` does."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Put the data into the file, through a file beside it that takes its place when complete.

    Its folder is made where it is missing; what stands under `/dev` is written to, never replaced. Raises
    UsageError where that cannot be done; then, and after an interruption, the file is as it was.
    """
    try:
        if path.absolute().parts[1:2] == ("dev",):
            with path.open("wb") as device:
                device.write(data)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}; choose another place"
        ) from None


def _replace(path: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile("wb", dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
        beside = Path(stream.name)
        try:
            stream.write(data)
            stream.close()
            beside.chmod(_mode(path))
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


def _mode(path: Path) -> int:
    """The mode of the file that is replaced, else that of any new file."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
