"""`followup rules`: list, show, check and test rules, and print the schemas of the files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.explain import complete_rule
from followup.cli.options import Options, pass_options, tell
from followup.errors import InputError, Problem, RuleError, UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from followup.rules import Rule
    from followup.testing.scenarios import TestResult

__all__ = ["command"]

SCHEMAS = ("state", "scenario", "settings", "tests", "plan")
FORMAT = click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="For people or for programs.",
)  # fmt: skip


@click.group("rules")
def command() -> None:
    """List, show, check and test rules.

    \b
    Examples:
      followup rules list
      followup rules show inquiry
      followup rules check my-rules/
      followup rules test my-rules/
    """


@command.command("list", short_help="List every rule.")
@FORMAT
@pass_options
def list_(options: Options, form: str) -> None:
    """List every rule: its scenario, what it is for, after what, on whose advice, and where it stands.

    \b
    Examples:
      followup rules list
      followup --rules my-rules/ rules list --format json
    """
    from followup.cli.describing import rule_row

    engine = options.engine()
    rows = [rule_row(rule) for rule in engine.rules.values()]
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"format": 1, "rules": rows}))
        return
    from followup.cli.drawing import draw
    from followup.cli.drawing_rules import draw_rules

    draw(draw_rules(rows))


@command.command("show", short_help="Show a rule: source, meaning, origin.")
@click.argument("name", shell_complete=complete_rule)
@pass_options
def show(options: Options, name: str) -> None:
    """Show the rule or guard NAME: its source, what it means in words, and which file decided.

    \b
    Example:
      followup rules show inquiry
    """
    from followup.cli.describing import excerpt, guard_words, rule_words
    from followup.cli.drawing import draw
    from followup.cli.drawing_rules import draw_source

    engine = options.engine()
    found = engine.rules.get(name) or engine.guards.get(name)
    if found is None:
        cure = did_you_mean(name, [*engine.rules, *engine.guards])
        raise UsageError(f"no rule or guard is named `{name}`; {cure or '`followup rules list` shows them'}")
    words = (
        rule_words(engine.rules[name], engine.advice)
        if name in engine.rules
        else guard_words(engine.guards[name])
    )
    source = excerpt(found.place, options.rules)
    overriding = found.decided_by if found.decided_by and found.decided_by != found.place else None
    changed = excerpt(overriding, options.rules) if overriding else ""
    draw(draw_source(name, found.title, found.place, source, words, overriding, changed))


@command.command("check", short_help="Check rules and settings.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@FORMAT
@pass_options
def check(options: Options, paths: tuple[str, ...], form: str) -> None:
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


@command.command("schema", short_help="Print a JSON Schema.")
@click.argument("name", type=click.Choice(SCHEMAS), default="scenario")
@pass_options
def schema(options: Options, name: str) -> None:
    """Print the JSON Schema of a kind of file, with what the installed plugins add.

    \b
    Examples:
      followup rules schema scenario > scenario.schema.json
      followup rules schema state
    """
    import json

    from followup.schemas import schema as composed

    click.echo(json.dumps(composed(name, options.engine().vocabulary), indent=2, ensure_ascii=False))


@command.command("test", short_help="Run the tests of rules.")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@FORMAT
@pass_options
def test(options: Options, paths: tuple[str, ...], form: str) -> None:
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
        for result in flat:
            if not result.passed:
                lines = "\n".join(f"  {line}" for failure in result.failures for line in failure.splitlines())
                click.echo(f"{result.place}: {result.name}\n{lines}")
        if untested:
            click.echo(f"without a test: {', '.join(untested)}")
        click.echo(f"{len(flat)} tests, {failed or 'none'} failed")
    click.get_current_context().exit(1 if failed else 0)


def _sorted_out(paths: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The folders with scenarios, and the settings files. Raises RuleError for a path that is neither."""
    from followup.errors import Place

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


def _how_many(count: int) -> str:
    return "no problems" if not count else "1 problem" if count == 1 else f"{count} problems"


def _as_data(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "code": problem.code, "severity": problem.severity, "text": problem.text, "cure": problem.cure,
        "file": place.file, "line": place.line, "column": place.column, "path": place.path,
    }  # fmt: skip
