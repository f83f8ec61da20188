"""The JSON Schema (draft-07) of one type, and of what a scenario declares: the shapes that values may have.

What a reader converts by a type it also holds against the schema of the same type, which finds all that is
wrong. The schemas of whole files are put together from these in `followup.schemas`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from typing import Annotated, Any, Literal

import msgspec

from followup.events import Event
from followup.records import DayOrTime

__all__ = [
    "FIELD_KEYS",
    "declared_event_schema",
    "event_schema",
    "field_complaint",
    "schema_complaint",
    "schema_of",
]

_Length = Annotated[int, msgspec.Meta(ge=0)]
_TIME = {
    "type": "string",
    "description": "ISO 8601, such as `2026-11-20T10:00-06:00`; without an offset, "
    "in the candidate's time zone",
    "examples": ["2026-11-20T10:00-06:00"],
}
_DAY_OR_TIME = {
    "type": "string",
    "description": "a day, `2026-12-01`, or a time in ISO 8601",
    "examples": ["2026-12-01", "2026-12-01T17:00-06:00"],
}


@cache
def schema_of(type_: Any, *, nulls: bool = False) -> dict[str, Any]:
    """The draft-07 schema of a type, with its definitions. Not to be changed by the caller.

    With `nulls`, of what is written, where a key may hold null; else of what is read, where it is left out.
    """
    made = msgspec.json.schema(type_, schema_hook=_custom)
    made = _draft_07(made, nulls)
    reference = made.pop("$ref", None)
    if reference is not None:
        name = reference.rsplit("/", 1)[1]
        made = {**made["definitions"].pop(name), "definitions": made["definitions"]}
        made.pop("title", None)
    return dict(made)


def _custom(type_: type) -> dict[str, Any]:
    if type_ is DayOrTime:
        return dict(_DAY_OR_TIME)
    raise NotImplementedError(f"no schema for {type_}")


def _draft_07(node: Any, nulls: bool) -> Any:
    """The same schema in draft-07: `$defs` renamed, times described as they are read, `null` as is asked."""
    if isinstance(node, list):
        return [_draft_07(item, nulls) for item in node]
    if not isinstance(node, dict):
        return node
    if node.get("format") == "date-time":
        return {**_TIME, **({"description": node["description"]} if "description" in node else {})}
    made = {
        ("definitions" if key == "$defs" else key): _draft_07(value, nulls) for key, value in node.items()
    }
    if "anyOf" in made:
        choices = [choice for choice in made["anyOf"] if nulls or choice != {"type": "null"}]
        made["anyOf"] = choices
        if len(choices) == 1:
            del made["anyOf"]
            made = {**choices[0], **made}
    if made.get("default", 0) is None:
        del made["default"]
    if isinstance(made.get("$ref"), str):
        made["$ref"] = made["$ref"].replace("#/$defs/", "#/definitions/")
    made.pop("discriminator", None)
    return made


def event_schema(name: str, kind: type[Event]) -> dict[str, Any]:
    """The schema of one event type, with its `type`."""
    made = dict(schema_of(kind))
    made["properties"] = {"type": {"const": name}, **made["properties"]}
    made["required"] = ["type", *made.get("required", ["at"])]
    return made


FIELD_KEYS = {
    "string": {"enum", "minLength", "maxLength"}, "integer": {"minimum", "maximum"},
    "number": {"minimum", "maximum"}, "boolean": set(), "array": {"items", "minItems", "maxItems"},
}  # fmt: skip
_NOTES = frozenset({"type", "title", "description", "examples", "default"})


def field_complaint(schema: Any, *, inside: bool = False) -> str:
    """What is wrong with the JSON Schema of a declared field, with the cure; nothing if it can be used.

    A field is a text, a number, a truth value or a list of those; what could fetch (`$ref`) or take
    for ever (`pattern`) is not taken.
    """
    kinds = [kind for kind in FIELD_KEYS if not inside or kind != "array"]
    if not isinstance(schema, Mapping):
        return "a field is a JSON Schema; write `{type: string}`"
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        return f"its `type` must be one of {', '.join(kinds)}; write `type: string`, say"
    strange = sorted(map(str, schema.keys() - FIELD_KEYS[kind] - _NOTES))
    if strange:
        taken = ", ".join(sorted(FIELD_KEYS[kind] | _NOTES))
        return f"`{strange[0][:60]}` is not taken in a field of type {kind}; leave it out; taken are {taken}"
    if kind == "array":
        return field_complaint(schema.get("items"), inside=True)
    if any(isinstance(value, (dict, list)) for value in schema.get("enum", ())):
        return "its values must be plain; write `enum: [morning, evening]`, say"
    complaint = schema_complaint(schema)
    return f"this is no JSON Schema of draft 7; {complaint[:100]}" if complaint else ""


class _Common(msgspec.Struct, forbid_unknown_fields=True):
    """The keywords of which most schemas are made: what converts to this is a JSON Schema for certain."""

    type: Literal["string", "integer", "number", "boolean", "array", "object"]
    title: str = ""
    description: str = ""
    examples: list[Any] = []
    default: Any = None
    enum: list[Any] = []
    minimum: int | float = 0
    maximum: int | float = 0
    minLength: _Length = 0  # noqa: N815 (as the keyword is spelt)
    maxLength: _Length = 0  # noqa: N815
    minItems: _Length = 0  # noqa: N815
    maxItems: _Length = 0  # noqa: N815
    items: _Common | msgspec.UnsetType = msgspec.UNSET


def schema_complaint(schema: Mapping[str, Any]) -> str:
    """What is wrong with a JSON Schema of draft 7; nothing if it can be used."""
    with suppress(msgspec.ValidationError):
        msgspec.convert(schema, _Common)
        return ""
    # Only what is out of the common is worth the import.
    from jsonschema import Draft7Validator, SchemaError

    try:
        Draft7Validator.check_schema(schema)
    except SchemaError as error:
        return error.message
    return ""


def declared_event_schema(event: Any) -> dict[str, Any]:
    """The schema of an event type that a scenario or plugin declares."""
    own = {"type": {"const": event.name}, "at": _TIME, "id": schema_of(Event)["properties"]["id"]}
    return {
        "title": event.title or event.name,
        "type": "object",
        "properties": {**event.fields, **own},
        "required": ["type", "at", *event.required],
        "additionalProperties": False,
    }
