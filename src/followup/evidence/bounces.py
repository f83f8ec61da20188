"""Mail that did not arrive: which address, and whether it is of use to try it again.

A report after RFC 3464 is read first. What servers write in their own words is left to flufl.bounce, and
only where a mail server is the sender: people quote bounces, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.message import Message
from email.utils import parseaddr

import msgspec

from followup.errors import UsageError
from followup.evidence.headers import header

__all__ = ["Bounced", "bounce_in"]

SERVER = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|microsoftexchange\w+)@", re.IGNORECASE)
SAID = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
PASSING = ("5.2.2", "5.3.4", "5.4.7", "5.7.509")
"""Statuses of the fifth class about a full mailbox, a message too large, time or policy: not the address."""


class Bounced(msgspec.Struct, frozen=True, kw_only=True):
    """One address that mail did not reach. `hard`: the address itself does not work.

    `action` is `failed`, `delayed` (the server goes on trying) or `complained`. `words` are the server's.
    """

    address: str
    action: str
    hard: bool
    why: str
    status: str = ""
    words: str = ""


def bounce_in(message: Message, parts: tuple[Message, ...], sender: str) -> tuple[Bounced, ...]:
    """The addresses that a mail reports as not reached; empty where it is no bounce."""
    if message.get_content_type() == "multipart/report":
        reported = _reported(parts)
        if reported is not None:
            return reported
    if SERVER.match(sender) or header(message, "Return-Path") == "<>":
        return tuple(_in_own_words(message))
    return ()


def _reported(parts: tuple[Message, ...]) -> tuple[Bounced, ...] | None:
    """What the report says, None where there is none. Good news such as `delivered` is no bounce."""
    blocks = [
        block
        for part in parts
        if part.get_content_type() == "message/delivery-status"
        for block in (part.get_payload() if part.is_multipart() else ())
        if isinstance(block, Message) and block.get("Action")
    ]
    if not blocks:
        return None
    found: dict[str, Bounced] = {}
    for block in blocks:
        action = header(block, "Action").split("(")[0].strip().lower()
        if action not in ("failed", "delayed"):
            continue
        address = _recipient(block)
        status = _status(block)
        hard = action == "failed" and status.startswith("5") and status not in PASSING
        why = f"a delivery report: {action}, status {status or 'not given'}"
        words = header(block, "Diagnostic-Code").partition(";")[2].strip()[:500]
        found[address.lower()] = Bounced(
            address=address, action=action, hard=hard, why=why, status=status, words=words
        )
    return tuple(found.values())


def _recipient(block: Message) -> str:
    for name in ("Original-Recipient", "Final-Recipient"):
        value = header(block, name).partition(";")[2].strip()
        address = parseaddr(value)[1]
        if "@" in address:
            return address
    return ""


def _status(block: Message) -> str:
    match = SAID.search(header(block, "Status")) or SAID.search(header(block, "Diagnostic-Code"))
    return match.group(1) if match else ""


def _in_own_words(message: Message) -> Iterator[Bounced]:
    try:
        from flufl.bounce import all_failures
    except ImportError:
        raise UsageError("bounces need flufl.bounce; install it: pip install 'followup[read]'") from None
    try:
        late, failed = all_failures(message)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return
    for addresses, action in ((failed, "failed"), (late - failed, "delayed")):
        for raw in sorted(addresses):
            address = raw.decode("ascii", "replace")
            why = "the mail server says so in its own words"
            yield Bounced(address=address, action=action, hard=action == "failed", why=why)
