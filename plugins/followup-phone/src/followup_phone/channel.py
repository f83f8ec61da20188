"""The channel `phone`: a script to call by, and a link that dials; you make the call."""

from __future__ import annotations

import re
from typing import ClassVar

from followup.channels import Composition, Direction, Limits
from followup.plain import LONGEST_FACT, fact, plain_line, plain_text
from followup.plan import Draft, Finding
from followup.state import Person
from followup_phone.numbers import plain_number, tel
from followup_phone.script import Caller, Words, script, title

__all__ = ["PhoneChannel"]

_SECTION = re.compile(r"^([A-Z][^\n:]*):$", re.MULTILINE)
_NEEDED = ("Opening", "Purpose", "Thanks", "If they are busy", "If you reach voicemail")
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
        facts = _caller(composition)
        words = Words(
            **{name: _section(composition, name) for name in ("purpose", "question", "interest", "thanks")}
        )
        body = script(composition.intent, facts, words)
        written = plain_text(composition.body).strip()
        if not _words(written) <= _words(body):
            body = script(composition.intent, facts, _with_written(words, written))
        return Draft(title(facts), body, tel(person.phone or "") if person else "")

    def review(self, draft: Draft) -> tuple[Finding, ...]:
        """Whether the script has what a call needs."""
        if _CONTROL.search(draft.subject):
            text = "the title holds a line break or control character"
            return (Finding("phone", "error", text, "subject", "write it on one line"),)
        if not draft.body.strip():
            return (Finding("phone", "error", "the script is empty", "body", "write what you want to say"),)
        present = _SECTION.findall(draft.body)
        return tuple(
            Finding(
                "phone", "warning", f"the script has no section `{name}`", "body", f"add a line `{name}:`"
            )
            for name in _NEEDED
            if name not in present
        )


def _caller(composition: Composition) -> Caller:
    person = plain_line(composition.to.name or "") if composition.to else ""
    return Caller(
        caller=fact(composition.facts, "candidate", "name"),
        number=plain_number(fact(composition.facts, "candidate", "phone")),
        person=person if len(person) <= LONGEST_FACT else "",
        position=fact(composition.facts, "position", "title"),
        company=fact(composition.facts, "company", "name"),
    )


def _section(composition: Composition, name: str) -> str:
    return plain_line(composition.sections.get(name, ""))


def _with_written(words: Words, written: str) -> Words:
    return Words(words.purpose, words.question, words.interest, words.thanks, written)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
