"""`contact-details`: the draft says how to reach you, and says it rightly."""

from __future__ import annotations

import re
from collections.abc import Iterator

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.context import fact, letter
from followup.reviewing.letters import place

__all__ = ["contact_details"]

_ADDRESS = re.compile(r"[^\s<>,;:()]{1,100}@[^\s<>,;:()]{1,100}\w")
_PHONE = re.compile(r"\+?\(?\d[\d\s()/.-]{5,30}\d")
_SLIP = 2
"""The most letters by which a mistyped address differs from yours."""


def contact_details(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """A finding where no way to reach the candidate is given, or one is mistyped."""
    known = {name: fact(context.facts, "candidate", name) for name in ("email", "phone", "linkedin")}
    address = known["email"]
    if address is not None:
        from rapidfuzz.distance import OSA

        for match in _ADDRESS.finditer(draft.body):
            if 0 < OSA.distance(match[0].casefold(), address.casefold(), score_cutoff=_SLIP) <= _SLIP:
                text = f"`{match[0]}` is not quite your address"
                where = place(draft.body, match.start())
                yield Finding("contact-details", "warning", text, where, f"write {address}")
                return
    if not _says_how(draft.body, known):
        given = next((detail for detail in known.values() if detail), None)
        suggestion = f"add {given} below your name" if given else "add your mail address or phone number"
        parts = letter(draft, context)
        last = parts.closing.start if parts.closing else len(draft.body.rstrip())
        where = place(draft.body, last)
        yield Finding("contact-details", "warning", "it does not say how to reach you", where, suggestion)


def _says_how(body: str, known: dict[str, str | None]) -> bool:
    text = body.casefold()
    address, phone, page = known["email"], known["phone"], known["linkedin"]
    if address and address.casefold() in text:
        return True
    if phone and _digits(phone)[-7:] in {_digits(match[0])[-7:] for match in _PHONE.finditer(body)}:
        return True
    if page and re.sub(r"^https?://(www\.)?|/+$", "", page.casefold()) in text:
        return True
    return not (address or phone or page) and bool(_ADDRESS.search(body) or _PHONE.search(body))


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdigit())
