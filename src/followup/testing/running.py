"""Running test files: which there are, what must be loaded for them, and what came of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from followup.engine import Engine
from followup.errors import InputError, Problem, UsageError
from followup.resources import rules_folder
from followup.testing.coverage import Coverage, coverage_of
from followup.testing.reading import PreparedTest, prepared_tests
from followup.testing.results import TestResult
from followup.testing.scenarios import run_test

__all__ = ["Run", "cover_files", "prepared_files", "run_files", "test_files"]


@dataclass(frozen=True, slots=True)
class Run:
    """What came of test files: the results of each, and the problems of those that cannot be used."""

    results: Mapping[Path, tuple[TestResult, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def tests(self) -> tuple[TestResult, ...]:
        """The results of all files."""
        return tuple(result for found in self.results.values() for result in found)

    @property
    def failed(self) -> int:
        """How many tests failed."""
        return sum(not result.passed for result in self.tests)

    def untested(self, engine: Engine) -> list[str]:
        """The rules that stand beside one of the test files and that no test speaks of."""
        spoken = {name for result in self.tests for name in result.rules}
        homes = {file.resolve().parent for file in self.results}
        beside = [s for s in engine.scenarios.values() if s.folder.resolve() in homes]
        return [name for scenario in beside for name in scenario.rules if name not in spoken]


def test_files(paths: Iterable[str], rules: Sequence[str]) -> tuple[list[str], list[Path]]:
    """The folders to load as rules beside `rules`, and the test files. Raises UsageError if there are none.

    Without `paths` they are those of the built-in rules and of `rules`.
    """
    builtin = rules_folder().resolve()
    loaded = {Path(folder).resolve() for folder in rules}
    folders: list[str] = []
    files: list[Path] = []
    for where in [Path(path) for path in paths] or [builtin, *map(Path, rules)]:
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


def run_files(
    engine: Engine, files: Iterable[Path], told: Callable[[int, int], None] = lambda done, of: None
) -> Run:
    """Run the tests of these files. `told` hears after each test how many of how many are done."""
    prepared, problems = prepared_files(engine, files)
    total = sum(len(tests) for tests in prepared.values())
    results: dict[Path, tuple[TestResult, ...]] = {}
    done = 0
    for file, tests in prepared.items():
        ran = []
        for test in tests:
            ran.append(run_test(engine, test))
            done += 1
            told(done, total)
        results[file] = tuple(ran)
    return Run(results, tuple(problems))


def cover_files(
    engine: Engine, files: Sequence[Path], told: Callable[[int, int], None] = lambda done, of: None
) -> Coverage:
    """What the tests of these files reach of the scenarios beside them. Raises RuleError."""
    prepared, _ = prepared_files(engine, files)
    homes = {file.resolve().parent for file in files}
    scenarios = [s for s in engine.scenarios.values() if s.folder.resolve() in homes]
    tests = [test for found in prepared.values() for test in found]
    return coverage_of(engine, tests, scenarios, told)


def prepared_files(
    engine: Engine, files: Iterable[Path]
) -> tuple[dict[Path, tuple[PreparedTest, ...]], list[Problem]]:
    """The tests of each file that can be used, and the problems of the others."""
    made: dict[Path, tuple[PreparedTest, ...]] = {}
    problems: list[Problem] = []
    for file in files:
        try:
            made[file] = prepared_tests(engine, file)
        except InputError as error:
            problems += error.problems
    return made, problems
