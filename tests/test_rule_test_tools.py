"""`followup rules test`: what the tests reach, and running them again whenever a file changes."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest
from click.testing import CliRunner, Result
from tests.support import HEARING, PEOPLE, builtin_engine

from followup import Engine
from followup.cli.root import cli
from followup.testing.coverage import Branch, Coverage
from followup.testing.running import cover_files

SCENARIO = """\
format: 1
scenario: own
rules:
  mine:
    intent: share
    after: interview
    wait: 1 day
    open_for: 1 week
    when:
      any:
        - company.culture: relaxed
        - person.rapport: friendly
    to: lead
    via: [email, {phone: {company.culture: relaxed}}]
  never:
    intent: task
    after: offer
    to: self
guards:
  own-hold:
    for: {rule: mine}
    hold: {while: {company.culture: formal}}
    because: they like it formal
"""
MESSAGE = """\
---
subject: Hello
---
Dear {{ person.name }},

{% if person.role %}You are {{ person.role }}.{% endif %}
"""
STATE = {
    "candidate": {"name": "Ana Souza", "timezone": "UTC"},
    "company": {"name": "Initech"},
    "position": {"title": "Data Engineer"},
    "people": PEOPLE,
    "events": [{"type": "interview", "id": "r1", "at": "2026-09-15T10:00Z", "with": ["dana"]}],
}
RELAXED = {"name": "Initech", "culture": "relaxed"}
DUE = {
    "name": "due",
    "now": "2026-09-17T12:00",
    "state": {"company": RELAXED},
    "expect": [{"rule": "mine", "status": "due"}],
}


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "own" / "messages").mkdir(parents=True)
    (tmp_path / "own" / "scenario.yaml").write_text(SCENARIO, "utf-8")
    for name in ("mine", "never"):
        (tmp_path / "own" / "messages" / f"{name}.md").write_text(MESSAGE, "utf-8")
    write_tests(tmp_path / "own", DUE)
    return tmp_path / "own"


def write_tests(folder: Path, *tests: object) -> None:
    (folder / "tests.yaml").write_text(json.dumps({"format": 1, "state": STATE, "tests": tests}), "utf-8")


def covered(own: Path, *tests: object) -> Coverage:
    write_tests(own, *tests)
    return cover_files(builtin_engine(rules=[own]), [own / "tests.yaml"])


def branch(coverage: Coverage, kind: str, text: str) -> Branch:
    branches = [branch for file in coverage.files for branch in file.branches]
    return next(found for found in branches if found.kind == kind and text in (found.name, found.text))


def test_a_rule_is_reached_when_a_test_makes_it_propose(own: Path) -> None:
    coverage = covered(own, DUE)
    assert branch(coverage, "rule", "mine").missing == ()
    assert branch(coverage, "rule", "never").missing == ("proposed", "due")
    assert branch(coverage, "rule", "never").line == SCENARIO[: SCENARIO.index("never:")].count("\n") + 1


def test_every_part_of_a_condition_is_to_be_seen_true_and_false(own: Path) -> None:
    relaxed, friendly = "company.culture is relaxed", "person.rapport is friendly"
    once = covered(own, DUE)
    assert branch(once, "condition", relaxed).missing == ("false",)
    assert branch(once, "condition", friendly).missing == ("true", "false")
    assert branch(once, "condition", friendly).seen == ("unknown",)
    formal = {**DUE, "state": {"company": {"name": "Initech", "culture": "formal"}}}
    assert branch(covered(own, DUE, formal), "condition", relaxed).missing == ()


def test_a_guard_is_to_act_and_to_let_go(own: Path) -> None:
    assert branch(covered(own, DUE), "guard", "own-hold").missing == ("acts",)
    formal = {
        **DUE,
        "state": {
            "company": {"name": "Initech", "culture": "formal"},
            "people": {"dana": {**PEOPLE["dana"], "rapport": "friendly"}},
        },
    }
    assert branch(covered(own, DUE, formal), "guard", "own-hold").missing == ()


def test_a_message_is_to_be_written_with_and_without_what_it_may_say(own: Path) -> None:
    coverage = covered(own, DUE)
    assert branch(coverage, "message", "mine").missing == ()
    assert branch(coverage, "fact", "person.role").missing == ("unknown",)
    people = {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}}
    both = covered(own, DUE, {**DUE, "state": {"company": RELAXED, "people": people}})
    assert branch(both, "fact", "person.role").missing == ()


def test_a_later_moment_counts_too(own: Path) -> None:
    step = {"at": "in 1 hour", "events": [{"type": "offer", "from": "dana"}], "absent": "mine"}
    assert branch(covered(own, {**DUE, "then": [step]}), "rule", "never").missing == ("due",)


def test_a_file_without_tests_has_nothing_reached_and_one_without_branches_all(own: Path) -> None:
    coverage = covered(own)
    assert (coverage.reached, coverage.percent) == (0, 0.0)


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def test_the_lines_that_no_test_reaches_are_shown_with_their_share(own: Path) -> None:
    done = invoke("rules", "test", own, "--coverage")
    assert done.exit_code == 0
    shown = " ".join(done.stdout.split())
    assert "rule never is never proposed" in shown
    assert "mine: person.rapport is friendly is never true" in shown
    assert "own-hold never acts" in shown


def test_a_share_below_what_is_asked_is_exit_code_1(own: Path) -> None:
    assert invoke("rules", "test", own, "--fail-under", 99).exit_code == 1
    assert invoke("rules", "test", own, "--fail-under", 10).exit_code == 0


def test_the_coverage_is_in_the_json(own: Path) -> None:
    told = json.loads(invoke("rules", "test", own, "--coverage", "--format", "json").stdout)["coverage"]
    assert 0 < told["percent"] < 100
    assert {"file", "reached", "total", "branches"} <= set(told["files"][0])


# Watching


class Watched:
    """`followup rules test --watch` on a terminal, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.ours, theirs = pty.openpty()
        code = HEARING + "from followup.cli import main; main()"
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, "rules", "test", str(folder), "--watch"],
            stdin=theirs, stdout=theirs, stderr=theirs,
        )  # fmt: skip
        os.close(theirs)
        self.shown = ""

    def until(self, text: str) -> str:
        """What is shown up to and with this text; fails if it does not come."""
        end = monotonic() + 60
        while text not in self.shown:
            ready, _, _ = select.select([self.ours], [], [], max(0, end - monotonic()))
            assert ready, f"`{text}` does not come; there is: {self.shown}"
            self.shown += os.read(self.ours, 4096).decode("utf-8", "replace")
        before, _, self.shown = self.shown.partition(text)
        return before + text

    def interrupt(self) -> int:
        """Press Ctrl-C; one that falls just before a blocking call is pressed again."""
        for _ in range(6):
            self.process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                return self.process.wait(10)
        raise AssertionError("the process does not hear Ctrl-C")


