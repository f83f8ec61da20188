"""The schemas: the published ones are what the types say, and readers agree with them, file by file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from tests.corpus_files import BAD, BEYOND, GOOD, KINDS, files, name, problems_of, summary

from followup.documents import read_document, read_path
from followup.engine import Engine
from followup.schemas import NAMES, schema

ROOT = Path(__file__).parent.parent
MODELINE = re.compile(r"\A# yaml-language-server: \$schema=(\S+)\n")

SHIPPED = sorted(
    path
    for folder, pattern in (("rules", "*/*.yaml"), ("examples", "*.yaml"))
    for path in (ROOT / folder).glob(pattern)
)


def faults(kind: str, path: Path) -> list[str]:
    """What the schema has against a file, its plain scalars read as YAML 1.2 does."""
    validator = Draft7Validator(schema(kind))
    return [error.message for error in validator.iter_errors(read_path(path).core_value())]


def cases(*sorts: str) -> list[Any]:
    return [
        pytest.param(kind, path, id=f"{kind}/{name(path)}") for kind in KINDS for path in files(kind, *sorts)
    ]


def all_examples(node: Any, definitions: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Every schema inside a schema that has examples, with each of them."""
    if isinstance(node, dict):
        for example in node.get("examples", ()):
            yield {**node, "definitions": definitions}, example
        for key, inner in node.items():
            if key not in ("examples", "default"):
                yield from all_examples(inner, definitions)
    elif isinstance(node, list):
        for inner in node:
            yield from all_examples(inner, definitions)


@pytest.mark.parametrize("kind", NAMES)
def test_the_published_schema_is_the_one_that_the_types_make(kind: str) -> None:
    published = json.loads((ROOT / "schemas" / f"{kind}.schema.json").read_text("utf-8"))
    assert published == json.loads(json.dumps(schema(kind))), "run `python -m followup.schemas schemas`"


@pytest.mark.parametrize("kind", NAMES)
def test_each_schema_is_a_valid_one_of_draft_7_with_a_title(kind: str) -> None:
    made = schema(kind)
    Draft7Validator.check_schema(made)
    assert made["$schema"].startswith("http://json-schema.org/draft-07/")
    assert made["title"]


@pytest.mark.parametrize("kind", NAMES)
def test_every_example_in_a_schema_is_valid(kind: str) -> None:
    made = schema(kind)
    for owner, example in all_examples(made, made.get("definitions", {})):
        assert list(Draft7Validator(owner).iter_errors(example)) == [], example


@pytest.mark.parametrize(("kind", "path"), cases(GOOD))
def test_a_good_file_passes_the_schema_and_the_reader(kind: str, path: Path) -> None:
    assert faults(kind, path) == []
    assert problems_of(kind, path) == ()


@pytest.mark.parametrize(("kind", "path"), cases(BAD))
def test_a_bad_file_fails_the_schema_and_the_reader(kind: str, path: Path) -> None:
    assert faults(kind, path) != []
    assert problems_of(kind, path) != ()


@pytest.mark.parametrize(("kind", "path"), cases(BAD, BEYOND))
def test_a_bad_file_gives_just_the_problems_that_it_announces(kind: str, path: Path) -> None:
    found = problems_of(kind, path)
    if path.suffix == ".yaml":
        announced = path.read_text("utf-8").partition("\n")[0].removeprefix("# expect: ")
        assert summary(found) == announced
    for problem in found:
        assert problem.place.file.endswith((path.name, "scenario.yaml"))
        assert problem.place.line
        assert "\n" not in str(problem)
        assert len(str(problem)) < 1000


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_shipped_file_names_its_schema_and_is_valid(path: Path) -> None:
    modeline = MODELINE.match(path.read_text("utf-8"))
    assert modeline, "its first line is not `# yaml-language-server: $schema=…`"
    named = (path.parent / modeline[1]).resolve()
    assert named.is_file()
    assert faults(named.name.partition(".")[0], path) == []


@pytest.mark.parametrize(
    "path",
    [*sorted((ROOT / "examples").glob("*.json")), ROOT / "src" / "followup" / "cli" / "demo.yaml"],
    ids=lambda path: path.name,
)
def test_states_that_are_shipped_without_the_name_of_their_schema_are_valid(path: Path) -> None:
    assert faults("state", path) == []


def test_a_composed_schema_knows_the_facts_intents_and_events_of_a_vocabulary() -> None:
    vocabulary = Engine.load(plugins=False).vocabulary
    made = schema("scenario", vocabulary)
    Draft7Validator.check_schema(made)
    conditions = made["definitions"]["RuleSource"]["properties"]["when"]["properties"]
    assert {"stage", "company.culture", "any"} <= set(conditions)
    Draft7Validator.check_schema(schema("state", vocabulary))


def test_the_schema_of_a_plan_takes_what_is_null_in_it() -> None:
    lifts = schema("plan")["definitions"]["FollowUp"]["properties"]["lifts"]
    assert Draft7Validator(lifts).is_valid(None)
    assert not Draft7Validator(schema("state")["properties"]["format"]).is_valid(None)


def test_numbers_in_yaml_are_numbers_for_the_schema() -> None:
    document = read_document("format: 1\n", "state.yaml")
    assert document.value == {"format": "1"}
    assert document.core_value() == {"format": 1}
