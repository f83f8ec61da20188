"""Delivery: what a channel's words go out by, and what it must promise.

A channel is pure and sends nothing. It may be accompanied by a deliverer, which does the one thing that
cannot be undone. A deliverer first says exactly what would go out, an `Outgoing`, so that it can be shown and
kept; what it delivers then is that, to the last character. It knows three outcomes and no fourth:

    a Receipt            the other side has taken it
    NotDeliveredError    nothing has left
    InDoubtError         it may have arrived, or not: nobody sends it again by themselves

Whoever calls it keeps the record that a message goes out once. That is what `commit` is for: the deliverer
calls it at the last moment before the words leave and cannot be called back, and the caller asks the gate
again and writes down that the message is on its way. If `commit` raises, nothing may leave.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol, runtime_checkable

import msgspec

from followup.plan import Draft

__all__ = ["Commit", "Deliverer", "Finder", "Outgoing", "Receipt"]

Commit = Callable[[], None]
"""Called once, right before the words leave. What it raises stops the delivery and reaches the caller."""


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One message, whole: what a person looks at before they say yes, and what goes out if they do.

    `key` is the follow-up's. `content` is all of the message, for mail with its headers; `shown` is the same
    for the eye, where `content` is encoded. `account` says by what it goes, in words. `identity` is that by
    which it can be found again, such as its Message-ID; `references` are the identities of the thread that
    it continues. No field holds a password.
    """

    channel: str
    key: str
    content: str
    shown: str = ""
    account: str = ""
    identity: str = ""
    references: tuple[str, ...] = ()


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The other side has taken a message.

    `key` is the follow-up's. `identity` is that by which the message can be found again, such as its
    Message-ID; empty where the channel knows none. `answer` is what the other side said, in its own words.
    """

    channel: str
    key: str
    identity: str = ""
    answer: str = ""


@runtime_checkable
class Deliverer(Protocol):
    """Sends drafts of one channel, one message a call. It may use clock, network and files."""

    @property
    def channel(self) -> str:
        """The name of the channel whose drafts it sends."""
        ...

    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        """The draft of the follow-up `key` as it would go out, dated `now`, an aware datetime. Sends nothing.

        Raises NotDeliveredError if it cannot go out as it is: no account, no address, words that differ.
        """
        ...

    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        """Send what was prepared, perhaps by another process; returns once the other side has taken it.

        Calls `commit` exactly once, as late as the other side allows: for SMTP after the answer 354 to DATA
        and before the first byte of the message. What `commit` raises it raises unchanged, with the
        connection dropped and nothing sent. It never tries twice.

        Raises NotDeliveredError if nothing has left, and InDoubtError if that cannot be known. No error
        and no receipt holds a password.
        """
        ...


@runtime_checkable
class Finder(Protocol):
    """What a deliverer may have besides: it can look for a message that may have gone out."""

    def find(self, outgoing: Outgoing) -> str:
        """Where that message is found among what was sent, in words; empty if it is not there.

        To find it proves that it went out; not to find it proves nothing. Raises NotDeliveredError if one
        cannot look.
        """
        ...
