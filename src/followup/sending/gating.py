"""The gate at the moment of sending: what the log says now, not what it said when the plan was shown."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from followup.moments import instant
from followup.plan import FollowUp, telling
from followup.sending.deliveries import digest_of, unreconciled
from followup.store import Entry, folded, plan_of

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.state import InterviewState

__all__ = ["Allows", "Gate", "from_the_future"]

Allows = Callable[[FollowUp, "InterviewState", datetime], str]
"""What else must agree, such as a policy: why it does not, or nothing."""


class Gate(Struct, frozen=True):
    """Whether a follow-up may go out in the words that `digest` tells. It says why not, or nothing."""

    engine: Engine
    opportunity: str
    key: str
    digest: str
    allows: Allows | None = None

    def __call__(self, entries: Sequence[Entry], now: datetime) -> str:
        if unreconciled(entries):
            return "the store came from a backup; `followup outbox reconcile` first"
        kept = folded(entries)
        found = kept.opportunities.get(self.opportunity)
        if found is None or found.retired:
            return f"{self.opportunity} is no open opportunity of the store any more"
        state = found.state(self.engine.vocabulary)
        later = from_the_future(state, now)
        if later:
            return later
        plan = plan_of(self.engine, kept, found.name, now, state=state)
        followup = next((each for each in plan.followups if each.key == self.key), None)
        if followup is None or followup.host is not None:
            return f"the plan has no message {self.key} any more"
        if followup.status != "due":
            stops = (reason for reason in followup.reasons if reason.kind == "gate")
            reason = next(stops, None) or telling(followup.status, followup.reasons)
            return f"{self.key} is {followup.status}" + (f": {reason.text}" if reason else "")
        if followup.draft is None or digest_of(followup.draft) != self.digest:
            return f"{self.key} reads otherwise by now; look at it again"
        return "" if self.allows is None else self.allows(followup, state, now)


def from_the_future(state: InterviewState, now: datetime) -> str:
    """That something happened later than `now`, where that is so: then the clock or the log is wrong.

    A plan leaves out what comes later, a refusal too. Interviews may lie ahead.
    """
    for event in state.events:
        if event.type != "interview" and instant(event.at) > instant(now):
            told = f"{event.type} on {event.at.isoformat()} is later than now, {now.isoformat()}"
            return f"{told}; set the clock, or correct the event"
    return ""
