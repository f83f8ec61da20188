"""`followup simulate` and `followup explain --why-not`, as a person uses them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from followup.cli.root import cli
from followup.engine import Engine

NOW = "2026-11-21T10:00-06:00"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if "email" not in Engine.load().channels:
        pytest.skip("the email channel is not installed")
    path = tmp_path_factory.mktemp("states") / "initech.yaml"
    path.write_text(CliRunner().invoke(cli, ["demo", "--state"]).stdout, "utf-8")
    return path


def invoke(*arguments: object, width: int = 80) -> Result:
    return CliRunner(env={"COLUMNS": str(width)}).invoke(cli, [str(a) for a in arguments])


def test_without_options_it_compares_the_usual_stories(state: Path) -> None:
    shown = invoke("simulate", state, "--now", NOW).stdout
    for name in ("silence", "reply", "absence", "elsewhere", "how it ends", "same"):
        assert name in shown


@pytest.mark.parametrize("width", [60, 80, 110])
def test_nothing_is_wider_than_the_terminal_or_coloured_when_piped(state: Path, width: int) -> None:
    shown = invoke("simulate", state, "--now", NOW, width=width).stdout
    assert max(map(len, shown.splitlines())) <= width
    assert "\x1b" not in shown


def test_a_lane_has_a_mark_for_each_message_in_order(state: Path) -> None:
    shown = invoke("simulate", state, "--now", NOW).stdout
    lane = next(line for line in shown.splitlines() if line.startswith("silence"))
    assert [mark for mark in lane if mark.isdigit()] == ["1", "2", "3", "4"]
    assert "░" in lane


def test_a_story_may_be_told_on_the_command_line(state: Path) -> None:
    story = "slow: promise who=contact by=2026-12-18 in=3 days, reply from=hr in=30 days"
    done = invoke("simulate", state, "--now", NOW, "--story", "silence", "--story", story, "--format", "json")
    found = json.loads(done.stdout)
    assert [played["name"] for played in found["stories"]] == ["silence", "slow"]
    assert [event["words"] for event in found["stories"][1]["simulation"]["events"]] == [
        "Priya Raman promises to decide by Friday, 18 December",
        "Priya Raman answers",
    ]


def test_what_happens_in_every_story_may_be_compared(state: Path) -> None:
    event = ("--with", "promise by=2026-12-18 who=hr in=1 day")
    found = json.loads(
        invoke("simulate", state, "--now", NOW, *event, "--compare", "--format", "json").stdout
    )
    assert len(found["stories"]) == 4
    assert all("promise" in [e["type"] for e in p["simulation"]["events"]] for p in found["stories"])


def test_stories_of_a_file_are_played(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("format: 1\nstories:\n  no: {events: [{type: rejection, in: 2 days}]}\n", "utf-8")
    found = json.loads(invoke("simulate", state, "--now", NOW, "--stories", path, "--format", "json").stdout)
    assert [played["name"] for played in found["stories"]] == ["no"]


@pytest.mark.parametrize(
    ("story", "told"),
    [
        ("silense", "did you mean `silence`"),
        ("mine: reply from=nobody in=1 day", "nobody"),
        ("mine: reply from=hr", "no time"),
        ("mine: reply from=hr in=1 day x", "is not a duration"),
    ],
)
def test_a_story_that_is_wrong_is_told_and_nothing_is_played(state: Path, story: str, told: str) -> None:
    done = invoke("simulate", state, "--now", NOW, "--story", story)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr


@pytest.mark.parametrize("form", ["svg", "markdown", "json", "table"])
def test_every_form_may_be_written_to_a_file(state: Path, tmp_path: Path, form: str) -> None:
    path = tmp_path / "out"
    done = invoke("simulate", state, "--now", NOW, "--format", form, "-o", path)
    assert (done.exit_code, done.stdout) == (0, "")
    assert "silence" in path.read_text("utf-8")


def test_a_file_that_cannot_be_written_is_told(state: Path) -> None:
    done = invoke("simulate", state, "--now", NOW, "--format", "svg", "-o", state / "out.svg")
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr


def test_why_not_is_one_paragraph_for_each_follow_up_that_is_not_done(state: Path) -> None:
    shown = " ".join(invoke("explain", state, "thank-you", "--why-not", "--now", NOW).stdout.split())
    assert "Lee Okafor is not noted (people.lee.email)" in shown
    assert "Dana Whitfield" not in shown


def test_why_not_of_a_key_as_json(state: Path) -> None:
    done = invoke("explain", state, "thank-you:r1:lee", "--why-not", "--now", NOW, "--format", "json")
    [answer] = json.loads(done.stdout)["answers"]
    assert (answer["key"], answer["status"]) == ("thank-you:r1:lee", "blocked")
    [supposed] = answer["changes"][0]["suppositions"]
    assert supposed["path"] == ["people", "lee", "email"]


def test_why_not_needs_a_rule(state: Path) -> None:
    done = invoke("explain", state, "--why-not", "--now", NOW)
    assert done.exit_code == 2
    assert "needs a rule or a key" in done.stderr


def test_a_key_explains_one_follow_up(state: Path) -> None:
    shown = invoke("explain", state, "thank-you:r1:lee", "--now", NOW).stdout
    assert "Lee Okafor" in shown
    assert "thank-you:r1:dana" not in shown
    assert invoke("explain", state, "thank-you:r1:nobody", "--now", NOW).exit_code == 2
