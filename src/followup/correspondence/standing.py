"""How the interviews of an opportunity stand, by its events as plain dictionaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

__all__ = ["interviews_ahead", "is_off"]

Events = Sequence[Mapping[str, Any]]


def is_off(interview: str, events: Events) -> bool:
    """Whether the last change to the interview called it off."""
    last = _last_change(interview, events)
    return last is not None and last["type"] == "cancelled"


def interviews_ahead(events: Events, at: datetime) -> dict[str, datetime]:
    """The interviews with an id that are still to come at a moment, each with its time."""
    found = {}
    for event in events:
        if event["type"] != "interview" or not event.get("id"):
            continue
        moved = [e for e in events if e["type"] == "rescheduled" and e["interview"] == event["id"]]
        last = max(moved, key=lambda e: datetime.fromisoformat(e["at"]), default=None)
        moment = datetime.fromisoformat(last["to"] if last else event["at"])
        if moment > at and not is_off(event["id"], events):
            found[str(event["id"])] = moment
    return found


def _last_change(interview: str, events: Events) -> Mapping[str, Any] | None:
    changes = [e for e in events if e["type"] in ("rescheduled", "cancelled") and e["interview"] == interview]
    return max(changes, key=lambda e: datetime.fromisoformat(e["at"]), default=None)
