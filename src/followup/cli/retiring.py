"""An opportunity taken out of the lists, or brought back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from followup.cli.home import opened, tell_change
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.store import Entry, NewEntry

__all__ = ["set_retired"]


def set_retired(
    kind: Literal["retired", "reopened"], opportunity: str, reason: str, home: str | None, form: str
) -> None:
    """Write that it is retired or reopened, and why. Raises UsageError where it is so already."""
    from followup.cli.times import wall_clock
    from followup.store import NewEntry, folded

    def decide(entries: Sequence[Entry]) -> list[NewEntry]:
        found = folded(entries).opportunity(opportunity)
        if found.retired == (kind == "retired"):
            stands = "retired already" if found.retired else "not retired"
            raise UsageError(f"`{found.name}` is {stands}; nothing is changed")
        data = {"reason": reason} if reason else {}
        return [NewEntry(kind=kind, opportunity=found.name, data=data)]

    with opened(home) as store:
        change = store.change(decide, wall_clock())
    assert change is not None
    name = change.entries[0].opportunity
    because = f": {reason}" if reason else ""
    told = {"retired": "It stands in no list any more.", "reopened": "It is back in all lists."}
    tell_change(form, change, [f"{name}: {kind}{because}", told[kind]])
