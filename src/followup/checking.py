"""Checking plain values against the types that read them, with a place and a cure for all that is wrong.

The typed conversion by msgspec is fast but stops at the first fault. Only when it fails is the value
held against the JSON Schema of the same type, which finds all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

from followup.documents import Document
from followup.errors import Problem, did_you_mean
from followup.schemas import schema_of

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = ["FORMAT", "check_format", "checked", "schema_problems"]

T = TypeVar("T")
Path = tuple[str | int, ...]
FORMAT = 1
"""The version of the file formats that this followup reads and writes."""


def checked(
    document: Document,
    path: Path,
    value: Any,
    type_: type[T],
    problems: list[Problem],
    *,
    dec_hook: Callable[[type, Any], Any] | None = None,
    schema: dict[str, Any] | None = None,
) -> T | None:
    """`value`, which stands at `path` of the document, as a `type_`; or None, and problems are added.

    Texts are converted to numbers and truth values where the type wants those; keys without a value
    count as absent.
    """
    value = without_nothing(value)
    try:
        return msgspec.convert(value, type_, strict=False, dec_hook=dec_hook)
    except (msgspec.ValidationError, ValueError) as error:
        schema = schema or schema_of(cast(Any, type_))
        found = list(schema_problems(document, path, as_written(value), schema))
        problems += found or [Problem("value", str(error), document.place(path))]
        return None


def without_nothing(value: Any) -> Any:
    """The same value without the keys that have none."""
    if isinstance(value, dict):
        return {key: without_nothing(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [without_nothing(item) for item in value]
    return value


def as_written(value: Any) -> Any:
    """The same value with its days and times as text."""
    if isinstance(value, dict):
        return {key: as_written(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_written(item) for item in value]
    return value if isinstance(value, (str, int, float, bool)) else str(value)


def check_format(document: Document, problems: list[Problem]) -> None:
    """Refuse a file of a newer format, in a sentence; and one without."""
    raw = document.value.get("format") if isinstance(document.value, dict) else None
    if raw is None:
        return
    try:
        version = int(str(raw))
    except ValueError:
        version = 0
    if version > FORMAT:
        problems.append(
            Problem(
                "format-newer",
                f"the file has format {version}; this followup reads up to format {FORMAT}",
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


def schema_problems(document: Document, path: Path, value: Any, schema: dict[str, Any]) -> Iterator[Problem]:
    """Everything in which a value differs from a schema, in order of place."""
    from jsonschema import Draft7Validator

    found = [
        problem
        for error in Draft7Validator(schema).iter_errors(value)
        for problem in _problems(document, path, error)
    ]
    yield from sorted(found, key=lambda problem: problem.place)


def _problems(document: Document, base: Path, error: ValidationError) -> Iterator[Problem]:
    path: Path = (*base, *error.absolute_path)
    schema: Any = error.schema
    instance: Any = error.instance
    match error.validator:
        case "additionalProperties":
            known = sorted(schema.get("properties", {}))
            for key in sorted(set(instance) - set(known)):
                place = document.place((*path, key), key=True)
                yield Problem(
                    "unknown-key", f"unknown key `{_short(key)}`", place, did_you_mean(str(key), known)
                )
        case "required":
            for key in schema["required"]:
                if key not in instance and error.message.startswith(repr(key)):
                    about = schema["properties"].get(key, {}).get("description", "")
                    cure = f"add `{key}:`" + (f", {about}" if about else "")
                    yield Problem("missing-key", f"`{key}` is missing", document.place(path), cure)
        case "type" | "anyOf":
            wanted = _wanted(schema)
            if isinstance(instance, str) and _reads_text(schema, instance):
                return
            yield Problem(
                "wrong-type",
                f"{_name(path)} is {_kind(instance)}; {wanted} is expected",
                document.place(path),
                _about(schema),
            )
        case "enum" | "const":
            values = [str(v) for v in schema.get("enum", [schema.get("const")])]
            cure = did_you_mean(str(instance), values)
            yield Problem(
                "not-a-value",
                f"`{_short(instance)}` is not a value of {_name(path)}",
                document.place(path),
                cure,
            )
        case "maxLength":
            yield Problem(
                "too-long",
                f"{_name(path)} is longer than {schema['maxLength']} characters",
                document.place(path),
                "shorten it",
            )
        case "minLength":
            yield Problem(
                "empty", f"{_name(path)} is empty", document.place(path), "write it, or leave the key out"
            )
        case "pattern":
            yield Problem(
                "pattern",
                f"`{_short(instance)}` cannot be {_name(path)}",
                document.place(path),
                _about(schema) or f"it must match {schema['pattern']}",
            )
        case _:
            yield Problem(
                "value", f"{_name(path)}: {_short(error.message, 120)}", document.place(path), _about(schema)
            )


def _reads_text(schema: Any, text: str) -> bool:
    """Whether text stands where a number or truth value does, and can be read as one."""
    kinds = {choice.get("type") for choice in schema.get("anyOf", [schema])}
    if "integer" in kinds:
        return text.strip().lstrip("-").isdigit()
    if "boolean" in kinds:
        return text in ("true", "false", "1", "0")
    return False


def _wanted(schema: Any) -> str:
    words = {
        "string": "text", "integer": "a whole number", "number": "a number", "boolean": "`true` or `false`",
        "array": "a list", "object": "a mapping",
    }  # fmt: skip
    choices = schema.get("anyOf", [schema])
    kinds = [words.get(choice.get("type", "object"), "a mapping") for choice in choices]
    return " or ".join(dict.fromkeys(kinds))


def _kind(value: Any) -> str:
    kinds = {dict: "a mapping", list: "a list", bool: "a truth value", int: "a number", float: "a number"}
    return kinds.get(type(value), f"`{_short(value)}`")


def _name(path: Path) -> str:
    names = [step for step in path if isinstance(step, str)]
    return f"`{_short(names[-1])}`" if names else "the file"


def _about(schema: Any) -> str:
    about = str(schema.get("description", ""))
    example = schema.get("examples", [None])[0]
    shown = f", such as `{example}`" if isinstance(example, (str, int)) else ""
    return about + shown if about else ""


def _short(value: Any, length: int = 60) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= length else text[: length - 1] + "…"
