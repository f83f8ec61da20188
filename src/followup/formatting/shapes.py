"""The shape of each kind of file: in which order its keys stand, and what never stands on one line.

The order is that of the fields in `followup.sources`, from which the schemas are made, too.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import msgspec

from followup.sources import (
    GuardSource,
    LanguageSource,
    MessageSource,
    ParameterSource,
    RuleSource,
    ScenarioSource,
    SettingsSource,
)
from followup.test_sources import TestsSource

__all__ = ["Shape", "shape_of_file"]


@dataclass(frozen=True, slots=True)
class Shape:
    """How a value is laid out: the order of its keys (none: as they are), and the shapes of what is in it.

    With `block` it never stands in brackets; with `apart` a blank line stands between its entries.
    """

    keys: tuple[str, ...] = ()
    inner: Mapping[str, Shape] = field(default_factory=dict)
    each: Shape | None = None
    block: bool = False
    apart: bool = False

    def of(self, key: str | None) -> Shape:
        """The shape of the value under a key, or of an item."""
        return self.inner.get(key or "") or self.each or PLAIN


PLAIN = Shape()


@cache
def shape_of_file(kind: str) -> Shape:
    """The shape of a file of this kind; of one that is not known, as it is written."""
    match kind:
        case "scenario":
            made = _shape(ScenarioSource)
            sections = {key: _section(made.inner[key]) for key in ("rules", "guards")}
            sections["parameters"] = Shape(each=_shape(ParameterSource), block=True)
            sections["overrides"] = Shape(each=_override(), block=True)
            sections["events"] = replace(made.inner["events"], block=True)
            return replace(made, inner={**made.inner, **sections}, block=True)
        case "tests":
            made = _shape(TestsSource)
            tests = _section(made.inner["tests"])
            return replace(made, inner={**made.inner, "state": Shape(block=True), "tests": tests}, block=True)
        case "settings":
            made = _shape(SettingsSource)
            overrides = Shape(each=_override(), block=True)
            return replace(made, inner={**made.inner, "overrides": overrides}, block=True)
        case "language":
            return replace(_shape(LanguageSource), block=True)
        case "message":
            made = _shape(MessageSource)
            first = ("about", "advice")
            rest = tuple(key for key in made.keys if key not in first)
            return replace(made, keys=(*first, *rest), block=True)
    return Shape(block=True)


def _section(shape: Shape) -> Shape:
    """A mapping or list of which each entry is a block of its own."""
    return replace(shape, each=replace(shape.each or PLAIN, block=True), block=True, apart=True)


def _override() -> Shape:
    """The keys of a rule and those of a guard, since an override may be of either."""
    rule, guard = _shape(RuleSource), _shape(GuardSource)
    keys = tuple(dict.fromkeys([*rule.keys[:3], *guard.keys[2:3], *rule.keys[3:], *guard.keys[3:]]))
    return Shape(keys, {**guard.inner, **rule.inner})


def _shape(type_: Any) -> Shape:
    if typing.get_origin(type_) is typing.Annotated:
        return _shape(typing.get_args(type_)[0])
    if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
        hints = typing.get_type_hints(type_, include_extras=True)
        fields = msgspec.structs.fields(type_)
        inner = {each.encode_name: _shape(hints[each.name]) for each in fields}
        return Shape(
            tuple(each.encode_name for each in fields), {k: v for k, v in inner.items() if v != PLAIN}
        )
    origin, arguments = typing.get_origin(type_), typing.get_args(type_)
    if origin in (dict, list):
        each = _shape(arguments[-1])
        return Shape(each=each) if each != PLAIN else PLAIN
    if origin in (typing.Union, types.UnionType):
        return next((made for made in map(_shape, arguments) if made != PLAIN), PLAIN)
    return PLAIN
