"""Facts: what rules and messages may name, each with a path, a type and how it is read.

Most come straight from the fields of the state and its events; the rest are derived from the history.
A fact is read from a `Scope`: the history as seen for one person and one anchor event.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Callable, Iterator, Mapping
from operator import attrgetter
from typing import Any

from msgspec import Struct

from followup import names
from followup.conditions import Getter
from followup.events import EVENT_TYPES, Event, Interview
from followup.fields import (
    BOOLEAN,
    CLOCK,
    ELAPSED,
    MOMENT,
    NUMBER,
    OF_ELEMENT,
    TEXT,
    TEXTS,
    Fact,
    FactType,
    Reading,
    itself,
    struct_facts,
    type_of,
)
from followup.history import History, Recipient
from followup.library import worth_sharing
from followup.moments import EARLIEST, instant
from followup.records import Record
from followup.scope import Scope, lead_of, reachable_by
from followup.state import Candidate, Company, Instructions, LibraryItem, Person, Position
from followup.timepoints import Timepoint, at_instant

__all__ = ["STAGES", "LastEvent", "anchor_facts", "core_facts"]

STAGES = ("new", "invited", "awaiting", "offer", "accepted", "declined", "rejected", "withdrawn")


def _interviewers(scope: Scope) -> tuple[Scope, ...]:
    interview = scope.interview
    return tuple(scope.of(person) for person in interview.with_) if interview else ()


def _without_email(scope: Scope) -> tuple[Scope, ...]:
    return tuple(s for s in _interviewers(scope) if not scope.history.mail_works(str(s.person_id)))


def _people(scope: Scope) -> tuple[Scope, ...]:
    return tuple(scope.of(person) for person in scope.history.state.people)


def _own(scope: Scope, records: tuple[Any, ...]) -> tuple[Any, ...]:
    """Those of an interview's records that concern the scope's person: named, or unnamed for the lead."""
    lead = lead_of(scope)
    return tuple(r for r in records if (r.with_ or lead) == scope.person_id)


def _topics(scope: Scope) -> tuple[str, ...]:
    interview = scope.interview
    return tuple(interview.topics.get(scope.person_id, ())) if interview and scope.person_id else ()


def _insights(scope: Scope) -> tuple[Any, ...]:
    if scope.person_id is None:
        return ()
    return worth_sharing(scope.history, scope.person_id, scope.interview)


def _occasion_topics(scope: Scope) -> tuple[str, ...]:
    interview = scope.interview
    topics = interview.topics.values() if interview else ()
    return tuple(dict.fromkeys(topic for of_person in topics for topic in of_person))


_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\W\d_a-z])")


def _closed_because(scope: Scope) -> str | None:
    """The first sentence of the reason that the candidate noted for their own decision."""
    for kind in ("withdrawal", "declined", "accepted"):
        happened = scope.history.last(kind)
        reason = getattr(happened.event, "reason", None) if happened else None
        if reason and reason.strip():
            return _SENTENCE_END.split(" ".join(reason.split()), maxsplit=1)[0]
    return None


def _written_for(scope: Scope) -> tuple[str, ...] | None:
    if scope.recipient is None:
        return None
    contacts = scope.history.contacts
    intents = (c.intent for c in contacts if c.here and c.recipient == scope.recipient and c.intent)
    return tuple(dict.fromkeys(intents))


def _questions(scope: Scope) -> tuple[str, ...]:
    interview = scope.interview
    leads = scope.person_id is not None and scope.person_id == lead_of(scope)
    return interview.questions if interview and leads else ()


def _announced(scope: Scope) -> Any:
    interview = scope.interview
    if interview is None:
        return None
    return at_instant(EARLIEST if interview.arranged is None else instant(interview.arranged))


def _occasion_day(scope: Scope) -> Any:
    if scope.interview is None or scope.occasion is None:
        return None
    day = scope.calendar.day(scope.occasion.at)
    return Timepoint(scope.calendar.start_of(day), scope.calendar.end_of(day), day)


def _of_name(read: Callable[[Person, str], str | None]) -> Getter:
    def get(scope: Scope) -> str | None:
        person = scope.person
        name = person.name.strip() if person and person.name else ""
        return read(person, name) if person and name else None

    return get


def _title(person: Person, name: str) -> str | None:
    return (person.title or "").strip() or names.title_of(name)


def _family_name(person: Person, name: str) -> str | None:
    return (person.family_name or "").strip() or names.family_name(name)


def _promise(name: str) -> Getter:
    def get(scope: Scope) -> Any:
        promise = scope.history.promise
        return None if promise is None else getattr(promise.event, name)

    return get


def _decision_date(scope: Scope) -> Any:
    promise = scope.history.promise
    return None if promise is None else scope.history.promised_day(promise, scope.calendar)


def _promise_id(scope: Scope) -> str | None:
    promise = scope.history.promise
    return None if promise is None else promise.id


def _latest_promise(scope: Scope) -> Timepoint | None:
    promises = scope.history.open_promises
    return scope.history.promised_day(promises[-1], scope.calendar) if promises else None


def _of_person(get: Callable[[Scope, Recipient], Any]) -> Getter:
    def read(scope: Scope) -> Any:
        return None if scope.recipient is None else get(scope, scope.recipient)

    return read


def _at(when: int | None) -> Any:
    return None if when is None else at_instant(when)


def person_facts(prefix: str) -> Iterator[Fact]:
    """The facts of a person: the fields, and what follows from the history."""
    dot = f"{prefix}." if prefix else ""
    yield Fact(f"{dot}id", TEXT, "the person's id", attrgetter("person_id"))
    yield from struct_facts(Person, prefix, attrgetter("person"), None if prefix else OF_ELEMENT)
    yield from _name_facts(dot)
    yield Fact(
        f"{dot}last_contact", MOMENT, "when you last wrote to or called them",
        _of_person(lambda scope, who: _at(scope.history.last_contact(who))),
    )  # fmt: skip
    yield Fact(
        f"{dot}last_heard", MOMENT, "when they last spoke to you",
        _of_person(lambda scope, who: _at(scope.history.last_heard(who))),
    )  # fmt: skip
    yield Fact(
        f"{dot}silence", ELAPSED, "the time since they last spoke to you",
        _of_person(lambda scope, who: scope.history.last_heard(who)),
    )  # fmt: skip
    yield Fact(
        f"{dot}unanswered", NUMBER, "your contacts to them since they last spoke",
        _of_person(lambda scope, who: len(scope.history.unanswered_by(who))),
    )  # fmt: skip
    yield Fact(
        f"{dot}written_for", TEXTS, "the intents for which you have written to or called them",
        _written_for,
    )  # fmt: skip
    yield Fact(
        f"{dot}absent_until", MOMENT, "until when they are away",
        lambda scope: scope.history.absent_until(scope.person_id) if scope.person_id else None,
    )  # fmt: skip
    yield Fact(
        f"{dot}reachable_by", TEXTS, "the channels that reach them",
        reachable_by,
    )  # fmt: skip


def _name_facts(dot: str) -> Iterator[Fact]:
    """What follows from a person's name, each replacing the field of its path."""

    def fact(name: str, about: str, read: Callable[[Person, str], str | None]) -> Fact:
        return Fact(f"{dot}{name}", TEXT, about, _of_name(read), follows=f"{dot}name")

    yield fact("first_name", "the first word of the name", lambda _, name: names.first_name(name))
    yield fact("family_name", "the family name: given, else the last word of the name", _family_name)
    yield fact("title", "the academic title: given, else as the name begins", _title)
    yield fact(
        "titled_name", "the full name with the title", lambda p, name: names.with_title(name, _title(p, name))
    )


