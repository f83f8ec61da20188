"""Delivery: what a channel's words go out by, and what it must promise.

A channel is pure and sends nothing. It may be accompanied by a deliverer, which does the one thing that
cannot be undone. A deliverer knows three outcomes and no fourth:

    a Receipt            the other side has taken it
    NotDeliveredError    nothing has left
    InDoubtError         it may have arrived, or not: nobody sends it again by themselves

Whoever calls it keeps the record that a message goes out once. That is what `commit` is for: the deliverer
calls it at the last moment before the words leave and cannot be called back, and the caller asks the gate
again and writes down that the message is on its way. If `commit` raises, nothing may leave.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, runtime_checkable

import msgspec

from followup.plan import Draft

__all__ = ["Commit", "Deliverer", "Receipt"]

Commit = Callable[[], None]
"""Called once, right before the words leave. What it raises stops the delivery and reaches the caller."""


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

    def deliver(self, draft: Draft, key: str, *, commit: Commit) -> Receipt:
        """Send the draft of the follow-up `key`; returns once the other side has taken it.

        Calls `commit` exactly once, as late as the other side allows: for SMTP after the answer 354 to DATA
        and before the first byte of the message. What `commit` raises it raises unchanged, with the
        connection dropped and nothing sent. It never tries twice.

        Raises NotDeliveredError if nothing has left, and InDoubtError if that cannot be known. No error
        and no receipt holds a password.
        """
