"""A new plugin of each kind, in a clean environment: made, installed, tested, used, and out again.

It installs packages, so it runs where FOLLOWUP_KIT is set: `tox -e kit`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
NOW = "2026-09-15T13:00-05:00"
LATER = "2026-09-24T10:00-05:00"
STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, phone: "+1 312 555 0188", timezone: America/Chicago}
company: {name: Initech, country: US, timezone: America/Chicago}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: recruiter, email: dana@initech.example, phone: "+1 312 555 0142"}
events:
  - type: interview
    id: r1
    at: 2026-09-15T10:00-05:00
    with: [dana]
    topics: {dana: [the launch!! of the warehouse]}
"""
READ_UP = """\
format: 1
scenario: read-up
title: Read up

rules:
  read-up:
    title: Read about the team
    intent: task
    after: interview
    wait: 1 hour
    open_for: 1 week
    when:
      CONDITION
    to: self
"""
ASKED = {
    "operator": "position.title: {trial_operator: data}",
    "condition": "trial_condition: {of: [rounds, unanswered], at_least: 1}",
}
"""What a rule asks by it, by kind."""

pytestmark = pytest.mark.skipif(not os.environ.get("FOLLOWUP_KIT"), reason="installs packages: `tox -e kit`")


@dataclass(frozen=True)
class Place:
    """An environment with followup and the email channel, and a folder to work in."""

    environment: Path
    folder: Path

    def run(self, *command: str, cwd: Path | None = None, code: int = 0) -> str:
        """What a program of the environment prints; it must end with this code."""
        program = self.environment / ("Scripts" if sys.platform == "win32" else "bin") / command[0]
        variables = {
            name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")
        }
        done = subprocess.run(
            [str(program), *command[1:]], cwd=cwd or self.folder, capture_output=True, text=True, check=False,
            encoding="utf-8", stdin=subprocess.DEVNULL,
            env={**variables, "FOLLOWUP_CONFIG": str(self.folder / ".config"), "PYTHONUTF8": "1"},
        )  # fmt: skip
        assert done.returncode == code, f"{' '.join(command)}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def pip(self, *arguments: str) -> None:
        self.run("python", "-m", "pip", "--disable-pip-version-check", *arguments)

    def plan(self, *options: str, now: str) -> dict[str, dict[str, object]]:
        """The follow-ups of the state's plan, by key."""
        arguments = [*options, "plan", "state.yaml", "--now", now, "--format", "json"]
        return {each["key"]: each for each in json.loads(self.run("followup", *arguments))["followups"]}


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean") / "venv"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    place = Place(folder, folder)
    place.pip("install", "-q", str(ROOT), str(ROOT / "plugins" / "followup-email"), "mypy", "pytest", "ruff")
    return folder


@pytest.fixture
def place(environment: Path, tmp_path: Path) -> Place:
    (tmp_path / "state.yaml").write_text(STATE, "utf-8")
    return Place(environment, tmp_path)


def made(place: Place, kind: str) -> Path:
    """The folder of a new plugin of this kind."""
    place.run("followup", "plugins", "new", f"trial-{kind}", "--kind", kind)
    return place.folder / f"followup-trial-{kind}"


def used(place: Place, kind: str) -> None:
    """Look at a plan that the plugin has a part in."""
    match kind:
        case "channel":
            place.folder.joinpath("settings.yaml").write_text(
                "format: 1\noverrides:\n  inquiry: {via: [trial-channel]}\n", "utf-8"
            )
            inquiry = place.plan("--settings", "settings.yaml", now=LATER)["inquiry:r1:dana"]
            assert (inquiry["status"], inquiry["channel"]) == ("due", "trial-channel")
        case "condition" | "operator":
            folder = place.folder / "read-up"
            (folder / "messages").mkdir(parents=True)
            (folder / "scenario.yaml").write_text(READ_UP.replace("CONDITION", ASKED[kind]), "utf-8")
            (folder / "messages" / "read-up.md").write_text("---\nsubject: Read up\n---\nRead up.\n", "utf-8")
            [task] = [
                each
                for each in place.plan("--rules", "read-up", now=NOW).values()
                if each["rule"] == "read-up"
            ]
            assert task["status"] == "due"
        case "review":
            findings = place.plan(now=NOW)["thank-you:r1:dana"]["findings"]
            assert isinstance(findings, list)
            assert "trial-review" in [finding["review"] for finding in findings]
        case "scenario":
            event = "  - {type: trial-scenario, id: fair, at: 2026-09-20T10:00-05:00, who: dana}\n"
            place.folder.joinpath("state.yaml").write_text(STATE + event, "utf-8")
            thanks = place.plan(now="2026-09-20T12:00-05:00")["trial-scenario-thanks:fair:dana"]
            assert (thanks["status"], thanks["channel"]) == ("due", "email")


GONE = {
    "channel": (["--settings", "settings.yaml", "plan", "state.yaml"], "no channel is named `trial-channel`"),
    "condition": (["--rules", "read-up", "plan", "state.yaml"], "no fact is named `trial_condition`"),
    "operator": (["--rules", "read-up", "plan", "state.yaml"], "no operator is named `trial_operator`"),
    "scenario": (["plan", "state.yaml"], "`trial-scenario`"),
}
"""What still needs the plugin when it is gone, and what is then said, by kind."""


@pytest.mark.parametrize("kind", ["channel", "condition", "operator", "review", "scenario"])
def test_a_new_plugin_works_and_leaves_the_core_unharmed(place: Place, kind: str) -> None:
    before = place.plan(now=NOW)
    folder = made(place, kind)
    place.pip("install", "-q", str(folder))
    if kind == "scenario":
        assert not list(folder.rglob("*.py"))
        # The installed copy would clash with the one in the folder.
        rules = ("followup", "--deny", f"trial-{kind}", "rules")
        place.run(*rules, "test", f"src/followup_trial_{kind}", cwd=folder)
        place.run(*rules, "check", "--strict", f"src/followup_trial_{kind}", cwd=folder)
        place.run(*rules, "format", "--check", f"src/followup_trial_{kind}", cwd=folder)
    else:
        place.run("pytest", "-q", cwd=folder)
        place.run("ruff", "check", ".", cwd=folder)
        place.run("ruff", "format", "--check", ".", cwd=folder)
        place.run("mypy", cwd=folder)
    assert f"trial-{kind}" in place.run("followup", "plugins", "list")
    assert "passed" in place.run("followup", "plugins", "check", f"trial-{kind}")
    used(place, kind)
    place.pip("uninstall", "-q", "-y", f"followup-trial-{kind}")
    assert f"trial-{kind}" not in place.run("followup", "plugins", "list")
    if kind in GONE:
        command, said = GONE[kind]
        told = place.run("followup", *command, "--now", LATER, code=2)
        assert said in told
        assert "Traceback" not in told
    place.folder.joinpath("state.yaml").write_text(STATE, "utf-8")
    assert place.plan(now=NOW) == before


@pytest.mark.parametrize("name", ["x", "a-name-of-thirty-characters-ok"])
@pytest.mark.parametrize("kind", ["channel", "condition", "operator", "review"])
def test_a_new_plugin_is_in_style_whatever_its_name(place: Place, kind: str, name: str) -> None:
    place.run("followup", "plugins", "new", name, "--kind", kind)
    place.run("ruff", "check", ".", cwd=place.folder / f"followup-{name}")
    place.run("ruff", "format", "--check", ".", cwd=place.folder / f"followup-{name}")
