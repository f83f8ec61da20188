"""Windows: when a candidate may go out, as `docs/semantics.md` section 5 has it.

For each candidate the whole future is worked out as sets of moments; nothing here depends on what the
other candidates do.
"""

from __future__ import annotations

from dataclasses import dataclass

from followup.conditions import Truth
from followup.durations import add
from followup.events import Snoozed
from followup.gate import Restriction, Usable, restrictions
from followup.moments import ALWAYS, NEVER, Instant, Moments, between, since
from followup.proposing import Candidate
from followup.rules import Guard
from followup.timepoints import from_day

__all__ = ["Window", "is_known", "missing_facts", "named", "window_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When a candidate may go out, with all that bears on it.

    `span` reaches from the start to the end (None where it stays open); at the `natural` moments in it the
    conditions of the rule and of a channel hold, at the `possible` ones they may; `free` are the natural
    ones that guards and gate allow. A part may ride in another message at the `rideable` ones: no message
    more is sent, so only what forbids it counts. `snoozed_until` may have passed.
    """

    end: Instant | None
    span: Moments
    natural: Moments
    possible: Moments
    allowed: Moments
    free: Moments
    rideable: Moments
    usable: tuple[Usable, ...]
    restrictions: tuple[Restriction, ...]
    snoozed_until: Instant | None

    def channel_at(self, at: Instant | None) -> str | None:
        """The channel at a moment: the first usable one that suits then, else the first."""
        for usable in self.usable:
            if at is not None and at in usable.certain:
                return usable.name
        return self.usable[0].name if self.usable else None


def window_of(candidate: Candidate, guards: tuple[Guard, ...]) -> Window:
    """The window of a candidate under the guards that apply to its rule."""
    condition = _condition(candidate)
    limits = tuple(restrictions(candidate.rule, candidate.scope, guards))
    snooze = _snoozed_until(candidate)
    allowed: Moments = ALWAYS if snooze is None else since(snooze)
    for limit in limits:
        allowed = allowed & limit.allowed
    end = _end(candidate, condition.certain & allowed)
    stays_open = end is None or candidate.rule.late
    span = since(candidate.start) if end is None or stays_open else between(candidate.start, end)
    natural = span & condition.certain
    return Window(
        end=end,
        span=span,
        natural=natural,
        possible=span & condition.possible,
        allowed=allowed,
        free=natural & allowed,
        rideable=_rideable(candidate, natural, limits),
        usable=candidate.usable,
        restrictions=limits,
        snoozed_until=snooze,
    )


def _condition(candidate: Candidate) -> Truth:
    """When the rule's condition holds and a usable channel suits."""
    when = candidate.rule.when.truth(candidate.scope, candidate.scope.calendar)
    if not candidate.usable:
        return when
    certain: Moments = NEVER
    possible: Moments = NEVER
    for channel in candidate.usable:
        certain, possible = certain | channel.certain, possible | channel.possible
    return Truth(when.certain & certain, when.possible & possible)


def _rideable(candidate: Candidate, natural: Moments, limits: tuple[Restriction, ...]) -> Moments:
    if not candidate.rule.join or candidate.is_to_nobody or missing_facts(candidate, ("part",)):
        return NEVER
    for limit in limits:
        if limit.forbids:
            natural = natural & limit.allowed
    return natural


def _end(candidate: Candidate, allowed: Moments) -> Instant | None:
    """When the window closes: a deadline, or a length from when it may really open."""
    rule, calendar = candidate.rule, candidate.scope.calendar
    if rule.within is not None:
        return candidate.origin.plus(rule.within, calendar)
    if rule.open_for is not None:
        first = allowed.first(candidate.start)
        return None if first is None else add(first, rule.open_for, calendar)
    return None


def _snoozed_until(candidate: Candidate) -> Instant | None:
    for happened in reversed(candidate.scope.history.by_type.get("snoozed", [])):
        event = happened.event
        if isinstance(event, Snoozed) and event.key == candidate.key:
            return from_day(event.until, candidate.scope.calendar).reached
    return None


def missing_facts(candidate: Candidate, sections: tuple[str, ...]) -> tuple[str, ...]:
    """The facts that these sections of the message cannot do without and that are not known."""
    message = candidate.rule.message
    if message is None:
        return ()
    needed = sorted({path for section in sections for path in message.needs.get(section, ())})
    return tuple(
        named(path, candidate) for path in needed if not is_known(message.facts[path].get(candidate.scope))
    )


def is_known(value: object) -> bool:
    """Whether a message can print a fact's value: it is known, and a list is not empty."""
    return value is not None and value != () and value != []


def named(path: str, candidate: Candidate) -> str:
    """A fact's path as a person would find it in the state: `person.rapport` as `people.dana.rapport`."""
    if path.startswith("person.") and candidate.scope.person_id is not None:
        return f"people.{candidate.scope.person_id}.{path.removeprefix('person.')}"
    return path
