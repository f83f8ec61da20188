"""A message as mail programs read it: one recipient, headers that cannot be added to, a `mailto:` link."""

from __future__ import annotations

import hashlib
import html
import re
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_string
from email.header import Header, decode_header, make_header
from email.headerregistry import Address
from email.message import EmailMessage, Message
from email.parser import HeaderParser
from email.policy import SMTP, SMTPUTF8, default
from email.utils import format_datetime, getaddresses, parseaddr
from urllib.parse import quote

from followup_email.addresses import needs_smtputf8

__all__ = ["LONGEST_LINK", "Mail", "mailto", "message_id", "one_identity", "read", "readable", "written"]

LONGEST_LINK = 2_000
"""Characters of a `mailto:` link that programs take for sure."""

# Non-ASCII bodies are encoded, so that the file is ASCII and survives any program and any copy.
_WIRE = SMTP.clone(cte_type="7bit")
_WIRE_UTF8 = SMTPUTF8.clone(cte_type="7bit")
_MISLEADING = re.compile(r'[<>@"\\]|=\?')
"""In a name: another address, or the beginning of an encoded word."""
_IDENTITY = re.compile(r"<?([!-;=?-~]{1,900})>?")
"""A Message-ID: what can stand on one line of a header without being changed."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What a message says, apart from how it is written. Sender and recipient are a name and an address.

    `identity` is its Message-ID, `answers` the one that it answers, and `references` the whole thread, the
    oldest first and `answers` last.
    """

    recipient: tuple[str, str]
    subject: str
    body: str
    sender: tuple[str, str] = ("", "")
    identity: str = ""
    answers: str = ""
    references: tuple[str, ...] = ()

    @property
    def needs_smtputf8(self) -> bool:
        """Whether only servers that offer SMTPUTF8 can carry it."""
        return needs_smtputf8(self.sender[1] + self.recipient[1])


def mailto(address: str, subject: str, body: str, answers: str = "") -> str:
    """The link that opens the message in the person's mail program; empty where it would be too long."""
    fields = [("subject", subject), ("in-reply-to", answers), ("body", body.replace("\n", "\r\n"))]
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


def one_identity(text: str) -> str:
    """The Message-ID that a text from outside holds, in its angle brackets; empty where it is not one."""
    found = _IDENTITY.fullmatch(text.strip())
    return f"<{found[1]}>" if found else ""


def written(mail: Mail, *, unsent: bool = True, date: datetime | None = None, html: bool = False) -> str:
    """The message as RFC 5322 text with CRLF line ends; `unsent` marks it as a draft to be sent.

    A sender without an address is left for the mail program to fill in. A name that would mislead is left
    out. With `html` the same words follow as HTML, for who prefers that. Raises ValueError if the message,
    read again, is not to this recipient alone or says something else.
    """
    wrong = ""
    nameless = replace(mail, sender=("", mail.sender[1]), recipient=("", mail.recipient[1]))
    for each in (mail, nameless):
        text = _text(each, unsent, date, html)
        wrong = _misread(text, mail, html)
        if not wrong:
            return text
    raise ValueError(f"the message cannot be written as an email: read again, its {wrong} differs")


def read(text: str) -> Mail:
    """What a message that `written` wrote says. Raises ValueError if it is not such a message."""
    try:
        parsed, raw = message_from_string(text, policy=default), HeaderParser().parsestr(text)
        (recipient,) = parsed["To"].addresses
        (sender,) = parsed["From"].addresses if parsed["From"] else (Address(),)
        mail = Mail(
            recipient=(_name(raw, "To"), recipient.addr_spec),
            subject=str(parsed["Subject"]).lstrip(" "),
            body=_plain_words(parsed),
            sender=(_name(raw, "From"), sender.addr_spec if parsed["From"] else ""),
            identity="".join(_identities(raw, "Message-ID")),
            answers="".join(_identities(raw, "In-Reply-To")),
            references=_identities(raw, "References"),
        )
    except (AttributeError, LookupError, ValueError, TypeError):
        raise ValueError("the file is not a message to one recipient") from None
    wrong = _misread(text, mail, parsed.is_multipart())
    if wrong:
        raise ValueError(f"the file is not a message to one recipient: its {wrong} can be read in two ways")
    return mail


def readable(text: str) -> str:
    """A message that `written` wrote, for the eye: all of its headers decoded, and its words."""
    parsed = message_from_string(text, policy=default)
    headers = "".join(f"{name}: {' '.join(str(value).split())}\n" for name, value in parsed.items())
    also = "\n(The same words follow as HTML.)\n" if parsed.is_multipart() else ""
    return f"{headers}\n{_plain_words(parsed).rstrip(chr(10))}\n{also}"


