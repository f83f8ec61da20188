"""A message composed: its words, its file and its link, in the thread of the mail that it follows."""

from __future__ import annotations

import re
from dataclasses import replace

from followup.channels import Composition, Thread
from followup.plain import LONGEST_FACT, fact, file_name, plain_line, plain_text
from followup.plan import Attachment, Draft
from followup_email.addresses import plain_address
from followup_email.channel import LONGEST_SUBJECT
from followup_email.message import Mail, mailto, message_id, one_identity, written

__all__ = ["composed"]

_ANSWER = re.compile(r"(?:re|aw|sv|vs|antw|rif|ref)(?:\[\d+\])?\s?:", re.IGNORECASE)
"""What mail programs of several languages write before the subject of an answer."""


def composed(composition: Composition, *, html: bool) -> Draft:
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
    file = Attachment(file_name(composition.key, "eml"), "message/rfc822", written(mail, html=html))
    return Draft(mail.subject, body, mailto(address, mail.subject, body, mail.answers), (file,))


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