def _anchor_event(scope: Scope) -> Event | None:
    return scope.anchor.event if scope.anchor else None


def _occasion_interview(scope: Scope) -> Event | None:
    return scope.interview


def anchor_facts(kinds: frozenset[str]) -> Iterator[Fact]:
    """The facts of the anchor event, of one of these types."""
    yield Fact(
        "anchor.type",
        TEXT,
        "the type of the event that the rule hangs on",
        lambda s: s.anchor and s.anchor.type,
    )
    yield Fact("anchor.id", TEXT, "its id", lambda scope: scope.anchor and scope.anchor.id)
    for kind in sorted(kinds & EVENT_TYPES.keys()):
        yield from struct_facts(EVENT_TYPES[kind], "anchor", _EventOf(_anchor_event, EVENT_TYPES[kind]))


class _EventOf(Struct, frozen=True):
    """Reads an event if it is of one type."""

    get: Getter
    kind: type[Event]

    def __call__(self, subject: Any) -> Event | None:
        event = self.get(subject)
        return event if isinstance(event, self.kind) else None


class LastEvent(Struct, frozen=True):
    """Reads the last event of one type."""

    kind: str

    def __call__(self, scope: Scope) -> Event | None:
        return scope.history.latest.get(self.kind)


def core_facts() -> Iterator[Fact]:
    """All facts of the core but those of the anchor, which depend on the rule."""
    yield from _state_facts()
    yield from person_facts("person")
    yield from _history_facts()
    yield from _people_facts()
    yield from _interview_facts()
    yield from _event_facts()


def _state_facts() -> Iterator[Fact]:
    """What the state says of candidate, company, position and instructions."""
    owners: Mapping[str, type[Record]] = {
        "candidate": Candidate,
        "company": Company,
        "position": Position,
        "instructions": Instructions,
    }
    for name, struct in owners.items():
        owner = f"history.state.{name}"
        yield from struct_facts(struct, name, attrgetter(owner), Reading(owner, "{it}."))
    culture = Reading("history.state.company", "{it}.culture and {it}.culture == 'relaxed'")
    yield Fact("relaxed", BOOLEAN, "whether the company's culture is relaxed", _relaxed, reading=culture)
    strengths = attrgetter("history.state.candidate.strengths")
    read_as = Reading("history.state.candidate", "{it}.strengths", always=True)
    yield Fact("strengths", TEXTS, "the candidate's strengths", strengths, reading=read_as)


