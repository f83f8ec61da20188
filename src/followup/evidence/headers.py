"""Header lines as people write them: encoded words, bare UTF-8, folded, broken."""

from __future__ import annotations

from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message

__all__ = ["header"]


def header(message: Message, name: str) -> str:
    """The value of the first header of that name, decoded and on one line; empty where there is none."""
    for key, raw in message.raw_items():
        if key.lower() == name.lower():
            value = str(raw)[:2000].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            with suppress(HeaderParseError, LookupError, ValueError):
                value = str(make_header(decode_header(value)))
            return " ".join(value.split())
    return ""
