"""Complaints: in what a value differs from a schema, each with its place, and words that help to mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Any, Protocol

from followup.documents import MAX_PROBLEMS
from followup.errors import Place, Problem, did_you_mean
from followup.synonyms import meant_by

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = ["Placed", "as_read", "schema_problems"]

Path = tuple[str | int, ...]
_EQUAL = re.compile(r"""([\w.]+)\s*={1,2}\s*["']?([\w-]+)["']?""")
"""A comparison as other languages write it."""


class Placed(Protocol):
    """A document, or whatever else knows where its values stand."""

    def place(self, path: Path, key: bool = False) -> Place:
        """The position of the value at `path`, or with `key` of its key."""


def schema_problems(document: Placed, path: Path, value: Any, schema: dict[str, Any]) -> Iterator[Problem]:
    """Everything in which a value differs from a schema, in order of place."""
    from jsonschema import Draft7Validator

    found = [
        problem
        for error in islice(Draft7Validator(schema).iter_errors(value), MAX_PROBLEMS)
        for problem in _problems(document, path, error, schema.get("definitions", {}))
    ]
    yield from sorted(found, key=lambda problem: problem.place)


def _problems(
    document: Placed, base: Path, error: ValidationError, definitions: Mapping[str, Any]
) -> Iterator[Problem]:
    path: Path = (*base, *error.absolute_path)
    schema: Any = error.schema
    instance: Any = error.instance
    match error.validator:
        case "additionalProperties":
            known = sorted(schema.get("properties", {}))
            for key in sorted(set(instance) - set(known))[: MAX_PROBLEMS + 1]:
                place = document.place((*path, key), key=True)
                home = _home(instance[key], schema, definitions)
                cure = f"indent it, so that it stands below `{home}:`" if home else ""
                cure = cure or did_you_mean(str(key)[:60], known)
                yield Problem("unknown-key", f"unknown key `{_short(key)}`", place, cure)
        case "required":
            for key in schema["required"]:
                if (
                    key not in instance
                    and error.message.startswith(repr(key))
                    and not _is_misspelt(key, schema, instance)
                ):
                    inner = schema["properties"].get(key, {})
                    about = inner.get("description", "")
                    cure = f"add `{_shown({key: _example(inner, definitions)})}`" + (
                        f", {about}" if about else ""
                    )
                    yield Problem("missing-key", f"`{key}` is missing", document.place(path), cure)
        case "type" | "anyOf":
            read = as_read(instance, _kinds(schema)) if isinstance(instance, str) else instance
            if read is not instance:
                yield from schema_problems(document, path, read, {"definitions": definitions, **schema})
                return
            if isinstance(instance, dict) and (inside := _of_one_branch(error)):
                for inner in inside:
                    yield from _problems(document, base, inner, definitions)
                return
            told = f"{_name(path)} is {_kind(instance)}; {_wanted(schema)} is expected"
            yield Problem("wrong-type", told, document.place(path), _how(path, instance, schema, definitions))
        case "enum" | "const":
            values = [str(v) for v in schema.get("enum", [schema.get("const")])]
            cure = did_you_mean(str(instance)[:60], values)
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
                _named_well(str(instance), schema["pattern"])
                or _about(schema)
                or f"it must match {schema['pattern']}",
            )
        case "minimum" | "maximum":
            bound = "least" if error.validator == "minimum" else "most"
            told = f"{_name(path)} is {_short(instance)}; at {bound} {error.validator_value} is expected"
            yield Problem("value", told, document.place(path), _about(schema))
        case "minItems" | "maxItems":
            bound = "least" if error.validator == "minItems" else "most"
            told = f"{_name(path)} has {len(instance)} items; at {bound} {error.validator_value} are expected"
            yield Problem("value", told, document.place(path), _about(schema))
        case _:
            yield Problem(
                "value", f"{_name(path)}: {_short(error.message, 120)}", document.place(path), _about(schema)
            )


