"""The core's operators: each tests a fact's value against an operand, for some kinds of facts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Literal

from followup.calendars import NAMED, Calendar
from followup.conditions import Operator
from followup.durations import Duration, add, parse_duration
from followup.errors import did_you_mean
from followup.fields import FactType
from followup.moments import Moments, between, instant, since, until
from followup.timepoints import Timepoint, at_instant
from followup.times import in_iso

__all__ = ["core_operators", "matches_glob"]

NUMBERS = frozenset({"number"})
ELAPSED = frozenset({"elapsed"})
MEASURES = NUMBERS | ELAPSED
MOMENTS = frozenset({"moment"})
TEXTS = frozenset({"text"})
LISTS = frozenset({"list"})
CLOCKS = frozenset({"clock"})
PLAIN = frozenset({"text", "number", "boolean"})
NOW = "now"
EXAMPLES = "write `now`, `2026-12-01` or another moment fact"
LONGEST_PATTERN = 200


def matches_glob(text: str, pattern: str) -> bool:
    """Whether `text` matches a glob of `*` and `?`, without case, in time text × pattern at the most."""
    text, pattern = text.casefold(), pattern.casefold()
    t = p = 0
    star, mark = -1, 0
    while t < len(text):
        if p < len(pattern) and pattern[p] == "*":
            star, mark, p = p, t, p + 1
        elif p < len(pattern) and pattern[p] in ("?", text[t]):
            t, p = t + 1, p + 1
        elif star >= 0:
            mark += 1
            t, p = mark, star + 1
        else:
            return False
    return all(character == "*" for character in pattern[p:])


def value_operand(raw: Any, type_: FactType) -> Any:
    """One value of the fact's own type. Raises ValueError with a cure."""
    kind = type_.element.kind if type_.kind == "list" and type_.element else type_.kind
    if isinstance(raw, (dict, list)):
        raise ValueError("one value is expected here; write it without brackets, or use `in` with a list")
    text = str(raw).strip() if not isinstance(raw, bool) else str(raw).lower()
    if kind == "number":
        try:
            return int(text)
        except ValueError:
            raise ValueError(f"`{text}` is not a whole number; write one such as `3`") from None
    if kind == "boolean":
        if text not in ("true", "false"):
            raise ValueError(f"`{text}` is neither `true` nor `false`")
        return text == "true"
    if kind in ("moment", "elapsed"):
        return moment_operand(raw, type_) if kind == "moment" else duration_operand(raw, type_)
    if kind == "record":
        raise ValueError("a list of records is tested with `some`, `every`, `none` or `count`")
    if type_.values and text not in type_.values:
        raise ValueError(f"`{text}` is not a value of this fact; {did_you_mean(text, type_.values)}")
    return text.casefold()


def values_operand(raw: Any, type_: FactType) -> frozenset[Any]:
    """A list of values of the fact's type; one value stands for a list of one."""
    return frozenset(value_operand(item, type_) for item in (raw if isinstance(raw, list) else [raw]))


def boolean_operand(raw: Any, _: FactType) -> bool:
    return bool(value_operand(raw, FactType("boolean")))


def duration_operand(raw: Any, _: FactType) -> Duration:
    if not isinstance(raw, str):
        raise ValueError("a duration is expected, such as `1 week` or `2 business days`")
    return parse_duration(raw)


def measure_operand(raw: Any, type_: FactType) -> Any:
    """A number for a number, a duration for a time gone by."""
    return duration_operand(raw, type_) if type_.kind == "elapsed" else value_operand(raw, FactType("number"))


def moment_operand(raw: Any, type_: FactType) -> Any:
    """`now`, except for the present itself, or a day or time in ISO 8601; a time needs an offset."""
    text = str(raw).strip()
    present = type_.kind == "clock"
    if text == NOW and not present:
        return NOW
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        when = datetime.fromisoformat(text)
    except ValueError:
        general = "write `2026-12-01`; a fact is compared as `decision_date: {before: now}`"
        cure = f"did you mean `{day}`?" if (day := in_iso(text)) else general if present else EXAMPLES
        raise ValueError(f"`{text[:40]}` is no day or time; {cure}") from None
    if when.tzinfo is None:
        raise ValueError(f"`{text}` has no offset; write it as `{text}+00:00` with the right one")
    return at_instant(instant(when))


def pattern_operand(raw: Any, _: FactType) -> str:
    text = str(raw)
    if isinstance(raw, (dict, list)) or len(text) > LONGEST_PATTERN:
        raise ValueError(f"a glob of at most {LONGEST_PATTERN} characters is expected, such as `*manager*`")
    return text


def count_operand(raw: Any, _: FactType) -> tuple[tuple[str, int], ...]:
    """A number, or number tests: `{at_least: 1}`."""
    tests = raw if isinstance(raw, dict) else {"is": raw}
    unknown = [name for name in tests if name not in COMPARISONS]
    if unknown:
        raise ValueError(f"`{unknown[0]}` does not test a count; {did_you_mean(unknown[0], COMPARISONS)}")
    return tuple((name, value_operand(value, FactType("number"))) for name, value in tests.items())