def html_words(body: str) -> str:
    """The words as HTML: paragraphs and line breaks, nothing else."""
    paragraphs = re.split(r"\n{2,}", body.strip("\n"))
    inner = "\n".join(f"<p>{html.escape(p).replace(chr(10), '<br>' + chr(10))}</p>" for p in paragraphs)
    return f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head><body>\n{inner}\n</body></html>\n'


def _text(mail: Mail, unsent: bool, date: datetime | None, as_html: bool) -> str:
    message = EmailMessage(policy=_WIRE_UTF8 if mail.needs_smtputf8 else _WIRE)
    if mail.sender[1]:
        message["From"] = _mailbox(*mail.sender)
    message["To"] = _mailbox(*mail.recipient)
    by_hand = not (mail.subject.isascii() or mail.needs_smtputf8)
    message["Subject"] = "by hand" if by_hand else mail.subject
    if date is not None:
        message["Date"] = format_datetime(date)
    if mail.identity:
        message["Message-ID"] = mail.identity
    if unsent:
        message["X-Unsent"] = "1"
    message.set_content(mail.body, charset="utf-8")
    if as_html:
        message.add_alternative(html_words(mail.body), subtype="html", charset="utf-8")
        message.set_boundary("followup." + hashlib.sha256(mail.body.encode()).hexdigest()[:32])
    head, separator, words = message.as_string().partition("\r\n\r\n")
    if by_hand:
        # Where it folds a subject, the library may lose a space between two encoded words.
        subject = Header(mail.subject, "utf-8", header_name="Subject").encode(linesep="\r\n")
        head = head.replace("\r\nSubject: by hand", f"\r\nSubject: {subject}", 1)
    # The library would encode a long Message-ID in these headers, and others would not decode it.
    if mail.answers:
        head += f"\r\nIn-Reply-To: {mail.answers}"
    if mail.references:
        head += "\r\nReferences: " + "\r\n ".join(mail.references)
    return head + separator + words


def _mailbox(name: str, address: str) -> Address:
    local_part, _, domain = address.rpartition("@")
    return Address(_not_misleading(name), local_part, domain)


def _not_misleading(name: str) -> str:
    return "" if _MISLEADING.search(name) else name


def _name(raw: Message, header: str) -> str:
    """The name beside an address. Python's newer parser puts spaces into one that takes several lines."""
    encoded, _ = parseaddr(" ".join(str(raw.get(header, "")).split()))
    return str(make_header(decode_header(encoded)))


def _recipients(raw: Message) -> list[str]:
    return [address for _, address in getaddresses([str(to) for to in raw.get_all("To", [])])]


def _identities(raw: Message, header: str) -> tuple[str, ...]:
    return tuple(str(raw.get(header, "")).split())


def _plain_words(parsed: EmailMessage) -> str:
    part = next(parsed.iter_parts()) if parsed.is_multipart() else parsed
    if part.get_content_type() != "text/plain":
        raise ValueError
    return str(part.get_content()).replace("\r\n", "\n")


def _misread(text: str, mail: Mail, as_html: bool) -> str:
    parsed, raw = message_from_string(text, policy=default), HeaderParser().parsestr(text)
    recipient, sender = mail.recipient[1], mail.sender[1]
    if _recipients(raw) != [recipient] or [a.addr_spec for a in parsed["To"].addresses] != [recipient]:
        return "recipient"
    if parsed["Cc"] or parsed["Bcc"] or parsed["Resent-To"] or len(parsed.get_all("To", [])) != 1:
        return "list of recipients"
    if [a.addr_spec for a in parsed["From"].addresses] != [sender] if sender else parsed["From"]:
        return "sender"
    names = [
        (_name(raw, "To"), mail.recipient[0]),
        *([(_name(raw, "From"), mail.sender[0])] if sender else []),
    ]
    if any(" ".join(found.split()) != " ".join(_not_misleading(name).split()) for found, name in names):
        return "name"
    # A long subject begins on the line below its name; some versions of Python keep the space before it.
    if str(parsed["Subject"]).lstrip(" ") != mail.subject:
        return "subject"
    thread = [_identities(raw, name) for name in ("Message-ID", "In-Reply-To", "References")]
    if thread != [*(tuple(filter(None, [i])) for i in (mail.identity, mail.answers)), mail.references]:
        return "thread"
    if len(list(parsed.iter_parts())) != (2 if as_html else 0):
        return "number of parts"
    if _plain_words(parsed).rstrip("\n") != mail.body.rstrip("\n"):
        return "body"
    if as_html and list(parsed.iter_parts())[1].get_content().replace("\r\n", "\n") != html_words(mail.body):
        return "HTML"
    return ""
