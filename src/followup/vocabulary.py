"""The vocabulary: every name that rules, messages and states may use, from the core and the plugins."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from followup.channels import Channel
from followup.events import EVENT_TYPES, Custom
from followup.facts import LastEvent, anchor_facts, core_facts
from followup.fields import Fact, FactType, struct_facts
from followup.roles import ROLES, other_words
from followup.rules import INTENTS, EventType

if TYPE_CHECKING:
    from followup.conditions import Operator
    from followup.hookspecs import ConditionKind, Filter, GuardKind, Review

__all__ = ["ALONE", "KNOWN_CHANNELS", "ROLES", "SELECTORS", "Vocabulary"]

SELECTORS: Mapping[str, str] = {
    "contact": "one spokesperson, the first of this line whom a channel reaches: the person that "
    "instructions name; who made the open promise; a recruiter; a hiring manager; the interviewer met last; "
    "hr; a scheduler",
    "each interviewer": "everybody who took part in the occasion's interview, one follow-up each",
    "lead": "of those the hiring manager, else the first named",
    "anchor": "the first person whom the anchor event names",
    "self": "yourself: a task",
    **{role: "people of that role" + other_words(role) for role in ROLES},
}
"""Whom a rule may name in `to`, and who that is."""

ALONE = ("each interviewer", "self")
"""Those of them that cannot stand in a line with others."""

KNOWN_CHANNELS: Mapping[str, str] = {
    "email": "followup-email",
    "phone": "followup-phone",
    "linkedin": "followup-linkedin",
}
"""Channels that the built-in scenarios name, and the distribution that brings each."""

MOST_KEPT = 64
"""For so many sets of anchor types it is remembered which facts there are. Most rules share a few."""
MOST_OPERANDS = 4_000

_JSON_KINDS = {
    "string": "text",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "array": "list",
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that are known. `facts` leaves out those of the anchor, which depend on the rule."""

    facts: Mapping[str, Fact] = field(default_factory=dict)
    operators: Mapping[str, Operator] = field(default_factory=dict)
    intents: Mapping[str, str] = field(default_factory=lambda: INTENTS)
    events: Mapping[str, EventType] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    condition_kinds: Mapping[str, ConditionKind] = field(default_factory=dict)
    guard_kinds: Mapping[str, GuardKind] = field(default_factory=dict)
    reviews: Mapping[str, Review] = field(default_factory=dict)
    filters: Mapping[str, Filter] = field(default_factory=dict)
    namespaces: frozenset[str] = frozenset()
    _facts_for: dict[frozenset[str], Mapping[str, Fact]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    _operands: dict[tuple[Any, ...], tuple[Fact, Any, Any]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """The operands that were read, each with the fact, so that nothing else gets that fact's id meanwhile."""

    def joined(self, scenario: str, intents: Iterable[str], events: Mapping[str, EventType]) -> Vocabulary:
        """With what a scenario declares: intents that may be known, and event types that are not."""
        new = {intent: f"declared by {scenario}" for intent in intents if intent not in self.intents}
        facts = {fact.path: fact for event in events.values() for fact in _declared_last_facts(event)}
        return replace(
            self,
            intents={**self.intents, **new},
            events={**self.events, **events},
            facts={**self.facts, **facts},
        )

    @property
    def event_names(self) -> tuple[str, ...]:
        """The names of all event types."""
        return tuple(sorted((*EVENT_TYPES, *self.events)))

    def facts_for(self, anchors: Iterable[str]) -> Mapping[str, Fact]:
        """All facts that a rule may name which hangs on events of these types."""
        kinds = frozenset(anchors)
        found = self._facts_for.get(kinds)
        if found is None:
            if len(self._facts_for) == MOST_KEPT:
                self._facts_for.clear()
            found = {**self.facts, **_anchor_facts(kinds, self.events)}
            self._facts_for[kinds] = found
        return found

    def operand(self, operator: Operator, raw: Any, fact: Fact) -> tuple[Any, Any]:
        """An operand as it was written, and as an operator reads it for a fact; both shared between rules.

        Raises ValueError with a cure.
        """
        if type(raw) is not str and not (type(raw) is list and all(type(item) is str for item in raw)):
            return raw, operator.operand(raw, fact.type)
        key = (operator.name, id(fact), raw if type(raw) is str else tuple(raw))
        found = self._operands.get(key)
        if found is None:
            if len(self._operands) == MOST_OPERANDS:
                self._operands.clear()
            found = self._operands[key] = fact, raw, operator.operand(raw, fact.type)
        return found[1:]

    def fields_of(self, event: str) -> Mapping[str, Fact]:
        """The facts of an event of this type itself, by field name."""
        declared = self.events.get(event)
        if declared is not None:
            return {fact.path: fact for fact in _declared_facts(declared, "", _itself)}
        return {fact.path: fact for fact in struct_facts(EVENT_TYPES[event], "", _itself)}

    @property
    def known_channels(self) -> tuple[str, ...]:
        """The names of the installed channels, and of those that are known without being installed."""
        return tuple(sorted({*self.channels, *KNOWN_CHANNELS}))


def _declared_last_facts(event: EventType) -> Iterator[Fact]:
    """The facts `last.TYPE.FIELD` of an event type that a scenario or plugin declares."""
    return _declared_facts(event, f"last.{event.name}", LastEvent(event.name))


@cache
def core_fact_table() -> Mapping[str, Fact]:
    """The facts of the core by path, built once."""
    return {fact.path: fact for fact in core_facts()}


def _anchor_facts(kinds: frozenset[str], declared: Mapping[str, EventType]) -> Mapping[str, Fact]:
    facts = {**_core_anchor_facts("")}
    for kind in sorted(kinds & EVENT_TYPES.keys()):
        facts |= _core_anchor_facts(kind)
    for event in declared.values():
        if event.name in kinds:
            facts.update((fact.path, fact) for fact in _declared_facts(event, "anchor", _anchor_event))
    return facts


@cache
def _core_anchor_facts(kind: str) -> Mapping[str, Fact]:
    """The facts of an anchor of one of the core's types, or without one those of any; built once."""
    return {fact.path: fact for fact in anchor_facts(frozenset((kind,)))}


def _declared_facts(event: EventType, prefix: str, get: Callable[[Any], Any]) -> Iterator[Fact]:
    dot = f"{prefix}." if prefix else ""
    for name, schema in event.fields.items():
        yield Fact(
            f"{dot}{name}", _json_type(schema), str(schema.get("description", "")), _CustomField(get, name)
        )


def _json_type(schema: Mapping[str, Any]) -> FactType:
    kind = _JSON_KINDS.get(str(schema.get("type")), "text")
    if kind == "list":
        return FactType("list", element=_json_type(schema.get("items", {})))
    values = tuple(str(value) for value in schema.get("enum", ()))
    return FactType(kind, values=values)  # type: ignore[arg-type]


class _CustomField(Struct, frozen=True):
    """Reads a field of a declared event."""

    get: Callable[[Any], Any]
    name: str

    def __call__(self, subject: Any) -> Any:
        event = self.get(subject)
        value = event.fields.get(self.name) if isinstance(event, Custom) else None
        if isinstance(value, str) and not value.strip():
            return None
        return tuple(value) if isinstance(value, list) else value


def _anchor_event(scope: Any) -> Any:
    return scope.anchor.event if scope.anchor else None


def _itself(subject: Any) -> Any:
    return subject
