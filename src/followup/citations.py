"""Which rules, guards, messages and reviews carry out a piece of advice, and which tests show it at work.

A carrier cites the advice under `advice:`; a test of a `tests.yaml` does so too. Tests are read here, not
run. Whoever keeps a pack of rules may ask what is left to do:

    assert [citation.advice.id for citation in citations(engine) if citation.missing] == []
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from inspect import unwrap
from typing import TYPE_CHECKING, Any, Literal

from followup.advice import Advice
from followup.errors import Place
from followup.rules import Scenario
from followup.testing.scenarios import TestResult, read_tests, run_tests

if TYPE_CHECKING:
    from pathlib import Path

    from followup.engine import Engine

__all__ = ["Carrier", "Citation", "ShowingTest", "citations", "showing_tests", "tried"]

TESTS_FILE = "tests.yaml"


@dataclass(frozen=True, slots=True)
class Carrier:
    """What carries out a piece of advice. A review has no scenario."""

    kind: Literal["rule", "guard", "message", "review"]
    name: str
    scenario: str = ""
    title: str = ""
    about: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class ShowingTest:
    """A test that shows advice at work. `passed` is None as long as it was not run."""

    __test__ = False

    name: str
    scenario: str
    place: Place = Place()
    advice: tuple[str, ...] = ()
    passed: bool | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """A piece of advice with all that cites it."""

    advice: Advice
    carriers: tuple[Carrier, ...] = ()
    tests: tuple[ShowingTest, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """What it lacks: `carrier`, `test`, both or nothing."""
        lacks = (("carrier", self.carriers), ("test", self.tests))
        return tuple(word for word, found in lacks if not found)


def citations(engine: Engine) -> tuple[Citation, ...]:
    """Every piece of advice of the catalogue, in its order, with its carriers and tests.

    Raises RuleError for a `tests.yaml` that cannot be read.
    """
    carriers: defaultdict[str, list[Carrier]] = defaultdict(list)
    tests: defaultdict[str, list[ShowingTest]] = defaultdict(list)
    for carrier, cited in _carriers(engine):
        for name in cited:
            carriers[name].append(carrier)
    for scenario in engine.scenarios.values():
        for test in showing_tests(scenario):
            for name in test.advice:
                tests[name].append(test)
    return tuple(
        Citation(advice, tuple(carriers[name]), tuple(tests[name])) for name, advice in engine.advice.items()
    )


def showing_tests(scenario: Scenario) -> tuple[ShowingTest, ...]:
    """The tests beside a scenario, in the order of their file; none where there is no file.

    Raises RuleError for a file that cannot be read.
    """
    path = scenario.folder / TESTS_FILE
    if not path.is_file():
        return ()
    document, source = read_tests(path)
    return tuple(
        ShowingTest(
            test.name,
            scenario.name,
            _shown(document.place(("tests", number)), scenario),
            (test.advice,) if isinstance(test.advice, str) else tuple(test.advice),
        )
        for number, test in enumerate(source.tests)
    )


def tried(engine: Engine, found: Iterable[Citation]) -> tuple[Citation, ...]:
    """The same citations with every test run. Raises RuleError for tests that cannot be run."""
    found = tuple(found)
    names = {test.scenario for citation in found for test in citation.tests}
    results: dict[tuple[str, int], TestResult] = {}
    for name in sorted(names):
        path: Path = engine.scenarios[name].folder / TESTS_FILE
        results |= {(name, result.place.line): result for result in run_tests(engine, path)}
    return tuple(
        replace(
            citation,
            tests=tuple(
                replace(test, passed=results[test.scenario, test.place.line].passed)
                for test in citation.tests
            ),
        )
        for citation in found
    )


def _carriers(engine: Engine) -> Iterator[tuple[Carrier, tuple[str, ...]]]:
    """Everything that may cite advice, with what it cites."""
    for scenario in engine.scenarios.values():
        for rule in scenario.rules.values():
            yield Carrier("rule", rule.name, scenario.name, rule.title, rule.about, rule.place), rule.advice
        for guard in scenario.guards.values():
            carrier = Carrier("guard", guard.name, scenario.name, guard.title, guard.because, guard.place)
            yield carrier, guard.advice
        yield from _messages(scenario)
    for review in engine.vocabulary.reviews.values():
        carrier = Carrier("review", review.name, title=review.title, place=_place_of(review.check))
        yield carrier, review.advice


def _messages(scenario: Scenario) -> Iterator[tuple[Carrier, tuple[str, ...]]]:
    for message in scenario.messages.values():
        title = ", ".join(_titles(message.name, scenario.rules))
        yield (
            Carrier("message", message.name, scenario.name, title, message.about, message.place),
            message.advice,
        )


def _titles(message: str, rules: Mapping[str, Any]) -> Iterator[str]:
    """The titles of the rules that send a message."""
    for rule in rules.values():
        if rule.message is not None and rule.message.name == message:
            yield rule.title or rule.name


def _place_of(check: Callable[..., Any]) -> Place:
    """The line of a function, in a file named as Python names its module."""
    function = unwrap(check)
    code = getattr(function, "__code__", None)
    if code is None:
        return Place()
    return Place(f"{function.__module__.replace('.', '/')}.py", code.co_firstlineno, 1)


def _shown(place: Place, scenario: Scenario) -> Place:
    """The place, its file named as the scenario's own files are."""
    folder = scenario.place.file.rpartition("/")[0]
    return replace(place, file=f"{folder}/{TESTS_FILE}" if folder else place.file)
