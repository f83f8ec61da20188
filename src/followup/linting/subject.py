"""What is linted: the loaded scenarios together with their files, so that a finding has its place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

from followup.documents import Document, read_path
from followup.errors import Place, Problem
from followup.rules import Guard, Message, Rule, Scenario

if TYPE_CHECKING:
    from followup.advice import Advice
    from followup.engine import Engine
    from followup.fields import Fact
    from followup.vocabulary import Vocabulary

__all__ = ["Path", "Subject", "note", "versions", "warning"]

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Subject:
    """An engine's scenarios, rules and guards, and the documents that they were read from."""

    engine: Engine

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        return self.engine.scenarios

    @property
    def vocabulary(self) -> Vocabulary:
        return self.engine.vocabulary

    @property
    def advice(self) -> Mapping[str, Advice]:
        return self.engine.advice

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules, each with the others of its scenario, in the order of their files."""
        return tuple(rule for scenario in self.scenarios.values() for rule in scenario.rules.values())

    @cached_property
    def guards(self) -> tuple[Guard, ...]:
        return tuple(guard for scenario in self.scenarios.values() for guard in scenario.guards.values())

    @cached_property
    def documents(self) -> Mapping[str, Document]:
        """Each scenario's file as people are shown it, by scenario."""
        return {
            name: replace(read_path(scenario.folder / "scenario.yaml"), file=scenario.place.file)
            for name, scenario in self.scenarios.items()
        }

    def facts(self, rule: Rule) -> Mapping[str, Fact]:
        """The facts that a rule may name."""
        return self.vocabulary.facts_for(pattern.type for pattern in rule.after)

    def place(self, owner: Rule | Guard, *keys: str | int) -> Place:
        """Where the value at `keys` of a rule or guard stands; where its override stands, if it has one."""
        if owner.decided_by is not None:
            return owner.decided_by
        group = "rules" if isinstance(owner, Rule) else "guards"
        document = self.documents[owner.scenario]
        return document.place((group, owner.name, *keys), key=bool(keys) and isinstance(keys[-1], str))

    def file_of(self, place: Place, scenario: Scenario) -> FilePath:
        """The file in a scenario's folder that people are shown under another name perhaps."""
        shown = FilePath(scenario.place.file).parent
        file = FilePath(place.file)
        return scenario.folder / file.relative_to(shown) if file.is_relative_to(shown) else file

    def users(self, message: Message, scenario: Scenario) -> Iterable[Rule]:
        """The rules of a scenario that send this message."""
        return [
            rule for rule in scenario.rules.values() if rule.message and rule.message.name == message.name
        ]


def versions(message: Message) -> Iterator[Message]:
    """The message with its further wordings, in every language."""
    for version in (message, *message.translations.values()):
        yield from (version, *version.wordings)


def warning(code: str, text: str, place: Place, cure: str) -> Problem:
    """A finding that is worth mending: it makes the exit code 1."""
    return Problem(code, text, place, cure, "warning")


def note(code: str, text: str, place: Place, cure: str) -> Problem:
    """A finding that is worth knowing, and may be meant so."""
    return Problem(code, text, place, cure, "note")
