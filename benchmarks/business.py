"""The rules for business-rules: a class of variables, and conditions as plain data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.facts import Facts
from benchmarks.workload import (
    FLAG,
    LISTS_OF_TEXTS,
    NUMBERS,
    TEXTS,
    WORDS,
    Elements,
    Rule,
    Test,
    holds,
    value_of,
)

__all__ = ["business_rules"]

Match = Callable[[Facts], Sequence[str]]

NUMERIC = {
    "is": "equal_to",
    "at_least": "greater_than_or_equal_to",
    "at_most": "less_than_or_equal_to",
    "more_than": "greater_than",
    "less_than": "less_than",
}


def business_rules(rules: Sequence[Rule]) -> Match:
    """All rules in one run. It knows no tests of a list's elements: each is a variable, written in Python."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT

    elements = list(dict.fromkeys(t for rule in rules for t in rule.tests if isinstance(t, Elements)))
    names = {test: f"elements_{number}" for number, test in enumerate(elements)}
    variables = _variables(names, {kind for rule in rules for kind in rule.after})
    made = [_rule(rule, names) for rule in rules]

    class Actions(BaseActions):  # type: ignore[misc]
        def __init__(self) -> None:
            self.found: list[str] = []

        @rule_action(params={"rule": FIELD_TEXT})  # type: ignore[untyped-decorator]
        def find(self, rule: str) -> None:
            self.found.append(rule)

    def match(facts: Facts) -> list[str]:
        actions = Actions()
        run_all(made, variables(facts), actions)
        return actions.found

    return match


def _variables(elements: dict[Elements, str], kinds: set[str]) -> Any:
    from business_rules import variables as kinds_of

    def reading(path: str) -> Callable[[Any], Any]:
        return lambda self: value_of(self.facts, path)

    def testing(test: Elements) -> Callable[[Any], Any]:
        return lambda self: holds(test, self.facts)

    def happening(kind: str) -> Callable[[Any], Any]:
        return lambda self: self.facts["count"][kind] > 0

    found: dict[str, Any] = {}
    for path in (*TEXTS, *WORDS):
        found[_name(path)] = kinds_of.string_rule_variable(path)(reading(path))
    for path in NUMBERS:
        found[_name(path)] = kinds_of.numeric_rule_variable(path)(reading(path))
    for path in LISTS_OF_TEXTS:
        found[_name(path)] = kinds_of.select_rule_variable(path)(reading(path))
    for name, get in [
        (_name(FLAG), reading(FLAG)),
        *((name, testing(test)) for test, name in elements.items()),
        *((f"happened_{kind}", happening(kind)) for kind in sorted(kinds)),
    ]:
        found[name] = kinds_of.boolean_rule_variable(name)(get)

    def begin(self: Any, facts: Facts) -> None:
        self.facts = facts

    return type("Variables", (kinds_of.BaseVariables,), {"__init__": begin, **found})


def _name(path: str) -> str:
    return path.replace(".", "_")


def _rule(rule: Rule, elements: dict[Elements, str]) -> dict[str, Any]:
    happened = [{"name": f"happened_{kind}", "operator": "is_true", "value": True} for kind in rule.after]
    conditions = [{"any": happened}, *(_condition(test, elements) for test in rule.tests)]
    action = {"name": "find", "params": {"rule": rule.name}}
    return {"conditions": {"all": conditions}, "actions": [action]}


def _condition(test: Test | Elements, elements: dict[Elements, str]) -> dict[str, Any]:
    if isinstance(test, Elements):
        return {"name": elements[test], "operator": "is_true", "value": True}
    name = _name(test.path)
    if isinstance(test.operand, bool):
        return {"name": name, "operator": "is_true" if test.operand else "is_false", "value": True}
    if test.operator == "in":
        return {"any": [{"name": name, "operator": "equal_to", "value": value} for value in test.operand]}
    operator = "contains" if test.operator == "contains" else NUMERIC[test.operator]
    return {"name": name, "operator": operator, "value": test.operand}
