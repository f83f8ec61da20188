"""A round of the watch: what is newly due is told once, and what a policy allows goes out.

A round decides everything anew from the log; what an earlier one queued and did not send counts for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from followup.errors import DeliveryError, FollowupError, InDoubtError
from followup.plan import FollowUp
from followup.sending.deliveries import deliveries, digest_of, intent_of
from followup.sending.gating import Gate
from followup.sending.outbox import Clock, Outbox
from followup.sending.policies import Policy
from followup.sending.running import run, send
from followup.sending.steadiness import Steadiness
from followup.store import Entry, Kept, NewEntry, Store, folded, plan_of

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.state import InterviewState

__all__ = ["News", "Round", "watch_round"]

MOST_TRIES = 3
"""How often a message goes to a server that did not take it, before it is left to the person."""
DAY = timedelta(days=1)


class News(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a round has to tell, and for a message by which permission it went."""

    what: Literal["due", "sent", "not sent", "in doubt", "unreadable"]
    opportunity: str
    key: str = ""
    told: str = ""
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """A follow-up that is due, with what it is judged by."""

    opportunity: str
    state: InterviewState
    followup: FollowUp


@dataclass(frozen=True, slots=True)
class Round:
    """What is due at a moment in all open opportunities, and what could not be read."""

    now: datetime
    entries: tuple[Entry, ...]
    due: tuple[Due, ...]
    unreadable: tuple[News, ...] = ()

    @classmethod
    def of(cls, engine: Engine, entries: tuple[Entry, ...], now: datetime) -> Round:
        """Plan all that is in the log."""
        kept = folded(entries)
        due: list[Due] = []
        unreadable: list[News] = []
        for name, each in kept.opportunities.items():
            if each.retired:
                continue
            try:
                due += _due(engine, kept, name, now)
            except FollowupError as problem:
                unreadable.append(News(what="unreadable", opportunity=name, told=str(problem)))
        return cls(now, entries, tuple(due), tuple(unreadable))


def watch_round(
    engine: Engine, store: Store, policy: Policy, clock: Clock, steadiness: Steadiness
) -> Iterator[News]:
    """What is newly due, told once for good; then what the policy lets go out, and what became of it.

    Raises UsageError where another run sends from the store.
    """
    found = Round.of(engine, store.entries(), clock())
    yield from found.unreadable
    untold = _untold(found)
    if untold:
        store.change(lambda _: [_reminded(each) for each in untold], found.now)
    for each in untold:
        yield News(what="due", opportunity=each.opportunity, key=each.followup.key)
    allowed = [(each, place) for each in found.due if (place := _allowed(policy, each, found.now))]
    if not allowed or steadiness.doubt():
        return
    with run(store, clock) as outbox:
        for each, place in allowed:
            entries = store.entries()
            if _went_out_by_themselves(entries, clock()) >= policy.most_a_day:
                return
            if _is_left_to_the_person(entries, each):
                continue
            for news in _sent(engine, outbox, policy, each, place, clock, steadiness):
                if news.what != "not sent" or _is_new(store, entries, news, clock()):
                    yield news


def _is_new(store: Store, entries: Sequence[Entry], news: News, now: datetime) -> bool:
    """Whether it was not told before in these words; from now on it was."""
    told = {"key": news.key, "told": news.told}
    if any(each.kind == "reminded" and each.data == told for each in entries):
        return False
    store.change(lambda _: [NewEntry(kind="reminded", opportunity=news.opportunity, data=told)], now)
    return True


def _sent(
    engine: Engine,
    outbox: Outbox,
    policy: Policy,
    due: Due,
    place: str,
    clock: Clock,
    steadiness: Steadiness,
) -> Iterator[News]:
    """Send what the policy allows; nothing is told of what nothing here can send."""
    name, key, draft = due.opportunity, due.followup.key, due.followup.draft
    deliverer = engine.deliverers.get(due.followup.channel or "")
    if deliverer is None or draft is None:
        return

    def allows(followup: FollowUp, state: InterviewState, now: datetime) -> str:
        return steadiness.doubt() or policy.allows(name, followup, state, now)[1]

    what: Literal["sent", "in doubt", "not sent"] = "sent"
    try:
        intent = intent_of(due.followup, deliverer.prepare(draft, key, clock()), word="policy")
        gate = Gate(engine, name, key, intent.digest, allows)
        _, receipt = send(outbox, name, intent, deliverer, gate)
        told = receipt.answer
    except DeliveryError as problem:
        what = "in doubt" if isinstance(problem, InDoubtError) else "not sent"
        told = str(problem)
    yield News(what=what, opportunity=name, key=key, told=told, policy=place)


def _due(engine: Engine, kept: Kept, name: str, now: datetime) -> Iterator[Due]:
    state = kept.opportunities[name].state(engine.vocabulary)
    for followup in plan_of(engine, kept, name, now, state=state).due:
        yield Due(name, state, followup)


def _allowed(policy: Policy, due: Due, now: datetime) -> str:
    return policy.allows(due.opportunity, due.followup, due.state, now)[0]


def _untold(found: Round) -> list[Due]:
    told = {(e.opportunity, e.data["key"]) for e in found.entries if e.kind == "reminded"}
    return [each for each in found.due if (each.opportunity, each.followup.key) not in told]


def _reminded(due: Due) -> NewEntry:
    return NewEntry(kind="reminded", opportunity=due.opportunity, data={"key": due.followup.key})


def _is_left_to_the_person(entries: Sequence[Entry], due: Due) -> bool:
    """Whether it is in doubt, was refused for good in these words, or was tried often enough."""
    here = [
        each
        for each in deliveries(entries).values()
        if (each.opportunity, each.key) == (due.opportunity, due.followup.key)
    ]
    digest = digest_of(due.followup.draft) if due.followup.draft else ""
    refused = any(each.permanent and each.digest == digest for each in here)
    in_doubt = any(each.state not in ("failed", "queued") for each in here)
    tried = sum(each.word == "policy" and each.state == "failed" for each in here)
    return in_doubt or refused or tried >= MOST_TRIES


def _went_out_by_themselves(entries: Sequence[Entry], now: datetime) -> int:
    """How many messages left by a policy in the day before `now`, or, by a clock set since, after it."""
    return sum(
        each.word == "policy" and each.committed is not None and each.committed > now - DAY
        for each in deliveries(entries).values()
    )