def _fold(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value


def _is(value: Any, operand: Any, calendar: Calendar) -> bool:
    if isinstance(value, (tuple, list)):
        return len(value) == 1 and _fold(value[0]) == _fold(operand)
    return bool(_fold(value) == _fold(operand))


def _not(value: Any, operand: Any, calendar: Calendar) -> bool:
    return not _is(value, operand, calendar)


def _in(value: Any, operand: Any, calendar: Calendar) -> bool:
    return _fold(value) in {_fold(item) for item in operand}


def _not_in(value: Any, operand: Any, calendar: Calendar) -> bool:
    return not _in(value, operand, calendar)


def _known(value: Any, operand: Any, calendar: Calendar) -> bool:
    known = value is not None and not (isinstance(value, tuple) and not value)
    return known is operand


def _contains(value: Any, operand: Any, calendar: Calendar) -> bool:
    if isinstance(value, str):
        return _fold(operand) in _fold(value)
    return _fold(operand) in {_fold(item) for item in value}


def _contains_any(value: Any, operand: Any, calendar: Calendar) -> bool:
    return any(_contains(value, item, calendar) for item in operand)


def _matches(value: Any, operand: Any, calendar: Calendar) -> bool:
    return matches_glob(value, operand)


def _at_least(value: Any, operand: Any, calendar: Calendar) -> bool | Moments:
    if isinstance(operand, Duration):
        return since(add(value, operand, calendar))
    return bool(value >= operand)


def _at_most(value: Any, operand: Any, calendar: Calendar) -> bool | Moments:
    if isinstance(operand, Duration):
        return until(add(value, operand, calendar))
    return bool(value <= operand)


def _more_than(value: Any, operand: Any, calendar: Calendar) -> bool | Moments:
    return _at_least(value, operand, calendar) if isinstance(operand, Duration) else bool(value > operand)


def _less_than(value: Any, operand: Any, calendar: Calendar) -> bool | Moments:
    return _at_most(value, operand, calendar) if isinstance(operand, Duration) else bool(value < operand)


COMPARISONS: dict[str, Callable[[Any, Any, Calendar], bool | Moments]] = {
    "is": _is, "not": _not, "at_least": _at_least, "at_most": _at_most, "more_than": _more_than,
    "less_than": _less_than,
}  # fmt: skip


def _count(value: Any, operand: Any, calendar: Calendar) -> bool:
    return all(COMPARISONS[name](len(value), number, calendar) for name, number in operand)


def _older_than(value: Timepoint, operand: Duration, calendar: Calendar) -> Moments:
    return since(value.plus(operand, calendar))


def _within(value: Timepoint, operand: Duration, calendar: Calendar) -> Moments:
    return between(value.minus(operand, calendar), value.reached)


def _point(operand: Any, calendar: Calendar) -> Timepoint:
    if isinstance(operand, date):
        return Timepoint(calendar.start_of(operand), calendar.end_of(operand), operand)
    assert isinstance(operand, Timepoint)
    return operand


def _before(value: Timepoint | Literal[True], operand: Any, calendar: Calendar) -> bool | Moments:
    if value is True:  # the present
        return until(_point(operand, calendar).start)
    if operand == NOW:
        return since(value.reached)
    return value.reached <= _point(operand, calendar).start


def _after(value: Timepoint | Literal[True], operand: Any, calendar: Calendar) -> bool | Moments:
    if value is True:
        return since(_point(operand, calendar).reached)
    if operand == NOW:
        return until(value.start)
    return value.start >= _point(operand, calendar).reached


def calendar_operand(raw: Any, _: FactType) -> str:
    """The name of a set of calendar moments."""
    if not isinstance(raw, str) or raw not in NAMED:
        raise ValueError(f"no calendar set is named `{str(raw)[:60]}`; {did_you_mean(str(raw), NAMED)}")
    return str(raw)


def _during(value: Any, operand: str, calendar: Calendar) -> Moments:
    return calendar.named(operand)


def core_operators() -> Iterator[Operator]:
    """The operators that every engine knows."""
    yield Operator("is", PLAIN | LISTS, value_operand, _is, "equal; texts without case", refers=True)
    yield Operator("not", PLAIN, value_operand, _not, "not equal", refers=True)
    yield Operator("in", PLAIN, values_operand, _in, "one of", refers=True)
    yield Operator("not_in", PLAIN, values_operand, _not_in, "none of", refers=True)
    yield Operator("at_least", MEASURES, measure_operand, _at_least, "this or more")
    yield Operator("at_most", MEASURES, measure_operand, _at_most, "this or less")
    yield Operator("more_than", MEASURES, measure_operand, _more_than, "more than this")
    yield Operator("less_than", MEASURES, measure_operand, _less_than, "less than this")
    yield Operator("contains", TEXTS | LISTS, value_operand, _contains, "has this in it", refers=True)
    yield Operator(
        "contains_any", TEXTS | LISTS, values_operand, _contains_any, "has one of these", refers=True
    )
    yield Operator("matches", TEXTS, pattern_operand, _matches, "fits a glob of `*` and `?`")
    yield Operator(
        "known", frozenset(), boolean_operand, _known, "is known; of a list, is not empty", total=True
    )
    yield Operator("count", LISTS, count_operand, _count, "how many there are")
    yield Operator("within", MOMENTS, duration_operand, _within, "is at most so far ahead")
    yield Operator("older_than", MOMENTS, duration_operand, _older_than, "is more than so long ago")
    yield Operator("during", CLOCKS, calendar_operand, _during, "falls into business hours, say")
    yield Operator("before", MOMENTS | CLOCKS, moment_operand, _before, "comes before", refers=True)
    yield Operator("after", MOMENTS | CLOCKS, moment_operand, _after, "comes after", refers=True)
