"""Conditions: what a rule asks of the facts. Each denotes the moments at which it is true.

A condition is three-valued over time. Its `Truth` is two sets of moments: those at which it is
certainly true and those at which it is possibly true. A known static fact gives all moments or none
for both; an unknown fact gives none for the first and all for the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from msgspec import Struct

from followup.calendars import Calendar
from followup.errors import Place, PluginError
from followup.moments import ALWAYS, NEVER, Moments

__all__ = [
    "FALSE",
    "TRUE",
    "TRUE_CONDITION",
    "UNKNOWN",
    "All",
    "AnyOf",
    "Condition",
    "Custom",
    "Elements",
    "Getter",
    "Not",
    "Operator",
    "Test",
    "Truth",
    "leaves",
]

Getter: TypeAlias = Callable[[Any], Any]
"""Reads a fact from a subject (a scope of facts, or an element of a list); None where it is unknown."""


class Truth(NamedTuple):
    """When a condition is certainly, and when it is possibly true; the first lies inside the second."""

    certain: Moments
    possible: Moments


TRUE = Truth(ALWAYS, ALWAYS)
FALSE = Truth(NEVER, NEVER)
UNKNOWN = Truth(NEVER, ALWAYS)


class Operator(Struct, frozen=True):
    """A test of a fact's value, under the name that rules write.

    `kinds` are the kinds of facts that it fits (`text`, `number`, `moment` …; empty means all).
    `operand` turns what the rule says into a value, given the fact's type, and raises ValueError with
    a sentence and a cure. `holds` gives True, False or the moments at which the test holds; it gets the
    fact's value, the operand and the calendar of the person concerned. An operator that is `total` also
    gets None, for an unknown fact. With `refers`, its operand may be the path of another fact.
    """

    name: str
    kinds: frozenset[str]
    operand: Callable[[Any, Any], Any]
    holds: Callable[[Any, Any, Calendar], bool | Moments]
    about: str = ""
    total: bool = False
    refers: bool = False


class Condition(Protocol):
    """A node of a condition."""

    @property
    def place(self) -> Place: ...

    def truth(self, subject: Any, calendar: Calendar) -> Truth:
        """When it is certainly and possibly true of this subject."""

    def unknown(self, subject: Any, calendar: Calendar) -> Iterator[str]:
        """The paths of the unknown facts that leave it open."""

    @property
    def text(self) -> str:
        """The condition in words."""


class Test(Struct, frozen=True, gc=False):
    """One fact, one operator, one operand; the operand may be read from another fact.

    `raw` is the operand as it was written.
    """

    __test__ = False

    path: str
    get: Getter
    operator: Operator
    operand: Any
    raw: Any
    place: Place = Place()
    operand_get: Getter | None = None
    operand_path: str = ""

    def truth(self, subject: Any, calendar: Calendar) -> Truth:
        value = self.get(subject)
        operand = self.operand if self.operand_get is None else self.operand_get(subject)
        if (value is None and not self.operator.total) or operand is None:
            return UNKNOWN
        return _truth(self.operator.holds(value, operand, calendar), self.operator.name)

    def unknown(self, subject: Any, calendar: Calendar) -> Iterator[str]:
        if self.get(subject) is None and not self.operator.total:
            yield self.path
        if self.operand_get is not None and self.operand_get(subject) is None:
            yield self.operand_path

    @property
    def wanted(self) -> str:
        """The operator and what it was given, as they were written."""
        return f"{self.operator.name} {_written(self.raw)}"

    @property
    def text(self) -> str:
        return f"{self.path} {self.wanted}"


class Custom(Struct, frozen=True):
    """A condition of a kind that a plugin brings, with the facts that it reads. `raw` is what was written."""

    kind: str
    raw: Any
    facts: tuple[tuple[str, Getter], ...]
    holds: Callable[[Mapping[str, Any], Calendar], bool | Moments | None]
    place: Place = Place()

    def known(self, subject: Any) -> dict[str, Any]:
        """The values of the facts that are known."""
        values = ((path, get(subject)) for path, get in self.facts)
        return {path: value for path, value in values if value is not None}

    def truth(self, subject: Any, calendar: Calendar) -> Truth:
        result = self.holds(self.known(subject), calendar)
        return UNKNOWN if result is None else _truth(result, self.kind)

    def unknown(self, subject: Any, calendar: Calendar) -> Iterator[str]:
        known = self.known(subject)
        if self.holds(known, calendar) is None:
            yield from (path for path, _ in self.facts if path not in known)

    @property
    def wanted(self) -> str:
        """What it was given, as it was written."""
        return _written(self.raw)

    @property
    def text(self) -> str:
        return f"{self.kind} {self.wanted}"


class All(Struct, frozen=True, gc=False):
    """True when every part is; without parts always."""

    parts: tuple[Condition, ...]
    place: Place = Place()

    def truth(self, subject: Any, calendar: Calendar) -> Truth:
        if not self.parts:
            return TRUE
        return _intersection(part.truth(subject, calendar) for part in self.parts)

    def unknown(self, subject: Any, calendar: Calendar) -> Iterator[str]:
        return _unknown(self, self.parts, subject, calendar)

    @property
    def text(self) -> str:
        return " and ".join(_in_brackets(part) for part in self.parts) or "always"


class AnyOf(Struct, frozen=True, gc=False):
    """True when some part is."""

    parts: tuple[Condition, ...]
    place: Place = Place()

    def truth(self, subject: Any, calendar: Calendar) -> Truth:
        return _union(part.truth(subject, calendar) for part in self.parts)

    def unknown(self, subject: Any, calendar: Calendar) -> Iterator[str]:
        return _unknown(self, self.parts, subject, calendar)

    @property
    def text(self) -> str:
        return " or ".join(_in_brackets(part) for part in self.parts) or "never"


class Not(Struct, frozen=True, gc=False):
    """True when the part is not."""

    part: Condition
    place: Place = Place()

    def truth(self, subject: Any, calendar: Calendar) -> Truth:
        return _complement(self.part.truth(subject, calendar))

    def unknown(self, subject: Any, calendar: Calendar) -> Iterator[str]:
        return self.part.unknown(subject, calendar)

    @property
    def text(self) -> str:
        return f"not {_in_brackets(self.part)}"


class Elements(Struct, frozen=True, gc=False):
    """A condition on some, every or none of a list's elements."""

    path: str
    get: Getter
    quantifier: Literal["some", "every", "none"]
    part: Condition
    place: Place = Place()

    def truth(self, subject: Any, calendar: Calendar) -> Truth:
        elements = self.get(subject)
        if elements is None:
            return UNKNOWN
        truths = (self.part.truth(element, calendar) for element in elements)
        if self.quantifier == "every":
            return _intersection(truths)
        some = _union(truths)
        return some if self.quantifier == "some" else _complement(some)

    def unknown(self, subject: Any, calendar: Calendar) -> Iterator[str]:
        elements = self.get(subject)
        if elements is None:
            yield self.path
            return
        truth = self.truth(subject, calendar)
        if truth.certain == truth.possible:
            return
        for element in elements:
            for path in self.part.unknown(element, calendar):
                yield f"{self.path}.{path}"

    @property
    def text(self) -> str:
        return f"{self.quantifier} of {self.path}: {self.part.text}"


