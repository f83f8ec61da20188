"""Facts in the words of a job seeker: the one place where a path such as `company.culture` is put into words.

A fact has three forms: what it is ("the email address of Lee Okafor"), that it is not noted ("it is not
noted whether Initech is formal or relaxed"), and what holds once it is known ("Initech is relaxed"). Each
names the place in the state too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from followup.fields import Fact
from followup.state import InterviewState
from followup.telling import person_name

__all__ = [
    "fact_lacking",
    "fact_name",
    "fact_plain",
    "fact_unknown",
    "fact_value",
    "general_name",
    "general_value",
    "path_in_state",
]


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
    "candidate.address": "your postal address",
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
    "person.address": "the postal address of {person}",
    "person.linkedin": "the LinkedIn address of {person}",
    "person.timezone": "the time zone of {person}",
    "person.rapport": "how well you got on with {person}",
    "person.absent_until": "until when {person} is away",
    "topics": "what you talked about with {person}",
    "questions": "the questions that the interview left open",
    "concerns": "the doubts that they raised in the interview",
    "mistakes": "what you said wrongly in the interview",
    "closed_at": "the end of the case",
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
_LACKING: Mapping[str, str] = {
    "questions": "no question is noted that the interview left open",
    "concerns": "no doubt is noted that they raised",
    "mistakes": "nothing is noted that you said wrongly and could put right",
    "without_email": "mail reaches everybody who interviewed you",
    "topics": "nothing is noted of what you talked about with {person}",
    "strengths": "none of your strengths is noted",
    "candidate.strengths": "none of your strengths is noted",
    "candidate.library": "nothing of yours is noted that is worth sharing",
    "interviewers": "nobody is noted who held the interview",
    "people": "nobody at {company} is noted who fits",
    "last.offer.unclear": "nothing is noted that is unclear in their offer",
    "last.offer.wishes": "nothing is noted that you would negotiate",
    "anchor.unclear": "nothing is noted that is unclear in their offer",
    "anchor.wishes": "nothing is noted that you would negotiate",
}
_VALUES: Mapping[str, Callable[[str], str]] = {
    "company.culture": lambda value: f"{{company}} is {value}",
    "person.rapport": lambda value: (
        "you got on well with {person}" if value == "friendly" else f"your rapport with {{person}} is {value}"
    ),
    "person.role": lambda value: f"{{person}} is the {value}",
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


_GENERAL: Mapping[str, str] = {
    "anchor.at": "the event",
    "anchor.deadline": "their deadline for an answer",
    "decision_date": "the day that they named",
    "promise.latest": "the last day that they named",
    "person.absent_until": "the day on which the person is back",
    "last.called.at": "your last call",
    "last.declined.at": "your declining",
    "last.promise.at": "their last promise of a date",
    "last.rejection.at": "their refusal",
    "last.reply.at": "their last answer",
    "occasion.announced": "the news of the interview",
    "occasion.at": "the interview",
    "occasion.round": "the number of the round",
    "occasion.concerns": "the doubts that they raised in the interview",
    "person.last_contact": "your last message to the person",
}


def general_name(path: str) -> str:
    """What a fact is, of whatever state: `the email address of the person`; else its path."""
    named = _GENERAL.get(path) or _NAMES.get(path)
    return _in_general(named) if named else f"`{path}`"


def general_value(path: str, value: str) -> str:
    """What holds once a fact has a value, of whatever state: `the company is relaxed`; else empty."""
    made = _VALUES.get(path)
    return _in_general(made(value)) if made else ""


def _in_general(words: str) -> str:
    return words.replace("{company}", "the company").replace("{person}", "the person")


def fact_plain(path: str, state: InterviewState, person_id: str | None = None) -> str:
    """What a fact is, without its place: `the day by which they said they would decide`."""
    return _what(path, state, person_id, None)


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


def fact_lacking(path: str, state: InterviewState, person_id: str | None = None) -> str:
    """That a list has nothing of what is asked: `no question is noted that … (questions)`."""
    words = _LACKING.get(_general(path))
    if words is None:
        return f"what is noted does not meet it: {_what(path, state, person_id, None)} ({path})"
    return f"{_filled(words, path, state, person_id)} ({path_in_state(path, person_id)})"


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
        return fact.about if fact is not None and fact.about else f"`{path}`"
    return _filled(named, path, state, person_id)


def _filled(words: str, path: str, state: InterviewState, person_id: str | None) -> str:
    parts = path.split(".")
    who = parts[1] if parts[0] == "people" and len(parts) > 2 else person_id
    names = {"{company}": state.company.name, "{person}": person_name(state, who)}
    # In one pass, and never by `format`: a value may hold braces of its own.
    return re.sub(r"\{company\}|\{person\}", lambda match: names[match[0]], words)


def _is_plural(what: str) -> bool:
    return what.split()[1:2] in (["questions"], ["doubts"], ["ways"], ["terms"], ["words"])
