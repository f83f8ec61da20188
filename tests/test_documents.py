"""The one strict reader: what it takes, what it refuses and where, and that nothing can break it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from followup.documents import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    MAX_PROBLEMS,
    Document,
    format_path,
    read_document,
    read_path,
)
from followup.errors import InputError, Place, Problem


def problems(text: str | bytes, file: str = "a.yaml") -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        read_document(text, file)
    return caught.value.problems


def found(text: str | bytes, file: str = "a.yaml") -> list[tuple[str, int, int]]:
    return [(each.code, each.place.line, each.place.column) for each in problems(text, file)]


# What is read


@pytest.mark.parametrize(
    "scalar", ["on", "no", "10:00", "0123456", "12", "1.5", "true", "2026-11-20", "0o17", ".inf", "'null'"]
)
def test_every_yaml_scalar_stays_text(scalar: str) -> None:
    assert read_document(f"a: {scalar}", "a.yaml").value == {"a": scalar.strip("'")}


@pytest.mark.parametrize("scalar", ["", "~", "null", "Null", "NULL"])
def test_an_empty_or_null_plain_scalar_is_none(scalar: str) -> None:
    assert read_document(f"a: {scalar}\nb: ''", "a.yaml").value == {"a": None, "b": ""}


def test_keys_stay_text_whatever_they_look_like() -> None:
    assert read_document("no: a\n12: b\nnull: c\n'<<': d", "a.yaml").value == {
        "no": "a",
        "12": "b",
        "null": "c",
        "<<": "d",
    }


def test_json_keeps_its_types() -> None:
    text = '{"a": [1, 1.5, true, null, "1"]}'
    for file in ("a.json", "a.yaml", "<stdin>"):
        assert read_document(text, file).value == {"a": [1, 1.5, True, None, "1"]}


def test_yaml_in_flow_style_is_read_where_it_is_not_json() -> None:
    assert read_document("{a: 1, b: [on]}", "a.yaml").value == {"a": "1", "b": ["on"]}
    assert read_document('{"a": 1} # note', "a.yaml").value == {"a": "1"}


def test_a_file_named_json_must_be_json() -> None:
    assert found('{\n "a": 1,\n}', "a.JSON") == [("json-syntax", 3, 1)]
    assert found("a: 1", "a.json") == [("json-syntax", 1, 1)]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_document(b"\xef\xbb\xbfa: 1", "a.yaml").place(("a",), key=True) == Place("a.yaml", 1, 1, "a")
    assert read_document('\ufeff{"a": 1}', "a.json").value == {"a": 1}


@pytest.mark.parametrize(
    ("scalar", "meaning"),
    [
        ("12", 12),
        ("-12", -12),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("0x1F", 31),
        ("0o17", 15),
        ("true", True),
        ("FALSE", False),
        ("", None),
        ("~", None),
        ("'12'", "12"),
        ("on", "on"),
        ("no", "no"),
        ("yes", "yes"),
        ("0123", "0123"),
        ("1_000", "1_000"),
        ("10:00", "10:00"),
        ("2026-11-20", "2026-11-20"),
        (".inf", ".inf"),
        ("1e999", "1e999"),
        ("9" * 400, "9" * 400),
    ],
)
def test_the_core_value_reads_plain_scalars_as_yaml_1_2_does(scalar: str, meaning: Any) -> None:
    core = read_document(f"a: [{{b: {scalar}}}]", "a.yaml").core_value()
    assert core == {"a": [{"b": meaning}]}
    assert type(core["a"][0]["b"]) is type(meaning)


def test_the_core_value_of_json_is_its_value() -> None:
    document = read_document('{"a": ["1", 2, null, true, {"b": 0.5}]}', "a.json")
    assert document.core_value() == document.value


# Where it stands

EVENTS = """\
# an interview
events:
  - type: interview
    "at": 2026-11-20
  - {type: 'sent', to: dana}
