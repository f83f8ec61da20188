"""What the core's reviews share: the language's lists, the known names, and the text that is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from followup.hookspecs import ReviewContext
from followup.plan import Draft
from followup.reviewing.letters import Letter, letter_of
from followup.reviewing.phrases import listed, masked, phrases

__all__ = [
    "entries",
    "fact",
    "first_of",
    "known_texts",
    "letter",
    "phrases_of",
    "plain_body",
    "talked_about",
    "texts_in",
    "without_addresses",
]

# Repetitions are bounded or begin at a space, so that no text makes them slow.
_ADDRESS = re.compile(
    r"(?<!\S)\S+@\S+"
    r"|\b(?:https?://|www\.)\S+"
    r"|\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[a-z]{2,24}(?:/\S*)?(?=[\s,;)]|$)"
)


def entries(context: ReviewContext, *names: str) -> tuple[str, ...]:
    """The entries of lists of the draft's language."""
    return listed(context.language.reviews, *names) if context.language else ()


def phrases_of(context: ReviewContext, name: str) -> frozenset[str]:
    """The phrases of a list, without case."""
    return phrases(entries(context, name))


def first_of(context: ReviewContext, name: str, otherwise: str) -> str:
    """The first entry of a list."""
    return next(iter(entries(context, name)), otherwise)


def letter(draft: Draft, context: ReviewContext) -> Letter:
    """The parts of the draft's body."""
    return letter_of(draft.body, entries(context, "greetings"), entries(context, "closings"))


def fact(facts: Mapping[str, Any], owner: str, name: str) -> str | None:
    """A text among the facts, or None where it is not known."""
    values = facts.get(owner)
    value = values.get(name) if isinstance(values, Mapping) else None
    return value if isinstance(value, str) and value.strip() else None


def texts_in(value: Any) -> tuple[str, ...]:
    """Every text within a value of nested dictionaries and lists."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, Mapping):
        return tuple(text for item in value.values() for text in texts_in(item))
    if isinstance(value, (list, tuple)):
        return tuple(text for item in value for text in texts_in(item))
    return ()


def talked_about(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """What was noted of the conversation with this person: topics, questions, concerns, mistakes."""
    records = (*(facts.get("concerns") or ()), *(facts.get("mistakes") or ()))
    noted = [record.get(name) for record in records for name in ("about", "evidence", "said", "correction")]
    return texts_in([facts.get("topics"), facts.get("questions"), noted])


def known_texts(context: ReviewContext) -> tuple[str, ...]:
    """What the state itself says: names, topics, titles, and all other texts in it."""
    return (*context.known, *texts_in(context.facts))


def plain_body(draft: Draft, context: ReviewContext) -> str:
    """The body with addresses and what the state itself says blotted out; every place stays as it is."""
    return masked(without_addresses(draft.body), known_texts(context))


def without_addresses(text: str) -> str:
    """The text with mail and web addresses blotted out; every place stays as it is."""
    return _ADDRESS.sub(lambda match: "·" * len(match[0]), text)
