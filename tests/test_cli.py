from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import sleep

import pytest
from click.testing import CliRunner
from tests.support import HEARING

from followup.cli.root import cli

COMMANDS = ["completion", "demo", "explain", "plan", "plugins", "rules", "simulate"]
START = [sys.executable, "-c", "from followup.cli import main; main()"]
STATE = """\
format: 1
candidate: {name: Ana Souza, timezone: America/Chicago}
company: {name: Initech}
position: {title: Data Engineer}
"""


def run(*arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **variables}
    return subprocess.run(
        [*START, *arguments], capture_output=True, text=True, encoding="utf-8", env=environment, check=False
    )


def install(folder: Path, source: str, name: str = "hello") -> str:
    """A distribution with one plugin, as pip would leave it; gives the PYTHONPATH that finds it."""
    (folder / f"followup_{name}.py").write_text(source, "utf-8")
    metadata = folder / f"followup_{name}-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: followup-{name}\nVersion: 1.0\n", "utf-8"
    )
    (metadata / "entry_points.txt").write_text(f"[followup]\n{name} = followup_{name}\n", "utf-8")
    return os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])


def test_help_names_every_command() -> None:
    done = run("--help")
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_every_command_shows_how_it_is_used(command: str) -> None:
    done = CliRunner().invoke(cli, [command, "--help"])
    assert done.exit_code == 0
    assert f"followup {command}" in done.stdout.partition("\n")[2]


def test_help_of_a_subcommand_shows_an_example() -> None:
    for group, name in [("rules", "list"), ("rules", "check"), ("rules", "test"), ("plugins", "show")]:
        done = CliRunner().invoke(cli, [group, name, "--help"])
        assert f"followup {group} {name}" in done.stdout.partition("\n")[2]


def test_the_version_is_printed_without_loading_anything() -> None:
    done = run("--version")
    assert done.returncode == 0
    assert done.stdout.startswith("followup")


def test_a_misspelt_command_gets_the_nearest_one() -> None:
    done = run("plam")
    assert done.returncode == 2
    assert "did you mean `plan`?" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_missing_state_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = run("plan", str(tmp_path / "nowhere.yaml"))
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"{tmp_path / 'nowhere.yaml'}: there is no such file; check its name and folder [file-missing]"
    ]


def test_every_problem_of_a_state_is_a_line_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text(STATE.replace("Initech", "").replace("candidate:", "candidat:"), "utf-8")
    done = run("plan", str(path))
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    assert len(lines) >= 2
    assert all(line.startswith(f"{path}:") for line in lines)


def test_a_rule_file_that_is_wrong_is_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(
        "format: 1\nscenario: mine\nrules: {a: {after: nothing}}\n", "utf-8"
    )
    done = run("--rules", str(tmp_path), "rules", "list")
    assert done.returncode == 2
    assert done.stdout == ""
    assert "scenario.yaml:" in done.stderr
    assert "Traceback" not in done.stderr


def test_settings_may_come_from_the_environment(tmp_path: Path) -> None:
    done = run("rules", "list", FOLLOWUP_SETTINGS=str(tmp_path / "none.yaml"))
    assert done.returncode == 2
    assert "none.yaml" in done.stderr


def open_once_read(pipe: Path, reader: subprocess.Popen[str]) -> int:
    """The writing end of a named pipe, once the process has opened it to read."""
    while reader.poll() is None:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:
            continue
    raise AssertionError("the process ended before it read")


def interrupted(process: subprocess.Popen[str]) -> str:
    """What a process tells after Ctrl-C. One that falls just before a blocking read is pressed again."""
    for _ in range(6):
        sleep(0.3)  # so that it reads already, most often
        process.send_signal(signal.SIGINT)
        try:
            return process.communicate(timeout=10)[1]
        except subprocess.TimeoutExpired:
            continue
    raise AssertionError("the process does not hear Ctrl-C")


def test_ctrl_c_leaves_quietly(tmp_path: Path) -> None:
    pipe = tmp_path / "state.yaml"
    os.mkfifo(pipe)
    start = [*START[:-1], HEARING + START[-1], "plan", str(pipe)]
    with subprocess.Popen(start, stderr=subprocess.PIPE, text=True) as process:
        held_open = open_once_read(pipe, process)
        try:
            told = interrupted(process)
        finally:
            process.kill()
            os.close(held_open)
    assert process.returncode == 130
    assert told.strip() == ""


