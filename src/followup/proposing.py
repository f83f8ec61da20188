"""Proposing: rule × anchor × person, as `docs/semantics.md` section 4 has it.

A rule is looked at only if an event that it waits for has happened. What comes out are candidates:
nothing is decided about them yet but whom they concern and when they count from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from followup.channels import Channel
from followup.conditions import TRUE_CONDITION
from followup.durations import add
from followup.gate import Usable, usable_channels
from followup.history import History
from followup.moments import Instant
from followup.roles import has_role
from followup.rules import Guards, Pattern, Rule
from followup.scope import Scope, lead_of, scope_at
from followup.timeline import Happened, event_people
from followup.timepoints import Timepoint, at_instant

__all__ = [
    "NOBODY",
    "Anchor",
    "Candidate",
    "all_anchors",
    "anchors_of",
    "base_scope",
    "matches",
    "matching",
    "people_for",
    "propose",
]

NOBODY = "-"
SELF = "self"


class Anchor(Struct, frozen=True, gc=False):
    """The event that a rule hangs on, its occasion, and since when its `unless` events count."""

    event: Happened
    occasion: Happened
    since: Instant

    @property
    def is_cancelled(self) -> bool:
        """Whether the interview was called off."""
        return self.event.cancelled or self.occasion.cancelled


class Candidate(Struct, frozen=True, gc=False):
    """What a rule could propose for one anchor and one person, before anything is decided.

    `to` is the id that the key carries; `usable` are the channels that reach them. `wait` and `within` count
    from `origin`; the window opens at `start`. A repetition knows when the one before it went out, or could
    have.
    """

    key: str
    rule: Rule
    anchor: Anchor
    to: str
    scope: Scope
    origin: Timepoint
    start: Instant
    usable: tuple[Usable, ...] = ()
    attempt: int = 1
    previous: Instant | None = None

    @property
    def is_to_nobody(self) -> bool:
        return self.to == NOBODY

    def again(self, previous: Instant) -> Candidate:
        """The next repetition, counted from when this one went out, or could have."""
        repeat = self.rule.repeat
        assert repeat is not None
        start = add(previous, repeat.every, self.scope.calendar)
        attempt = self.attempt + 1
        first = self.key if self.attempt == 1 else self.key.removesuffix(f":{self.attempt}")
        return replace(
            self,
            key=f"{first}:{attempt}",
            origin=at_instant(start),
            start=start,
            attempt=attempt,
            previous=previous,
        )


def propose(
    rule: Rule, history: History, channels: Mapping[str, Channel], guards: Guards
) -> Iterable[Candidate]:
    """The candidates of a rule, first attempts only; of several anchors of one occasion the last."""
    found: dict[str, Candidate] = {}
    for anchor in anchors_of(rule, history):
        base = base_scope(rule, history, channels, anchor)
        for to, scope, usable in _recipients(rule, base, guards):
            origin = at_instant(anchor.event.end) if rule.origin is None else rule.origin.get(scope)
            if origin is not None:
                key = f"{rule.name}:{anchor.occasion.id}:{to}"
                start = origin.plus(rule.wait, scope.calendar)
                found[key] = Candidate(key, rule, anchor, to, scope, origin, start, usable)
    return found.values()


def base_scope(rule: Rule, history: History, channels: Mapping[str, Channel], anchor: Anchor) -> Scope:
    """The history as a rule sees it for an anchor, before anybody is chosen."""
    return scope_at(history, channels, anchor.event, to_self=rule.to_self)


def anchors_of(rule: Rule, history: History) -> tuple[Anchor, ...]:
    """The events that the rule hangs on, one for each occasion that it takes, in order of time."""
    anchors = all_anchors(rule, history)
    if rule.anchor == "each" or len(anchors) < 2:
        return anchors
    standing = [anchor for anchor in anchors if not anchor.is_cancelled] or anchors
    return tuple(standing[:1] if rule.anchor == "first" else standing[-1:])


def all_anchors(rule: Rule, history: History) -> tuple[Anchor, ...]:
    """The events that the rule could hang on, one for each occasion, in order of time."""
    anchors: tuple[Anchor, ...] | None = history.kept.get(rule.hangs_on)
    if anchors is None:
        anchors = history.kept[rule.hangs_on] = _anchors(rule.after, history)
    return anchors


def _anchors(after: tuple[Pattern, ...], history: History) -> tuple[Anchor, ...]:
    events_of: dict[str, list[Happened]] = {}
    for pattern in after:
        found: dict[str, list[Happened]] = {}
        for happened in matching(pattern, history):
            if happened.occasion not in events_of:
                found.setdefault(happened.occasion, []).append(happened)
        events_of |= found
    anchors = [
        Anchor(events[-1], history.occasion_of(events[-1]), events[0].at) for events in events_of.values()
    ]
    return tuple(sorted(anchors, key=lambda anchor: (anchor.event.at, anchor.event.id)))


def matching(pattern: Pattern, history: History) -> Iterator[Happened]:
    """The events that match a pattern, in order of time."""
    return (h for h in history.by_type.get(pattern.type, ()) if matches(pattern, h, history))


def matches(pattern: Pattern, happened: Happened, history: History) -> bool:
    """Whether an event of the pattern's type matches it; one that came back matches none."""
    if history.bounced and happened.id in history.bounced:
        return False
    if pattern.intents and getattr(happened.event, "intent", None) not in pattern.intents:
        return False
    if pattern.condition is TRUE_CONDITION:
        return True
    return happened.at in pattern.condition.truth(happened.event, history.calendar).certain


