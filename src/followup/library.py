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

__all__ = ["worth_sharing"]

_WORD = re.compile(r"\w+")


def worth_sharing(
    history: History, person_id: str, interview: Interview | None = None
) -> tuple[LibraryItem, ...]:
    """The items that meet the topics of this interview with the person, in the library's order.

    Without an interview, those of every one that is over.
    """
    topics = [topic for held, topic in _topics(history, person_id) if interview in (None, held)]
    return tuple(
        item
        for item in history.state.candidate.library
        if _meets(item, topics) and not any(_may_hold(sent, item) for sent in _sent(history, person_id, item))
    )


def _topics(history: History, person_id: str) -> Iterator[tuple[Interview, str]]:
    """What was talked about with somebody, interview by interview."""
    for happened in history.held_interviews:
        if isinstance(happened.event, Interview):
            for topic in happened.event.topics.get(person_id, ()):
                yield happened.event, topic


def _meets(item: LibraryItem, topics: Iterable[str]) -> bool:
    tags = [words for words in map(_words, item.tags) if words]
    return any(tag <= _words(topic) for topic in topics for tag in tags)


def _words(text: str) -> frozenset[str]:
    return frozenset(_singular(word) for word in _WORD.findall(text.casefold()))


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    return word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s")


def _sent(history: History, person_id: str, item: LibraryItem) -> Iterator[Sent]:
    """The messages to somebody since the item first met what was talked about with them."""
    since = min(_first_met(history, person_id, item), default=None)
    for happened in history.of_type("sent"):
        event = happened.event
        if (
            isinstance(event, Sent)
            and happened.id not in history.bounced
            and history.recipient(event.to) == history.recipient(person_id)
            and since is not None
            and happened.at >= since
        ):
            yield event


def _first_met(history: History, person_id: str, item: LibraryItem) -> Iterator[Instant]:
    for happened in history.held_interviews:
        if isinstance(happened.event, Interview) and _meets(item, happened.event.topics.get(person_id, ())):
            yield happened.at


def _may_hold(sent: Sent, item: LibraryItem) -> bool:
    """Whether a message holds the item: its text names it; or none is kept, and it may have ridden in it."""
    if sent.text is not None:
        named = [name.casefold() for name in (item.title, item.url) if name]
        return any(name in sent.text.casefold() for name in named)
    if sent.intent in ("share", "keep-in-touch"):
        return True
    return bool(sent.parts) or (sent.parts is None and sent.key is not None)
