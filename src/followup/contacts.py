"""Contacts: the messages and calls that reached somebody at the company, and when the other side spoke.

`docs/semantics.md`, section 1, says what counts as a contact, which message came back, and what is an answer.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter

from msgspec import Struct

from followup.events import Called, Interview, Sent
from followup.moments import Instant
from followup.timeline import Happened, event_people

__all__ = [
    "HEARD", "Contact", "Recipient", "address_of", "contact_of", "is_heard", "key_parts",
    "lost_messages", "unanswered_since",
]  # fmt: skip

Recipient = str
"""One who receives: a mail address, or `id:` and a person's id. Two people with one address are one."""

SPOKEN = ("spoke", "call back")
"""The outcomes of a call in which the other side spoke."""

HEARD = ("interview", "called", "reply", "promise", "offer", "rejection")
"""The types of the events in which the other side may have spoken."""


class Contact(Struct, frozen=True):
    """A message or call that reached somebody at the company."""

    happened: Happened
    at: Instant
    to: str
    recipient: Recipient
    intent: str | None
    key: str | None
    parts: tuple[str, ...] | None
    settles: bool
    answered: bool
    here: bool

    @property
    def id(self) -> str:
        return self.happened.id

    @property
    def rules_named(self) -> tuple[str, ...]:
        """How its key begins, and those of its parts: the names of rules, where these are keys."""
        return tuple((key or "").partition(":")[0] for key in (self.key, *(self.parts or ())))


def address_of(email: str) -> str:
    """A mail address in the form in which two are compared: without case and spaces."""
    return "".join(email.split()).casefold()


def contact_of(happened: Happened, recipient: Callable[[str], Recipient], *, here: bool = True) -> Contact:
    """A message or call that happened, as a contact; `recipient` says who receives what goes to a person."""
    event = happened.event
    assert isinstance(event, (Sent, Called))
    outcome = event.outcome if isinstance(event, Called) else None
    return Contact(
        happened=happened,
        at=happened.at,
        to=event.to,
        recipient=recipient(event.to),
        intent=event.intent,
        key=event.key,
        parts=event.parts,
        settles=outcome != "call back",
        answered=outcome in SPOKEN,
        here=here,
    )


def lost_messages(
    bounces: Sequence[Happened],
    events: Iterable[Happened],
    elsewhere: Iterable[Happened],
    recipient: Callable[[str], Recipient],
) -> frozenset[tuple[bool, str]]:
    """Of each bounce the last message by mail before it: whether it went out here, and its id."""
    if not bounces:
        return frozenset()
    sent: dict[Recipient, list[tuple[Instant, str, bool]]] = {}
    for here, happenings in ((True, events), (False, elsewhere)):
        for happened in happenings:
            event = happened.event
            if isinstance(event, Sent) and event.channel in (None, "email"):
                sent.setdefault(recipient(event.to), []).append((happened.at, happened.id, here))
    for mails in sent.values():
        mails.sort(reverse=True)
    lost: set[tuple[bool, str]] = set()
    for bounce in bounces:
        for at, id_, here in sent.get(recipient(event_people(bounce.event)[0]), ()):
            if at <= bounce.at and (here, id_) not in lost:
                lost.add((here, id_))
                break
    return frozenset(lost)


def is_heard(happened: Happened, now: Instant) -> bool:
    """Whether the other side spoke in an event of these types: in an interview once it is over."""
    event = happened.event
    if isinstance(event, Interview):
        return happened.end <= now and not happened.cancelled
    return not isinstance(event, Called) or event.outcome in SPOKEN


def unanswered_since(contacts: Sequence[Contact], spoke: Instant | None) -> tuple[Contact, ...]:
    """Those of some contacts, in order of time, since the other side last spoke (None: never)."""
    first = 0 if spoke is None else bisect_left(contacts, spoke, key=attrgetter("at"))
    return tuple(contact for contact in contacts[first:] if not contact.answered)


def key_parts(key: str | None) -> tuple[str, str, str, int] | None:
    """A follow-up's key as rule, occasion, person and attempt; None for what is no key."""
    parts = (key or "").split(":")
    if len(parts) == 3:
        return parts[0], parts[1], parts[2], 1
    if len(parts) == 4 and parts[3].isdigit():
        return parts[0], parts[1], parts[2], int(parts[3])
    return None
