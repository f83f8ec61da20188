"""What starting imports, counted and not timed: a module that nobody needs is told with its way in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path

import pytest
from tests.support import ROOT, example_day

from followup.commands import COMMANDS

WATCH = """
import atexit, json, sys

class Watch:
    def find_spec(self, name, path=None, target=None):
        if name in watched or name.partition(".")[0] in watched:
            found.setdefault(name, list(callers(sys._getframe(1))))

def callers(frame):
    while frame.f_globals["__name__"] != "__main__":
        if not frame.f_code.co_filename.startswith("<frozen"):
            yield f"{frame.f_globals['__name__']} line {frame.f_lineno}"
        frame = frame.f_back

found, watched, program = {}, set(json.loads(sys.argv[1])), sys.argv[2]
del sys.argv[1:3]
sys.meta_path.insert(0, Watch())
atexit.register(lambda: print("\\n" + json.dumps(found), file=sys.stderr))
exec(compile(program, "the command", "exec"), {"__name__": "the command"})
"""
"""Runs a program, and at its end tells of each watched module from where it was first asked for."""
COMMAND = "from followup.cli import main; main()"
EVERY_HELP = """
from followup.cli.root import cli
from followup.commands import COMMANDS
for name in COMMANDS:
    cli([name, "--help"], prog_name="followup", standalone_mode=False)
"""
LOAD = "from followup import Engine; Engine.load()"

NETWORK = {"asyncio", "http", "imaplib", "imap_tools", "smtplib", "ssl", "urllib.request"}
STORES = {"followup.store", "psycopg", "sqlalchemy", "sqlite3"}
PLUGINS = {
    f"followup_{path.name.removeprefix('followup-')}" for path in (ROOT / "plugins").glob("followup-*")
}  # fmt: skip
PLUGINS_OWN = {"apprise", "fpdf", "harper", "icalendar", "keyring", "phonenumbers", "pypdf"}
"""What plugins need for what they do, and not to be there."""
RULES = {"followup.engine", "followup.plugins", "jsonschema", "minijinja", "pluggy", "yaml"}
SELDOM = {"dateparser", "drawsvg", "jsonschema", *NETWORK, *(PLUGINS_OWN - {"harper"})}
"""What a plan needs never, of a file that is in order."""
ANYTHING = {
    *RULES, *STORES, *NETWORK, *PLUGINS, *PLUGINS_OWN, *SELDOM,
    "email", "holidays", "importlib.metadata", "rich",
}  # fmt: skip
STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: America/Chicago}
company: {name: Initech}
position: {title: Data Engineer}
people: {dana: {name: Dana Whitfield, email: dana@initech.example}}
events: [{type: interview, id: r1, at: 2026-11-20T10:00-06:00, with: [dana]}]
"""
NOW = ("--now", "2026-11-20T19:00-06:00")


def uncalled_for(unwanted: Collection[str], program: str, *arguments: str, **variables: str) -> str:
    """Which unwanted modules a program imports, each with the way from the program to it; or nothing."""
    done = subprocess.run(
        [sys.executable, "-c", WATCH, json.dumps(sorted(unwanted)), program, *arguments],
        capture_output=True, text=True, check=False, env={**os.environ, **variables},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, list[str]] = json.loads(done.stderr.splitlines()[-1])
    told = (f"{name} is imported: {' → '.join(reversed(callers))}" for name, callers in found.items())
    return "\n".join(told)


@pytest.fixture
def state(tmp_path: Path) -> str:
    """The file of a state without a country, in which a message is due."""
    path = tmp_path / "initech.yaml"
    path.write_text(STATE, "utf-8")
    return str(path)


def test_the_way_by_which_a_module_came_in_is_told(tmp_path: Path) -> None:
    (tmp_path / "between.py").write_text("def later():\n    import wave\n", "utf-8")
    told = uncalled_for({"wave"}, "import between\nbetween.later()", PYTHONPATH=str(tmp_path))
    assert told == "wave is imported: the command line 2 → between line 2"


@pytest.mark.parametrize("module", ["followup", "followup.errors"])
def test_importing_followup_imports_nothing_that_takes_time(module: str) -> None:
    assert not uncalled_for({*ANYTHING, "click", "msgspec"}, f"import {module}")


def test_importing_followup_does_not_even_import_typing() -> None:
    assert not uncalled_for({"dataclasses", "inspect", "typing"}, "import followup")


def test_the_help_is_printed_with_click_alone() -> None:
    assert not uncalled_for({*ANYTHING, "msgspec"}, COMMAND, "--help")


def test_the_help_of_no_command_loads_an_engine_or_a_plugin() -> None:
    assert len(COMMANDS) > 20
    assert not uncalled_for(ANYTHING, EVERY_HELP)


def test_the_version_is_printed_without_an_engine() -> None:
    assert not uncalled_for(ANYTHING - {"email", "importlib.metadata"}, COMMAND, "--version")


def test_completion_loads_neither_an_engine_nor_a_plugin() -> None:
    typed = {"_FOLLOWUP_COMPLETE": "bash_complete", "COMP_WORDS": "followup pl", "COMP_CWORD": "1"}
    assert not uncalled_for(ANYTHING, COMMAND, **typed)


def test_an_engine_is_loaded_without_what_only_commands_and_drafts_need() -> None:
    unwanted = {*SELDOM, *STORES, "click", "harper", "holidays", "rapidfuzz", "rich"}
    unwanted |= {"followup.advice", "followup.reviewing.names"}
    assert not uncalled_for(unwanted, LOAD)


def test_a_plan_opens_no_store_and_needs_no_network(state: str) -> None:
    assert not uncalled_for({*SELDOM, *STORES}, COMMAND, "plan", state, *NOW)


def test_a_plan_looks_up_holidays_only_in_a_country(state: str) -> None:
    assert not uncalled_for({"holidays"}, COMMAND, "plan", state, *NOW)


def test_a_plan_as_json_draws_nothing_and_without_drafts_reads_none(state: str) -> None:
    arguments = ("plan", state, "--format", "json", "--no-drafts", *NOW)
    assert not uncalled_for({"harper", "rapidfuzz", "rich"}, COMMAND, *arguments)


def test_a_day_needs_neither_the_network_nor_what_checks_faulty_files(tmp_path: Path) -> None:
    home = {"FOLLOWUP_HOME": str(tmp_path)}
    added = subprocess.run(
        [sys.executable, "-c", COMMAND, "--no-plugins", "add", "-", "--yes"],
        input=example_day(), capture_output=True, text=True, check=False, env={**os.environ, **home},
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    assert not uncalled_for({*SELDOM, "psycopg", "sqlalchemy"}, COMMAND, "today", *NOW, **home)
