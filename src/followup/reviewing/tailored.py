"""`tailored`: each note is made for its reader; none is nearly the same as another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from followup.hookspecs import OtherText, ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.context import entries, letter, phrases_of, talked_about, texts_in
from followup.reviewing.generic import mentions
from followup.reviewing.letters import Passage, letter_of, place, sentences
from followup.reviewing.phrases import masked

__all__ = ["tailored"]

ALIKE = 88.0
"""From this likeness on (of 100) two sentences, or two notes, say the same."""
MOST_CHARACTERS = 5_000
"""How far a text is compared; a note is shorter."""
FEWEST_WORDS = 8
"""A note of fewer words than these has no room to differ."""
_SPACES = re.compile(r"[\s·]+")


def tailored(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """A finding for each other text that this one is too like, and what could be added instead."""
    main = letter(draft, context).main
    own = _own_words(main, context)
    if sum(len(sentence.split()) for sentence in own) < FEWEST_WORDS:
        return
    where = place(draft.body, main.start + len(main.text) - len(main.text.lstrip()))
    for other in context.others:
        if _too_alike(draft, own, other, context):
            told = f"nearly the same as {_named(other)}"
            yield Finding("tailored", "warning", told, where, _cure(context, other))


def _own_words(main: Passage, context: ReviewContext) -> list[str]:
    """The sentences without what belongs to the case and not to the reader: names, position, strengths."""
    frame = (*texts_in(context.facts.get("candidate")), *texts_in(context.facts.get("company")),
             *texts_in(context.facts.get("position")), *context.people)  # fmt: skip
    begun = Passage(main.start, main.text[:MOST_CHARACTERS])
    kept = (_SPACES.sub(" ", masked(sentence.text, frame)).strip() for sentence in sentences(begun))
    return [sentence.casefold() for sentence in kept if sentence]


def _too_alike(draft: Draft, own: list[str], other: OtherText, context: ReviewContext) -> bool:
    from rapidfuzz import fuzz

    parts = letter_of(other.text, entries(context, "greetings"), entries(context, "closings"))
    theirs = _own_words(parts.main, context)
    if not theirs or _has_its_own_detail(draft, parts.main.text, context):
        return False
    if fuzz.ratio(" ".join(own), " ".join(theirs)) >= ALIKE:
        return True
    return all(any(fuzz.ratio(mine, each) >= ALIKE for each in theirs) for mine in own)


def _has_its_own_detail(draft: Draft, other: str, context: ReviewContext) -> bool:
    """Whether it speaks of something talked about with this reader, of which the other says nothing."""
    main, ignored = letter(draft, context).main.text, phrases_of(context, "common")
    return any(
        mentions(main, each, ignored) and not mentions(other, each, ignored)
        for each in talked_about(context.facts)
    )


def _named(other: OtherText) -> str:
    return f"what you sent to {other.to} on {other.sent}" if other.sent else f"the one to {other.to}"


def _cure(context: ReviewContext, other: OtherText) -> str:
    details = talked_about(context.facts)
    if other.sent:
        return "say something new, or word it another way"
    return (
        f"say a word about `{details[0][:60]}`" if details else "note what you talked about with each of them"
    )
