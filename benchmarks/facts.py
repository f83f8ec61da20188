"""The facts of a state as nested dictionaries, as an engine that knows no interviews needs them.

Each peer gets these. They are written by hand, so that they also check what followup reads. A state of
`benchmarks/states.py` holds nothing that moves an interview or cancels it, and its events are in order.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec

from followup import InterviewState
from followup.events import Called, Interview, Sent

__all__ = ["AWAITED", "Facts", "Seen", "facts_of"]

Facts = dict[str, Any]

AWAITED = ("interview", "sent", "called", "reply", "promise", "news", "note", "offer", "rejection")
"""The types of events that rules of the benchmark await."""
TESTED = ("interview", "sent", "called", "reply", "promise", "news", "note", "offer")
"""Those of which they test what the last one says."""
HEARD = frozenset({"reply", "promise", "offer", "rejection"})
ENDS = (
    ("rejection", "rejected"),
    ("withdrawal", "withdrawn"),
    ("declined", "declined"),
    ("accepted", "accepted"),
)
NOTHING: Facts = {}


class Seen:
    """What follows from the events of a state: the last of each type, how many, and where things stand."""

    __slots__ = ("count", "last", "rounds", "stage", "unanswered")

    def __init__(self, state: InterviewState, now: datetime) -> None:
        self.last: dict[str, Any] = {}
        self.count: dict[str, int] = {}
        self.rounds = self.unanswered = 0
        ahead = False
        contacts: list[datetime] = []
        heard: datetime | None = None
        for event in state.events:
            kind = event.TYPE
            if event.at > now and kind != "interview":
                continue
            self.last[kind] = event
            self.count[kind] = self.count.get(kind, 0) + 1
            if isinstance(event, Interview):
                end = event.at + timedelta(minutes=event.minutes or 60)
                if end > now:
                    ahead = True
                    continue
                self.rounds += 1
                heard = end if heard is None or end > heard else heard
            elif kind in HEARD or (isinstance(event, Called) and event.outcome in ("spoke", "call back")):
                heard = event.at if heard is None or event.at > heard else heard
            elif isinstance(event, (Sent, Called)):
                contacts.append(event.at)
        self.unanswered = sum(heard is None or at >= heard for at in contacts)
        self.stage = self._stage(ahead)

    def _stage(self, ahead: bool) -> str:
        for kind, stage in ENDS:
            if kind in self.last:
                return stage
        if "offer" in self.last:
            return "offer"
        return "invited" if ahead else "awaiting" if self.rounds else "new"


def facts_of(state: InterviewState, now: datetime) -> Facts:
    """All static facts of a state but times, by their paths' steps."""
    seen = Seen(state, now)
    return {
        "stage": seen.stage,
        "rounds": seen.rounds,
        "unanswered": seen.unanswered,
        "company": _fields(state.company),
        "position": _fields(state.position),
        "candidate": _fields(state.candidate),
        "instructions": _fields(state.instructions),
        "people": [_fields(person) for person in state.people.values()],
        "last": {kind: _fields(seen.last.get(kind)) for kind in TESTED},
        "count": {kind: seen.count.get(kind, 0) for kind in AWAITED},
    }


def _fields(record: Any) -> Facts:
    return NOTHING if record is None else _plain(record)


def _plain(value: Any) -> Any:
    if isinstance(value, msgspec.Struct):
        struct = type(value)
        pairs = zip(struct.__struct_encode_fields__, struct.__struct_fields__, strict=True)
        return {
            key: _plain(field)
            for key, name in pairs
            if key not in UNTESTED and (field := getattr(value, name)) is not None
        }
    return [_plain(item) for item in value] if isinstance(value, tuple) else value


UNTESTED = frozenset(
    {
        "address",
        "arranged",
        "at",
        "by",
        "email",
        "id",
        "passing",
        "phone",
        "references",
        "topics",
        "unclear",
        "wishes",
    }
)
"""Fields that no rule of the benchmark tests: peers that copy what they are given need not copy these."""
