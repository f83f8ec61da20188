"""What a tired newcomer writes, and the first line that `rules check` answers: one to act on at once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.corpus_files import CORPUS
from tests.support import PlainChannels

from followup import Engine
from followup.errors import InputError
from followup.linting import lint

FILES = sorted((CORPUS / "clumsy").iterdir())
RULES = """\
format: 1
scenario: mine
rules:
  ask:
    intent: inquiry
    after: interview
    wait: 1 week
    open_for: 2 weeks
    to: contact
    via: [email]
"""
MESSAGE = "---\nsubject: News\n---\nDear {{ person.name }},\n\nIs there any news?\n"
TELLS = re.compile(rb"# tells: ([^\r\n]+)")


def answered(folder: Path, rules: bytes, message: bytes) -> str:
    """The first line that is told of a scenario with one rule and one message, the folder left out."""
    (folder / "messages").mkdir()
    (folder / "scenario.yaml").write_bytes(rules)
    (folder / "messages" / "ask.md").write_bytes(message)
    try:
        engine = Engine.load([folder], plugins=False, extra_plugins=[("plain", PlainChannels())])
        problems = [problem for problem in lint(engine) if problem.code != "untested"]
    except InputError as error:
        problems = list(error.problems)
    first = str(problems[0]) if problems else "nothing"
    return first.replace(f"{folder}/scenario.yaml:", "").replace(f"{folder}/messages/ask.md:", "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_clumsy_file_is_answered_with_a_line_to_act_on(tmp_path: Path, path: Path) -> None:
    data = path.read_bytes()
    tells = TELLS.search(data)
    assert tells is not None, "the file says what it tells"
    rules, message = (RULES.encode(), data) if path.suffix == ".md" else (data, MESSAGE.encode())
    assert answered(tmp_path, rules, message) == tells[1].decode()


def test_there_are_many_of_them_each_with_a_cure_and_a_code() -> None:
    told = [match[1].decode() for path in FILES if (match := TELLS.search(path.read_bytes()))]
    wrong = [line for line in told if line != "nothing"]
    assert len(wrong) >= 50
    assert [line for line in wrong if not re.fullmatch(r"\d+:\d+: .+; .+ \[[a-z-]+\]", line)] == []


def test_a_misspelt_filter_is_told_beside_a_misspelt_fact(tmp_path: Path) -> None:
    (tmp_path / "messages").mkdir()
    (tmp_path / "scenario.yaml").write_text(RULES)
    (tmp_path / "messages" / "ask.md").write_text("Dear {{ person.nmae }},\n\n{{ topics | sentance }}?\n")
    with pytest.raises(InputError) as caught:
        Engine.load([tmp_path], plugins=False, extra_plugins=[("plain", PlainChannels())])
    assert [(each.place.line, each.cure) for each in caught.value.problems] == [
        (1, "did you mean `person.name`?"),
        (3, "did you mean `sentence`?"),
    ]
