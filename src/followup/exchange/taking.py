"""What a file holds, taken into the store: what is there already is left, what is new is added.

Nothing that the store knows is lost unless it is to be replaced, and then only what is told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from followup.errors import UsageError
from followup.exchange.holdings import Holding, Holdings, draft_data
from followup.exchange.logs import NewChange, Recorded, merged
from followup.naming import NAME, free_name
from followup.sending import deliveries
from followup.states import to_data
from followup.store import Entry, Kept, NewEntry, Opportunity, folded
from followup.store.erasing import known_again

if TYPE_CHECKING:
    from followup.vocabulary import Vocabulary

__all__ = ["Taken", "as_if", "head_of", "stops", "taken", "taken_over"]


@dataclass(frozen=True, slots=True)
class Taken:
    """What is to be written, and in words what that is, a line each."""

    changes: tuple[NewChange, ...]
    lines: tuple[str, ...]


def taken_over(
    entries: Sequence[Entry], past: Sequence[Recorded], now: datetime, vocabulary: Vocabulary
) -> Taken:
    """A log taken over. Raises UsageError where it does not fit, and StateError where it gives no states."""
    kept = folded(entries)
    changes = merged(entries, past)
    then = as_if(entries, changes)
    after = folded(then).opportunities
    for found in after.values():
        found.state(vocabulary)
    try:
        deliveries(then)
    except msgspec.ValidationError as error:
        raise UsageError(f"a delivery in the log cannot be read: {error}; export the log again") from None
    new = [entry for _, several in changes for entry in several]
    opened = dict.fromkeys(entry.opportunity for entry in new if entry.kind == "opened")
    stopped = [
        stop for name in opened if name in after for stop in stops(name, after[name].data, kept.marks, now)
    ]
    if new:
        # The log's own store may have sent since: nothing goes out of a copy before that is clear.
        changes.append((now, [*stopped, NewEntry(kind="restored")]))
    lines = []
    for name in dict.fromkeys(entry.opportunity for entry in new):
        count = sum(entry.opportunity == name for entry in new)
        told = "1 entry" if count == 1 else f"{count} entries"
        lines.append(f"{name or 'the store itself'}: {told} added")
    if new:
        lines.append("nothing is sent from here until you say what was sent since: followup outbox reconcile")
    return Taken(tuple(changes), (*lines, *_stop_lines(stopped)))


def taken(
    entries: Sequence[Entry],
    holdings: Holdings,
    now: datetime,
    vocabulary: Vocabulary,
    *,
    replace: bool = False,
    name: str | None = None,
) -> Taken:
    """States taken in. `replace` puts what differs in the place of what stands; `name` is for one alone.

    Raises UsageError where something differs that is not to be replaced.
    """
    kept = folded(entries)
    new: list[NewEntry] = []
    lines: list[str] = []
    refused: list[str] = []
    names = set(kept.opportunities)
    marks = sorted(holdings.marks - kept.marks)
    if holdings.profile is not None and holdings.profile != kept.profile:
        if kept.profile is None or replace:
            new.append(NewEntry(kind="profile", data=dict(holdings.profile)))
            lines.append("your profile: taken from the file")
        else:
            lines.append("your profile: another stands in the store and stays; `--replace` takes the file's")
    for item in holdings.items:
        own = name or item.name or _name_for(item, kept, names)
        if not NAME.fullmatch(own):
            raise UsageError(f"`{own[:60]}` cannot be a name in the store; use small letters, digits and `-`")
        names.add(own)
        found = kept.opportunities.get(own)
        differs = "" if found is None else _difference(item, found, vocabulary)
        if differs and not replace:
            refused.append(f"`{own}` is in the store and differs in {differs}")
            continue
        if found is None or differs:
            said = f"{item.data['position']['title']} at {item.data['company']['name']}"
            lines.append(f"{'replaced' if found else 'added'} {own}: {said}")
            new += _opening(own, item)
            stopped = list(stops(own, item.data, kept.marks | holdings.marks, now))
            new += stopped
            lines += _stop_lines(stopped)
        else:
            added = list(_missing(item, found, vocabulary))
            new += added
            lines.append(f"{own}: {_count(added)}")
    if refused:
        cure = "`--replace` puts the file's in the place of the store's, and can be undone"
        raise UsageError("; ".join(refused) + f"; nothing is written; {cure}")
    changes: list[NewChange] = []
    if marks:
        # An erasure cannot be undone, and what is undone with one change comes in with another.
        changes.append((now, [NewEntry(kind="erased", data={"marks": marks})]))
    if new:
        changes.append((now, new))
    return Taken(tuple(changes), tuple(lines))


def stops(name: str, data: Mapping[str, Any], marks: frozenset[str], now: datetime) -> Iterator[NewEntry]:
    """For each person of a state who was erased before: that they are not contacted."""
    for id_, person in data.get("people", {}).items():
        if known_again(person, marks):
            stop = {"type": "no_contact", "at": now.isoformat(), "who": id_}
            if not any(_is_stop(event, id_) for event in data.get("events", ())):
                yield NewEntry(kind="happened", opportunity=name, data=stop)


def _is_stop(event: Mapping[str, Any], id_: str) -> bool:
    return event["type"] == "no_contact" and event.get("who") in (None, id_)


def _stop_lines(stopped: Sequence[NewEntry]) -> list[str]:
    return [
        f"{entry.opportunity}: `{entry.data['who']}` was erased before and is not contacted"
        for entry in stopped
    ]


def head_of(data: Mapping[str, Any]) -> dict[str, Any]:
    """A state without what happened."""
    return {key: value for key, value in data.items() if key != "events"}


def as_if(entries: Sequence[Entry], changes: Sequence[NewChange]) -> tuple[Entry, ...]:
    """The log as it would stand after these changes."""
    made = list(entries)
    number = max((entry.number for entry in entries), default=0)
    change = max((entry.change for entry in entries), default=0)
    for at, several in changes:
        change += 1
        for each in several:
            number += 1
            made.append(Entry(number=number, change=change, at=at, **msgspec.structs.asdict(each)))
    return tuple(made)


def _name_for(item: Holding, kept: Kept, names: Collection[str]) -> str:
    """The opportunity of the store that a state file is about; else a free name."""
    company, title = item.data["company"]["name"], item.data["position"]["title"]
    for found in kept.opportunities.values():
        data = found.data
        if (data["company"]["name"], data["position"]["title"]) == (company, title):
            return found.name
    return free_name(company, names)


def _difference(item: Holding, found: Opportunity, vocabulary: Vocabulary) -> str:
    """What of the opportunity in the store is not as the file has it; what happened only adds up."""
    stands = to_data(found.state(vocabulary))
    keys = dict.fromkeys([*head_of(item.data), *head_of(stands)])
    different = [f"`{key}`" for key in keys if item.data.get(key) != stands.get(key)]
    return ", ".join(different)


def _missing(item: Holding, found: Opportunity, vocabulary: Vocabulary) -> Iterator[NewEntry]:
    """What the file says and the store does not know."""
    stands = to_data(found.state(vocabulary)).get("events", [])
    for event in item.data.get("events", ()):
        if event in stands:
            stands.remove(event)
        else:
            yield NewEntry(kind="happened", opportunity=found.name, data=event)
    if item.name is None:
        return
    for draft in item.drafts:
        if found.drafts.get(draft.key) != draft:
            yield NewEntry(kind="drafted", opportunity=found.name, data=draft_data(draft))
    if (item.retired, item.reason) != (found.retired, found.reason):
        yield _standing(found.name, item)


def _opening(name: str, item: Holding) -> Iterator[NewEntry]:
    yield NewEntry(kind="opened", opportunity=name, data=dict(item.data))
    for draft in item.drafts:
        yield NewEntry(kind="drafted", opportunity=name, data=draft_data(draft))
    if item.retired or item.reason:
        yield _standing(name, item)


def _standing(name: str, item: Holding) -> NewEntry:
    reason = {"reason": item.reason} if item.reason else {}
    return NewEntry(kind="retired" if item.retired else "reopened", opportunity=name, data=reason)


def _count(added: Sequence[NewEntry]) -> str:
    events = sum(entry.kind == "happened" for entry in added)
    told = [f"{events} event{'s' if events > 1 else ''} added"] if events else []
    told += [f"{entry.kind}" for entry in added if entry.kind != "happened"]
    return ", ".join(told) or "nothing new"
