"""The course of each follow-up under one set of rules: how it stands now, and what becomes of it.

From now on each message is sent when it is due and nobody answers; what else may happen, nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec

from followup.contacts import key_parts
from followup.plan import Draft, FollowUp, Plan, Reason, Recipient, telling
from followup.simulating import Change, event_of

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.state import InterviewState

__all__ = ["Course", "courses"]

OVER = frozenset({"done", "skipped", "moot", "missed"})
"""The statuses of a follow-up that will not go out any more."""


class Course(msgspec.Struct, frozen=True, kw_only=True):
    """One follow-up: its status now (None: it is not there yet), when it goes out, and how it ends.

    `ends` is the last status, or `sent`. `to`, `channel`, `host`, `draft` and `why` are as they are when
    it goes out, else as they are now. `why` says most about that status.
    """

    key: str
    rule: str
    title: str
    to: Recipient | None
    status: str | None
    ends: str
    sent: datetime | None = None
    channel: str | None = None
    host: str | None = None
    draft: Draft | None = None
    why: Reason | None = None

    @property
    def matters(self) -> bool:
        """Whether it goes out, or still could."""
        return self.sent is not None or self.status not in (None, *OVER) or self.ends not in OVER

    @property
    def words(self) -> str:
        """Subject and body in one text."""
        return f"{self.draft.subject}\n{self.draft.body}" if self.draft else ""


def courses(
    engine: Engine,
    state: InterviewState,
    now: datetime,
    until: datetime,
    watch: Callable[[datetime], None] | None = None,
) -> Mapping[str, Course]:
    """The course of every follow-up of a state from `now` to `until`, by key. Raises UsageError."""
    plan = engine.plan(state, now)
    made = {followup.key: _as_planned(followup) for followup in plan.followups}
    if until <= now:
        return made
    played = engine.simulate(state, now, until)
    for step in played.steps:
        for change in step.changes:
            made[change.key] = _as_changed(change, made.get(change.key))
    for message in played.messages:
        if watch is not None:
            watch(message.at)
        then = engine.plan(state, message.at)
        for key in (message.key, *message.parts):
            made[key] = _as_sent(key, then, made[key], message.at)
        state = state.adding(event_of(message))
    return made


def _as_planned(followup: FollowUp) -> Course:
    return Course(
        key=followup.key, rule=followup.rule, title=followup.title or followup.rule, to=followup.to,
        status=followup.status, ends=followup.status, channel=followup.channel, host=followup.host,
        draft=followup.draft, why=telling(followup.status, followup.reasons),
    )  # fmt: skip


def _as_changed(change: Change, before: Course | None) -> Course:
    ends = change.after or "gone"
    why = Reason("status", change.rule, change.why) if change.why else None
    if before is None:
        parts = key_parts(change.key)
        to = Recipient(parts[2], change.to) if parts else None
        return Course(
            key=change.key, rule=change.rule, title=change.title or change.rule, to=to, status=None,
            ends=ends, host=change.host, why=why,
        )  # fmt: skip
    changed = ends != before.ends
    return msgspec.structs.replace(before, ends=ends, why=why if changed and why else before.why)


def _as_sent(key: str, then: Plan, before: Course, at: datetime) -> Course:
    followup = then[key]
    window = next((reason for reason in followup.reasons if reason.kind == "window"), None)
    return msgspec.structs.replace(
        before, ends="sent", sent=at, to=followup.to, channel=followup.channel, host=followup.host,
        draft=followup.draft, why=window,
    )  # fmt: skip
