"""The facts under `linkedin`: what a state says of your account, and what follows from the notes sent.

linkedin: {account: free, notes_a_month: 5, connected: [dana], notes: [2026-09-01]}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any

from followup.durations import add, parse_duration
from followup.events import Sent
from followup.fields import Fact, FactType
from followup.timepoints import Timepoint, at_instant
from followup_linkedin.limits import ACCOUNTS, FREE

if TYPE_CHECKING:
    from followup.moments import Instant
    from followup.scope import Scope

__all__ = ["FACTS"]

MONTH = parse_duration("1 month")


def _told(scope: Scope, name: str) -> Any:
    told = scope.history.state.extensions.get("linkedin")
    return told.get(name) if isinstance(told, Mapping) else None


def _account(scope: Scope) -> str | None:
    told = str(_told(scope, "account") or "").strip().casefold()
    return told if told in ACCOUNTS else None


def _notes_a_month(scope: Scope) -> int | None:
    told = str(_told(scope, "notes_a_month") or "").strip()
    if told.isascii() and told.isdigit() and len(told) <= 4:
        return int(told)
    return ACCOUNTS.get(_account(scope) or "", FREE).notes_a_month


def _connected(scope: Scope) -> bool | None:
    told = _told(scope, "connected")
    if scope.person_id is None or not isinstance(told, (list, tuple)):
        return None
    return scope.person_id in told


def _notes(scope: Scope) -> Iterator[Instant]:
    """When a note went out: here, for other opportunities that the state tells of, and on days it names."""
    told = _told(scope, "notes")
    for day in told if isinstance(told, (list, tuple)) else ():
        with suppress(ValueError):
            yield scope.calendar.start_of(date.fromisoformat(str(day).strip()))
    sent = (*scope.history.of_type("sent"), *(h for h in scope.history.elsewhere if h.type == "sent"))
    for happened in sent:
        event = happened.event
        if isinstance(event, Sent) and event.intent == "connect" and event.channel in (None, "linkedin"):
            yield happened.at


def _next_note(scope: Scope) -> Timepoint | None:
    """A month after the note with which the allowance was used up; not known where it is not."""
    notes, most = sorted(_notes(scope)), _notes_a_month(scope)
    if not most or len(notes) < most:
        return None
    return at_instant(add(notes[-most], MONTH, scope.calendar))


FACTS = (
    Fact("linkedin.account", FactType("text", values=tuple(ACCOUNTS)), "your account on LinkedIn", _account),
    Fact(
        "linkedin.notes_a_month",
        FactType("number"),
        "how many invitations with a note your account may send in a month",
        _notes_a_month,
    ),
    Fact(
        "linkedin.connected",
        FactType("boolean"),
        "whether you and the person are contacts on LinkedIn",
        _connected,
    ),
    Fact(
        "linkedin.next_note",
        FactType("moment"),
        "when the month is over in which you used up your notes",
        _next_note,
    ),
)
