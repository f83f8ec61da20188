"""Mails one after the other: an mbox split, line by line, into the bytes of each mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["is_mbox", "mails_of_mbox"]

SEPARATOR = re.compile(rb"From \S.*\d{4}|From \S+\s*$|From - ")
"""The line before each mail: `From dana@acme.example Fri Nov 20 10:00:00 2026`."""
FIELD = re.compile(rb"[!-9;-~]{1,200}\s?:|>From ")
ESCAPED = re.compile(rb">+From ")


def is_mbox(start: bytes) -> bool:
    """Whether bytes that begin so are an mbox."""
    return SEPARATOR.match(start.lstrip(b"\r\n").split(b"\n", 1)[0]) is not None


def mails_of_mbox(lines: Iterable[bytes], longest: int) -> Iterator[bytes]:
    """The mails of an mbox; of one that is longer, the first `longest` bytes and one more.

    A separator stands above a header field. People begin sentences with `From` too, and not every program
    writes `>From` then.
    """
    mail = bytearray()
    blank, begun = True, False
    held = b""
    for line in lines:
        if held:
            if not begun or FIELD.match(line):
                if begun:
                    yield bytes(mail)
                mail.clear()
                begun = True
            elif len(mail) <= longest:
                mail += held
            held = b""
        if blank and SEPARATOR.match(line):
            held, blank = line, False
            continue
        blank = not line.strip()
        if begun and len(mail) <= longest:
            mail += line[1:] if ESCAPED.match(line) else line
    if begun:
        yield bytes(mail + held)
