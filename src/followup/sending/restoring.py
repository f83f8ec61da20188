"""A store from a backup: what was sent since is not forgotten, and nothing is sent before that is clear."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from followup.sending.deliveries import Delivery, deliveries
from followup.sending.outbox import sent_event
from followup.store import Decide, Entry, NewEntry

__all__ = ["carrying_over", "reconciling"]


def carrying_over(before: Sequence[Entry]) -> Decide:
    """What to write after a restore: the mark, and what the replaced log knows of messages sent since.

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
        return written

    return decide


def reconciling(events: Sequence[NewEntry]) -> list[NewEntry]:
    """The entries that say that the log knows all that was sent, with what was found to have been."""
    return [*events, NewEntry(kind="reconciled")]


def _as_it_stands(delivery: Delivery) -> NewEntry:
    data = msgspec.to_builtins(delivery)
    data = {name: value for name, value in data.items() if name not in ("opportunity", "at")}
    return NewEntry(kind="delivery", opportunity=delivery.opportunity, data=data)
