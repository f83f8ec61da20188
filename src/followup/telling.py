"""Events and facts in the words of a job seeker: the one place where they are put into sentences.

An event has two forms: as it happens ("Priya Raman answers") and as it would have had to happen ("Priya
Raman had answered"). A fact has three: what it is ("the email address of Lee Okafor"), that it is not
noted, and what holds once it is known ("Initech is relaxed").
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Literal

from followup import wording
from followup.events import Event, Sent
from followup.fields import Fact
from followup.records import DayOrTime
from followup.state import InterviewState
from followup.timeline import event_people

__all__ = [
    "Mood",
    "event_words",
    "fact_name",
    "fact_unknown",
    "fact_value",
    "listed",
    "person_name",
    "when_words",
]

Mood = Literal["happens", "had happened"]

_VERBS: Mapping[str, tuple[str, str]] = {
    "interview": ("you have an interview{with_}", "you had had an interview{with_}"),
    "sent": ("you write to {whom}{intent}", "you had written to {whom}{intent}"),
    "called": ("you call {whom}{intent}", "you had called {whom}{intent}"),
    "reply": ("{they} {answer}", "{they} had answered"),
    "promise": (
        "{they} {promise} to decide by {by}",
        "{they} had promised to decide by {by}",
    ),
    "absence": ("{they} {is} away until {until}", "{they} had been away until {until}"),
    "bounce": ("mail to {whom} comes back", "mail to {whom} had come back"),
    "offer": ("{they} {make} you an offer{deadline}", "{they} had made you an offer{deadline}"),
    "accepted": ("you accept the offer", "you had accepted the offer"),
    "declined": ("you decline the offer", "you had declined the offer"),
    "rejection": ("{they} {turn} you down", "{they} had turned you down"),
    "withdrawal": ("you withdraw", "you had withdrawn"),
    "no_contact": ("{they} {ask} you not to write", "{they} had asked you not to write"),
    "rescheduled": ("the interview is moved to {moved}", "the interview had been moved to {moved}"),
    "cancelled": ("the interview is called off", "the interview had been called off"),
    "news": ("there is news: {about}", "there had been news: {about}"),
    "done": ("you do the task", "you had done the task"),
    "skipped": ("you skip {key}", "you had skipped {key}"),
    "snoozed": ("you put {key} off until {until}", "you had put {key} off until {until}"),
    "note": ("you note something", "you had noted something"),
}
_SINGULAR = {
    "answer": "answers",
    "promise": "promises",
    "is": "is",
    "make": "makes",
    "turn": "turns",
    "ask": "asks",
}
_PLURAL = {
    "answer": "answer",
    "promise": "promise",
    "is": "are",
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


def event_words(event: Event, state: InterviewState, mood: Mood = "happens") -> str:
    """What an event is: `Priya Raman answers`, or `Priya Raman had answered`."""
    names = [person_name(state, person) for person in event_people(event)]
    forms = _VERBS.get(event.type)
    if event.type == "accepted" and getattr(event, "elsewhere", False):
        forms = ("you accept an offer elsewhere", "you had accepted an offer elsewhere")
    if isinstance(event, Sent) and event.intent in ("inquiry", "final") and not event.key:
        forms = _VERBS["sent"]
    if forms is None:
        what = event.type.replace("_", " ").replace("-", " ")
        by = f" ({listed(names)})" if names else ""
        forms = (f"there is: {what}{by}", f"there had been: {what}{by}")
        return forms[mood == "had happened"]
    verbs = _SINGULAR if names else _PLURAL
    deadline = getattr(event, "deadline", None)
    return forms[mood == "had happened"].format(
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
        **verbs,
    )


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


# Facts

_NAMES: Mapping[str, str] = {
    "company.culture": "whether {company} is formal or relaxed",
    "company.country": "the country of {company}",
    "company.region": "the region of {company}",
    "company.timezone": "the time zone of {company}",
    "company.name": "the name of the company",
    "position.title": "the title of the position",
    "position.reference": "the reference number of the position",
    "candidate.name": "your name",
    "candidate.email": "your email address",
    "candidate.phone": "your phone number",
    "candidate.timezone": "your time zone",
    "candidate.linkedin": "your LinkedIn address",
    "candidate.strengths": "what fits you for the role (your strengths)",
    "strengths": "what fits you for the role (your strengths)",
    "candidate.distinction": "what sets you apart",
    "candidate.library": "something of yours that is worth sharing",
    "instructions.channels": "the ways in which {company} wants to be reached",
    "instructions.contact": "whom {company} asked candidates to write to",
    "instructions.wait_until": "the day before which {company} asked not to be written to",
    "instructions.no_contact": "whether {company} asked not to be contacted",
    "person.name": "the name of {person}",
    "person.first_name": "the name of {person}",
    "person.role": "the role of {person}",
    "person.email": "the email address of {person}",
    "person.phone": "the phone number of {person}",
    "person.linkedin": "the LinkedIn address of {person}",
    "person.timezone": "the time zone of {person}",
    "person.rapport": "how well you got on with {person}",
    "person.absent_until": "until when {person} is away",
    "topics": "what you talked about with {person}",
    "questions": "the questions that the interview left open",
    "concerns": "the doubts that they raised in the interview",
    "mistakes": "what you said wrongly in the interview",
    "decision_date": "the day by which they said they would decide",
    "promise.latest": "the day by which they said they would decide",
    "promise.words": "the words in which they named a date",
    "promise.who": "who named a date",
    "last.offer.deadline": "the day by which they want an answer to their offer",
    "last.offer.terms": "the terms of their offer",
    "last.offer.unclear": "what is unclear in their offer",
    "last.offer.wishes": "what you would negotiate",
    "last.rejection.reason": "why they turned you down",
    "last.news.about": "what the news is",
    "anchor.deadline": "the day by which they want an answer to their offer",
    "anchor.terms": "the terms of their offer",
    "anchor.unclear": "what is unclear in their offer",
    "anchor.wishes": "what you would negotiate",
    "occasion.medium": "whether the interview was by video, on site or by phone",
    "occasion.round": "which round the interview was",
    "occasion.with": "who held the interview",
    "occasion.questions": "the questions that the interview left open",
    "people": "somebody there to write to",
    "stage": "where the opportunity stands",
}
_VALUES: Mapping[str, Callable[[str], str]] = {
    "company.culture": "{{company}} is {}".format,
    "person.rapport": lambda value: (
        "you got on well with {person}" if value == "friendly" else f"your rapport with {{person}} is {value}"
    ),
    "person.role": "{{person}} is the {}".format,
    "occasion.medium": lambda value: (
        "the interview was on site" if value == "onsite" else f"the interview was by {value}"
    ),
    "instructions.no_contact": lambda value: (
        "{company} asked not to be contacted"
        if value == "true"
        else "{company} does not mind being contacted"
    ),
    "instructions.contact": lambda value: f"{{company}} asked candidates to write to {value}",
    "instructions.channels": lambda value: f"{{company}} may be reached by {value}",
    "instructions.wait_until": lambda value: f"{{company}} may be written to from {value} on",
}


def fact_name(
    path: str, state: InterviewState, person_id: str | None = None, facts: Mapping[str, Fact] | None = None
) -> str:
    """What a fact is, and its place: `the email address of Lee Okafor (people.lee.email)`."""
    return f"{_what(path, state, person_id, facts)} ({path_in_state(path, person_id)})"


def fact_unknown(
    path: str, state: InterviewState, person_id: str | None = None, facts: Mapping[str, Fact] | None = None
) -> str:
    """That a fact is not known: `it is not noted whether Initech is formal or relaxed (company.culture)`."""
    what = _what(path, state, person_id, facts)
    shown = f"({path_in_state(path, person_id)})"
    if what.startswith(("whether ", "how ", "who", "which ", "until ", "what ", "why ")):
        return f"it is not noted {what} {shown}"
    return f"{what} {'are' if _is_plural(what) else 'is'} not noted {shown}"


def fact_value(path: str, value: str, state: InterviewState, person_id: str | None = None) -> str:
    """What holds once a fact has a value: `Initech is relaxed (company.culture)`."""
    shown = path_in_state(path, person_id)
    general = _general(path)
    made = _VALUES.get(general)
    if made is None:
        return f"{_what(path, state, person_id, None)} is {value} ({shown})"
    return f"{_filled(made(value), path, state, person_id)} ({shown})"


def path_in_state(path: str, person_id: str | None = None) -> str:
    """Where a fact stands in the state: `person.rapport` as `people.dana.rapport`."""
    if path.startswith("person.") and person_id is not None:
        return f"people.{person_id}.{path.removeprefix('person.')}"
    return path


def _general(path: str) -> str:
    """`people.dana.rapport` as `person.rapport`."""
    parts = path.split(".")
    return f"person.{'.'.join(parts[2:])}" if parts[0] == "people" and len(parts) > 2 else path


def _what(path: str, state: InterviewState, person_id: str | None, facts: Mapping[str, Fact] | None) -> str:
    named = _NAMES.get(_general(path))
    if named is None:
        fact = (facts or {}).get(_general(path))
        named = fact.about if fact is not None and fact.about else f"`{path}`"
        return named.replace("the person", person_name(state, person_id)) if person_id else named
    return _filled(named, path, state, person_id)


def _filled(words: str, path: str, state: InterviewState, person_id: str | None) -> str:
    parts = path.split(".")
    who = parts[1] if parts[0] == "people" and len(parts) > 2 else person_id
    return words.format(company=state.company.name, person=person_name(state, who))


def _is_plural(what: str) -> bool:
    return what.split()[1:2] in (["questions"], ["doubts"], ["ways"], ["terms"], ["words"])
