"""`concise`: a few short paragraphs at most."""

from __future__ import annotations

import re
from collections.abc import Iterator

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.context import letter
from followup.reviewing.letters import place

__all__ = ["MOST_PARAGRAPHS", "MOST_WORDS", "concise"]

MOST_WORDS = 200
"""Mails of 75 to 100 words are answered most (Boomerang, 2016); a few more may be needed for an answer."""
MOST_PARAGRAPHS = 5
"""Between greeting and closing. A list counts as one."""

_PARAGRAPH = re.compile(r"\S(?:[^\n]|\n(?!\s*\n))*")
_WORD = re.compile(r"\S+")


def concise(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """A finding where the body goes over the limit, which says by how much."""
    main = letter(draft, context).main
    words = list(_WORD.finditer(main.text))
    if len(words) > MOST_WORDS:
        where = place(draft.body, main.start + words[MOST_WORDS].start())
        text = f"{len(words)} words, {len(words) - MOST_WORDS} over the limit of {MOST_WORDS}"
        yield Finding("concise", "warning", text, where, "leave out what the reader knows already")
    paragraphs = list(_PARAGRAPH.finditer(main.text))
    over = len(paragraphs) - MOST_PARAGRAPHS
    if over > 0:
        where = place(draft.body, main.start + paragraphs[MOST_PARAGRAPHS].start())
        text = f"{len(paragraphs)} paragraphs, {over} over the limit of {MOST_PARAGRAPHS}"
        yield Finding("concise", "warning", text, where, f"join or leave out {over} of them")
