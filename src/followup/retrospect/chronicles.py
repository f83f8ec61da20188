"""Chronicles: what happened in an opportunity up to a moment, and what is to come, in order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Literal

import msgspec

from followup.comparing import AN_INTERVIEW, Comparison, Known, entries_of, known_days
from followup.events import Absence, Custom, Event
from followup.history import Happened, History, person_calendar
from followup.lanes import Track, lanes_of
from followup.moments import DAY, instant, moment
from followup.plan import FollowUp, Plan, telling
from followup.retrospect.answers import ANSWERS, messages_of
from followup.simulating import Simulation
from followup.state import InterviewState
from followup.telling import event_words, stage_words
from followup.timepoints import by_day

__all__ = ["Chronicle", "Coming", "Past", "Side", "outlined", "played_out"]

Side = Literal["met", "you", "they", "note"]
"""Who acted: an interview is of both; a note is what you wrote down for yourself."""

Kind = Literal["known", "interview", "due", "sent", "called", "task", "held", "blocked"]

YOURS = frozenset({"sent", "called", "done", "accepted", "declined", "withdrawal"})
NOTES = frozenset({"note", "skipped", "snoozed"})
BOTH = frozenset({"interview"})
_QUOTED = ("text", "words", "reason", "terms", "about")
LONGEST_QUOTE = 160


class Past(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened. `said` are words of it; `after_days` is how long an answer took.

    `waits` says that it is a message of yours to which no answer has come yet.
    """

    at: datetime
    type: str
    side: Side
    words: str
    said: str = ""
    by: str = ""
    id: str = ""
    after_days: float | None = None
    waits: bool = False


class Coming(msgspec.Struct, frozen=True, kw_only=True):
    """Something to come. `kind` is what is known beforehand, what you do, or what holds it back.

    `day` is when it is best done, happens, or is let go; None where nobody knows. `at` is the exact time.
    """

    kind: Kind
    words: str
    day: date | None = None
    at: datetime | None = None
    key: str = ""
    to: str = ""
    channel: str | None = None
    why: str = ""


class Chronicle(msgspec.Struct, frozen=True, kw_only=True):
    """One opportunity from its first event to `end`; `tracks` are the follow-ups to come, for a picture.

    `assumed`: what is to come was played, as if nobody answered and you sent each message when it is due.
    """

    format: int = 1
    opportunity: str
    title: str
    company: str
    position: str
    start: datetime
    now: datetime
    end: datetime
    stage: str
    stands: str
    happened: tuple[Past, ...]
    to_come: tuple[Coming, ...]
    known: tuple[Known, ...] = ()
    tracks: tuple[Track, ...] = ()
    assumed: bool = False


def played_out(
    name: str, state: InterviewState, comparison: Comparison, since: datetime | None = None
) -> Chronicle:
    """The chronicle of an opportunity whose silence was played: the comparison's first story."""
    simulation = comparison.stories[0].simulation
    titles = {
        change.key: _titled(change.title or change.rule, change.to, change.key)
        for step in simulation.steps
        for change in step.changes
    }
    [lane, *_] = lanes_of(comparison)
    return _made(
        name, state, comparison.start, comparison.end, since, titles, _played(simulation),
        comparison.known, tuple(filter(_is_shown, lane.tracks)), assumed=True,
    )  # fmt: skip


def outlined(
    name: str, state: InterviewState, plan: Plan, end: datetime, since: datetime | None = None
) -> Chronicle:
    """The chronicle of an opportunity with what its plan holds now: nothing is played."""
    titles = {
        each.key: _titled(each.title or each.rule, each.to.name if each.to else "", each.key)
        for each in plan.followups
    }
    known = tuple(known_days(state, instant(plan.now), plan.now, end))
    coming = (_planned(each, plan.now) for each in plan.pending if not _only_rides(each))
    return _made(name, state, plan.now, end, since, titles, coming, known)


def _made(
    name: str,
    state: InterviewState,
    now: datetime,
    end: datetime,
    since: datetime | None,
    titles: Mapping[str, str],
    coming: Iterable[Coming],
    known: tuple[Known, ...],
    tracks: tuple[Track, ...] = (),
    *,
    assumed: bool = False,
) -> Chronicle:
    history = History(state, instant(now))
    happened = tuple(past for past in _happened(history, titles) if since is None or past.at >= since)
    first = min((past.at for past in happened), default=now)
    everything = [*coming, *_interviews(history, end), *_days(known)]
    ordered = sorted(everything, key=lambda each: (each.day or date.max, each.at or end, each.kind, each.key))
    return Chronicle(
        opportunity=name, title=f"{state.position.title} at {state.company.name}",
        company=state.company.name, position=state.position.title,
        start=min(first, now) if since is None else min(since, now), now=now, end=end, stage=history.stage,
        stands=stage_words(history.stage), happened=happened, to_come=tuple(ordered), known=known,
        tracks=tracks, assumed=assumed,
    )  # fmt: skip


# What happened


