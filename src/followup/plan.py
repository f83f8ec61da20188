"""The plan: what to do, to whom, by which channel, when, with what words; and why, and why not.

All of it is frozen data. Encoded as JSON it is the contract of `schemas/plan.schema.json`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

import msgspec

__all__ = [
    "Attachment",
    "Draft",
    "Finding",
    "FollowUp",
    "Plan",
    "Question",
    "Reason",
    "Recipient",
    "Severity",
    "Silent",
    "Status",
    "telling",
]

Status = Literal["due", "scheduled", "held", "blocked", "done", "moot", "missed", "skipped", "snoozed"]
Severity = Literal["error", "warning", "note"]

PENDING: frozenset[str] = frozenset({"due", "scheduled", "held", "blocked", "snoozed"})
"""The statuses of a follow-up that may still go out."""


# Which kind of reason says most about a status.
_TELLING: Mapping[str, tuple[str, ...]] = {
    "due": ("event", "rule", "window"),
    "held": ("guard", "gate", "window"),
    "blocked": ("review", "need", "channel", "guard", "gate"),
    "scheduled": ("window", "event", "rule"),
    "snoozed": ("event", "window"),
    "done": ("event",),
    "skipped": ("event",),
    "missed": ("window",),
    "moot": ("event", "gate", "guard"),
}
_SETTLED = {"done", "skipped", "snoozed", "moot"}


class Recipient(msgspec.Struct, frozen=True):
    """To whom a follow-up goes: the person's id in the state (`self` for a task to yourself) and name."""

    id: str
    name: str


class Reason(msgspec.Struct, frozen=True):
    """One why, or why not.

    `kind` is `rule`, `event`, `window`, `when`, `guard`, `gate`, `channel`, `join`, `advice` or `need`;
    `name` is what spoke (a rule's, guard's or event's name); `at` is its place as `file:line`.
    """

    kind: str
    name: str
    text: str
    at: str = ""


class Finding(msgspec.Struct, frozen=True):
    """What a review found in a draft: `where` is `subject`, `body` or `body:LINE:COLUMN`."""

    review: str
    severity: Severity
    text: str
    where: str = "body"
    suggestion: str = ""


class Attachment(msgspec.Struct, frozen=True):
    """A file that belongs to a draft, such as an `.eml`: its name, media type and text."""

    name: str
    media_type: str
    text: str


class Draft(msgspec.Struct, frozen=True):
    """The composed words of a follow-up for its channel.

    `open` is an address for the person's own program (`mailto:`, `tel:`, `https:`), or empty; `language` is
    the ISO 639 code of the language it is in; `edited` says that the words are the person's own.
    """

    subject: str
    body: str
    open: str = ""
    attachments: tuple[Attachment, ...] = ()
    language: str = "en"
    edited: bool = False


class FollowUp(msgspec.Struct, frozen=True, kw_only=True):
    """What one rule proposes for one anchor event and one person.

    `opens` and `closes` bound its window; `at` is when it is best done if all goes to plan; `lifts`
    is when a held or snoozed one is let go. A part has a `host`: it rides in that follow-up's message.
    """

    key: str
    rule: str
    scenario: str
    intent: str
    title: str = ""
    advice: tuple[str, ...] = ()
    status: Status
    to: Recipient | None
    channel: str | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    at: datetime | None = None
    lifts: datetime | None = None
    parts: tuple[str, ...] = ()
    host: str | None = None
    needs: tuple[str, ...] = ()
    draft: Draft | None = None
    reasons: tuple[Reason, ...] = ()
    findings: tuple[Finding, ...] = ()


class Question(msgspec.Struct, frozen=True, rename={"rules": "for"}):
    """An unknown fact that would change the plan, and the rules that ask for it."""

    fact: str
    rules: tuple[str, ...]
    text: str


class Silent(msgspec.Struct, frozen=True):
    """A rule that proposes nothing here, and why."""

    rule: str
    scenario: str
    reasons: tuple[Reason, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """All follow-ups of one state at one moment, in order of status, time and key.

    `next_change` is the first moment after `now` at which any status would differ if nothing else
    happens. `silent` lists the rules that propose nothing, with the reason.
    """

    format: int = 1
    now: datetime
    stage: str
    next_change: datetime | None
    followups: tuple[FollowUp, ...]
    questions: tuple[Question, ...] = ()
    silent: tuple[Silent, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def due(self) -> tuple[FollowUp, ...]:
        """What to send now, one entry a message: parts are inside their hosts."""
        return self.with_status("due")

    @property
    def held(self) -> tuple[FollowUp, ...]:
        """What a guard holds back."""
        return self.with_status("held")

    @property
    def pending(self) -> tuple[FollowUp, ...]:
        """What may still go out, one entry a message."""
        return self.with_status(*PENDING)

    def with_status(self, *statuses: str) -> tuple[FollowUp, ...]:
        """The follow-ups of these statuses, without those that ride in another."""
        return tuple(f for f in self.followups if f.status in statuses and f.host is None)

    def __getitem__(self, key: str) -> FollowUp:
        """The follow-up with this key; raises KeyError."""
        for followup in self.followups:
            if followup.key == key:
                return followup
        raise KeyError(key)

    def to_json(self) -> bytes:
        """The plan as JSON, in the form of `schemas/plan.schema.json`."""
        return msgspec.json.encode(self)


def telling(status: str, reasons: Sequence[Reason]) -> Reason | None:
    """The one reason that says most about the status, or None where none is given.

    Of what is settled that is the event that settled it, which stands after the one that it began with.
    """
    found = [reason for kind in _TELLING.get(status, ()) for reason in reasons if reason.kind == kind]
    if status in _SETTLED and len(found) > 1:
        return found[1]
    return next(iter(found or reasons), None)
