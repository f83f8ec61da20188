"""The channel `email`: a subject, a body, a `mailto:` link and an `.eml` file; you send it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import ClassVar
from urllib.parse import unquote

from followup.channels import Composition, Direction, Limits, Thread
from followup.plain import LONGEST_FACT, fact, file_name, plain_line, plain_text
from followup.plan import Attachment, Draft, Finding
from followup.state import Person
from followup_email.addresses import needs_smtputf8, plain_address
from followup_email.message import Mail, mailto, message_id, one_identity, written

__all__ = ["EmailChannel"]

LONGEST_SUBJECT = 255
"""Characters; Outlook keeps no more."""
LONGEST_SUBJECT_SEEN = 78
"""Characters that fit on one line of a message (RFC 5322, section 2.1.1)."""

_ANSWER = re.compile(r"(?:re|aw|sv|vs|antw|rif|ref)(?:\[\d+\])?\s?:", re.IGNORECASE)
"""What mail programs of several languages write before the subject of an answer."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class EmailChannel:
    """Email to one person. It writes drafts and sends nothing.

    With `html` the file holds the same words as HTML too, after the plain text.
    """

    name: ClassVar[str] = "email"
    label: ClassVar[str] = "Email"
    direction: ClassVar[Direction] = "employer"
    limits: ClassVar[Limits] = Limits(subject=LONGEST_SUBJECT)
    address_field: ClassVar[str] = "email"

    def __init__(self, *, html: bool = False) -> None:
        self.html = html

    def reaches(self, person: Person) -> bool:
        """Whether the person has exactly one plausible address."""
        return bool(plain_address(person.email))

    def compose(self, composition: Composition) -> Draft:
        """The message; without a usable address only its words.

        Raises ValueError if what was written cannot be read back as the same message to one recipient.
        """
        subject = _fitting(plain_line(composition.subject))
        body = plain_text(composition.body)
        person = composition.to
        address = plain_address(person.email) if person else ""
        if person is None or not address:
            return Draft(subject, body)
        facts = composition.facts
        sender = plain_address(fact(facts, "candidate", "email"))
        name = plain_line(person.name or "")
        mail = Mail(
            recipient=(name if len(name) <= LONGEST_FACT else "", address),
            subject=subject,
            body=body,
            sender=(fact(facts, "candidate", "name"), sender),
            identity=_identity(composition, sender, address) if sender else "",
        )
        if composition.thread is not None:
            mail = _in_thread(mail, composition.thread)
        attachment = Attachment(
            file_name(composition.key, "eml"), "message/rfc822", written(mail, html=self.html)
        )
        link = mailto(address, mail.subject, body, mail.answers)
        return Draft(mail.subject, body, link, (attachment,))

    def review(self, draft: Draft) -> tuple[Finding, ...]:
        """What keeps the draft from being a good email; greeting, closing and tone are read elsewhere."""
        findings = (*_subject_findings(draft.subject), *_body_findings(draft.body))
        return (*findings, *_address_findings(draft.open))


def _identity(composition: Composition, sender: str, recipient: str) -> str:
    facts = composition.facts
    about = (fact(facts, "company", "name"), fact(facts, "position", "title"))
    return message_id(sender.partition("@")[2], composition.key, sender, recipient, *about)


def _in_thread(mail: Mail, thread: Thread) -> Mail:
    """The mail as an answer in the thread, under its subject; as it is where that has no usable name."""
    answers = one_identity(thread.message_id)
    if not answers or answers == mail.identity:
        return mail
    earlier = [one_identity(identity) for identity in thread.references]
    references = dict.fromkeys(i for i in earlier if i and i not in (answers, mail.identity))
    subject = plain_line(thread.subject)
    if subject and not _ANSWER.match(subject):
        subject = f"Re: {subject}"
    return replace(
        mail, subject=_fitting(subject) or mail.subject, answers=answers, references=(*references, answers)
    )


def _fitting(subject: str) -> str:
    subject = subject.replace("=?", "= ?")  # else programs would read an encoded word here and decode it
    if len(subject) <= LONGEST_SUBJECT:
        return subject
    cut = subject[:LONGEST_SUBJECT]
    return (cut[:-1].rpartition(" ")[0] or cut[:-1]) + "…"


def _subject_findings(subject: str) -> tuple[Finding, ...]:
    def finding(severity: str, text: str, suggestion: str) -> Finding:
        return Finding("email", "error" if severity == "error" else "warning", text, "subject", suggestion)

    if not subject.strip():
        return (finding("error", "the subject is empty", "name the purpose and the position"),)
    findings = []
    if _CONTROL.search(subject):
        findings.append(
            finding("error", "the subject holds a line break or control character", "write it on one line")
        )
    if len(subject) > LONGEST_SUBJECT_SEEN:
        length = f"the subject has {len(subject)} characters; more than {LONGEST_SUBJECT_SEEN} are often cut"
        findings.append(finding("warning", length, "name only the purpose and the position"))
    return tuple(findings)


def _body_findings(body: str) -> tuple[Finding, ...]:
    if not body.strip():
        return (Finding("email", "error", "the message is empty", "body", "write what you have to say"),)
    for number, line in enumerate(body.split("\n"), start=1):
        found = _CONTROL.search(line.replace("\t", " "))
        if found:
            text = f"a control character (U+{ord(found[0]):04X}) stands in the text"
            return (Finding("email", "error", text, f"body:{number}:{found.start() + 1}", "take it out"),)
    return ()


def _address_findings(link: str) -> tuple[Finding, ...]:
    address = unquote(link.removeprefix("mailto:").partition("?")[0])
    if not needs_smtputf8(address):
        return ()
    text = f"the address {address} needs mail servers that offer SMTPUTF8"
    return (Finding("email", "warning", text, "body", "`followup email check` says whether yours does"),)
