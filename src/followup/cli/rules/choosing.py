"""Which scenarios a command of `followup rules` is about: by name, or by the folder in which they lie."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from followup.cli.options import Options
from followup.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.rules import Scenario

__all__ = ["chosen_scenarios"]


def chosen_scenarios(options: Options, names: Sequence[str]) -> tuple[Engine, tuple[Scenario, ...]]:
    """The engine with the folders among `names` loaded, and the scenarios that they name; all without names.

    Raises UsageError for what is neither a scenario nor a folder with one.
    """
    engine = options.engine()
    folders = [name for name in names if name not in engine.scenarios and Path(name).exists()]
    if folders:
        engine = options.load([_folder(name) for name in folders])
    chosen: dict[str, Scenario] = {}
    for name in names or engine.scenarios:
        if name in folders:
            home = Path(_folder(name)).resolve()
            found = [
                s
                for s in engine.scenarios.values()
                if home in (s.folder.resolve(), s.folder.resolve().parent)
            ]
        elif name in engine.scenarios:
            found = [engine.scenarios[name]]
        else:
            cure = did_you_mean(name, engine.scenarios) or "`followup rules list` shows them"
            raise UsageError(f"no scenario and no folder is named `{name}`; {cure}")
        chosen |= {scenario.name: scenario for scenario in found}
    return engine, tuple(chosen.values())


def _folder(name: str) -> str:
    path = Path(name)
    return str(path.parent) if path.name == "scenario.yaml" else name
