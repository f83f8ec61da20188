"""Choosing: in which language a draft is written, and in which of a message's wordings.

The language is the person's, else the company's, else English; for a task to yourself your own. Nobody gets
the same wording twice in one case, and the people of one interview get different ones, as far as there are
enough. Both follow from what has happened up to the occasion, so that later events change no draft.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from followup.errors import did_you_mean
from followup.events import Interview
from followup.history import History
from followup.languages import DEFAULT
from followup.proposing import Candidate, all_anchors
from followup.rules import Message
from followup.state import InterviewState

__all__ = ["common_language", "language_wanted", "unknown_languages", "version_for", "wording_index"]


def language_wanted(candidate: Candidate) -> str:
    """The code of the language that the state asks for, whether it is loaded or not."""
    state, person = candidate.scope.history.state, candidate.scope.person
    if candidate.rule.to_self:
        return _code(state.candidate.language) or DEFAULT
    return _code(person.language if person else None) or _code(state.company.language) or DEFAULT


def common_language(wanted: str, messages: Iterable[Message]) -> str:
    """The language if all these messages have it, else English: a draft is never mixed."""
    return wanted if all(wanted in message.translations for message in messages) else DEFAULT


def version_for(candidate: Candidate, language: str) -> Message:
    """The candidate's message in a language that it has, in the wording that is due."""
    message = candidate.rule.message
    assert message is not None
    message = message.translations.get(language, message)
    if not message.wordings:
        return message
    index = wording_index(_people_by_occasion(candidate), _name(candidate), 1 + len(message.wordings))
    return (message, *message.wordings)[index]


def wording_index(occasions: Sequence[Sequence[str]], person: str, count: int) -> int:
    """Which of `count` wordings a person gets on the last of these occasions, each with its people in order.

    Of the wordings that the person got least often so far, and of those that the people before them got least
    often on this occasion, it is the next one in turn.
    """
    given: dict[str, list[int]] = {}
    index = 0
    for turn, people in enumerate(occasions):
        here: list[int] = []
        for position, name in enumerate(people):
            own = given.setdefault(name, [])
            start = turn + position
            index = min(range(count), key=lambda i: (own.count(i), here.count(i), (i - start) % count))
            own.append(index)
            here.append(index)
            if turn == len(occasions) - 1 and name == person:
                return index
    return index


def unknown_languages(state: InterviewState, loaded: Iterable[str]) -> Iterator[str]:
    """A note on each language that the state asks for and that is not loaded."""
    known = set(loaded)
    asked: list[tuple[str, str | None]] = [("company.language", state.company.language)]
    asked += [(f"people.{id_}.language", person.language) for id_, person in state.people.items()]
    asked.append(("candidate.language", state.candidate.language))
    for path, written in asked:
        code = None if written is None else _code(written)
        if code is not None and code not in known:
            told = f"{path} is `{str(written)[:40]}`, a language that is not loaded"
            yield f"{told}; drafts are in English; {did_you_mean(code, sorted(known))}"


def _people_by_occasion(candidate: Candidate) -> list[tuple[str, ...]]:
    """Whom the rule wrote to, or could have, on each occasion up to the candidate's own."""
    history, mine = candidate.scope.history, candidate.anchor.occasion
    occasions = sorted(
        {
            (anchor.occasion.at, anchor.occasion.id): anchor.occasion
            for anchor in all_anchors(candidate.rule, history)
        }.items()
    )
    until = [occasion for key, occasion in occasions if key <= (mine.at, mine.id)]
    again = [mine] * (candidate.attempt - 1)
    *before, own = (_people(candidate, history, occasion.event) for occasion in (*until, *again))
    name = _name(candidate)
    return [*before, own if name in own else (*own, name)]


def _people(candidate: Candidate, history: History, event: Any) -> tuple[str, ...]:
    if candidate.rule.one_recipient or not isinstance(event, Interview):
        return (_name(candidate),)
    return tuple(dict.fromkeys(history.recipient(person) for person in event.with_))


def _name(candidate: Candidate) -> str:
    """Who the candidate is for; of a rule with one recipient it is the case itself, whoever that is now."""
    recipient = candidate.scope.recipient
    return "" if candidate.rule.one_recipient or recipient is None else recipient


def _code(written: str | None) -> str | None:
    """`de` of `de`, `DE` and `de-AT`."""
    code = (written or "").strip().casefold().replace("_", "-").partition("-")[0]
    return code or None