"""


@pytest.mark.parametrize(
    ("path", "line", "column", "key_line", "key_column"),
    [
        ((), 2, 1, 2, 1),
        (("events",), 3, 3, 2, 1),
        (("events", 0), 3, 5, 3, 5),
        (("events", 0, "at"), 4, 11, 4, 5),
        (("events", 1), 5, 5, 5, 5),
        (("events", 1, "to"), 5, 24, 5, 20),
        (("events", 1, "absent", 3), 5, 5, 5, 5),
        (("events", 7), 3, 3, 3, 3),
    ],
)
def test_a_place_is_that_of_the_value_the_key_or_the_nearest_ancestor(
    path: tuple[str | int, ...], line: int, column: int, key_line: int, key_column: int
) -> None:
    document = read_document(EVENTS, "a.yaml")
    assert document.place(path) == Place("a.yaml", line, column, format_path(path))
    assert document.place(path, key=True) == Place("a.yaml", key_line, key_column, format_path(path))


WRITTEN = """\
plain: a == b || c
single: 'a == b'
folded: a ==
  b
escaped: "a\\tb"
block: |
    a ==
      b
"""


@pytest.mark.parametrize(
    ("key", "index", "line", "column"),
    [
        ("plain", 0, 1, 8),
        ("plain", 10, 1, 18),
        ("single", 2, 2, 12),
        ("folded", 5, 3, 9),
        ("escaped", 2, 5, 10),
        ("block", 2, 7, 7),
        ("block", 7, 8, 7),
    ],
)
def test_a_character_of_a_text_has_a_place_where_it_lies_as_in_the_value(
    key: str, index: int, line: int, column: int
) -> None:
    document = read_document(WRITTEN, "a.yaml")
    assert document.place_within((key,), index) == Place("a.yaml", line, column, key)


def test_plain_and_quoted_scalars_are_told_apart() -> None:
    document = read_document(EVENTS, "a.yaml")
    assert document.is_plain(("events", 0, "type"))
    assert not document.is_plain(("events", 1, "type"))
    assert not document.is_plain(("events",))
    assert not document.is_plain(("absent",))
    assert not read_document('{"a": 1}', "a.json").is_plain(("a",))


def test_json_has_places_whatever_its_strings_hold() -> None:
    text = '{"\\ud83d\\ude00": "\u2028\x85",\n\t"' + "k" * 2000 + '"\n:\t{"a": [-1, "\\"]"], "b": {}}}'
    document = read_document(text, "a.json")
    long = "k" * 2000
    assert document.place(("😀",)) == Place("a.json", 1, 18, '["😀"]')
    assert document.place((long,), key=True).line == 2
    assert (document.place((long, "a", 1)).line, document.place((long, "a", 1)).column) == (3, 14)
    assert (document.place((long, "b")).line, document.place((long, "b")).column) == (3, 27)


def test_a_path_is_written_as_people_read_it() -> None:
    assert format_path(()) == ""
    assert format_path(("events", 2, "at")) == "events[2].at"
    assert format_path((0, "a-b", "company.culture")) == '[0].a-b["company.culture"]'


# What is refused


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: 2\na: 3", [("yaml-duplicate-key", 3, 1)]),
        ("{a: 1, 'a': 2}", [("yaml-duplicate-key", 1, 8)]),
        ('{"a": 1,\n "\\u0061": 2}', [("yaml-duplicate-key", 2, 2)]),
        ("a: !x 1\nb: !!python/object:os.system {}", [("yaml-tag", 1, 4), ("yaml-tag", 2, 4)]),
        ("%TAG ! x:\n---\na: 1", [("yaml-tag", 1, 1)]),
        ("a: &x 1\nb: *x", [("yaml-anchor", 1, 4), ("yaml-alias", 2, 4)]),
        ("a:\n  <<: {b: 1}", [("yaml-merge-key", 2, 3)]),
        ("a: 1\n---\nb: 2", [("yaml-many-documents", 2, 1)]),
        ("a: {{ name }}", [("yaml-complex-key", 1, 5)]),
        ("? [a, b]\n: c", [("yaml-complex-key", 1, 3)]),
        ("", [("yaml-empty", 1, 1)]),
        ("# only a note\n", [("yaml-empty", 1, 1)]),
        ("null", [("yaml-empty", 1, 1)]),
        ('a: "\\0"', [("control-character", 1, 4)]),
        ('{"a": "\\ud83d"}', [("control-character", 1, 7)]),
        ("a: \x00b\n \ud800", [("control-character", 1, 4), ("control-character", 2, 2)]),
        ('{"a": NaN, "b": [-Infinity, 1e999]}', [("json-number", 1, n) for n in (7, 18, 29)]),
        ('{"a": ' + "9" * 5000 + "}", [("json-number", 1, 7)]),
    ],
)
def test_what_could_surprise_is_refused_where_it_stands(
    text: str, expected: list[tuple[str, int, int]]
) -> None:
    assert found(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("a:\n\tb: 1", 2, 1, "a tab indents this line"),
        ("a:\n  b: 1\n  \tc: 1", 3, 0, "a tab indents this line"),
        ("note: we said: no", 1, 14, "a second colon"),
        ("a:b\nc: d", 1, 1, "a space is missing after the colon in `a:b`"),
        ("x: 1\na:b\nc: d", 2, 1, "a space is missing after the colon in `a:b`"),
        ("x: 1\nhello\nc: d", 2, 1, "this line has no `key: value`"),
        ("a: b\n  c: d", 2, 4, "a key cannot stand here"),
        ('a: 1\nb: "x\nc: 2', 2, 4, "this quote is never closed"),
        ("a: 'it's'", 1, 8, "text follows a closing quote"),
        ("a: [1, 2\nb: 3", 2, 0, "the `[` of line 1, column 4 is not closed"),
        ("a: @home", 1, 4, "a text cannot begin with `@`"),
        ("a: **bold**", 1, 4, "a text cannot begin with `*`"),
        ("a: 1\n- b", 2, 1, "an item of a list cannot stand here"),
        ("a:\n  * b", 2, 3, "an item of a list does not begin with `*`"),
    ],
)
@pytest.mark.parametrize("parser", ["libyaml", "pure Python"])
def test_broken_grammar_is_told_in_words_that_help(
    text: str, line: int, column: int, words: str, parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if parser == "pure Python":
        monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    (problem,) = problems(text)
    assert problem.code == "yaml-syntax"
    assert words in problem.text
    assert problem.cure
    assert problem.place.line == line
    assert column in (0, problem.place.column)


def test_all_problems_come_in_one_reading_also_before_broken_grammar() -> None:
    codes = [code for code, _, _ in found("a: &x 1\na: *x\nb: !t 1\n<<: {}\nc: 'open")]
    assert codes == [
        "yaml-anchor",
        "yaml-duplicate-key",
        "yaml-alias",
        "yaml-tag",
        "yaml-merge-key",
        "yaml-syntax",
    ]


def test_a_duplicate_key_names_both_places() -> None:
    (problem,) = problems("b:\n  a: 1\n  a: 2")
    assert str(problem).startswith("a.yaml:3:3: the key `a` stands already at line 2, column 3; ")


@pytest.mark.parametrize("text", ["{}: 1\n" * 60, "a: 1\n" * 60, "a: \x01\n" * 60, '{"a": "\\u0001"},' * 60])
def test_many_problems_are_counted_not_listed(text: str) -> None:
    every = problems(f"[{text}1]" if text.startswith('{"') else text)
    assert len(every) == MAX_PROBLEMS + 1
    assert every[-1].code == "more-problems"


@pytest.mark.parametrize(
    "text",
    [
        f"{'k' * 500}: 1\n{'k' * 500}: 2",
        f"a: &{'k' * 500} !{'t' * 500} 1\nb: *{'k' * 500}",
        f"a: {'k' * 500}: b",
        f"{'k' * 500}:b\nc: d",
        f"!{'k' * 500}!x a",
        f'{{"a": 1{"0" * 500}}}',
    ],
)
def test_a_message_never_repeats_a_long_text(text: str) -> None:
    assert all(len(problem.text) < 160 for problem in problems(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[" * 10**6, "yaml-too-deep"),
        ("{a: " * 10**5, "yaml-too-deep"),
        ('{"a": ' * 10**5, "yaml-too-deep"),
        ("- " * 10**6, "yaml-too-deep"),
        ("? " * 10**6, "yaml-too-deep"),
        ("- a\n" * (MAX_BYTES // 4), "yaml-too-many-nodes"),
        ("[" + "[]," * 600_000 + "1]", "yaml-too-many-nodes"),
        ("[" + '{"a":1},' * 200_000 + "1]", "yaml-too-many-nodes"),
        ("a: 1\n" * 100_000, "yaml-duplicate-key"),
        ("{" + '"a":1,' * 100_000 + '"a":1}', "yaml-duplicate-key"),
        ("a: &a [x]\n" + "".join(f"b{n}: [*a, *a, *a]\n" for n in range(9)), "yaml-alias"),
        ("a" * (MAX_BYTES + 1), "yaml-too-large"),
        ("é" * (MAX_BYTES // 2 + 1), "yaml-too-large"),
        ("".join(f"%TAG !{n}! x\n" for n in range(100_000)), "yaml-tag"),
        ("{" + "'" * 10**6, "yaml-syntax"),
        ('{"' + "\\" * 10**6, "yaml-syntax"),
        ("[" + '"' * 10**6, "yaml-syntax"),
    ],
)
def test_hostile_texts_are_refused(text: str, code: str) -> None:
    assert code in [problem.code for problem in problems(text)]


@pytest.mark.parametrize(
    "text", ["[" * 10**6, '{"a": ' * 10**5, "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1)]
)
def test_deep_json_is_refused_as_deep(text: str) -> None:
    assert [code for code, _, _ in found(text, "a.json")] == ["yaml-too-deep"]


def test_limits_are_met_exactly() -> None:
    deep = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    for file in ("a.yaml", "a.json"):
        assert read_document(deep, file).value
        full = "[" + "1," * (MAX_NODES - 2) + "1]"
        assert len(read_document(full, file).value) == MAX_NODES - 1
        assert [code for code, _, _ in found("[1," + full[1:], file)] == ["yaml-too-many-nodes"]
    assert read_document("a: " + "x" * (MAX_BYTES - 3), "a.yaml").value
    assert read_document(json.dumps({"a": '\\"' * 300_000}), "a.json").place(("a",)).column == 7


# Files


def test_a_file_is_read_under_its_name(tmp_path: Path) -> None:
    file = tmp_path / "state.yaml"
    file.write_bytes("\ufeffname: Zoë\r\nat: 10:00\r\n".encode())
    document = read_path(file)
    assert document.value == {"name": "Zoë", "at": "10:00"}
    assert document.place(("at",)) == Place(str(file), 2, 5, "at")
    assert read_path(str(file)) == document


def test_the_byte_that_is_not_utf_8_is_named_where_it_stands() -> None:
    for mark in (b"", b"\xef\xbb\xbf"):
        (problem,) = problems(mark + "a: é\nb: é".encode() + b"\xff")
        assert (problem.place.line, problem.place.column) == (2, 5)
        assert "0xff" in problem.text


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "latin.yaml").write_bytes("a: 1\nname: Zoë".encode("latin-1"))
    (tmp_path / "large.yaml").write_bytes(b"a" * (MAX_BYTES + 1))
    expected = {
        "absent.yaml": ("file-missing", 0),
        ".": ("file-unreadable", 0),
        "latin.yaml/x": ("file-unreadable", 0),
        "nul\0": ("file-unreadable", 0),
        "x" * 5000: ("file-unreadable", 0),
        "half\ud800": ("file-unreadable", 0),
        "latin.yaml": ("file-encoding", 2),
        "large.yaml": ("yaml-too-large", 0),
    }
    for name, (code, line) in expected.items():
        with pytest.raises(InputError) as caught:
            read_path(f"{tmp_path}/{name}")
        (problem,) = caught.value.problems
        assert (problem.code, problem.place.line) == (code, line)
        assert str(problem).encode()


# Laws

SIGNS = tuple("a:-?[]{},'\"|>#%@`\\!&* \n\t\r\x85\u2028\ufeff\x00é😀")
TOKENS = ("\\ud83d", "\\U99999999", "1e999", "NaN", "null", "0123", "a: 1\n", '{"a": ', "%YAML 1.", "---\n")
FRAGMENTS = st.sampled_from((*SIGNS, *TOKENS, "- ", ": ", "? ", "&x ", "*x", "!t ", "<<: ", "...\n"))
TEXTS = st.text() | st.lists(FRAGMENTS, max_size=30).map("".join)
WORDS = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp")) | st.sampled_from("\n \t'\"#:"), max_size=12
)
DATA = st.recursive(
    WORDS | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(TEXTS | st.binary(), st.sampled_from(["a.yaml", "a.json"]), st.booleans())
@example("{'\ud800", "a.json", False)
def test_any_text_gives_a_document_or_problems(text: str | bytes, file: str, pure: bool) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if pure:
            patch.delattr(yaml, "CSafeLoader", raising=False)
        try:
            document = read_document(text, file)
        except InputError as error:
            outcome = error.problems
        else:
            assert document.place(()).line > 0
            assert json.dumps(document.core_value(), allow_nan=False).encode()
            return
    assert outcome
    assert all(problem.cure and str(problem).encode() for problem in outcome)


def assert_agreement(document: Document, node: Any, path: tuple[str | int, ...] = ()) -> None:
    place = document.place(path)
    assert (place.line, place.column) == (node.start_mark.line + 1, node.start_mark.column + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            place = document.place((*path, key.value), key=True)
            assert (place.line, place.column) == (key.start_mark.line + 1, key.start_mark.column + 1)
            assert_agreement(document, value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            assert_agreement(document, value, (*path, index))
    else:
        assert document.is_plain(path) == (not node.style)


def as_text(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: as_text(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [as_text(value) for value in node.value]
    return None if node.style is None and node.value in ("", "~", "null") else node.value


@settings(deadline=None)
@given(DATA.filter(lambda data: data is not None), st.sampled_from([None, True, False]))
def test_yaml_agrees_with_the_composer_on_values_and_places(data: Any, flow: bool | None) -> None:
    text = yaml.safe_dump([data], default_flow_style=flow, allow_unicode=True, sort_keys=False)
    text = f"x: 1\ny:\n{text}" if flow is False else f"# note\n{text}"
    document = read_document(text, "a.yaml")
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    assert document.value == as_text(node)
    assert_agreement(document, node)


@settings(deadline=None)
@given(DATA, st.sampled_from([None, 2, "\t"]), st.booleans())
def test_json_gives_back_what_was_written_with_a_place_for_each_value(
    data: Any, indent: int | str | None, ascii_only: bool
) -> None:
    text = json.dumps([data], indent=indent, ensure_ascii=ascii_only)
    document = read_document(text, "a.json")
    assert document.value == document.core_value() == [data]
    lines = text.split("\n")

    def check(value: Any, path: tuple[str | int, ...]) -> None:
        place = document.place(path)
        shown = json.dumps(value, ensure_ascii=ascii_only)
        start = shown[:1] if isinstance(value, dict | list) else shown
        assert lines[place.line - 1][place.column - 1 :].startswith(start)
        parts = (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        )
        for step, part in parts:
            if isinstance(step, str):
                key = document.place((*path, step), key=True)
                quoted = json.dumps(step, ensure_ascii=ascii_only) + ":"
                assert lines[key.line - 1][key.column - 1 :].startswith(quoted)
            check(part, (*path, step))

    check([data], ())
