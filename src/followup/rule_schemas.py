"""The JSON Schemas of rules, guards and overrides with all names in them, for editors.

The shapes come from the types in `followup.sources`; here each place where a name stands gets the names
that may stand there. Two sets are made: a scenario that declares event types or intents of its own
uses the one that lets through names which only its own file knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from followup import sources
from followup.calendars import NAMED
from followup.condition_schemas import Conditions, Schema, listed, suggested
from followup.events import EVENT_TYPES
from followup.fields import Fact
from followup.rules import CANDIDATE_FACTS, CHANNEL_FACT, Scenario
from followup.shapes import schema_of
from followup.vocabulary import ALONE, KNOWN_CHANNELS, SELECTORS, Vocabulary

__all__ = ["Names", "RuleSchemas"]

OWN_FACTS = r"^(count|last|anchor)\."
"""How the facts begin that come with an event type."""
DOES = ("hold", "space", "cap", "forbid", "route", "custom")


@dataclass(frozen=True, slots=True)
class Names:
    """All names that a file may use: those of a vocabulary, of loaded scenarios, and the ids of advice."""

    vocabulary: Vocabulary
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    advice: Mapping[str, str] = field(default_factory=dict)

    @property
    def channels(self) -> dict[str, str]:
        """Every channel that may be named, with its label."""
        known = {name: f"comes with {package}" for name, package in KNOWN_CHANNELS.items()}
        installed = {name: channel.label for name, channel in self.vocabulary.channels.items()}
        return dict(sorted({**known, "self": "a note to yourself", **installed}.items()))

    @property
    def events(self) -> dict[str, str]:
        """Every event type, with what it says."""
        own = {name: event.title for name, event in self.vocabulary.events.items()}
        return own | {name: _words(kind) for name, kind in EVENT_TYPES.items()}

    def of_scenarios(self, group: str) -> dict[str, str]:
        """The loaded rules or guards by name, with their titles."""
        return {
            name: item.title
            for scenario in self.scenarios.values()
            for name, item in getattr(scenario, group).items()
        }


class RuleSchemas:
    """The schemas of rules and guards, written into the `definitions` of one schema.

    With `own_names`, event types, intents and facts that are not among the names pass too.
    """

    def __init__(self, names: Names, definitions: dict[str, Schema], *, own_names: bool = False) -> None:
        self.names = names
        self.vocabulary = names.vocabulary
        self.definitions = definitions
        self.own_names = own_names
        self.mark = "-with-own-names" if own_names else ""
        facts = self.vocabulary.facts_for(self.vocabulary.event_names)
        kinds = self.vocabulary.condition_kinds
        self.conditions = Conditions(self.vocabulary.operators, facts, definitions, kinds=kinds)

    def rule(self) -> Schema:
        """A reference to the schema of a rule."""
        one = {"if": {"required": ["within"]}, "then": {"properties": {"open_for": False}}}
        return self._defined("rule", sources.RuleSource, self._rule_places(), one)

    def guard(self) -> Schema:
        """A reference to the schema of a guard."""
        told = f"a guard does something: {', '.join(DOES)}"
        does = {"anyOf": [{"required": [key], "errorMessage": told} for key in DOES]}
        return self._defined("guard", sources.GuardSource, self._guard_places(), does)

    def overrides(self) -> Schema:
        """What may stand under `overrides`: the loaded rules and guards by name, and others."""
        off = {"enum": ["off"], "enumDescriptions": ["leave it out"]}
        rule, guard = (self._patch(reference) for reference in (self.rule(), self.guard()))
        properties = {
            name: {"description": about, "anyOf": [off, patch]}
            for group, patch in (("rules", rule), ("guards", guard))
            for name, about in self.names.of_scenarios(group).items()
        }
        return {
            "type": "object",
            "properties": properties,
            "additionalProperties": {"anyOf": [off, rule, guard]},
        }

    def _defined(self, name: str, source: Any, places: Mapping[str, Schema], also: Schema) -> Schema:
        """A reference to the schema of a type of source, names where they stand, and what else it asks."""
        made = dict(schema_of(source))
        made.pop("definitions", None)
        properties = dict(made["properties"])
        for key, place in places.items():
            properties[key] = {**place, **_kept(properties[key])}
        return self.conditions.defined(name + self.mark, lambda: {**made, "properties": properties, **also})

    def _patch(self, reference: Schema) -> Schema:
        """Keys of a rule or guard to replace, none of which must be there; without a value a key goes."""
        name = reference["$ref"].rpartition("/")[2]
        keys = {
            key: {"description": place.get("description", ""), "anyOf": [place, {"type": "null"}]}
            for key, place in self.definitions[name]["properties"].items()
        }
        return self.conditions.defined(f"keys-of-{name}", lambda: _mapping(keys))

    # Where names stand

    def _rule_places(self) -> dict[str, Schema]:
        made = self.conditions
        condition, duration = self._condition(), made.duration()
        channel = made.named("channel", self.names.channels)
        conditional = {
            "type": "object", "properties": dict.fromkeys(self.names.channels, condition),
            "minProperties": 1, "maxProperties": 1, "additionalProperties": False,
        }  # fmt: skip
        patterns = listed(self._pattern(), least=1)
        line = {name: about for name, about in SELECTORS.items() if name not in ALONE}
        one, in_line = made.named("recipient", SELECTORS), made.named("recipient-in-line", line)
        return {
            "advice": self._advice(),
            "intent": self._intent(),
            "after": patterns,
            "from": self._moment(),
            "wait": duration,
            "within": duration,
            "open_for": duration,
            "unless": patterns,
            "when": condition,
            "to": {"anyOf": [one, {"type": "array", "minItems": 1, "items": in_line}]},
            "via": {"anyOf": [channel, {"type": "array", "items": {"anyOf": [channel, conditional]}}]},
            "join": listed(self._intent()),
            "repeat": self._defined("repeat", sources.RepeatSource, self._repeat_places(), {}),
            "priority": made.whole(-100, 100),
            "prefer": made.named("calendar", NAMED),
        }

    def _repeat_places(self) -> dict[str, Schema]:
        return {"every": self.conditions.duration(), "times": self.conditions.whole(2, 100)}

    def _guard_places(self) -> dict[str, Schema]:
        made = self.conditions
        also = OWN_FACTS if self.own_names else ""
        facts, duration = self.vocabulary.facts, made.duration()
        condition = made.condition(f"condition-of-guards{self.mark}", facts, also=also)
        channel = made.test(CHANNEL_FACT.one_of(self.names.channels))
        by = _mapping({"by": duration, "except": listed(self._intent())})
        distance = {"anyOf": [duration, {**by, "required": ["by"]}]}
        hold = {
            "until": self._moment(), "plus": duration, "while": condition,
            "outside": made.named("calendar", NAMED),
        }  # fmt: skip
        ways = ("until", "while", "outside")
        told = f"a hold has one of {', '.join(ways)}"
        one_way = {"oneOf": [{"required": [key], "errorMessage": told} for key in ways]}
        kinds = self.vocabulary.guard_kinds
        return {
            "advice": self._advice(),
            "for": made.within(f"follow-ups{self.mark}", self._with_intents(CANDIDATE_FACTS)),
            "when": condition,
            "hold": {**_mapping(hold), **one_way, "dependencies": {"plus": ["until"]}},
            "space": _mapping({"person": distance, "company": distance}),
            "cap": _mapping({"unanswered": made.whole(0, 100)}),
            "forbid": {"anyOf": [{"type": "boolean"}, _mapping({"channel": channel})]},
            "route": _mapping({"to": made.named("person", ("instructions.contact", "promise.who"))}),
            "custom": _mapping({n: {"description": kind.title, **kind.schema} for n, kind in kinds.items()}),
        }

    def _condition(self) -> Schema:
        also = OWN_FACTS if self.own_names else ""
        return self.conditions.condition(f"condition{self.mark}", self.conditions.facts, also=also)

    def _advice(self) -> Schema:
        return listed(self.conditions.defined("advice", lambda: suggested(self.names.advice)))

    def _moment(self) -> Schema:
        if self.own_names:
            return {"type": "string"}
        return self.conditions.moments("moment", self.conditions.facts)

    def _intent(self) -> Schema:
        intents = self.vocabulary.intents
        if self.own_names:
            return self.conditions.defined("any-intent", lambda: suggested(intents))
        return self.conditions.named("intent", intents)

    def _with_intents(self, facts: Mapping[str, Fact]) -> Mapping[str, Fact]:
        """The same facts; the intent is one of those that there are."""
        if self.own_names:
            return facts
        return {**facts, "intent": facts["intent"].one_of(self.vocabulary.intents)}

    def _pattern(self) -> Schema:
        """An event type, or one with an intent or with tests of its fields."""
        return self.conditions.defined(f"event-pattern{self.mark}", self._made_pattern)

    def _made_pattern(self) -> Schema:
        events = self.names.events
        wanted: dict[str, Schema] = {}
        for event, about in events.items():
            facts = self.vocabulary.fields_of(event)
            spoken = event in ("sent", "called")
            if spoken:
                facts = self._with_intents(facts)
            tests = self.conditions.within(f"fields-of-{event}{self.mark if spoken else ''}", facts)
            ways = [listed(self._intent()), tests] if spoken else [tests]
            wanted[event] = {"description": about, "anyOf": ways}
        one: Schema = {"type": "object", "properties": wanted, "minProperties": 1, "maxProperties": 1}
        if self.own_names:
            return {"anyOf": [self.conditions.defined("any-event", lambda: suggested(events)), one]}
        return {
            "anyOf": [self.conditions.named("event-type", events), {**one, "additionalProperties": False}]
        }


def _kept(written: Schema) -> Schema:
    """What stays of a place where names stand: what it means, and whole mappings to begin with."""
    mappings = [example for example in written.get("examples", ()) if isinstance(example, dict)]
    kept = {"description": written["description"]} if "description" in written else {}
    return kept | ({"examples": mappings} if mappings else {})


def _mapping(properties: dict[str, Schema]) -> Schema:
    return {"type": "object", "properties": properties, "minProperties": 1, "additionalProperties": False}


def _words(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split())
