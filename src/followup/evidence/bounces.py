"""Mail that did not arrive: which address, and whether it is of use to try it again.

A report after RFC 3464 is read first. What servers write in their own words is left to flufl.bounce, and
only where a mail server is the sender: people quote bounces, too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy
from email import message_from_string
from email.message import Message
from email.utils import parseaddr

import msgspec

from followup.errors import UsageError
from followup.evidence.headers import addresses_in, header
from followup.evidence.html import text_of_html

__all__ = ["Bounced", "bounce_in"]

SERVER = re.compile(r"^(mailer-daemon|postmaster|mail-daemon|mdaemon|microsoftexchange\w+)@", re.IGNORECASE)
SAID = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
GONE = re.compile(
    r"(?:user|recipient|mailbox|account|address|host|domain)\b[^.;]{0,40}\b(?:unknown|not found|not exist|invalid|disabled|inactive"
    r"|unavailable permanently|no longer)|\bno such\b|\bno mailbox\b|unknown (?:user|recipient|mailbox|address|local)"
    r"|does(?: not|n't) exist|not (?:a )?(?:known|valid|found)|unrouteable|couldn['’]t be found|wasn['’]t found",
    re.IGNORECASE,
)
PASSING = re.compile(
    r"\bfull\b|quota|over ?limit|spam|blocked|block ?list|blacklist|reputation|policy|too (?:large|big|many)|size limit|\brate\b"
    r"|temporar|try again|timed? ?out|timeout|greylist|refused to talk|connection refused|expired",
    re.IGNORECASE,
)
ADDRESSING = re.compile(r"5\.(?:0\.0|1\.\d+|2\.1|4\.(?:1|4|310|312)|5\.\d+)$")
"""Statuses about the address, the mailbox or the host; those about size, time, content or policy are not."""
FAILED = re.compile(
    r"could(?: not|n't) be delivered|not (?:be )?deliver|undeliver|unable to deliver|delivery[^.]{0,30}failed|failed[^.]{0,20}deliver"
    r"|permanent error|returned mail|unzustellbar|nicht zugestellt|rejected|bounced"
    r"|pas pu être (?:remis|délivré|distribué)|non (?:remis|distribué|délivré)|no se (?:ha )?(?:podido|pudo) entregar|\b5\d\d[ -]5\.\d+\.\d+\b",
    re.IGNORECASE,
)
NO_DOMAIN = re.compile(r"\bNXDOMAIN\b|domain name not found", re.IGNORECASE)
STILL_TRIES = re.compile(
    r"not yet been delivered|attempts will continue|will continue (?:for|to try)", re.IGNORECASE
)
GIVEN_UP = re.compile(r"permanent|given up", re.IGNORECASE)
WAITS = re.compile(
    r"not yet been delivered|will (?:be )?(?:retr|re-tr|keep trying|continue)|still (?:trying|being)|delayed|attempts will continue|warning",
    re.IGNORECASE,
)
COPY = re.compile(
    r"^\W*(?:.{0,20}\bbelow this line\b|this is a copy|.{0,40}copy of the message|.{0,40}original (?:message|mail)"
    r"|the header of|.{0,20}\bheaders? (?:of|follow)|return-path:|received:|message-id:)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[^\s<>()\[\]:;,\"']{1,64}@[^\s<>()\[\]:;,\"']{1,255}\.[^\s<>()\[\]:;,\"'.]{2,}")

MOST_WORDS = 100_000
"""Letters of a bounce in which a server's own words are looked for."""


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
        return tuple(_in_own_words(message, parts)) or tuple(_in_other_words(message, parts))
    return ()


def _reported(parts: tuple[Message, ...]) -> tuple[Bounced, ...] | None:
    """What the report says, None where there is none. Good news such as `delivered` is no bounce."""
    blocks = [block for part in parts for block in _blocks(part) if block.get("Action")]
    if not blocks:
        return None
    found: dict[str, Bounced] = {}
    for block in blocks:
        action = header(block, "Action").split("(")[0].strip().lower()
        if action not in ("failed", "delayed"):
            continue
        address = _recipient(block)
        status = _status(block)
        words = header(block, "Diagnostic-Code").partition(";")[2].strip()[:500]
        hard = action == "failed" and _is_hard(status, words)
        why = f"a delivery report: {action}, status {status or 'not given'}"
        found[address.lower()] = Bounced(
            address=address, action=action, hard=hard, why=why, status=status, words=words
        )
    return tuple(found.values())


