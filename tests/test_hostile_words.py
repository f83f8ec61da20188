"""Names and words from outside, on a terminal: nothing hidden, nothing that looks like a line of ours."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support import invoke, kept_options

from followup.cli.options import Options
from followup.cli.root import cli
from followup.cli.wording import printable, printable_line
from followup.plain import marked_text, plain_line, plain_text

HIDDEN = {
    "turned direction": "\u202e\u2066\u200f",
    "Arabic letter mark": "\u061c",
    "zero width": "\u200b\u200d\u2060\ufeff\u00ad",
    "grapheme joiner": "\u034f",
    "tags": "\U000e0041\U000e0001",
    "selectors": "\U000e0100",
}
LINE = "Initech\n ● Write to everybody\u2028Due\r\n   now"
STATE = """\
format: 1
candidate: {{name: "Ana {0}", email: ana@souza.example, timezone: America/Chicago}}
company: {{name: "Initech {0}", timezone: America/Chicago}}
position: {{title: "Engineer {0}"}}
people:
  dana: {{name: "Dana {0}", role: hiring manager, email: dana@initech.example}}
  lee: {{name: "Lee {0}"}}
events:
  - {{type: interview, id: r1, at: 2026-11-20T10:00-06:00, with: [dana, lee], topics: {{dana: ["rust {0}"]}}}}
  - {{type: promise, at: 2026-11-20T11:00-06:00, who: dana, by: 2026-12-01, words: "soon {0}"}}
  - {{type: note, at: 2026-11-20T12:00-06:00, text: "odd {0}"}}
"""
NOW = ("--now", "2026-12-08T15:00-06:00")


def hostile(words: str) -> str:
    """A state with these words in every name."""
    return STATE.format(escaped(words))


def escaped(words: str) -> str:
    """The words as YAML writes them in ASCII, on one line."""
    return "".join(f"\\U{ord(each):08x}" if not each.isascii() or each < " " else each for each in words)


def test_no_command_shows_a_hidden_character(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = "".join(HIDDEN.values())
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    state = tmp_path / "initech.yaml"
    state.write_text(hostile(words), "utf-8")
    commands = (
        ("plan", str(state), *NOW, "--all", "--drafts"),
        ("plan", str(state), *NOW, "--format", "markdown"),
        ("explain", str(state), *NOW),
        ("explain", str(state), "broken-promise", *NOW),
        ("simulate", str(state), *NOW, "--until", "2026-12-20"),
        ("timeline", str(state), *NOW),
        ("add", str(state)),
        ("show", "initech", *NOW),
        ("today", *NOW),
    )
    for command in commands:
        told = invoke(*command)
        assert told.exit_code == 0, told.output
        assert not set(words) & set(told.output), (command, told.output)
    assert "�" in invoke(*commands[0]).output


def test_a_name_of_several_lines_is_shown_on_one(tmp_path: Path) -> None:
    state = tmp_path / "initech.yaml"
    state.write_text(hostile(LINE), "utf-8")
    for command in (("plan", "--all"), ("explain",), ("simulate", "--until", "2026-12-20"), ("timeline",)):
        shown = invoke(command[0], str(state), *NOW, *command[1:]).output
        assert "Write to everybody" in shown
        assert not re.search(r"^ ● Write|^Due\n   now", shown, re.MULTILINE), shown


@pytest.mark.parametrize("words", HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden_is_taken_out_of_drafts_and_marked_on_a_terminal(words: str) -> None:
    assert plain_text(f"Dana{words}") == "Dana"
    assert printable(f"Dana{words}") == "Dana" + "�" * len(words)


@pytest.mark.parametrize(
    "name",
    ["می‌خواهم", "क्‍ष", "👩‍👩‍👧", "✌🏽", "❤️‍🔥", "1️⃣", "葛󠄀城", "Zoë", "Ἀθηνᾶ", "\N{MONGOLIAN LETTER A}\u180b"],
)
def test_what_a_script_or_an_emoji_needs_is_kept(name: str) -> None:
    assert plain_line(name) == marked_text(name) == printable_line(name) == name


RULES = """\
format: 1
scenario: odd
title: "Odd {0}"
rules:
  hello:
    title: "Say hello {0}"
    about: "Because {0}"
    intent: share
    after: interview
    wait: 1 day
    open_for: 1 month
    to: self
    via: self
    message: hello
    when: {{topics: {{contains: "{0}"}}}}
"""


def test_no_command_about_rules_shows_a_hidden_character(tmp_path: Path) -> None:
    words = "".join(HIDDEN.values())
    for version in ("old", "new"):
        folder = tmp_path / version / "odd"
        (folder / "messages").mkdir(parents=True)
        text = RULES.format(escaped(words + version))
        (folder / "scenario.yaml").write_text(text, "utf-8")
        (folder / "messages" / "hello.md").write_text("---\nsubject: Hello\n---\nHello.\n", "utf-8")
    state = tmp_path / "initech.yaml"
    state.write_text(hostile(words + "new"), "utf-8")
    options = Options(rules=(str(tmp_path / "new" / "odd"),), deny=("proofreading",))
    for command in (
        ("rules", "list"),
        ("rules", "show", "hello"),
        ("rules", "graph", "odd"),
        ("rules", "docs", "odd"),
        ("rules", "diff", str(tmp_path / "old"), str(tmp_path / "new"), "--states", str(state), *NOW),
        ("explain", str(state), "hello", *NOW),
    ):
        given = kept_options() if "diff" in command else options
        told = CliRunner().invoke(cli, command, obj=given)
        assert told.exit_code in (0, 1), told.output
        assert not set(words) & set(told.output), (command, told.output)
        assert "hello" in told.output.casefold()
