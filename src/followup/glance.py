"""A glance at a state: what matching asks of a history, in one pass where nothing is out of the ordinary.

Most states need no more: their events are in order, none moves or cancels another, and nothing bounced. All
others are left to `History`, which knows every case. What a glance says is what a history says.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Protocol

from msgspec import Struct

from followup.contacts import SPOKEN
from followup.events import EVENT_TYPES, Accepted, Called, Event, Interview
from followup.state import InterviewState
from followup.timeline import DEFAULT_MINUTES

__all__ = ["Glance", "Seen", "glance_at"]

ORDINARY = EVENT_TYPES.keys() - {"bounce", "cancelled", "rescheduled"}
"""The types of events that change nothing that others say; those that scenarios declare may enter a stage."""
ANSWERING = frozenset({"reply", "promise", "offer", "rejection"})
DECIDED = {"rejection": "rejected", "withdrawal": "withdrawn", "declined": "declined"}
"""The stage by the first of these types that has happened."""


class Seen(Protocol):
    """What compiled rules read: a state, and what follows from its events.

    `happened` are the events by type in order of time, `latest` the last of each type, `rounds` the number of
    interviews that are over, `waiting` that of the contacts since anybody at the company spoke.
    """

    @property
    def state(self) -> InterviewState: ...

    @property
    def happened(self) -> Mapping[str, list[Event]]: ...

    @property
    def latest(self) -> Mapping[str, Event]: ...

    @property
    def stage(self) -> str: ...

    @property
    def rounds(self) -> int: ...

    @property
    def waiting(self) -> int: ...


class Glance(Struct):
    """What was seen of a state."""

    state: InterviewState
    happened: dict[str, list[Event]]
    latest: dict[str, Event]
    stage: str
    rounds: int
    waiting: int


def glance_at(state: InterviewState, now: datetime) -> Glance | None:
    """What is seen of a state at `now`, in UTC; None for one that needs a history."""
    happened: dict[str, list[Event]] = {}
    latest: dict[str, Event] = {}
    contacts: list[datetime] = []
    before = heard = datetime.min.replace(tzinfo=now.tzinfo)
    rounds, ahead = 0, False
    for event in state.events:
        kind, at = event.TYPE, event.at
        if kind not in ORDINARY or at.tzinfo.__class__ is not timezone or at <= before:
            return None
        before = at
        if kind == "interview":
            assert isinstance(event, Interview)
            if event.arranged is not None and event.arranged > now:
                continue
            end = at + timedelta(minutes=event.minutes or DEFAULT_MINUTES)
            if end > now:
                ahead = True
            else:
                rounds += 1
                heard = end if end > heard else heard
        elif at > now:
            continue
        elif kind == "sent":
            contacts.append(at)
        elif kind in ANSWERING or (isinstance(event, Called) and event.outcome in SPOKEN):
            heard = at if at > heard else heard
        elif kind == "called":
            contacts.append(at)
        if kind in latest:
            happened[kind].append(event)
        else:
            happened[kind] = [event]
        latest[kind] = event
    if state.elsewhere:
        return None
    waiting = len([at for at in contacts if at >= heard])
    return Glance(state, happened, latest, _stage(happened, rounds, ahead), rounds, waiting)


def _stage(happened: Mapping[str, list[Event]], rounds: int, ahead: bool) -> str:
    for kind, stage in DECIDED.items():
        if kind in happened:
            return stage
    if "accepted" in happened:
        accepted = happened["accepted"]
        elsewhere = any(isinstance(event, Accepted) and event.elsewhere for event in accepted)
        return "withdrawn" if elsewhere else "accepted"
    if "offer" in happened:
        return "offer"
    return "invited" if ahead else "awaiting" if rounds else "new"
