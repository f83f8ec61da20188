"""The review `grammar`: what is misspelt or ungrammatical, but for names and the words of the case."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding, Severity
from followup_proofreading.lints import SPELLING, Lint, lints
from followup_proofreading.remembering import is_remembered, mark_of, remember

__all__ = ["grammar"]

LANGUAGE = "en"
DOUBTFUL = frozenset({"WordChoice", "Eggcorn", "Malapropism"})
"""Kinds of faults that may be meant: they are notes."""
LONGEST_QUOTE = 60
"""Characters of the draft that a finding quotes; it says where the rest stands."""

_ADDRESS = re.compile(r"\S+@\S+|\b(?:https?://|www\.)\S+|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S*")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SILENT_H = re.compile(r"an (?:hono|heir|hour|honest)", re.IGNORECASE)
_SENTENCE_BEGINS = re.compile(r"(?:^|[.!?:]\s+|\n\s*)$")


def grammar(draft: Draft, context: ReviewContext) -> tuple[Finding, ...]:
    """Findings for a draft in English; none for one in any other language."""
    if context.language is not None and context.language.code != LANGUAGE:
        return ()
    known = _known(context)
    text = f"{draft.subject}\0{draft.body}".casefold()
    mark = mark_of(draft.subject, draft.body, *sorted(word for word in known if word in text))
    if is_remembered(mark):
        return ()
    found = (*_subject(draft.subject, known), *_body(draft.body, known))
    if not found:
        remember(mark)
    return found


def _body(body: str, known: frozenset[str]) -> Iterator[Finding]:
    for lint in _faults(body, known):
        line = body.count("\n", 0, lint.start) + 1
        column = lint.start - (body.rfind("\n", 0, lint.start) + 1) + 1
        yield _finding(lint, f"body:{line}:{column}")


def _subject(subject: str, known: frozenset[str]) -> Iterator[Finding]:
    """A subject is no sentence; only its spelling is read."""
    for lint in _faults(subject, known):
        if lint.kind == SPELLING:
            yield _finding(lint, "subject")


def _faults(text: str, known: frozenset[str]) -> Iterator[Lint]:
    # Addresses are blotted out, so that no place moves.
    read = _ADDRESS.sub(lambda match: " " * len(match[0]), text)
    for lint in lints(read):
        if lint.kind == SPELLING:
            told = _is_misspelt(lint, read, known)
        else:
            told = not _SILENT_H.match(read, lint.start)
        if told:
            yield lint


def _is_misspelt(lint: Lint, text: str, known: frozenset[str]) -> bool:
    """Whether a word is no name, no abbreviation, and none of the case's words."""
    word = lint.text
    if word.casefold() in known or any(letter.isupper() for letter in word[1:]) or not word.isalpha():
        return False
    return word[0].islower() or _SENTENCE_BEGINS.search(text[: lint.start]) is not None


def _finding(lint: Lint, where: str) -> Finding:
    quoted = f"`{lint.text}`" if len(lint.text) <= LONGEST_QUOTE else f"`{lint.text[:LONGEST_QUOTE]}…`"
    if lint.kind == SPELLING:
        text = f"{quoted} is misspelt"
    else:
        text = f"{quoted}: {lint.message.rstrip('.')}"
    severity: Severity = "note" if lint.kind in DOUBTFUL else "warning"
    suggestion = f"write `{lint.instead}`" if lint.instead else "word it another way"
    return Finding("grammar", severity, text, where, suggestion)


def _known(context: ReviewContext) -> frozenset[str]:
    """The words of the case, and the misspellings that the core tells already."""
    texts = [*context.known, *context.people, *_texts(context.facts)]
    if context.language is not None:
        texts += (entry.partition("→")[0] for entry in context.language.reviews.get("misspellings", ()))
    return frozenset(word.casefold() for text in texts for word in _WORD.findall(text))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _texts(item)
