"""`followup rules check`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.options import FORMAT, Options, pass_options, tell
from followup.errors import InputError, Place, Problem, RuleError

if TYPE_CHECKING:
    from followup.engine import Engine

__all__ = ["command"]


@click.command("check")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@click.option(
    "--ignore", "ignored", multiple=True, metavar="CODE", help="Leave out a warning or note; may be repeated."
)
@click.option("--strict", is_flag=True, help="Let notes make the exit code 1, as warnings do.")
@FORMAT
@pass_options
def command(
    options: Options, paths: tuple[str, ...], ignored: tuple[str, ...], strict: bool, form: str
) -> None:
    """Check rules on top of the built-in ones, and print every problem with its place and cure.

    PATH is a folder with a scenario.yaml or a language.yaml, or a file: settings, tests, a message, a state.
    What can be used but hardly be meant is a warning; what may be meant so is a note. A comment
    `# followup: allow CODE` at the end of a line, or above it, silences it there. Exit code 0: fine;
    1: warnings; 2: files that cannot be used.

    \b
    Examples:
      followup rules check
      followup rules check my-rules/ settings.yaml
      followup rules check my-rules/tests.yaml initech.yaml
      followup rules check my-rules/ --strict --ignore may-block
      followup rules check my-rules/ --format json
    """
    given = _sorted_out(paths)
    problems, loaded = _found(options, given)
    problems = [each for each in problems if each.severity == "error" or each.code not in ignored]
    wrong = any(problem.severity == "error" for problem in problems)
    warned = any(problem.severity == "warning" or strict for problem in problems)
    if form == "json":
        import msgspec

        listed = [_as_data(problem) for problem in problems]
        click.echo(msgspec.json.encode({"format": 1, "problems": listed}))
    else:
        _print(problems, options, given, loaded)
    click.get_current_context().exit(2 if wrong else 1 if warned else 0)


@dataclass(slots=True)
class _Given:
    """The paths by what they are."""

    folders: list[str] = field(default_factory=list)
    settings: list[str] = field(default_factory=list)
    tests: list[str] = field(default_factory=list)
    states: list[str] = field(default_factory=list)


def _sorted_out(paths: tuple[str, ...]) -> _Given:
    """What each path is. Raises RuleError for one that is not there, or not where it is read."""
    from followup.linting.kinds import kind_of

    given = _Given()
    problems: list[Problem] = []
    for path in paths:
        where = Path(path)
        if not where.exists():
            cure = "check its name and folder"
            problems.append(Problem("file-missing", "there is no such file or folder", Place(path), cure))
            continue
        match kind_of(where):
            case "folder":
                given.folders.append(path)
            case "scenario" | "language" as kind if where.name != f"{kind}.yaml":
                text = f"this is a {kind}, which is read from a file `{kind}.yaml` in a folder of its own"
                problems.append(Problem("stray-file", text, Place(path), f"name it `{kind}.yaml`"))
            case "scenario" | "language":
                given.folders.append(str(where.parent))
            case "message":
                given.folders += [str(each) for each in where.parents[:4] if _is_home(each)][:1]
            case "tests":
                given.tests.append(path)
                given.folders += [str(where.parent)] if _is_home(where.parent) else []
            case "state":
                given.states.append(path)
            case "settings":
                given.settings.append(path)
    if problems:
        raise RuleError(problems)
    given.folders = list(dict.fromkeys(given.folders))
    return given


def _is_home(folder: Path) -> bool:
    return (folder / "scenario.yaml").is_file()


def _found(options: Options, given: _Given) -> tuple[list[Problem], str]:
    """All problems, each once, in order of place; and what was loaded, in words."""
    from followup.linting import lint

    problems: list[Problem] = []
    loaded = ""
    for file in given.settings or (None,):
        try:
            engine = options.load(given.folders, file)
        except InputError as error:
            problems += error.problems
            for plugin in getattr(error, "__notes__", ()):
                click.echo(plugin, err=True)
        else:
            problems += [*engine.problems, *lint(engine), *_data_problems(engine, given)]
            counts = len(engine.scenarios), len(engine.rules), len(engine.guards)
            loaded = f"{counts[0]} scenarios, {counts[1]} rules, {counts[2]} guards"
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.place, problem.code)), loaded


def _data_problems(engine: Engine, given: _Given) -> Iterator[Problem]:
    """What is wrong with states and tests."""
    from followup.states import read_file
    from followup.testing.reading import prepared_tests

    homes = [scenario.folder / "tests.yaml" for scenario in engine.scenarios.values()]
    tests = {path.resolve(): path for path in (*homes, *map(Path, given.tests)) if path.is_file()}
    for path in tests.values():
        try:
            prepared_tests(engine, path)
        except InputError as error:
            yield from error.problems
    for state in given.states:
        try:
            yield from read_file(state, vocabulary=engine.vocabulary).notes
        except InputError as error:
            yield from error.problems


def _print(problems: Sequence[Problem], options: Options, given: _Given, loaded: str) -> None:
    """One line a problem; on a terminal with the line of the file that each speaks of."""
    from followup.cli.drawing_problems import counted, draw_problems

    if sys.stderr.isatty():
        from shutil import get_terminal_size

        from followup.cli.excerpts import find_file

        folders = (*options.rules, *given.folders)
        files = {problem.place.file: find_file(problem.place.file, folders) for problem in problems}
        for line in draw_problems(problems, files, min(get_terminal_size().columns, 110)):
            click.echo(line, err=True)
    else:
        tell(problems)
    click.echo(": ".join(filter(None, (loaded, counted(problems)))), err=not loaded)


def _as_data(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "code": problem.code, "severity": problem.severity, "text": problem.text, "cure": problem.cure,
        "file": place.file, "line": place.line, "column": place.column, "path": place.path,
    }  # fmt: skip
