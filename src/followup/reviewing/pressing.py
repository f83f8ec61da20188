"""`pressing`: no begging and no pressure; both close doors."""

from __future__ import annotations

from collections.abc import Iterator

from followup.hookspecs import ReviewContext
from followup.plan import Draft, Finding
from followup.reviewing.context import entries, plain_body
from followup.reviewing.letters import place
from followup.reviewing.phrases import find

__all__ = ["pressing"]


def pressing(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    """Findings for phrases that beg or press."""
    body = plain_body(draft, context)
    for name, word, cure in (
        ("begging", "begs", "say what you bring, not what you need"),
        ("pressure", "presses", "ask once, kindly, and leave them the time"),
    ):
        for found in find(entries(context, name), body):
            suggestion = f"write `{found.instead}`" if found.instead else cure
            where = place(draft.body, found.start)
            yield Finding("pressing", "warning", f"`{found.text}` {word}", where, suggestion)
