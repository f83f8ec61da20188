"""`followup rules test`."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.options import FORMAT, Options, pass_options, tell
from followup.errors import FollowupError, RuleError, UsageError

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.testing.coverage import Coverage
    from followup.testing.running import Run

__all__ = ["command"]


@click.command("test")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@click.option("--watch", is_flag=True, help="Run again whenever a file changes, until Ctrl-C.")
@click.option(
    "--coverage", is_flag=True, help="Say which rules, conditions, guards and messages no test reached."
)
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="Exit code 1 if the coverage is lower; means --coverage.",
)
@FORMAT
@pass_options
def command(
    options: Options,
    /,
    paths: tuple[str, ...],
    watch: bool,
    coverage: bool,
    fail_under: float | None,
    form: str,
) -> None:
    """Run the tests of rules: a state at a moment, and what its plan must hold. No clock is read.

    PATH is a tests.yaml, or a folder with one; a folder with a scenario.yaml is loaded as rules first.
    Without a PATH the built-in rules and those of --rules are tested. Exit code 1 if a test fails.

    \b
    Examples:
      followup rules test
      followup rules test my-rules/ --watch
      followup rules test my-rules/ --coverage --fail-under 90
      followup rules test my-rules/tests.yaml --format json
    """
    session = _Session(options, paths, coverage or fail_under is not None)
    if watch:
        if form == "json":
            raise UsageError("--watch shows results to people; leave --format json out")
        session.watch()
        return
    run = session.run()
    if run.problems:
        raise RuleError(run.problems)
    covered = session.covered()
    if form == "json":
        _print_json(session, run, covered)
    else:
        session.show(run, covered)
    low = covered is not None and fail_under is not None and covered.percent < fail_under
    if low and covered is not None:
        click.echo(f"the coverage is {covered.percent:g} %, less than {fail_under:g} %", err=True)
    click.get_current_context().exit(1 if run.failed or low else 0)


@dataclass
class _Session:
    """The tests as they were last run, so that what has not changed need not run again."""

    options: Options
    paths: tuple[str, ...]
    coverage: bool
    engine: Engine | None = None
    files: list[Path] = field(default_factory=list)
    last: Run | None = None

    def run(self, only: frozenset[Path] | None = None) -> Run:
        """Load the rules and run all tests; or, with the rules as loaded, those of some files alone."""
        from followup.cli.progress import counting
        from followup.testing.running import Run, run_files, test_files

        if only is None or self.engine is None or self.last is None:
            folders, self.files = test_files(self.paths, self.options.rules)
            self.engine = self.options.load(folders) if folders or self.last else self.options.engine()
            files = self.files
            kept: dict[Path, tuple[object, ...]] = {}
        else:
            files = [file for file in self.files if file.resolve() in only]
            kept = {file: found for file, found in self.last.results.items() if file not in files}
        with counting("tests") as told:
            made = run_files(self.engine, files, told)
        both = {**kept, **made.results}
        self.last = Run({file: both[file] for file in self.files if file in both}, made.problems)  # type: ignore[misc]
        return self.last

    def covered(self) -> Coverage | None:
        """What the tests reach, if that is asked for."""
        from followup.cli.progress import counting
        from followup.testing.running import cover_files

        if not self.coverage or self.engine is None:
            return None
        with counting("coverage") as told:
            return cover_files(self.engine, self.files, told)

    def show(self, run: Run, covered: Coverage | None) -> None:
        """Print the tests that failed, what is not covered, and how many there were."""
        from followup.cli.drawing import draw
        from followup.cli.drawing_tests import draw_coverage, draw_results, draw_summary

        assert self.engine is not None, "the rules are loaded when tests have run"
        if covered is not None:
            draw(draw_coverage(covered))
        summary = draw_summary(len(run.tests), run.failed, run.untested(self.engine))
        draw([*draw_results(run.tests), *summary])

    def watch(self) -> None:
        """Run, show, wait for a change, and so on. What is broken is shown; the next change may mend it."""
        from followup.cli.watching import Watch

        changed: frozenset[Path] | None = None
        files = Watch(self._roots)
        while True:
            if sys.stdout.isatty():
                click.clear()
            try:
                only = self._tests_alone(changed)
                run = self.run(only)
                tell(run.problems)
                self.show(run, self.covered() if not run.problems else None)
            except FollowupError as error:
                self.engine = self.last = None
                from followup.cli.wording import printable

                click.echo(printable(str(error)), err=True)
            click.echo("Watching; Ctrl-C ends.")
            changed = files.wait()
            names = sorted(path.name for path in changed)
            click.echo(f"\nChanged: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}")

    def _tests_alone(self, changed: frozenset[Path] | None) -> frozenset[Path] | None:
        """The changed files, if they are all known test files: then the rules are as they were."""
        if changed is None or self.last is None or self.last.problems:
            return None
        homes = {file.resolve() for file in self.files}
        paths = frozenset(path.resolve() for path in changed)
        return paths if paths <= homes and all(path.exists() for path in paths) else None

    def _roots(self) -> list[Path]:
        """Where a change means another run: the tests, the rules beside them and the settings."""
        from followup.resources import rules_folder

        given = [Path(path) for path in (*self.paths, *self.options.rules)]
        folders = [path if path.is_dir() else path.parent for path in given]
        settings = [Path(self.options.settings)] if self.options.settings else []
        return [*(folders or [rules_folder()]), *settings]


def _print_json(session: _Session, run: Run, covered: Coverage | None) -> None:
    import msgspec

    assert session.engine is not None, "the rules are loaded when tests have run"
    listed = [
        {
            "name": result.name,
            "passed": result.passed,
            "failures": result.failures,
            "advice": result.advice,
            "at": str(result.place),
        }
        for result in run.tests
    ]
    told = {"format": 1, "tests": listed, "untested": run.untested(session.engine)}
    if covered is not None:
        told["coverage"] = {"percent": covered.percent, **msgspec.structs.asdict(covered)}
    click.echo(msgspec.json.encode(told))
