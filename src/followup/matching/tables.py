"""Tables: of each fact one from its value to the set of rules that this value leaves possible.

A column holds what all rules ask about its fact alone:

- of a value: what remains for each one that a rule names, for any other, and for an unknown one;
- of a number, or of how long a list is: its thresholds, and what remains between each two of them;
- of a text: what each word satisfies that stands in it; of a list of texts: what each of them satisfies;
- of a list of records: what its elements satisfy, by columns of their fields.

Sets are integers, one bit for each asker: a rule or, of a list's elements, a condition.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from followup.conditions import All, Condition, Elements, Test, leaves
from followup.fields import Fact
from followup.matching.asked import Entry, flat, paths_of
from followup.matching.expressions import Writer, local_name
from followup.matching.functions import Function
from followup.matching.remaining import Asker, changed, named, remaining, set_of, united

__all__ = ["Column", "column_for"]

MOST_SATISFIED = 4_096
"""Of so many different sets of conditions is remembered whom they satisfy."""
OTHER = "\0"
"""A text that no rule names."""
OF_VALUES = frozenset({"is", "in", "not", "not_in", "known"})
OF_NUMBERS = OF_VALUES | {"at_least", "at_most", "more_than", "less_than"}
OF_LENGTHS = frozenset({"count", "known"})
OF_PARTS = frozenset({"contains", "contains_any"})


class Column:
    """What is asked about one fact, each condition once, with the numbers of the askers.

    In the column of a list's element, `prefix` is the name of the list's.
    """

    combines = True
    """Whether one asker may have several conditions here, all of which must hold."""

    def __init__(self, fact: Fact, prefix: str = "") -> None:
        self.fact = fact
        self.name = f"{prefix}{local_name(fact.path)}"
        self._of_element = bool(prefix)
        self._numbers: dict[tuple[str, bool], list[int]] = defaultdict(list)
        self._conditions: dict[tuple[str, bool], Condition] = {}

    @property
    def about(self) -> str:
        """What the column holds, as a comment."""
        askers = sum(map(len, self._numbers.values()))
        return f"# {self.fact.path}: {len(self._numbers)} different conditions, of {askers} rules\n"

    def add(self, number: int, text: str, conditions: Sequence[Condition], *, sure: bool = False) -> None:
        """Note what an asker asks; conditions of the same text are the same."""
        if (text, sure) not in self._conditions:
            self._conditions[text, sure] = All(tuple(conditions))
        self._numbers[text, sure].append(number)

    def askers(self) -> list[Asker]:
        """Each condition with those who ask it."""
        return [
            Asker(self._conditions[key], set_of(numbers), key[1]) for key, numbers in self._numbers.items()
        ]

    def fill(self, tables: dict[str, Any]) -> None:
        """Add the tables in which is looked up what remains."""
        raise NotImplementedError

    def write(self, function: Function, alive: str) -> None:
        """Add the lines that narrow the set `alive` to what remains."""
        raise NotImplementedError

    def _value(self, function: Function) -> str:
        """The fact as tables have it, as an expression."""
        local = Writer({}, inline=self._of_element).local(self.fact, folded=self.fact.type.kind == "text")
        return local.text if self._of_element else function.value(local)

    @property
    def _may_lack(self) -> bool:
        return self.fact.type.kind == "text" or self.fact.reading is None or not self.fact.reading.always

    def _fill_unknown(self, tables: dict[str, Any]) -> None:
        if self._may_lack:
            tables[f"unknown_{self.name}"] = remaining(self.askers(), None)

    @contextmanager
    def _known(self, function: Function, alive: str) -> Iterator[None]:
        """Set a local of the column's name to the value; what is added inside is for a known one."""
        function.line(f"{self.name} = {self._value(function)}")
        if not self._may_lack:
            yield
            return
        function.line(f"if {self.name} is None:")
        function.line(f"    {alive} &= unknown_{self.name}")
        with function.nested("else:"):
            yield


