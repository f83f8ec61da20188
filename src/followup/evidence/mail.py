"""What kind of mail it is: a person's words, or one of the many that machines write.

A bounce is looked for before an automatic reply: many bounces carry `Auto-Submitted: auto-replied`.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import Literal

import msgspec

from followup.calendars import Calendar
from followup.evidence.absences import Absent, absence_in
from followup.evidence.answers import Said, said_in
from followup.evidence.bounces import Bounced, bounce_in
from followup.evidence.complaints import complaint_in
from followup.evidence.dates import is_date_of_mail
from followup.evidence.headers import addresses_in, header, message_ids
from followup.evidence.html import text_of_html
from followup.evidence.invitations import Invitation, is_calendar, read_invitations
from followup.evidence.promises import Promised, promises_in
from followup.evidence.quoting import new_words

__all__ = ["MailFinding", "MailKind", "judged", "read_mail"]

MailKind = Literal[
    "human", "automatic", "out-of-office", "bounce", "delay", "complaint", "calendar", "bulk", "unreadable"
]

LARGEST = 40_000_000
"""Bytes of a mail that are read; more is called unreadable, as mail servers take no longer ones."""
MOST_LINES = 1_000_000
MOST_BOUNDARIES = 20_000
MOST_PARTS = 200
MOST_TEXT = 50_000

AUTOMATIC_SUBJECT = re.compile(
    r"^\s*(automatic reply|ooo|auto(matic)?[- ]?(reply|response)|out of (the )?office|automatische antwort"
    r"|abwesenheits\w+|réponse automatique|respuesta automática|risposta automatica|automatisch antwoord"
    r"|resposta automática|autosvar)\b",
    re.IGNORECASE,
)
UNATTENDED = re.compile(
    r"(?:[^@]*[._+-])?(?:no|do[._-]?not|dont)[._-]?reply(?:[._+-][^@]*)?@|(?:nicht|keine?)[._-]?antwort(?:en)?@|ne[._-]?pas[._-]?repondre@",
    re.IGNORECASE,
)
"""Senders that read no answer: a machine writes from there."""


UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, OSError)
"""What the parser of calendars raises; OSError where a zone has a name that no file can have."""


class MailFinding(msgspec.Struct, frozen=True, kw_only=True):
    """What a mail is, and why that is believed.

    `why` names the header, part or words that decided. `at` is the mail's own date; it may be wrong, as
    senders write it. `answers` are the Message-IDs of the mails that it is about: those that it answers,
    and of a bounce those that came back. `forged` says what a mail server found wrong with the sender.
    `bounced` are the addresses of a bounce or a delay, or of a complaint. `absent` is set for an
    out-of-office that names a day. `said` and `promised` are judged by `text`, which holds the
    new words: what they quote is cut off.
    """

    kind: MailKind
    why: str
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    sender: str = ""
    sender_name: str = ""
    recipients: tuple[str, ...] = ()
    subject: str = ""
    forged: str = ""
    at: datetime | None = None
    text: str = ""
    bounced: tuple[Bounced, ...] = ()
    absent: Absent | None = None
    invitations: tuple[Invitation, ...] = ()
    said: tuple[Said, ...] = ()
    promised: tuple[Promised, ...] = ()


def read_mail(content: bytes, zone: str | None = None, *, words: bool = True) -> MailFinding:
    """Tell what kind of mail the bytes of one message (.eml) are, or what a calendar file (.ics) says.

    Times of calendar entries that have no zone are taken in `zone`, an IANA name. Without `words` what a mail
    says is left to `judged`, which takes most of the time. Never raises for what
    stands in the bytes; raises UsageError where a package is missing that reading them needs.
    """
    for found, most, what in (
        (len(content), LARGEST, "is longer than {:,} bytes"),
        (content.count(b"\n"), MOST_LINES, "has more than {:,} lines"),
        (content.count(b"\n--"), MOST_BOUNDARIES, "has more than {:,} lines that may bound its parts"),
    ):
        if found > most:
            return MailFinding(kind="unreadable", why="it " + what.format(most))
    try:
        if is_calendar(content):
            return _calendar(_in_charset(content, "utf-8"), zone)
        finding = _read(message_from_bytes(content.removeprefix(BOM_UTF8)), zone)
        return judged(finding) if words else finding
    except (RecursionError, HeaderParseError, LookupError, TypeError, ValueError) as problem:
        return MailFinding(kind="unreadable", why=f"it cannot be taken apart ({type(problem).__name__})")


def _read(message: Message, zone: str | None) -> MailFinding:
    parts = _parts(message)
    if parts is None:
        return MailFinding(kind="unreadable", why=f"it has more than {MOST_PARTS} parts")
    name, sender = parseaddr(header(message, "From"))
    if not sender and not message.get("Received") and not message.get("Message-ID"):
        return MailFinding(kind="unreadable", why="it has no sender, no Message-ID and no way it came")
    return _finding(message, parts, sender, name, zone)


def _finding(
    message: Message, parts: tuple[Message, ...], sender: str, sender_name: str, zone: str | None
) -> MailFinding:
    subject, at = header(message, "Subject"), _date(message)
    text = new_words(_text(parts))
    found = MailFinding(
        kind="human",
        why="nothing says that a machine wrote it",
        message_id=header(message, "Message-ID"),
        in_reply_to=header(message, "In-Reply-To"),
        references=message_ids(message, "References"),
        answers=tuple(
            dict.fromkeys((*message_ids(message, "In-Reply-To"), *message_ids(message, "References")))
        ),
        sender=sender,
        sender_name=sender_name,
        recipients=addresses_in(message, "To", "Cc", "Delivered-To"),
        subject=subject,
        forged=_forged(message),
        at=at,
        text=text,
    )
    complained = complaint_in(message, parts)
    if complained is not None:
        return msgspec.structs.replace(
            found, kind="complaint", why="a feedback report (RFC 5965)", bounced=complained
        )
    bounced = bounce_in(message, parts, sender)
    if bounced:
        only_late = all(one.action == "delayed" for one in bounced)
        return msgspec.structs.replace(
            found, kind="delay" if only_late else "bounce", why=bounced[0].why, bounced=bounced,
            answers=tuple(dict.fromkeys((*_returned(parts), *found.answers))),
        )  # fmt: skip
    calendars = [part for part in parts if _is_calendar(part)]
    if calendars:
        return _with_calendars(found, calendars, zone)
    automatic = _automatic(message, subject, sender)
    if automatic:
        absent, away = absence_in(f"{subject}\n{text}", at.date() if at else None)
        if away:
            return msgspec.structs.replace(found, kind="out-of-office", why=automatic, absent=absent)
        return msgspec.structs.replace(found, kind="automatic", why=automatic)
    bulk = _bulk(message)
    return msgspec.structs.replace(found, kind="bulk", why=bulk) if bulk else found


def judged(found: MailFinding) -> MailFinding:
    """The finding with what its words say and promise, where it is an answer."""
    if found.kind not in ("human", "automatic", "bulk"):
        return found
    promised = promises_in(found.text, found.at.date(), Calendar("UTC")) if found.at else ()
    return msgspec.structs.replace(found, said=said_in(found.text), promised=promised)


def _is_calendar(part: Message) -> bool:
    if part.get_content_type() in ("text/calendar", "application/ics"):
        return True
    return (part.get_filename() or "").lower().endswith(".ics") and not part.is_multipart()


def _with_calendars(found: MailFinding, parts: list[Message], zone: str | None) -> MailFinding:
    """The finding with the entries of all parts, each once: many mails carry the same file twice."""
    entries: dict[tuple[str, int], Invitation] = {}
    why = "it carries a calendar entry"
    for part in parts:
        text = _in_charset(_decoded(part), part.get_content_charset() or "utf-8")
        method = part.get_param("method", "")
        try:
            for each in read_invitations(text, method if isinstance(method, str) else "", zone):
                entries.setdefault((each.uid, each.sequence), each)
        except UNREADABLE as problem:
            why = f"it carries a calendar entry that cannot be read: {first_line(problem)}"
    return msgspec.structs.replace(found, kind="calendar", why=why, invitations=tuple(entries.values()))


def _calendar(text: str, zone: str | None) -> MailFinding:
    try:
        entries = read_invitations(text, zone=zone)
    except UNREADABLE as problem:
        return MailFinding(kind="unreadable", why=f"the calendar cannot be read: {first_line(problem)}")
    stamped = [each.stamped for each in entries if each.stamped is not None]
    return MailFinding(
        kind="calendar",
        why="it is a calendar file",
        at=max(stamped, default=None),
        subject=entries[0].summary if entries else "",
        invitations=entries,
    )


def first_line(problem: Exception) -> str:
    """What an exception says, in one short line."""
    return " ".join(str(problem).split())[:200] or type(problem).__name__


def _automatic(message: Message, subject: str, sender: str) -> str:
    if message.get_param("report-type") == "disposition-notification":
        return "a receipt (RFC 8098)"
    if message.get_content_type() == "multipart/report":
        return "a report of a mail server"
    submitted = header(message, "Auto-Submitted").split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return f"Auto-Submitted: {submitted}"
    for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder"):
        if message.get(name) is not None and header(message, name).strip().lower() != "no":
            return f"the header {name}"
    if header(message, "Precedence").strip().lower() == "auto_reply":
        return "Precedence: auto_reply"
    if UNATTENDED.match(sender):
        return f"the sender {sender}"
    match = AUTOMATIC_SUBJECT.match(subject)
    return f"the subject begins with “{match.group().strip()}”" if match else ""


def _bulk(message: Message) -> str:
    for name in ("List-Id", "List-Unsubscribe"):
        if message.get(name) is not None:
            return f"the header {name}"
    precedence = header(message, "Precedence").strip().lower()
    return f"Precedence: {precedence}" if precedence in ("bulk", "list", "junk") else ""


def _forged(message: Message) -> str:
    """What the receiving server, whose words stand first, found: `dmarc=fail`; else nothing."""
    match = re.search(r"\bdmarc=fail\b", header(message, "Authentication-Results"), re.IGNORECASE)
    return match.group().lower() if match else ""


def _returned(parts: tuple[Message, ...]) -> Iterator[str]:
    """The Message-IDs of the mails that a report brings back, whole or by their headers."""
    for part in parts[1:]:
        if part.get_content_type() == "message/rfc822" and part.is_multipart():
            inner = part.get_payload(0)
            if isinstance(inner, Message):
                yield from message_ids(inner, "Message-ID")
        elif part.get_content_type() in ("text/rfc822-headers", "message/rfc822-headers"):
            yield from message_ids(message_from_bytes(_decoded(part)[:MOST_TEXT]), "Message-ID")


def _parts(message: Message) -> tuple[Message, ...] | None:
    parts: list[Message] = []
    for part in message.walk():
        if len(parts) == MOST_PARTS:
            return None
        parts.append(part)
    return tuple(parts)


def _text(parts: tuple[Message, ...]) -> str:
    for wanted in ("text/plain", "text/html"):
        for part in parts:
            if part.get_content_type() == wanted and part.get_content_disposition() != "attachment":
                text = _in_charset(_decoded(part), part.get_content_charset() or "utf-8")[:MOST_TEXT]
                if text.strip():
                    return text_of_html(text) if wanted == "text/html" else text
    return ""


def _decoded(part: Message) -> bytes:
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _in_charset(content: bytes, charset: str) -> str:
    """The text; where the charset is missing or wrong, by what its bytes are likelier to be."""
    try:
        return content.decode(charset)
    except (LookupError, ValueError):
        text = content.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = sum(not character.isascii() for character in text) - broken
    return content.decode("cp1252", "replace") if broken > whole else text


def _date(message: Message) -> datetime | None:
    try:
        at = parsedate_to_datetime(header(message, "Date"))
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    if not is_date_of_mail(at):
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)