def _blocks(part: Message) -> Iterator[Message]:
    """The groups of fields of a delivery status, one for each recipient."""
    if part.get_content_type() == "message/delivery-status" and part.is_multipart():
        yield from (block for block in part.get_payload() if isinstance(block, Message))
    elif part.get_content_type() == "message/global-delivery-status" and part.is_multipart():
        # The parser takes it for a mail: its first group for the headers, the others for the text.
        first = part.get_payload(0)
        if isinstance(first, Message) and not first.is_multipart():
            yield first
            content = first.get_payload(decode=True)
            text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
            yield from (message_from_string(group) for group in re.split(r"\r?\n\r?\n", text)[:1_000])


def _is_hard(status: str, words: str) -> bool:
    """Whether the address itself does not work: the server's words decide before its number."""
    if NO_DOMAIN.search(words):
        return True
    if not status.startswith("5"):
        return False
    if GONE.search(words):
        return True
    return ADDRESSING.match(status) is not None and not PASSING.search(words)


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


def _in_own_words(message: Message, parts: tuple[Message, ...]) -> Iterator[Bounced]:
    try:
        from flufl.bounce import all_failures
    except ImportError:
        raise UsageError("bounces need flufl.bounce; install it: pip install 'followup[read]'") from None
    text = message.get_payload()
    if isinstance(text, str) and len(text) > MOST_WORDS:
        # The mail that came back stands below the server's words, with all that was attached.
        message = copy(message)
        message.set_payload(text[:MOST_WORDS])
    try:
        late, failed = all_failures(message)
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return
    lines = _own_lines(parts)
    text = "\n".join(lines)
    goes_on = STILL_TRIES.search(text) is not None and not GIVEN_UP.search(text)
    for addresses, gave_up in ((failed, not goes_on), (late - failed, False)):
        for raw in sorted(addresses):
            address = raw.decode("ascii", "replace")
            words = _said_of(address, lines)
            passing = PASSING.search(words) is not None and not GONE.search(words)
            why = "the mail server says so in its own words"
            action = "failed" if gave_up else "delayed"
            yield Bounced(address=address, action=action, hard=gave_up and not passing, why=why, words=words)


def _said_of(address: str, lines: list[str]) -> str:
    """What a server says below an address, up to an empty line or the next address."""
    said: list[str] = []
    at = next((number for number, line in enumerate(lines) if address in line), len(lines))
    for line in lines[at : at + 20]:
        if said and (not line.strip() or (line.lstrip().startswith("<") and address not in line)):
            break
        said.append(line.replace(address, "").strip(" \t<>:"))
    return " ".join(" ".join(said).split())[:500]


def _own_lines(parts: tuple[Message, ...]) -> list[str]:
    """What a server writes above the copy of the mail."""
    lines: list[str] = []
    for line in _first_text(parts).splitlines():
        if lines and COPY.match(line[:200]):
            break
        lines.append(line)
    return lines


def _in_other_words(message: Message, parts: tuple[Message, ...]) -> Iterator[Bounced]:
    """The addresses in the words of a server that nobody knows, above the copy of the mail."""
    if message.get_content_type() == "multipart/report":
        return
    lines = _own_lines(parts)
    words = "\n".join((header(message, "Subject"), *lines))
    if not (FAILED.search(words) or WAITS.search(words)):
        return
    own = {address.lower() for address in addresses_in(message, "To", "From", "Delivered-To")}
    failed = addresses_in(message, "X-Failed-Recipients") or tuple(ADDRESS.findall("\n".join(lines)))
    late = WAITS.search(words) is not None and not GIVEN_UP.search(words)
    for address in dict.fromkeys(each.strip(".") for each in failed):
        if address.lower() in own:
            continue
        said = next((line.strip() for line in lines if re.search(r"\b[45]\d\d\b", line)), "")
        number = SAID.search(words)
        hard = not late and (
            GONE.search(words) is not None or (number is not None and _is_hard(number[1], said))
        )
        why = "the mail server says so in its own words"
        action = "delayed" if late else "failed"
        yield Bounced(address=address, action=action, hard=hard, why=why, words=said[:500])


def _first_text(parts: tuple[Message, ...]) -> str:
    for part in parts:
        if part.get_content_type() in ("text/plain", "text/html"):
            content = part.get_payload(decode=True)
            text = content.decode("utf-8", "replace")[:20_000] if isinstance(content, bytes) else ""
            return text_of_html(text) if part.get_content_type() == "text/html" else text
    return ""
