"""The outbox: each step of a message written into the log before the next thing is done.

The intent is durable with all of its words before anything; the gate is asked in the same transaction that
claims the message, and in the one that lets its words leave; so nothing that is entered by anybody can come
between the gate and what it allows.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import msgspec

from followup.errors import FollowupError, NotDeliveredError, UsageError
from followup.sending.deliveries import Delivery, Intent, deliveries, step, unreconciled
from followup.sending.transitions import State, after_a_crash, may_follow
from followup.store import Entry, NewEntry, Store

__all__ = ["AsksGate", "Clock", "Outbox"]

Clock = Callable[[], datetime]
"""What time it is: an aware datetime, on the candidate's clocks where that is to be seen."""
AsksGate = Callable[[Sequence[Entry], datetime], str]
"""From the log and the time, why the message may not go; empty if it may."""


class Outbox:
    """The deliveries of a store. Whoever changes them holds `store.alone()`; `followup.sending.run` does."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def deliveries(self) -> tuple[Delivery, ...]:
        """All deliveries, in the order in which they were begun."""
        return tuple(deliveries(self._store.entries()).values())

    def recover(self) -> None:
        """Say of each message whose run has ended without a word where it stands now."""

        def decide(entries: Sequence[Entry]) -> list[NewEntry]:
            told = "the run that was sending it ended without a word"
            found = ((each, after_a_crash(each.state)) for each in deliveries(entries).values())
            return [step(each, state, told=told) for each, state in found if state != each.state]

        self._store.change(decide, self._clock())

    def queue(self, opportunity: str, intent: Intent) -> Delivery:
        """Keep what is to go out. What was queued before for the same follow-up is given up for it.

        Raises NotDeliveredError where the same message went out, or may have, by whatever opportunity.
        """
        new = secrets.token_hex(8)
        data: dict[str, Any] = msgspec.to_builtins(intent) | {"id": new, "state": "queued"}

        def decide(entries: Sequence[Entry]) -> list[NewEntry]:
            if unreconciled(entries):
                told = "the store came from a backup, which may not know what was sent since"
                raise NotDeliveredError(f"{told}; `followup outbox reconcile` first", permanent=True)
            written = []
            for each in deliveries(entries).values():
                if each.state == "failed" or not _same(each, opportunity, intent):
                    continue
                if each.state != "queued":
                    raise NotDeliveredError(_already(each), permanent=True)
                written.append(step(each, "failed", told="a newer one was queued in its place"))
            return [*written, NewEntry(kind="delivery", opportunity=opportunity, data=data)]

        self._store.change(decide, self._clock())
        return self._get(new)

    def claim(self, delivery: Delivery, gate: AsksGate) -> None:
        """Take a queued message for this run, if the gate lets it go. Raises NotDeliveredError if not."""
        self._pass(delivery, "claimed", gate)

    def commit(self, delivery: Delivery, gate: AsksGate) -> None:
        """Note that the words begin to leave, if the gate still lets them. Raises NotDeliveredError else."""
        self._pass(delivery, "committing", gate)

    def settle(self, delivery: Delivery, state: State, told: str, *, permanent: bool = False) -> Delivery:
        """Write what became of a message; for one that was sent, in the same change, that it was."""

        def decide(entries: Sequence[Entry]) -> list[NewEntry]:
            now = deliveries(entries)[delivery.id]
            if now.state == state:
                return []
            if not may_follow(now.state, state):
                raise UsageError(f"{now.opportunity} {now.key} is {now.state} and stays so")
            written = [step(now, state, told=told, permanent=permanent)]
            if state == "sent":
                written.append(sent_event(now))
            return written

        self._store.change(decide, self._clock())
        return self._get(delivery.id)

    def _pass(self, delivery: Delivery, state: State, gate: AsksGate) -> None:
        refusals: list[str] = []

        def decide(entries: Sequence[Entry]) -> list[NewEntry]:
            current = deliveries(entries)[delivery.id]
            if not may_follow(current.state, state):
                raise NotDeliveredError(_already(current), permanent=True)
            now = self._clock()
            refusal = _asked(gate, entries, now)
            refusals[:] = [refusal] if refusal else []
            if refusal:
                return [step(current, "failed", told=refusal)]
            moment = {"committed": now.isoformat()} if state == "committing" else {}
            return [step(current, state, **moment)]

        self._store.change(decide, self._clock())
        if refusals:
            raise NotDeliveredError(f"{refusals[0]}; nothing was sent", permanent=False)

    def _get(self, id_: str) -> Delivery:
        return deliveries(self._store.entries())[id_]


def sent_event(delivery: Delivery) -> NewEntry:
    """The entry that says, for all later plans, that the message was sent."""
    at = (delivery.committed or delivery.at).isoformat()
    return NewEntry(kind="happened", opportunity=delivery.opportunity, data={"at": at, **delivery.event})


def _same(delivery: Delivery, opportunity: str, intent: Intent) -> bool:
    """Whether it is the same follow-up, or the same message in another opportunity's name."""
    if (delivery.opportunity, delivery.key) == (opportunity, intent.event["key"]):
        return True
    return bool(intent.outgoing.identity) and delivery.outgoing.identity == intent.outgoing.identity


def _already(delivery: Delivery) -> str:
    what = f"{delivery.opportunity} {delivery.key}"
    if delivery.state == "in doubt":
        return f"{what} may have been sent already; `followup outbox` says more"
    if delivery.state == "sent":
        return f"{what} was sent already, {(delivery.committed or delivery.at).isoformat()}"
    return f"{what} is {delivery.state}"


def _asked(gate: AsksGate, entries: Sequence[Entry], now: datetime) -> str:
    """What the gate says; where it cannot tell, that."""
    try:
        return gate(entries, now)
    except FollowupError as problem:
        return f"it cannot be told whether it may go: {problem}"
