"""Files with mail: one mail, an mbox, a Maildir, a folder; their mails one after the other, within bounds."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from followup.errors import Place, Problem
from followup.evidence import LARGEST, is_mbox, mails_of_mbox

__all__ = ["MOST_MAILS", "Mail", "mails_in"]

MOST_MAILS = 20_000
"""The most mails of one run; each is held in memory until it is settled."""
ENDINGS = (".eml", ".emlx", ".ics", ".mbox", ".mbx")
OTHER_FORMATS = {
    b"\xd0\xcf\x11\xe0": "it is in Outlook's own format; save the mail as .eml",
    b"!BDN": "it is a mailbox of Outlook; save the mails as .eml",
    b"PK\x03\x04": "it is a ZIP archive; unpack it first",
    b"\x1f\x8b": "it is compressed; unpack it first",
    b"%PDF": "it is a PDF; save the mail as .eml",
}
LONGEST_LINE = 1 << 16


@dataclass(frozen=True, slots=True)
class Mail:
    """The bytes of one mail. `number` counts the mails of its file from 1; 0 where it is the only one."""

    file: str
    number: int
    content: bytes

    @property
    def place(self) -> str:
        """`inbox.mbox, mail 3`."""
        return f"{self.file}, mail {self.number}" if self.number else self.file


def mails_in(paths: Sequence[str]) -> Iterator[Mail | Problem]:
    """All mails of the files and folders, in their order; a problem for what cannot be read."""
    found = (each for path in paths for each in _of(path))
    yield from islice(found, MOST_MAILS)
    if next(found, None) is not None:
        cure = "give fewer files, or the newest mails"
        yield Problem(
            "mail-many", f"there are more than {MOST_MAILS:,} mails; the rest is not read", cure=cure
        )


def _of(path: str) -> Iterator[Mail | Problem]:
    if path == "-":
        yield from _of_stream(sys.stdin.buffer, "standard input")
        return
    folder = Path(path)
    try:
        if folder.is_dir():
            files = list(_files(folder))
            if not files:
                cure = f"a folder is a Maildir, or holds files that end in {', '.join(ENDINGS)}"
                yield Problem("mail-file", "there is no mail in this folder", Place(path), cure)
            for file in files:
                yield from _of_file(file)
            return
    except OSError as problem:
        yield Problem("file-unreadable", f"it cannot be read: {problem.strerror or problem}", Place(path))
        return
    yield from _of_file(folder)


def _files(folder: Path) -> Iterator[Path]:
    maildirs = [folder, *sorted(folder.glob(".*"))]
    subfolders = [each / sub for each in maildirs for sub in ("cur", "new") if (each / sub).is_dir()]
    if subfolders:
        for each in subfolders:
            yield from sorted(file for file in each.iterdir() if file.is_file())
        return
    yield from sorted(file for file in folder.iterdir() if file.is_file() and file.suffix.lower() in ENDINGS)


def _of_file(path: Path) -> Iterator[Mail | Problem]:
    try:
        with path.open("rb") as stream:
            yield from _of_stream(stream, str(path))
    except FileNotFoundError:
        yield Problem(
            "file-missing", "there is no such file", Place(str(path)), "check the name and the folder"
        )
    except OSError as problem:
        yield Problem(
            "file-unreadable", f"it cannot be read: {problem.strerror or problem}", Place(str(path))
        )


def _of_stream(stream: BinaryIO, name: str) -> Iterator[Mail | Problem]:
    first = stream.readline(LONGEST_LINE)
    while first in (b"\n", b"\r\n"):
        first = stream.readline(LONGEST_LINE)
    if not first:
        yield Problem("mail-file", "it is empty", Place(name))
        return
    for start, why in OTHER_FORMATS.items():
        if first.startswith(start):
            text, _, cure = why.partition("; ")
            yield Problem("mail-file", text, Place(name), cure)
            return
    if is_mbox(first):
        lines = iter(lambda: stream.readline(LONGEST_LINE), b"")
        for number, content in enumerate(mails_of_mbox(_after(first, lines), LARGEST), start=1):
            yield Mail(name, number, content)
        return
    if first.strip().isdigit():
        # Apple Mail: the number of bytes of the mail, the mail, and a property list.
        yield Mail(name, 0, stream.read(min(int(first), LARGEST + 1)))
        return
    yield Mail(name, 0, first + stream.read(LARGEST + 1))


def _after(first: bytes, lines: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from lines
