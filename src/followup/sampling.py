"""Sampling: values with which a test could come out as wanted, and ones that stand for what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from followup.conditions import All, Condition, Test
from followup.fields import FactType

__all__ = ["SAMPLE", "asked_fields", "declared_sample", "sample_of", "values_for"]

SAMPLE = "noted"
"""Stands for a text that is not known."""


def asked_fields(condition: Condition) -> Iterator[tuple[str, Any]]:
    """The fields of an event that a pattern asks for, each with a value that it takes."""
    match condition:
        case All(parts=parts):
            for part in parts:
                yield from asked_fields(part)
        case Test() if condition.operator.name == "is":
            yield condition.path, condition.operand
        case Test() if condition.operator.name == "in":
            yield condition.path, min(condition.operand)
        case Test() if condition.operator.name == "known":
            yield condition.path, SAMPLE


def values_for(test: Test, type_: FactType, so: bool, current: Any) -> Iterator[Any]:
    """Values with which a test could come out as wanted, as plain data; whether they do is seen later."""
    operand = test.operand if test.operand_get is None else None
    operator = test.operator.name
    if type_.kind == "boolean":
        yield from (True, False)
    elif operator == "known":
        if so == bool(operand) and current in (None, ()):
            yield sample_of(type_, "")
    elif type_.values:
        yield from type_.values
    elif type_.kind == "number":
        numbers = [operand] if isinstance(operand, int) else sorted(operand or ())
        yield from dict.fromkeys(
            n + step for n in numbers if isinstance(n, int) for step in (0, 1, -1) if n + step >= 0
        )
    elif type_.kind == "text":
        if operator in ("is", "in", "contains", "contains_any", "matches") and so:
            texts = sorted(operand) if isinstance(operand, frozenset) else [operand]
            yield from (str(text) for text in texts if text is not None and "*" not in str(text))
        elif not so or operator in ("not", "not_in"):
            yield SAMPLE
    elif type_.kind == "list" and type_.element is not None and type_.element.kind == "text":
        have = list(current or ())
        if operator in ("is", "contains", "contains_any"):
            texts = sorted(operand) if isinstance(operand, frozenset) else [operand]
            yield from ([*have, str(text)] for text in texts if text is not None)
        elif operator == "count":
            yield [*have, SAMPLE]
    elif type_.kind == "list" and operator == "count":
        yield sample_of(type_, "")


def sample_of(type_: FactType, today: str) -> Any:
    """Something that stands for a value that is not known."""
    match type_.kind:
        case "text":
            return type_.values[0] if type_.values else SAMPLE
        case "number":
            return 1
        case "boolean":
            return True
        case "moment":
            return today or None
        case "list" if type_.element is not None:
            inner = sample_of(type_.element, today)
            return None if inner is None else [inner]
        case "record":
            texts = {name for name, fact in type_.fields.items() if fact.type.kind == "text"}
            return dict.fromkeys(sorted(texts - {"with", "url"}), SAMPLE) or None
    return None


def declared_sample(schema: Any) -> Any:
    """A value for a field that a scenario declares."""
    if schema.get("enum"):
        return schema["enum"][0]
    return {"string": SAMPLE, "integer": 1, "number": 1, "boolean": True, "array": []}.get(schema.get("type"))
