"""Header lines as people write them: encoded words, bare UTF-8, folded, broken."""

from __future__ import annotations

import re
from contextlib import suppress
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses

__all__ = ["addresses_in", "header", "message_ids"]

MESSAGE_ID = re.compile(r"<[^<>\s]{1,500}>")
MOST = 100


def header(message: Message, name: str) -> str:
    """The value of the first header of that name, decoded and on one line; empty where there is none."""
    for key, raw in message.raw_items():
        if key.lower() == name.lower():
            value = str(raw)[:2000].encode("utf-8", "surrogateescape").decode("utf-8", "replace")
            with suppress(HeaderParseError, LookupError, ValueError):
                value = str(make_header(decode_header(value)))
            return " ".join(value.split())
    return ""


def message_ids(message: Message, name: str) -> tuple[str, ...]:
    """The Message-IDs in a header, in their order; of many the last, which are the nearest."""
    for key, raw in message.raw_items():
        if key.lower() == name.lower():
            return tuple(MESSAGE_ID.findall(str(raw)[-50_000:]))[-MOST:]
    return ()


def addresses_in(message: Message, *names: str) -> tuple[str, ...]:
    """The mail addresses in these headers, each once."""
    found = getaddresses([header(message, name) for name in names])
    return tuple(dict.fromkeys(address for _, address in found if "@" in address))[:MOST]
