"""What a state says of the account, the guards of the account, and the page that is opened."""

from __future__ import annotations

import os
import subprocess
import sys
import webbrowser
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from followup import Engine
from followup.cli.options import Options
from followup.cli.root import cli
from followup.states import read_text
from followup.testing import ReviewConformance, ScenarioPackConformance
from followup_linkedin.fitting import REVIEW

STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: UTC}
company: {name: Initech, timezone: UTC}
position: {title: Data Engineer}
linkedin: LINKEDIN
people:
  dana:
    name: Dana Whitfield
    role: hiring manager
    linkedin: https://www.linkedin.com/in/dana-whitfield
events:
  - {type: interview, id: r1, at: "2026-09-15T10:00Z", with: [dana]}
  - {type: sent, at: "2026-09-15T13:00Z", to: dana, intent: thanks, channel: email}
  - {type: reply, at: "2026-09-15T15:00Z", from: dana}
"""
NOW = datetime(2026, 9, 17, 10, tzinfo=UTC)
RUN = "from followup.cli import main; main()"
KEY = "connect:r1:dana"


class TestLinkedInReview(ReviewConformance):
    review = REVIEW


class TestLinkedInPack(ScenarioPackConformance):
    plugin = "linkedin"
    also = ("email", "phone")


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load()


def planned(engine: Engine, linkedin: str, now: datetime = NOW) -> tuple[str, datetime | None]:
    state = read_text(STATE.replace("LINKEDIN", linkedin), vocabulary=engine.vocabulary).state
    found = {followup.key: followup for followup in engine.plan(state, now).followups}[KEY]
    return found.status, found.lifts


@pytest.mark.parametrize(
    ("linkedin", "status"),
    [
        ("{}", "due"),
        ("{account: free, notes: [2026-09-01, 2026-09-02]}", "due"),
        ("{account: free, notes: [2026-09-01, 2026-09-02, 2026-09-03]}", "held"),
        ("{account: nonsense, notes: [2026-09-01, 2026-09-02, 2026-09-03]}", "held"),
        ("{notes_a_month: 4, notes: [2026-09-01, 2026-09-02, 2026-09-03]}", "due"),
        ("{notes: [2026-08-16, 2026-09-02, 2026-09-03]}", "due"),
        ("{notes: [nonsense, 2026-09-02, 2026-09-03]}", "due"),
        ("{account: premium, notes: [2026-09-01, 2026-09-02, 2026-09-03]}", "due"),
        ("{connected: [dana]}", "held"),
        ("{connected: [lee]}", "due"),
        ("nonsense", "due"),
    ],
)
def test_invitations_keep_within_what_the_account_has(engine: Engine, linkedin: str, status: str) -> None:
    assert planned(engine, linkedin)[0] == status


def test_it_says_when_the_month_is_over_and_is_due_from_that_moment(engine: Engine) -> None:
    used_up = "{notes: [2026-08-18, 2026-09-02, 2026-09-03]}"
    assert planned(engine, used_up) == ("held", datetime(2026, 9, 18, tzinfo=UTC))
    assert planned(engine, used_up, datetime(2026, 9, 18, tzinfo=UTC))[0] == "due"


@pytest.fixture
def initech(tmp_path: Path) -> Path:
    return tmp_path / "initech.yaml"


def words_of_open(file: Path, linkedin: str, *more: str) -> list[str]:
    """The words of `followup linkedin open`, for a state that says this of the account."""
    file.write_text(STATE.replace("LINKEDIN", linkedin), encoding="utf-8")
    return ["linkedin", "open", str(file), KEY, "--now", "2026-09-17T10:00Z", *more]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, engine: Engine) -> Callable[..., Result]:
    """Runs the command in this process; a browser that it would open fails the test."""

    def no_browser(page: str, *_: object, **__: object) -> bool:
        raise AssertionError(f"it opens {page}")

    monkeypatch.setattr(webbrowser, "open", no_browser)
    options = Options(_engine=engine)
    return lambda *words: CliRunner().invoke(cli, words_of_open(*words), obj=options)


def test_open_shows_the_words_and_opens_the_page(initech: Path) -> None:
    page, browser = initech.with_name("page"), initech.with_name("browser")
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{page}"\n', encoding="utf-8")
    browser.chmod(0o755)
    ran = subprocess.run(
        [sys.executable, "-c", RUN, *words_of_open(initech, "{account: premium}")],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "BROWSER": f"{browser} %s"},
    )
    assert "of 300 characters, for a premium account as of 2026-" in ran.stdout
    assert "Hello Dana Whitfield, thank you" in ran.stdout
    assert page.read_text("utf-8") == "https://www.linkedin.com/in/dana-whitfield"


def test_print_opens_nothing(initech: Path, run: Callable[..., Result]) -> None:
    done = run(initech, "{}", "--print")
    assert done.exit_code == 0, done.output
    assert "Hello Dana Whitfield, thank you" in done.output


def test_what_is_not_due_opens_nothing(initech: Path, run: Callable[..., Result]) -> None:
    held = "{notes: [2026-09-01, 2026-09-02, 2026-09-03]}"
    refused = run(initech, held)
    assert refused.exit_code == 2
    assert "no note of your own left for this month" in refused.output
    printed = run(initech, held, "--print")
    assert printed.exit_code == 0
    assert f"Do not send it yet: {KEY} is held" in printed.output
