"""The channel `linkedin`: a connection note or a message within the site's limits; you send it yourself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import ClassVar

from followup.channels import Composition, Direction, Limits
from followup.plain import fact, file_name, plain_line, plain_text
from followup.plan import Attachment, Draft, Finding
from followup.state import Person
from followup_linkedin.limits import INMAIL, MESSAGE, Kind, kind_of, length
from followup_linkedin.profiles import profile_page
from followup_linkedin.shortening import CUT, shortened, whole_words

__all__ = ["LinkedInChannel", "too_long"]

_POLITE: Mapping[str, tuple[str, str, str, str]] = {
    "de": (
        "Guten Tag",
        "Vielen Dank für Ihre Zeit.",
        "Über einen Kontakt hier würde ich mich freuen.",
        "Über eine Nachricht würde ich mich freuen.",
    ),
    "en": (
        "Hello",
        "Thank you for your time.",
        "I would be glad to connect.",
        "I would be glad to hear from you.",
    ),
}
"""A greeting, a word of thanks, and the wishes of a connection note and of a message, by language."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class LinkedInChannel:
    """Words for LinkedIn: the intent `connect` is a connection note, any other a message or an InMail.

    Which it is, and how much the account may send, the facts under `linkedin` say.
    """

    name: ClassVar[str] = "linkedin"
    label: ClassVar[str] = "LinkedIn"
    direction: ClassVar[Direction] = "employer"
    address_field: ClassVar[str] = "linkedin"
    limits: ClassVar[Limits] = Limits(subject=INMAIL.subject, body=MESSAGE.body)
    """What the largest kind takes; each draft is shortened to what its own does."""

    def reaches(self, person: Person) -> bool:
        """Whether the person's profile page is known."""
        return bool(profile_page(person.linkedin))

    def compose(self, composition: Composition) -> Draft:
        """A note or a message that fits. What had to be shortened is attached whole, as a text file."""
        kind = kind_of(composition.intent, composition.facts)
        whole, subject = plain_text(composition.body).strip(), ""
        if composition.intent == "connect":
            whole = plain_text(composition.sections.get("short", "")).strip() or whole
            body = _note(composition, whole, kind)
        else:
            body = _message(composition, whole, kind)
            subject = whole_words(plain_line(composition.subject), kind.subject) if kind.subject else ""
        page = profile_page(composition.to.linkedin) if composition.to else ""
        if not subject.endswith(CUT) and body.split() == whole.split():
            return Draft(subject, body, page)
        text = f"{plain_line(composition.subject)}\n\n{whole}\n"
        attachments = (Attachment(file_name(composition.key, "txt"), "text/plain", text),)
        return Draft(subject, body, page, attachments)

    def review(self, draft: Draft) -> tuple[Finding, ...]:
        """Whether the draft fits some kind, says something, and was not cut."""
        return tuple(self._findings(draft))

    def _findings(self, draft: Draft) -> Iterator[Finding]:
        if _CONTROL.search(draft.subject) or "\n" in draft.subject:
            text = "the subject holds a line break or control character"
            yield Finding("linkedin", "error", text, "subject", "write it on one line")
        if length(draft.subject) > INMAIL.subject:
            text = f"the subject has {length(draft.subject)} characters; the site takes {INMAIL.subject}"
            yield Finding("linkedin", "error", text, "subject", "shorten it")
        kind = INMAIL if draft.subject else MESSAGE
        if not draft.body.strip():
            yield Finding("linkedin", "error", "the message is empty", "body", "write what you have to say")
        elif length(draft.body) > kind.body:
            yield too_long(draft, kind)
        if draft.body.endswith(CUT) or draft.subject.endswith(CUT):
            where = "body" if draft.body.endswith(CUT) else "subject"
            yield Finding("linkedin", "error", "the text was cut within a sentence", where, "word it shorter")
        elif draft.attachments:
            text = "the text was shortened to fit; the attached file holds the whole of it"
            yield Finding("linkedin", "warning", text, "body", "see that nothing that matters is missing")


def too_long(draft: Draft, kind: Kind) -> Finding:
    """That a draft has more characters than its kind takes."""
    text = f"the text has {length(draft.body)} characters; as {kind.article} the site takes {kind.body}"
    return Finding("linkedin", "error", text, "body", "leave out what matters least")


def _note(composition: Composition, text: str, kind: Kind) -> str:
    sender = fact(composition.facts, "candidate", "name")
    short = shortened(text, kind.body, signature=sender, one_line=True)
    return short or _polite(composition, text, kind.body, note=True)


def _message(composition: Composition, text: str, kind: Kind) -> str:
    short = shortened(text, kind.body) or whole_words(text, kind.body)
    return short or (_polite(composition, text, kind.body, note=False) if text else "")


def _polite(composition: Composition, text: str, most: int, *, note: bool) -> str:
    """A sentence that is always fit to send, with the names where there is room for them.

    In a language that the channel does not speak, the first words of the text.
    """
    if composition.language not in _POLITE:
        return whole_words(text, most)
    hello, thanks, connect, hear = _POLITE[composition.language]
    wish = connect if note else hear
    person = plain_line(composition.to.name or "") if composition.to else ""
    sender = fact(composition.facts, "candidate", "name")
    greeted = f"{hello} {person}, {thanks[0].lower()}{thanks[1:]} {wish}" if person else ""
    plain = f"{thanks} {wish}"
    options = (
        f"{greeted} {sender}" if greeted and sender else "",
        greeted,
        f"{plain} {sender}".strip(),
        plain,
    )
    return next(option for option in options if option and (length(option) <= most or option is plain))
