"""The channel `letter`: words to copy by hand; `followup letter` makes a page of them to print."""

from __future__ import annotations

import re
from typing import ClassVar

from followup.channels import Composition, Direction, Limits
from followup.plain import LONGEST_FACT, plain_line, plain_text
from followup.plan import Draft, Finding
from followup.state import Person
from followup_letter.addresses import address_lines

__all__ = ["LetterChannel"]

LONG_BY_HAND = 250
"""Words that fill about two sides of a card, or a page."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")


class LetterChannel:
    """A note on paper to one person. It writes the words; you write, print and post them."""

    name: ClassVar[str] = "letter"
    label: ClassVar[str] = "Letter"
    direction: ClassVar[Direction] = "employer"
    limits: ClassVar[Limits] = Limits()
    address_field: ClassVar[str] = "address"

    def reaches(self, person: Person) -> bool:
        """Whether the person has a name and one plausible postal address."""
        name = plain_line(person.name or "")
        return 0 < len(name) <= LONGEST_FACT and bool(address_lines(person.address))

    def compose(self, composition: Composition) -> Draft:
        """The words, all of them, without what hides or disturbs."""
        return Draft(plain_line(composition.subject), plain_text(composition.body).strip("\n"))

    def review(self, draft: Draft) -> tuple[Finding, ...]:
        """Whether it can be written on paper, and is short enough to be copied by hand."""
        if not draft.body.strip():
            return (Finding("letter", "error", "the letter is empty", "body", "write what you have to say"),)
        for where, text in (("subject", draft.subject.replace("\n", "\x00")), ("body", draft.body)):
            if _CONTROL.search(text):
                told = "a control character or line break stands in the text"
                return (Finding("letter", "error", told, where, "take it out"),)
        count = len(draft.body.split())
        if count > LONG_BY_HAND:
            told = f"the letter has {count} words; more than {LONG_BY_HAND} are long to copy and to read"
            return (Finding("letter", "warning", told, "body", "keep to what only you can say"),)
        return ()
