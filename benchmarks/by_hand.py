"""The same rules as somebody would write them in Python: plain ifs, and ifs behind the stage.

Each is one generated module: what the ifs read is worked out once a state, then one `if` a rule follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from benchmarks.facts import Seen
from benchmarks.workload import Elements, Rule, Test

from followup import InterviewState

__all__ = ["Matcher", "condition", "plain_ifs", "read", "stage_ifs"]

Matcher = Callable[[InterviewState], list[str]]

STAGES = ("new", "invited", "awaiting", "offer", "accepted", "declined", "rejected", "withdrawn")
SYMBOLS = {"is": "==", "in": "in", "at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}
KEYWORDS = {"with": "with_", "from": "from_"}
HEAD = """\
def match(state):
    seen = Seen(state, now)
    last, count, stage = seen.last, seen.count, seen.stage
    company, candidate, instructions = state.company, state.candidate, state.instructions
    people = state.people.values()
"""


def read(path: str) -> str:
    """The Python that reads a fact."""
    first, *steps = path.split(".")
    if path == "people" or path == "stage":
        return path
    if first in ("rounds", "unanswered"):
        return f"seen.{first}"
    if first == "last":
        return f'last["{steps[0]}"].{KEYWORDS.get(steps[1], steps[1])}'
    if first == "count":
        return f'count.get("{steps[0]}", 0)'
    return f"state.{path}" if first == "position" else path


def condition(test: Test | Elements) -> str:
    """The Python that tests a fact."""
    if isinstance(test, Test):
        return _test(test, read(test.path))
    parts = " and ".join(_test(part, f"item.{part.path}") for part in test.tests)
    word = {"some": "any", "every": "all", "none": "not any"}[test.quantifier]
    return f"{word}({parts} for item in {read(test.path)})"


def _test(test: Test, value: str) -> str:
    if test.operator == "contains":
        return f"{test.operand!r} in {value}"
    if isinstance(test.operand, bool):
        return value if test.operand else f"not {value}"
    return f"{value} {SYMBOLS[test.operator]} {test.operand!r}"


def _if(rule: Rule, tests: Iterable[Test | Elements]) -> str:
    happened = " or ".join(f'"{kind}" in last' for kind in rule.after)
    parts = [f"({happened})" if len(rule.after) > 1 else happened, *map(condition, tests)]
    return f"    if {' and '.join(parts)}:\n        found.append({rule.name!r})\n"


def _compiled(source: str, now: datetime) -> dict[str, object]:
    names: dict[str, object] = {"Seen": Seen, "now": now}
    exec(compile(source, "<by hand>", "exec"), names)
    return names


def plain_ifs(rules: Sequence[Rule], now: datetime) -> Matcher:
    """One function with an `if` for each rule."""
    source = (
        HEAD + "    found = []\n" + "".join(_if(rule, rule.tests) for rule in rules) + "    return found\n"
    )
    match: Matcher = _compiled(source, now)["match"]  # type: ignore[assignment]
    return match


def stage_ifs(rules: Sequence[Rule], now: datetime) -> Matcher:
    """A function for each stage with the rules that ask for it, and one for those that do not."""
    arguments = "(found, state, seen, last, count, stage, company, candidate, instructions, people)"
    of_stage: dict[str, list[str]] = {stage: ["    pass\n"] for stage in (*STAGES, "any")}
    for rule in rules:
        asked = [test for test in rule.tests if isinstance(test, Test) and test.path == "stage"]
        others = [test for test in rule.tests if test not in asked]
        for stage in _stages(asked[0]) if asked else ("any",):
            of_stage[stage].append(_if(rule, others))
    source = "".join(f"def at_{stage}{arguments}:\n{''.join(ifs)}" for stage, ifs in of_stage.items())
    source += "at = {" + ", ".join(f'"{stage}": at_{stage}' for stage in STAGES) + "}\n"
    source += f"{HEAD}    found = []\n    at[stage]{arguments}\n    at_any{arguments}\n"
    source += "    found.sort()\n    return found\n"
    match: Matcher = _compiled(source, now)["match"]  # type: ignore[assignment]
    return match


def _stages(test: Test) -> tuple[str, ...]:
    return (test.operand,) if test.operator == "is" else tuple(test.operand)
