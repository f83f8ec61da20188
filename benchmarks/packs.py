"""The rules of the benchmark as followup reads them: scenario folders with one message."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.workload import Elements, Rule, Test

__all__ = ["write_packs"]

MOST_IN_A_FILE = 500

RULE = """\
  {name}:
    title: Rule {name}
    intent: inquiry
    after: [{after}]
    anchor: last
    wait: {wait} days
    open_for: 3 weeks
    to: contact
    via: email
    message: note
    when:
"""
NOTE = """\
---
subject: About the position
---
Dear {{ person.name }},

is there any news about the position as {{ position.title }}?
"""


def write_packs(rules: Sequence[Rule], folder: Path, prefix: str = "pack") -> None:
    """Write scenarios of at most 500 rules each into a folder."""
    for number, first in enumerate(range(0, len(rules), MOST_IN_A_FILE)):
        some = rules[first : first + MOST_IN_A_FILE]
        pack = folder / f"{prefix}{number:02}"
        (pack / "messages").mkdir(parents=True)
        (pack / "messages" / "note.md").write_text(NOTE, "utf-8")
        head = f"format: 1\nscenario: {pack.name}\nrules:\n"
        (pack / "scenario.yaml").write_text(head + "".join(map(_rule, some)), "utf-8")


def _rule(rule: Rule) -> str:
    wait = 2 + sum(map(ord, rule.name)) % 9
    head = RULE.format(name=rule.name, after=", ".join(rule.after), wait=wait)
    return head + "".join(f"      {line}\n" for test in rule.tests for line in _test(test))


def _test(test: Test | Elements) -> Iterator[str]:
    if isinstance(test, Elements):
        parts = ", ".join(f"{part.path}: {_wanted(part)}" for part in test.tests)
        yield f"{test.path}: {{{test.quantifier}: {{{parts}}}}}"
    else:
        yield f"{test.path}: {_wanted(test)}"


def _wanted(test: Test) -> str:
    operand = json.dumps(test.operand)
    return operand if test.operator in ("is", "in") else f"{{{test.operator}: {operand}}}"
