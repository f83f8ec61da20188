"""The JSON Schemas (draft-07) of all files, made from the types that read them.

The published ones in `schemas/` are these, written by `python -m followup.schemas FOLDER`. Composed
with a vocabulary they also know the fact paths, intents, event types and channels of the plugins.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from followup import sources
from followup.events import EVENT_TYPES, Event
from followup.plan import Plan
from followup.records import DayOrTime
from followup.state import InterviewState

if TYPE_CHECKING:
    from followup.vocabulary import Vocabulary

__all__ = ["NAMES", "declared_event_schema", "field_complaint", "schema", "schema_of"]

DRAFT = "http://json-schema.org/draft-07/schema#"
NAMES = ("state", "scenario", "settings", "tests", "plan")
_TITLES = {
    "state": "An interview state of followup",
    "scenario": "A scenario of followup: rules, guards, event types",
    "settings": "The settings of a user of followup",
    "tests": "The tests of a scenario of followup",
    "plan": "A plan of followup",
}
_ROOTS: Mapping[str, type[msgspec.Struct]] = {
    "scenario": sources.ScenarioSource,
    "settings": sources.SettingsSource,
    "tests": sources.TestsSource,
    "plan": Plan,
}
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


def schema(name: str, vocabulary: Vocabulary | None = None) -> dict[str, Any]:
    """The schema of that name, one of `NAMES`; with a vocabulary, composed with its names."""
    if name == "state":
        root = _state_schema(vocabulary)
    else:
        root = json.loads(json.dumps(schema_of(_ROOTS[name], nulls=name == "plan")))
        if name == "scenario" and vocabulary is not None:
            _compose_scenario(root["definitions"], vocabulary)
        if name == "tests":
            _example_tests(root)
    return {"$schema": DRAFT, "title": _TITLES[name], **root}


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


def _state_schema(vocabulary: Vocabulary | None) -> dict[str, Any]:
    root = json.loads(json.dumps(schema_of(InterviewState)))
    definitions = root["definitions"]
    definitions.pop("Event", None)
    events = []
    for name, kind in EVENT_TYPES.items():
        made = json.loads(json.dumps(event_schema(name, kind)))
        definitions.update(made.pop("definitions", {}))
        definitions[kind.__name__] = made
        events.append({"$ref": f"#/definitions/{kind.__name__}"})
    for declared in vocabulary.events.values() if vocabulary else ():
        definitions[f"event-{declared.name}"] = declared_event_schema(declared)
        events.append({"$ref": f"#/definitions/event-{declared.name}"})
    for key in ("events", "elsewhere"):
        root["properties"][key]["items"] = {"oneOf": events}
    root["properties"].pop("extensions", None)
    for namespace in sorted(vocabulary.namespaces) if vocabulary else ():
        root["properties"][namespace] = {"type": "object", "description": "facts of a plugin"}
    root["examples"] = [_STATE_EXAMPLE]
    return dict(root)


_FIELD_KEYS = {
    "string": {"enum", "minLength", "maxLength"}, "integer": {"minimum", "maximum"},
    "number": {"minimum", "maximum"}, "boolean": set(), "array": {"items", "minItems", "maxItems"},
}  # fmt: skip
_NOTES = frozenset({"type", "title", "description", "examples", "default"})


def field_complaint(schema: Any, *, inside: bool = False) -> str:
    """What is wrong with the JSON Schema of a declared field, with the cure; nothing if it can be used.

    A field is a text, a number, a truth value or a list of those; what could fetch (`$ref`) or take
    for ever (`pattern`) is not taken.
    """
    from jsonschema import Draft7Validator, SchemaError

    kinds = [kind for kind in _FIELD_KEYS if not inside or kind != "array"]
    if not isinstance(schema, Mapping):
        return "a field is a JSON Schema; write `{type: string}`"
    kind = schema.get("type")
    if not isinstance(kind, str) or kind not in kinds:
        return f"its `type` must be one of {', '.join(kinds)}; write `type: string`, say"
    strange = sorted(map(str, schema.keys() - _FIELD_KEYS[kind] - _NOTES))
    if strange:
        taken = ", ".join(sorted(_FIELD_KEYS[kind] | _NOTES))
        return f"`{strange[0][:60]}` is not taken in a field of type {kind}; leave it out; taken are {taken}"
    if kind == "array":
        return field_complaint(schema.get("items"), inside=True)
    if any(isinstance(value, (dict, list)) for value in schema.get("enum", ())):
        return "its values must be plain; write `enum: [morning, evening]`, say"
    try:
        Draft7Validator.check_schema(schema)
    except SchemaError as error:
        return f"this is no JSON Schema of draft 7; {error.message[:100]}"
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


def _compose_scenario(definitions: dict[str, Any], vocabulary: Vocabulary) -> None:
    """Add the names of a vocabulary to the scenario schema, for completion in editors."""
    paths = vocabulary.facts_for(vocabulary.event_names)
    condition = {path: {"description": fact.about} for path, fact in sorted(paths.items())}
    combined = {key: {"description": f"`{key}` of conditions"} for key in ("all", "any", "not")}
    for name in ("RuleSource", "GuardSource"):
        properties = definitions[name]["properties"]
        properties["when"]["properties"] = {**combined, **condition}
        properties["when"]["additionalProperties"] = False
    rule = definitions["RuleSource"]["properties"]
    rule["intent"]["enum"] = sorted(vocabulary.intents)


def _example_tests(root: dict[str, Any]) -> None:
    root["examples"] = [
        {
            "format": 1,
            "tests": [
                {
                    "name": "thanks are due after the interview",
                    "now": "2026-11-20T12:00-06:00",
                    "expect": [{"rule": "thank-you", "to": "dana", "status": "due"}],
                }
            ],
        }
    ]


_STATE_EXAMPLE = {
    "format": 1,
    "candidate": {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "America/Chicago"},
    "company": {"name": "Initech"},
    "position": {"title": "Data Engineer"},
    "people": {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}},
    "events": [{"type": "interview", "id": "r1", "at": "2026-11-20T10:00-06:00", "with": ["dana"]}],
}


def write(folder: Path) -> None:
    """Write all schemas into a folder, as `NAME.schema.json`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        text = json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"
        (folder / f"{name}.schema.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
