"""A pack: all scenarios, languages and names of one engine, loaded and checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from followup.errors import Place, Problem
from followup.rules import Guard, Rule, Scenario
from followup.speaking import Spoken
from followup.vocabulary import Vocabulary

__all__ = ["Pack", "scenario_folders"]


@dataclass(frozen=True, slots=True)
class Pack:
    """All loaded scenarios: rules and guards by name, in order of name.

    `languages` are by code. `switched_off` has the rules and guards that an override switches off, and where.
    """

    scenarios: Mapping[str, Scenario]
    rules: Mapping[str, Rule]
    guards: Mapping[str, Guard]
    vocabulary: Vocabulary
    languages: Mapping[str, Spoken]
    switched_off: Mapping[str, Place]
    warnings: tuple[Problem, ...] = ()


def scenario_folders(root: Path) -> Iterator[Path]:
    """The folder itself if it is a scenario, else the scenarios directly inside it, in order of name."""
    if (root / "scenario.yaml").is_file():
        yield root
        return
    if root.is_dir():
        yield from sorted(child for child in root.iterdir() if (child / "scenario.yaml").is_file())
