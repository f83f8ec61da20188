"""`proofread`: slips that need no dictionary: placeholders, known misspellings, doubled words, spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.context import (
    entries,
    fact,
    known_texts,
    letter,
    phrases_of,
    plain_body,
    without_addresses,
)
from followup.reviewing.letters import place
from followup.reviewing.phrases import find, words

__all__ = ["proofread"]

_BRACKETS = re.compile(r"\[([^\]\[\n]{0,50})\]|<([^<>\n@:/]{1,50})>|\{([^{}\n]{1,50})\}")
_TEMPLATE = re.compile(
    r"\{\{[^\n]{0,200}?\}\}|\{%[^\n]{0,200}?%\}|\{\{|\}\}|\$\{[^}\n]{0,200}\}|%\w{1,60}%|_{3,}|(?<!\w)XX+(?!\w)"
)
_DOUBLED = re.compile(r"(?<![\w'’-])([^\W\d_]{2,})\s+\1(?![\w'’-])", re.IGNORECASE)
_SENTENCE_START = re.compile(r"(?<=[^\W\d_]|[\d)\"”’])[.!?][ \n]+([^\W\d_][^\W_]*)")
_PARAGRAPH_START = re.compile(r"\n\s{0,50}\n[ \t]{0,50}([^\W\d_][^\W_]*)")
_SPACE_BEFORE = re.compile(r"(?<=[\w·]) +([,;:!?](?![-)(|]|[DPp]\b)|\.(?!\.|[a-z]|[A-Z]{2}))")
_NO_SPACE_AFTER = re.compile(r"(?<=[a-zäöüß]{2})([,;!?]|\.(?=[A-ZÄÖÜ][a-zäöüß]))(?=[^\W\d_]{2})")
_ABBREVIATED = re.compile(r"[^\W\d_]\.[^\W\d_]")
_SPACES = re.compile(r"(?<=[^\s.!?:]) {2,}(?=\w)")


def proofread(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """Findings for what is plainly a slip, in the subject and in the body."""
    yield from _placeholders(draft, context)
    body = plain_body(draft, context)
    for found in find(entries(context, "misspellings"), body):
        text = f"`{found.text}` is misspelt"
        yield _finding(draft, found.start, text, f"write `{_cased(found.instead, found.text)}`")
    for found in find(_small(entries(context, "capitals")), body, case=True):
        if _ABBREVIATED.match(body, found.start):
            continue
        text = f"`{found.text}` has a small letter"
        yield _finding(draft, found.start, text, f"write `{found.text[0].upper()}{found.text[1:]}`")
    may_double = phrases_of(context, "may_double")
    for match in _DOUBLED.finditer(body):
        if match[1].casefold() not in may_double:
            yield _finding(draft, match.start(), f"`{match[1]}` stands twice", "leave one out")
    yield from _small_starts(draft, context)
    yield from _spaces(draft, body)
    yield from _after_greeting(draft, context)


def _placeholders(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """What a template left to be filled in."""
    wanted = phrases_of(context, "placeholder_words")
    known = "\n".join(known_texts(context))
    for where, text in (("subject", draft.subject), ("body", draft.body)):
        for at, left in _left(text, wanted, entries(context, "placeholders")):
            if left not in known:
                spot = where if where == "subject" else place(draft.body, at)
                yield Finding("proofread", "error", f"a placeholder is left: `{left}`", spot, "fill it in")


def _left(text: str, wanted: frozenset[str], marks: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    taken: list[tuple[int, int]] = []
    for match in _TEMPLATE.finditer(text):
        taken.append(match.span())
        yield match.start(), match[0]
    for match in _BRACKETS.finditer(text):
        if any(start <= match.start() < end for start, end in taken):
            continue
        inside = words(match[1] or match[2] or match[3] or "")
        if any(word.casefold() in wanted for word in inside) or (
            match[1] is not None and "…" in match[1] + "…" and not match[1].strip(" .…")
        ):
            taken.append(match.span())
            yield match.start(), match[0]
    for found in find(marks, text):
        if not any(start <= found.start < end for start, end in taken):
            yield found.start, found.text


def _small(entries: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(entry.lower() for entry in entries)


def _cased(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _small_starts(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """Sentences that begin with a small letter; the one after a greeting's comma may, in some languages."""
    body = without_addresses(draft.body)
    company = fact(context.facts, "company", "name") or ""
    named = {word for name in (*context.people, company) for word in words(name)}
    abbreviations = {word.casefold() for word in entries(context, "abbreviations")}
    for text in known_texts(context):
        abbreviations |= {word[:-1].casefold() for word in text.split() if word.endswith(".")}
    capitals = set(_small(entries(context, "capitals")))
    for match in _SENTENCE_START.finditer(body):
        before = body[: match.start()].rsplit(None, 1)[-1].lstrip("(\"'").casefold()
        ends = before.rsplit(".", 1)[-1]
        if before in abbreviations or ends in abbreviations or (len(ends) == 1 and ends.isalpha()):
            continue
        if match[1][0].islower() and match[1] not in capitals | named:
            yield _small_start(draft, match.start(1), match[1])
    main = letter(draft, context).main
    small_may_follow = not entries(context, "greetings") or bool(entries(context, "small_after_greeting"))
    for match in _PARAGRAPH_START.finditer(body, main.start, main.end):
        after_comma = body[: match.start()].endswith(",")  # the greeting of a letter that a script quotes
        first = match.start(1) == main.start + len(main.text) - len(main.text.lstrip())
        if (
            match[1][0].islower()
            and match[1] not in capitals
            and not ((first or after_comma) and small_may_follow)
        ):
            yield _small_start(draft, match.start(1), match[1])


def _small_start(draft: Draft, at: int, word: str) -> Finding:
    text = "a sentence begins with a small letter"
    return _finding(draft, at, text, f"write `{word[0].upper()}{word[1:]}`")


def _spaces(draft: Draft, body: str) -> Iterator[Finding]:
    for match in _SPACE_BEFORE.finditer(body):
        yield _finding(draft, match.start(), f"there is a space before `{match[1]}`", "remove it")
    for match in _NO_SPACE_AFTER.finditer(body):
        text = f"there is no space after `{match[1]}`"
        yield _finding(draft, match.start(), text, f"write `{match[1]} `")
    for match in _SPACES.finditer(body):
        yield _finding(draft, match.start(), "there are two spaces", "leave one out")


def _after_greeting(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """German goes on in small letters after the greeting's comma."""
    parts = letter(draft, context)
    if parts.greeting is None or not parts.greeting.text.rstrip().endswith(","):
        return
    text = parts.main.text
    first = next(iter(words(text)), "")
    if first in entries(context, "small_after_greeting"):
        at = parts.main.start + text.index(first)
        told = f"after the comma of the greeting `{first}` has a small letter"
        yield Finding("proofread", "note", told, place(draft.body, at), f"write `{first.lower()}`")


def _finding(draft: Draft, at: int, text: str, suggestion: str) -> Finding:
    return Finding("proofread", "warning", text, place(draft.body, at), suggestion)