def test_it_runs_again_when_a_file_changes_survives_a_broken_one_and_ends_with_ctrl_c(own: Path) -> None:
    if "email" not in Engine.load().channels:
        pytest.skip("needs the email channel")
    watched = Watched(own)
    try:
        assert "1 test, none failed" in watched.until("Watching")
        held = {**DUE, "name": "held", "expect": [{"rule": "mine", "status": "held"}]}
        write_tests(own, DUE, held)
        assert "2 tests, 1 failed" in watched.until("Watching")
        (own / "scenario.yaml").write_text(SCENARIO.replace("after: interview", "after: intervew"), "utf-8")
        broken = watched.until("Watching")
        assert "did you mean" in broken
        assert "Traceback" not in broken
        (own / "scenario.yaml").write_text(SCENARIO, "utf-8")
        write_tests(own, DUE)
        watched.until("1 test, none failed")
        watched.until("Watching")
        assert watched.interrupt() == 130
        assert "Traceback" not in os.read(watched.ours, 4096).decode()
    finally:
        watched.process.kill()
        watched.process.wait()
        os.close(watched.ours)


def test_watching_is_for_people(own: Path) -> None:
    done = invoke("rules", "test", own, "--watch", "--format", "json")
    assert done.exit_code == 2
    assert "leave --format json out" in done.stderr
