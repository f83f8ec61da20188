"""`followup rules new`: what it writes loads, is tested, and disturbs nothing that was there."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support import HEARING

from followup import Engine
from followup.authoring.yaml_text import CannotInsertError, flow, with_entry
from followup.cli.root import cli
from followup.documents import read_document
from followup.testing.scenarios import run_tests

pytestmark = pytest.mark.skipif("email" not in Engine.load().channels, reason="needs the email channel")


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def new(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["rules", "new", *arguments])


def files(folder: Path = Path()) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_bytes().decode()
        for path in folder.rglob("*")
        if path.is_file() and ".schemas" not in path.parts
    }


def passed(folder: str) -> int:
    """How many tests of a folder pass; all of them do."""
    results = run_tests(Engine.load([folder]), Path(folder, "tests.yaml"))
    assert [str(failure) for result in results for failure in result.failures] == []
    return len(results)


def test_in_an_empty_folder_a_name_will_do() -> None:
    done = new("nudge")
    assert done.exit_code == 0
    assert set(files()) == {
        "my-rules/scenario.yaml",
        "my-rules/messages/nudge.md",
        "my-rules/tests.yaml",
    }
    assert passed("my-rules") == 4
    assert "4 tests, none failed" in done.stdout
    assert "edit my-rules/messages/nudge.md" in done.stdout


KINDS = {
    "thanks to whoever arranged it": (
        "--intent=thanks",
        "--to=scheduler",
        "--wait=1 hour",
        "--within=2 days",
    ),
    "after a message of one intent": ("--after=sent: inquiry", "--intent=final"),
    "after an offer": ("--after=offer", "--intent=offer", "--to=anchor", "--within=1 day", "--wait=1 hour"),
    "a task": ("--to=self", "--after=rejection", "--wait=1 day"),
    "a call": ("--via=phone", "--after=promise", "--intent=inquiry", "--wait=10 days"),
    "a letter, to a postal address": ("--via=letter", "--to=each interviewer"),
    "only in a relaxed company": ("--when=company.culture: relaxed", "--after=reply", "--to=anchor"),
    "each one who is friendly": (
        "--to=each interviewer",
        "--when=person.rapport: friendly",
        "--intent=share",
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_of_every_kind_is_due_in_its_tests_and_not_before(kind: str) -> None:
    assert new("mine", *KINDS[kind]).exit_code == 0
    assert passed("my-rules") >= 3
    text = files()["my-rules/tests.yaml"]
    assert "status: due" in text
    assert "not due a minute before" in text


def test_the_tests_speak_of_the_rule_and_notice_when_its_wait_is_another() -> None:
    new("nudge", "--wait", "10 days")
    path = Path("my-rules/scenario.yaml")
    path.write_text(path.read_text("utf-8").replace("10 days", "11 days"), "utf-8")
    results = run_tests(Engine.load(["my-rules"]), "my-rules/tests.yaml")
    assert not results[0].passed


def test_a_second_rule_leaves_every_line_of_the_first_as_it_was() -> None:
    new("nudge", "--after", "reply")
    scenario, tests = Path("my-rules/scenario.yaml"), Path("my-rules/tests.yaml")
    more = "\n# What guards say.\nguards: {}\n# The end.\n"
    scenario.write_text(scenario.read_text("utf-8") + more, "utf-8")
    before = files()
    assert new("later", "--folder", "my-rules", "--after", "sent: final").exit_code == 0
    for path in (scenario, tests):
        had, has = before[str(path)].splitlines(), path.read_text("utf-8").splitlines()
        rest = iter(has)
        assert all(line in rest for line in had)
    assert scenario.read_text("utf-8").endswith("\n\n# What guards say.\nguards: {}\n# The end.\n")
    assert passed("my-rules") == 8


def test_a_dry_run_writes_nothing() -> None:
    done = new("nudge", "--dry-run")
    assert (done.exit_code, files()) == (0, {})
    assert "scenario: my-rules" in done.stdout
    assert "Nothing is written" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["Nudge!"], "`Nudge!` cannot be a name"),
        (["inquiry"], "a rule or guard `inquiry` exists already"),
        (["nudge", "--intent", "inquiri"], "--intent: `inquiri` is not known; did you mean `inquiry`?"),
        (["nudge", "--after", "intervew"], "did you mean `interview`?"),
        (["nudge", "--after", "sent: thnks"], "did you mean `thanks`?"),
        (["nudge", "--to", "recruter"], "did you mean `recruiter`?"),
        (["nudge", "--via", "emial"], "did you mean `email`?"),
        (["nudge", "--advice", "timing.inquiry-1v"], "did you mean `timing.inquiry-1w`?"),
        (["nudge", "--wait", "1 wek"], "--wait: '1 wek' is not a duration; did you mean `1 week`?"),
        (["nudge", "--when", "company.cultur: relaxed"], "did you mean `company.culture`?"),
        (["nudge", "--when", "relaxed"], "--when: `relaxed` is no condition"),
        ([], "the rule needs a name"),
    ],
)
def test_what_there_is_not_is_told_with_the_nearest_and_nothing_is_written(
    arguments: list[str], told: str
) -> None:
    done = new(*arguments)
    assert done.exit_code == 2
    assert told in done.stderr
    assert files() == {}


def test_what_is_wrong_with_the_scenario_that_is_there_is_told_with_its_line() -> None:
    new("nudge")
    path = Path("my-rules/scenario.yaml")
    path.write_text(path.read_text("utf-8").replace("after: interview", "after: intervew"), "utf-8")
    before = files()
    done = new("later", "--folder", "my-rules")
    assert done.exit_code == 2
    assert "my-rules/scenario.yaml:10:" in done.stderr
    assert "did you mean `interview`?" in done.stderr
    assert files() == before


def test_a_name_that_the_scenario_has_already_is_told() -> None:
    new("nudge")
    done = new("nudge", "--folder", "my-rules")
    assert done.exit_code == 2
    assert "a rule or guard `nudge` exists already" in done.stderr


def test_a_message_that_exists_is_not_overwritten() -> None:
    Path("my-rules/messages").mkdir(parents=True)
    Path("my-rules/messages/nudge.md").write_text("mine", "utf-8")
    assert new("nudge").exit_code == 2
    assert files() == {"my-rules/messages/nudge.md": "mine"}


def test_when_one_file_cannot_be_written_none_is() -> None:
    Path("my-rules").mkdir()
    Path("my-rules/messages").write_text("not a folder", "utf-8")
    assert new("nudge").exit_code == 2
    assert files() == {"my-rules/messages": "not a folder"}


def on_a_terminal(*answers: str, interrupt: bool = False) -> tuple[int, str]:
    """The exit code and what is shown when somebody types these answers."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", HEARING + "from followup.cli import main; main()", "rules", "new"]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as made:
        os.close(theirs)
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        shown = b""
        while True:
            if not select.select([ours], [], [], 5)[0]:
                # A Ctrl-C that falls just before a blocking read is pressed again.
                assert interrupt, shown
                made.send_signal(signal.SIGINT)
                continue
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            asked = b"Write this?" in shown
            shown += piece
            if interrupt and not asked and b"Write this?" in shown:
                made.send_signal(signal.SIGINT)
        code = made.wait()
    os.close(ours)
    return code, shown.decode()


