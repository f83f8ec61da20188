"""The rules in CLIPS, whose network of tests is shared between rules; a match is an activation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from benchmarks.facts import Facts
from benchmarks.workload import FLAG, LISTS, LISTS_OF_TEXTS, NUMBERS, TEXTS, WORDS, Elements, Rule, Test

__all__ = ["clips"]

Match = Callable[[Facts], Sequence[str]]

SLOTS = (*TEXTS, *NUMBERS, *WORDS, FLAG)
COMPARED = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}


def clips(rules: Sequence[Rule]) -> Match:
    """Each rule is one of CLIPS'; the state is one fact, and so is each element of a list."""
    environment = _environment()
    slots = "".join(f"(slot {path}) " for path in SLOTS)
    environment.build(f"(deftemplate state {slots}{''.join(f'(multislot {p})' for p in LISTS_OF_TEXTS)})")
    for path, fields in LISTS.items():
        slots = "".join(f"({'multislot' if field == 'tags' else 'slot'} {field})" for field in fields)
        environment.build(f"(deftemplate {path} {slots})")
    for rule in rules:
        environment.build(_rule(rule))
    templates = {path: environment.find_template(path) for path in ("state", *LISTS)}

    def match(facts: Facts) -> list[str]:
        environment.reset()
        for kind, number in facts["count"].items():
            if number:
                environment.assert_string(f"(happened {kind})")
        templates["state"].assert_fact(**_flat(facts))
        for path, fields in LISTS.items():
            for element in _list(facts, path):
                templates[path].assert_fact(**{field: _value(element[field]) for field in fields})
        return sorted(activation.name for activation in environment.activations())

    return match


def _environment() -> Any:
    import clips

    class Lasting(clips.Environment):  # type: ignore[misc]
        """One that is never torn down: CLIPS tells on the terminal what it could not free."""

        def __del__(self) -> None:
            pass

    return Lasting()


def _flat(facts: Facts) -> dict[str, Any]:
    found = {}
    for path in (*SLOTS, *LISTS_OF_TEXTS):
        value: Any = facts
        for step in path.split("."):
            value = value.get(step) if value is not None else None
        if value is not None:
            found[path] = _value(value)
    return found


def _list(facts: Facts, path: str) -> list[Facts]:
    value: Any = facts
    for step in path.split("."):
        value = value[step]
    return value  # type: ignore[no-any-return]


def _value(value: Any) -> Any:
    import clips

    return clips.Symbol("TRUE" if value else "FALSE") if isinstance(value, bool) else value


def _rule(rule: Rule) -> str:
    own = [test for test in rule.tests if isinstance(test, Test)]
    state = f"(state {' '.join(_slot(number, test) for number, test in enumerate(own))})"
    elements = [_elements(test) for test in rule.tests if isinstance(test, Elements)]
    happened = f"(exists (happened {'|'.join(rule.after)}))"
    return f"(defrule {rule.name} {' '.join([state, happened, *elements])} =>)"


def _elements(test: Elements) -> str:
    wrong = test.quantifier == "every"
    parts = " ".join(_slot(number, part, wrong) for number, part in enumerate(test.tests))
    word = "exists" if test.quantifier == "some" else "not"
    return f"({word} ({test.path} {parts}))"


def _slot(number: int, test: Test, wrong: bool = False) -> str:
    return f"({test.path} {''.join(_constraint(f'?v{number}', test, wrong))})"


def _constraint(variable: str, test: Test, wrong: bool) -> Iterator[str]:
    operand = _literal(test.operand)
    if test.path in WORDS:
        yield f"{variable}&:(str-index {operand} {variable})"
    elif test.operator == "contains" and wrong:
        yield f"$?l&:(not (member$ {operand} ?l))"
    elif test.operator == "contains":
        yield f"$? {operand} $?"
    elif test.operator in COMPARED:
        yield f"{variable}&:({COMPARED[test.operator]} {variable} {operand})"
    else:
        yield f"{'~' if wrong else ''}{operand}"


def _literal(operand: Any) -> str:
    if isinstance(operand, tuple):
        return "|".join(map(_literal, operand))
    return str(operand).upper() if isinstance(operand, bool) else json.dumps(operand)
