"""Events in the words of a job seeker: the one place where they are put into sentences.

An event has three forms: as it happens ("Priya Raman answers"), as it happened ("Priya Raman answered"), and
as it would have had to happen ("Priya Raman had answered").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from followup import wording
from followup.events import Event
from followup.records import DayOrTime
from followup.state import InterviewState
from followup.timeline import event_people

__all__ = [
    "Mood",
    "event_words",
    "intent_words",
    "listed",
    "message_words",
    "person_name",
    "stage_words",
    "when_words",
    "whence_words",
]

Mood = Literal["happens", "happened", "had happened"]
_MOODS: tuple[Mood, ...] = ("happens", "happened", "had happened")

_VERBS: Mapping[str, tuple[str, str, str]] = {
    "interview": (
        "you have an interview{with_}", "you had an interview{with_}", "you had had an interview{with_}",
    ),
    "sent": (
        "you write to {whom}{intent}", "you wrote to {whom}{intent}", "you had written to {whom}{intent}",
    ),
    "called": ("you call {whom}{intent}", "you called {whom}{intent}", "you had called {whom}{intent}"),
    "reply": ("{they} {answer}", "{they} answered", "{they} had answered"),
    "promise": (
        "{they} {promise} to decide by {by}", "{they} promised to decide by {by}",
        "{they} had promised to decide by {by}",
    ),
    "absence": (
        "{they} {is} away until {until}", "{they} {was} away until {until}",
        "{they} had been away until {until}",
    ),
    "bounce": ("mail to {whom} comes back", "mail to {whom} came back", "mail to {whom} had come back"),
    "offer": (
        "{they} {make} you an offer{deadline}", "{they} made you an offer{deadline}",
        "{they} had made you an offer{deadline}",
    ),
    "accepted": ("you accept the offer", "you accepted the offer", "you had accepted the offer"),
    "declined": ("you decline the offer", "you declined the offer", "you had declined the offer"),
    "rejection": ("{they} {turn} you down", "{they} turned you down", "{they} had turned you down"),
    "withdrawal": ("you withdraw", "you withdrew", "you had withdrawn"),
    "no_contact": (
        "{they} {ask} you not to write", "{they} asked you not to write", "{they} had asked you not to write",
    ),
    "rescheduled": (
        "the interview is moved to {moved}", "the interview was moved to {moved}",
        "the interview had been moved to {moved}",
    ),
    "cancelled": (
        "the interview is called off", "the interview was called off", "the interview had been called off",
    ),
    "news": ("there is news: {about}", "there was news: {about}", "there had been news: {about}"),
    "done": ("you do the task", "you did the task", "you had done the task"),
    "skipped": ("you skip {key}", "you skipped {key}", "you had skipped {key}"),
    "snoozed": (
        "you put {key} off until {until}", "you put {key} off until {until}",
        "you had put {key} off until {until}",
    ),
    "note": ("you note something", "you noted something", "you had noted something"),
}  # fmt: skip
_ELSEWHERE = (
    "you accept an offer elsewhere", "you accepted an offer elsewhere", "you had accepted an offer elsewhere",
)  # fmt: skip
_NOUNS: Mapping[str, str] = {
    "interview": "an interview",
    "sent": "a message of yours",
    "called": "a call of yours",
    "reply": "an answer",
    "promise": "a date by which they decide",
    "absence": "an absence",
    "bounce": "a message that came back",
    "offer": "an offer",
    "accepted": "an offer that you accepted",
    "declined": "an offer that you declined",
    "rejection": "a refusal",
    "withdrawal": "your withdrawal",
    "no_contact": "a wish not to be contacted",
    "rescheduled": "an interview that is moved",
    "cancelled": "an interview that is called off",
    "news": "news of the company or a person",
}
_SINGULAR = {
    "answer": "answers",
    "promise": "promises",
    "is": "is",
    "was": "was",
    "make": "makes",
    "turn": "turns",
    "ask": "asks",
}
_PLURAL = {
    "answer": "answer",
    "promise": "promise",
    "is": "are",
    "was": "were",
    "make": "make",
    "turn": "turn",
    "ask": "ask",
}

_INTENTS: Mapping[str, str] = {
    "thanks": " to thank them",
    "inquiry": " to ask for an update",
    "final": " to ask for the last time",
    "feedback": " to ask for feedback",
    "connect": " to connect",
    "decline": " to decline",
    "negotiate": " about the terms",
    "keep-in-touch": " to stay in touch",
    "congratulate": " to congratulate them",
}


_MESSAGES: Mapping[str, str] = {
    "answer": "an answer to what was left open",
    "ask-contact": "a request for an address",
    "clarify": "a clarification",
    "congratulate": "a congratulation",
    "connect": "a request to connect",
    "correct": "a correction",
    "decline": "a decline",
    "feedback": "a request for feedback",
    "final": "a final attempt",
    "inquiry": "an inquiry",
    "keep-in-touch": "a word to stay in touch",
    "negotiate": "a word about terms",
    "offer": "an answer to the offer",
    "share": "something shared",
    "task": "a task",
    "thanks": "a thank-you",
}

_STAGES = {
    "new": "nothing has happened yet",
    "invited": "an interview lies ahead",
    "awaiting": "they have not decided",
    "offer": "their offer is open",
    "accepted": "you accepted their offer",
    "declined": "you declined their offer",
    "rejected": "they said no",
    "withdrawn": "you are no longer looking here",
}


def event_words(event: Event, state: InterviewState, mood: Mood = "happens") -> str:
    """What an event is: `Priya Raman answers`, or `Priya Raman had answered`."""
    names = [person_name(state, person) for person in event_people(event)]
    forms = _ELSEWHERE if getattr(event, "elsewhere", False) else _VERBS.get(event.type)
    if forms is None:
        by = f" ({listed(names)})" if names else ""
        what = event.type.replace("_", " ").replace("-", " ") + by
        forms = (f"there is: {what}", f"there was: {what}", f"there had been: {what}")
        return forms[_MOODS.index(mood)]
    deadline = getattr(event, "deadline", None)
    return forms[_MOODS.index(mood)].format(
        they=listed(names) or "they",
        whom=listed(names) or "them",
        with_=f" with {listed(names)}" if names else "",
        intent=_INTENTS.get(str(getattr(event, "intent", "")), ""),
        by=when_words(getattr(event, "by", None)),
        until=when_words(getattr(event, "until", None)),
        moved=when_words(getattr(event, "to", None)),
        deadline=f", open until {when_words(deadline)}" if deadline else "",
        about=str(getattr(event, "about", "")),
        key=str(getattr(event, "key", "")),
        **(_SINGULAR if len(names) == 1 else _PLURAL),
    )


def whence_words(kind: str, intents: frozenset[str] = frozenset()) -> str:
    """What a rule waits for: `an offer`, `a message of yours to thank them`."""
    noun = _NOUNS.get(kind, f"an event of the type `{kind}`")
    what = listed([_INTENTS.get(intent, f" ({intent})").strip() for intent in sorted(intents)], "or")
    return f"{noun} {what}".rstrip()


def message_words(intents: Iterable[str]) -> str:
    """The messages of these intents as everybody names them: `a final attempt or an inquiry`."""
    return listed([_MESSAGES.get(intent, f"a message of `{intent}`") for intent in sorted(intents)], "or")


def intent_words(intent: str) -> str:
    """What a message is for, with a space before it: ` to ask for an update`."""
    return _INTENTS.get(intent, f" ({intent})")


def when_words(value: Any) -> str:
    """A day or time in words: `Friday, 4 December`."""
    if isinstance(value, DayOrTime):
        value = value.value
    if isinstance(value, datetime):
        return f"{wording.day(value.date())}, {value.hour:02}:{value.minute:02}"
    return wording.day(value) if isinstance(value, date) else str(value or "")


def listed(words: list[str] | tuple[str, ...], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def person_name(state: InterviewState, person_id: str | None) -> str:
    """The name of a person as far as it is known; `yourself` for the candidate."""
    if person_id is None or person_id == "-":
        return "somebody"
    if person_id == "self":
        return "yourself"
    person = state.people.get(person_id)
    return (person.name if person else None) or person_id


def stage_words(stage: str) -> str:
    """Where an opportunity stands: `they have not decided`."""
    return _STAGES.get(stage, f"it stands at “{stage}”")
