"""The rules in JSON logic: one merged rule for the engine in Rust, a rule for each in Python's."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.facts import Facts
from benchmarks.workload import Elements, Rule, Test

__all__ = ["datalogic", "json_logic"]

SYMBOLS = {"is": "===", "at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}

Match = Callable[[Facts], Sequence[str]]


def _rule(rule: Rule, elements: Callable[[Elements], Any]) -> Any:
    happened = [{">": [{"var": f"count.{kind}"}, 0]} for kind in rule.after]
    tests = [elements(test) if isinstance(test, Elements) else _condition(test) for test in rule.tests]
    return {"and": [{"or": happened} if len(happened) > 1 else happened[0], *tests]}


def _elements(test: Elements) -> Any:
    if test.quantifier == "every":  # `all` of JSON logic is false for an empty list
        return {"none": [{"var": test.path}, {"!": _passed(test)}]}
    return {test.quantifier: [{"var": test.path}, _passed(test)]}


def _mapped_elements(test: Elements) -> Any:
    """For an engine without `some` and `none`: whether the tests give a true, or a false, somewhere."""
    given = {"map": [{"var": test.path}, _passed(test)]}
    found = {"in": [test.quantifier != "every", given]}
    return found if test.quantifier == "some" else {"!": found}


def _passed(test: Elements) -> Any:
    parts = [_condition(part) for part in test.tests]
    return parts[0] if len(parts) == 1 else {"and": parts}


def _condition(test: Test) -> Any:
    value = {"var": test.path}
    if test.operator == "contains":
        return {"in": [test.operand, value]}
    if test.operator == "in":
        return {"in": [value, list(test.operand)]}
    return {SYMBOLS[test.operator]: [value, test.operand]}


def datalogic(rules: Sequence[Rule]) -> Match:
    """One merged rule in a session, which keeps its memory."""
    import datalogic_py

    engine = datalogic_py.Engine()
    merged = {"merge": [{"if": [_rule(rule, _elements), rule.name, []]} for rule in rules]}
    compiled = engine.compile(json.dumps(merged))
    session = engine.session()
    return lambda facts: session.evaluate(compiled, facts)


def json_logic(rules: Sequence[Rule]) -> Match:
    """A rule for each rule."""
    from json_logic import jsonLogic

    made = [(rule.name, _rule(rule, _mapped_elements)) for rule in rules]
    return lambda facts: [name for name, rule in made if jsonLogic(rule, facts)]
