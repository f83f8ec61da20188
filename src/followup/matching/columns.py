"""Columns: many rules written as a look-up in tables, fact by fact.

What a state leaves is the intersection of what its values leave, so that a rule which does not apply costs
nothing, and a condition that many rules share is decided once, when they are loaded. What is asked about
several facts, or in another way than a column can hold, is asked of those few rules that remain. Sets of
rules are integers, one bit a rule, in order of name.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from followup.glance import Seen
from followup.matching.asked import HAPPENED, Asked, Entry
from followup.matching.functions import Function, run
from followup.matching.remaining import set_of
from followup.matching.tables import Column, column_for

__all__ = ["columns"]

Asks = Callable[[Seen], bool]


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
    given, changing = [rule.given for rule in rules], [rule.changing for rule in rules]
    for functions, asked, name in (((match, fitting), given, "fit"), ((match,), changing, "speak")):
        made, more = _sorted_out(asked)
        for column in made:
            column.fill(tables)
            about += column.about
            for function in functions:
                column.write(function, "alive")
        rest = {
            number: (*rest.get(number, ()), *more.get(number, ())) for number in rest.keys() | more.keys()
        }
        tables[name] = _Naming(tuple(rule.name for rule in rules), rest)
    match.line("return speak(alive, history)")
    fitting.line("return fit(alive, history)")
    return f"{about}\n{match.source}\n\n{fitting.source}", tables


class _Naming:
    """Names the rules of a set, without those that ask something else which is not so."""

    def __init__(self, names: tuple[str, ...], rest: Mapping[int, tuple[Asks, ...]]) -> None:
        self._names = names
        self._rest = rest

    def __call__(self, alive: int, history: Seen) -> list[str]:
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
    tables["by_event"] = {event: set_of(numbers) for event, numbers in by_event.items()}
    for event, by in by_intent.items():
        tables[f"by_{event}"] = {intent: set_of(numbers) for intent, numbers in by.items()}
    for function in functions:
        happened = function.value(HAPPENED)
        function.line("alive = 0")
        function.line(f"for event in {happened}:")
        function.line("    alive |= by_event.get(event, 0)")
        for event in by_intent:
            function.line(f"for each in {happened}.get({event!r}, ()):")
            function.line(f"    alive |= by_{event}.get(each.intent, 0)")


def _sorted_out(
    asked: Sequence[Sequence[Entry]],
) -> tuple[list[Column], dict[int, tuple[Asks, ...]]]:
    """The columns for what each rule asks, and by a rule's number what fits into none."""
    made: dict[tuple[str, type[Column]], Column] = {}
    rest: dict[int, list[Entry]] = defaultdict(list)
    kind_of = cache(column_for)
    for number, entries in enumerate(asked):
        fitting: dict[tuple[str, type[Column]], list[Entry]] = defaultdict(list)
        for entry in entries:
            kind = kind_of(entry)
            place = None if kind is None else (next(iter(entry.facts)), kind)
            if place is None or (place in fitting and not place[1].combines):
                rest[number].append(entry)
            else:
                fitting[place].append(entry)
        for place, those in fitting.items():
            if place not in made:
                made[place] = place[1](those[0].facts[place[0]])
            text = " and ".join([entry.text for entry in those])
            made[place].add(number, text, [entry.condition for entry in those])
    asks = cache(_asks)
    return list(made.values()), {number: tuple(map(asks, those)) for number, those in rest.items()}


def _asks(entry: Entry) -> Asks:
    """An entry as a function of its own."""
    function = Function("asks(history)")
    function.line(f"return {function.inlined(entry, frozenset())}")
    asks: Asks = run(function.source, {})["asks"]
    return asks
