"""The log folded: what stands after all entries, those that were undone left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from followup.errors import UsageError, did_you_mean
from followup.keeping import KeptDraft
from followup.store.amending import amended
from followup.store.entries import BOOKKEEPING, Entry, NewEntry

if TYPE_CHECKING:
    from followup.state import InterviewState
    from followup.vocabulary import Vocabulary

__all__ = ["Kept", "Opportunity", "folded", "last_changes", "states", "undoing"]


class Opportunity(Struct, frozen=True):
    """One opportunity in the store: its state as plain dictionaries, and whether it is retired.

    `reason` says why it was retired or reopened last; `drafts` are the words of the person's own, by the key
    of the follow-up.
    """

    name: str
    data: Mapping[str, Any]
    retired: bool = False
    reason: str = ""
    drafts: Mapping[str, KeptDraft] = {}

    def state(self, vocabulary: Vocabulary | None = None) -> InterviewState:
        """Its state. Raises StateError, which names the opportunity, where it is none."""
        from followup.states import read_data

        return read_data(self.data, vocabulary).state


class Kept(Struct, frozen=True):
    """All that the log says: the candidate, the opportunities by name, the marks of erased people."""

    profile: Mapping[str, Any] | None = None
    opportunities: Mapping[str, Opportunity] = {}
    marks: frozenset[str] = frozenset()

    def opportunity(self, name: str) -> Opportunity:
        """The one of that name, or the only one that begins so. Raises UsageError."""
        found = self.opportunities.get(name)
        near = [each for each in self.opportunities if name and each.startswith(name)]
        if found is None and len(near) == 1:
            found = self.opportunities[near[0]]
        if found is None and near:
            raise UsageError(f"`{name}` may be {' or '.join(f'`{each}`' for each in near)}; give more of it")
        if found is None:
            cure = did_you_mean(name, self.opportunities) if self.opportunities else "add one: `followup add`"
            raise UsageError(f"the store has no opportunity `{name}`; {cure}")
        return found


def folded(entries: Iterable[Entry]) -> Kept:
    """What stands after these entries, in order of name."""
    entries = tuple(entries)
    undone = _undone(entries)
    profile: Mapping[str, Any] | None = None
    data: dict[str, dict[str, Any]] = {}
    drafts: dict[str, dict[str, KeptDraft]] = {}
    retired: dict[str, tuple[bool, str]] = {}
    marks: set[str] = set()
    for entry in entries:
        if entry.change in undone:
            continue
        if entry.kind == "profile":
            for state in data.values():
                if state["candidate"] == profile:
                    state["candidate"] = entry.data
            profile = entry.data
        elif entry.kind == "erased":
            marks.update(entry.data["marks"])
        elif entry.kind == "opened":
            data[entry.opportunity] = dict(entry.data)
            drafts[entry.opportunity] = {}
        elif entry.opportunity not in data:
            continue
        elif entry.kind == "happened":
            state = data[entry.opportunity]
            state["events"] = [*state.get("events", ()), entry.data]
        elif entry.kind == "changed":
            data[entry.opportunity] = amended(data[entry.opportunity], entry.data["facts"])
        elif entry.kind == "drafted":
            own = drafts[entry.opportunity]
            own.pop(entry.data["key"], None)
            if "body" in entry.data:
                own[entry.data["key"]] = msgspec.convert(entry.data, KeptDraft)
        elif entry.kind in ("retired", "reopened"):
            retired[entry.opportunity] = (entry.kind == "retired", entry.data.get("reason", ""))
    found = {
        name: Opportunity(name, data[name], *retired.get(name, (False, "")), drafts[name])
        for name in sorted(data)
    }
    return Kept(profile, found, frozenset(marks))


def states(kept: Kept, vocabulary: Vocabulary | None = None) -> dict[str, InterviewState]:
    """The states of all opportunities that are not retired. Raises StateError."""
    return {name: each.state(vocabulary) for name, each in kept.opportunities.items() if not each.retired}


def last_changes(entries: Sequence[Entry], count: int) -> tuple[int, ...]:
    """The last changes that count, the latest first: those that `undo` takes back. Raises UsageError."""
    undone = _undone(entries)
    erased = max((entry.change for entry in entries if entry.kind == "erased"), default=0)
    standing = {e.change for e in entries if e.change not in undone and e.kind not in BOOKKEEPING}
    found = sorted((change for change in standing if change > erased), reverse=True)[:count]
    for entry in entries:
        if entry.kind == "delivery" and entry.change in found:
            raise UsageError(
                f"a message of {entry.opportunity} went out by that change, and cannot be taken back; "
                f"what was changed after it can be undone, what was before it stays"
            )
    if len(found) < count:
        why = "an erasure and what was before it stay" if erased else "nothing else was changed"
        counted = {0: "nothing", 1: "only 1 change"}.get(len(found), f"only {len(found)} changes")
        raise UsageError(f"{counted} can be undone: {why}")
    return tuple(found)


def undoing(changes: Iterable[int]) -> list[NewEntry]:
    """The entries that take these changes back."""
    return [NewEntry(kind="undone", data={"change": change}) for change in changes]


def _undone(entries: Iterable[Entry]) -> frozenset[int]:
    return frozenset(entry.data["change"] for entry in entries if entry.kind == "undone")