def test_a_reader_that_goes_away_is_no_error() -> None:
    with subprocess.Popen(
        [*START, "completion", "bash"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        told = process.stderr.read()
    assert process.returncode == 141
    assert told == b""


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_are_clicks_own(shell: str) -> None:
    done = CliRunner().invoke(cli, ["completion", shell])
    assert done.exit_code == 0
    assert "_FOLLOWUP_COMPLETE" in done.stdout


def complete(*words: str) -> list[str]:
    done = run(
        _FOLLOWUP_COMPLETE="bash_complete",
        COMP_WORDS=" ".join(["followup", *words]),
        COMP_CWORD=str(len(words)),
    )
    return [line.partition(",")[2] for line in done.stdout.split()]


def test_commands_and_rule_names_complete() -> None:
    assert complete("pl") == ["plan", "plugins"]
    assert "inquiry" in complete("rules", "show", "inq")
    assert "inquiry" in complete("explain", "state.yaml", "inq")


def test_rule_names_complete_to_nothing_where_rules_cannot_be_read(tmp_path: Path) -> None:
    assert complete("--rules", str(tmp_path / "none"), "rules", "show", "inq") == []


COMMAND = """\
import click
from followup.hookspecs import hookimpl

FOLLOWUP_API = 1

@hookimpl
def followup_commands():
    return [click.Command("greet", callback=lambda: click.echo("Hello."))]
"""


def test_a_plugins_command_is_found_by_its_name(tmp_path: Path) -> None:
    path = install(tmp_path, COMMAND)
    assert run("greet", PYTHONPATH=path).stdout == "Hello.\n"
    assert run("--deny", "hello", "greet", PYTHONPATH=path).returncode == 2
    assert run("--no-plugins", "greet", PYTHONPATH=path).returncode == 2


def test_a_plugins_command_that_cannot_be_imported_is_told_with_its_plugin(tmp_path: Path) -> None:
    own = 'click.Command("greet", callback=lambda: click.echo("Hello."))'
    named = COMMAND.replace("import click\n", "from followup.hookspecs import Command\n")
    named = named.replace(own, 'Command("greet", "followup_nowhere:greet")')
    path = install(tmp_path, named)
    done = run("greet", PYTHONPATH=path)
    assert done.returncode == 2
    assert "`hello` (" in done.stderr
    assert (
        "the command `greet` cannot be loaded from `followup_nowhere:greet`: raised ModuleNotFound"
        in done.stderr
    )
    assert run("plan", "--help", PYTHONPATH=path).returncode == 0
    checked = run("plugins", "check", "hello", PYTHONPATH=path)
    assert (checked.returncode, "cannot be loaded from" in checked.stdout) == (1, True)


def test_a_plugin_that_fails_is_told_and_the_rest_works(tmp_path: Path) -> None:
    path = install(tmp_path, "raise SystemExit('no luck')\n", "broken")
    done = run("rules", "list", PYTHONPATH=path)
    assert done.returncode == 0
    assert "inquiry" in done.stdout
    assert "`broken`" in done.stderr
    assert "Traceback" not in done.stderr
    shown = run("plugins", "show", "broken", PYTHONPATH=path)
    assert shown.returncode == 1
    assert "no luck" in shown.stdout


def test_plugins_are_listed_without_being_imported(tmp_path: Path) -> None:
    path = install(tmp_path, "raise SystemExit('imported')\n", "lazy")
    done = run("plugins", "list", "--format", "json", PYTHONPATH=path)
    found = {plugin["name"]: plugin for plugin in json.loads(done.stdout)["plugins"]}
    assert found["lazy"]["version"] == "1.0"
    assert done.stderr == ""
    assert "lazy" in run("plugins", "list", PYTHONPATH=path).stdout


def test_a_misspelt_plugin_gets_the_nearest_one(tmp_path: Path) -> None:
    path = install(tmp_path, COMMAND)
    done = run("plugins", "show", "helo", PYTHONPATH=path)
    assert done.returncode == 2
    assert "did you mean `hello`?" in done.stderr


FAULTY = COMMAND.replace('click.echo("Hello.")', "1 / 0").replace("greet", "faulty")


def test_a_fault_is_one_line_and_its_traceback_only_on_request(tmp_path: Path) -> None:
    path = install(tmp_path, FAULTY)
    done = run("faulty", PYTHONPATH=path)
    assert done.returncode == 70
    assert len(done.stderr.splitlines()) == 1
    assert "ZeroDivisionError" in done.stderr
    assert "a fault in plugin `hello` (followup-hello 1.0)" in done.stderr
    assert "Traceback" in run("faulty", PYTHONPATH=path, FOLLOWUP_DEBUG="1").stderr


REVIEWS = """\
from followup.hookspecs import Review, hookimpl

FOLLOWUP_API = 1

def check(draft, context):
    raise FAULT

@hookimpl
def followup_reviews():
    return [Review("faulty", check)]
"""


@pytest.mark.parametrize("fault", ["KeyError('x')", "SystemExit(3)"])
def test_a_fault_in_a_plugins_code_is_told_as_that_plugins(tmp_path: Path, fault: str) -> None:
    pytest.importorskip("followup_email", reason="without a channel there is no draft to review")
    path = install(tmp_path, REVIEWS.replace("FAULT", fault))
    example = Path(__file__).parent.parent / "examples" / "chicago-panel.yaml"
    done = run("plan", str(example), "--now", "2026-11-16T17:00-06:00", PYTHONPATH=path)
    assert (done.returncode, len(done.stderr.splitlines())) == (70, 1)
    assert "a fault in plugin `hello` (followup-hello 1.0), please report it" in done.stderr
    assert "; `followup plugins disable hello` keeps it out" in done.stderr


def test_what_the_encoding_lacks_does_not_stop_the_output() -> None:
    done = subprocess.run(
        [*START, "demo"], capture_output=True, env={**os.environ, "PYTHONIOENCODING": "ascii"}, check=False
    )
    assert done.returncode == 0
    assert b"Ana Souza" in done.stdout
