"""A feedback report (RFC 5965): somebody called a mail spam, and who that was."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parseaddr

from followup.evidence.bounces import Bounced
from followup.evidence.headers import addresses_in, header

__all__ = ["complaint_in"]

NO_COMPLAINTS = frozenset(("auth-failure", "dmarc", "not-spam"))
"""Reports that look the same: a forged sender (RFC 6591), and somebody who said that a mail is no spam."""


def complaint_in(message: Message, parts: tuple[Message, ...]) -> tuple[Bounced, ...] | None:
    """The addresses that complained, None where it is no complaint.

    Where the report keeps the address back, it is the one that the mail brought back was sent to.
    """
    reports = [part for part in parts if part.get_content_type() == "message/feedback-report"]
    if not reports or message.get_content_type() != "multipart/report":
        return None
    blocks = [block for report in reports for block in _blocks(report)]
    if any(header(block, "Feedback-Type").strip().lower() in NO_COMPLAINTS for block in blocks):
        return None
    named = [parseaddr(header(block, "Original-Rcpt-To"))[1] for block in blocks]
    found = [(address, "Original-Rcpt-To") for address in named if "@" in address]
    if not found:
        found = [(address, "the mail came back with the report") for address in _sent_to(parts)]
    return tuple(Bounced(address=address, action="complained", hard=False, why=why) for address, why in found)


def _blocks(report: Message) -> Iterator[Message]:
    inner = [block for block in report.walk() if block is not report]
    if inner:
        yield from inner
    else:
        content = report.get_payload(decode=True)
        yield message_from_bytes(content if isinstance(content, bytes) else b"")


def _sent_to(parts: tuple[Message, ...]) -> tuple[str, ...]:
    """To whom the mail went that the report brings back, if that was one person."""
    for part in parts:
        inner = (
            part.get_payload(0)
            if part.get_content_type() == "message/rfc822" and part.is_multipart()
            else None
        )
        if isinstance(inner, Message):
            addresses = addresses_in(inner, "To", "Cc")
            return addresses if len(addresses) == 1 else ()
    return ()
