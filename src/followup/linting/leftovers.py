"""What stands in a scenario without use: parameters, intents, unknown advice, rules that no test shows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path as FilePath
from typing import Any

from followup.documents import Document
from followup.errors import InputError, Place, Problem, did_you_mean
from followup.linting.subject import Path, Subject, note, versions, warning
from followup.rules import Guard, Message, Rule, Scenario
from followup.test_sources import StepSource, TestSource
from followup.testing.naming import listed, rule_of
from followup.testing.reading import read_tests

__all__ = ["lint_leftovers", "lint_tests"]

_PARAMETER = re.compile(r"\$([A-Za-z][A-Za-z0-9_-]*)")


def lint_leftovers(subject: Subject) -> Iterator[Problem]:
    """Names that nothing uses, and advice that is not in the catalogue."""
    for scenario in subject.scenarios.values():
        document = subject.documents[scenario.name]
        yield from _parameters(scenario, document)
        yield from _intents(scenario, document, subject)
        yield from _advice(scenario, subject)


def _parameters(scenario: Scenario, document: Document) -> Iterator[Problem]:
    named = {group: document.value.get(group) for group in ("rules", "guards", "overrides")}
    used = set(_used(named))
    for name in scenario.parameters:
        if name not in used:
            place = document.place(("parameters", name), key=True)
            cure = f"write `${name}` where its value belongs, or leave it out"
            yield warning("unused-parameter", f"nothing uses the parameter `{name}`", place, cure)


def _used(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _used(item)
    elif isinstance(value, str) and (match := _PARAMETER.fullmatch(value)):
        yield match[1]


def _intents(scenario: Scenario, document: Document, subject: Subject) -> Iterator[Problem]:
    proposed = {rule.intent for rule in subject.rules}
    for index, intent in enumerate(scenario.intents):
        if intent not in proposed:
            place = document.place(("intents", index))
            cure = "give it to a rule, or leave it out"
            yield warning("unused-intent", f"no rule has the intent `{intent}`", place, cure)


def _advice(scenario: Scenario, subject: Subject) -> Iterator[Problem]:
    owners: list[Rule | Guard] = [*scenario.rules.values(), *scenario.guards.values()]
    for owner in owners:
        for name in owner.advice:
            if name not in subject.advice:
                yield _no_advice(name, subject.advice, subject.place(owner, "advice"))
    for message in scenario.messages.values():
        for version in versions(message):
            for name in version.advice:
                if name not in subject.advice:
                    file = subject.file_of(version.place, scenario)
                    yield _no_advice(name, subject.advice, _line_of(version, name, file))


def _line_of(message: Message, word: str, file: FilePath) -> Place:
    lines = file.read_text("utf-8", "replace").splitlines()
    found = next((number for number, line in enumerate(lines, start=1) if word in line), 1)
    column = lines[found - 1].find(word) + 1 if lines else 1
    return Place(message.place.file, found, max(1, column))


def _no_advice(name: str, known: Iterable[str], place: Place) -> Problem:
    cure = did_you_mean(name[:60], known) or "the catalogue is `rules/advice.yaml`"
    return warning("unknown-advice", f"no advice is named `{name[:60]}`", place, cure)


def lint_tests(subject: Subject) -> Iterator[Problem]:
    """Scenarios without a `tests.yaml`, rules that no test beside them speaks of, advice of tests."""
    for scenario in subject.scenarios.values():
        path = scenario.folder / "tests.yaml"
        if not scenario.rules:
            continue
        if not path.is_file():
            text = f"the scenario `{scenario.name}` has no tests"
            cure = "put a `tests.yaml` beside it; `followup rules new` writes a rule with its test"
            yield note("untested", text, scenario.place, cure)
            continue
        try:
            document, tests = read_tests(path)
        except InputError:
            continue
        spoken: set[str] = set()
        for number, test in enumerate(tests.tests):
            moments: list[TestSource | StepSource] = [test, *test.then]
            for moment in moments:
                spoken |= {rule_of(expected) for expected in moment.expect} | {*listed(moment.absent)}
            for name in listed(test.advice):
                if name not in subject.advice:
                    where: Path = ("tests", number, "advice")
                    yield _no_advice(name, subject.advice, document.place(where, key=True))
        for rule in scenario.rules.values():
            if rule.name not in spoken:
                text = f"no test speaks of the rule `{rule.name}`"
                cure = "add one to `tests.yaml` beside it that expects it, or names it under `absent`"
                yield warning("untested", text, subject.place(rule), cure)
