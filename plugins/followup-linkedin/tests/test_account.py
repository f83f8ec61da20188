"""What a state says of the account, the guards of the account, and the page that is opened."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from followup import Engine
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


def opened(folder: Path, linkedin: str, *more: str, now: str = "2026-09-17T10:00Z") -> tuple[int, str, str]:
    """Exit code and output of `followup linkedin open`, and what a browser was told to open."""
    file, page = folder / "initech.yaml", folder / "page"
    file.write_text(STATE.replace("LINKEDIN", linkedin), encoding="utf-8")
    browser = folder / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > "{page}"\n', encoding="utf-8")
    browser.chmod(0o755)
    ran = subprocess.run(
        [
            sys.executable,
            "-c",
            "from followup.cli import main; main()",
            "linkedin",
            "open",
            str(file),
            KEY,
            "--now",
            now,
            *more,
        ],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "BROWSER": f"{browser} %s"},
    )
    return ran.returncode, ran.stdout + ran.stderr, page.read_text("utf-8") if page.exists() else ""


def test_open_shows_the_words_and_opens_the_page(tmp_path: Path) -> None:
    code, output, page = opened(tmp_path, "{account: premium}")
    assert code == 0
    assert "of 300 characters, for a premium account as of 2026-" in output
    assert "Hello Dana Whitfield, thank you" in output
    assert page == "https://www.linkedin.com/in/dana-whitfield"


def test_print_opens_nothing(tmp_path: Path) -> None:
    code, output, page = opened(tmp_path, "{}", "--print")
    assert (code, page) == (0, "")
    assert "Hello Dana Whitfield, thank you" in output


def test_what_is_not_due_opens_nothing(tmp_path: Path) -> None:
    held = "{notes: [2026-09-01, 2026-09-02, 2026-09-03]}"
    code, output, page = opened(tmp_path, held)
    assert (code, page) == (2, "")
    assert "no note of your own left for this month" in output
    code, output, page = opened(tmp_path, held, "--print")
    assert (code, page) == (0, "")
    assert f"Do not send it yet: {KEY} is held" in output
