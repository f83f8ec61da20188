"""`casual`: the language stays professional, even where the interviewer was informal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.context import entries, phrases_of, plain_body
from followup.reviewing.letters import place
from followup.reviewing.phrases import find

__all__ = ["casual"]

MOST_EXCLAMATIONS = 2

_EMOJI = re.compile(
    "[\U0001f300-\U0001faff\u2600-\u26ff\u2702-\u27b0\u2b50\u2764]\ufe0f?"
    r"|(?<![\w:])(?:[:;=8xX]['’]?-?[)(DPpOo3/|\]]+|<3|\^\^|\^_\^)(?!\w)"
)
_CAPITALS = re.compile(r"(?<!\w)[^\W\d_a-zäöüß]{2,}(?:[ ,]+[^\W\d_a-zäöüß]{2,})*(?!\w)")
_MARKS = re.compile(r"[!?]*!{2,}[!?]*|\?!|!\?|\?{2,}")


def casual(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """Findings for slang, over-familiar phrases, emoji, words in capitals and rows of marks."""
    body = plain_body(draft, context)
    for found in find(entries(context, "slang"), body):
        yield _finding(
            draft, found.start, f"`{found.text}` is slang", _instead(found.instead, "say it plainly")
        )
    for found in find(entries(context, "familiar"), body):
        text = f"`{found.text}` is too familiar"
        yield _finding(draft, found.start, text, _instead(found.instead, "leave it out"))
    for match in _EMOJI.finditer(body):
        yield _finding(draft, match.start(), f"`{match[0]}` is for chats", "leave it out")
    shouted = phrases_of(context, "shouted")
    for match in _CAPITALS.finditer(body):
        loud = [word for word in re.split(r"[ ,]+", match[0]) if word.casefold() in shouted]
        if match[0].isupper() and any(len(word) > 2 for word in loud):
            yield _finding(draft, match.start(), f"`{match[0]}` shouts", f"write `{match[0].lower()}`")
    for match in _MARKS.finditer(body):
        yield _finding(draft, match.start(), f"`{match[0]}` shouts", f"one `{match[0][-1]}` is enough")
    single = [match.start() for match in re.finditer(r"(?<![!?])!(?![!?])", body)]
    if len(single) > MOST_EXCLAMATIONS:
        text = f"{len(single)} exclamation marks are too many"
        yield _finding(draft, single[MOST_EXCLAMATIONS], text, "end the sentence with a full stop")


def _instead(instead: str, otherwise: str) -> str:
    return f"write `{instead}`" if instead else otherwise


def _finding(draft: Draft, at: int, text: str, suggestion: str) -> Finding:
    return Finding("casual", "warning", text, place(draft.body, at), suggestion)
