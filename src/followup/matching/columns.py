"""Columns: of each fact a table from its value to the set of rules that this value leaves possible.

What a state leaves is the intersection of what its values leave, so that a rule which does not apply costs
nothing, and a condition that many rules share is decided once, when they are loaded. A column holds what all
rules ask about its fact alone:

- of one value: what remains for each value that a rule names, for any other, and for an unknown one;
- of a number: its thresholds in order, and what remains between each two of them;
- of a list of texts: what each text satisfies, united over the list;
- of a list of records: the same by the values of an element's fields, worked out when these are first seen.

What is asked about several facts, or in another way, is asked of those few rules that remain. Sets of rules
are integers, one bit a rule.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from followup.conditions import All, AnyOf, Condition, Elements, Not, Test
from followup.fields import Fact
from followup.history import History
from followup.matching.asked import HAPPENED, Asked, Entry, paths_of
from followup.matching.expressions import Writer, local_name
from followup.matching.functions import Function, run
from followup.rules import UTC_CALENDAR

__all__ = ["columns"]

MOST_ELEMENTS = 4_096
"""Of so many different elements is remembered what they satisfy."""
OTHER = "\0"
"""A text that no rule names."""
OF_VALUES = frozenset({"is", "in", "not", "not_in", "known"})
OF_NUMBERS = OF_VALUES | {"at_least", "at_most", "more_than", "less_than"}

Asks = Callable[[History], bool]


def columns(rules: Sequence[Asked]) -> tuple[str, dict[str, Any]]:
    """The source of `match` and `fitting` as columns, and the tables that they name."""
    tables: dict[str, Any] = {"bisect": bisect_right}
    about = (
        f"# {len(rules)} rules. A set of them is an integer; each table has the sets that its values leave.\n"
    )
    match, fitting = Function("match(history)"), Function("fitting(history, among)")
    _awakening((match, fitting), rules, tables)
    fitting.line("alive &= among")
    rest: dict[int, tuple[Asks, ...]] = {}
    for functions, entries_of, name in (((match, fitting), _given, "fit"), ((match,), _changing, "speak")):
        made, more = _sorted_out([entries_of(rule) for rule in rules])
        for column in made:
            column.write(functions, tables)
            about += column.about
        rest = {
            number: (*rest.get(number, ()), *more.get(number, ())) for number in rest.keys() | more.keys()
        }
        tables[name] = _Naming(tuple(rule.name for rule in rules), rest)
    match.line("return speak(alive, history)")
    fitting.line("return fit(alive, history)")
    return f"{about}\n{match.source}\n\n{fitting.source}", tables


def _given(rule: Asked) -> list[Entry]:
    return [entry for entry in rule.entries if entry.is_given]


def _changing(rule: Asked) -> list[Entry]:
    return [entry for entry in rule.entries if not entry.is_given]


class _Naming:
    """Names the rules of a set, without those that ask something else which is not so."""

    def __init__(self, names: tuple[str, ...], rest: Mapping[int, tuple[Asks, ...]]) -> None:
        self._names = names
        self._rest = rest

    def __call__(self, alive: int, history: History) -> list[str]:
        names, rest = self._names, self._rest
        found = []
        while alive:
            number = alive.bit_length() - 1
            alive ^= 1 << number
            if number not in rest or all(asks(history) for asks in rest[number]):
                found.append(names[number])
        found.reverse()
        return found


def _awakening(functions: Iterable[Function], rules: Sequence[Asked], tables: dict[str, Any]) -> None:
    """The lines that find the rules of which an awaited event has happened."""
    by_event: dict[str, list[int]] = defaultdict(list)
    by_intent: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for number, rule in enumerate(rules):
        for event, intents in rule.awaits:
            for intent in intents:
                by_intent[event][intent].append(number)
            if not intents:
                by_event[event].append(number)
    tables["by_event"] = {event: _set_of(numbers) for event, numbers in by_event.items()}
    for event, by in by_intent.items():
        tables[f"by_{event}"] = {intent: _set_of(numbers) for intent, numbers in by.items()}
    for function in functions:
        happened = function.value(HAPPENED)
        function.line("alive = 0")
        function.line(f"for event in {happened}:")
        function.line("    alive |= by_event.get(event, 0)")
        for event in by_intent:
            function.line(f"for each in {happened}.get({event!r}, ()):")
            function.line(f"    alive |= by_{event}.get(each.event.intent, 0)")


class _Column:
    """What rules ask about one fact: each condition once, with the numbers of the rules that ask it."""

    def __init__(self, fact: Fact) -> None:
        self.fact = fact
        self.name = local_name(fact.path)
        self._rules: dict[str, list[int]] = defaultdict(list)
        self._conditions: dict[str, All] = {}

    @property
    def about(self) -> str:
        """What the column holds, as a comment."""
        rules = sum(map(len, self._rules.values()))
        return f"# {self.fact.path}: {len(self._rules)} different conditions in {rules} of the rules\n"

    def add(self, number: int, entries: Sequence[Entry]) -> None:
        """Note what a rule asks about the fact."""
        text = " and ".join([entry.text for entry in entries])
        if text not in self._rules:
            self._conditions[text] = All(tuple(entry.condition for entry in entries))
        self._rules[text].append(number)

    def sets(self) -> list[tuple[All, int]]:
        """Each condition, with the set of rules that ask it."""
        return [(condition, _set_of(self._rules[text])) for text, condition in self._conditions.items()]

    def write(self, functions: Iterable[Function], tables: dict[str, Any]) -> None:
        """Add the lines that look up what remains, and the tables that they look into."""
        raise NotImplementedError


class _Values(_Column):
    """Of one value: a table by value."""

    def write(self, functions: Iterable[Function], tables: dict[str, Any]) -> None:
        sets = self.sets()
        other = _remaining(sets, OTHER)
        table = {None: _remaining(sets, None)}
        naming: dict[Any, list[tuple[Condition, int]]] = defaultdict(list)
        for condition, rules in sets:
            for value in _named(condition):
                naming[value].append((condition, rules))
        for value, those in naming.items():
            table[value] = _changed(other, those, value)
        tables[f"by_{self.name}"], tables[f"other_{self.name}"] = table, other
        for function in functions:
            value = _value(function, self.fact)
            function.line(f"alive &= by_{self.name}.get({value}, other_{self.name})")


class _Numbers(_Column):
    """Of a number: what remains between thresholds."""

    def write(self, functions: Iterable[Function], tables: dict[str, Any]) -> None:
        sets = self.sets()
        naming: dict[int, list[tuple[Condition, int]]] = defaultdict(list)
        for condition, rules in sets:
            for number in _named(condition):
                naming[number].append((condition, rules))
                naming[number + 1].append((condition, rules))
        edges = sorted(naming)
        between = [_remaining(sets, edges[0] - 1 if edges else 0)]
        for edge in edges:
            between.append(_changed(between[-1], naming[edge], edge))
        name = self.name
        tables[f"edges_{name}"], tables[f"between_{name}"] = edges, between
        tables[f"unknown_{name}"] = _remaining(sets, None)
        assert self.fact.reading is not None
        for function in functions:
            value = _value(function, self.fact)
            if self.fact.reading.always:
                function.line(f"alive &= between_{name}[bisect(edges_{name}, {value})]")
            else:
                function.line(f"{name} = {value}")
                known = f"between_{name}[bisect(edges_{name}, {name})]"
                function.line(f"alive &= unknown_{name} if {name} is None else {known}")


class _Texts(_Column):
    """Of a list of texts: what each satisfies."""

    def write(self, functions: Iterable[Function], tables: dict[str, Any]) -> None:
        table: dict[Any, int] = defaultdict(int)
        sets = self.sets()
        for condition, rules in sets:
            for text in _named(condition):
                table[text] |= rules
        name = self.name
        tables[f"by_{name}"], tables[f"asking_{name}"] = dict(table), _united(rules for _, rules in sets)
        for function in functions:
            function.line(f"{name} = {_value(function, self.fact)}")
            with function.block(f"{name} is not None"):
                function.line(f"some = ~asking_{name}")
                function.line(f"for each in {name}:")
                function.line(f"    some |= by_{name}.get(each.casefold(), 0)")
                function.line("alive &= some")


class _Records(_Column):
    """Of a list of records: what an element satisfies, by the values of its fields."""

    def write(self, functions: Iterable[Function], tables: dict[str, Any]) -> None:
        element = self.fact.type.element
        assert element is not None
        asked = [(part, rules) for all_of, rules in self.sets() for part in all_of.parts]
        elements = [(each, rules) for each, rules in asked if isinstance(each, Elements)]
        paths = sorted({path for each, _ in elements for path in paths_of(each.part)})
        name = self.name
        tables[f"seen_{name}"] = _Elements(tuple(paths), elements)
        tables[f"asking_{name}"] = _united(rules for each, rules in elements if each.quantifier == "some")
        writer = Writer(element.fields, inline=True)
        fields = ", ".join(writer.local(element.fields[path]).value for path in paths)
        for function in functions:
            function.line(f"{name} = {_value(function, self.fact)}")
            with function.block(f"{name} is not None"):
                function.line(f"some, never, all_of = ~asking_{name}, 0, -1")
                function.line(f"for each in {name}:")
                function.line(f"    satisfied = seen_{name}[{fields},]")
                function.line("    some |= satisfied[0]; never |= satisfied[1]; all_of &= satisfied[2]")
                function.line("alive &= some & ~never & all_of")


class _Elements(dict[tuple[Any, ...], tuple[int, int, int]]):
    """By the values of an element's fields: whose `some` it satisfies, whose `none`, whose `every`.

    What was not seen before is worked out; the oldest is forgotten when there are too many.
    """

    def __init__(self, paths: tuple[str, ...], asked: Sequence[tuple[Elements, int]]) -> None:
        super().__init__()
        self._paths = paths
        self._asked = asked

    def __missing__(self, values: tuple[Any, ...]) -> tuple[int, int, int]:
        read = {
            path: None if isinstance(value, str) and not value.strip() else value
            for path, value in zip(self._paths, values, strict=True)
        }
        some, never, every = 0, 0, -1
        for each, rules in self._asked:
            if each.quantifier == "some" and _holds(each.part, read.get):
                some |= rules
            elif each.quantifier == "none" and _holds(each.part, read.get, sure=True):
                never |= rules
            elif each.quantifier == "every" and not _holds(each.part, read.get):
                every &= ~rules
        if len(self) >= MOST_ELEMENTS:
            self.pop(next(iter(self)), None)
        self[values] = found = some, never, every
        return found


def _sorted_out(
    asked: Sequence[Sequence[Entry]],
) -> tuple[list[_Column], dict[int, tuple[Asks, ...]]]:
    """The columns for what each rule asks, and by a rule's number what fits into none."""
    made: dict[str, _Column] = {}
    rest: dict[int, list[Entry]] = defaultdict(list)
    kind_for = cache(_kind_for)
    for number, entries in enumerate(asked):
        by_fact: dict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            kind = kind_for(entry)
            path = next(iter(entry.facts), "")
            if kind is None or (kind in (_Texts, _Records) and path in by_fact):
                rest[number].append(entry)
                continue
            if path not in made:
                made[path] = kind(entry.facts[path])
            by_fact[path].append(entry)
        for path, those in by_fact.items():
            made[path].add(number, those)
    tests = _Tests()
    return list(made.values()), {number: tuple(map(tests.of, those)) for number, those in rest.items()}


