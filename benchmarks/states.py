"""Complete interview states drawn from a seed: ten or so events, four people, about sixty facts.

Values come from skewed distributions, as they do in life: some companies' countries are common, most
titles are rare. `variety` is how many different titles, companies and notes there are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from typing import Literal, TypeVar

from msgspec.structs import replace

from followup import InterviewState
from followup.events import (
    Accepted,
    Called,
    Concern,
    Declined,
    Event,
    Interview,
    Mistake,
    News,
    Note,
    Offer,
    Promise,
    Rejection,
    Reply,
    Sent,
    Withdrawal,
)
from followup.records import DayOrTime
from followup.state import Candidate, Company, Instructions, LibraryItem, Person, Position

__all__ = ["NOW", "busy_state", "random_states", "with_gaps"]

T = TypeVar("T")

NOW = datetime(2026, 11, 27, 16, 0, tzinfo=UTC)
COUNTRIES = ("US", "DE", "GB", "FR", "CA", "IN", "NL", "JP", "BR", "SE", "CH", "AU", "ES", "PL", "IT", "SG")
ZONES = ("America/Chicago", "America/New_York", "Europe/Berlin", "Europe/London", "Asia/Tokyo", "UTC")
LANGUAGES = ("en", "de", "fr", "es", "ja", "pt")
ROLES = ("interviewer", "hiring manager", "recruiter", "hr", "team lead", "scheduler")
RAPPORTS: Sequence[Literal["friendly", "neutral", "distant"]] = ("neutral", "friendly", "distant")
SKILLS = ("python", "planning", "databases", "teaching", "statistics", "design", "sales", "security")
TOPICS = ("billing", "migration", "hiring", "testing", "latency", "budget", "search", "payroll", "growth")
CHANNELS = ("email", "phone", "linkedin", "letter")
INTENTS = ("thanks", "inquiry", "share", "answer", "connect")
ENDS = ("none", "offer", "rejection", "accepted", "declined", "withdrawal")
OUTCOMES: Sequence[Literal["spoke", "voicemail", "call back"]] = ("spoke", "voicemail", "call back")
MEDIA: Sequence[Literal["video", "onsite", "phone"]] = ("video", "onsite", "phone")


@cache
def _weights(number: int) -> tuple[float, ...]:
    return tuple(accumulate(1 / rank for rank in range(1, number + 1)))


def skewed(draw: random.Random, values: Sequence[T]) -> T:
    """One of the values; the first twice as often as the second, three times as often as the third."""
    return draw.choices(values, cum_weights=_weights(len(values)))[0]


def some_of(draw: random.Random, values: Sequence[T], least: int, most: int) -> tuple[T, ...]:
    """Some of the values, each once, the first ones more often."""
    return tuple(dict.fromkeys(skewed(draw, values) for _ in range(draw.randint(least, most))))


def random_states(number: int, seed: int, variety: int) -> tuple[InterviewState, ...]:
    """States in which every fact is known that rules of the benchmark test."""
    draw = random.Random(f"states {seed}")
    return tuple(_state(draw, variety) for _ in range(number))


def _state(draw: random.Random, variety: int) -> InterviewState:
    people = {
        f"p{number}": Person(
            name=f"Person {draw.randint(1, 9999)}",
            role=skewed(draw, ROLES),
            email=f"person{number}@company.example",
            rapport=skewed(draw, RAPPORTS),
            language=skewed(draw, LANGUAGES),
            timezone=skewed(draw, ZONES),
        )
        for number in range(1, 5)
    }
    names = [f"Item {number}" for number in range(1, variety + 1)]
    return InterviewState(
        candidate=Candidate(
            name="Alex Doe",
            email="alex@home.example",
            timezone=skewed(draw, ZONES),
            language=skewed(draw, LANGUAGES),
            strengths=some_of(draw, SKILLS, 2, 4),
            distinction=f"I wrote the book on {skewed(draw, TOPICS)}",
            library=tuple(
                LibraryItem(title=skewed(draw, names), tags=some_of(draw, TOPICS, 1, 3)) for _ in range(3)
            ),
        ),
        company=Company(
            name=f"Company {draw.randint(1, variety)}",
            culture=skewed(draw, ("formal", "relaxed")),
            country=skewed(draw, COUNTRIES),
            timezone=skewed(draw, ZONES),
            language=skewed(draw, LANGUAGES),
        ),
        position=Position(
            title=f"Job {skewed(draw, range(1, variety + 1))}",
            reference=f"R-{skewed(draw, range(1, variety + 1))}",
        ),
        people=people,
        instructions=Instructions(
            channels=some_of(draw, CHANNELS, 2, 3),
            contact=skewed(draw, tuple(people)),
            no_contact=draw.random() < 0.2,
        ),
        events=tuple(sorted(_events(draw, variety), key=lambda event: event.at)),
    )


def _events(draw: random.Random, variety: int) -> Iterator[Event]:
    who = ("p1", "p2", "p3", "p4")
    start = NOW - timedelta(days=40)

    def day(first: int, last: int) -> datetime:
        return start + timedelta(days=draw.randint(first, last), minutes=draw.randint(0, 400))

    rounds = skewed(draw, (2, 1, 3))
    for number in range(rounds):
        yield _interview(draw, number + 1, start + timedelta(days=6 * number))
    if draw.random() < 0.3:
        yield _interview(draw, rounds + 1, NOW + timedelta(days=3))
    for _ in range(skewed(draw, (1, 2, 3))):
        yield Sent(
            at=day(0, 39),
            to=skewed(draw, who),
            intent=skewed(draw, INTENTS),
            channel=skewed(draw, CHANNELS),
            subject=f"About {skewed(draw, TOPICS)} and {skewed(draw, SKILLS)}",
        )
    yield Called(at=day(5, 39), to=skewed(draw, who), outcome=skewed(draw, OUTCOMES), intent="inquiry")
    for _ in range(skewed(draw, (1, 2, 3))):
        yield Reply(at=day(1, 39), from_=skewed(draw, who), subject=f"Re: {skewed(draw, TOPICS)}")
    by = DayOrTime((NOW + timedelta(days=draw.randint(-9, 9))).date())
    yield Promise(at=day(13, 20), by=by, who=skewed(draw, who), words=f"in {draw.randint(1, 9)} days")
    yield News(at=day(0, 39), about=f"News {skewed(draw, range(1, variety + 1))}", who=skewed(draw, who))
    for _ in range(skewed(draw, (1, 2))):
        yield Note(at=day(0, 39), text=f"Think of {skewed(draw, TOPICS)}, ask {skewed(draw, ROLES)}")
    yield from _end(draw, skewed(draw, ENDS), NOW - timedelta(days=draw.randint(1, 10)))


def _interview(draw: random.Random, number: int, at: datetime) -> Interview:
    with_ = some_of(draw, ("p1", "p2", "p3", "p4"), 1, 3)
    return Interview(
        id=f"r{number}",
        at=at,
        round=number,
        minutes=skewed(draw, (60, 45, 30, 90, 120, 20)),
        medium=skewed(draw, MEDIA),
        with_=with_,
        topics={person: some_of(draw, TOPICS, 1, 3) for person in with_},
        questions=some_of(draw, TOPICS, 1, 2),
        concerns=tuple(
            Concern(about=topic, gap=draw.random() < 0.4) for topic in some_of(draw, TOPICS, 0, 3)
        ),
        mistakes=tuple(
            Mistake(said=topic, correction=skewed(draw, SKILLS)) for topic in some_of(draw, TOPICS, 0, 2)
        ),
    )


def _end(draw: random.Random, end: str, at: datetime) -> Iterator[Event]:
    if end in ("offer", "accepted", "declined"):
        terms = f"Level {skewed(draw, range(1, 9))}"
        yield Offer(at=at, from_="p1", terms=terms, unclear=some_of(draw, TOPICS, 0, 2))
    later = at + timedelta(hours=2)
    if end == "accepted":
        yield Accepted(at=later)
    elif end == "declined":
        yield Declined(at=later)
    elif end == "rejection":
        yield Rejection(at=at)
    elif end == "withdrawal":
        yield Withdrawal(at=at)


def busy_state(events: int, seed: int) -> InterviewState:
    """A state with so many events: an interview, and then a long correspondence."""
    draw = random.Random(f"busy {seed}")
    state = random_states(1, seed, 50)[0]
    people = tuple(state.people)
    start = NOW - timedelta(days=12)
    found: list[Event] = [_interview(draw, 1, start - timedelta(days=200))]
    step = timedelta(days=200) / events
    for number in range(1, events):
        found.append(_one_more(draw, number, found[0].at + step * number, skewed(draw, people)))
    return replace(state, events=tuple(found))


def _one_more(draw: random.Random, number: int, at: datetime, who: str) -> Event:
    if number % 20 == 0:
        return _interview(draw, number // 20 + 1, at)
    kind = number % 4
    if kind == 0:
        return Note(at=at, text=f"Think of {skewed(draw, TOPICS)}")
    if kind == 1:
        return Sent(at=at, to=who, intent=skewed(draw, INTENTS), channel="email")
    if kind == 2:
        return Reply(at=at, from_=who, subject=f"Re: {skewed(draw, TOPICS)}")
    return Called(at=at, to=who, outcome=skewed(draw, OUTCOMES), intent="inquiry")


def with_gaps(states: Sequence[InterviewState], seed: int) -> tuple[InterviewState, ...]:
    """The same states with much that is not known: fields left out, events that did not happen."""
    draw = random.Random(f"gaps {seed}")
    return tuple(InterviewState.from_dict(_thinned(draw, state.to_dict())) for state in states)


NEEDED = frozenset({"name", "title", "at", "by", "to", "about", "said", "text", "who", "id", "type", "from"})
"""Fields that a state cannot do without."""


def _thinned(draw: random.Random, data: dict[str, object]) -> dict[str, object]:
    for owner in ("candidate", "company", "position", "instructions"):
        data[owner] = _without_some(draw, data[owner])
    data["people"] = {who: _without_some(draw, person) for who, person in data["people"].items()}  # type: ignore[attr-defined]
    events: list[object] = data["events"]  # type: ignore[assignment]
    data["events"] = [_without_some(draw, event) for event in events if draw.random() < 0.7]
    return data


def _without_some(draw: random.Random, fields: object) -> dict[str, object]:
    assert isinstance(fields, dict)
    return {name: value for name, value in fields.items() if name in NEEDED or draw.random() < 0.7}