def _relaxed(scope: Scope) -> bool | None:
    culture = scope.history.state.company.culture
    return None if culture is None else culture == "relaxed"


def _history_facts() -> Iterator[Fact]:
    """What follows from all events together."""

    def fact(
        path: str, type_: FactType, about: str, get: Callable[[History], Any], read_as: str | None = None
    ) -> Fact:
        reading = None if read_as is None else Reading("history", read_as, always=True)
        return Fact(path, type_, about, lambda scope: get(scope.history), reading=reading)

    stages = FactType("text", values=STAGES)
    yield fact("stage", stages, "where the opportunity stands", lambda h: h.stage, "{it}.stage")
    closed = "when it came to its end: a refusal, a withdrawal, a decline or an acceptance"
    yield fact("closed_at", MOMENT, closed, lambda h: _at(h.closed_at))
    brief = "the reason that you noted for declining or withdrawing: its first sentence"
    yield Fact("closed_because", TEXT, brief, _closed_because)
    held = "the interviews that are over"
    yield fact("rounds", NUMBER, held, lambda h: h.rounds, "{it}.rounds")
    yield fact("last_contact", MOMENT, "when you last wrote or called", lambda h: _at(h.last_contact()))
    yield fact("last_heard", MOMENT, "when anybody there last spoke to you", lambda h: _at(h.last_heard()))
    yield fact("silence", ELAPSED, "the time since anybody there spoke to you", lambda h: h.last_heard())
    since = "your contacts since anybody there spoke"
    yield fact("unanswered", NUMBER, since, lambda h: h.waiting, "{it}.waiting")
    promised = "the day by which they promised to decide or be in touch"
    yield Fact("decision_date", MOMENT, promised, _decision_date)
    yield Fact("promise.id", TEXT, "the id of that promise", _promise_id)
    yield Fact("promise.words", TEXT, "the words of that promise", _promise("words"))
    yield Fact("promise.who", TEXT, "the id of who made it", _promise("who"))
    yield Fact("promise.latest", MOMENT, "the latest day that an open promise names", _latest_promise)
    yield Fact(
        "now", CLOCK, "the present, for `during`, and for `before` and `after` a day", lambda scope: True
    )


def _people_facts() -> Iterator[Fact]:
    """Lists of people, whose elements have the facts of a person."""
    people = FactType(
        "list", element=FactType("record", fields={fact.path: fact for fact in person_facts("")})
    )
    everybody = Reading("history.state", "{it}.people.values()", always=True)
    yield Fact("people", people, "everybody at the company", _people, reading=everybody)
    yield Fact("interviewers", people, "who held the interview that the rule hangs on", _interviewers)
    yield Fact("without_email", people, "those interviewers whom mail does not reach", _without_email)


def _interview_facts() -> Iterator[Fact]:
    """What was noted of the interview that the rule hangs on, as far as it concerns the person."""
    yield Fact("topics", TEXTS, "what was talked about with the person in that interview", _topics)
    yield Fact("questions", TEXTS, "the questions left open in that interview, seen for its lead", _questions)
    items = FactType("record", fields={fact.path: fact for fact in struct_facts(LibraryItem, "", itself)})
    worth = (
        "what of the library meets what was talked about with the person, and was not shared with them yet"
    )
    yield Fact("insights", FactType("list", element=items), worth, _insights)
    yield from struct_facts(Interview, "occasion", _occasion_interview)
    yield Fact("occasion.topics", TEXTS, "what was talked about in it, with anybody", _occasion_topics)
    yield Fact("occasion.day", MOMENT, "the day of that interview", _occasion_day)
    yield Fact(
        "occasion.announced", MOMENT,
        "when that interview became known: arranged, else long ago; for what is due before it",
        _announced,
    )  # fmt: skip
    hints = typing.get_type_hints(Interview, include_extras=True)
    for name in ("concerns", "mistakes"):
        _, type_ = type_of(hints[name])
        assert type_ is not None
        yield Fact(name, type_, f"the {name} noted in that interview for the person", _Own(name))


def _event_facts() -> Iterator[Fact]:
    """Of each type of event the last one, and how many there are."""
    for kind, event in EVENT_TYPES.items():
        latest = Reading(f"history.latest.get({kind!r})", "{it} and {it}.")
        yield from struct_facts(event, f"last.{kind}", LastEvent(kind), latest)
        many = Reading("history.happened", f"len({{it}}.get({kind!r}, ()))", always=True)
        yield Fact(f"count.{kind}", NUMBER, f"how many `{kind}` events there are", _Count(kind), reading=many)


class _Own(Struct, frozen=True):
    name: str

    def __call__(self, scope: Scope) -> tuple[Any, ...]:
        interview = scope.interview
        return _own(scope, getattr(interview, self.name)) if interview else ()


class _Count(Struct, frozen=True):
    kind: str

    def __call__(self, scope: Scope) -> int:
        return len(scope.history.by_type.get(self.kind, ()))
