"""Kept drafts: words that a person put in the place of a draft, and whether they still fit."""

from __future__ import annotations

import msgspec

from followup.channels import Channel
from followup.plan import Finding, FollowUp
from followup.state import Person

__all__ = ["KeptDraft", "address_of", "stale"]


class KeptDraft(msgspec.Struct, frozen=True, kw_only=True):
    """Words of a person's own for the follow-up `key`, and what they were written for.

    `to` is the id of the person, `address` what the channel reached them by, `parts` the keys of what rode
    in the message.
    """

    key: str
    subject: str
    body: str
    to: str = ""
    channel: str = ""
    address: str = ""
    parts: tuple[str, ...] = ()


def address_of(person: Person | None, channel: Channel) -> str:
    """What a channel reaches a person by; empty for a note to oneself."""
    found = getattr(person, channel.address_field, None) if channel.address_field else None
    return str(found or "").strip()


def stale(kept: KeptDraft, followup: FollowUp, address: str) -> Finding | None:
    """What changed since the words were written, which nobody may send without a look; None if nothing."""
    to = followup.to.id if followup.to else ""
    changes = [
        f"{what} was {_shown(before)} and is {_shown(now)}"
        for what, before, now in (
            ("the person", kept.to, to),
            ("the channel", kept.channel, followup.channel or ""),
            ("the address", kept.address.casefold(), address.casefold()),
            ("what rides along", ", ".join(sorted(kept.parts)), ", ".join(sorted(followup.parts))),
        )
        if before != now
    ]
    if not changes:
        return None
    text = f"your own words are not used, since they were written for something else: {'; '.join(changes)}"
    return Finding("own-words", "error", text, "body", "edit them once more, or drop them")


def _shown(value: str) -> str:
    return f"`{value}`" if value else "nothing"
