"""The built-in scenarios: every rule test passes, every rule is tested, and no guard could be left out."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import yaml
from tests.support import INTERVIEW, ROOT, builtin_engine, sent, state, time

from followup import Engine
from followup.testing.running import cover_files
from followup.testing.scenarios import TestResult, run_tests

FILES = sorted((ROOT / "rules").glob("*/tests.yaml"))


@cache
def engine(channels: str) -> Engine:
    """The built-in scenarios, over channels made for the tests or over those that are installed."""
    return builtin_engine() if channels == "plain" else Engine.load()


@cache
def results(path: Path, channels: str = "plain") -> dict[str, TestResult]:
    return {result.name: result for result in run_tests(engine(channels), path)}


def named(path: Path) -> list[str]:
    return [test["name"] for test in yaml.load(path.read_text("utf-8"), yaml.BaseLoader)["tests"]]


@pytest.mark.parametrize("channels", ["plain", "installed"])
@pytest.mark.parametrize(
    ("path", "name"),
    [pytest.param(path, name, id=f"{path.parent.name}: {name}") for path in FILES for name in named(path)],
)
def test_scenario(path: Path, name: str, channels: str) -> None:
    if "email" not in engine(channels).channels:
        pytest.skip("the email channel is not installed")
    result = results(path, channels)[name]
    assert result.passed, "\n".join([str(result.place), *map(str, result.failures)])


def test_every_scenario_has_tests() -> None:
    assert {path.parent.name for path in FILES} == set(engine("plain").scenarios)


def test_every_rule_is_named_by_a_test() -> None:
    spoken = {rule for path in FILES for result in results(path).values() for rule in result.rules}
    assert set(engine("plain").rules) <= spoken


def test_the_last_question_goes_to_the_person_whom_they_named() -> None:
    asked = sent("2026-09-22T15:00Z", intent="inquiry", key="inquiry:r1:dana", channel="email")
    given = state(INTERVIEW, asked, instructions={"contact": "hr"})
    assert engine("plain").plan(given, time("2026-09-30T12:00"))["final:r1:hr"].status == "due"


def test_they_have_a_week_after_every_word_of_theirs() -> None:
    promised = {"type": "promise", "at": "2026-09-21T09:00Z", "by": "2026-09-22", "who": "hr"}
    skipped = {"type": "skipped", "at": "2026-09-23T09:00Z", "key": "broken-promise:said:hr"}
    thanked = sent("2026-09-15T15:00Z", key="thank-you:r1:dana", channel="email")
    given = state(INTERVIEW, thanked, {**promised, "id": "said"}, skipped)
    inquiry = engine("plain").plan(given, time("2026-09-24T12:00"))["inquiry:r1:hr"]
    assert (inquiry.status, inquiry.lifts) == ("held", time("2026-09-28T09:00"))


PROVEN_HERE = {"instructed-contact", "patience"}


@pytest.mark.parametrize("guard", sorted(engine("plain").guards.keys() - PROVEN_HERE))
def test_without_a_guard_some_test_fails(guard: str, tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text(f"format: 1\noverrides: {{{guard}: off}}\n", "utf-8")
    lacking = builtin_engine(settings=settings)
    assert not all(result.passed for path in FILES for result in run_tests(lacking, path))


def test_names_of_tests_are_unique() -> None:
    for path in FILES:
        assert len(set(named(path))) == len(named(path))


def test_every_rule_is_due_in_some_test_and_every_guard_acts_in_one_and_lets_go_in_another() -> None:
    coverage = cover_files(engine("plain"), FILES)
    missed = [
        f"{file.file}:{branch.line}: {branch.name} {' and '.join(branch.missing)}"
        for file in coverage.files
        for branch in file.branches
        if branch.kind in ("rule", "guard") and branch.missing
    ]
    assert missed == []
