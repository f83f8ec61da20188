"""`names`: the right person and the right company are named, and spelt rightly."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding, Severity
from followup.reviewing.context import entries, fact, known_texts, letter, phrases_of, plain_body
from followup.reviewing.letters import place
from followup.reviewing.phrases import begins_with, find, words

__all__ = ["names"]

_NAME = r"[A-ZÄÖÜÉ][\w&'’-]*(?: (?:& |of |and |und )?[A-ZÄÖÜÉ][\w&'’-]*)*"


def names(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """Findings for the greeting, the signature, other companies, and names that are nearly right."""
    found: list[Finding] = []
    found += _greeting(draft, context)
    found += _signature(draft, context)
    found += _companies(draft, context)
    taken = {finding.where for finding in found}
    yield from found
    yield from (finding for finding in _misspelt(draft, context) if finding.where not in taken)


# Whom it greets, and who signs


def _greeting(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    greeting = letter(draft, context).greeting
    person = fact(context.facts, "person", "name")
    if (
        greeting is None
        or person is None
        or begins_with(greeting.text, entries(context, "impersonal_greetings"))
    ):
        return
    yield from _wrong_name(draft, greeting.start, greeting.text, person, context, "the greeting")


def _signature(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    signature = letter(draft, context).signature
    candidate = fact(context.facts, "candidate", "name")
    lines = [line for line in signature.text.splitlines(keepends=True) if line.strip()]
    if candidate is None or not lines or "@" in lines[0] or any(c.isdigit() for c in lines[0]):
        return
    start = signature.start + signature.text.index(lines[0])
    yield from _wrong_name(draft, start, lines[0], candidate, context, "the signature")


def _wrong_name(
    draft: Draft, start: int, line: str, right: str, context: ReviewContext, where: str
) -> Iterator[Finding]:
    """A finding if a line names somebody, and nobody of the right name."""
    ignored = (
        phrases_of(context, "greetings") | phrases_of(context, "honorifics") | phrases_of(context, "closings")
    )
    ignored |= phrases_of(context, "nobody")
    ignored = frozenset(word for phrase in ignored for word in words(phrase))
    named = [(m.start(), m[0]) for m in re.finditer(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", line)]
    named = [(at, word) for at, word in named if word.casefold().rstrip(".") not in ignored and len(word) > 1]
    wanted = [word for word in re.split(r"[\s-]+", right.casefold()) if word]
    wanted += right.casefold().split()
    if not named or any(_same(word.casefold(), each, context) for _, word in named for each in wanted):
        return
    first, name = named[0][0], " ".join(word for _, word in named)
    text = name.casefold()
    someone = [
        p for p in (*context.people, *context.elsewhere) if set(text.split()) & set(p.casefold().split())
    ]
    goes = f"it goes to {right}" if where == "the greeting" else f"you are {right}"
    if where == "the greeting" and _nearly(named, wanted):
        return  # said as a misspelling
    told = f"{where} names {someone[0] if someone else name}; {goes}"
    severity: Severity = "error" if someone or where == "the greeting" else "warning"
    yield Finding("names", severity, told, place(draft.body, start + first), f"write `{right}`")


def _same(word: str, wanted: str, context: ReviewContext) -> bool:
    """Whether one name is the other, its beginning, or a usual short form of it."""
    if (
        word == wanted
        or (len(word) > 2 and wanted.startswith(word))
        or (len(wanted) > 2 and word.startswith(wanted))
    ):
        return True
    return any({word, wanted} <= set(group.split()) for group in entries(context, "nicknames"))


def _nearly(named: list[tuple[int, str]], wanted: list[str]) -> bool:
    return any(_is_slip(word.casefold(), each) for _, word in named for each in wanted)


# Which company it names


def _companies(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    company = fact(context.facts, "company", "name")
    for where, text in (("subject", draft.subject), ("body", letter(draft, context).main.text)):
        start = letter(draft, context).main.start if where == "body" else 0
        for at, name, severity in _wrong_companies(text, company, context):
            spot = "subject" if where == "subject" else place(draft.body, start + at)
            told = f"it names {name}" + (f", not {company}" if company else "")
            yield Finding("names", severity, told, spot, f"write `{company or 'the right company'}`")


def _wrong_companies(
    text: str, company: str | None, context: ReviewContext
) -> Iterator[tuple[int, str, Severity]]:
    known = {word.casefold() for each in (*known_texts(context), *context.people) for word in words(each)}
    told: set[int] = set()
    for name in context.elsewhere:
        if {word.casefold() for word in words(name)} <= known:
            continue
        for found in find((name,), text, case=True):
            told.add(found.start)
            yield found.start, name, "error"
    if company is None:
        return
    title = fact(context.facts, "position", "title") or ""
    last = words(title)[-1:] or [""]
    strong = (*entries(context, "company_slots"), *(f"{last[0]} {at}" for at in ("at", "bei") if last[0]))
    loose = entries(context, "loose_company_slots")
    kinds: tuple[tuple[tuple[str, ...], Severity], ...] = ((strong, "error"), (loose, "warning"))
    for slots, severity in kinds:
        for slot in find(slots, text):
            rest = text[slot.start + len(slot.text) :]
            match = re.match(rf"\s+({_NAME})", rest)
            if match is None or _is_own_past(text[: slot.start], context):
                continue
            at = slot.start + len(slot.text) + match.start(1)
            name = match[1]
            if at not in told and not _is_known(name, known, context):
                told.add(at)
                yield at, name, severity


def _is_own_past(before: str, context: ReviewContext) -> bool:
    """Whether the words before speak of the candidate's own former places of work."""
    near = " ".join(before.split()[-5:])
    return next(find(entries(context, "own_past"), near), None) is not None


