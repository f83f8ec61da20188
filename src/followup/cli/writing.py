"""Files written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from followup.errors import UsageError

__all__ = ["write_text"]


def write_text(path: Path, text: str) -> None:
    """Put the text into the file, in UTF-8, through a file beside it that takes its place when complete.

    Its folder is made where it is missing. Raises UsageError where that cannot be done; then the file is as
    it was.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=path.parent, prefix=f".{path.name}.", delete=False
        ) as stream:
            temporary = stream.name
            stream.write(text)
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}; choose another place"
        ) from None


def _mode(path: Path) -> int:
    """The mode of the file that is replaced, else that of any new file."""
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
