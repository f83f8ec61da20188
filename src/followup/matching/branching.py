"""Branching: rules written as nested ifs, in which a condition that several rules share is asked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from followup.matching.asked import Asked, Entry
from followup.matching.expressions import TRUE, Local
from followup.matching.functions import Function

__all__ = ["branches"]


@dataclass(slots=True)
class _Branch:
    """Entries that must all hold, and below them more branches, or the rule that has spoken then."""

    entries: tuple[Entry, ...]
    below: list[_Branch] = field(default_factory=list)
    rule: str = ""

    def reads(self) -> Counter[Local]:
        """How often each local is read here and below."""
        reads = Counter(local for entry in self.entries for local in entry.locals)
        for branch in self.below:
            reads.update(branch.reads())
        return reads


def branches(rules: Sequence[Asked]) -> tuple[str, dict[str, Any]]:
    """The source of `match` and `fitting` as nested ifs; it needs no tables."""
    match, fitting = Function("match(history)"), Function("fitting(history, among)")
    _write_all(match, [(rule.name, (rule.awakening, *rule.entries)) for rule in rules])
    match.line("return found")
    _write_all(fitting, [(rule.name, (rule.awakening, *rule.given)) for rule in rules])
    fitting.line("return [name for name in found if among >> numbers[name] & 1]")
    return f"{match.source}\n\n{fitting.source}", {}


def _write_all(function: Function, rules: Sequence[tuple[str, Sequence[Entry]]]) -> None:
    function.line("found = []")
    function.line("speaks = found.append")
    _write(function, _branches(rules), frozenset())
    function.line("found.sort()")


def _branches(rules: Sequence[tuple[str, Sequence[Entry]]]) -> list[_Branch]:
    """The rules as branches: those that share the commonest entry under it, and so on with the rest."""
    made: list[_Branch] = []
    while rules:
        counts = Counter(entry.text for _, entries in rules for entry in entries)
        text, times = counts.most_common(1)[0] if counts else (TRUE, 0)
        if times < 2:
            return made + [_Branch(tuple(sorted(entries, key=_cost)), rule=name) for name, entries in rules]
        shared = next(entry for _, entries in rules for entry in entries if entry.text == text)
        inside = [
            (name, [entry for entry in entries if entry.text != text])
            for name, entries in rules
            if any(entry.text == text for entry in entries)
        ]
        made.append(_Branch((shared,), _branches(inside)))
        rules = [(name, entries) for name, entries in rules if all(entry.text != text for entry in entries)]
    return made


def _cost(entry: Entry) -> bool:
    """What goes through a list is asked last."""
    return " for each in " in entry.text


def _write(function: Function, branches: list[_Branch], held: frozenset[Local]) -> None:
    """Write branches one below the other; a local that several of them read is set before the first."""
    readers = Counter(local for branch in branches for local in branch.reads())
    several = [local for local, times in readers.items() if times > 1 and local not in held]
    for local in several:
        function.set(local)
    held = held.union(several)
    for branch in branches:
        _write_one(function, branch, held)


def _write_one(function: Function, branch: _Branch, held: frozenset[Local]) -> None:
    reads = branch.reads()
    for local in dict.fromkeys(local for entry in branch.entries for local in entry.locals):
        if local not in held and reads[local] > 1:
            function.set(local)
            held = held | {local}
    test = " and ".join(function.inlined(entry, held) for entry in branch.entries) or TRUE
    with function.block(test):
        if branch.rule:
            function.line(f"speaks({branch.rule!r})")
        else:
            _write(function, branch.below, held)