def _is_known(name: str, known: set[str], context: ReviewContext) -> bool:
    """Whether any word of it is known, or is nearly so (a misspelling, which is told as such)."""
    parts = [word.casefold().removesuffix("'s").removesuffix("’s") for word in words(name)]
    not_company = phrases_of(context, "not_company")
    if not parts or parts[0] in not_company:
        return True
    telling = [part for part in parts if part not in phrases_of(context, "common")]
    return any(part in known or any(_is_slip(part, each) for each in known) for part in telling)


# Names that are nearly right


def _misspelt(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    names = tuple(_name_words(context))
    known = {word.casefold() for each in known_texts(context) for word in words(each)}
    common = phrases_of(context, "common") | frozenset(
        word
        for phrase in phrases_of(context, "greetings") | phrases_of(context, "closings")
        for word in words(phrase)
    )
    for match in re.finditer(r"[^\W\d_]+", plain_body(draft, context)):
        word = match[0]
        folded = word.casefold()
        if not word[0].isupper() or len(word) < 4 or folded in known or folded in common:
            continue
        if folded.endswith("s") and folded[:-1] in known:
            continue
        near = next((name for name in names if _is_slip(folded, name.casefold())), None)
        if near is not None:
            text = f"`{word}` looks like the name {near}"
            yield Finding("names", "warning", text, place(draft.body, match.start()), f"write `{near}`")


def _name_words(context: ReviewContext) -> Iterable[str]:
    facts = context.facts
    whole = (fact(facts, "company", "name"), fact(facts, "person", "name"), fact(facts, "candidate", "name"))
    yield from dict.fromkeys(
        word
        for name in (*(each for each in whole if each), *context.people)
        for word in re.findall(r"[^\W\d_]+", name)
        if len(word) >= 4
    )


def _is_slip(word: str, name: str) -> bool:
    """Whether a word is a name mistyped: a letter too many, too few, wrong or swapped; two in a long name."""
    if word == name or min(len(word), len(name)) < 4:
        return False
    if len(name) == 4 and word[0] != name[0]:
        return False
    from rapidfuzz.distance import OSA

    most = 2 if min(len(word), len(name)) >= 8 else 1
    return OSA.distance(word, name, score_cutoff=most) <= most