def _kind_for(entry: Entry) -> type[_Column] | None:
    """The kind of column into which an entry fits."""
    if len(entry.facts) != 1 or len(set(paths_of(entry.condition))) != 1:
        return None
    fact, condition = next(iter(entry.facts.values())), entry.condition
    if fact.type.kind == "number":
        return _Numbers if _asks_only(condition, OF_NUMBERS) else None
    if fact.type.kind != "list":
        return _Values if _asks_only(condition, OF_VALUES) else None
    element = fact.type.element
    if isinstance(condition, Test) and element is not None and element.kind == "text":
        return _Texts if _asks_only(condition, frozenset({"contains", "contains_any"})) else None
    if isinstance(condition, Elements) and element is not None and element.kind == "record":
        fields = [element.fields.get(path) for path in paths_of(condition.part)]
        plain = all(f and f.reading and f.type.kind in ("text", "number", "boolean") for f in fields)
        return _Records if plain and fields and _asks_only(condition.part, OF_NUMBERS) else None
    return None


def _asks_only(condition: Condition, operators: frozenset[str]) -> bool:
    """Whether a condition is made of tests by these operators, each against values."""
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            return all(_asks_only(part, operators) for part in parts)
        case Not(part=part):
            return _asks_only(part, operators)
        case Test(operand_get=None):
            return condition.operator.name in operators
    return False


