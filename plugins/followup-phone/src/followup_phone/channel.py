"""The channel `phone`: a script to call by, and a link that dials; you make the call."""

from __future__ import annotations

import re
from typing import ClassVar

from followup.channels import Composition, Direction, Limits
from followup.names import family_name, title_of, with_title
from followup.plain import LONGEST_FACT, fact, plain_line, plain_text
from followup.plan import Draft, Finding
from followup.state import Person
from followup_phone.numbers import plain_number, tel
from followup_phone.script import Caller, Words, headings_in, needed_headings, script, title
from followup_phone.sentences import SENTENCES, Sentences

__all__ = ["PhoneChannel"]

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class PhoneChannel:
    """A phone call to one person. It writes the script and calls nobody."""

    name: ClassVar[str] = "phone"
    label: ClassVar[str] = "Phone call"
    direction: ClassVar[Direction] = "employer"
    limits: ClassVar[Limits] = Limits()
    address_field: ClassVar[str] = "phone"

    def reaches(self, person: Person) -> bool:
        """Whether the person has one plausible number."""
        return bool(plain_number(person.phone))

    def compose(self, composition: Composition) -> Draft:
        """The script, under a title. The written message stands last, unless the script says it all."""
        person = composition.to
        says = SENTENCES.get(composition.language)
        facts = _caller(composition, says)
        words = Words(
            **{name: _section(composition, name) for name in ("purpose", "question", "interest", "thanks")}
        )
        body = script(composition.intent, facts, words, says)
        written = plain_text(composition.body).strip()
        if not _words(written) <= _words(body):
            body = script(composition.intent, facts, _with_written(words, written), says)
        return Draft(
            title(facts, says) or plain_line(composition.subject),
            body,
            tel(person.phone or "") if person else "",
        )

    def review(self, draft: Draft) -> tuple[Finding, ...]:
        """Whether the script has what a call needs."""
        if _CONTROL.search(draft.subject):
            text = "the title holds a line break or control character"
            return (Finding("phone", "error", text, "subject", "write it on one line"),)
        if not draft.body.strip():
            return (Finding("phone", "error", "the script is empty", "body", "write what you want to say"),)
        present = headings_in(draft.body)
        return tuple(
            Finding(
                "phone", "warning", f"the script has no section `{name}`", "body", f"add a line `{name}:`"
            )
            for name in needed_headings(SENTENCES.get(draft.language))
            if name not in present
        )


def _caller(composition: Composition, says: Sentences | None) -> Caller:
    person, whom = _addressed(composition.to, says) if composition.to else ("", "")
    known = len(person) <= LONGEST_FACT
    return Caller(
        caller=fact(composition.facts, "candidate", "name"),
        number=plain_number(fact(composition.facts, "candidate", "phone")),
        person=person if known else "",
        whom=whom if known else "",
        position=fact(composition.facts, "position", "title"),
        company=fact(composition.facts, "company", "name"),
    )


def _addressed(person: Person, says: Sentences | None) -> tuple[str, str]:
    """How the person is addressed, and spoken of: by family name where the language has a form for it."""
    name = plain_line(person.name or "")
    forms = {"ms": (says.ms, says.to_ms), "mr": (says.mr, says.to_mr)} if says else {}
    family = plain_line(person.family_name or "") or family_name(name) or ""
    title = plain_line(person.title or "") or title_of(name)
    found = forms.get(person.salutation or "")
    if not found or not found[0] or not family:
        return name, name
    addressed, spoken_of = (form.format(name=with_title(family, title)) for form in found)
    return addressed, spoken_of


def _section(composition: Composition, name: str) -> str:
    return plain_line(composition.sections.get(name, ""))


def _with_written(words: Words, written: str) -> Words:
    return Words(words.purpose, words.question, words.interest, words.thanks, written)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
