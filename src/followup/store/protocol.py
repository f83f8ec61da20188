"""What a store must do. `followup.testing.StoreConformance` holds any store to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from followup.store.entries import Change, Entry, NewEntry

__all__ = ["Decide", "DecideAll", "Store"]

Decide = Callable[[tuple[Entry, ...]], Sequence[NewEntry]]
"""From all entries as they stand, what to write. What it raises is raised, and nothing is written."""
DecideAll = Callable[[tuple[Entry, ...]], Sequence[tuple[datetime, Sequence[NewEntry]]]]
"""As `Decide`, for several changes, each with the time at which it was made."""


@runtime_checkable
class Store(Protocol):
    """An append-only log that several processes may use at once.

    Each method raises UsageError where the log cannot be read or written.
    """

    @property
    def place(self) -> str:
        """Where it stands, in words for people: never with a password."""
        ...

    def entries(self) -> tuple[Entry, ...]:
        """All entries, in the order in which they were written."""
        ...

    def change(self, decide: Decide, at: datetime) -> Change | None:
        """Write what `decide` makes of the log, durably and all or none; None where that is nothing.

        Nobody else writes between what `decide` sees and what it gives. `at` is an aware datetime.
        """
        ...

    def adopt(self, decide: DecideAll) -> tuple[Change, ...]:
        """As `change`, for changes of another log: several, each with its own time, all or none.

        They are numbered on from the last change that `decide` sees. One without entries is left out.
        """
        ...

    def rewrite(self, amend: Callable[[Entry], NewEntry], decide: Decide, at: datetime) -> Change | None:
        """For an erasure alone: put what `amend` gives in the place of each entry, then write as `change`.

        What stood there before can be read nowhere in the store afterwards.
        """
        ...

    def backup(self, path: Path) -> None:
        """Write a copy of the log, as it stands at one moment, that `restore` takes. The file must be new."""
        ...

    def restore(self, path: Path, decide: Decide, at: datetime) -> Change | None:
        """Put the log of a backup in the place of this one, then write as `change`: all of it or nothing.

        Whoever restores is `alone`, so that nothing is sent meanwhile.
        """
        ...

    def alone(self) -> AbstractContextManager[None]:
        """Inside it, no other process or thread is inside it for the same log: for what sends.

        Whoever is inside lets go when its process ends, however it ends. Reading and writing go on for all.
        Raises UsageError at once where somebody else is inside.
        """
        ...

    def close(self) -> None:
        """Let go of what is held open."""
        ...