def _of_one_branch(error: ValidationError) -> list[ValidationError]:
    """What is wrong by the one alternative of the value's kind; nothing if there is none or several."""
    branches: dict[Any, list[ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    fitting = [
        found
        for found in branches.values()
        if not any(inner.validator == "type" and not inner.relative_path for inner in found)
    ]
    return fitting[0] if len(fitting) == 1 else []


def _home(value: Any, schema: Any, definitions: Mapping[str, Any]) -> str | None:
    """The key below which a mapping belongs that stands beside it: one of whose entries it has the keys."""
    if not isinstance(value, dict):
        return None
    for name, inner in schema.get("properties", {}).items():
        entry = _resolved(inner.get("additionalProperties") or {}, definitions)
        if entry.get("required") and set(value) & set(entry["required"]):
            return str(name)
    return None


def _is_misspelt(key: str, schema: Any, instance: Any) -> bool:
    """Whether a missing key stands there under another name, of which the reader is told anyway."""
    strangers = [str(each).lower() for each in instance if each not in schema["properties"]]
    return any(meant_by(each, (key,)) for each in strangers) or bool(
        get_close_matches(key, strangers, 1, 0.8)
    )


def _resolved(schema: Any, definitions: Mapping[str, Any]) -> Any:
    reference = schema.get("$ref") if isinstance(schema, dict) else None
    return schema if reference is None else definitions.get(reference.rpartition("/")[2], {})


def _example(schema: Any, definitions: Mapping[str, Any]) -> Any:
    """A value that the schema takes, such as its author gave, or made of those; None if there is none."""
    schema = _resolved(schema, definitions)
    if schema.get("examples"):
        return schema["examples"][0]
    required = schema.get("required", ())
    made = {key: _example(schema["properties"][key], definitions) for key in required}
    return made if made and None not in made.values() else None


def _how(path: Path, instance: Any, schema: Any, definitions: Mapping[str, Any]) -> str:
    """How to write what is expected where something else stands."""
    if not path and schema.get("required"):
        return "begin with " + ", ".join(
            f"`{_shown({key: _example(schema['properties'][key], definitions)})}`"
            for key in schema["required"]
        )
    named = _resolved(schema.get("additionalProperties") or {}, definitions)
    if isinstance(instance, list) and isinstance(named, dict) and named.get("required"):
        return "write each below its name, indented and without dashes, as in `name: {…}`"
    if isinstance(instance, dict) and schema.get("type") == "array":
        return "make it a list: write `- ` before it, or put it in brackets"
    name = next((step for step in reversed(path) if isinstance(step, str)), "")
    example = (isinstance(instance, str) and _compared(instance)) or _example(schema, definitions)
    if isinstance(example, dict) and name:
        dashes = ", without dashes" if isinstance(instance, list) else ""
        return f"write it as `{_shown({name: example})}`{dashes}"
    return _about(schema)


def _compared(text: str) -> dict[str, str]:
    """What a text compares, as a condition; empty if it is no comparison, or more than that."""
    parts = [_EQUAL.fullmatch(part.strip()) for part in re.split(r"\band\b|&&", text)]
    return {part[1]: part[2] for part in parts if part} if all(parts) else {}


def _shown(value: Any) -> str:
    """A value as it is written in YAML, on one line."""
    if isinstance(value, dict):
        pairs = [f"{key}: {_inside(item)}".rstrip() for key, item in value.items()]
        return ", ".join(pairs)
    return _inside(value)


def _inside(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + _shown(value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inside(item) for item in value) + "]"
    return "" if value is None else str(value)


def _named_well(text: str, pattern: str) -> str:
    """A cure for what cannot be a name: the nearest text that can."""
    made = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
    return f"did you mean `{made}`?" if made and re.fullmatch(pattern, made) else ""


def _kinds(schema: Any) -> set[Any]:
    return {choice.get("type") for choice in schema.get("anyOf", [schema])}


def as_read(text: str, kinds: set[Any]) -> Any:
    """The number or truth value that a text says, if one of those is wanted; else the text."""
    if "string" in kinds:
        return text
    written = text.strip()
    if kinds & {"integer", "number"} and re.fullmatch(r"[-+]?[0-9]{1,30}", written):
        return int(written)
    if "number" in kinds and re.fullmatch(r"[-+]?[0-9]{1,30}\.[0-9]{1,30}", written):
        return float(written)
    truths = {"true": True, "1": True, "false": False, "0": False}
    return truths.get(written.lower(), text) if "boolean" in kinds else text


def _wanted(schema: Any) -> str:
    words = {
        "string": "text", "integer": "a whole number", "number": "a number", "boolean": "`true` or `false`",
        "array": "a list", "object": "a mapping",
    }  # fmt: skip
    choices = schema.get("anyOf", [schema])
    kinds = [words.get(choice.get("type", "object"), "a mapping") for choice in choices]
    return " or ".join(dict.fromkeys(kinds))


def _kind(value: Any) -> str:
    if value is None:
        return "empty"
    kinds = {dict: "a mapping", list: "a list", bool: "a truth value", int: "a number", float: "a number"}
    return kinds.get(type(value), f"`{_short(value)}`")


def _name(path: Path) -> str:
    names = [step for step in path if isinstance(step, str)]
    return f"`{_short(names[-1])}`" if names else "the file"


def _about(schema: Any) -> str:
    about = " ".join(str(schema.get("description", "")).partition("\n\n")[0].split())
    example = schema.get("examples", [None])[0]
    shown = f", such as `{example}`" if isinstance(example, (str, int)) else ""
    return about + shown if about else ""


def _short(value: Any, length: int = 60) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= length else text[: length - 1] + "…"
