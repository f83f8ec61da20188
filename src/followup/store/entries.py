"""Entries: what the log holds, one fact each, with the change that wrote it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

__all__ = ["BOOKKEEPING", "Change", "Entry", "Kind", "NewEntry"]

Kind = Literal[
    "profile", "opened", "happened", "changed", "drafted", "retired", "reopened", "undone", "erased",
    "delivery", "reminded", "restored", "reconciled",
]  # fmt: skip
"""What an entry can say. Its data are

- `profile`: the candidate, as in a state
- `opened`: the opportunity's state as plain dictionaries, with the events that it begins with
- `happened`: one event, as in a state
- `changed`: `facts` of the state by path (`people.dana.email`); None takes one out
- `drafted`: words of the person's own for a follow-up, as a `KeptDraft`; with the `key` alone, that they are
  dropped
- `retired` and `reopened`: nothing, or a `reason`
- `undone`: `change`, the number of the change that counts no longer
- `erased`: `marks`, by which a person is known again without saying who it is
- `delivery`: one step of a message on its way out, see `followup.sending`
- `reminded`: the `key` of a follow-up that the watch told of; with `told`, why it could not send it
- `restored`: nothing; the log came from a backup, and nothing is sent until it is `reconciled`
"""

BOOKKEEPING: frozenset[Kind] = frozenset({"undone", "delivery", "reminded", "restored", "reconciled"})
"""The kinds of entries that say nothing about an opportunity, so that nobody takes them back."""


class NewEntry(msgspec.Struct, frozen=True, kw_only=True):
    """An entry to be written. `opportunity` is its name in the store; empty where it is about none."""

    kind: Kind
    opportunity: str = ""
    data: dict[str, Any] = {}


class Entry(NewEntry, frozen=True, kw_only=True):
    """An entry that was written: its number, the change that wrote it, and when that was."""

    number: int
    change: int
    at: datetime


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """Entries that were written together, all or none."""

    number: int
    entries: tuple[Entry, ...]
