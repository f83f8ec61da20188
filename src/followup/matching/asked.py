"""What a rule asks before it may speak: an event that it awaits, and each entry of its `when`."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

from followup.conditions import TRUE_CONDITION, All, AnyOf, Condition, Elements, Not, Test, leaves
from followup.fields import Fact
from followup.matching.expressions import TRUE, Local, Writer, conjoined, literal
from followup.rules import Rule

__all__ = ["Asked", "Asking", "Entry", "flat", "paths_of"]

HAPPENED = Local("happened", "history.happened", "{it}", always=True)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One entry of a `when`: the condition, its text as Python, and the locals that this reads.

    `is_given` says that it asks only about what no event changes; `facts` are those that it names, by path.
    """

    condition: Condition
    text: str
    locals: tuple[Local, ...]
    is_given: bool
    facts: Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class Asked:
    """What one rule asks: `awaits` are event types, each with the intents that count (none: all)."""

    name: str
    awaits: tuple[tuple[str, frozenset[str]], ...]
    entries: tuple[Entry, ...]

    @property
    def given(self) -> tuple[Entry, ...]:
        """The entries that ask only about what no event changes."""
        return tuple(entry for entry in self.entries if entry.is_given)

    @property
    def changing(self) -> tuple[Entry, ...]:
        """The others."""
        return tuple(entry for entry in self.entries if not entry.is_given)

    @property
    def awakening(self) -> Entry:
        """An entry that asks whether something that the rule awaits has happened."""
        tests = [
            f"any(each.intent in {literal(intents)} for each in {HAPPENED.text}.get({kind!r}, ()))"
            if intents
            else f"{kind!r} in {HAPPENED.text}"
            for kind, intents in self.awaits
        ]
        return Entry(TRUE_CONDITION, conjoined(tests, "or"), (HAPPENED,), True, {})


class Asking:
    """Reads what rules ask; an entry that several rules share is written once."""

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = facts
        self._written: dict[Hashable, Entry] = {}

    def of(self, rule: Rule) -> Asked:
        """What a rule asks, without the entries that nothing known here can rule out."""
        awaits = tuple(dict.fromkeys((pattern.type, pattern.intents) for pattern in rule.after))
        entries = (self._entry(condition) for condition in flat(rule.when))
        return Asked(rule.name, awaits, tuple(entry for entry in entries if entry.text != TRUE))

    def _entry(self, condition: Condition) -> Entry:
        try:
            asked = _what(condition)
            found = self._written.get(asked)
        except TypeError:  # a plugin's operand that cannot be compared
            return self._write(condition)
        if found is None:
            found = self._written[asked] = self._write(condition)
        return found

    def _write(self, condition: Condition) -> Entry:
        writer = Writer(self._facts)
        text = writer.may(condition)
        named = {path: fact for path in paths_of(condition) if (fact := writer.fact(path)) is not None}
        given = _is_given(condition, self._facts)
        return Entry(condition, text, tuple(writer.locals.values()), given, named)


def _what(condition: Condition) -> Hashable:
    """What a condition asks, wherever it stands."""
    match condition:
        case Test():
            return condition.path, condition.operator.name, condition.operand, condition.operand_path
        case All(parts=parts) | AnyOf(parts=parts):
            return type(condition), *map(_what, parts)
        case Not(part=part):
            return Not, _what(part)
        case Elements():
            return condition.path, condition.quantifier, _what(condition.part)
    return id(condition)


def flat(condition: Condition) -> Iterator[Condition]:
    """The conditions that must all hold."""
    if isinstance(condition, All):
        for part in condition.parts:
            yield from flat(part)
    else:
        yield condition


def _is_given(condition: Condition, facts: Mapping[str, Fact]) -> bool:
    """Whether it compares what no event changes with values, and nothing else."""
    return all(_leaf_is_given(leaf, facts) for leaf in leaves(condition))


def _leaf_is_given(leaf: Condition, facts: Mapping[str, Fact]) -> bool:
    if not isinstance(leaf, (Test, Elements)) or (isinstance(leaf, Test) and leaf.operand_get is not None):
        return False
    fact = facts.get(leaf.path)
    if fact is None or fact.reading is None or not fact.reading.is_given or fact.type.kind == "moment":
        return False
    if isinstance(leaf, Test):
        return True
    element = fact.type.element
    return element is not None and _is_given(leaf.part, element.fields or {"it": fact})


def paths_of(condition: Condition) -> Iterator[str]:
    """The paths of the facts of the subject that a condition tests."""
    return (leaf.path for leaf in leaves(condition) if isinstance(leaf, (Test, Elements)))
