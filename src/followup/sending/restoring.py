"""A store from a backup: what was sent since and who was erased since are not forgotten, and nothing is sent
before that is clear."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from followup.sending.deliveries import Delivery, deliveries
from followup.sending.outbox import sent_event
from followup.store import Decide, Entry, NewEntry, folded
from followup.store.erasing import known_again

__all__ = ["carrying_over", "reconciling"]


def carrying_over(before: Sequence[Entry]) -> Decide:
    """What to write after a restore: the mark, what the replaced log knows of messages sent since, and the
    stops of whoever was erased since.

    What never left is left behind with it.
    """
    known = deliveries(before)

    def decide(restored: Sequence[Entry]) -> list[NewEntry]:
        then = deliveries(restored)
        written = [NewEntry(kind="restored")]
        for each in known.values():
            earlier = then.get(each.id)
            if each.state in ("queued", "claimed", "failed"):
                continue
            if earlier is not None and earlier.state == each.state:
                continue
            written.append(_as_it_stands(each))
            if each.state == "sent":
                written.append(sent_event(each))
        return [*written, *_erased_since(before, restored)]

    return decide


def _erased_since(before: Sequence[Entry], restored: Sequence[Entry]) -> Iterator[NewEntry]:
    """The marks of people who were erased since, and a stop wherever they are back."""
    kept = folded(restored)
    marks = folded(before).marks - kept.marks
    if not marks:
        return
    yield NewEntry(kind="erased", data={"marks": sorted(marks)})
    at = max(entry.at for entry in before if entry.kind == "erased").isoformat()
    for each in kept.opportunities.values():
        for id_, person in each.data.get("people", {}).items():
            if known_again(person, marks):
                stop = {"type": "no_contact", "at": at, "who": id_}
                yield NewEntry(kind="happened", opportunity=each.name, data=stop)


def reconciling(events: Sequence[NewEntry]) -> list[NewEntry]:
    """The entries that say that the log knows all that was sent, with what was found to have been."""
    return [*events, NewEntry(kind="reconciled")]


def _as_it_stands(delivery: Delivery) -> NewEntry:
    data = msgspec.to_builtins(delivery)
    data = {name: value for name, value in data.items() if name not in ("opportunity", "at")}
    return NewEntry(kind="delivery", opportunity=delivery.opportunity, data=data)
