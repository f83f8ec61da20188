"""The JSON Schemas of conditions: which facts there are, and what may be asked of each.

Made from the facts and operators of a vocabulary, so that an editor completes and refuses what the
loader does. What an operand may be follows from the function that reads it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from followup import operators
from followup.calendars import NAMED
from followup.conditions import Operator
from followup.durations import UNITS
from followup.fields import Fact, FactType

if TYPE_CHECKING:
    from followup.hookspecs import ConditionKind

__all__ = ["Conditions", "Schema", "listed", "suggested"]

Schema = dict[str, Any]

PARAMETER = r"\$[A-Za-z][A-Za-z0-9_-]*"
WRITTEN = r" *[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:.,]+(Z|[-+][0-9:]+))? *"
"""A day or time in ISO 8601."""
DOTTED = r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)+"
SCALARS = ["string", "number", "boolean"]
COMBINATIONS: Mapping[str, str] = {
    "all": "all of these conditions hold",
    "any": "at least one of these conditions holds",
    "not": "these conditions do not hold; what is unknown stays unknown",
}
QUANTIFIERS: Mapping[str, str] = {
    "some": "at least one element of the list",
    "every": "all elements of the list; of an empty list too",
    "none": "no element of the list",
}


def suggested(names: Mapping[str, str]) -> Schema:
    """Any text; these are proposed."""
    return {"anyOf": [_values(names), {"type": "string"}]} if names else {"type": "string"}


def listed(schema: Schema, *, least: int = 0) -> Schema:
    """One of that schema, or a list of at least so many of them."""
    several: Schema = {"type": "array", "items": schema}
    return {"anyOf": [schema, several | ({"minItems": least} if least else {})]}


def _values(names: Mapping[str, str] | Iterable[str]) -> Schema:
    made: Schema = {"enum": list(names)}
    if isinstance(names, Mapping) and any(names.values()):
        made["enumDescriptions"] = list(names.values())
    return made


class Conditions:
    """Writes the schemas of conditions into the `definitions` of one schema, each part of them once.

    `facts` are those that may stand on the other side of a test; what depends on them is defined under
    names that begin with `mark`. `kinds` are what plugins add beside facts.
    """

    def __init__(
        self,
        operators: Mapping[str, Operator],
        facts: Mapping[str, Fact],
        definitions: dict[str, Schema],
        mark: str = "",
        kinds: Mapping[str, ConditionKind] = MappingProxyType({}),
    ) -> None:
        self.operators = operators
        self.kinds = kinds
        self.facts = facts
        self.definitions = definitions
        self.mark = mark

    def defined(self, name: str, make: Callable[[], Schema]) -> Schema:
        """A reference to what is defined under a name; made when first asked for."""
        if name not in self.definitions:
            made: Schema = {}
            self.definitions[name] = made
            made |= make()
        return {"$ref": f"#/definitions/{name}"}

    def condition(self, name: str, facts: Mapping[str, Fact], *, also: str = "") -> Schema:
        """A condition on these facts, defined under a name; facts whose path fits `also` are let through."""

        def make() -> Schema:
            reference = {"$ref": f"#/definitions/{name}"}
            mapping = {"allOf": [reference, {"minProperties": 1}]}
            several = {"anyOf": [mapping, {"type": "array", "minItems": 1, "items": reference}]}
            combined = self.defined(f"{name}-combined", lambda: several)
            made: Schema = {
                "type": "object",
                "properties": {
                    **{key: {"description": about, **combined} for key, about in COMBINATIONS.items()},
                    **{kind.name: {"description": kind.title, **kind.schema} for kind in self.kinds.values()},
                    **{path: self.test(fact) for path, fact in sorted(facts.items())},
                },
            }
            if also:
                made["patternProperties"] = {also: {"not": {"type": "null"}}}
            return {**made, "additionalProperties": False}

        return self.defined(name, make)

    def within(self, name: str, facts: Mapping[str, Fact]) -> Schema:
        """A condition on facts that know no others: of an element of a list, or the fields of an event."""
        inner = Conditions(self.operators, facts, self.definitions, f"{name}-", self.kinds)
        return inner.condition(name, facts)

    def named(self, what: str, names: Mapping[str, str] | Iterable[str]) -> Schema:
        """One of these names, each with what it means where that is known; or a parameter."""
        return self.defined(
            what, lambda: {"anyOf": [_values(names), {"type": "string", "pattern": f"^{PARAMETER}$"}]}
        )

    def moments(self, what: str, facts: Mapping[str, Fact]) -> Schema:
        """The path of a fact that is a day or a time."""
        return self.named(what, _moments(facts))

    def duration(self) -> Schema:
        """An amount and a unit, in any case; or a parameter."""
        units = "|".join("".join(f"[{c.upper()}{c}]" if c != " " else " +" for c in unit) for unit in UNITS)
        return self.defined(
            "duration",
            lambda: {
                "type": "string",
                "pattern": rf"^( *[0-9]{{1,12}} +({units})[Ss]? *|{PARAMETER})$",
                "patternErrorMessage": "a duration is an amount and a unit, such as `24 hours`, `1 week` or "
                "`2 business days`, or a parameter, `$name`",
                "examples": ["24 hours", "1 week", "2 business days"],
            },
        )

    def whole(self, least: int, most: int) -> Schema:
        """A whole number, or a parameter."""
        number = {"type": "integer", "minimum": least, "maximum": most}
        return {"anyOf": [number, {"type": "string", "pattern": rf"^(-?[0-9]+|{PARAMETER})$"}]}

    def test(self, fact: Fact) -> Schema:
        """A test of that fact."""
        about = f"{fact.about or fact.path} ({fact.type})"
        return self.defined(
            f"{self.mark}fact-{fact.path}",
            lambda: {"description": about, **self._test(fact.type)},
        )

    def _test(self, type_: FactType) -> Schema:
        name = f"{self.mark if type_.kind in ('moment', 'list') else ''}test-{_name(type_)}"
        return self.defined(name, lambda: self._made_test(type_))

    def _made_test(self, type_: FactType) -> Schema:
        tests = {
            operator.name: {"description": operator.about, **self._operand(operator, type_)}
            for operator in self.operators.values()
            if _fits(operator, type_)
        }
        if type_.element is not None:
            element = self._element(type_.element)
            tests |= {name: {"description": about, **element} for name, about in QUANTIFIERS.items()}
        ways: list[Schema] = []
        if "is" in tests:
            ways.append(self._value(type_))
        if "in" in tests:
            ways.append({"type": "array", "items": self._value(type_)})
        mapping = {
            "type": "object", "properties": dict(sorted(tests.items())), "minProperties": 1,
            "additionalProperties": False,
        }  # fmt: skip
        return {"anyOf": [*ways, mapping]} if ways else mapping

    def _element(self, element: FactType) -> Schema:
        if element.kind == "record":
            return self.within(f"element-{_name(element)}", element.fields)
        return self._test(element)

    def _operand(self, operator: Operator, type_: FactType) -> Schema:
        """What may stand after the operator; anything, for one whose operand a plugin reads."""
        read: Callable[[Any, Any], Any] = operator.operand
        value = self._value(type_)
        if read is operators.value_operand:
            return value
        if read is operators.values_operand:
            lists = [{"enum": found}] if (found := self._lists(type_)) else []
            return {"anyOf": [value, {"type": "array", "items": value}, *lists]}
        if read is operators.boolean_operand:
            text = {"type": "string", "pattern": rf"^(true|false|{PARAMETER})$"}
            return {"anyOf": [{"type": "boolean"}, text]}
        if read is operators.duration_operand:
            return self.duration()
        if read is operators.measure_operand:
            return self.duration() if type_.kind == "elapsed" else _number()
        if read is operators.moment_operand and type_.kind == "clock":
            return {"type": "string", "pattern": f"^({WRITTEN}|{PARAMETER})$", "examples": ["2026-12-23"]}
        if read is operators.moment_operand:
            return self.defined(f"{self.mark}now-or-moment", self._moment)
        if read is operators.pattern_operand:
            return {"type": SCALARS, "examples": ["*manager*"]}
        if read is operators.calendar_operand:
            return self.named("calendar", NAMED)
        if read is operators.count_operand:
            return self.defined("count", _count)
        return {"not": {"type": "null"}}

    def _value(self, type_: FactType) -> Schema:
        """One value of the fact's own type (of a list, of its elements); a parameter; or another fact."""
        element = type_.element if type_.kind == "list" and type_.element else type_
        if element.values:
            text = {"type": "string", "pattern": f"^({PARAMETER}|{DOTTED})$"}
            return self.defined(f"value-{_name(element)}", lambda: {"anyOf": [_values(element.values), text]})
        if element.kind == "number":
            return _number(f"|{DOTTED}")
        if element.kind == "boolean":
            text = {"type": "string", "pattern": f"^(true|false|{PARAMETER}|{DOTTED})$"}
            return {"anyOf": [{"type": "boolean"}, text]}
        return {"type": SCALARS}

    def _moment(self) -> Schema:
        moments = {operators.NOW: "the present", **_moments(self.facts)}
        text = {"type": "string", "pattern": f"^({WRITTEN}|{PARAMETER})$"}
        return {"anyOf": [_values(moments), text]}

    def _lists(self, type_: FactType) -> list[str]:
        """The facts that hold a list of such values and so may stand in for one."""
        wanted = type_.element.kind if type_.kind == "list" and type_.element else type_.kind
        return [
            path
            for path, fact in sorted(self.facts.items())
            if "." in path and fact.type.element is not None and fact.type.element.kind == wanted
        ]


def _moments(facts: Mapping[str, Fact]) -> dict[str, str]:
    return {path: fact.about for path, fact in sorted(facts.items()) if fact.type.kind == "moment"}


def _number(other: str = "") -> Schema:
    text = {"type": "string", "pattern": f"^( *[-+]?[0-9]+ *|{PARAMETER}{other})$"}
    return {"anyOf": [{"type": "integer"}, text]}


def _count() -> Schema:
    tests = dict.fromkeys(operators.COMPARISONS, _number())
    return {"anyOf": [_number(), {"type": "object", "properties": tests, "additionalProperties": False}]}


def _fits(operator: Operator, type_: FactType) -> bool:
    """Whether the operator can test such a fact; the elements of a list of records have no value to name."""
    if operator.kinds and type_.kind not in operator.kinds:
        return False
    records = type_.element is not None and type_.element.kind == "record"
    return not (records and operator.operand in (operators.value_operand, operators.values_operand))


def _name(type_: FactType) -> str:
    """The type as part of a definition's name."""
    parts = type_.values or (tuple(type_.fields) if type_.kind == "record" else ())
    if parts:
        return "-".join(parts)
    return f"list-{_name(type_.element)}" if type_.element else type_.kind
