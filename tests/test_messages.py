"""Message files: what a text may say, what it needs, and that a bad one is a problem and never more."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.corpus_files import load_pack, pack_problems

from followup.engine import Engine
from followup.errors import InputError, Problem
from followup.hookspecs import Filter, hookimpl

SCENARIO = """\
format: 1
scenario: mine
rules:
  hello: {intent: inquiry, after: interview, to: contact, via: [email]}
"""
FRONT = "---\nsubject: Hello\n---\n"


def problems(message: str | bytes) -> tuple[Problem, ...]:
    return pack_problems(SCENARIO, message=message)


def only(message: str | bytes) -> Problem:
    found = problems(message)
    assert len(found) == 1, [str(problem) for problem in found]
    assert Path(found[0].place.file).name == "hello.md"
    return found[0]


# What a message needs


def needs(body: str) -> frozenset[str]:
    message = load_pack(SCENARIO, message=f"{FRONT}{body}\n").rules["hello"].message
    assert message is not None
    return message.needs["body"]


@pytest.mark.parametrize(
    ("body", "needed"),
    [
        ("Hello.", set()),
        ("{{ company.name }} {{ person.name }}", {"company.name", "person.name"}),
        ("{% if topics %}{{ topics | sentence }}{% endif %}", set()),
        ("{{ topics | sentence }}", {"topics"}),
        ("{% if topics %}Hello.{% else %}{{ position.title }} {{ company.name }}{% endif %}", set()),
        ("{{ company.name | default('you') }}", set()),
        ("{% for topic in topics %}{{ topic }}{% endfor %}", {"topics"}),
        ("{# company.name #}", set()),
    ],
)
def test_a_text_needs_what_it_prints_and_not_what_it_only_tests(body: str, needed: set[str]) -> None:
    assert needs(body) == needed


def test_a_fact_that_is_printed_only_where_another_one_is_unknown_needs_a_test_of_its_own() -> None:
    shown = "{% if company.name %}{{ company.name }}{% endif %}"
    text = shown + "{% if not topics %}\n{{ person.role }}\n{% endif %}"
    found = only(f"{FRONT}Hello.\n{text}\n")
    assert (found.code, found.place.line) == ("unguarded-fact", 6)
    assert "{% if person.role %}" in found.cure


def test_a_message_needs_no_front_matter_and_may_have_an_empty_one() -> None:
    assert problems("Hello.\n") == ()
    assert problems("---\n---\nHello.\n") == ()
    assert problems("---\n# a comment\n---\nHello.\n") == ()
    assert problems("\ufeff---\r\nsubject: Hi\r\n---\r\nHello.\r\n") == ()


# What is refused


@pytest.mark.parametrize(
    ("message", "code", "line"),
    [
        ("", "empty", 1),
        ("---\nsubject: x\n---\n\n", "empty", 4),
        ("---\nsubject: x\nHello.\n", "front-matter", 1),
        ("---\nsubjct: x\n---\nHello.\n", "unknown-key", 2),
        ("---\nsubject: [x]\n---\nHello.\n", "wrong-type", 2),
        ("---\n- subject\n---\nHello.\n", "wrong-type", 2),
        ("---\nsubject: 'x\n---\nHello.\n", "yaml-syntax", 2),
        ("---\nsubject: a\nsubject: b\n---\nHello.\n", "yaml-duplicate-key", 3),
        ("---\nsubject: !!python/name:os.system\n---\nHello.\n", "yaml-tag", 2),
        ("---\nsubject: '{{ compny.name }}'\n---\nHello.\n", "unknown-fact", 2),
        (b"---\nsubject: \xff\n---\nHello.\n", "file-encoding", 2),
        (b"Hello.\n\xff", "file-encoding", 2),
        ("Hello.\n\x07", "control-character", 2),
        (b"\x00\x01\x02", "control-character", 1),
        (b"\x89PNG\r\n\x1a\n", "file-encoding", 1),
        ("x" * 200_000, "too-long", 0),
    ],
)
def test_a_file_that_is_no_message_is_told_at_its_line(message: str | bytes, code: str, line: int) -> None:
    found = only(message)
    assert (found.code, found.place.line) == (code, line)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("{{ compny.name }}", "company.name"),
        ("{{ company.nam }}", "company.name"),
        ("{{ decison_date }}", "decision_date"),
        ("{% if topcs %}x{% endif %}", "topics"),
    ],
)
def test_a_misspelt_fact_is_told_with_the_one_that_was_meant(text: str, meant: str) -> None:
    found = only(f"{FRONT}Hello,\n{text}\n")
    assert (found.code, found.place.line) == ("unknown-fact", 5)
    assert f"did you mean `{meant}`?" in found.cure


REACHING = [
    "{{ ''.__class__ }}", "{{ company.name.__class__.__mro__ }}", "{{ company.name | attr('__class__') }}",
    "{{ topics | map(attribute='__class__') }}", "{{ company.name.upper() }}", "{{ {'a': 1}.items() }}",
    "{{ range(1000000) }}", "{{ dict() }}", "{{ lipsum() }}", "{{ debug() }}", "{{ super() }}",
    "{% include '/etc/passwd' %}", "{% extends 'x' %}", "{% import 'x' as y %}", "{% from 'x' import y %}",
    "{% set x = 1 %}", "{% macro a() %}{% endmacro %}", "{% call a() %}{% endcall %}", "{% do x %}",
    "{% block a %}{% endblock %}", "{% raw %}x{% endraw %}", "{% filter upper %}x{% endfilter %}",
    "{% with x = 1 %}{% endwith %}", "{% autoescape true %}{% endautoescape %}",
]  # fmt: skip


@pytest.mark.parametrize("text", REACHING)
def test_nothing_reaches_for_more_than_words(text: str) -> None:
    assert only(f"{FRONT}{text}\n").code in ("template", "unknown-fact")


BROKEN = [
    "{{", "{%", "{#", "{{ }}", "{% %}", "{{ 'a }}", "{% if %}x{% endif %}", "{% if stage %}", "{% endif %}",
    "{% for %}{% endfor %}", "{% for x in %}{% endfor %}", "{{ stage | shout }}", "{{ stage is strange }}",
    "{{ stage | sentence }}", "{{ 5 | sentence }}", "{{ 1 / 0 }}", "{{ topics[99] }}", "{{ topics.length }}",
    "{% for c in concerns %}{{ c.abuot }}{% endfor %}", "{{ company }}", "{{ x := 1 }}",
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN)
def test_a_broken_text_is_a_problem_of_its_line(text: str) -> None:
    found = only(f"{FRONT}Hello,\n{text}\n")
    assert found.code in ("template", "unknown-fact")
    assert found.place.line >= 5


LOOP = "{% for a in topics %}"
GROWING = [
    "{{ 'x' * 1000000000 }}",
    "{{ 2 ** 100000 }}",
    LOOP * 12 + "x" + "{% endfor %}" * 12,
    LOOP.replace("topics", "[" + "1," * 3000 + "1]") + "x" * 9000 + "{% endfor %}",
    "{{ [" + "1," * 3000 + "1] | join('" + "x" * 9000 + "') }}",
    "{{ 'aaaaaaaaaaaaaaaaaaaa' | join('" + "x" * 9000 + "') | join('" + "y" * 9000 + "') }}",
    "{% for x in topics recursive %}{{ loop(topics) }}{% endfor %}",
    "{% if stage %}" * 900 + "x" + "{% endif %}" * 900,
    "{{ " + "(" * 9000 + "1" + ")" * 9000 + " }}",
    "{{ " + "[" * 9000 + "]" * 9000 + " }}",
    "{" * 19_000,
    "x" * 21_000,
]


@pytest.mark.parametrize("text", GROWING, ids=range(len(GROWING)))
def test_a_text_cannot_grow_or_nest_without_end(text: str) -> None:
    assert only(f"{FRONT}{text}\n").code == "template"


# What stands where a message should


def replaced(path: Path, make: Callable[[Path], None]) -> Problem:
    (path / "messages").mkdir()
    (path / "scenario.yaml").write_text(SCENARIO, "utf-8")
    make(path / "messages" / "hello.md")
    with pytest.raises(InputError) as caught:
        Engine.load([path], builtin=False, plugins=False)
    return caught.value.problems[0]


def test_a_link_out_of_the_scenario_is_not_followed(tmp_path: Path) -> None:
    pack, secret = tmp_path / "pack", tmp_path / "secret.md"
    pack.mkdir()
    secret.write_text("nobody is to read this\n", "utf-8")
    assert replaced(pack, lambda path: path.symlink_to(secret)).code == "file-outside"


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda path: path.mkdir(), "file-unreadable"),
        (lambda path: path.symlink_to(path.parent), "file-unreadable"),
        (lambda path: path.symlink_to("/dev/zero"), "file-unreadable"),
        (lambda path: path.symlink_to("nowhere.md"), "file-missing"),
        (lambda path: path.symlink_to(path), "file-unreadable"),
        (lambda path: os.mkfifo(path), "file-unreadable"),
        (lambda path: None, "no-message"),
    ],
    ids=[
        "a folder",
        "a link to a folder",
        "a device",
        "a link to nothing",
        "a link to itself",
        "a pipe",
        "nothing",
    ],
)
def test_what_is_no_file_is_not_read(make: Callable[[Path], None], code: str, tmp_path: Path) -> None:
    assert replaced(tmp_path, make).code == code


# Filters of plugins


class Filters:
    """A plugin with a filter that works and one that fails."""

    FOLLOWUP_API = 1

    @hookimpl
    def followup_filters(self) -> list[Filter]:
        return [Filter("shout", lambda text: f"{text}!"), Filter("fail", lambda text: str(1 // 0))]


def test_the_failure_of_a_filter_is_a_problem_of_the_text(tmp_path: Path) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "scenario.yaml").write_text(SCENARIO, "utf-8")
    message = tmp_path / "messages" / "hello.md"

    def load() -> Engine:
        return Engine.load([tmp_path], builtin=False, plugins=False, extra_plugins=[("filters", Filters())])

    message.write_text(f"{FRONT}{{{{ company.name | shout }}}}\n", "utf-8")
    assert load().rules["hello"].message
    message.write_text(f"{FRONT}{{{{ company.name | fail }}}}\n", "utf-8")
    with pytest.raises(InputError, match="the filter `fail` cannot take this"):
        load()


# Spoilt at random

WORDS = ["if ", "for x in ", "topics", "company.name", "endif", "endfor", "x", "sentence", "subject: "]
SIGNS = (
    "{{ ",
    " }}",
    "{% ",
    " %}",
    "{#",
    "#}",
    " | ",
    "'",
    '"',
    "*",
    "[",
    "]",
    "(",
    ".",
    "~",
    "\n",
    "-",
    "---\n",
)


@settings(max_examples=200)
@given(st.lists(st.sampled_from((*WORDS, *SIGNS)) | st.text(max_size=3), max_size=25).map("".join))
def test_any_text_is_a_message_or_a_problem(text: str) -> None:
    for problem in problems(f"{FRONT}{text}\n"):
        assert "\n" not in str(problem)
        assert len(str(problem)) < 1_000