ANSWERS = ("", "Nudge!", "nudge", "", "recruter", "recruiter", "10", "1", "10 days", "", "", "")


def test_on_a_terminal_it_asks_and_offers_what_is_known() -> None:
    code, shown = on_a_terminal(*ANSWERS, "y")
    assert code == 0, shown
    assert "did you mean `recruiter`?" in shown
    text = files()["my-rules/scenario.yaml"]
    for line in ("to: recruiter", "intent: inquiry", "after: interview", "wait: 10 days", "via: email"):
        assert f"    {line}\n" in text
    assert passed("my-rules") == 4


def test_a_no_or_an_interruption_writes_nothing() -> None:
    code, shown = on_a_terminal(*ANSWERS, "n")
    assert (code, files()) == (0, {})
    assert "Nothing is written" in shown
    code, shown = on_a_terminal(*ANSWERS, interrupt=True)
    assert (code, files()) == (130, {})
    assert "Traceback" not in shown


# Text of YAML


@pytest.mark.parametrize(
    "value",
    [
        "plain",
        "2026-09-15T10:00-05:00",
        "thank-you:r1:dana",
        "null",
        "a: b",
        "- x",
        "#hash",
        "it's, so",
        "Zoë",
        '"quoted"',
        "~",
        "",
        "{{ greeting }}",
        "true",
        "*alias",
        "ends ",
        "$inquiry_wait",
        "+1 312 555 0142",
    ],
)
def test_a_text_reads_back_as_it_was_written(value: str) -> None:
    assert read_document(f"key: {flow({'a': [value]})}", "x").value == {"key": {"a": [value]}}


def test_an_entry_is_put_at_the_end_of_a_list_or_mapping_and_nothing_else_changes() -> None:
    text = "# top\nrules:   # ours\n    a: {b: c}  # first\n\n# about guards\nguards:\n  g: x\n"
    assert with_entry(text, "x", "rules", ["d:", "  e: f"]) == (
        "# top\nrules:   # ours\n    a: {b: c}  # first\n\n    d:\n      e: f\n"
        "\n# about guards\nguards:\n  g: x\n"
    )
    assert with_entry("tests:\r\n- a: b\r\n", "x", "tests", ["- c: d"]) == (
        "tests:\r\n- a: b\r\n\r\n- c: d\r\n"
    )
    assert with_entry("format: 1\n", "x", "rules", ["a: b"]) == "format: 1\n\nrules:\n  a: b\n"


@pytest.mark.parametrize("text", ["rules: {a: {b: c}}\n", "rules:\nx: y\n", "rules: {}\n"])
def test_where_there_is_no_place_for_an_entry_it_says_so(text: str) -> None:
    with pytest.raises(CannotInsertError):
        with_entry(text, "x", "rules", ["d: e"])
