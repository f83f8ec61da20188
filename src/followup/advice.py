"""The catalogue of advice: what the product must know, piece by piece, each with a stable id."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from followup.documents import read_path

__all__ = ["Advice", "read_advice"]


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice: `kind` is rule, guard, review, message or stance."""

    id: str
    kind: str
    says: str


def read_advice(folder: Path) -> Mapping[str, Advice]:
    """The catalogue in `advice.yaml`, by id in order of the file. Raises InputError."""
    document = read_path(folder / "advice.yaml")
    return {
        f"{section}.{name}": Advice(f"{section}.{name}", entry["kind"], entry["says"])
        for section, entries in document.value.items()
        if isinstance(entries, dict)
        for name, entry in entries.items()
    }
