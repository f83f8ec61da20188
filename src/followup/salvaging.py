"""Salvaging: what is left of a file in which something is wrong, so that the rest of it can be looked at.

A misspelt key is read as the one that it is nearest to, and whatever cannot be used is left out. Nothing
that is salvaged is ever used: it only serves to find all problems at once.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import msgspec

from followup.checking import as_written, without_nothing
from followup.compiling import Patched, Path
from followup.complaints import as_read
from followup.documents import MAX_PROBLEMS, Document, format_path
from followup.errors import Place
from followup.shapes import schema_of
from followup.synonyms import meant_by

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

__all__ = ["Salvaged", "salvage"]

T = TypeVar("T")
ROUNDS = 8
"""After so many the value is given up: each takes out what stands in the way of the one before."""
STAND_INS = {"format": "1", "scenario": "without-a-name", "intent": "thanks", "to": "contact", "name": "-"}
"""Values for keys that have to be there and upon which nothing else depends."""
NAMING = frozenset({"events", "intents", "parameters"})
"""Keys that declare names: without one of them, what uses the names would seem wrong."""


@dataclass(frozen=True, slots=True)
class Salvaged(Generic[T]):
    """What is left, where it stands, and of what something was left out, by path as places have it."""

    source: T
    document: Patched
    cut: frozenset[str]


def salvage(document: Document, type_: type[T]) -> Salvaged[T] | None:
    """What is left of a document that cannot be read as a `type_`; None if that is nothing."""
    from jsonschema import Draft7Validator

    schema = schema_of(cast(Any, type_))
    value = deepcopy(without_nothing(document.value, schema, schema.get("definitions", {})))
    cuts = _Cuts(document, value)
    validator = Draft7Validator(schema)
    for _ in range(ROUNDS):
        errors = list(islice(validator.iter_errors(as_written(cuts.value)), MAX_PROBLEMS))
        if not errors:
            break
        errors.sort(
            key=lambda error: error.validator != "additionalProperties"
        )  # a key may have another name
        if not all(cuts.mended(error) for error in errors):
            return None
    try:
        source = msgspec.convert(cuts.value, type_, strict=False)
    except (msgspec.ValidationError, ValueError):
        return None
    left = replace(document, value=cuts.value)
    return Salvaged(source, Patched(left, cuts.renamed), frozenset(map(format_path, cuts.paths)))


class _Cuts:
    """A value, and what was cut from it."""

    def __init__(self, document: Document, value: Any) -> None:
        self.document = document
        self.value = value
        self.renamed: dict[Path, Callable[[Path, bool], Place]] = {}
        self.paths: set[Path] = set()

    def mended(self, error: ValidationError) -> bool:
        """Cut out one error; False if then nothing of worth would be left."""
        path: Path = tuple(error.absolute_path)
        if isinstance(error.instance, str) and path:
            read = as_read(error.instance, {cast(dict[str, Any], error.schema).get("type")})
            if read is not error.instance:
                self._at(path[:-1])[path[-1]] = read
                return True
        if error.validator == "additionalProperties":
            told = [self._renamed(path, key, error) for key in self._strangers(path, error)]
            return all(told)
        if error.validator == "required":
            missing = [
                key for key in cast(list[str], error.validator_value) if key not in (self._at(path) or {})
            ]
            if all(key in STAND_INS for key in missing):
                holder = self._at(path)
                if missing and isinstance(holder, dict):
                    holder.update({key: STAND_INS[key] for key in missing})
                    self.paths.add(path)
                return True
        return self._cut(path)

    def _strangers(self, path: Path, error: ValidationError) -> list[str]:
        holder = self._at(path)
        known = cast(dict[str, Any], error.schema).get("properties", {})
        return [key for key in holder if key not in known] if isinstance(holder, dict) else []

    def _renamed(self, path: Path, key: str, error: ValidationError) -> bool:
        """Give a key the name that is nearest to it, or cut it out."""
        holder = self._at(path)
        free = [
            name for name in cast(dict[str, Any], error.schema).get("properties", {}) if name not in holder
        ]
        near = meant_by(key, free) or next(iter(get_close_matches(key.lower(), sorted(free), 1, 0.6)), None)
        value = holder.pop(key)
        if near is None:
            self.paths.add(path)
            return path != () or value is None or isinstance(value, str)
        holder[near] = value
        self.renamed[(*path, near)] = lambda rest, at_key: self.document.place((*path, key, *rest), at_key)
        return True

    def _cut(self, path: Path) -> bool:
        while path and isinstance(path[-1], int):  # a list without one of its items would shift the others
            path = path[:-1]
        if not path or path[0] in NAMING:
            return False
        holder = self._at(path[:-1])
        if isinstance(holder, dict):
            holder.pop(path[-1], None)
        self.paths.update(path[:length] for length in range(1, len(path)))
        return True

    def _at(self, path: Path) -> Any:
        value = self.value
        for step in path:
            try:
                value = value[step]
            except (KeyError, IndexError, TypeError):
                return None
        return value
