"""Facts of a state put in or taken out by their paths: `people.dana.email`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["amended", "value_at"]


def amended(state: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, Any]:
    """The state with these facts by path; None takes one out, and what is empty then too."""
    made: dict[str, Any] = dict(state)
    for path, value in facts.items():
        made = _with(made, path.split("."), value)
    return made


def value_at(state: Mapping[str, Any], path: str) -> Any:
    """What stands at a path; None where nothing does."""
    found: Any = state
    for name in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(name)
    return found


def _with(held: Mapping[str, Any], names: list[str], value: Any) -> dict[str, Any]:
    first, *rest = names
    if rest:
        below = held.get(first)
        value = _with(below if isinstance(below, Mapping) else {}, rest, value) or None
    made = {name: each for name, each in held.items() if name != first or value is not None}
    return made if value is None else {**made, first: value}