Reached: TypeAlias = tuple[str, Scope, tuple[Usable, ...]]
"""Somebody to write to: the id in the key, what they see of the history, the channels that reach them."""


def _recipients(rule: Rule, base: Scope, guards: Guards) -> list[Reached]:
    """Those to whom a rule would have something sent for an anchor; nobody, if there is nobody."""
    if rule.to_self:
        return [(SELF, base, usable_channels(rule, base, guards))]
    if rule.one_recipient:
        found = _first_in_line(rule, base, guards)
    else:
        found = [_reached(to, rule, base, guards) for to in _each(_interviewers(base), base, guards)]
    return found or [(NOBODY, base, ())]


def _first_in_line(rule: Rule, base: Scope, guards: Guards) -> list[Reached]:
    """The first whom a channel that may still suit reaches, and who asked for no silence; else the first."""
    history = base.history
    first: Reached | None = None
    for person in _line(rule.to, base):
        found = _reached(routed_to(person, base, guards), rule, base, guards)
        _, scope, usable = found
        if _may_suit(usable, history.now) and not history.asked_not_to_contact(scope.recipient):
            return [found]
        first = first or found
    return [first] if first is not None else []


def _may_suit(channels: tuple[Usable, ...], now: Instant) -> bool:
    """Whether one of these channels may suit now or later."""
    return any(channel.possible.first(now) is not None for channel in channels)


def _line(selectors: tuple[str, ...], base: Scope) -> tuple[str, ...]:
    """All whom these selectors mean, the best first, each once."""
    if len(selectors) == 1:
        return people_for(selectors[0], base)
    line: tuple[str, ...] | None = base.kept.get(selectors)
    if line is None:
        people = [person for selector in selectors for person in people_for(selector, base)]
        line = base.kept[selectors] = tuple(dict.fromkeys(people))
    return line


def _reached(to: str, rule: Rule, base: Scope, guards: Guards) -> Reached:
    scope = base.of(to)
    return to, scope, usable_channels(rule, scope, guards)


def _each(people: tuple[str, ...], base: Scope, guards: Guards) -> Iterator[str]:
    seen: set[str] = set()
    for person in people:
        to = routed_to(person, base, guards)
        recipient = base.history.recipient(to)
        if recipient not in seen:
            seen.add(recipient)
            yield to


def routed_to(person: str, base: Scope, guards: Guards) -> str:
    """The person to whom guards route what this one would get."""
    for guard in guards.routing:
        target = None if guard.route is None else guard.route.get(base)
        if target is not None and guard.speaks(base.of(person)):
            return str(target)
    return person


def _interviewers(scope: Scope) -> tuple[str, ...]:
    return scope.interview.with_ if scope.interview else ()


def people_for(selector: str, scope: Scope) -> tuple[str, ...]:
    """The people whom a selector means, the best first, each once."""
    if selector == "lead":
        lead = lead_of(scope)
        return (lead,) if lead else ()
    if selector == "anchor":
        return event_people(scope.anchor.event)[:1] if scope.anchor else ()
    history = scope.history
    people: tuple[str, ...] | None = history.kept.get(selector)
    if people is None:
        found = _contacts(history) if selector == "contact" else _with_role(history, selector)
        people = history.kept[selector] = tuple(dict.fromkeys(found))
    return people


def _with_role(history: History, role: str) -> Iterator[str]:
    yield from (id_ for id_, person in history.state.people.items() if has_role(person, role))


def _contacts(history: History) -> Iterator[str]:
    """The spokespeople of the company in line."""
    if history.state.instructions.contact is not None:
        yield history.state.instructions.contact
    if history.promise is not None:
        yield from event_people(history.promise.event)
    offer = history.last("offer")
    if offer is not None:
        yield from event_people(offer.event)
    yield from _with_role(history, "recruiter")
    yield from _with_role(history, "hiring manager")
    if history.held_interviews:
        yield from event_people(history.held_interviews[-1].event)[:1]
    yield from _with_role(history, "hr")
    yield from _with_role(history, "scheduler")
