"""The page on simulations: its picture is what its command draws, its paragraph what its command says."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.support import INTERVIEW, ROOT, state, time

from followup.cli.root import cli
from followup.engine import Engine

PAGE = (ROOT / "docs" / "simulate.md").read_text("utf-8")


@pytest.fixture(autouse=True)
def _in_the_checkout_with_plugins(monkeypatch: pytest.MonkeyPatch) -> None:
    if "email" not in Engine.load().channels:
        pytest.skip("the email channel is not installed")
    monkeypatch.chdir(ROOT)


def commands() -> list[list[str]]:
    return [shlex.split(line)[1:] for line in re.findall(r"^\$ (followup .*)$", PAGE, re.MULTILINE)]


def test_the_picture_is_what_the_command_draws(tmp_path: Path) -> None:
    [command] = [command for command in commands() if "svg" in command]
    picture = command[-1]
    made = tmp_path / "made.svg"
    assert CliRunner().invoke(cli, [*command[:-1], str(made)]).exit_code == 0
    stale = f"run `{shlex.join(['followup', *command])}`"
    assert made.read_text("utf-8") == (ROOT / picture).read_text("utf-8"), stale


def test_the_paragraph_is_what_the_command_says() -> None:
    [command] = [command for command in commands() if "--why-not" in command]
    [shown] = re.findall(r"```text\n(.*?)```", PAGE, re.DOTALL)
    said = " ".join(CliRunner().invoke(cli, command).stdout.split())
    assert " ".join(shown.split()) in said


def test_the_file_of_stories_can_be_played(tmp_path: Path) -> None:
    [text] = re.findall(r'```yaml title="stories.yaml"\n(.*?)```', PAGE, re.DOTALL)
    path = tmp_path / "stories.yaml"
    path.write_text(text, "utf-8")
    engine = Engine.load()
    compared = engine.compare(
        state({**INTERVIEW, "with": ["dana"]}),
        time("2026-09-15T11:00"),
        None,
        engine.read_stories(path).values(),
    )
    assert [event.type for event in compared.stories[0].simulation.events] == ["promise", "reply"]


def test_the_kinds_of_changes_are_named() -> None:
    from followup.supposing import KINDS

    assert [kind for kind in KINDS if f"(`{kind}`)" not in PAGE] == []
