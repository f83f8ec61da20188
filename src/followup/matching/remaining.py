"""Remaining: of those who ask something of a value, the set of those whose condition it meets.

Sets are integers, one bit for each asker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from followup.conditions import All, AnyOf, Condition, Not, Test, leaves
from followup.rules import UTC_CALENDAR

__all__ = ["Asker", "changed", "named", "remaining", "set_of", "united"]


class Asker(NamedTuple):
    """A condition, the set of those who ask it, and whether it has to hold surely (else: it may)."""

    condition: Condition
    askers: int
    sure: bool


def _holds(condition: Condition, value: Any, *, sure: bool) -> bool:
    """Whether a static condition on one fact may hold, or surely does, for a value of it."""
    match condition:
        case All(parts=parts):
            return all(_holds(part, value, sure=sure) for part in parts)
        case AnyOf(parts=parts):
            return any(_holds(part, value, sure=sure) for part in parts)
        case Not(part=part):
            return not _holds(part, value, sure=not sure)
        case Test():
            if value is None and not condition.operator.total:
                return not sure
            return condition.operator.holds(value, condition.operand, UTC_CALENDAR) is True
    return not sure


def named(condition: Condition) -> Iterator[Any]:
    """The values that a condition names."""
    for leaf in leaves(condition):
        if isinstance(leaf, Test) and leaf.operator.name != "known":
            operand = leaf.operand
            yield from operand if isinstance(operand, frozenset | tuple) else (operand,)


def remaining(askers: Iterable[Asker], value: Any) -> int:
    """What a value leaves: those that do not ask, and those whose condition holds."""
    return changed(-1, askers, value)


def changed(left: int, askers: Iterable[Asker], value: Any) -> int:
    """What remains where it is known for another value, which only these conditions tell from this one."""
    for condition, those, sure in askers:
        holds = _holds(condition, value, sure=sure)
        left = left | those if holds else left & ~those
    return left


def set_of(numbers: Sequence[int]) -> int:
    """The set of these numbers."""
    octets = bytearray(max(numbers) // 8 + 1)
    for number in numbers:
        octets[number // 8] |= 1 << number % 8
    return int.from_bytes(octets, "little")


def united(sets: Iterable[int]) -> int:
    """All that are in one of the sets."""
    united = 0
    for each in sets:
        united |= each
    return united
