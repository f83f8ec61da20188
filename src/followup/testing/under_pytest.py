"""Tests of rules under pytest: each test of a `tests.yaml` becomes a test of its own, by name.

from followup.testing import scenario_tests

test_rules = scenario_tests("src/followup_nordic/rules")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from os import PathLike, fspath

from followup.engine import Engine
from followup.errors import RuleError
from followup.testing.reading import PreparedTest
from followup.testing.running import prepared_files, test_files
from followup.testing.scenarios import run_test

__all__ = ["scenario_tests"]


def scenario_tests(
    *paths: str | PathLike[str], engine: Engine | None = None, rules: Sequence[str | PathLike[str]] = ()
) -> Callable[[PreparedTest], None]:
    """A test function with every test of these files, or of the `tests.yaml` files in these folders.

    A scenario beside a test file is loaded first, on top of the built-in ones, the installed plugins and
    `rules`; with an `engine`, that one is used as it is. Raises RuleError for what cannot be used, while
    pytest collects.
    """
    import pytest

    more = [fspath(folder) for folder in rules]
    folders, files = test_files([fspath(path) for path in paths], more)
    loaded = engine or Engine.load([*more, *folders])
    prepared, problems = prepared_files(loaded, files)
    if problems:
        raise RuleError(problems)
    cases = [
        pytest.param(test, id=f"{file.parent.name}: {test.source.name}")
        for file, tests in prepared.items()
        for test in tests
    ]

    @pytest.mark.parametrize("case", cases)
    def test(case: PreparedTest) -> None:
        result = run_test(loaded, case)
        if not result.passed:
            pytest.fail("\n".join([str(result.place), *map(str, result.failures)]), pytrace=False)

    return test
