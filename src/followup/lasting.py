"""Lasting: how long a schedule stays as it is, if nothing else happens.

What is worked out for a candidate are sets over the whole future. They stay the same until something that
the state knows of happens, or a guard or an address chooses otherwise; until then only the place of the
present in them counts, and each status tells when it may end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from followup.moments import ALWAYS, Instant
from followup.proposing import Candidate, anchors_of, base_scope
from followup.scheduling import Placement, Rules, Schedule, schedule
from followup.state import InterviewState

__all__ = ["next_change"]

MOST_STEPS = 400
"""How many possible changes are looked at in search of the next real one."""


def next_change(current: Schedule, state: InterviewState, rules: Rules) -> Instant | None:
    """The first moment after the schedule's at which any status differs, if nothing else happens.

    None if there is none, or none among the next `MOST_STEPS` moments at which one could.
    """
    before = current.statuses()
    seen = current
    turn = _turn(seen, rules)
    for _ in range(MOST_STEPS):
        at = _earliest((turn, *_ends(seen)))
        if at is None or (at != turn and _is_sure(at, seen)):
            return at
        if at == turn:
            seen = schedule(state, at, rules)
            turn = _turn(seen, rules)
        else:
            seen = seen.at(at, rules)
        if seen.statuses() != before:
            return at
    return None


def _earliest(moments: Iterable[Instant | None]) -> Instant | None:
    return min((at for at in moments if at is not None), default=None)


# When a status may end


def _ends(seen: Schedule) -> Iterator[Instant | None]:
    """For each follow-up the first moment at which its status may be another one; None: at none."""
    for placement in seen.placements:
        if placement.host is not None:
            yield from _end_of_ride(placement, seen)
        elif not placement.outlook.is_over:
            yield _end(placement, seen.now)


def _end(placement: Placement, now: Instant) -> Instant | None:
    window = placement.outlook.window
    match placement.outlook.standing:
        case "blocked":
            return window.possible.end
        case "shut":
            return _earliest((window.natural.end, window.possible.end))
        case "snoozed":
            return _earliest((window.snoozed_until, window.possible.end))
    free = window.free.first(now)
    if placement.status == "due":
        return placement.left.next_change(now)
    if placement.status == "scheduled":
        return free
    if free == now:
        return _earliest((placement.left.next_change(now), window.free.next_change(now)))
    if free is None:
        return window.natural.end
    held = window.natural.last(free - 1)
    assert held is not None
    return held + 1


def _is_sure(at: Instant, seen: Schedule) -> bool:
    """Whether some status certainly ends there: of what is held it is not told, nor where parts may move."""
    if any(placement.host is not None for placement in seen.placements):
        return False
    return any(
        placement.status != "held" and not placement.outlook.is_over and _end(placement, seen.now) == at
        for placement in seen.placements
    )


def _end_of_ride(part: Placement, seen: Schedule) -> Iterator[Instant | None]:
    """When a part may ride in another message, or alone: where its moments, or those of a host, change."""
    yield part.outlook.window.rideable.next_change(seen.now)
    recipient, joins = part.candidate.scope.recipient, part.candidate.rule.join
    for other in seen.placements:
        candidate = other.candidate
        if other.outlook.may_go and candidate.rule.intent in joins and candidate.scope.recipient == recipient:
            yield other.outlook.window.free.next_change(seen.now)


# When the sets themselves change


def _turn(seen: Schedule, rules: Rules) -> Instant | None:
    """The next moment from which on other people, channels or sets may count."""
    history = seen.history
    candidates = (*(placement.candidate for placement in seen.placements), *seen.silent)
    return _earliest(
        (
            history.next_turning_point,
            *_turns_of_guards(seen, rules),
            *(_end_of_reach(candidate, history.now) for candidate in candidates),
        )
    )


def _turns_of_guards(seen: Schedule, rules: Rules) -> Iterator[Instant | None]:
    """When a guard of which only the present counts begins or ceases to speak, whomever it may concern."""
    history = seen.history
    for rule in seen.awake if rules.choosing else ():
        guards = [guard for guard in rules.guards_of[rule.name] if guard.name in rules.choosing]
        for anchor in anchors_of(rule, history) if guards else ():
            base = base_scope(rule, history, rules.channels, anchor)
            for scope in (base, *(base.of(person) for person in history.state.people)):
                for guard in guards:
                    yield guard.when.truth(scope, scope.calendar).certain.next_change(history.now)


def _end_of_reach(candidate: Candidate, now: Instant) -> Instant | None:
    """When no channel suits any more, so that the next in line may take the place of this person."""
    if candidate.rule.to_self or not candidate.rule.one_recipient:
        return None
    last = None
    for usable in candidate.usable:
        if usable.possible == ALWAYS:
            return None
        if usable.possible.first(now) is not None:
            end = usable.possible.end
            if end is None:
                return None
            last = end if last is None else max(last, end)
    return last
