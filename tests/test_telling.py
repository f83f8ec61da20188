"""Events in words: each of them can be told in every mood, of one person and of nobody."""

from __future__ import annotations

import pytest
from tests.support import INTERVIEW, Plain, state

from followup.events import EVENT_TYPES
from followup.telling import Mood, event_words

NEEDED: dict[str, Plain] = {
    "sent": {"to": "dana"},
    "called": {"to": "dana"},
    "promise": {"by": "2026-09-20"},
    "absence": {"who": "dana", "until": "2026-09-20"},
    "bounce": {"to": "dana"},
    "rescheduled": {"interview": "r1", "to": "2026-09-20T10:00:00+00:00"},
    "cancelled": {"interview": "r1"},
    "news": {"about": "a prize"},
    "done": {"key": "reflect:r1:self"},
    "skipped": {"key": "reflect:r1:self"},
    "snoozed": {"key": "reflect:r1:self", "until": "2026-09-20"},
    "note": {"text": "a note"},
}


@pytest.mark.parametrize("kind", EVENT_TYPES)
@pytest.mark.parametrize("mood", ["happens", "happened", "had happened"])
def test_every_event_can_be_told(kind: str, mood: Mood) -> None:
    event = {"type": kind, "at": "2026-09-16T10:00:00+00:00", **NEEDED.get(kind, {})}
    given = state(INTERVIEW, event)
    words = event_words(given.events[-1], given, mood)
    assert words
    assert "{" not in words


def test_one_person_was_away() -> None:
    event = {"type": "absence", "at": "2026-09-16T10:00:00+00:00", **NEEDED["absence"]}
    given = state(event)
    assert event_words(given.events[0], given, "happened").startswith("Dana Whitfield was away until")
