"""What is worth sharing: the items of the candidate's library that meet what was talked about.

An item meets a topic if all words of one of its tags stand in it, without case and simple plural. Nothing is
shared twice with one person: what a message to them may have held already is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from followup.events import Interview, Sent
from followup.history import History
from followup.moments import Instant
from followup.state import LibraryItem
from followup.timeline import Happened

__all__ = ["worth_sharing"]

_WORD = re.compile(r"\w+")


def worth_sharing(
    history: History, person_id: str, interview: Interview | None = None
) -> tuple[LibraryItem, ...]:
    """The items that first met what was talked about with somebody in this interview, in their order.

    Without an interview, in any that is over.
    """
    found = []
    for item in history.state.candidate.library:
        first = _first_met(history, person_id, item)
        if (
            first is not None
            and interview in (None, first.event)
            and not any(_may_hold(sent, item) for sent in _sent(history, person_id, first.at))
        ):
            found.append(item)
    return tuple(found)


def _first_met(history: History, person_id: str, item: LibraryItem) -> Happened | None:
    """The first interview with somebody of which an item meets a topic."""
    for happened in history.held_interviews:
        if isinstance(happened.event, Interview) and _meets(item, happened.event.topics.get(person_id, ())):
            return happened
    return None


def _meets(item: LibraryItem, topics: Iterable[str]) -> bool:
    tags = [words for words in map(_words, item.tags) if words]
    return any(tag <= _words(topic) for topic in topics for tag in tags)


def _words(text: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in _WORD.findall(text.casefold()))


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def _sent(history: History, person_id: str, since: Instant) -> Iterator[Sent]:
    """The messages to somebody from a moment on."""
    for happened in history.of_type("sent"):
        event = happened.event
        if (
            isinstance(event, Sent)
            and happened.id not in history.bounced
            and history.recipient(event.to) == history.recipient(person_id)
            and happened.at >= since
        ):
            yield event


def _may_hold(sent: Sent, item: LibraryItem) -> bool:
    """Whether a message holds the item: its text names it; or none is kept, and it may have ridden in it."""
    if sent.text is not None:
        named = [name.casefold() for name in (item.title, item.url) if name]
        return any(name in sent.text.casefold() for name in named)
    if sent.intent in ("share", "keep-in-touch"):
        return True
    return bool(sent.parts) or (sent.parts is None and sent.key is not None)
