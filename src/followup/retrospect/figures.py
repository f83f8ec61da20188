"""Figures: what many states say at a moment when they are counted together. `docs/report.md` defines each.

Nothing is guessed: what has not ended is counted as waiting, and a share is given only of enough messages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from followup.events import Interview
from followup.history import Happened, History, person_calendar
from followup.moments import DAY, Instant, instant, moment
from followup.retrospect.answers import ANSWERS, Message, messages_of, pledges_of
from followup.retrospect.spreads import Course, Share, Spread, share_of, spread_of
from followup.retrospect.weeks import Week, weeks_of
from followup.state import InterviewState
from followup.telling import person_name

__all__ = [
    "STEPS", "TWO_WEEKS", "Figures", "Promises", "Rate", "Step", "Waiting", "figures_of",
]  # fmt: skip

STEPS = ("known", "invited", "interviewed", "offer", "accepted")
TWO_WEEKS = 14 * DAY
OTHER = "other"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """How many opportunities came to a step or further; and how those stand that came no further.

    `open` are undecided, `refused` was by them, `left` by you.
    """

    name: str
    reached: int
    open: int
    refused: int
    left: int


class Rate(msgspec.Struct, frozen=True, kw_only=True):
    """Messages of one intent and channel (empty: of all), and what became of them.

    `in_time` counts those answered within two weeks, `share` is of those that are two weeks old.
    """

    intent: str = ""
    channel: str = ""
    sent: int
    answered: int
    waiting: int
    overtaken: int
    spoken: int
    returned: int
    old_enough: int
    in_time: int
    share: Share | None = None


class Promises(msgspec.Struct, frozen=True, kw_only=True):
    """The dates that they named, by how they kept them; `days_late` of each that was late."""

    kept: int
    late: int
    broken: int
    open: int
    overtaken: int
    days_late: tuple[float, ...] = ()


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """A message to which no answer has come."""

    opportunity: str
    company: str = ""
    person: str = ""
    intent: str
    channel: str
    days: float


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """All figures of these opportunities up to `now`; with `since`, of what began from then on."""

    format: int = 1
    now: datetime
    since: datetime | None = None
    first: date | None = None
    anonymous: bool = False
    opportunities: int
    messages: int
    calls: int
    interviews: int
    stages: dict[str, int]
    steps: tuple[Step, ...]
    to_answer: Spread
    to_word: Spread
    to_decision: Spread
    by_intent: tuple[Rate, ...]
    by_channel: tuple[Rate, ...]
    by_both: tuple[Rate, ...]
    all_messages: Rate
    promises: Promises
    weeks: tuple[Week, ...]
    waiting: tuple[Waiting, ...]


@dataclass(frozen=True, slots=True)
class _Case:
    """One opportunity with what is counted of it."""

    name: str
    history: History
    messages: tuple[Message, ...]
    begun: Instant | None
    in_funnel: bool


def figures_of(
    states: Mapping[str, InterviewState],
    now: datetime,
    since: datetime | None = None,
    *,
    retired: Collection[str] = (),
    known: Collection[str] | None = None,
) -> Figures:
    """The figures of these states by name.

    Those `retired` are counted, but not listed as waiting. With `known` they are anonymous: no name of a
    person, company or opportunity, and of intents and channels only those that are `known`.
    """
    end, start = instant(now), instant(since) if since is not None else None
    cases = [_case(name, state, end, start) for name, state in states.items()]
    plain = _plain(known)
    messages = [(case, each) for case in cases for each in case.messages]
    counted = [each for _, each in messages]
    funnel = [case for case in cases if case.in_funnel]
    weeks = tuple(weeks_of(((case.history, case.begun) for case in cases), now, since))
    first = min(
        (case for case in cases if case.begun is not None), key=lambda case: case.begun or 0, default=None
    )
    return Figures(
        now=now, since=since, first=_day(first) if first else None, anonymous=known is not None,
        opportunities=len(funnel),
        messages=sum(1 for each in counted if each.channel != "phone"),
        calls=sum(1 for each in counted if each.channel == "phone"),
        interviews=sum(len(_held(case, start)) for case in cases),
        stages=dict(Counter(case.history.stage for case in funnel).most_common()),
        steps=tuple(_steps(funnel)),
        to_answer=spread_of(_answer_courses(counted, end)),
        to_word=spread_of(course for case in cases for course in _word_courses(case, start, end)),
        to_decision=spread_of(course for case in cases for course in _decision_courses(case, start, end)),
        by_intent=_rates(counted, end, lambda each: (plain(each.intent or ""), "")),
        by_channel=_rates(counted, end, lambda each: ("", plain(each.channel))),
        by_both=_rates(counted, end, lambda each: (plain(each.intent or ""), plain(each.channel))),
        all_messages=_rate("", "", counted, end),
        promises=_promises(cases, start),
        weeks=weeks,
        waiting=_waiting(messages, end, retired, plain, anonymous=known is not None),
    )  # fmt: skip


def _case(name: str, state: InterviewState, end: Instant, start: Instant | None) -> _Case:
    history = History(state, end)
    begun = min(map(_begins, history.events), default=None)
    messages = tuple(each for each in messages_of(history) if start is None or each.at >= start)
    in_funnel = start is None or (begun is not None and begun >= start)
    return _Case(name, history, messages, begun, in_funnel)


def _begins(happened: Happened) -> Instant:
    """When something was first known: an interview, when it was arranged."""
    event = happened.event
    arranged = event.arranged if isinstance(event, Interview) else None
    return happened.at if arranged is None else min(happened.at, instant(arranged))


def _day(case: _Case) -> date:
    """The day on which it began, for the candidate."""
    return moment(case.begun or 0, person_calendar(case.history.state, None).tzinfo).date()


def _plain(known: Collection[str] | None) -> Callable[[str], str]:
    def plain(name: str) -> str:
        return name if known is None or not name or name in known else OTHER

    return plain


# How far they came


def _steps(cases: list[_Case]) -> Iterator[Step]:
    furthest = [(_furthest(case.history), _ended(case.history)) for case in cases]
    for number, name in enumerate(STEPS):
        here = Counter(ended for step, ended in furthest if step == number)
        yield Step(
            name=name, reached=sum(1 for step, _ in furthest if step >= number), open=here["open"],
            refused=here["refused"], left=here["left"],
        )  # fmt: skip


def _furthest(history: History) -> int:
    if history.accepted is not None or history.stage == "accepted":
        return 4
    if history.last("offer") is not None or history.stage in ("offer", "declined"):
        return 3
    if history.held_interviews:
        return 2
    return 1 if history.interviews else 0


def _ended(history: History) -> str:
    stage = history.stage
    return {"rejected": "refused", "withdrawn": "left", "declined": "left", "accepted": "taken"}.get(
        stage, "open"
    )


# How long they took


def _answer_courses(messages: Iterable[Message], now: Instant) -> Iterator[Course]:
    for each in messages:
        if each.fate in ("answered", "waiting", "overtaken"):
            until = now if each.settled is None else each.settled
            yield Course((until - each.at) / DAY, each.fate)


def _held(case: _Case, start: Instant | None) -> list[Happened]:
    return [each for each in case.history.held_interviews if start is None or each.end >= start]


def _words(history: History) -> list[Instant]:
    """The moments at which they spoke in writing, or arranged an interview, in order."""
    spoken = [each.at for each in history.of_type(*ANSWERS)]
    spoken += [
        instant(each.event.arranged)
        for each in history.of_type("interview")
        if isinstance(each.event, Interview) and each.event.arranged is not None
    ]
    return sorted(spoken)


def _word_courses(case: _Case, start: Instant | None, now: Instant) -> Iterator[Course]:
    """From the end of each interview to their first word."""
    history = case.history
    words = _words(history)
    for held in _held(case, start):
        heard = next((at for at in words if at > held.end), None)
        others = [each.at for each in history.held_interviews if each.at >= held.end]
        ended = [history.closed_at] if history.closed_at and history.closed_at >= held.end else []
        over = min([*others, *ended], default=None)
        yield _course(held.end, heard, over, now)


def _decision_courses(case: _Case, start: Instant | None, now: Instant) -> Iterator[Course]:
    """From the end of the last interview to their offer or rejection."""
    history = case.history
    decided = min((each.at for each in history.of_type("offer", "rejection")), default=None)
    before = [each for each in _held(case, start) if decided is None or each.end <= decided]
    if before:
        ended = history.closed_at if history.closed_at and history.closed_at >= before[-1].end else None
        yield _course(before[-1].end, decided, ended, now)


def _course(start: Instant, heard: Instant | None, over: Instant | None, now: Instant) -> Course:
    if heard is not None and (over is None or heard <= over):
        return Course((heard - start) / DAY, "answered")
    if over is not None:
        return Course((over - start) / DAY, "overtaken")
    return Course((now - start) / DAY, "waiting")


# What came of messages


def _rates(
    messages: list[Message], now: Instant, kind: Callable[[Message], tuple[str, str]]
) -> tuple[Rate, ...]:
    groups: dict[tuple[str, str], list[Message]] = {}
    for each in messages:
        groups.setdefault(kind(each), []).append(each)
    made = [_rate(*names, group, now) for names, group in groups.items()]
    return tuple(sorted(made, key=lambda rate: (-rate.sent, rate.intent, rate.channel)))


def _rate(intent: str, channel: str, messages: list[Message], now: Instant) -> Rate:
    fates = Counter(each.fate for each in messages)
    old = [
        each for each in messages
        if each.fate in ("answered", "waiting", "overtaken") and now - each.at >= TWO_WEEKS
    ]  # fmt: skip
    in_time = sum(
        1 for each in old
        if each.fate == "answered" and each.settled is not None and each.settled - each.at <= TWO_WEEKS
    )  # fmt: skip
    return Rate(
        intent=intent, channel=channel, sent=len(messages), answered=fates["answered"],
        waiting=fates["waiting"], overtaken=fates["overtaken"], spoken=fates["spoken"],
        returned=fates["returned"], old_enough=len(old), in_time=in_time, share=share_of(in_time, len(old)),
    )  # fmt: skip


def _waiting(
    messages: Iterable[tuple[_Case, Message]],
    now: Instant,
    retired: Collection[str],
    plain: Callable[[str], str],
    *,
    anonymous: bool,
) -> tuple[Waiting, ...]:
    listed = [
        (case, each) for case, each in messages
        if each.fate == "waiting" and case.name not in retired and case.history.closed_at is None
    ]  # fmt: skip
    listed.sort(key=lambda pair: (pair[1].at, pair[0].name, pair[1].id))
    numbers = {name: number for number, name in enumerate(dict.fromkeys(case.name for case, _ in listed), 1)}
    return tuple(
        Waiting(
            opportunity=f"opportunity {numbers[case.name]}" if anonymous else case.name,
            company="" if anonymous else case.history.state.company.name,
            person="" if anonymous else person_name(case.history.state, each.to),
            intent=plain(each.intent or ""), channel=plain(each.channel),
            days=round((now - each.at) / DAY, 2),
        )
        for case, each in listed
    )  # fmt: skip


def _promises(cases: list[_Case], start: Instant | None) -> Promises:
    found = [
        each for case in cases for each in pledges_of(case.history) if start is None or each.at >= start
    ]  # fmt: skip
    fates = Counter(each.fate for each in found)
    late = sorted(
        round((each.heard - each.end) / DAY, 2)
        for each in found
        if each.fate == "late" and each.heard is not None
    )
    return Promises(
        kept=fates["kept"], late=fates["late"], broken=fates["broken"], open=fates["open"],
        overtaken=fates["overtaken"], days_late=tuple(late),
    )  # fmt: skip
