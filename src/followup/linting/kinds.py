"""What kind of file somebody hands over: told by its name, else by the keys at its top."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from followup.documents import read_path
from followup.errors import InputError

__all__ = ["Kind", "kind_of"]

Kind = Literal["folder", "scenario", "tests", "language", "message", "settings", "state"]

NAMES: dict[str, Kind] = {"scenario.yaml": "scenario", "tests.yaml": "tests", "language.yaml": "language"}
KEYS: dict[Kind, frozenset[str]] = {
    "state": frozenset(
        {"candidate", "company", "position", "people", "instructions", "library", "events", "elsewhere"}
    ),
    "scenario": frozenset({"scenario", "guards", "intents", "rules", "title"}),
    "tests": frozenset({"tests", "state"}),
    "language": frozenset({"language", "weekdays", "months", "phrases", "lists"}),
    "settings": frozenset({"parameters", "overrides", "plugins"}),
}
"""Keys that tell the kind. A state may hold events; a scenario's events are told by the keys beside them."""


def kind_of(path: Path) -> Kind:
    """The kind of a file or folder; of a file that cannot be read, by its name alone."""
    if path.is_dir():
        return "folder"
    if path.suffix == ".md":
        return "message"
    named = NAMES.get(path.name)
    if named is not None:
        return named
    try:
        value = read_path(path).value
    except InputError:
        return "settings"
    keys = set(value) if isinstance(value, dict) else set()
    best = max(KEYS, key=lambda kind: len(KEYS[kind] & keys))
    return best if KEYS[best] & keys else "settings"
