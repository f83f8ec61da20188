"""Conditions with three values, hour by hour: where they are true, where they are false, else unknown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from tests.reference.grid import (
    ALL,
    Day,
    Exact,
    Moment,
    begun,
    earlier,
    later,
    moment_of,
    named,
    reached,
    since,
)

from followup.calendars import Calendar

UNKNOWN = object()
"""The value of a fact that is not known."""

Fact = Callable[[str], Any]
Truth = tuple[int, int]
"""The hours at which something is true, and those at which it is false."""


def truth(condition: Mapping[str, Any] | None, fact: Fact, calendar: Calendar) -> Truth:
    """All entries must hold."""
    return _every([_entry(path, test, fact, calendar) for path, test in (condition or {}).items()])


def entries_of(condition: Mapping[str, Any] | None) -> Iterator[Mapping[str, Any]]:
    """The entries that must all hold, each alone; those of `all` too."""
    for path, test in (condition or {}).items():
        if path == "all":
            for part in test if isinstance(test, list) else [test]:
                yield from entries_of(part)
        elif isinstance(test, Mapping) and path not in ("any", "not", "now"):
            yield from ({path: {name: operand}} for name, operand in test.items())
        else:
            yield {path: test}


def paths_of(condition: Mapping[str, Any]) -> Iterator[str]:
    """The facts that it tests, and those that it compares them with."""
    for path, test in condition.items():
        if path in ("all", "any", "not"):
            for part in test if isinstance(test, list) else [test]:
                yield from paths_of(part)
        else:
            yield path
            yield from (operand for operand in _operands(test) if "." in operand)


def _operands(test: Any) -> Iterator[str]:
    values = test.values() if isinstance(test, Mapping) else test if isinstance(test, list) else [test]
    yield from (value for value in values if isinstance(value, str))


def passes(test: Any, value: Any) -> bool:
    """Whether a value that does not change with time certainly passes a test."""
    return _test(test, value, lambda path: UNKNOWN, Calendar("UTC"))[0] == ALL


def static(test: Any, value: Any, fact: Fact) -> bool:
    """The same, for a test that may name another fact."""
    return _test(test, value, fact, Calendar("UTC"))[0] == ALL


def _every(truths: list[Truth]) -> Truth:
    true, false = ALL, 0
    for one, other in truths:
        true, false = true & one, false | other
    return true, false


def _some(truths: list[Truth]) -> Truth:
    true, false = 0, ALL
    for one, other in truths:
        true, false = true | one, false & other
    return true, false


def _entry(path: str, test: Any, fact: Fact, calendar: Calendar) -> Truth:
    if path in ("all", "any"):
        parts = [truth(part, fact, calendar) for part in (test if isinstance(test, list) else [test])]
        return _every(parts) if path == "all" else _some(parts)
    if path == "not":
        true, false = truth(test, fact, calendar)
        return false, true
    if path == "now":
        true = ALL
        for name, operand in test.items():
            true &= _of_present(name, operand, calendar)
        return true, ALL & ~true
    return _test(test, fact(path), fact, calendar)


def _test(test: Any, value: Any, fact: Fact, calendar: Calendar) -> Truth:
    if isinstance(test, list):
        test = {"in": test}
    elif not isinstance(test, Mapping):
        test = {"is": test}
    return _every([_operator(name, operand, value, fact, calendar) for name, operand in test.items()])


def _operator(name: str, operand: Any, value: Any, fact: Fact, calendar: Calendar) -> Truth:
    if name == "known":
        return _always((value is not UNKNOWN and value != ()) == operand)
    if value is UNKNOWN:
        return 0, 0
    if isinstance(value, tuple):
        return _of_list(name, operand, value, fact, calendar)
    if isinstance(value, (Exact, Day)):
        return _of_moment(name, operand, value, fact, calendar)
    if isinstance(operand, str) and "." in operand:
        operand = fact(operand)
        if operand is UNKNOWN:
            return 0, 0
    if name in ("is", "not"):
        return _always((_plain(value) == _plain(operand)) == (name == "is"))
    if name in ("in", "not_in"):
        return _always((_plain(value) in map(_plain, operand)) == (name == "in"))
    if name == "matches":
        return _always(fnmatchcase(_plain(value), _plain(operand)))
    compare = {"at_least": value >= operand, "at_most": value <= operand}
    compare |= {"more_than": value > operand, "less_than": value < operand}
    return _always(compare[name])


def _of_list(name: str, operand: Any, value: tuple[Any, ...], fact: Fact, calendar: Calendar) -> Truth:
    if name == "count":
        return _test(operand, len(value), fact, calendar)
    if name == "contains":
        return _always(_plain(operand) in map(_plain, value))
    if name == "contains_any":
        return _always(any(_plain(one) in map(_plain, value) for one in operand))
    each = [_test(operand, element, fact, calendar) for element in value]
    if name == "every":
        return _every(each)
    true, false = _some(each)
    return (true, false) if name == "some" else {"none": (false, true)}[name]


def _of_moment(name: str, operand: str, value: Moment, fact: Fact, calendar: Calendar) -> Truth:
    if name == "within":
        true = since(earlier(begun(value, calendar), operand, calendar)) & ~since(reached(value, calendar))
    elif name == "before":
        if operand != "now":
            return _of_point(operand, fact, lambda x: reached(value, calendar) <= begun(x, calendar))
        true = since(reached(value, calendar))
    elif name == "after":
        if operand != "now":
            return _of_point(operand, fact, lambda x: begun(value, calendar) >= reached(x, calendar))
        true = ALL & ~since(begun(value, calendar))
    else:
        true = since(later(value, operand, calendar))
        if name in ("at_most", "less_than"):
            true = ALL & ~true
        elif name not in ("older_than", "at_least", "more_than"):
            raise KeyError(name)
    return true, ALL & ~true


def _of_present(name: str, operand: str, calendar: Calendar) -> int:
    if name == "during":
        return named(operand, calendar)
    point = moment_of(operand)
    return ALL & ~since(begun(point, calendar)) if name == "before" else since(reached(point, calendar))


def _of_point(operand: str, fact: Fact, holds: Callable[[Moment], bool]) -> Truth:
    """A test against a day or time, or against another fact that is one."""
    point = moment_of(operand) if operand[0].isdigit() else fact(operand)
    return (0, 0) if point is UNKNOWN else _always(holds(point))


def _always(holds: bool) -> Truth:
    return (ALL, 0) if holds else (0, ALL)


def _plain(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