class _Values(Column):
    """Of a value: a table by value."""

    def fill(self, tables: dict[str, Any]) -> None:
        askers = self.askers()
        naming: dict[Any, list[Asker]] = defaultdict(list)
        for asker in askers:
            for value in named(asker.condition):
                naming[value].append(asker)
        other = remaining(askers, OTHER)
        table = {value: changed(other, those, value) for value, those in naming.items()}
        tables[f"by_{self.name}"] = {**table, None: remaining(askers, None)}
        tables[f"other_{self.name}"] = other

    def write(self, function: Function, alive: str) -> None:
        function.line(f"{alive} &= by_{self.name}.get({self._value(function)}, other_{self.name})")


class _Numbers(Column):
    """Of a number: what remains between thresholds."""

    def fill(self, tables: dict[str, Any]) -> None:
        askers = self.askers()
        naming: dict[int, list[Asker]] = defaultdict(list)
        for asker in askers:
            for number in self._thresholds(asker.condition):
                naming[number].append(asker)
                naming[number + 1].append(asker)
        edges = sorted(naming)
        between = [remaining(askers, self._of(edges[0] - 1 if edges else 0))]
        for edge in edges:
            between.append(changed(between[-1], naming[edge], self._of(edge)))
        tables[f"edges_{self.name}"], tables[f"between_{self.name}"] = edges, between
        self._fill_unknown(tables)

    def write(self, function: Function, alive: str) -> None:
        with self._known(function, alive):
            place = f"bisect(edges_{self.name}, {self._measure()})"
            function.line(f"{alive} &= between_{self.name}[{place}]")

    def _thresholds(self, condition: Condition) -> Iterable[int]:
        return named(condition)

    def _of(self, number: int) -> Any:
        """A value that measures so much."""
        return number

    def _measure(self) -> str:
        return self.name


class _Lengths(_Numbers):
    """Of a list: what remains for so many elements."""

    def __init__(self, fact: Fact, prefix: str = "") -> None:
        super().__init__(fact, prefix)
        self.name += "_length"

    def _thresholds(self, condition: Condition) -> Iterable[int]:
        yield 0
        for operand in named(condition):
            yield operand[1]

    def _of(self, number: int) -> Any:
        return (None,) * max(number, 0)

    def _measure(self) -> str:
        return f"len({self.name})"


class _Texts(Column):
    """Of a list of texts: what each satisfies."""

    combines = False

    def fill(self, tables: dict[str, Any]) -> None:
        table: dict[Any, int] = defaultdict(int)
        for asker in self.askers():
            for text in named(asker.condition):
                table[text] |= asker.askers
        tables[f"by_{self.name}"] = dict(table)
        tables[f"asking_{self.name}"] = united(asker.askers for asker in self.askers())
        self._fill_unknown(tables)

    def write(self, function: Function, alive: str) -> None:
        name = self.name
        with self._known(function, alive):
            function.line(f"some_{name} = ~asking_{name}")
            self._unite(function)
            function.line(f"{alive} &= some_{name}")

    def _unite(self, function: Function) -> None:
        with function.nested(f"for text in {self.name}:"):
            function.line(f"some_{self.name} |= by_{self.name}.get(text.casefold(), 0)")


class _Words(_Texts):
    """Of a text: what each word satisfies that stands in it."""

    def __init__(self, fact: Fact, prefix: str = "") -> None:
        super().__init__(fact, prefix)
        self.name += "_words"

    def _unite(self, function: Function) -> None:
        with function.nested(f"for word, askers in by_{self.name}.items():"):
            function.line(f"if word in {self.name}:")
            function.line(f"    some_{self.name} |= askers")


