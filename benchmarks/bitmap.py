"""The same rules behind an index of bits: some sixty lines that somebody in need of speed would write.

A rule is a bit. What holds of a fact's value leaves the rules whose tests of that fact it passes, and those
that do not test it; what is left after all facts matches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from benchmarks.by_hand import Matcher, condition, read
from benchmarks.facts import Seen
from benchmarks.workload import OPERATORS, Elements, Rule, Test

from followup import InterviewState

__all__ = ["bitmap_index"]

Read = Callable[[InterviewState, Seen], Any]
COLUMN = """\
lambda state, seen, last, count, stage, company, candidate, instructions, people: """


def bitmap_index(rules: Sequence[Rule], now: datetime) -> Matcher:
    """A function that finds the rules by masks."""
    names = [rule.name for rule in rules]
    every = (1 << len(rules)) - 1
    awaiting: dict[str, int] = {}
    users: dict[Test | Elements, int] = {}
    for number, rule in enumerate(rules):
        for kind in rule.after:
            awaiting[kind] = awaiting.get(kind, 0) | 1 << number
        for test in rule.tests:
            users[test] = users.get(test, 0) | 1 << number
    single: dict[str, dict[Test, int]] = {}
    rest: list[tuple[Callable[..., Any], int]] = []
    for test, mask in users.items():
        if isinstance(test, Test) and test.operator != "contains":
            single.setdefault(test.path, {})[test] = mask
        else:
            rest.append((eval(COLUMN + condition(test)), mask))
    columns = [(eval(COLUMN + _careful(path)), _Column(tests, every)) for path, tests in single.items()]

    def match(state: InterviewState) -> list[str]:
        seen = Seen(state, now)
        left = 0
        for kind in seen.last:
            left |= awaiting.get(kind, 0)
        given = (
            state, seen, seen.last, seen.count, seen.stage,
            state.company, state.candidate, state.instructions, state.people.values(),
        )  # fmt: skip
        for get, column in columns:
            left &= column[get(*given)]
        for holds, mask in rest:
            if left & mask and not holds(*given):
                left &= ~mask
        return [names[bit] for bit in _bits(left)]

    return match


def _careful(path: str) -> str:
    kind = path.split(".")[1] if path.startswith("last.") else ""
    return f'{read(path)} if "{kind}" in last else None' if kind else read(path)


class _Column(dict[Any, int]):
    """The mask of the rules that a fact's value leaves, worked out when a value is first seen."""

    def __init__(self, tests: dict[Test, int], every: int) -> None:
        self.tests, self.every = tests, every

    def __missing__(self, value: Any) -> int:
        left = self.every
        for test, mask in self.tests.items():
            if value is None or not OPERATORS[test.operator](value, test.operand):
                left &= ~mask
        self[value] = left
        return left


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
