"""Deliveries: each message that was to go out, folded from the steps that the log holds of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from followup.delivery import Outgoing
from followup.plan import Draft, FollowUp
from followup.sending.transitions import State, may_follow
from followup.store import Entry, NewEntry

__all__ = [
    "Delivery",
    "Intent",
    "Word",
    "deliveries",
    "digest_of",
    "in_doubt",
    "intent_of",
    "step",
    "unreconciled",
]

Word = Literal["person", "policy"]
"""By whose word a message goes out: a person's, for this one message, or the policy that they wrote."""


class Intent(msgspec.Struct, frozen=True, kw_only=True):
    """What is to go out, before anything is done: all of it, by whose word, and the event that it will be.

    `digest` tells the draft that it was made from; `event` is the `sent` event without its time.
    """

    outgoing: Outgoing
    digest: str
    event: dict[str, Any]
    word: Word = "person"


class Delivery(Intent, frozen=True, kw_only=True):
    """A message on its way: where it stands, since when, and what was told about it.

    `committed` is when its words began to leave, None where they never did. `permanent`: it failed, and would
    fail again.
    """

    id: str
    opportunity: str
    state: State
    at: datetime
    told: str = ""
    permanent: bool = False
    committed: datetime | None = None

    @property
    def key(self) -> str:
        """The follow-up's key, as the log knows it now: an erasure may have replaced a name in it."""
        return str(self.event["key"])


class _Step(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    state: State
    told: str = ""
    permanent: bool = False
    committed: datetime | None = None


def digest_of(draft: Draft) -> str:
    """By what a draft is known again, to the last character."""
    return hashlib.sha256(msgspec.json.encode(draft)).hexdigest()


def intent_of(followup: FollowUp, outgoing: Outgoing, word: Word = "person") -> Intent:
    """The intent to send a follow-up, which has a draft and a person that it goes to."""
    assert followup.draft is not None
    assert followup.to is not None
    event: dict[str, Any] = {
        "type": "sent",
        "to": followup.to.id,
        "intent": followup.intent,
        "key": followup.key,
        "channel": outgoing.channel,
        "parts": list(followup.parts),
        "message_id": outgoing.identity,
        "references": list(outgoing.references),
        "subject": followup.draft.subject,
        "text": followup.draft.body if followup.draft.edited else "",
    }
    known = {name: value for name, value in event.items() if value}
    return Intent(outgoing=outgoing, digest=digest_of(followup.draft), event=known, word=word)


def step(delivery: Delivery, state: State, **more: Any) -> NewEntry:
    """The entry by which a message goes on to another state."""
    assert may_follow(delivery.state, state), f"{delivery.state} cannot become {state}"
    data = {"id": delivery.id, "state": state, **more}
    return NewEntry(kind="delivery", opportunity=delivery.opportunity, data=data)


def deliveries(entries: Iterable[Entry]) -> Mapping[str, Delivery]:
    """All deliveries by their id, in the order in which they were begun."""
    found: dict[str, Delivery] = {}
    for entry in entries:
        if entry.kind != "delivery":
            continue
        known = found.get(entry.data["id"])
        if known is None:
            data = {**entry.data, "opportunity": entry.opportunity, "at": entry.at}
            found[entry.data["id"]] = msgspec.convert(data, Delivery)
            continue
        taken = msgspec.convert(entry.data, _Step)
        found[known.id] = msgspec.structs.replace(
            known,
            state=taken.state,
            at=entry.at,
            told=taken.told,
            permanent=taken.permanent,
            committed=taken.committed or known.committed,
        )
    return found


def in_doubt(entries: Iterable[Entry]) -> frozenset[tuple[str, str]]:
    """What may have been sent already, by opportunity and key; nobody knows."""
    unknown = ("in doubt", "committing")
    found = deliveries(entries).values()
    return frozenset((each.opportunity, each.key) for each in found if each.state in unknown)


def unreconciled(entries: Iterable[Entry]) -> bool:
    """Whether the log came from a backup, and nobody has said since what was sent in between."""
    marks = [entry.kind for entry in entries if entry.kind in ("restored", "reconciled")]
    return marks[-1:] == ["restored"]
