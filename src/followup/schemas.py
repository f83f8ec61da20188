"""The JSON Schemas (draft-07) of all files, made from the types that read them.

The published ones in `schemas/` are these, written by `python -m followup.schemas FOLDER`. Composed
with a vocabulary they also know the fact paths, intents, event types and channels of the plugins.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from followup import sources, story_sources, test_sources
from followup.events import EVENT_TYPES
from followup.plan import Plan
from followup.shapes import declared_event_schema, event_schema, schema_of
from followup.state import InterviewState

if TYPE_CHECKING:
    from followup.vocabulary import Vocabulary

__all__ = ["NAMES", "schema"]

DRAFT = "http://json-schema.org/draft-07/schema#"
NAMES = ("state", "scenario", "language", "settings", "tests", "stories", "plan")
_TITLES = {
    "state": "An interview state of followup",
    "scenario": "A scenario of followup: rules, guards, event types",
    "language": "A language of followup: days, lists, greeting and signature",
    "settings": "The settings of a user of followup",
    "tests": "The tests of a scenario of followup",
    "stories": "Stories for `followup simulate`",
    "plan": "A plan of followup",
}
_ROOTS: Mapping[str, type[msgspec.Struct]] = {
    "scenario": sources.ScenarioSource,
    "language": sources.LanguageSource,
    "settings": sources.SettingsSource,
    "tests": test_sources.TestsSource,
    "stories": story_sources.StoriesSource,
    "plan": Plan,
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
