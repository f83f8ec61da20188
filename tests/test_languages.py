"""Languages: greeting, signature, days and lists in one place, and a new language is only a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from followup.engine import Engine
from followup.errors import InputError, Problem

ROOT = Path(__file__).parent.parent
SCENARIO = """\
format: 1
scenario: mine
rules:
  hello: {intent: inquiry, after: interview, to: contact, via: [email]}
"""


def engine_with(folder: Path, message: str) -> Engine:
    (folder / "mine" / "messages").mkdir(parents=True)
    (folder / "mine" / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (folder / "mine" / "messages" / "hello.md").write_text(message, "utf-8")
    return Engine.load([folder], builtin=False, plugins=False)


def problems(folder: Path, message: str) -> tuple[Problem, ...]:
    try:
        engine_with(folder, message)
    except InputError as error:
        return error.problems
    return ()


# Phrases


def test_a_message_needs_what_the_phrases_in_it_need(tmp_path: Path) -> None:
    engine = engine_with(tmp_path, "---\nsubject: Hello\n---\n{{ greeting }}\n\nHello.\n\n{{ signature }}\n")
    message = engine.rules["hello"].message
    assert message is not None
    assert message.needs["body"] == {"person.name", "candidate.name"}
    assert "candidate.phone" in message.uses["body"]


def test_a_problem_below_a_phrase_keeps_its_line(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "---\nsubject: Hello\n---\n{{ greeting }}\n\n{{ compny.name }}\n")
    assert (problem.code, problem.place.line) == ("unknown-fact", 6)


@pytest.mark.parametrize("text", ["{{ greeting | upper }}", "{% if greeting %}x{% endif %}"])
def test_a_phrase_stands_alone(tmp_path: Path, text: str) -> None:
    (problem,) = problems(tmp_path, f"---\nsubject: Hello\n---\nHello.\n{text}\n")
    assert (problem.code, problem.place.line) == ("phrase-alone", 5)
    assert problem.cure == "write `{{ greeting }}`"


def test_a_misspelt_phrase_is_told_with_the_one_that_was_meant(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, "---\nsubject: Hello\n---\n{{ greting }}\n")
    assert problem.code == "unknown-fact"
    assert "did you mean `greeting`?" in problem.cure


# How a noted text stands in a sentence

ENGLISH = Engine.load(builtin=False, plugins=False).languages["en"]


@pytest.mark.parametrize(
    ("text", "inside", "whole", "direct"),
    [
        ("The on-call rota that depends on it.", "the on-call rota that depends on it", False, False),
        ("Your team is growing", "your team is growing", True, False),
        ("They use dbt.", "they use dbt", True, False),
        ("Why Kafka was dropped", "why Kafka was dropped", False, False),
        ("Kafka", "Kafka", False, False),
        ("Moved a warehouse", "moved a warehouse", False, False),
        ("I led a team of five", "I led a team of five", True, False),
        ("Do you use Kafka?", "do you use Kafka", False, True),
        ("How do you deploy?", "how do you deploy", False, True),
        ("How long does it take?", "how long does it take", False, True),
        ("what it is like", "what it is like", False, False),
        ("how the team splits its work", "how the team splits its work", False, False),
    ],
)
def test_a_noted_text_is_a_few_words_or_a_sentence_or_a_question(
    text: str, inside: str, whole: bool, direct: bool
) -> None:
    filters = ENGLISH.filters
    assert filters["inside"](text) == inside
    assert (filters["whole"](text), filters["direct"](text)) == (whole, direct)


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a and b"),
        (["a", "b", "c"], "a, b and c"),
        (["a and b", "c"], "a and b, and c"),
        (["a, b", "c", "d"], "a, b; c; and d"),
    ],
)
def test_a_list_in_words_can_be_read_whatever_its_items_hold(items: list[str], words: str) -> None:
    assert ENGLISH.sentence(items) == words


# What is wrong with a language


def changed(line: str, new: str) -> str:
    text = (ROOT / "rules" / "languages" / "en" / "language.yaml").read_text("utf-8")
    assert line in text
    return text.replace("language: en", "language: xx").replace(line, new)


def language_problems(folder: Path, text: str, name: str = "xx") -> Iterator[tuple[str, int]]:
    (folder / name).mkdir()
    (folder / name / "language.yaml").write_text(text, "utf-8")
    try:
        Engine.load([folder], builtin=False, plugins=False)
    except InputError as error:
        yield from ((problem.code, problem.place.line) for problem in error.problems)


@pytest.mark.parametrize(
    ("line", "new", "code", "at"),
    [
        ("  - March\n", "", "value", "  - January"),
        ("Monday, Tuesday", "Tuesday", "value", "weekdays:"),
        ("{weekday}, {day} {month}", "{wekday}", "language-pattern", "day:"),
        ("{day} at", "{weekday} at", "language-pattern", "time:"),
        ("  greeting: >-", "  salute: >-", "language-phrase", "  salute:"),
        ("  signature: |", "  Signature!: |", "language-phrase", "  Signature!:"),
        ("Dear {{ person.name }},", "Dear {{ person.nam }},", "unknown-fact", "  greeting:"),
        ("Dear {{ person.name }},", "{% include 'x' %}", "template", "  greeting:"),
        ('last: " and "', 'lst: " and "', "unknown-key", "lists:"),
        ("format: 1", "format: 9", "format-newer", "format:"),
    ],
)
def test_what_is_wrong_with_a_language_is_told_at_its_line(
    tmp_path: Path, line: str, new: str, code: str, at: str
) -> None:
    text = changed(line, new)
    expected = 1 + next(n for n, each in enumerate(text.splitlines()) if each.startswith(at))
    assert (code, expected) in list(language_problems(tmp_path, text))


def test_the_folder_of_a_language_has_its_code_as_its_name(tmp_path: Path) -> None:
    assert list(language_problems(tmp_path, changed("x", "x"), "yy")) == [("language-folder", 3)]


def test_a_language_that_exists_already_is_refused(tmp_path: Path) -> None:
    text = changed("x", "x").replace("language: xx", "language: en")
    assert list(language_problems(tmp_path, text, "en")) == [("duplicate-language", 3)]
