"""The JSON Schemas (draft-07) of all files, for editors and for whoever reads what followup writes.

They are made from the types that read the files and from all names that these may use. The published
ones in `schemas/` know the core's names and are written by `python -m followup.schemas FOLDER`; those of
an engine (`Engine.schema`, `followup rules schema`) also know its scenarios' and plugins'.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, get_args

from followup import policy_sources, sources, story_sources, test_sources
from followup.advice import read_advice
from followup.condition_schemas import Schema, listed, suggested
from followup.events import EVENT_TYPES
from followup.facts import STAGES
from followup.operators import core_operators
from followup.plan import Plan, Status
from followup.resources import rules_folder
from followup.rule_schemas import Names, RuleSchemas
from followup.shapes import FIELD_KEYS, declared_event_schema, event_schema, schema_of
from followup.state import InterviewState
from followup.vocabulary import Vocabulary, core_fact_table

__all__ = ["EDITED", "NAMES", "Names", "core_names", "schema", "write"]

DRAFT = "http://json-schema.org/draft-07/schema#"
NAME = "^[A-Za-z][A-Za-z0-9_-]{0,59}$"
EDITED = ("scenario", "state", "settings", "tests", "language", "stories", "policy")
"""The files that people write."""
NAMES = (*EDITED, "plan")
_TITLES = {
    "state": "An interview state of followup",
    "scenario": "A scenario of followup: rules, guards, event types",
    "language": "A language of followup: days, lists, greeting and signature",
    "settings": "The settings of a user of followup",
    "tests": "The tests of a scenario of followup",
    "stories": "Stories for `followup simulate`",
    "policy": "A policy for `followup watch`: what goes out without being asked",
    "plan": "A plan of followup",
}


def schema(name: str, names: Names | None = None) -> Schema:
    """The schema of that name, one of `NAMES`; with these names in it, else with the core's."""
    names = names or core_names()
    match name:
        case "state":
            root = _state(names)
        case "scenario":
            root = _scenario(names)
        case "settings":
            root = _settings(names)
        case "tests":
            root = _tests(names)
        case "language":
            root = _copy(schema_of(sources.LanguageSource))
        case "stories":
            root = _copy(schema_of(story_sources.StoriesSource))
        case "policy":
            root = _policy(names)
        case _:
            root = _copy(schema_of(Plan, nulls=True))
    return {"$schema": DRAFT, "title": _TITLES[name], **root}


@cache
def core_names() -> Names:
    """The names that every engine knows, without any scenario or plugin."""
    vocabulary = Vocabulary(
        facts=core_fact_table(), operators={operator.name: operator for operator in core_operators()}
    )
    return Names(vocabulary, advice={id_: advice.says for id_, advice in read_advice(rules_folder()).items()})


