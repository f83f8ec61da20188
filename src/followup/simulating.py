"""Playing a plan forward: send what is due when it is due, let things happen, and watch what changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec

from followup.durations import Duration, add, parse_duration
from followup.errors import UsageError, did_you_mean
from followup.events import Called, Done, Event, Reply, Sent
from followup.history import person_calendar
from followup.moments import Instant, instant, moment
from followup.planning import Planner, holding, recipient_of
from followup.scheduling import Placement, Schedule, next_change, schedule
from followup.state import InterviewState
from followup.timeline import event_people

__all__ = ["Change", "Simulation", "Step", "simulate"]

MOST_STEPS = 2_000
"""The most moments that one simulation looks at."""


class Change(msgspec.Struct, frozen=True):
    """A follow-up whose status changed; `before` is None when it is new, `after` None when it is gone."""

    key: str
    rule: str
    to: str
    before: str | None
    after: str | None
    why: str = ""


class Step(msgspec.Struct, frozen=True):
    """One moment of a simulation: what happened (in words), and what that changed."""

    at: datetime
    happened: tuple[str, ...]
    changes: tuple[Change, ...]


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """A plan played forward from `start` to `end`: each message sent when it is due, nothing else assumed."""

    format: int = 1
    start: datetime
    end: datetime
    steps: tuple[Step, ...]
    sent: tuple[str, ...] = ()


def simulate(
    planner: Planner,
    state: InterviewState,
    now: Instant,
    until: Instant,
    events: tuple[Event, ...],
    replies: dict[str, str],
) -> Simulation:
    """Play a plan forward from `now` to `until`. Raises UsageError."""
    if until < now:
        raise UsageError("the simulation ends before it begins; pass a later `until`")
    return _Player(planner, state, now, until, events, _durations(replies, planner)).play()


def _durations(replies: dict[str, str], planner: Planner) -> dict[str, Duration]:
    made = {}
    for rule, text in replies.items():
        if rule not in planner.rules.rules:
            raise UsageError(f"no rule is named `{rule}`; {did_you_mean(rule, planner.rules.rules)}")
        try:
            made[rule] = parse_duration(text)
        except ValueError as error:
            raise UsageError(str(error)) from None
    return made


class _Player:
    """Holds what changes while a plan is played: the state, the clock and what was seen last."""

    def __init__(
        self,
        planner: Planner,
        state: InterviewState,
        now: Instant,
        until: Instant,
        events: tuple[Event, ...],
        replies: dict[str, Duration],
    ) -> None:
        self.planner = planner
        self.state = state
        self.clock = now
        self.until = until
        self.waiting = sorted(events, key=lambda event: instant(event.at))
        self.replies = replies
        self.zone = person_calendar(state, None).tzinfo
        self.steps: list[Step] = []
        self.sent: list[str] = []
        self.seen: dict[str, Placement] = {}

    def play(self) -> Simulation:
        start = self.clock
        happened: list[str] = []
        for _ in range(MOST_STEPS):
            happened += self._let_happen()
            made = schedule(self.state, self.clock, self.planner.rules)
            self._note(made, happened)
            happened = self._send_due(made)
            if happened:
                continue
            following = self._next(made)
            if following is None or following > self.until:
                break
            self.clock = following
        return Simulation(
            start=moment(start, self.zone), end=moment(self.until, self.zone), steps=tuple(self.steps),
            sent=tuple(self.sent),
        )  # fmt: skip

    def _let_happen(self) -> list[str]:
        happened = []
        while self.waiting and instant(self.waiting[0].at) <= self.clock:
            event = self.waiting.pop(0)
            self.state = self.state.adding(event)
            happened.append(" ".join((event.type, *self._people(event))))
        return happened

    def _people(self, event: Event) -> list[str]:
        people = self.state.people
        return [(people[p].name if p in people else None) or p for p in event_people(event)]

    def _note(self, made: Schedule, happened: list[str]) -> None:
        now = {placement.key: placement for placement in made.placements}
        changes = []
        for key in sorted({*self.seen, *now}):
            before, after = self.seen.get(key), now.get(key)
            if (before and before.status) != (after and after.status):
                changes.append(self._change(key, before, after))
        if changes or happened:
            self.steps.append(Step(moment(self.clock, self.zone), tuple(happened), tuple(changes)))
        self.seen = now

    def _change(self, key: str, before: Placement | None, after: Placement | None) -> Change:
        placement = after or before
        assert placement is not None
        recipient = recipient_of(placement.candidate)
        why = "; ".join(limit.text for limit in holding(after)) if after else ""
        if after and after.outlook.reasons:
            why = after.outlook.reasons[0].text
        return Change(
            key=key,
            rule=placement.candidate.rule.name,
            to=recipient.name if recipient else "nobody",
            before=before.status if before else None,
            after=after.status if after else None,
            why=why,
        )

    def _send_due(self, made: Schedule) -> list[str]:
        """Send what is due and best done now; one a time, so that the next is planned with it known."""
        for placement in made.placements:
            if placement.status == "due" and placement.host is None and placement.at == self.clock:
                self.state = self.state.adding(*self._sending(placement, made))
                self.sent.append(placement.key)
                recipient = recipient_of(placement.candidate)
                to = recipient.name if recipient else "nobody"
                return [f"{placement.candidate.rule.title} → {to}"]
        return []

    def _sending(self, placement: Placement, made: Schedule) -> Iterator[Event]:
        candidate = placement.candidate
        at = moment(self.clock, UTC)
        rule = candidate.rule
        if rule.to_self:
            yield Done(at=at, key=placement.key)
            return
        channel = placement.outlook.window.channel_at(self.clock)
        if channel == "phone":
            yield Called(at=at, to=candidate.to, intent=rule.intent, key=placement.key, parts=placement.parts)
        else:
            yield Sent(
                at=at,
                to=candidate.to,
                intent=rule.intent,
                key=placement.key,
                channel=channel,
                parts=placement.parts,
            )
        after = self.replies.get(rule.name)
        if after is not None:
            answered = add(self.clock, after, candidate.scope.calendar)
            self.waiting.append(Reply(at=moment(answered, UTC), from_=candidate.to))
            self.waiting.sort(key=lambda event: instant(event.at))

    def _next(self, made: Schedule) -> Instant | None:
        """The next moment worth looking at: a change, an event, or a best time of something due."""
        moments = [instant(event.at) for event in self.waiting]
        moments += [p.at for p in made.placements if p.at is not None and p.host is None]
        change = next_change(made, self.state, self.planner.rules)
        moments += [change] if change is not None else []
        return min((at for at in moments if at > self.clock), default=None)
