"""The gate and the guards: what holds a follow-up back, whatever rule proposed it.

The gate is the core's own etiquette and cannot be passed: a refusal, a withdrawal, an acceptance
elsewhere and a wish not to be contacted are latches over the whole history; one unanswered contact a
recipient a day; three unanswered requests to a company. Guards come from rule files and can only
make it stricter; `guards` here are always those that apply to the rule. The same functions answer in a
plan and at the moment of sending.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from followup.conditions import TRUE_CONDITION
from followup.durations import Duration, add
from followup.errors import PluginError
from followup.history import Contact
from followup.moments import ALWAYS, NEVER, Instant, Moments, since
from followup.rules import ASKING_EXEMPT, CANDIDATE_FACTS, Distance, Guard, Rule
from followup.scope import Scope, is_reached
from followup.timeline import Happened
from followup.vocabulary import core_fact_table

__all__ = [
    "AFTER_ACCEPTANCE",
    "COURTESY",
    "MOST_UNANSWERED",
    "ONE_DAY",
    "Restriction",
    "Usable",
    "latch",
    "restrictions",
    "space_after",
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
    closed = next(history.of_type("rejection", "withdrawal", "declined"), None) or history.accepted_elsewhere
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


def forbidden_by(scope: Scope, guards: tuple[Guard, ...], channel: str) -> Guard | None:
    """The guard that strikes out a channel."""
    for guard in guards:
        if guard.forbid_channel is not None and guard.speaks(scope):
            truth = guard.forbid_channel.truth(scope.by(channel), scope.calendar)
            if scope.history.now in truth.certain:
                return guard
    return None


def usable_channels(rule: Rule, scope: Scope, guards: tuple[Guard, ...]) -> tuple[Usable, ...]:
    """The channels of `via` that may be used for this person, in order of preference."""
    usable = []
    for choice in rule.via:
        channel = scope.channels.get(choice.channel)
        if channel is None or not (rule.to_self or is_reached(scope, channel)):
            continue
        if channel.limits.intents and rule.intent not in channel.limits.intents:
            continue
        if forbidden_by(scope, guards, choice.channel):
            continue
        truth = choice.when.truth(scope, scope.calendar)
        usable.append(Usable(choice.channel, truth.certain, truth.possible))
    return tuple(usable)


def restrictions(rule: Rule, scope: Scope, guards: tuple[Guard, ...]) -> Iterator[Restriction]:
    """All that the guards and the gate allow; the follow-up may go out where all of them do."""
    for guard in guards:
        yield from _of_guard(guard, rule, scope)
    if not rule.to_self:
        yield from _of_gate(rule, scope)


def _of_guard(guard: Guard, rule: Rule, scope: Scope) -> Iterator[Restriction]:
    for allowed, text in _allowed(guard, rule, scope):
        everywhere = allowed
        if guard.when != TRUE_CONDITION:
            everywhere = allowed | ~guard.when.truth(scope, scope.calendar).certain
        if everywhere != ALWAYS:
            yield Restriction(
                "guard", guard.name, everywhere, text, guard.place.short, guard.advice, guard.forbid
            )


def _allowed(guard: Guard, rule: Rule, scope: Scope) -> Iterator[tuple[Moments, str]]:
    calendar, because = scope.calendar, guard.because
    hold = guard.hold
    if hold is not None and hold.until is not None:
        point = hold.until.get(scope)
        if point is not None:
            yield (
                since(point.plus(hold.plus, calendar)),
                because or f"not before {hold.until.path} has passed",
            )
    if hold is not None and hold.while_ is not None:
        yield ~hold.while_.truth(scope, calendar).certain, because or f"not while {hold.while_.text}"
    if hold is not None and hold.outside is not None:
        yield calendar.named(hold.outside), because or f"only in {hold.outside}"
    if guard.space is not None:
        for last, by in _spacing(guard, rule, scope):
            yield since(add(last.at, by, calendar)), because or f"{by} between contacts that nobody answered"
    if guard.cap is not None and len(_asking(scope.history.unanswered)) >= guard.cap:
        yield NEVER, because or f"{guard.cap} contacts are unanswered"
    if guard.forbid:
        yield NEVER, because or "it is forbidden"
    for kind, operand in guard.custom:
        allowed: object = kind.allowed(operand, _CandidateFacts(rule, scope))
        if not isinstance(allowed, Moments):
            raise PluginError(
                f"the guard `{kind.name}` gave {allowed!r:.60}; it should give `followup.moments.Moments`; "
                "`followup plugins list --cost` says whose it is"
            )
        yield allowed, because or kind.title or kind.name


def _spacing(guard: Guard, rule: Rule, scope: Scope) -> Iterator[tuple[Contact, Duration]]:
    """The contacts that this guard keeps the follow-up away from, and by how much."""
    space, history = guard.space, scope.history
    assert space is not None
    to_person = () if scope.recipient is None else history.unanswered_by(scope.recipient)
    for distance, contacts in ((space.person, to_person), (space.company, history.unanswered)):
        if distance is not None and rule.intent not in distance.exempt:
            for contact in [c for c in contacts if c.intent not in distance.exempt][-1:]:
                yield contact, distance.by


def _of_gate(rule: Rule, scope: Scope) -> Iterator[Restriction]:
    history, recipient = scope.history, scope.recipient
    for contact in () if recipient is None else history.unanswered_by(recipient)[-1:]:
        allowed = since(add(contact.at, ONE_DAY, scope.calendar))
        yield Restriction("gate", "one-a-day", allowed, "one unanswered contact a person a day")
    if asks(rule.intent) and len(_asking(history.unanswered)) >= MOST_UNANSWERED:
        yield Restriction(
            "gate", "unanswered", NEVER, f"{MOST_UNANSWERED} requests are unanswered; more would press"
        )


def _asking(contacts: tuple[Contact, ...]) -> tuple[Contact, ...]:
    return tuple(contact for contact in contacts if asks(contact.intent))


def space_after(
    placed: tuple[str, str, Instant], rule: Rule, scope: Scope, guards: tuple[Guard, ...]
) -> Instant | None:
    """The first moment at which this follow-up may follow one placed at (recipient, intent, instant).

    None if the two do not conflict.
    """
    recipient, intent, at = placed
    spaces = [guard.space for guard in guards if guard.space is not None and guard.speaks(scope)]
    distances = [space.company for space in spaces]
    if recipient == scope.recipient:
        distances += [Distance(ONE_DAY), *(space.person for space in spaces)]
    lengths = [
        distance.by
        for distance in distances
        if distance is not None and not {intent, rule.intent} & distance.exempt
    ]
    return max((add(at, length, scope.calendar) for length in lengths), default=None)


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