def _happened(history: History, titles: Mapping[str, str]) -> Iterator[Past]:
    zone = person_calendar(history.state, None).tzinfo
    messages = messages_of(history)
    answered = {each.by: each for each in messages if each.by is not None}
    waiting = {each.id for each in messages if each.fate == "waiting" and history.closed_at is None}
    for happened in history.events:
        if happened.at > history.now:
            continue
        event = happened.event
        answer = answered.get(happened.id) if event.type in ANSWERS else None
        after = answer.settled - answer.at if answer is not None and answer.settled is not None else None
        yield Past(
            at=moment(happened.at, zone), type=happened.type, side=_side(event),
            words=_words(happened, history, titles), said=_said(event), by=_by(event),
            id=happened.id, after_days=None if after is None else round(after / DAY, 2),
            waits=happened.id in waiting,
        )  # fmt: skip


def _side(event: Event) -> Side:
    if event.type in BOTH or isinstance(event, Custom):
        return "met"
    if event.type in YOURS:
        return "you"
    return "note" if event.type in NOTES else "they"


def _titled(title: str, to: str, key: str) -> str:
    """A follow-up as a sentence names it: `“Thank each interviewer” to Dana Whitfield`."""
    return f"“{title}”" if not to or key.endswith(":self") else f"“{title}” to {to}"


def _words(happened: Happened, history: History, titles: Mapping[str, str]) -> str:
    event = happened.event
    lasts = isinstance(event, Absence) and by_day(event.until, history.calendar).reached > history.now
    words = event_words(event, history.state, "happens" if lasts else "happened")
    key = str(getattr(event, "key", None) or "")
    if event.type == "done":
        words = f"you did {titles.get(key, key)}"
    elif event.type in ("skipped", "snoozed") and key in titles:
        words = words.replace(key, titles[key])
    words = f"{words[:1].upper()}{words[1:]}"
    return f"{words}; it was called off" if happened.cancelled else words


def _said(event: Event) -> str:
    """Words of theirs or of a note; what you wrote yourself you know."""
    if event.type in ("sent", "news"):
        return ""
    for name in _QUOTED:
        value = getattr(event, name, None)
        if isinstance(value, str) and value.strip():
            line = " ".join(value.split())
            return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"
    return ""


def _by(event: Event) -> str:
    """By which way: a channel, the medium of an interview, how a call ended."""
    return str(next((v for n in ("channel", "medium", "outcome") if (v := getattr(event, n, None))), ""))


# What is to come


def _is_shown(track: Track) -> bool:
    """Whether there is more to show of a follow-up than that it comes to nothing."""
    return bool(track.bars) or track.end is None or track.end.kind not in ("stopped", "missed")


def _days(known: Iterable[Known]) -> Iterator[Coming]:
    """The days that are known beforehand; an interview has its exact time elsewhere."""
    for each in known:
        if each.words != AN_INTERVIEW:
            yield Coming(kind="known", words=f"{each.words[:1].upper()}{each.words[1:]}", day=each.day)


def _interviews(history: History, end: datetime) -> Iterator[Coming]:
    zone = person_calendar(history.state, None).tzinfo
    for happened in history.interviews:
        at = moment(happened.at, zone)
        if happened.at > history.now and at <= end:
            words = event_words(happened.event, history.state)
            yield Coming(
                kind="interview", words=f"{words[:1].upper()}{words[1:]}", day=at.date(), at=at,
                channel=_by(happened.event) or None,
            )  # fmt: skip


def _played(simulation: Simulation) -> Iterator[Coming]:
    """What is done in a play, with what holds it up to then; and what is blocked when it begins."""
    first = simulation.steps[0].changes if simulation.steps else ()
    due = {change.key for change in first if change.after == "due"}
    held = {entry.key: entry.why for entry in entries_of(simulation) if entry.kind == "held"}
    for entry in entries_of(simulation):
        if entry.kind in ("sent", "called", "task"):
            yield Coming(
                kind="due" if entry.key in due else entry.kind,
                words=entry.title, day=entry.at.date(), at=entry.at, key=entry.key,
                to=entry.to if entry.channel else "", channel=entry.channel, why=held.get(entry.key, ""),
            )  # fmt: skip
        elif entry.kind == "blocked" and entry.at == simulation.start:
            yield Coming(kind="blocked", words=entry.title, key=entry.key, to=entry.to, why=entry.why)


def _planned(each: FollowUp, now: datetime) -> Coming:
    """A follow-up of a plan that may still go out."""
    to_self = each.to is None or each.to.id == "self"
    reason = telling(each.status, each.reasons)
    kind: Kind
    at: datetime | None
    if each.status == "due":
        kind, at = "due", each.at or now
    elif each.status == "scheduled":
        kind = "task" if to_self else "called" if each.channel == "phone" else "sent"
        at = each.at or each.opens
    else:
        kind, at = ("blocked", None) if each.status == "blocked" else ("held", each.lifts)
    return Coming(
        kind=kind,
        words=each.title or each.rule, day=at.date() if at else None, at=at, key=each.key,
        to="" if to_self or each.to is None else each.to.name, channel=None if to_self else each.channel,
        why=reason.text if reason and kind in ("held", "blocked") else "",
    )  # fmt: skip


def _only_rides(each: FollowUp) -> bool:
    """Whether it waits for another message that may take it along: nobody has to do anything about it."""
    return each.status == "held" and any(reason.kind == "join" for reason in each.reasons)