def _holds(condition: Condition, read: Callable[[str], Any], *, sure: bool = False) -> bool:
    """Whether a static condition may hold, or surely does, for what `read` gives of a path."""
    match condition:
        case All(parts=parts):
            return all(_holds(part, read, sure=sure) for part in parts)
        case AnyOf(parts=parts):
            return any(_holds(part, read, sure=sure) for part in parts)
        case Not(part=part):
            return not _holds(part, read, sure=not sure)
        case Test():
            value = read(condition.path)
            if value is None and not condition.operator.total:
                return not sure
            return condition.operator.holds(value, condition.operand, UTC_CALENDAR) is True
    return not sure


def _named(condition: Condition) -> Iterator[Any]:
    """The values that a condition names."""
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from _named(part)
        case Not(part=part):
            yield from _named(part)
        case Test() if condition.operator.name != "known":
            yield from condition.operand if isinstance(condition.operand, frozenset) else (condition.operand,)


def _remaining(sets: Iterable[tuple[Condition, int]], value: Any) -> int:
    """What a value leaves: those that do not ask, and those whose condition may hold."""
    return _changed(-1, sets, value)


def _changed(remaining: int, sets: Iterable[tuple[Condition, int]], value: Any) -> int:
    """What remains where it is known for another value that only these conditions tell from this one."""
    for condition, rules in sets:
        may = _holds(condition, lambda _: value)
        remaining = remaining | rules if may else remaining & ~rules
    return remaining


def _set_of(numbers: Sequence[int]) -> int:
    """The set of rules of these numbers."""
    octets = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        octets[number // 8] |= 1 << number % 8
    return int.from_bytes(octets, "little")


def _united(sets: Iterable[int]) -> int:
    """The rules that are in one of the sets."""
    united = 0
    for rules in sets:
        united |= rules
    return united


def _value(function: Function, fact: Fact) -> str:
    """A fact as tables have it, as an expression."""
    return function.value(Writer({}).local(fact, folded=fact.type.kind == "text"))


class _Tests:
    """Entries as functions of their own, each made once."""

    def __init__(self) -> None:
        self._made: dict[str, Asks] = {}

    def of(self, entry: Entry) -> Asks:
        if entry.text not in self._made:
            function = Function("asks(history)")
            function.line(f"return {function.inlined(entry, frozenset())}")
            self._made[entry.text] = run(function.source, {})["asks"]
        return self._made[entry.text]
