"""What a chronicle says in words, whatever shows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from followup.retrospect.chronicles import Coming, Past

__all__ = ["coming_words", "length", "past_notes", "past_words"]


def past_notes(past: Past, now: datetime) -> Iterator[str]:
    """What stands beneath an event: how long it took or has waited, and what was said."""
    if past.after_days is not None:
        yield f"{length(past.after_days)} after you wrote"
    if past.waits:
        yield f"no answer for {length((now - past.at).total_seconds() / 86400)}"
    if past.said:
        yield f"“{past.said}”"


def past_words(past: Past) -> str:
    """What happened, and by which way: `You wrote to Dana Whitfield to thank them, by email`."""
    plain = past.type in ("interview", "called")
    return past.words + (f", {past.by}" if past.by and plain else f", by {past.by}" if past.by else "")


def coming_words(each: Coming) -> str:
    """What is to come: `Ask politely for an update → Dana Whitfield by email`."""
    to = f" → {each.to}" if each.to else ""
    by = f" by {each.channel}" if each.channel and each.kind != "interview" else ""
    stands = {"due": "Due: ", "held": "Held until then: ", "blocked": "Blocked: "}.get(each.kind, "")
    return f"{stands}{each.words}{to}{by}"


def length(days: float) -> str:
    """`19 hours`, `2.4 days`, `12 days`."""
    if days < 1.5:
        hours = round(days * 24)
        return f"{hours} hour" if hours == 1 else f"{hours} hours"
    return f"{days:.1f} days" if days < 9.95 else f"{round(days)} days"
