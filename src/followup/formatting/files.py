"""Files to be formatted: which there are in a folder, and how one is rewritten whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from followup.documents import MAX_BYTES
from followup.errors import InputError, Place, Problem

__all__ = ["files_in", "read_text", "rewrite"]

NAMES = ("scenario.yaml", "tests.yaml", "language.yaml")


def files_in(folder: Path) -> Iterator[Path]:
    """The scenarios, tests, languages and messages in a folder and those in it, in order of path."""
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder).parts
        if any(part.startswith(".") for part in inside) or not path.is_file():
            continue
        if path.name in NAMES or (path.suffix == ".md" and _is_message(path)):
            yield path


def _is_message(path: Path) -> bool:
    return any(
        parent.name == "messages" or (parent.parent / "language.yaml").is_file()
        for parent in path.parents[:2]
    )


def read_text(path: Path) -> str:
    """The text of a file, with the line ends that it has. Raises InputError."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        told, cure = "the text is not UTF-8", "save the file as UTF-8"
        raise InputError([Problem("file-encoding", told, Place(str(path)), cure)]) from None
    except OSError as error:
        told, cure = f"the file cannot be read: {error.strerror}", "check its name and permissions"
        raise InputError([Problem("file-unreadable", told, Place(str(path)), cure)]) from None
    if len(data) > MAX_BYTES:
        told, cure = f"the text is larger than {MAX_BYTES // 1024} KiB", "split it into several files"
        raise InputError([Problem("yaml-too-large", told, Place(str(path)), cure)])
    return text


def rewrite(path: Path, text: str) -> None:
    """Put `text` in place of what a file holds: all of it or nothing. Raises InputError.

    Its permissions stay. What a link leads to is rewritten, and the link stays.
    """
    target = path.resolve()
    made: str | None = None
    try:
        descriptor, made = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}-")
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(text.encode())
        shutil.copymode(target, made)
        os.replace(made, target)
    except OSError as error:
        if made is not None:
            with suppress(OSError):
                os.unlink(made)
        told, cure = f"the file cannot be written: {error.strerror}", "check the permissions of its folder"
        raise InputError([Problem("file-unwritable", told, Place(str(path)), cure)]) from None
