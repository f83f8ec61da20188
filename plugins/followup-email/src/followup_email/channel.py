"""The channel `email`: a subject, a body, a `mailto:` link and an `.eml` file; you send it."""

from __future__ import annotations

import re
from typing import ClassVar

from followup.channels import Composition, Direction, Limits
from followup.plan import Draft, Finding
from followup.state import Person
from followup_email.addresses import plain_address

__all__ = ["EmailChannel"]

LONGEST_SUBJECT = 255
"""Characters; Outlook keeps no more."""
LONGEST_SUBJECT_SEEN = 78
"""Characters that fit on one line of a message (RFC 5322, section 2.1.1)."""

_MAIL = "message/rfc822"
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
        from followup_email.composing import composed

        return composed(composition, html=self.html)

    def review(self, draft: Draft) -> tuple[Finding, ...]:
        """What keeps the draft from being a good email; greeting, closing and tone are read elsewhere."""
        findings = (*_subject_findings(draft.subject), *_body_findings(draft.body))
        return (*findings, *_address_findings(draft))


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


def _address_findings(draft: Draft) -> tuple[Finding, ...]:
    # Only an address that is not ASCII stands in the headers as it is; all else there is encoded.
    heads = [file.text.partition("\r\n\r\n")[0] for file in draft.attachments if file.media_type == _MAIL]
    if all(head.isascii() for head in heads):
        return ()
    text = "an address that is not ASCII needs mail servers that offer SMTPUTF8"
    return (Finding("email", "warning", text, "body", "`followup email check` says whether yours does"),)
