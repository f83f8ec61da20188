"""The rules as expressions of languages that resemble each other: zen, CEL (two of them) and rule-engine."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.facts import Facts
from benchmarks.workload import WORDS, Elements, Rule, Test

__all__ = ["python_cel", "rule_engine", "rust_cel", "zen"]

SYMBOLS = {"is": "==", "in": "in", "at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}


@dataclass(frozen=True, slots=True)
class Language:
    """How a language writes what differs: words, a text in a text, and tests of a list's elements."""

    and_: str
    or_: str
    in_text: str
    some: str
    every: str
    none: str
    element: str

    def rule(self, rule: Rule) -> str:
        """A rule as one expression that is true or false."""
        happened = f" {self.or_} ".join(f"count.{kind} > 0" for kind in rule.after)
        return f" {self.and_} ".join([f"({happened})", *map(self.condition, rule.tests)])

    def condition(self, test: Test | Elements) -> str:
        if isinstance(test, Test):
            return self._test(test, test.path)
        parts = f" {self.and_} ".join(self._test(part, f"{self.element}.{part.path}") for part in test.tests)
        form = {"some": self.some, "every": self.every, "none": self.none}[test.quantifier]
        return form.format(list=test.path, parts=parts)

    def _test(self, test: Test, value: str) -> str:
        operand = json.dumps(test.operand)
        if test.operator == "contains":
            return self.in_text.format(operand, value) if test.path in WORDS else f"{operand} in {value}"
        return f"{value} {SYMBOLS[test.operator]} {operand}"


ZEN = Language(
    and_="and",
    or_="or",
    in_text="contains({1}, {0})",
    some="some({list}, {parts})",
    every="all({list}, {parts})",
    none="none({list}, {parts})",
    element="#",
)
CEL = Language(
    and_="&&",
    or_="||",
    in_text="{1}.contains({0})",
    some="{list}.exists(e, {parts})",
    every="{list}.all(e, {parts})",
    none="!{list}.exists(e, {parts})",
    element="e",
)
RULE_ENGINE = Language(
    and_="and",
    or_="or",
    in_text="{0} in {1}",
    some="$any([{parts} for e in {list}])",
    every="$all([{parts} for e in {list}])",
    none="not $any([{parts} for e in {list}])",
    element="e",
)

Match = Callable[[Facts], Sequence[str]]


def zen(rules: Sequence[Rule]) -> Match:
    """One expression for all rules: as separate ones each would copy the facts again."""
    import zen

    names = ", ".join(f"{ZEN.rule(rule)} ? {json.dumps(rule.name)} : null" for rule in rules)
    return zen.compile_expression(f"filter([{names}], # != null)").evaluate


def rust_cel(rules: Sequence[Rule]) -> Match:
    """One expression for all rules, as for zen."""
    import cel

    names = ", ".join(f"{CEL.rule(rule)} ? {json.dumps(rule.name)} : ''" for rule in rules)
    return cel.compile(f"[{names}].filter(name, name != '')").execute


def python_cel(rules: Sequence[Rule]) -> Match:
    """A program for each rule; the facts become CEL's values once."""
    import celpy

    environment = celpy.Environment()
    programs = [(rule.name, environment.program(environment.compile(CEL.rule(rule)))) for rule in rules]

    def match(facts: Facts) -> list[str]:
        values: Any = celpy.json_to_cel(facts)
        return [name for name, program in programs if program.evaluate(values)]

    return match


def rule_engine(rules: Sequence[Rule]) -> Match:
    """A rule for each rule, with one context."""
    import rule_engine

    context = rule_engine.Context(resolver=rule_engine.resolve_item)
    made = [(rule.name, rule_engine.Rule(RULE_ENGINE.rule(rule), context=context)) for rule in rules]
    return lambda facts: [name for name, rule in made if rule.matches(facts)]