def write(folder: Path, names: Names | None = None) -> Iterator[Path]:
    """Write all schemas into a folder, as `NAME.schema.json`, and give the path of each."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        path = folder / f"{name}.schema.json"
        path.write_text(
            json.dumps(schema(name, names), indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        yield path


def _copy(made: Schema) -> Schema:
    return dict(json.loads(json.dumps(made)))


# States


def _state(names: Names) -> Schema:
    root = _copy(schema_of(InterviewState))
    definitions, properties = root["definitions"], root["properties"]
    definitions.pop("Event", None)
    event = _add_events(definitions, names)
    for key in ("events", "elsewhere"):
        properties[key]["items"] = event
    definitions["Instructions"]["properties"]["channels"]["items"] = suggested(names.channels)
    properties.pop("extensions", None)
    for namespace in sorted(names.vocabulary.namespaces):
        properties[namespace] = {
            "type": "object",
            "description": "facts of a plugin",
            "properties": {
                path.partition(".")[2]: {"description": fact.about}
                for path, fact in names.vocabulary.facts.items()
                if path.startswith(f"{namespace}.")
            },
        }
    root["examples"] = [_STATE_EXAMPLE]
    return root


def _add_events(definitions: dict[str, Any], names: Names, *, timeless: bool = False) -> Schema:
    """A reference to `event`: what is wrong with one is told for its own type, not for all of them.

    With `timeless`, to that of events which may lack their time.
    """
    mark = "-without-time" if timeless else ""
    kinds = {}
    for name, kind in EVENT_TYPES.items():
        made = _copy(event_schema(name, kind))
        definitions.update(made.pop("definitions", {}))
        if "intent" in made["properties"]:
            del made["properties"]["intent"]["type"]
            made["properties"]["intent"] |= suggested(names.vocabulary.intents)
        kinds[name] = {**made, "title": name}
    for declared in names.vocabulary.events.values():
        kinds[declared.name] = _copy(declared_event_schema(declared))
    ways = []
    for name, made in kinds.items():
        if timeless:
            made["required"] = [key for key in made["required"] if key != "at"]
        definitions[f"event-{name}{mark}"] = made
        then = {"$ref": f"#/definitions/event-{name}{mark}"}
        ways.append({"if": {"properties": {"type": {"const": name}}, "required": ["type"]}, "then": then})
    about = {name: names.events[name] for name in kinds}
    definitions[f"event{mark}"] = {
        "type": "object",
        "required": ["type"] if timeless else ["type", "at"],
        "properties": {
            "type": {
                "description": "what happened",
                "enum": list(about),
                "enumDescriptions": list(about.values()),
            }
        },
        "allOf": ways,
    }
    return {"$ref": f"#/definitions/event{mark}"}


# Scenarios


def _scenario(names: Names) -> Schema:
    root = _copy(schema_of(sources.ScenarioSource))
    definitions, properties = root["definitions"], root["properties"]
    for name in ("RuleSource", "GuardSource"):
        del definitions[name]
    closed = RuleSchemas(names, definitions)
    opened = RuleSchemas(names, definitions, own_names=True)
    for key in ("rules", "guards"):
        properties[key]["additionalProperties"] = {"type": "object"}
    for key in ("rules", "guards", "events", "parameters"):
        properties[key]["propertyNames"] = {"pattern": NAME}
    properties["overrides"] |= closed.overrides()
    definitions["ParameterSource"] = _copy(schema_of(sources.ParameterSource))
    plain: Schema = {"type": ["string", "number", "boolean"]}
    properties["parameters"]["additionalProperties"] = {
        "anyOf": [plain, {"type": "array", "items": plain}, {"$ref": "#/definitions/ParameterSource"}]
    }
    event = definitions["EventSource"]["properties"]
    event["stage"]["enum"] = list(STAGES)
    event["fields"]["additionalProperties"] = {
        "type": "object",
        "properties": {"type": {"enum": list(FIELD_KEYS)}},
        "required": ["type"],
    }
    root["if"] = {"anyOf": [{"required": ["events"]}, {"required": ["intents"]}]}
    root["then"], root["else"] = _with_rules(opened), _with_rules(closed)
    root["examples"] = [_SCENARIO_EXAMPLE]
    return root


def _with_rules(made: RuleSchemas) -> Schema:
    return {
        "properties": {
            "rules": {"additionalProperties": made.rule()},
            "guards": {"additionalProperties": made.guard()},
        }
    }


# Settings


def _settings(names: Names) -> Schema:
    """The names of scenarios that the file itself brings are not known before they are loaded."""
    root = _copy(schema_of(sources.SettingsSource))
    definitions, properties = root["definitions"], root["properties"]
    properties["overrides"] |= RuleSchemas(names, definitions).overrides()
    if names.scenarios:
        parameters = properties["parameters"]
        parameters["properties"] = {
            scenario.name: {
                "description": scenario.title,
                "type": "object",
                "properties": {
                    parameter.name: {"description": f"{parameter.about} It is `{parameter.value}`."}
                    for parameter in scenario.parameters.values()
                },
                "additionalProperties": False,
            }
            for scenario in names.scenarios.values()
        }
        closed = {"parameters": {"propertyNames": {"enum": list(names.scenarios)}}}
        root["if"], root["else"] = {"required": ["rules"]}, {"properties": closed}
    return root


def _policy(names: Names) -> Schema:
    root = _copy(schema_of(policy_sources.PolicySource))
    permission = root["definitions"]["Permission"]["properties"]
    permission["intents"]["items"] = suggested(dict.fromkeys(sorted(names.vocabulary.intents), ""))
    permission["channels"]["items"] = suggested(names.channels)
    return root


# Tests


def _tests(names: Names) -> Schema:
    root = _copy(schema_of(test_sources.TestsSource))
    state = _state(names)
    definitions = root["definitions"] = {**state["definitions"], **root["definitions"]}
    added = _add_events(definitions, names, timeless=True)
    definitions["state"] = {
        "type": "object",
        "description": "a state, of which any key may be missing",
        "properties": state["properties"],
        "additionalProperties": False,
    }
    keys = {"$ref": "#/definitions/state"}
    root["properties"]["state"] |= keys
    rules = names.of_scenarios("rules")
    for moment in ("TestSource", "StepSource"):
        places = definitions[moment]["properties"]
        places["state"] |= keys
        places["events"]["items"] = added
        places["absent"] |= listed(suggested(rules))
    expected = definitions["ExpectationSource"]["properties"]
    expected["status"]["enum"] = list(get_args(Status))
    for place, known in (
        (expected["rule"], rules),
        (expected["channel"], names.channels),
        (definitions["ReviewSource"]["properties"]["channel"], names.channels),
        (definitions["ReviewSource"]["properties"]["intent"], names.vocabulary.intents),
    ):
        del place["type"]
        place.update(suggested(known))
    root["examples"] = [_TESTS_EXAMPLE]
    return root


_SCENARIO_EXAMPLE: Mapping[str, Any] = {
    "format": 1,
    "scenario": "scheduler",
    "rules": {
        "thank-scheduler": {
            "intent": "thanks", "after": "interview", "wait": "1 hour", "within": "2 days",
            "when": {"occasion.medium": "onsite"}, "to": "scheduler", "via": "email",
        }
    },
}  # fmt: skip

_STATE_EXAMPLE: Mapping[str, Any] = {
    "format": 1,
    "candidate": {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "America/Chicago"},
    "company": {"name": "Initech"},
    "position": {"title": "Data Engineer"},
    "people": {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}},
    "events": [{"type": "interview", "id": "r1", "at": "2026-11-20T10:00-06:00", "with": ["dana"]}],
}

_TESTS_EXAMPLE: Mapping[str, Any] = {
    "format": 1,
    "tests": [
        {
            "name": "thanks are due after the interview",
            "now": "2026-11-20T12:00-06:00",
            "expect": [{"rule": "thank-you", "to": "dana", "status": "due"}],
        }
    ],
}


if __name__ == "__main__":
    sys.stdout.writelines(f"{path}\n" for path in write(Path(sys.argv[1])))
