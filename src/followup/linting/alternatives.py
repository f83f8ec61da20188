"""A condition as alternatives: the tests of each must hold together, and one alternative suffices.

When a condition is certainly true is a set of moments, and so is each test's. `all` intersects, `any`
unites, `not` turns into the tests beneath it; so the alternatives say the same as the condition.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, product

from followup.conditions import All, AnyOf, Condition, Elements, Not, Test

__all__ = ["Claim", "alternatives"]

MOST = 200
"""With more alternatives than these nothing is claimed."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A test that must certainly hold, or must certainly not hold (`holds` is False)."""

    test: Test | Elements
    holds: bool = True

    @property
    def text(self) -> str:
        return self.test.text if self.holds else f"not {self.test.text}"


def alternatives(*conditions: Condition) -> list[tuple[Claim, ...]] | None:
    """The alternatives of which one must hold so that all conditions hold; None if there are too many.

    Conditions of a kind that only a plugin knows are left out, so that less is claimed.
    """
    return _all([_of(condition, True) for condition in conditions])


def _of(condition: Condition, holds: bool) -> list[tuple[Claim, ...]] | None:
    match condition:
        case Test() | Elements():
            return [(Claim(condition, holds),)]
        case Not(part):
            return _of(part, not holds)
        case All(parts) | AnyOf(parts):
            found = [_of(part, holds) for part in parts]
            return _all(found) if isinstance(condition, All) is holds else _any(found)
    return [()]


def _any(found: Iterable[list[tuple[Claim, ...]] | None]) -> list[tuple[Claim, ...]] | None:
    made: list[tuple[Claim, ...]] = []
    for part in found:
        if part is None or len(made) + len(part) > MOST:
            return None
        made += part
    return made


def _all(found: list[list[tuple[Claim, ...]] | None]) -> list[tuple[Claim, ...]] | None:
    parts = [part for part in found if part is not None]
    if len(parts) < len(found):
        return None
    made = [sum(choice, ()) for choice in islice(product(*parts), MOST + 1)]
    return made if len(made) <= MOST else None