TRUE_CONDITION: Condition = All(())


def _written(raw: Any) -> str:
    if isinstance(raw, dict):
        return "{" + ", ".join(f"{key}: {_written(value)}" for key, value in raw.items()) + "}"
    if isinstance(raw, list):
        return "[" + ", ".join(map(_written, raw)) + "]"
    return str(raw)


def leaves(condition: Condition) -> Iterator[Condition]:
    """What a condition is made of that is not made of others; a condition on elements counts as one."""
    match condition:
        case All(parts=parts) | AnyOf(parts=parts):
            for part in parts:
                yield from leaves(part)
        case Not(part=part):
            yield from leaves(part)
        case _:
            yield condition


def _truth(result: bool | Moments, asked: str) -> Truth:
    if isinstance(result, bool):
        return TRUE if result else FALSE
    if not isinstance(result, Moments):
        raise PluginError(
            f"`{asked}` gave {result!r:.60} for an answer; it should give True, False or "
            "`followup.moments.Moments`; `followup plugins list --cost` says whose it is"
        )
    return Truth(result, result)


def _intersection(truths: Iterable[Truth]) -> Truth:
    certain: Moments = ALWAYS
    possible: Moments = ALWAYS
    for truth in truths:
        if truth is FALSE:
            return FALSE
        if truth is not TRUE:
            certain, possible = certain & truth.certain, possible & truth.possible
            if possible.is_never:
                return FALSE
    return Truth(certain, possible)


def _union(truths: Iterable[Truth]) -> Truth:
    certain: Moments = NEVER
    possible: Moments = NEVER
    for truth in truths:
        if truth is TRUE:
            return TRUE
        if truth is not FALSE:
            certain, possible = certain | truth.certain, possible | truth.possible
            if certain == ALWAYS:
                return TRUE
    return Truth(certain, possible)


def _complement(truth: Truth) -> Truth:
    return Truth(~truth.possible, ~truth.certain)


def _unknown(
    condition: Condition, parts: tuple[Condition, ...], subject: Any, calendar: Calendar
) -> Iterator[str]:
    truth = condition.truth(subject, calendar)
    if truth.certain == truth.possible:
        return
    for part in parts:
        yield from part.unknown(subject, calendar)


def _in_brackets(condition: Condition) -> str:
    compound = isinstance(condition, (All, AnyOf)) and len(condition.parts) > 1
    return f"({condition.text})" if compound else condition.text
