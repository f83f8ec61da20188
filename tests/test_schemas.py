"""The schemas: the published ones are what the types say, and readers agree with them, file by file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, SchemaError
from tests.corpus_files import BAD, BEYOND, GOOD, KINDS, files, name, problems_of, summary

from followup.compiling import Compiler, Report
from followup.documents import Document, read_document, read_path
from followup.engine import Engine
from followup.errors import UsageError
from followup.schemas import NAMES, Names, schema
from followup.shapes import schema_complaint

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
        for shown in node.get("examples", ()):
            yield {**node, "definitions": definitions}, shown
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
    for owner, shown in all_examples(made, made.get("definitions", {})):
        assert list(Draft7Validator(owner).iter_errors(shown)) == [], shown


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


def composed_corpus() -> list[Any]:
    """The files that only the loader can refuse: what a scenario's own lines cannot say."""
    return [pytest.param(path, id=path.name) for path in files("scenario", BEYOND) if path.suffix == ".yaml"]


# The schemas with all names in them


def test_the_schema_of_an_engine_knows_its_scenarios(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(
        "format: 1\nscenario: visits\nparameters: {pause: 1 week}\nintents: [compliment]\n"
        "events: {visit: {fields: {host: {type: string}}}}\n",
        "utf-8",
    )
    engine = Engine.load([tmp_path], plugins=False)
    with_it, without = engine.schema("scenario"), Engine.load(plugins=False).schema("scenario")
    written = {
        "format": 1,
        "scenario": "mine",
        "rules": {
            "hello": {
                "intent": "compliment", "after": {"visit": {"host": {"known": True}}}, "to": "contact",
                "when": {"last.visit.host": {"known": True}},
            }
        },
    }  # fmt: skip
    assert Draft7Validator(with_it).is_valid(written)
    assert not Draft7Validator(without).is_valid(written)
    settings = {"format": 1, "parameters": {"visits": {"pause": "2 weeks"}}}
    assert Draft7Validator(engine.schema("settings")).is_valid(settings)
    assert not Draft7Validator(engine.schema("settings")).is_valid(
        {"format": 1, "parameters": {"visits": {"pose": "2 weeks"}}}
    )
    visit = {**schema("state")["examples"][0], "events": [{"type": "visit", "at": "2026-11-20T10:00-06:00"}]}
    assert Draft7Validator(engine.schema("state")).is_valid(visit)
    assert not Draft7Validator(schema("state")).is_valid(visit)


@pytest.mark.parametrize("kind", NAMES)
def test_each_schema_of_an_engine_is_a_valid_one_of_draft_7(kind: str) -> None:
    Draft7Validator.check_schema(Engine.load().schema(kind))


def test_an_engine_refuses_a_kind_of_file_that_there_is_not() -> None:
    with pytest.raises(UsageError, match="did you mean `scenario`"):
        Engine.load(plugins=False).schema("scenarios")


OPERANDS: tuple[Any, ...] = (
    "relaxed", "awaiting", "anything", "", 3, "3", -1, True, "false", "1 week", "1 wekk", "2 Business Days",
    "2026-12-01", "2026-12-01T10:00-06:00", "tomorrow", "now", "decision_date", "business hours", "*manager*",
    ["relaxed"], ["anything", "else"], [3, 4], [[1]], {}, {"at_least": 1}, {"at_leest": 1}, {"is": "one"},
    {"role": "hr"}, {"rolle": "hr"}, {"role": {"is": ["a"]}}, None,
)  # fmt: skip


def test_the_schema_of_a_condition_agrees_with_the_loader_on_every_kind_of_fact_operator_and_value() -> None:
    vocabulary = Engine.load(plugins=False, builtin=False).vocabulary
    facts = vocabulary.facts_for(vocabulary.event_names)
    one_of_a_kind = {str(fact.type) + str(fact.type.element): fact for fact in facts.values()}
    whole = schema("scenario", Names(vocabulary))
    condition = Draft7Validator({"$ref": "#/definitions/condition", "definitions": whole["definitions"]})
    compared = 0
    for fact in one_of_a_kind.values():
        tests: list[Any] = list(OPERANDS)
        tests += [
            {operator: operand}
            for operator in (*vocabulary.operators, "some", "every", "none", "att_least")
            for operand in OPERANDS
        ]
        for test in tests:
            for written in ({fact.path: test}, {"any": [{fact.path: test}]}, {"not": {fact.path: test}}):
                report = Report(Document.of(written))
                Compiler(vocabulary, report).condition(as_text(written), facts, ())
                assert condition.is_valid(written) == (not report.problems), (written, report.problems)
                compared += 1
    assert compared > 20_000


def as_text(value: Any) -> Any:
    """What the strict reader makes of a value: plain scalars stay text."""
    if isinstance(value, dict):
        return {key: as_text(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_text(item) for item in value]
    return str(value).lower() if isinstance(value, bool) else value if value is None else str(value)


def test_the_schema_of_a_plan_takes_what_is_null_in_it() -> None:
    lifts = schema("plan")["definitions"]["FollowUp"]["properties"]["lifts"]
    assert Draft7Validator(lifts).is_valid(None)
    assert not Draft7Validator(schema("state")["properties"]["format"]).is_valid(None)


def test_numbers_in_yaml_are_numbers_for_the_schema() -> None:
    document = read_document("format: 1\n", "state.yaml")
    assert document.value == {"format": "1"}
    assert document.core_value() == {"format": 1}


# Schemas that plugins and scenarios bring

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 3),
    st.floats(-2, 3),
    st.sampled_from(["string", "array", "whole", "1"]),
)
KEYWORDS = [
    "type",
    "title",
    "examples",
    "default",
    "enum",
    "minimum",
    "minLength",
    "maxItems",
    "items",
    "required",
]


@given(
    st.recursive(
        st.dictionaries(st.sampled_from(KEYWORDS), VALUES | st.lists(VALUES, max_size=2), max_size=4),
        lambda inner: st.dictionaries(st.sampled_from(KEYWORDS), VALUES | inner, max_size=4),
        max_leaves=3,
    )
)
@example({"type": "string", "minLength": 1, "examples": ["a"]})
@example({"type": "string", "minLength": True})
@example({"type": "array", "items": {"type": "integer", "minimum": 0.5}})
@example({"type": "array", "items": None})
def test_a_schema_is_refused_exactly_when_draft_7_refuses_it(brought: dict[str, Any]) -> None:
    try:
        Draft7Validator.check_schema(brought)
    except SchemaError:
        assert schema_complaint(brought)
    else:
        assert not schema_complaint(brought)
