"""A channel: whom it can reach, how it words a message, what its limits are.

Channels come from plugins, by the hook `followup_channels`. `followup.testing.ChannelConformance` is
the suite of tests that every channel must pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, Protocol, runtime_checkable

import msgspec

from followup.plan import Draft, Finding
from followup.state import Person

__all__ = ["Channel", "Composition", "Direction", "Limits", "Thread"]

Direction = Literal["employer", "self"]


class Limits(msgspec.Struct, frozen=True):
    """What the channel can carry: characters of subject and body; None is no limit.

    `intents` are the intents it can carry; empty means all.
    """

    subject: int | None = None
    body: int | None = None
    intents: frozenset[str] = frozenset()


class Thread(msgspec.Struct, frozen=True, kw_only=True):
    """The last mail to or from the recipient, as the state knows it: what a new one continues.

    `references` are the Message-IDs that it named itself, the oldest first. All of it comes from outside:
    a channel makes sure of its form.
    """

    message_id: str
    references: tuple[str, ...] = ()
    subject: str = ""


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """The rendered words of a message, before a channel gives them its form.

    `sections` holds the named texts of the message file's front matter that could be rendered
    (`purpose`, `short`, `question` …). `facts` are the plain values that messages may name, as nested
    dictionaries; a fact that is not known is not there. Those of a namespace with the channel's own name
    (`linkedin.account`) are among them. `language` is the ISO 639 code of the language that
    the words are in: what a channel adds of its own must be in it, or left out. `thread` is the mail that
    this message follows, where one is known.
    """

    key: str
    intent: str
    to: Person | None
    subject: str
    body: str
    sections: Mapping[str, str]
    facts: Mapping[str, Any]
    language: str = "en"
    thread: Thread | None = None


@runtime_checkable
class Channel(Protocol):
    """A way to reach somebody. Methods are pure: no clock, no network, no files."""

    @property
    def name(self) -> str:
        """The name that rules write in `via` and states in `instructions.channels`: `email`."""

    @property
    def label(self) -> str:
        """The name that people read: `Email`."""

    @property
    def direction(self) -> Direction:
        """`employer`, or `self` for notes to yourself."""

    @property
    def limits(self) -> Limits:
        """What it can carry."""

    @property
    def address_field(self) -> str:
        """The person's field that holds the address (`email`), for saying what is missing; may be empty."""

    def reaches(self, person: Person) -> bool:
        """Whether the person can be reached; looks only at the person's fields."""

    def compose(self, composition: Composition) -> Draft:
        """The draft in this channel's form. Must not lose words silently and must not exceed the limits."""

    def review(self, draft: Draft) -> tuple[Finding, ...]:
        """What is wrong with a draft for this channel; empty when it may go."""
