"""`followup rules check`."""

from __future__ import annotations

from pathlib import Path

import click

from followup.cli.options import FORMAT, Options, pass_options, tell
from followup.errors import InputError, Place, Problem, RuleError

__all__ = ["command"]


@click.command("check")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@FORMAT
@pass_options
def command(options: Options, paths: tuple[str, ...], form: str) -> None:
    """Check rules on top of the built-in ones, and print every problem with its place and cure.

    PATH is a folder with a scenario.yaml, or a settings file. Exit code 0: fine; 1: warnings; 2: rules
    that cannot be used.

    \b
    Examples:
      followup rules check
      followup rules check my-rules/ settings.yaml
      followup rules check my-rules/ --format json
    """
    folders, settings = _sorted_out(paths)
    problems: list[Problem] = []
    counts: tuple[int, int, int] = (0, 0, 0)
    for file in settings or (None,):
        try:
            engine = options.load(folders, file)
        except InputError as error:
            problems += [problem for problem in error.problems if problem not in problems]
        else:
            problems += [problem for problem in engine.problems if problem not in problems]
            counts = len(engine.scenarios), len(engine.rules), len(engine.guards)
    wrong = any(problem.severity == "error" for problem in problems)
    warned = any(problem.severity == "warning" for problem in problems)
    if form == "json":
        import msgspec

        click.echo(
            msgspec.json.encode({"format": 1, "problems": [_as_data(problem) for problem in problems]})
        )
    else:
        tell(problems)
        if not wrong:
            loaded = f"{counts[0]} scenarios, {counts[1]} rules, {counts[2]} guards"
            click.echo(f"{loaded}: {_how_many(len(problems))}")
    click.get_current_context().exit(2 if wrong else 1 if warned else 0)


def _sorted_out(paths: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The folders with scenarios, and the settings files. Raises RuleError for a path that is neither."""

    folders: list[str] = []
    settings: list[str] = []
    missing: list[Problem] = []
    for path in paths:
        where = Path(path)
        if where.is_dir():
            folders.append(path)
        elif not where.exists():
            cure = "check its name and folder"
            missing.append(Problem("file-missing", "there is no such file or folder", Place(path), cure))
        elif where.name in ("scenario.yaml", "scenario.yml"):
            folders.append(str(where.parent))
        else:
            settings.append(path)
    if missing:
        raise RuleError(missing)
    return folders, settings


def _how_many(count: int) -> str:
    return "no problems" if not count else "1 problem" if count == 1 else f"{count} problems"


def _as_data(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "code": problem.code, "severity": problem.severity, "text": problem.text, "cure": problem.cure,
        "file": place.file, "line": place.line, "column": place.column, "path": place.path,
    }  # fmt: skip
