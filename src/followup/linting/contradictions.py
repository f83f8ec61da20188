"""Contradictions: conditions that can certainly never be true, and the tests that exclude each other.

Only what holds for every state, moment and calendar is claimed. Tests of one fact are held against the values
that it could have: those of an enumeration, those that an operand names, a number on either side of each
bound, a list of each length; tests on time against each other. What a plugin's operator means is not known,
so nothing is claimed of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from msgspec.structs import replace

from followup.calendars import Calendar
from followup.compiling import LIST_OPERATORS
from followup.conditions import Condition, Elements, Operator, Test
from followup.durations import Duration
from followup.errors import Place
from followup.fields import Fact, FactType
from followup.linting.alternatives import Claim, alternatives
from followup.linting.lengths import certainly_as_long
from followup.operators import COMPARISONS, NOW, core_operators
from followup.vocabulary import core_fact_table

__all__ = ["Contradiction", "contradiction", "is_needed_known", "restricted"]

UTC = Calendar("UTC")
CORE: Mapping[str, Operator] = {operator.name: operator for operator in core_operators()}
INSIDE = {"business hours": ("business days", "daytime", "business hours")}
"""Calendar moments that lie inside others everywhere."""
A_DAY = 26
"""Hours by which a day's beginning and its end differ at most."""
NOTHING = Duration(0, "second")


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Why a condition can never be true, and where."""

    text: str
    place: Place


def contradiction(facts: Mapping[str, Fact], *conditions: Condition) -> Contradiction | None:
    """Why the conditions can never hold together; None if they might. `facts` are those that they name."""
    found = alternatives(*conditions)
    if not found:
        return None
    clashes = [_clash(claims, facts) for claims in found]
    if None in clashes:
        return None
    first = clashes[0]
    assert first is not None
    if len(clashes) == 1 or all(clash == first for clash in clashes):
        return first
    told = f"none of its {len(clashes)} alternatives can be true: in the first, {first.text}"
    return Contradiction(told, first.place)


def restricted(facts: Mapping[str, Fact], path: str, values: Iterable[str]) -> Mapping[str, Fact]:
    """The same facts, of which one can only have these values."""
    fact = facts.get(path)
    if fact is None:
        return facts
    return {**facts, path: replace(fact, type=FactType("text", values=tuple(values)))}


def is_needed_known(path: str, *conditions: Condition) -> bool:
    """Whether the fact is certainly known (a list not empty) where all conditions hold."""
    found = alternatives(*conditions)
    return found is not None and all(
        any((claim.test.path == path and _needs_known(claim)) or _refers_to(claim, path) for claim in claims)
        for claims in found
    )


def _refers_to(claim: Claim, path: str) -> bool:
    """Whether the claim compares something with this one other fact, which must be known for that."""
    test = claim.test
    return isinstance(test, Test) and test.operand_path == path and test.operator.name not in LIST_OPERATORS


def _needs_known(claim: Claim) -> bool:
    test = claim.test
    if isinstance(test, Elements):
        return (test.quantifier == "some") is claim.holds
    if not _is_core(test):
        return False
    if test.operator.name == "known":
        return bool(test.operand is claim.holds)
    if test.operator.name == "count":
        return not _passes(claim, ())
    if "list" in test.operator.kinds and test.operator.name in ("contains", "contains_any", "is"):
        return claim.holds
    return True


def _is_core(test: Test) -> bool:
    return CORE.get(test.operator.name) == test.operator


def _clash(claims: Sequence[Claim], facts: Mapping[str, Fact]) -> Contradiction | None:
    for path in dict.fromkeys(claim.test.path for claim in claims):
        fact = facts.get(path)
        if fact is None:
            continue
        of_fact = [claim for claim in claims if claim.test.path == path]
        if _excluded(of_fact, fact):
            few = next(
                (list(few) for size in (1, 2) for few in combinations(of_fact, size) if _excluded(few, fact)),
                of_fact,
            )
            return Contradiction(_told(few, fact), few[-1].test.place)
    return None


def _told(claims: Sequence[Claim], fact: Fact) -> str:
    words = [f"`{claim.text}`" for claim in claims]
    if len(words) > 1:
        return f"{', '.join(words[:-1])} and {words[-1]} exclude each other"
    if fact.type.values:
        return f"{words[0]} can never be: here it is {fact.type}"
    return f"{words[0]} can never be"


def _excluded(claims: Sequence[Claim], fact: Fact) -> bool:
    """Whether no value of this fact, and no moment, lets all claims hold."""
    if any(_inside_is_impossible(claim, fact) for claim in claims):
        return True
    match fact.type.kind:
        case "list":
            return not any(_length_fits(claims, length) for length in _lengths(claims))
        case "moment" | "elapsed":
            return _unknown_and_known(claims) or _times_exclude(claims)
        case "clock":
            return _clocks_exclude(claims)
    if _unknown_and_known(claims):
        return True
    values = _values(claims, fact)
    return values is not None and not any(all(_passes(c, value) for c in claims) for value in values)


def _inside_is_impossible(claim: Claim, fact: Fact) -> bool:
    """Whether the claim wants an element of a list that there can never be."""
    test = claim.test
    if not isinstance(test, Elements) or fact.type.element is None:
        return False
    element = fact.type.element
    facts = element.fields or {"it": replace(fact, path="it", type=element)}
    wants_one = test.quantifier == ("some" if claim.holds else "none")
    return wants_one and contradiction(facts, test.part) is not None


def _unknown_and_known(claims: Sequence[Claim]) -> bool:
    unknown = any(_is_known_test(claim) and not _needs_known(claim) for claim in claims)
    return unknown and any(_needs_known(claim) for claim in claims)


def _is_known_test(claim: Claim) -> bool:
    return isinstance(claim.test, Test) and claim.test.operator == CORE["known"]


def _passes(claim: Claim, value: Any) -> bool:
    """Whether the claim holds of a known value; True where that cannot be told."""
    test = claim.test
    if not isinstance(test, Test) or not _is_core(test) or test.operand_get is not None:
        return True
    result = test.operator.holds(value, test.operand, UTC)
    return not isinstance(result, bool) or result is claim.holds


def _values(claims: Sequence[Claim], fact: Fact) -> Iterable[Any] | None:
    """Enough values of the fact to find one that passes, if any does; None where that cannot be done."""
    if all(_is_known_test(claim) and not _needs_known(claim) for claim in claims):
        return None
    if fact.type.values:
        return fact.type.values
    if fact.type.kind == "boolean":
        return (True, False)
    if fact.type.kind == "number":
        return _numbers(claims, whole=fact.path in core_fact_table())
    for claim in claims:
        test = claim.test
        if isinstance(test, Test) and claim.holds and _is_core(test) and test.operand_get is None:
            if test.operator.name == "is":
                return (test.operand,)
            if test.operator.name == "in":
                return tuple(test.operand)
    return None


def _numbers(claims: Sequence[Claim], *, whole: bool) -> Iterator[float]:
    """A number at, below and above each bound. Those of the core count something: whole, and not below 0."""
    bounds = {0}
    for claim in claims:
        operand = claim.test.operand if isinstance(claim.test, Test) else None
        bounds |= {operand} if isinstance(operand, int) else set()
        bounds |= set(operand) if isinstance(operand, frozenset) else set()
    steps = (-1, 0, 1) if whole else (-1, -0.5, 0, 0.5, 1)
    yield from sorted({bound + step for bound in bounds for step in steps if not whole or bound + step >= 0})


def _lengths(claims: Sequence[Claim]) -> Iterator[int]:
    bounds = {0, 1}
    for claim in claims:
        test = claim.test
        if isinstance(test, Test) and test.operator == CORE["count"]:
            bounds |= {number + step for _, number in test.operand for step in (-1, 0, 1)}
    yield from sorted(length for length in bounds if length >= 0)


def _length_fits(claims: Sequence[Claim], length: int) -> bool:
    return all(_length_passes(claim, length) for claim in claims)


def _length_passes(claim: Claim, length: int) -> bool:
    test = claim.test
    if isinstance(test, Test) and _is_core(test):
        if test.operator.name == "known":
            return (length > 0) is (test.operand is claim.holds)
        if test.operator.name == "count":
            held = all(COMPARISONS[name](length, number, UTC) is True for name, number in test.operand)
            return held is claim.holds
    return length > 0 or not _needs_known(claim)


@dataclass(frozen=True, slots=True)
class _Bound:
    """The claim holds only from (or, if `upper`, only before) so long after the fact's moment."""

    upper: bool
    after: Duration