class _Records(Column):
    """Of a list of records: what its elements satisfy, by columns of their fields."""

    combines = False

    def fill(self, tables: dict[str, Any]) -> None:
        rows = [(part, askers) for asked, askers, _ in self.askers() for part in leaves(asked)]
        elements = [(each, askers) for each, askers in rows if isinstance(each, Elements)]
        tables[f"all_{self.name}"] = (1 << len(elements)) - 1
        tables[f"satisfied_{self.name}"] = _Satisfied(elements)
        tables[f"asking_{self.name}"] = united(a for each, a in elements if each.quantifier == "some")
        self._fill_unknown(tables)
        self._columns = self._columns_of_fields([each for each, _ in elements])
        for column in self._columns:
            column.fill(tables)

    def _columns_of_fields(self, elements: Sequence[Elements]) -> list[Column]:
        made: dict[tuple[str, type[Column]], Column] = {}
        for number, each in enumerate(elements):
            for (path, kind), conditions in (_by_field(each, self.fact) or {}).items():
                element = self.fact.type.element
                assert element is not None
                column = made.setdefault((path, kind), kind(element.fields[path], f"{self.name}_"))
                text = " and ".join(condition.text for condition in conditions)
                column.add(number, text, conditions, sure=each.quantifier == "none")
        return list(made.values())

    def write(self, function: Function, alive: str) -> None:
        name = self.name
        with self._known(function, alive):
            function.line(f"some_{name}, none_{name}, every_{name} = ~asking_{name}, 0, -1")
            with function.nested(f"for each in {name}:"):
                function.line(f"rows_{name} = all_{name}")
                for column in self._columns:
                    column.write(function, f"rows_{name}")
                function.line(f"some, none, every = satisfied_{name}[rows_{name}]")
                function.line(f"some_{name} |= some; none_{name} |= none; every_{name} &= every")
            function.line(f"{alive} &= some_{name} & ~none_{name} & every_{name}")


class _Satisfied(dict[int, tuple[int, int, int]]):
    """By the set of conditions that an element satisfies: whose `some` and `none` these are, whose `every`.

    Worked out when first seen; all is forgotten when there are too many.
    """

    def __init__(self, elements: Sequence[tuple[Elements, int]]) -> None:
        super().__init__()
        self._elements = elements

    def __missing__(self, satisfied: int) -> tuple[int, int, int]:
        some, none, every = 0, 0, -1
        for number, (each, askers) in enumerate(self._elements):
            holds = satisfied >> number & 1
            if each.quantifier == "some" and holds:
                some |= askers
            elif each.quantifier == "none" and holds:
                none |= askers
            elif each.quantifier == "every" and not holds:
                every &= ~askers
        if len(self) >= MOST_SATISFIED:
            self.clear()
        self[satisfied] = found = some, none, every
        return found


# Which column


def column_for(entry: Entry) -> type[Column] | None:
    """The kind of column into which an entry fits, if there is one."""
    fact = next(iter(entry.facts.values()), None)
    if fact is None or len(set(paths_of(entry.condition))) != 1:
        return None
    if isinstance(entry.condition, Elements):
        return _Records if _by_field(entry.condition, fact) else None
    return _kind_for(entry.condition, fact)


def _kind_for(condition: Condition, fact: Fact) -> type[Column] | None:
    """The kind of column for a condition on one fact that is no list of records."""
    kinds: dict[str, tuple[tuple[type[Column], frozenset[str]], ...]] = {
        "number": ((_Numbers, OF_NUMBERS),),
        "list": ((_Lengths, OF_LENGTHS),),
    }
    for kind, operators in kinds.get(fact.type.kind, ((_Values, OF_VALUES),)):
        if _asks_only(condition, operators):
            return kind
    element = fact.type.element
    if not isinstance(condition, Test) or not _asks_only(condition, OF_PARTS):
        return None
    if element is not None:
        return _Texts if element.kind == "text" else None
    return _Words if fact.type.kind == "text" else None


def _by_field(each: Elements, fact: Fact) -> dict[tuple[str, type[Column]], list[Condition]] | None:
    """What is asked of an element, by field and kind of column; None where that is not all."""
    element = fact.type.element
    fields = element.fields if element is not None else {}
    found: dict[tuple[str, type[Column]], list[Condition]] = defaultdict(list)
    for condition in flat(each.part):
        paths = set(paths_of(condition))
        field = fields.get(next(iter(paths))) if len(paths) == 1 else None
        if field is None or field.reading is None or isinstance(condition, Elements):
            return None
        kind = _kind_for(condition, field)
        if kind is None or (not kind.combines and (field.path, kind) in found):
            return None
        found[field.path, kind].append(condition)
    return found or None


def _asks_only(condition: Condition, operators: frozenset[str]) -> bool:
    """Whether a condition is made of tests by these operators, each against values."""
    return all(
        isinstance(leaf, Test) and leaf.operand_get is None and leaf.operator.name in operators
        for leaf in leaves(condition)
    )
