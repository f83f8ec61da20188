"""The gate and the guards: what holds a follow-up back, whatever rule proposed it.

The gate is the core's own etiquette and cannot be passed: a refusal, a withdrawal, an acceptance
elsewhere and a wish not to be contacted are latches over the whole history; one unanswered contact a
recipient a day; three unanswered requests to a company. Guards come from rule files and can only
make it stricter; `guards` here are always those that apply to the rule. The same functions answer in a
plan and at the moment of sending.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, TypeAlias

from msgspec import Struct

from followup.conditions import TRUE_CONDITION
from followup.durations import Duration, add
from followup.errors import PluginError
from followup.history import Contact
from followup.moments import ALWAYS, NEVER, Moments, since
from followup.rules import ASKING_EXEMPT, CANDIDATE_FACTS, Distance, Guard, Guards, Rule, Space
from followup.scope import Scope, is_reached
from followup.timeline import Happened
from followup.vocabulary import core_fact_table

__all__ = [
    "AFTER_ACCEPTANCE",
    "COURTESY",
    "MOST_UNANSWERED",
    "ONE_DAY",
    "Restriction",
    "Spaces",
    "Usable",
    "latch",
    "restrictions",
    "spaces_now",
    "usable_channels",
]

ONE_DAY = Duration(1, "day")
MOST_UNANSWERED = 3

COURTESY = frozenset({"thanks", "decline", "feedback", "connect", "congratulate", "keep-in-touch", "task"})
"""What remains after a refusal, a withdrawal or an acceptance elsewhere."""
AFTER_ACCEPTANCE = (COURTESY | {"clarify", "answer", "share"}) - {"feedback"}
"""What remains once this opportunity's offer is accepted."""


class Restriction(Struct, frozen=True):
    """What one guard, or the gate, allows a follow-up: the moments at which it may go out."""

    kind: str
    name: str
    allowed: Moments
    text: str
    at: str = ""
    advice: tuple[str, ...] = ()
    forbids: bool = False


class Usable(Struct, frozen=True):
    """A channel that is allowed, carries the intent and reaches the person; and when it suits."""

    name: str
    certain: Moments
    possible: Moments


def asks(intent: str | None) -> bool:
    """Whether a contact of this intent asks for something, and so counts against the cap."""
    return intent not in ASKING_EXEMPT


def latch(rule: Rule, scope: Scope) -> tuple[str, Happened | None] | None:
    """Why the gate is shut for good to this follow-up, and the event that shut it; None if it is open."""
    if rule.to_self:
        return None
    history = scope.history
    if history.state.instructions.no_contact:
        return "they asked not to be contacted", None
    if stop := history.asked_not_to_contact(scope.recipient):
        return "they asked not to be contacted", stop
    closed = history.closed_by
    if closed is not None:
        if rule.intent not in COURTESY:
            return f"after {_CLOSED[closed.type]} only courtesy remains", closed
        if rule.intent == "feedback" and any(
            contact.here and contact.intent == "feedback" for contact in history.contacts
        ):
            return "feedback is asked for once", closed
    if history.accepted is not None and rule.intent not in AFTER_ACCEPTANCE:
        return "the offer is accepted", history.accepted
    return None


_CLOSED = {
    "rejection": "a refusal",
    "withdrawal": "a withdrawal",
    "declined": "declining the offer",
    "accepted": "accepting another offer",
}


def forbidden_by(scope: Scope, guards: Guards, channel: str) -> Guard | None:
    """The guard that strikes out a channel."""
    for guard in guards.striking:
        if _strikes_out(guard, scope, channel):
            return guard
    return None


def _strikes_out(guard: Guard, scope: Scope, channel: str) -> bool:
    key = "strikes out", guard.name, channel
    found: bool | None = scope.kept.get(key)
    if found is None:
        condition, now = guard.forbid_channel, scope.history.now
        assert condition is not None
        found = guard.speaks(scope) and now in condition.truth(scope.by(channel), scope.calendar).certain
        scope.kept[key] = found
    return found


def usable_channels(rule: Rule, scope: Scope, guards: Guards) -> tuple[Usable, ...]:
    """The channels of `via` that may be used for this person, in order of preference."""
    usable = []
    for choice in rule.via:
        channel = scope.channels.get(choice.channel)
        if channel is None or not (rule.to_self or is_reached(scope, channel)):
            continue
        intents = channel.limits.intents
        if (intents and rule.intent not in intents) or forbidden_by(scope, guards, choice.channel):
            continue
        truth = choice.when.truth(scope, scope.calendar)
        usable.append(Usable(choice.channel, truth.certain, truth.possible))
    return tuple(usable)


def restrictions(rule: Rule, scope: Scope, guards: Guards) -> tuple[Restriction, ...]:
    """All that the guards and the gate allow; the follow-up may go out where all of them do."""
    found: list[Restriction] = []
    for guard in guards:
        limits: _Limits | None = scope.kept.get(guard.name)
        if limits is None:
            limits = tuple(_limits(guard, rule, scope))
            if not guard.custom:  # a guard of a plugin's kind may read the rule; all others do not
                scope.kept[guard.name] = limits
        for exempt, limit in limits:
            if rule.intent not in exempt:
                found.append(limit)
    if not rule.to_self:
        found += _of_gate(rule, scope)
    return tuple(found)


