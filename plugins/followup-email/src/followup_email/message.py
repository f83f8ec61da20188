"""A message as mail programs read it: one recipient, headers that cannot be added to, a `mailto:` link."""

from __future__ import annotations

import hashlib
import re
from email import message_from_string
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, default
from email.utils import getaddresses
from urllib.parse import quote

__all__ = ["LONGEST_LINK", "mailto", "message_id", "written"]

LONGEST_LINK = 2_000
"""Characters of a `mailto:` link that programs take for sure."""

# Non-ASCII bodies are encoded, so that the file is ASCII and survives any program and any copy.
_WIRE = SMTP.clone(cte_type="7bit")
_MISLEADING = re.compile(r'[<>@"\\]|=\?')
"""In a name: another address, or the beginning of an encoded word."""


def mailto(address: str, subject: str, body: str) -> str:
    """The link that opens the message in the person's mail program; empty where it would be too long."""
    fields = [("subject", subject), ("body", body.replace("\n", "\r\n"))]
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in fields if value)
    link = f"mailto:{quote(address, safe='@')}" + (f"?{query}" if query else "")
    return link if len(link) <= LONGEST_LINK else ""


def message_id(domain: str, *parts: str) -> str:
    """A Message-ID that is the same whenever the same message is made again: `<followup.….@domain>`.

    `parts` are what tells it from all others: the follow-up's key, and whose and about what it is, since
    keys are unique within one opportunity only.
    """
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
    return f"<followup.{digest}@{domain}>"


def written(
    *, sender: tuple[str, str], recipient: tuple[str, str], subject: str, body: str, identity: str = ""
) -> str:
    """The message as RFC 5322 text with CRLF line ends, marked as not yet sent.

    Sender and recipient are a name and an address; a sender without an address is left for the mail
    program to fill in. A name that would mislead is left out. Raises ValueError if the message, read
    again, is not to this recipient alone or says something else.
    """
    wrong = ""
    for from_name, to_name in ((sender[0], recipient[0]), ("", "")):
        message = EmailMessage(policy=_WIRE)
        if sender[1]:
            message["From"] = _mailbox(from_name, sender[1])
        message["To"] = _mailbox(to_name, recipient[1])
        message["Subject"] = subject
        if identity:
            message["Message-ID"] = identity
        message["X-Unsent"] = "1"
        message.set_content(body, charset="utf-8")
        text = message.as_string()
        wrong = _misread(text, sender[1], recipient[1], subject, body)
        if not wrong:
            return text
    raise ValueError(f"the message cannot be written as an email: read again, its {wrong} differs")


def _mailbox(name: str, address: str) -> Address:
    return Address("" if _MISLEADING.search(name) else name, addr_spec=address)


def _recipients(text: str) -> list[str]:
    headers = message_from_string(text)
    return [address for _, address in getaddresses(headers.get_all("To", []))]


def _misread(text: str, sender: str, recipient: str, subject: str, body: str) -> str:
    parsed = message_from_string(text, policy=default)
    if _recipients(text) != [recipient] or [a.addr_spec for a in parsed["To"].addresses] != [recipient]:
        return "recipient"
    if parsed["Cc"] or parsed["Bcc"] or len(parsed.get_all("To", [])) != 1:
        return "list of recipients"
    if sender and [a.addr_spec for a in parsed["From"].addresses] != [sender]:
        return "sender"
    # A long subject begins on the line below its name; some versions of Python keep the space before it.
    if str(parsed["Subject"]).lstrip(" ") != subject:
        return "subject"
    if parsed.get_content().replace("\r\n", "\n").rstrip("\n") != body.rstrip("\n"):
        return "body"
    return ""
