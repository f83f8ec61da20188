"""Fields as facts: what a fact is, and the facts that come straight from the fields of a state."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, Literal

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from followup.calendars import Calendar
from followup.conditions import Getter
from followup.events import Event
from followup.moments import instant
from followup.records import DayOrTime, Record
from followup.timepoints import at_instant, by_day, from_day

__all__ = ["OF_ELEMENT", "Fact", "FactType", "Kind", "Reading", "itself", "struct_facts", "type_of"]

Kind = Literal["text", "number", "boolean", "moment", "elapsed", "clock", "list", "record"]


class FactType(Struct, frozen=True):
    """What kind of value a fact has: the values of an enumeration, the facts of a list's elements."""

    kind: Kind
    values: tuple[str, ...] = ()
    element: FactType | None = None
    fields: Mapping[str, Fact] = {}

    def __str__(self) -> str:
        if self.values:
            return "one of " + ", ".join(self.values)
        if self.kind == "list":
            return f"a list of {self.element.kind}s" if self.element else "a list"
        words = {"moment": "a day or time", "elapsed": "a time gone by", "clock": "the present"}
        return words.get(self.kind, f"a {self.kind}")


class Reading(Struct, frozen=True):
    """How the core reads a fact, as Python that the matcher writes out; it says what the fact's getter says.

    `owner` is an expression over `history` (or names a list's element), `value` one over `{it}`, the owner;
    `always` says that it is never None.
    """

    owner: str
    value: str = "{it}"
    always: bool = False

    @property
    def is_given(self) -> bool:
        """Whether it stands in the state beside the events, so that nothing that happens changes it.

        That of a list's element does if the list does.
        """
        return self.owner.startswith("history.state") or self.owner == OF_ELEMENT.owner


OF_ELEMENT = Reading("each", "{it}.")
"""How the fields of a list's element are read."""


class Fact(Struct, frozen=True):
    """A fact: its dotted path, its type, what it says, and how it is read (None: not known).

    `follows` names the fact without which it is not known, such as a person's name for the first name.
    A fact that concerns no person and no anchor may have a `reading`, by which rules are found fast.
    """

    path: str
    type: FactType
    about: str
    get: Getter
    follows: str | None = None
    reading: Reading | None = None

    def one_of(self, values: Iterable[str]) -> Fact:
        """The same fact, which can only be one of these values."""
        return replace(self, type=replace(self.type, values=tuple(sorted(values))))


UTC = Calendar("UTC")
TEXT = FactType("text")
NUMBER = FactType("number")
BOOLEAN = FactType("boolean")
MOMENT = FactType("moment")
ELAPSED = FactType("elapsed")
CLOCK = FactType("clock")
TEXTS = FactType("list", element=TEXT)


def struct_facts(
    struct: type[Record], prefix: str, owner: Getter, read_as: Reading | None = None
) -> Iterator[Fact]:
    """A fact for each field of a struct; `owner` reads the struct (or None) from the subject.

    `read_as` says the same as Python, up to the name: `{it}.`, or `{it} and {it}.` if there may be no owner.
    """
    dot = f"{prefix}." if prefix else ""
    for key, name, about, type_, optional in _fields_of(struct):
        reading = None
        if read_as is not None:
            always = not optional and read_as.value == "{it}."
            reading = Reading(read_as.owner, read_as.value + name, always)
        get = _FieldGetter(owner, name, type_, from_=name in FROM_DAYS)
        yield Fact(f"{dot}{key}", type_, about, get, reading=reading)


@cache
def _fields_of(struct: type[Record]) -> tuple[tuple[str, str, str, FactType, bool], ...]:
    """The fields that are facts: key in files, name, description, type, and whether it may be None."""
    found = []
    for item in msgspec.structs.fields(struct):
        about, type_ = type_of(item.type)
        if type_ is not None and not (item.name == "id" and issubclass(struct, Event)):
            found.append((item.encode_name, item.name, about, type_, item.default is None))
    return tuple(found)


FROM_DAYS = frozenset({"wait_until"})
"""The fields whose day is reached when it begins; the others' when it has passed."""


class _FieldGetter(Struct, frozen=True):
    """Reads a field: blank texts are not known, days and times become points on the time line."""

    owner: Getter
    name: str
    type: FactType
    from_: bool

    def __call__(self, subject: Any) -> Any:
        owner = self.owner(subject)
        value = None if owner is None else getattr(owner, self.name)
        if value is None:
            return None
        if self.type.kind == "text":
            return value if value.strip() else None
        if self.type.kind == "moment":
            calendar = getattr(subject, "calendar", UTC)
            if isinstance(value, DayOrTime):
                return from_day(value, calendar) if self.from_ else by_day(value, calendar)
            return at_instant(instant(value))
        return value


def type_of(hint: Any) -> tuple[str, FactType | None]:
    """The description and the fact type of a field's annotation; None for what is no fact."""
    about = ""
    if typing.get_origin(hint) is typing.Annotated:
        hint, *metas = typing.get_args(hint)
        about = next((m.description for m in reversed(metas) if getattr(m, "description", None)), "")
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = [arg for arg in typing.get_args(hint) if arg is not type(None)]
        deeper, type_ = type_of(inner[0])
        return about or deeper, type_
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is Literal:
        return about, FactType("text", values=tuple(arguments))
    if origin is tuple:
        _, element = type_of(arguments[0])
        return about, FactType("list", element=element)
    if isinstance(hint, type) and issubclass(hint, Record):
        fields = {fact.path: fact for fact in struct_facts(hint, "", itself, OF_ELEMENT)}
        return about, FactType("record", fields=fields)
    plain: dict[Any, FactType] = {str: TEXT, int: NUMBER, bool: BOOLEAN, DayOrTime: MOMENT}
    name = getattr(hint, "__name__", "")
    return about, MOMENT if name == "datetime" else plain.get(hint)


def itself(subject: Any) -> Any:
    """The subject, for facts that are read from a record itself."""
    return subject
