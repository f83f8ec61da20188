"""Windows: when a candidate may go out, as `docs/semantics.md` section 5 has it.

For each candidate the whole future is worked out as sets of moments; nothing here depends on what the
other candidates do, nor on what time it is.
"""

from __future__ import annotations

from followup.conditions import Truth
from followup.durations import add
from followup.events import Snoozed
from followup.gate import Restriction, restrictions
from followup.moments import ALWAYS, NEVER, Instant, Moments, between, since
from followup.once import once
from followup.proposing import Candidate
from followup.rules import Guards
from followup.timepoints import from_day

__all__ = ["Window", "is_known", "missing_facts", "named"]


class Window:
    """When a candidate may go out under the guards that apply to its rule, with all that bears on it.

    Each set is worked out when it is first asked for: of what is over by now, few are.
    """

    def __init__(self, candidate: Candidate, guards: Guards) -> None:
        self.candidate = candidate
        self.guards = guards
        self.usable = candidate.usable

    @once
    def when(self) -> Truth:
        """When the rule's condition holds."""
        return self.candidate.rule.when.truth(self.candidate.scope, self.candidate.scope.calendar)

    @once
    def condition(self) -> Truth:
        """When the rule's condition holds and a usable channel suits, whatever time is left."""
        when = self.when
        if not self.usable or self.usable[0].certain == ALWAYS:
            return when
        certain: Moments = NEVER
        possible: Moments = NEVER
        for channel in self.usable:
            certain, possible = certain | channel.certain, possible | channel.possible
        return Truth(when.certain & certain, when.possible & possible)

    @once
    def restrictions(self) -> tuple[Restriction, ...]:
        """What each guard and the gate allow, where that is not everything."""
        return tuple(restrictions(self.candidate.rule, self.candidate.scope, self.guards))

    @once
    def snoozed_until(self) -> Instant | None:
        """Until when it was put off, which may have passed."""
        calendar, key = self.candidate.scope.calendar, self.candidate.key
        for happened in reversed(self.candidate.scope.history.by_type.get("snoozed", ())):
            event = happened.event
            if isinstance(event, Snoozed) and event.key == key:
                return from_day(event.until, calendar).reached
        return None

    @once
    def allowed(self) -> Moments:
        """The moments at which no guard holds it back, nor the gate."""
        allowed: Moments = ALWAYS if self.snoozed_until is None else since(self.snoozed_until)
        for limit in self.restrictions:
            allowed = allowed & limit.allowed
        return allowed

    @once
    def end(self) -> Instant | None:
        """When it closes: at a deadline, or so long after it may really open; None where it stays open."""
        candidate = self.candidate
        rule, calendar = candidate.rule, candidate.scope.calendar
        if rule.within is not None:
            return candidate.origin.plus(rule.within, calendar)
        if rule.open_for is not None:
            first = (self.condition.certain & self.allowed).first(candidate.start)
            return None if first is None else add(first, rule.open_for, calendar)
        return None

    @property
    def span(self) -> Moments:
        """From its start to its end; without end, if what is late may still be sent."""
        start, end = self.candidate.start, self.end
        return since(start) if end is None or self.candidate.rule.late else between(start, end)

    @once
    def natural(self) -> Moments:
        """Where the conditions of the rule and of a channel certainly hold."""
        return self.span & self.condition.certain

    @once
    def opens(self) -> Instant:
        """The first natural moment; the start, where there is none."""
        opens = self.natural.first(self.candidate.start)
        return self.candidate.start if opens is None else opens

    @once
    def possible(self) -> Moments:
        """Where those conditions may hold."""
        certain, possible = self.condition
        return self.natural if possible == certain else self.span & possible

    @once
    def free(self) -> Moments:
        """The natural moments that guards and gate allow."""
        return self.natural & self.allowed

    @once
    def rideable(self) -> Moments:
        """Where a part may ride in another message: none more is sent, so only what forbids it counts."""
        candidate = self.candidate
        if not candidate.rule.join or candidate.is_to_nobody or missing_facts(candidate, ("part",)):
            return NEVER
        moments = self.natural
        for limit in self.restrictions:
            if limit.forbids:
                moments = moments & limit.allowed
        return moments

    def could_go_at(self, at: Instant) -> bool:
        """Whether it lies in the natural moments, which are not worked out where it cannot."""
        return self.candidate.start <= at and at in self.condition.certain and at in self.natural

    def channel_at(self, at: Instant) -> str | None:
        """The channel at a moment: the first usable one that suits then, else the first."""
        for usable in self.usable:
            if at in usable.certain:
                return usable.name
        return self.usable[0].name if self.usable else None


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
