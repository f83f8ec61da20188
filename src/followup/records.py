"""What all parts of a state are made of: frozen records, ids and texts of bounded length, days and times."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import msgspec
from msgspec import Meta

__all__ = ["DayOrTime", "Id", "Name", "PersonId", "Record", "Text", "Texts"]


class DayOrTime:
    """A day (`2026-12-04`) or an exact time (`2026-12-04T17:00-06:00`), as it was written.

    A day has no hours: what it means in instants depends on whose day it is.
    """

    __slots__ = ("value",)

    def __init__(self, value: date | datetime) -> None:
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("a time needs an offset")
        object.__setattr__(self, "value", value)

    value: date | datetime

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("DayOrTime is frozen")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DayOrTime) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        return self.value.isoformat()

    def __repr__(self) -> str:
        return f"DayOrTime({self.value.isoformat()})"

    def __reduce__(self) -> tuple[type[DayOrTime], tuple[date | datetime]]:
        return DayOrTime, (self.value,)


Text = Annotated[str, Meta(max_length=20_000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Id = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$",
        max_length=100,
        description="letters, digits, `_`, `.` and `-`",
    ),
]
PersonId = Annotated[Id, Meta(description="a person's id, a key of `people`")]
Texts = tuple[Text, ...]


def _without_trailing_underscore(name: str) -> str:
    return name.rstrip("_")


class Record(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename=_without_trailing_underscore,
):
    """The base of all parts of a state: frozen, unknown keys refused, absent means not known."""
