"""Looking for a message in doubt in mails that came: one that answers or returns it proves that it left."""

from __future__ import annotations

import re
from email import message_from_bytes

__all__ = ["speaks_of"]

LARGEST = 10_000_000


def speaks_of(mail: bytes, identity: str) -> str:
    """How a mail speaks of the message of that Message-ID: as an answer, as one that came back; or nothing.

    A copy of the message itself says nothing: it may be the draft.
    """
    if not identity or len(mail) > LARGEST:
        return ""
    message = message_from_bytes(mail)
    if _named(str(message.get("Message-ID", "")), identity):
        return ""
    if any(_named(str(message.get(name, "")), identity) for name in ("In-Reply-To", "References")):
        return "as an answer"
    inner = [part for part in message.walk() if part is not message]
    if any(_named(str(part.get("Message-ID", "")), identity) for part in inner):
        return "as one that came back"
    headers = [part.as_string() for part in inner if part.get_content_type() == "text/rfc822-headers"]
    return "as one that came back" if any(_named(text, identity) for text in headers) else ""


def _named(text: str, identity: str) -> bool:
    return re.sub(r"\s+", " ", text).find(identity) >= 0