def _times_exclude(claims: Sequence[Claim]) -> bool:
    """Whether one claim holds only once another does no longer."""
    bounds = [bound for claim in claims for bound in _bounds(claim)]
    return any(
        certainly_as_long(lower.after, upper.after, slack=A_DAY)
        or (upper.after == NOTHING and lower.after.amount > 0)
        for lower in bounds
        for upper in bounds
        if upper.upper and not lower.upper
    )


def _bounds(claim: Claim) -> Iterator[_Bound]:
    test = claim.test
    if not isinstance(test, Test) or not _is_core(test) or test.operand_get is not None:
        return
    operand = test.operand
    match test.operator.name:
        case "older_than" | "at_least" | "more_than":
            yield _Bound(not claim.holds, operand)
        case "at_most" | "less_than":
            yield _Bound(claim.holds, operand)
        case "within" if claim.holds:
            yield _Bound(True, NOTHING)
        case "before" if operand == NOW:
            yield _Bound(not claim.holds, NOTHING)
        case "after" if operand == NOW and claim.holds:
            yield _Bound(True, NOTHING)


def _clocks_exclude(claims: Sequence[Claim]) -> bool:
    during = [c for c in claims if isinstance(c.test, Test) and c.test.operator.name == "during"]
    wanted = [claim.test.operand for claim in during if claim.holds and isinstance(claim.test, Test)]
    outside = {claim.test.operand for claim in during if not claim.holds and isinstance(claim.test, Test)}
    return any(wider in outside for name in wanted for wider in INSIDE.get(name, (name,)))