_Limits: TypeAlias = tuple[tuple[frozenset[str], Restriction], ...]
"""Restrictions, each with the intents that are exempt from it."""
NONE_EXEMPT: frozenset[str] = frozenset()


def _limits(guard: Guard, rule: Rule, scope: Scope) -> Iterator[tuple[frozenset[str], Restriction]]:
    for allowed, text, exempt in _allowed(guard, rule, scope):
        everywhere = allowed
        if guard.when != TRUE_CONDITION:
            everywhere = allowed | ~guard.when.truth(scope, scope.calendar).certain
        if everywhere != ALWAYS:
            yield (
                exempt,
                Restriction(
                    "guard", guard.name, everywhere, text, guard.place.short, guard.advice, guard.forbid
                ),
            )


def _allowed(guard: Guard, rule: Rule, scope: Scope) -> Iterator[tuple[Moments, str, frozenset[str]]]:
    """When a guard lets go out what it concerns, each with why, and the intents that are exempt."""
    calendar, because = scope.calendar, guard.because
    hold = guard.hold
    if hold is not None and hold.until is not None:
        point = hold.until.get(scope)
        if point is not None:
            allowed = since(point.plus(hold.plus, calendar))
            yield allowed, because or f"not before {hold.until.path} has passed", NONE_EXEMPT
    if hold is not None and hold.while_ is not None:
        held = hold.while_.truth(scope, calendar).certain
        yield ~held, because or f"not while {hold.while_.text}", NONE_EXEMPT
    if hold is not None and hold.outside is not None:
        yield calendar.named(hold.outside), because or f"only in {hold.outside}", NONE_EXEMPT
    if guard.space is not None:
        for last, distance in _spacing(guard.space, scope):
            text = because or f"{distance.by} between contacts that nobody answered"
            yield since(add(last.at, distance.by, calendar)), text, distance.exempt
    if guard.cap is not None and _are_asking(scope.history.unanswered, guard.cap):
        yield NEVER, because or f"{guard.cap} contacts are unanswered", NONE_EXEMPT
    if guard.forbid:
        yield NEVER, because or "it is forbidden", NONE_EXEMPT
    for kind, operand in guard.custom:
        given: object = kind.allowed(operand, _CandidateFacts(rule, scope))
        if not isinstance(given, Moments):
            raise PluginError(
                f"the guard `{kind.name}` gave {given!r:.60}; it should give `followup.moments.Moments`; "
                "`followup plugins list --cost` says whose it is"
            )
        yield given, because or kind.title or kind.name, NONE_EXEMPT


def _spacing(space: Space, scope: Scope) -> Iterator[tuple[Contact, Distance]]:
    """The contacts that are to be kept away from, and how far."""
    history = scope.history
    to_person = () if scope.recipient is None else history.unanswered_by(scope.recipient)
    for distance, contacts in ((space.person, to_person), (space.company, history.unanswered)):
        if distance is not None:
            last = next((c for c in reversed(contacts) if c.intent not in distance.exempt), None)
            if last is not None:
                yield last, distance


def _of_gate(rule: Rule, scope: Scope) -> Iterator[Restriction]:
    history, recipient = scope.history, scope.recipient
    contacts = () if recipient is None else history.unanswered_by(recipient)
    if contacts:
        allowed = since(add(contacts[-1].at, ONE_DAY, scope.calendar))
        yield Restriction("gate", "one-a-day", allowed, "one unanswered contact a person a day")
    if asks(rule.intent) and _are_asking(history.unanswered, MOST_UNANSWERED):
        yield Restriction(
            "gate", "unanswered", NEVER, f"{MOST_UNANSWERED} requests are unanswered; more would press"
        )


def _are_asking(contacts: tuple[Contact, ...], most: int) -> bool:
    """Whether so many of the contacts, or more, ask for something."""
    if len(contacts) < most:
        return False
    asking = (contact for contact in contacts if asks(contact.intent))
    return len(tuple(islice(asking, most))) == most


class Spaces(Struct, frozen=True):
    """How far a follow-up is kept from any other to the company, and from any to the same person."""

    company: tuple[Distance, ...]
    person: tuple[Distance, ...]


def spaces_now(scope: Scope, guards: Guards) -> Spaces:
    """The spaces that the guards which speak now, and the gate, keep between follow-ups."""
    spaces = [guard.space for guard in guards.spacing if guard.space is not None and guard.speaks(scope)]
    company = tuple([space.company for space in spaces if space.company is not None])
    person = [space.person for space in spaces if space.person is not None]
    return Spaces(company, (*company, *person, Distance(ONE_DAY)))


class _CandidateFacts(Mapping[str, Any]):
    """The facts of a candidate by dotted name, read when asked for."""

    def __init__(self, rule: Rule, scope: Scope) -> None:
        self._rule = rule
        self._scope = scope

    def __getitem__(self, name: str) -> Any:
        if name in CANDIDATE_FACTS:
            return CANDIDATE_FACTS[name].get(self._rule)
        return core_fact_table()[name].get(self._scope)

    def __iter__(self) -> Iterator[str]:
        yield from CANDIDATE_FACTS
        yield from core_fact_table()

    def __len__(self) -> int:
        return len(CANDIDATE_FACTS) + len(core_fact_table())
