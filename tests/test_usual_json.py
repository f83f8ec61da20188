"""JSON read at one go says what the strict reader says, or is left to it: never something else."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.support import EXAMPLES

from followup.documents import MAX_DEPTH, read_document
from followup.errors import InputError, StateError
from followup.state import InterviewState
from followup.states import read_text
from followup.usual_json import MAX_DIGITS, usual_json

STATES = [InterviewState.from_yaml(path).to_dict() for path in EXAMPLES]
PIECES = (
    *('"', '"', '"', ":", ":", ",", "{", "}", "[", "]", " ", "\n", " :", ":)", "a", "b"),
    *('"a":', '"a":1', '"b" :', "1", "-0", "1.5", "1e5", "1e999", "9" * 400, "null", "true", "NaN"),
    *(
        "\\",
        '\\"',
        "\\u0022:",
        "\\u003a",
        "\\u0061",
        "\\ud83d\\ude00",
        "\\ud800",
        "\\u0007",
        "\\b",
        "\\ufeff",
    ),
    *("\x7f", "\x01", "\t", "\x85", "\x9f", "é", "😀", "\ufffe", "\ufeff"),
)
TEXTS = st.lists(st.sampled_from(PIECES), max_size=25).map(lambda pieces: "{" + "".join(pieces) + "}")
VALUES = st.recursive(
    st.sampled_from([None, True, 0, -1.5, 10**25, 10**320, "", ":", '":', '" :', "a", "\x7f", "é", "😀\\"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", '":', "é b"]), inner),
    max_leaves=12,
)
ODD = st.sampled_from(
    [
        *(
            None,
            "",
            5,
            True,
            1.5,
            10**320,
            [],
            {},
            ["a"],
            {"a b": None},
            "45",
            "true",
            "null",
            "é",
            '":',
            "a" * 201,
        ),
        *("2026-11-20", "2026-11-20T10:00Z", "2026-11-20T10:00", "2026-11-20t10:00:00z", "1960-01-01T00:00Z"),
        *("2026-11-20T10:00:00.1234567Z", "dana", "r1", "DE", "BY", "America/Chicago", "Mars/Base"),
    ]
)
KEYS = st.sampled_from(["x", "with no downtime", "at", "id", "type", "phone", "extensions", "format", "who"])


def strict(text: str) -> Any:
    """What the strict reader says; a text that begins with a line break is never read at one go."""
    return read_document("\n" + text, "a.json").value


@settings(deadline=None, max_examples=400)
@given(TEXTS)
@example('{"a":1,"a":2}')
@example('{"a" : 1, "a": 2}')
@example('{"a":1,"\\u0061":2}')
@example('{"a":1,"a":2,"b":"\\u0022:"}')
@example('{"a":{"b":1,"b":2,"c":"\\"\\u003a"}}')
def test_what_is_read_at_one_go_is_what_the_strict_reader_reads(text: str) -> None:
    found = usual_json(text)
    if found is not None:
        assert repr(found) == repr(strict(text))


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["a", "b", '":']), VALUES), st.booleans(), st.sampled_from([None, 1]))
def test_values_of_every_kind_are_read_the_same(data: Any, ascii_only: bool, indent: int | None) -> None:
    text = json.dumps(data, ensure_ascii=ascii_only, indent=indent)
    try:
        wanted = strict(text)
    except InputError:
        assert usual_json(text) is None
    else:
        assert repr(read_document(text, "a.json").value) == repr(wanted)


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("data", STATES)
def test_an_ordinary_state_is_read_at_one_go(data: Any, separators: tuple[str, str]) -> None:
    assert usual_json(json.dumps(data, separators=separators)) == data
    assert usual_json(json.dumps(data, separators=separators, ensure_ascii=False)) == data


@pytest.mark.parametrize(
    "text",
    [
        '{"a":1,"a":1}',
        '{"a":{"b":1, "b":1}}',
        '{"a":"\x7f"}',
        '{"a":"\x85\x9f"}',
        '{"a":"\\u0000"}',
        '{"a":' + "9" * (MAX_DIGITS + 1) + "}",
        '{"a":' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}",
        '{"a":[' + "0," * 100_000 + "0]}",
        "[1]",
        "a: 1",
    ],
)
def test_what_is_to_be_told_or_is_no_object_is_left_to_the_strict_reader(text: str) -> None:
    assert usual_json(text) is None


def test_many_brackets_beside_one_another_are_not_deep() -> None:
    data = {"a": [[{}, []] for _ in range(MAX_DEPTH)]}
    assert usual_json(json.dumps(data)) == data


def test_what_a_comma_parted_is_put_together_again_in_json_too() -> None:
    data = json.loads(json.dumps(STATES[0]))
    data["people"]["hr"] = {"role": "hr", "over the phone": None}
    for separator in (":", ": ", " : "):
        reading = read_text(json.dumps(data, separators=(",", separator)))
        assert reading.state.people["hr"].role == "hr, over the phone"
        assert [note.code for note in reading.notes] == ["comma-in-text"]


def outcome(text: str) -> Any:
    """The state and the notes; or the problems: each without its place, which a line break moves."""
    try:
        reading = read_text(text, name="a.json")
    except StateError as error:
        return [(problem.code, problem.text.partition("; the other")[0]) for problem in error.problems]
    return repr(reading.state), [(note.code, note.text) for note in reading.notes]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Each part of a value: what it stands in, and under which key or at which index."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for key, part in list(parts) for found in [(value, key), *places(part)]]


@settings(deadline=None, max_examples=200)
@given(st.data())
def test_a_state_and_a_spoiled_one_are_read_the_same_however_their_json_is_read(data: st.DataObject) -> None:
    state = json.loads(json.dumps(data.draw(st.sampled_from(STATES))))
    for _ in range(data.draw(st.integers(0, 3))):
        inside, key = data.draw(st.sampled_from(places(state)))
        if isinstance(inside, dict) and data.draw(st.booleans()):
            inside[data.draw(KEYS)] = inside.pop(key)
        else:
            inside[key] = copy.copy(data.draw(ODD))
    separators = data.draw(st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")]))
    text = json.dumps(state, ensure_ascii=data.draw(st.booleans()), separators=separators)
    assert outcome(text) == outcome("\n" + text)
