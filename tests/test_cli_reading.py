"""Where a command wants a state, an opportunity of the store may be named."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from tests.support import ROOT

from followup.cli.home import kept
from followup.cli.opportunities import Options, pass_options
from followup.cli.recording import record
from followup.cli.root import cli
from followup.events import Note
from followup.state import InterviewState

INITECH = ROOT / "examples" / "chicago-panel.yaml"
GLOBEX = ROOT / "examples" / "sao-paulo-call.yaml"
NOW = ("--now", "2026-11-20T19:00-06:00")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "home"


def invoke(*arguments: str, command: click.Command = cli) -> Result:
    return CliRunner().invoke(command, list(arguments))


def add(path: Path, name: str) -> None:
    assert invoke("add", str(path), "--name", name).exit_code == 0


def test_a_plan_of_the_store_is_that_of_the_file() -> None:
    add(INITECH, "panel")
    kept, file = (invoke("plan", named, *NOW, "--format", "json") for named in ("panel", str(INITECH)))
    assert kept.exit_code == 0
    assert kept.stdout == file.stdout


def test_the_beginning_of_a_name_is_enough() -> None:
    add(INITECH, "panel")
    assert invoke("explain", "pan", "inquiry", *NOW).exit_code == 0
    assert invoke("simulate", "pan", *NOW).exit_code == 0


def test_a_file_comes_before_the_store(tmp_path: Path) -> None:
    add(INITECH, "panel")
    (tmp_path / "panel").write_bytes(GLOBEX.read_bytes())
    wanted, found = (invoke("plan", named, *NOW) for named in (str(GLOBEX), "panel"))
    assert found.stdout == wanted.stdout


def test_without_a_name_all_that_are_open_are_planned() -> None:
    add(INITECH, "panel")
    add(GLOBEX, "phone")
    told = invoke("plan", *NOW, "--format", "json")
    assert [json.loads(line)["state"] for line in told.stdout.splitlines()] == ["panel", "phone"]


def test_without_a_name_and_without_a_store_it_says_what_to_do(home: Path) -> None:
    told = invoke("plan", *NOW)
    assert told.exit_code == 2
    assert "followup add" in told.stderr
    assert not home.exists()


def test_a_name_that_the_store_has_not_is_told_with_those_that_it_has() -> None:
    add(INITECH, "panel")
    told = invoke("plan", "penal", *NOW)
    assert told.exit_code == 2
    assert "did you mean `panel`" in told.stderr


def test_a_name_without_a_store_is_a_file_that_is_missing(home: Path) -> None:
    told = invoke("plan", "panel", *NOW)
    assert told.exit_code == 2
    assert "there is no such file" in told.stderr
    assert not home.exists()


def kept_notes() -> list[str]:
    return [event.text for event in kept().opportunity("panel").state().events if isinstance(event, Note)]


def write_down(state: str, events: Sequence[Note], *, dry_run: bool = False) -> Result:
    @click.command()
    @pass_options
    def note(options: Options) -> None:
        record(options.engine(), state, events, dry_run=dry_run)

    return CliRunner().invoke(note, obj=Options())


def test_what_a_plugin_writes_down_goes_into_the_store_and_can_be_undone() -> None:
    add(INITECH, "panel")
    at = InterviewState.from_yaml(INITECH).events[-1].at
    events = [Note(at=at, text="They have a dog")]
    before = invoke("plan", "panel", *NOW, "--format", "json").stdout

    shown = write_down("panel", events, dry_run=True)
    assert "They have a dog" in shown.stdout
    assert kept_notes() == []

    told = write_down("panel", events)
    assert told.exit_code == 0, told.stderr
    assert "They have a dog" in told.stdout
    assert "To undo: followup undo" in told.stdout
    assert kept_notes() == ["They have a dog"]
    assert invoke("undo").exit_code == 0
    assert kept_notes() == []
    assert invoke("plan", "panel", *NOW, "--format", "json").stdout == before
