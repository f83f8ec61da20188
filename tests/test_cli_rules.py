from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from followup.cli.root import cli
from followup.engine import Engine

TESTS = """\
format: 1
state:
  candidate: {name: Ana Souza, timezone: America/Chicago}
  company: {name: Initech}
  position: {title: Data Engineer}
  people: {dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}}
tests:
  - name: nothing happened
    now: 2026-11-20T19:00
    absent: [inquiry, mine]
  - name: a task for myself
    now: 2026-11-20T19:00
    events: [{type: interview, id: r1, at: 2026-11-20T10:00, with: [dana]}]
    expect:
      - {rule: mine, to: self, opens: 2026-11-21T11:00, closes: 2026-11-23}
"""
SCENARIO = """\
format: 1
scenario: own
rules:
  mine:
    title: Write down what was said
    intent: task
    after: interview
    wait: 1 day
    within: 3 days
    to: self
"""


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "messages").mkdir(parents=True)
    (folder / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (folder / "messages" / "mine.md").write_text(
        "---\nsubject: Notes\n---\nWrite down what was said.\n", "utf-8"
    )
    (folder / "tests.yaml").write_text(TESTS, "utf-8")
    return folder


def test_the_list_names_every_rule_and_its_place() -> None:
    shown = invoke("rules", "list").stdout
    rows = json.loads(invoke("rules", "list", "--format", "json").stdout)["rules"]
    assert {row["rule"] for row in rows} == set(Engine.load().rules)
    assert all(row["rule"] in shown for row in rows)
    assert all(".yaml:" in row["at"] for row in rows)


def test_the_list_of_one_scenario_has_its_rules_alone(own: Path) -> None:
    rows = json.loads(invoke("rules", "list", "silence", "--format", "json").stdout)["rules"]
    assert {row["scenario"] for row in rows} == {"silence"}
    assert "mine" in invoke("rules", "list", own).stdout


def test_a_rule_is_shown_with_its_source_its_meaning_and_its_place() -> None:
    shown = invoke("rules", "show", "inquiry").stdout
    assert "intent: inquiry" in shown
    assert "1 week after the event" in shown
    assert "Decided by" in shown


def test_a_guard_is_shown_too() -> None:
    shown = invoke("rules", "show", "employer-date").stdout
    assert "until 1 business day after promise.latest" in shown


def test_a_rule_that_settings_changed_is_shown_with_both_places(tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("format: 1\noverrides: {inquiry: {wait: 9 days}}\n", "utf-8")
    shown = invoke("--settings", settings, "rules", "show", "inquiry").stdout
    assert "9 days after the event" in shown
    assert "settings.yaml" in "".join(shown.split())  # a long path wraps


def test_show_prints_what_rules_are_compiled_to() -> None:
    assert "    if stage == 'awaiting':\n" in invoke("rules", "show", "--compiled").stdout
    assert "speaks('inquiry')" in invoke("rules", "show", "inquiry", "--compiled").stdout
    assert (invoke("rules", "show").exit_code, invoke("rules", "show", "inqiry", "--compiled").exit_code) == (
        2,
        2,
    )


def test_a_misspelt_rule_gets_the_nearest() -> None:
    done = invoke("rules", "show", "inqiry")
    assert done.exit_code == 2
    assert "did you mean `inquiry`?" in done.stderr


def test_the_built_in_rules_have_no_errors() -> None:
    assert invoke("rules", "check").exit_code in (0, 1)  # 1: a channel that is not installed is a warning


def test_good_rules_pass_the_check(own: Path) -> None:
    done = invoke("rules", "check", own)
    assert done.exit_code in (0, 1)
    assert "own" not in done.stderr
    assert invoke("rules", "check", own / "scenario.yaml").exit_code == done.exit_code


def test_bad_rules_are_exit_code_2_with_a_line_a_problem(own: Path) -> None:
    path = own / "scenario.yaml"
    path.write_text(
        SCENARIO.replace("after: interview", "after: intervew").replace("1 day", "1 dya"), "utf-8"
    )
    done = invoke("rules", "check", own)
    assert done.exit_code == 2
    ours = [line for line in done.stderr.splitlines() if "scenario.yaml:" in line and "own" in line]
    assert len(ours) == 2
    found = json.loads(invoke("rules", "check", own, "--format", "json").stdout)["problems"]
    assert [problem["line"] for problem in found if problem["severity"] == "error"] == [7, 8]


def test_a_rule_that_settings_switch_off_is_missed_nowhere_and_said_to_be_off(tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("format: 1\noverrides: {ask-contact: off, inquiry: off}\n", "utf-8")
    checked = invoke("--settings", settings, "rules", "check")
    assert (checked.exit_code, checked.stderr) == (0, "")
    shown = invoke("--settings", settings, "rules", "show", "inquiry")
    assert shown.exit_code == 2
    assert shown.stderr.endswith("`inquiry` is switched off, by " + f"{settings}:2\n")


def test_bad_settings_are_exit_code_2(tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("format: 1\nparametres: {}\n", "utf-8")
    done = invoke("rules", "check", settings)
    assert done.exit_code == 2
    assert "settings.yaml:2:1: " in done.stderr


def test_a_path_that_is_not_there_is_exit_code_2(tmp_path: Path) -> None:
    done = invoke("rules", "check", tmp_path / "none")
    assert done.exit_code == 2
    assert "there is no such file or folder" in done.stderr


@pytest.mark.parametrize("name", ["state", "scenario", "settings", "tests", "plan"])
def test_every_schema_is_printed(name: str) -> None:
    assert json.loads(invoke("rules", "schema", name).stdout)["$schema"].startswith("http://json-schema.org/")


def test_rule_tests_that_hold_pass(own: Path) -> None:
    done = invoke("rules", "test", own)
    assert (done.exit_code, done.stdout) == (0, "2 tests, none failed\n")
    assert invoke("rules", "test", own / "tests.yaml").exit_code == 0


@pytest.mark.parametrize(
    ("wanted", "field", "found"),
    [
        ("closes: 2026-11-24", "closes", "2026-11-23T11:00:00-06:00"),
        ("closes: 2026-11-23T11:01", "closes", "2026-11-23T11:00:00-06:00"),
        ("closes: never", "closes", "2026-11-23T11:00:00-06:00"),
        ("status: done", "status", "scheduled"),
        ("channel: phone", "channel", ""),
        ("parts: [inquiry]", "parts", "none"),
        ("host: inquiry", "host", "none"),
        ("because: the moon is full", "because", "the interview"),
        ("says: Dear Sir", "says", "Write down what was said."),
        ("finds: [proofread]", "finds", "nothing"),
    ],
)
def test_a_rule_test_that_fails_shows_what_was_wanted_and_found(
    own: Path, wanted: str, field: str, found: str
) -> None:
    path = own / "tests.yaml"
    path.write_text(TESTS.replace("closes: 2026-11-23", wanted), "utf-8")
    done = invoke("rules", "test", own)
    assert done.exit_code == 1
    shown = " ".join(done.stdout.split())
    value = wanted.partition(": ")[2].strip("[]")
    assert re.search(rf"{field} wanted \S?{re.escape(value)}.* found .*{re.escape(found)}", shown)
    assert "a task for myself" in done.stdout
    assert "2 tests, 1 failed" in done.stdout


def test_a_follow_up_that_is_not_there_fails_with_the_reason(own: Path) -> None:
    path = own / "tests.yaml"
    path.write_text(
        TESTS.replace("{type: interview, id: r1, at: 2026-11-20T10:00, with: [dana]}", ""), "utf-8"
    )
    done = invoke("rules", "test", own, "--format", "json")
    failed = [test for test in json.loads(done.stdout)["tests"] if not test["passed"]]
    assert done.exit_code == 1
    [failure] = failed[0]["failures"]
    assert (failure["followup"], failure["text"]) == (
        "mine",
        "wanted a follow-up, found none; the rule is silent",
    )
    assert "it waits for interview" in failure["reasons"][0]["text"]


def test_what_must_be_absent_fails_when_it_is_there(own: Path) -> None:
    path = own / "tests.yaml"
    path.write_text(TESTS.partition("    expect:")[0] + "    absent: mine\n", "utf-8")
    done = invoke("rules", "test", own)
    assert done.exit_code == 1
    assert "wanted nothing that could still go out, found mine:r1:self" in " ".join(done.stdout.split())


def test_a_test_that_expects_nothing_asserts_that_nothing_is_due(own: Path) -> None:
    path = own / "tests.yaml"
    silent = TESTS.partition("    expect:")[0]
    path.write_text(
        silent.replace("now: 2026-11-20T19:00\n    events", "now: 2026-11-22T19:00\n    events"), "utf-8"
    )
    done = invoke("rules", "test", own)
    assert done.exit_code == 1
    assert "wanted nothing due, found mine:r1:self" in done.stdout


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("rule: mine", "rule: mien", "15:16: no rule is named `mien`; did you mean `mine`?"),
        (
            "absent: [inquiry, mine]",
            "absent: inqiry",
            "10:13: no rule is named `inqiry`; did you mean `inquiry`?",
        ),
        ("now: 2026-11-20T19:00\n    absent", "now: soon\n    absent", "9:10: "),
        ("with: [dana]", "with: [dan]", "13:"),
        ("rule: mine, ", "", "the expectation names no follow-up"),
        ("closes: 2026-11-23", "clozes: 2026-11-23", "15:"),
        ("closes: 2026-11-23", "status: deu", "`deu` is not a status; did you mean `due`?"),
        ("closes: 2026-11-23", "channel: emial", "no channel is named `emial`; did you mean `email`?"),
        ("closes: 2026-11-23", "closes: tomorrow", "`tomorrow` is no day or time; write"),
        ("closes: 2026-11-23", "closes: 2026-11-31", "`2026-11-31` is no day or time; write"),
        ("closes: 2026-11-23", "host: thank-yuo", "no rule is named `thank-yuo`; did you mean `thank-you`?"),
        ("closes: 2026-11-23", "parts: [inqiry:r1:dana]", "did you mean `inquiry`?"),
        ("to: self", "to: dan", "15:26: the test's state has no person `dan`; did you mean `dana`?"),
        ("name: Initech", "nam: Initech", "4:"),
    ],
)
def test_a_test_file_that_is_wrong_is_exit_code_2(own: Path, before: str, after: str, told: str) -> None:
    path = own / "tests.yaml"
    path.write_text(TESTS.replace(before, after), "utf-8")
    done = invoke("rules", "test", own)
    assert done.exit_code == 2
    assert done.stdout == ""
    assert told in done.stderr


def test_rules_without_a_test_are_named(own: Path) -> None:
    path = own / "tests.yaml"
    path.write_text(TESTS.partition("  - name: a task")[0].replace(", mine", ""), "utf-8")
    assert "without a test: mine" in invoke("rules", "test", own).stdout


def test_a_folder_without_tests_says_what_to_do(tmp_path: Path) -> None:
    done = invoke("rules", "test", tmp_path)
    assert done.exit_code == 2
    assert "holds no tests.yaml" in done.stderr
