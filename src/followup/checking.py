"""Checking plain values against the types that read them, with a place and a cure for all that is wrong.

The typed conversion by msgspec is fast but stops at the first fault. Only when it fails is the value
held against the JSON Schema of the same type, which finds all of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

import msgspec

from followup.complaints import Placed, as_read, schema_problems
from followup.documents import MAX_DEPTH, MAX_NODES, MAX_PROBLEMS, Document
from followup.errors import InputError, Place, Problem
from followup.shapes import schema_of

__all__ = [
    "FORMAT",
    "as_declared",
    "as_written",
    "check_format",
    "checked",
    "field_as_read",
    "first_problems",
    "plain_data",
    "rejoined",
]

T = TypeVar("T")
Path = tuple[str | int, ...]
BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "minItems", "maxItems")
LONGEST_PARTED = 2_000
FORMAT = 1
"""The version of the file formats that this followup reads and writes."""


def checked(
    document: Placed,
    path: Path,
    value: Any,
    type_: type[T],
    problems: list[Problem],
    *,
    dec_hook: Callable[[type, Any], Any] | None = None,
    schema: dict[str, Any] | None = None,
    complete: bool = False,
) -> T | None:
    """`value`, which stands at `path` of the document, as a `type_`; or None, and problems are added.

    Texts are converted to numbers and truth values where the type wants those; keys without a value
    count as absent. With `complete`, there are no such keys.
    """
    schema = schema or schema_of(cast(Any, type_))
    if not complete and _lacks_something(value):
        value = without_nothing(value, schema, schema.get("definitions", {}))
    try:
        return msgspec.convert(value, type_, strict=False, dec_hook=dec_hook)
    except (msgspec.ValidationError, ValueError) as error:
        found = list(schema_problems(document, path, as_written(value), schema))
        problems += found or [_conversion_problem(document, path, str(error))]
        return None


def plain_data(data: Any) -> Any:
    """The same data with lists for tuples, held to the limits that files have. Raises InputError."""
    count = 0

    def plain(value: Any, depth: int) -> Any:
        nonlocal count
        count += 1
        if depth > MAX_DEPTH:
            raise refusal(
                "yaml-too-deep", f"more than {MAX_DEPTH} mappings and lists stand inside one another"
            )
        if count > MAX_NODES:
            raise refusal("yaml-too-many-nodes", f"there are more than {MAX_NODES} values")
        if isinstance(value, Mapping):
            if not all(isinstance(key, str) for key in value):
                raise refusal("wrong-type", "a key is no text")
            return {key: plain(item, depth + 1) for key, item in value.items()}
        if isinstance(value, (list, tuple)):
            return [plain(item, depth + 1) for item in value]
        return value

    def refusal(code: str, text: str) -> InputError:
        return InputError([Problem(code, text, Place(), "hand over what a file could say")])

    return plain(data, 0)


def _lacks_something(value: Any) -> bool:
    """Whether a key or an item somewhere inside has no value."""
    if isinstance(value, dict):
        return any(map(_lacks_something, value.values()))
    return any(map(_lacks_something, value)) if isinstance(value, list) else value is None


def without_nothing(value: Any, schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Any:
    """The same value without the keys of a record that have none; a named record without keys is empty.

    What the schema leaves open, such as a condition, stays as it is: there a missing value is a mistake.
    """
    schema = _resolved(schema, definitions)
    if isinstance(value, list) and "items" in schema:
        return [without_nothing(item, schema["items"], definitions) for item in value]
    if not isinstance(value, dict):
        return value
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    named = _resolved(others, definitions) if isinstance(others, dict) else {}
    made: dict[str, Any] = {}
    for key, item in value.items():
        inner = properties.get(key, named)
        if item is None and key not in properties and named.get("type") == "object":
            made[key] = {}
        elif item is not None or not inner:
            made[key] = without_nothing(item, inner, definitions)
    return made


def _resolved(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> Mapping[str, Any]:
    reference = schema.get("$ref")
    return schema if reference is None else definitions[reference.rpartition("/")[2]]


def rejoined(document: Document, value: Any, notes: list[Problem], path: Path = ()) -> Any:
    """The same value with texts put together again that a comma in `{…}` parted.

    In `{said: two weeks, correction: five, with no downtime}` YAML sees a key `with no downtime`
    without a value. No key of ours has a space in it. Each such text is noted.
    """
    if isinstance(value, list):
        return [rejoined(document, item, notes, (*path, index)) for index, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    made: dict[str, Any] = {}
    for key, item in value.items():
        before = next(reversed(made), None)
        start = made[before] if before is not None else None
        if item is None and " " in key and isinstance(start, str) and len(start) <= LONGEST_PARTED:
            made[str(before)] = f"{start}, {key}"
            text = f"a comma parts `{before}` here; read as one text; put it in quotes"
            place = document.place((*path, key), key=True)
            notes.append(Problem("comma-in-text", text, place, severity="note"))
        else:
            made[key] = rejoined(document, item, notes, (*path, key))
    return made


def as_written(value: Any) -> Any:
    """The same value with its days and times as text."""
    if isinstance(value, dict):
        return {key: as_written(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_written(item) for item in value]
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def as_declared(value: Any, schema: Mapping[str, Any]) -> Any:
    """The same value with the numbers and truth values read that YAML leaves as text."""
    if isinstance(value, dict):
        fields = schema.get("properties", {})
        return {key: as_declared(item, fields.get(key, {})) for key, item in value.items()}
    if isinstance(value, list):
        return [as_declared(item, schema.get("items", {})) for item in value]
    return as_read(value, {schema.get("type")}) if isinstance(value, str) else value


def field_as_read(schema: Any) -> Any:
    """The JSON Schema of a declared field with its bounds and values read as what they are."""
    if not isinstance(schema, dict):
        return schema
    made = dict(schema)
    for key in BOUNDS:
        if isinstance(made.get(key), str):
            made[key] = as_read(made[key], {"number"})
    if isinstance(schema.get("enum"), list):
        made["enum"] = [as_declared(value, schema) for value in schema["enum"]]
    if "items" in schema:
        made["items"] = field_as_read(schema["items"])
    return made


def first_problems(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The problems in order of place, each once: so many as a person can use, and how many more there are."""
    found = sorted(dict.fromkeys(problems), key=lambda problem: (problem.place, problem.code))
    more = len(found) - MAX_PROBLEMS
    if more <= 0:
        return tuple(found)
    told = f"and {more} more problem{'s' if more > 1 else ''}"
    last = Problem("more-problems", told, Place(found[-1].place.file), "mend the ones above first")
    return (*found[:MAX_PROBLEMS], last)


def check_format(document: Document, problems: list[Problem]) -> None:
    """Refuse a file of a newer format, in a sentence; and one without."""
    raw = document.value.get("format") if isinstance(document.value, dict) else None
    if raw is None:
        return
    try:
        version = int(str(raw))
    except ValueError:
        if not re.fullmatch(r"[0-9.]+", str(raw)):
            return  # the schema says so
        version = 0
    if version > FORMAT:
        problems.append(
            Problem(
                "format-newer",
                f"the file has format {str(version)[:20]}; this followup reads up to format {FORMAT}",
                document.place(("format",)),
                "install a newer followup",
            )
        )
    elif version < 1:
        problems.append(
            Problem(
                "format",
                "the format is a whole number from 1 on",
                document.place(("format",)),
                "write `format: 1`",
            )
        )


def _conversion_problem(document: Placed, path: Path, told: str) -> Problem:
    """What msgspec says, at the value that it speaks of."""
    text, _, where = told.partition(" - at `$")
    steps = re.findall(r"\.([^.\[`]+)|\[(\d+)\]", where)
    inner = tuple(name if name else int(index) for name, index in steps)
    return Problem("value", text.lower().replace("`", ""), document.place((*path, *inner)))
