"""Playing a plan forward: send what is due when it is due, let things happen, and watch what changes.

Nothing is assumed but what was named. Where the plan says to call, the call reaches a voicemail; that
somebody spoke is an event like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import msgspec

from followup.durations import Duration, add, parse_duration
from followup.errors import UsageError, did_you_mean
from followup.events import Called, Done, Event, Interview, Reply, Sent
from followup.history import person_calendar
from followup.lasting import next_change
from followup.moments import Instant, instant, moment
from followup.plan import Recipient
from followup.planning import Planner, holding, recipient_of
from followup.scheduling import Placement, Schedule, schedule
from followup.state import InterviewState
from followup.stories import Cue
from followup.telling import event_words
from followup.timeline import event_people

__all__ = [
    "Change",
    "Occurrence",
    "Outgoing",
    "Pending",
    "Simulation",
    "Step",
    "Watch",
    "event_of",
    "simulate",
]

MOST_STEPS = 2_000
"""The most moments that one simulation looks at."""

Watch = Callable[[datetime], None]
"""Told each moment that a simulation comes to, for a bar of progress."""


class Change(msgspec.Struct, frozen=True):
    """A follow-up whose status changed; `before` is None when it is new, `after` None when it is gone.

    `until` is when a held or snoozed one is let go, `opens` when it is best done; a part has a `host`, and
    `rides` is true where it could only ever have gone out inside another message.
    """

    key: str
    rule: str
    to: str
    before: str | None
    after: str | None
    why: str = ""
    title: str = ""
    until: datetime | None = None
    opens: datetime | None = None
    closes: datetime | None = None
    host: str | None = None
    rides: bool = False


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """A message, a call or a task of your own that was done in the play; `channel` is None for a task."""

    at: datetime
    key: str
    rule: str
    intent: str
    title: str
    to: Recipient
    channel: str | None
    parts: tuple[str, ...] = ()


class Occurrence(msgspec.Struct, frozen=True):
    """Something that happened on the way: an event of the story, in words."""

    at: datetime
    type: str
    words: str


class Pending(msgspec.Struct, frozen=True):
    """What could still go out when the play ends."""

    key: str
    title: str
    to: str
    status: str
    at: datetime | None


class Step(msgspec.Struct, frozen=True):
    """One moment of a simulation: what happened (in words), and what that changed."""

    at: datetime
    happened: tuple[str, ...]
    changes: tuple[Change, ...]


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """A plan played forward from `start` to `end`: each message sent when it is due, nothing else assumed.

    `stage` and `pending` are as they stand at the end. `cut_off` is the moment at which a play was given up
    that went through too many moments; None where it came to its end.
    """

    format: int = 1
    start: datetime
    end: datetime
    steps: tuple[Step, ...]
    sent: tuple[str, ...] = ()
    messages: tuple[Outgoing, ...] = ()
    events: tuple[Occurrence, ...] = ()
    stage: str = ""
    pending: tuple[Pending, ...] = ()
    cut_off: datetime | None = None


def simulate(
    planner: Planner,
    state: InterviewState,
    now: Instant,
    until: Instant,
    events: tuple[Event, ...] = (),
    replies: dict[str, str] | None = None,
    *,
    cues: tuple[Cue, ...] = (),
    watch: Watch | None = None,
) -> Simulation:
    """Play a plan forward from `now` to `until`. Raises UsageError."""
    if until < now:
        raise UsageError("the simulation ends before it begins; pass a later `until`")
    player = _Player(planner, state, now, until, events, _durations(replies or {}, planner), cues, watch)
    return player.play()


def event_of(message: Outgoing) -> Event:
    """The event that tells of a message which went out in a play."""
    at = message.at.astimezone(UTC)
    if message.channel is None:
        return Done(at=at, key=message.key)
    if message.channel == "phone":
        return Called(
            at=at, to=message.to.id, outcome="voicemail", intent=message.intent, key=message.key,
            parts=message.parts,
        )  # fmt: skip
    return Sent(
        at=at, to=message.to.id, intent=message.intent, key=message.key, channel=message.channel,
        parts=message.parts,
    )  # fmt: skip


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
        cues: tuple[Cue, ...],
        watch: Watch | None,
    ) -> None:
        self.planner = planner
        self.state = state
        self.clock = now
        self.until = until
        self.waiting: list[tuple[Instant, Event]] = []
        self.ahead: list[tuple[Instant, Event]] = []
        self.replies = replies
        self.cues = cues
        self.watch = watch
        self.zone = person_calendar(state, None).tzinfo
        self.steps: list[Step] = []
        self.messages: list[Outgoing] = []
        self.occurrences: list[Occurrence] = []
        self.seen: dict[str, Placement] = {}
        for event in events:
            self._await(event)

    def play(self) -> Simulation:
        start = self.clock
        happened: list[str] = []
        cut_off = None
        made = None
        for number in range(MOST_STEPS + 1):
            happened += self._let_happen()
            made = schedule(self.state, self.clock, self.planner.rules)
            self._note(made, happened)
            if number == MOST_STEPS:
                cut_off = self._moment(self.clock)
                break
            happened = self._send_due(made)
            if happened:
                continue
            following = self._next(made)
            if following is None or following > self.until:
                break
            self.clock = following
            if self.watch is not None:
                self.watch(self._moment(following))
        assert made is not None
        return Simulation(
            start=self._moment(start),
            end=self._moment(self.until),
            steps=tuple(self.steps),
            sent=tuple(message.key for message in self.messages),
            messages=tuple(self.messages),
            events=tuple(self.occurrences),
            stage=made.history.stage,
            pending=tuple(self._pending(made)),
            cut_off=cut_off,
        )

    def _moment(self, at: Instant) -> datetime:
        return moment(at, self.zone)

    # What happens

    def _await(self, event: Event) -> None:
        """Let an event happen at its time; an interview is known from when it was arranged."""
        at = instant(event.at)
        if isinstance(event, Interview) and event.arranged is not None:
            self.ahead.append((at, event))
            at = min(at, instant(event.arranged))
        self.waiting.append((at, event))
        for entries in (self.waiting, self.ahead):
            entries.sort(key=lambda entry: entry[0])

    def _let_happen(self) -> list[str]:
        happened = []
        while self.waiting and self.waiting[0][0] <= self.clock:
            _, event = self.waiting.pop(0)
            self.state = self.state.adding(event)
            arranged = isinstance(event, Interview) and instant(event.at) > self.clock
            happened.append(self._tell(event, arranged=arranged))
        while self.ahead and self.ahead[0][0] <= self.clock:
            _, event = self.ahead.pop(0)
            happened.append(self._tell(event))
        return happened

    def _tell(self, event: Event, *, arranged: bool = False) -> str:
        words = event_words(event, self.state)
        if arranged:
            words = f"an interview is arranged for {self._day(instant(event.at))}"
        self.occurrences.append(Occurrence(self._moment(self.clock), event.type, words))
        people = self.state.people
        names = [(people[p].name if p in people else None) or p for p in event_people(event)]
        return " ".join((event.type, *names)) + (" arranged" if arranged else "")

    def _day(self, at: Instant) -> str:
        from followup.wording import day

        return day(self._moment(at).date())

    # What that changes

    def _note(self, made: Schedule, happened: list[str]) -> None:
        now = {placement.key: placement for placement in made.placements}
        changes = []
        for key in sorted({*self.seen, *now}):
            before, after = self.seen.get(key), now.get(key)
            if (before and before.status) != (after and after.status):
                changes.append(self._change(key, before, after))
        if changes or happened:
            self.steps.append(Step(self._moment(self.clock), tuple(happened), tuple(changes)))
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
            title=placement.candidate.rule.title,
            until=self._maybe(after.lifts) if after else None,
            opens=self._maybe(after.at) if after else None,
            closes=self._maybe(placement.outlook.window.end),
            host=placement.host,
            rides=any(each.only_rides for each in (before, after) if each is not None),
        )

    def _maybe(self, at: Instant | None) -> datetime | None:
        return None if at is None else self._moment(at)

    def _pending(self, made: Schedule) -> Iterator[Pending]:
        for placement in made.placements:
            if placement.status in ("due", "scheduled", "held", "snoozed") and placement.host is None:
                to = recipient_of(placement.candidate)
                yield Pending(
                    placement.key,
                    placement.candidate.rule.title,
                    to.name if to else "nobody",
                    placement.status,
                    self._maybe(placement.at),
                )

    # What is sent

    def _send_due(self, made: Schedule) -> list[str]:
        """Send what is due and best done now; one a time, so that the next is planned with it known."""
        for placement in made.placements:
            if placement.status == "due" and placement.host is None and placement.at == self.clock:
                candidate = placement.candidate
                recipient = recipient_of(candidate) or Recipient("-", "nobody")
                rule = candidate.rule
                channel = None if rule.to_self else placement.outlook.window.channel_at(self.clock)
                message = Outgoing(
                    at=self._moment(self.clock), key=placement.key, rule=rule.name, intent=rule.intent,
                    title=rule.title, to=recipient, channel=channel, parts=placement.parts,
                )  # fmt: skip
                self.messages.append(message)
                self.state = self.state.adding(event_of(message))
                self._answer(placement)
                return [f"{rule.title} → {recipient.name}"]
        return []

    def _answer(self, placement: Placement) -> None:
        """Let what awaits a message of this rule follow it."""
        candidate = placement.candidate
        after = self.replies.get(candidate.rule.name)
        if after is not None:
            answered = add(self.clock, after, candidate.scope.calendar)
            self._await(Reply(at=moment(answered, UTC), from_=candidate.to))
        for cue in self.cues:
            if cue.rule == candidate.rule.name:
                self._await(cue.event(self.state, self.clock, candidate.to))

    def _next(self, made: Schedule) -> Instant | None:
        """The next moment worth looking at: a change, an event, or a best time of something due."""
        moments = [at for at, _ in (*self.waiting, *self.ahead)]
        moments += [p.at for p in made.placements if p.at is not None and p.host is None]
        change = next_change(made, self.state, self.planner.rules)
        moments += [change] if change is not None else []
        return min((at for at in moments if at > self.clock), default=None)
