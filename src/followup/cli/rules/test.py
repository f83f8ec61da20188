"""`followup rules test`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.options import FORMAT, Options, pass_options
from followup.errors import InputError, Problem, RuleError, UsageError

if TYPE_CHECKING:
    from followup.rules import Rule
    from followup.testing.scenarios import TestResult

__all__ = ["command"]


@click.command("test")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@FORMAT
@pass_options
def command(options: Options, paths: tuple[str, ...], form: str) -> None:
    """Run the tests of rules: a state at a moment, and what its plan must hold. No clock is read.

    PATH is a tests.yaml, or a folder with one; a folder with a scenario.yaml is loaded as rules first.
    Without a PATH the built-in rules and those of --rules are tested. Exit code 1 if a test fails.

    \b
    Examples:
      followup rules test
      followup rules test my-rules/
      followup rules test my-rules/tests.yaml --format json
    """
    from followup.testing.scenarios import run_tests

    folders, files = _test_files(paths, options)
    engine = options.load(folders) if folders else options.engine()
    results: dict[str, tuple[TestResult, ...]] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            results[str(file)] = run_tests(engine, file)
        except InputError as error:
            problems += error.problems
    if problems:
        raise RuleError(problems)
    flat = [result for found in results.values() for result in found]
    failed = sum(not result.passed for result in flat)
    untested = _untested(engine.rules.values(), flat, results)
    if form == "json":
        import msgspec

        listed = [
            {
                "name": result.name,
                "passed": result.passed,
                "failures": result.failures,
                "at": str(result.place),
            }
            for result in flat
        ]
        click.echo(msgspec.json.encode({"format": 1, "tests": listed, "untested": untested}))
    else:
        from followup.cli.drawing import draw
        from followup.cli.drawing_tests import draw_results, draw_summary

        draw([*draw_results(flat), *draw_summary(len(flat), failed, untested)])
    click.get_current_context().exit(1 if failed else 0)


def _test_files(paths: tuple[str, ...], options: Options) -> tuple[list[str], list[Path]]:
    """The folders to load as rules first, and the test files. Raises UsageError where there are none."""
    from followup.resources import rules_folder

    builtin = rules_folder().resolve()
    loaded = {Path(folder).resolve() for folder in options.rules}
    folders: list[str] = []
    files: list[Path] = []
    for where in [Path(path) for path in paths] or [builtin, *map(Path, options.rules)]:
        found = sorted(where.rglob("tests.yaml")) if where.is_dir() else [where]
        if not found:
            raise UsageError(f"{where} holds no tests.yaml; put one beside its scenario.yaml")
        files += [file for file in found if file not in files]
        for file in found:
            folder = file.parent
            home = folder.resolve()
            known = builtin in (home, *home.parents) or any(each in (home, *home.parents) for each in loaded)
            if (folder / "scenario.yaml").exists() and not known:
                folders.append(str(folder))
                loaded.add(home)
    return folders, files


def _untested(rules: Iterable[Rule], results: list[TestResult], files: Iterable[str]) -> list[str]:
    """The rules that stand beside one of the test files and that no test speaks of."""
    spoken = {name for result in results for name in result.rules}
    homes = {Path(file).resolve().parent.name for file in files}
    return [rule.name for rule in rules if rule.scenario in homes and rule.name not in spoken]
