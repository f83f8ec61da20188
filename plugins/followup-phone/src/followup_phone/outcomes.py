"""What came of a call, as events. Pure: asking and writing are done elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from followup.events import Absence, Called, Event, Interview, Note, Offer, Promise, Rejection, Reply, Snoozed
from followup.plan import FollowUp
from followup.records import DayOrTime

__all__ = ["ANSWERS", "OUTCOMES", "Answer", "Call", "Outcome", "events_of"]

Outcome = Literal["spoke", "voicemail", "gatekeeper", "no answer", "call back", "they called"]
Answer = Literal["nothing new", "date", "no", "interview", "offer"]

OUTCOMES: Mapping[Outcome, str] = {
    "spoke": "you spoke with them",
    "voicemail": "you left a message",
    "gatekeeper": "somebody else answered",
    "no answer": "nobody answered, and you left no message",
    "call back": "they asked you to call again at a better time",
    "they called": "they called you",
}
ANSWERS: Mapping[Answer, str] = {
    "nothing new": "nothing that can be written down as a day or a decision",
    "date": "by when they will decide or be in touch",
    "no": "that you are not chosen",
    "interview": "an invitation to another interview",
    "offer": "that they make you an offer",
}
SPOKE = frozenset({"spoke", "they called"})
"""The outcomes after which there is something that they said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A call that was made, or came in, and what was said.

    `message` says whether somebody else was asked to pass a message on. `when` is what the answer or the
    outcome needs: by when they decide, when the interview is, by when they want an answer to their offer,
    when to call again.
    """

    at: datetime
    person: str
    outcome: Outcome
    answer: Answer = "nothing new"
    when: DayOrTime | None = None
    words: str = ""
    message: bool = False


def events_of(call: Call, followup: FollowUp | None = None) -> tuple[Event, ...]:
    """The events of a call that carried out a follow-up, or none in particular.

    A call that reached nobody settles nothing: it is a note, and the follow-up is put off where it says until
    when. Raises ValueError where an answer lacks its time.
    """
    return tuple(event for event in _events(call, followup) if event is not None)


def _events(call: Call, followup: FollowUp | None) -> Iterator[Event | None]:
    if call.outcome == "they called":
        yield Reply(at=call.at, from_=call.person, text=call.words or None)
    elif call.outcome in ("spoke", "voicemail", "call back"):
        yield _called(call, followup, call.outcome)
    elif call.message:
        yield _called(call, followup, "voicemail")
        yield Note(at=call.at, text=_note(call, "somebody else answered and passes a message on"))
    elif call.outcome == "gatekeeper":
        yield Note(at=call.at, text=_note(call, "somebody else answered"))
    else:
        yield Note(at=call.at, text=_note(call, "nobody answered"))
    if call.outcome in SPOKE:
        yield _said(call)
    elif call.when is not None and call.outcome != "voicemail":
        yield _again(call, followup)


def _called(
    call: Call, followup: FollowUp | None, outcome: Literal["spoke", "voicemail", "call back"]
) -> Called:
    parts = followup.parts or None if followup else None
    return Called(
        at=call.at,
        to=call.person,
        outcome=outcome,
        intent=followup.intent if followup else None,
        key=followup.key if followup else None,
        parts=parts,
    )


def _said(call: Call) -> Event | None:
    words = call.words or None
    if call.answer == "no":
        return Rejection(at=call.at, from_=call.person, reason=words)
    if call.answer == "offer":
        return Offer(at=call.at, from_=call.person, deadline=call.when, terms=words)
    if call.answer == "date":
        return Promise(at=call.at, by=_needed(call), who=call.person, words=words)
    if call.answer == "interview":
        value = _needed(call).value
        if not isinstance(value, datetime):
            raise ValueError("an interview needs its time")
        return Interview(at=value, with_=(call.person,), arranged=call.at)
    if words and call.outcome != "they called":
        return Note(at=call.at, text=words)
    return None


def _again(call: Call, followup: FollowUp | None) -> Event:
    """Not before then: the person is not to be reached, or the follow-up waits."""
    until = _needed(call)
    if call.outcome == "no answer" and followup is not None:
        return Snoozed(at=call.at, key=followup.key, until=until)
    return Absence(at=call.at, who=call.person, until=_before(until))


def _before(until: DayOrTime) -> DayOrTime:
    """Who can be reached from a day on is away until the day before."""
    from followup.calendars import shifted_day

    value = until.value
    return until if isinstance(value, datetime) else DayOrTime(shifted_day(value, -1))


def _needed(call: Call) -> DayOrTime:
    if call.when is None:
        raise ValueError(f"`{call.answer}` needs a day")
    return call.when


def _note(call: Call, told: str) -> str:
    return f"Called {call.person}: {told}." + (f" {call.words}" if call.words else "")
