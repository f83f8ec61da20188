"""Scheduling: from rules and a history to follow-ups with a status and a time.

One deterministic pass: propose, work out each outlook, join parts to hosts, let the higher priority
displace the lower, place in order of time. `docs/semantics.md` says what each step means.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from msgspec import Struct
from msgspec.structs import replace

from followup.awakening import Awakening
from followup.channels import Channel
from followup.conditions import TRUE_CONDITION
from followup.durations import Duration, add
from followup.fields import Fact
from followup.gate import Spaces, spaces_now
from followup.history import History
from followup.moments import NEVER, Instant, Moments
from followup.plan import Status
from followup.proposing import Candidate, propose
from followup.rules import Guard, Guards, Rule
from followup.settling import Deeds
from followup.standing import Outlook, outlook, outlook_at
from followup.state import InterviewState

__all__ = ["Placement", "Rules", "Schedule", "schedule", "silent_candidates", "whole_schedule"]


class GuardsOf(dict[str, Guards]):
    """The guards that apply to each rule, in order of name, found when the rule is first looked at."""

    def __init__(self, rules: Mapping[str, Rule], guards: Mapping[str, Guard]) -> None:
        super().__init__()
        self._rules = rules
        self._guards = tuple(guards.values())

    def __missing__(self, name: str) -> Guards:
        rule = self._rules[name]
        found = self[name] = Guards(guard for guard in self._guards if guard.applies_to(rule))
        return found


@dataclass(frozen=True, slots=True)
class Rules:
    """What an engine evaluates. How the rules to look at are found is known beforehand.

    `choosing` are the names of the guards of which the present alone counts, and may change.
    """

    rules: Mapping[str, Rule]
    guards_of: Mapping[str, Guards]
    choosing: frozenset[str]
    channels: Mapping[str, Channel]
    awakening: Awakening

    @classmethod
    def of(
        cls,
        rules: Mapping[str, Rule],
        guards: Mapping[str, Guard],
        channels: Mapping[str, Channel],
        facts: Mapping[str, Fact],
    ) -> Rules:
        """Compile the conditions of the rules, which read these facts."""
        choosing = frozenset(name for name, guard in guards.items() if _chooses(guard))
        return cls(rules, GuardsOf(rules, guards), choosing, channels, Awakening(rules, facts))


def _chooses(guard: Guard) -> bool:
    """Whether its `when` decides at the present alone whom to write to, by what, and how far from others."""
    chooses = guard.space is not None or guard.route is not None or guard.forbid_channel is not None
    return chooses and guard.when != TRUE_CONDITION


class Placement(Struct, frozen=True, kw_only=True, gc=False):
    """A follow-up as scheduled: its outlook, its status, and when. `host` is the key it rides in.

    `left` are its free moments that no other follow-up takes.
    """

    outlook: Outlook
    status: Status
    at: Instant | None = None
    lifts: Instant | None = None
    host: str | None = None
    parts: tuple[str, ...] = ()
    displaced_by: str | None = None
    left: Moments = NEVER

    @property
    def candidate(self) -> Candidate:
        return self.outlook.candidate

    @property
    def key(self) -> str:
        return self.candidate.key

    @property
    def only_rides(self) -> bool:
        """Whether guards hold it without an end, so that it goes out only inside another message."""
        return self.status == "held" and self.lifts is None and bool(self.candidate.rule.join)


class Schedule(Struct, frozen=True):
    """All placements of a state at a moment, and of the rules that were looked at, which are `awake`, the
    candidates that nothing could make a follow-up."""

    history: History
    now: Instant
    awake: tuple[Rule, ...]
    placements: tuple[Placement, ...]
    silent: tuple[Candidate, ...]

    def statuses(self) -> dict[str, str]:
        """The status of each follow-up by key."""
        return {placement.key: placement.status for placement in self.placements}

    def at(self, later: Instant, rules: Rules) -> Schedule:
        """The statuses at a later moment, if until then nothing happens and no guard chooses otherwise."""
        outlooks = [outlook_at(later, placement.outlook) for placement in self.placements]
        placements = _arranged(outlooks, later, rules, timed=False)
        return Schedule(self.history, later, self.awake, placements, self.silent)


def schedule(state: InterviewState, now: Instant, rules: Rules) -> Schedule:
    """The schedule of a state at `now`."""
    history = History(state, now)
    outlooks: list[Outlook] = []
    silent: list[Candidate] = []
    deeds = Deeds(history, rules.rules)
    awake = rules.awakening.awakened(history)
    for rule in awake:
        guards = rules.guards_of[rule.name]
        for candidate in propose(rule, history, rules.channels, guards):
            attempt: Candidate | None = candidate
            while attempt is not None:
                seen = outlook(attempt, guards, deeds)
                if seen is None:
                    silent.append(attempt)
                    break
                outlooks.append(seen)
                attempt = _again(seen)
    return Schedule(history, now, awake, _arranged(outlooks, now, rules), tuple(silent))


def _again(seen: Outlook) -> Candidate | None:
    """The next repetition, if its turn has come: the one before was done, or its time has passed."""
    candidate, repeat = seen.candidate, seen.candidate.rule.repeat
    if repeat is None or candidate.attempt >= repeat.times or seen.standing not in ("done", "missed"):
        return None
    return candidate.again(seen.settled_by.at if seen.settled_by else candidate.start)


def whole_schedule(state: InterviewState, now: Instant, rules: Rules) -> Schedule:
    """The same, with the candidates also of rules at which no plan looks."""
    made = schedule(state, now, rules)
    return replace(made, silent=silent_candidates(made, rules))


def silent_candidates(made: Schedule, rules: Rules) -> tuple[Candidate, ...]:
    """All candidates that nothing could make a follow-up, those of rules at which no plan looks included."""
    history = made.history
    asleep = (
        candidate
        for rule in rules.awakening.asleep(history, made.awake)
        for candidate in propose(rule, history, rules.channels, rules.guards_of[rule.name])
    )
    return (*made.silent, *asleep)


def _arranged(
    outlooks: list[Outlook], now: Instant, rules: Rules, *, timed: bool = True
) -> tuple[Placement, ...]:
    """All outlooks placed, parts in their hosts, in order of key; `timed`: also when each is best done."""
    return tuple(_place(outlooks, _hosts(outlooks, now), now, rules, timed=timed))


# Parts and hosts


def _hosts(outlooks: list[Outlook], now: Instant) -> dict[str, str]:
    """The host of each part, by key: a whole message, else a part before it that goes alone."""
    whole = [o for o in outlooks if o.may_go and not o.candidate.rule.join]
    over = ("done", "skipped", "moot", "missed", "snoozed")
    parts = [o for o in outlooks if o.candidate.rule.join and o.standing not in over]
    hosts = {part.candidate.key: host for part in parts if (host := _host(part, whole, now)) is not None}
    alone: list[Outlook] = []
    for part in sorted(parts, key=_precedence):
        if part.candidate.key in hosts:
            continue
        if (host := _host(part, alone, now)) is not None:
            hosts[part.candidate.key] = host
        elif part.may_go:
            alone.append(part)
    return hosts


def _host(part: Outlook, hosts: list[Outlook], now: Instant) -> str | None:
    """The key of the host in which a part rides, if there is one."""
    fitting = [
        (first, -host.candidate.rule.priority, host.candidate.key)
        for host in hosts
        if host.candidate.rule.intent in part.candidate.rule.join
        and host.candidate.scope.recipient == part.candidate.scope.recipient
        and (part.window.rideable & host.window.free).first(now) is not None
        and (first := host.window.free.first(now)) is not None
    ]
    return min(fitting)[2] if fitting else None


# Displacement and placing


class _Contender(Struct, frozen=True, gc=False):
    """A follow-up that may go out by itself, and how far from others it has to be kept now."""

    seen: Outlook
    spaces: Spaces

    @property
    def rank(self) -> tuple[int, Instant, str]:
        return _precedence(self.seen)

    def apart_from(self, other: _Contender) -> list[Duration]:
        """How long it has to wait after the other, by each space; nothing if the two do not conflict."""
        mine, its = self.seen.candidate, other.seen.candidate
        if mine.scope.recipient is None or its.scope.recipient is None:
            return []
        same = mine.scope.recipient == its.scope.recipient
        return [
            distance.by
            for distance in (self.spaces.person if same else self.spaces.company)
            if mine.rule.intent not in distance.exempt and its.rule.intent not in distance.exempt
        ]


class _Booked(Struct, frozen=True, gc=False):
    """Where a candidate stands among the others: the moments left to it, and who displaces it now."""

    left: Moments
    displaced_by: str | None


def _place(
    outlooks: list[Outlook], hosts: Mapping[str, str], now: Instant, rules: Rules, *, timed: bool
) -> Iterator[Placement]:
    alone = [o for o in outlooks if o.candidate.key not in hosts]
    contenders = [_contender(o, rules) for o in alone if o.may_go]
    booked = _displace(contenders, now)
    times = _times(contenders, now) if timed else {}
    parts: dict[str, list[str]] = {}
    for part_key, host_key in sorted(hosts.items()):
        parts.setdefault(host_key, []).append(part_key)
    placed = {o.candidate.key: _placement(o, booked, times, parts, now) for o in alone}
    for seen in outlooks:
        if seen.candidate.key in hosts:
            host = placed[hosts[seen.candidate.key]]
            placed[seen.candidate.key] = Placement(
                outlook=seen, status=host.status, at=host.at, lifts=host.lifts, host=host.key
            )
    yield from (placed[key] for key in sorted(placed))


def _contender(seen: Outlook, rules: Rules) -> _Contender:
    candidate = seen.candidate
    return _Contender(seen, spaces_now(candidate.scope, rules.guards_of[candidate.rule.name]))


def _placement(
    seen: Outlook,
    booked: Mapping[str, _Booked],
    times: Mapping[str, Instant | None],
    parts: Mapping[str, list[str]],
    now: Instant,
) -> Placement:
    key = seen.candidate.key
    carried = tuple(parts.get(key, ()))
    if seen.standing in ("done", "skipped", "moot", "missed", "blocked"):
        return Placement(outlook=seen, status=seen.standing)
    if seen.standing == "shut":
        return Placement(outlook=seen, status="held")
    at = times.get(key)
    if seen.standing == "snoozed":
        return Placement(
            outlook=seen, status="snoozed", at=at, lifts=seen.window.snoozed_until, parts=carried
        )
    place = booked[key]
    if now in place.left:
        return Placement(outlook=seen, status="due", at=at, parts=carried, left=place.left)
    if now in seen.window.free:
        return Placement(
            outlook=seen, status="held", at=at, lifts=at, parts=carried, displaced_by=place.displaced_by,
            left=place.left,
        )  # fmt: skip
    natural, free = seen.window.natural.first(now), seen.window.free.first(now)
    if free is None or (natural is not None and free > natural):
        return Placement(outlook=seen, status="held", at=at, lifts=free, parts=carried)
    return Placement(outlook=seen, status="scheduled", at=at, parts=carried)


def _displace(contenders: list[_Contender], now: Instant) -> dict[str, _Booked]:
    """What is left to each once those before it, by priority, have taken their moments."""
    booked: dict[str, _Booked] = {}
    before: list[_Contender] = []
    for contender in sorted(contenders, key=attrgetter("rank")):
        left, displaced_by = contender.seen.window.free, None
        for other in before:
            if contender.apart_from(other):
                taken = booked[other.seen.candidate.key].left
                if displaced_by is None and now in taken:
                    displaced_by = other.seen.candidate.key
                left = left - taken
        booked[contender.seen.candidate.key] = _Booked(left, displaced_by)
        before.append(contender)
    return booked


def _precedence(seen: Outlook) -> tuple[int, Instant, str]:
    return -seen.candidate.rule.priority, seen.candidate.start, seen.candidate.key


def _times(contenders: list[_Contender], now: Instant) -> dict[str, Instant | None]:
    """When each is best done if all goes to plan, in order of time."""
    placed: list[tuple[_Contender, Instant]] = []
    times: dict[str, Instant | None] = {}
    never = now + 2**62

    def turn(contender: _Contender) -> tuple[Instant, tuple[int, Instant, str]]:
        first = contender.seen.window.free.first(now)
        return never if first is None else first, contender.rank

    for contender in sorted(contenders, key=turn):
        seen = contender.seen
        calendar = seen.candidate.scope.calendar
        waits = [add(at, by, calendar) for other, at in placed for by in contender.apart_from(other)]
        when = seen.window.free.first(max([now, *waits]))
        if when is not None:
            when = _preferred(seen, when)
            placed.append((contender, when))
        times[seen.candidate.key] = when
    return times


def _preferred(seen: Outlook, earliest: Instant) -> Instant:
    """The first preferred moment from there on, if there is one in the window."""
    name = seen.candidate.rule.prefer
    if name is None:
        return earliest
    better = (seen.window.free & seen.candidate.scope.calendar.named(name)).first(earliest)
    return earliest if better is None else better
