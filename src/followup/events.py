"""Events: what happened, each with its time. Everything else about an opportunity follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, field

from followup.records import DayOrTime, Id, Name, PersonId, Record, Text, Texts

__all__ = [
    "EVENT_TYPES",
    "Absence",
    "Accepted",
    "Bounce",
    "Called",
    "Cancelled",
    "Concern",
    "Custom",
    "Declined",
    "Done",
    "Event",
    "Interview",
    "Mistake",
    "News",
    "NoContact",
    "Note",
    "Offer",
    "Promise",
    "Rejection",
    "Reply",
    "Rescheduled",
    "Sent",
    "Skipped",
    "Snoozed",
    "Withdrawal",
]


class Concern(Record, frozen=True, kw_only=True):
    """A doubt that they raised, and what speaks to it. `gap`: it is a real gap, to be owned."""

    about: Text
    evidence: Text | None = None
    gap: bool = False
    with_: PersonId | None = None


class Mistake(Record, frozen=True, kw_only=True):
    """Something said wrongly, and the correction."""

    said: Text
    correction: Text | None = None
    with_: PersonId | None = None


class Event(Record, frozen=True, kw_only=True):
    """Something that happened, with a time.

    An event without an id gets one from its type, people and time.
    """

    TYPE: ClassVar[str] = ""
    at: datetime
    id: Id | None = None

    @property
    def type(self) -> str:
        return self.TYPE


class Interview(Event, frozen=True, kw_only=True):
    """An interview; one in the future is known to be coming (since `arranged`, where that is given)."""

    TYPE: ClassVar[str] = "interview"
    minutes: Annotated[int, Meta(ge=1, le=10_080, description="length; 60 where not given")] | None = None
    round: Annotated[int, Meta(ge=1, le=99)] | None = None
    medium: Literal["video", "onsite", "phone"] | None = None
    with_: tuple[PersonId, ...] = ()
    topics: Annotated[dict[str, Texts], Meta(description="what was talked about, by person")] = field(
        default_factory=dict
    )
    questions: Annotated[Texts, Meta(description="questions left open")] = ()
    concerns: tuple[Concern, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    arranged: Annotated[datetime | None, Meta(description="when it was arranged")] = None


class Sent(Event, frozen=True, kw_only=True):
    """A message that went out."""

    TYPE: ClassVar[str] = "sent"
    to: PersonId
    intent: Name | None = None
    key: Annotated[Text | None, Meta(description="the follow-up's key")] = None
    channel: Name | None = None
    thread: Annotated[Text | None, Meta(description="its Message-ID")] = None
    text: Text | None = None
    parts: Annotated[Texts | None, Meta(description="keys of the parts that rode in it")] = None


class Called(Event, frozen=True, kw_only=True):
    """A phone call that was made."""

    TYPE: ClassVar[str] = "called"
    to: PersonId
    outcome: Literal["spoke", "voicemail", "call back"] | None = None
    intent: Name | None = None
    key: Text | None = None
    parts: Texts | None = None


class Reply(Event, frozen=True, kw_only=True):
    """Somebody at the company wrote or called."""

    TYPE: ClassVar[str] = "reply"
    from_: PersonId | None = None
    text: Text | None = None


class Promise(Event, frozen=True, kw_only=True):
    """They said by when they would decide or be in touch."""

    TYPE: ClassVar[str] = "promise"
    by: DayOrTime
    who: PersonId | None = None
    words: Text | None = None


class Absence(Event, frozen=True, kw_only=True):
    """Somebody is away until the end of a day, or until a time."""

    TYPE: ClassVar[str] = "absence"
    who: PersonId
    until: DayOrTime


class Bounce(Event, frozen=True, kw_only=True):
    """A message came back: the address does not work."""

    TYPE: ClassVar[str] = "bounce"
    to: PersonId
    address: Text | None = None


class Offer(Event, frozen=True, kw_only=True):
    """They made an offer. `unclear` are points to ask about, `wishes` what you would negotiate."""

    TYPE: ClassVar[str] = "offer"
    from_: PersonId | None = None
    deadline: DayOrTime | None = None
    terms: Text | None = None
    unclear: Texts = ()
    wishes: Texts = ()


class Accepted(Event, frozen=True, kw_only=True):
    """An offer was accepted: this one, or with `elsewhere` another company's."""

    TYPE: ClassVar[str] = "accepted"
    reason: Text | None = None
    elsewhere: bool = False


class Declined(Event, frozen=True, kw_only=True):
    """You declined the offer."""

    TYPE: ClassVar[str] = "declined"
    reason: Text | None = None


class Rejection(Event, frozen=True, kw_only=True):
    """They said no."""

    TYPE: ClassVar[str] = "rejection"
    from_: PersonId | None = None
    reason: Text | None = None


class Withdrawal(Event, frozen=True, kw_only=True):
    """You withdrew."""

    TYPE: ClassVar[str] = "withdrawal"
    reason: Text | None = None


class NoContact(Event, frozen=True, kw_only=True):
    """They asked not to be contacted: nobody at the company, or with `who` that person."""

    TYPE: ClassVar[str] = "no_contact"
    who: PersonId | None = None


class Rescheduled(Event, frozen=True, kw_only=True):
    """An interview was moved."""

    TYPE: ClassVar[str] = "rescheduled"
    interview: Annotated[Id, Meta(description="the interview's id")]
    to: datetime


class Cancelled(Event, frozen=True, kw_only=True):
    """An interview was called off."""

    TYPE: ClassVar[str] = "cancelled"
    interview: Annotated[Id, Meta(description="the interview's id")]


class News(Event, frozen=True, kw_only=True):
    """What the company or a person achieved."""

    TYPE: ClassVar[str] = "news"
    about: Text
    who: PersonId | None = None


class Done(Event, frozen=True, kw_only=True):
    """You did a task."""

    TYPE: ClassVar[str] = "done"
    key: Text


class Skipped(Event, frozen=True, kw_only=True):
    """You decided not to do a follow-up."""

    TYPE: ClassVar[str] = "skipped"
    key: Text


class Snoozed(Event, frozen=True, kw_only=True):
    """You put a follow-up off."""

    TYPE: ClassVar[str] = "snoozed"
    key: Text
    until: DayOrTime


class Note(Event, frozen=True, kw_only=True):
    """Anything worth keeping; changes nothing."""

    TYPE: ClassVar[str] = "note"
    text: Text


class Custom(Event, frozen=True, kw_only=True):
    """An event of a type that a scenario or plugin declared, with the fields that it declared.

    `people` are the fields that name people, `stage` is the stage that it enters: both as declared.
    """

    name: str
    fields: dict[str, Any] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    stage: str | None = None

    @property
    def type(self) -> str:
        return self.name


EVENT_TYPES: Mapping[str, type[Event]] = {
    kind.TYPE: kind
    for kind in (
        Interview, Sent, Called, Reply, Promise, Absence, Bounce, Offer, Accepted, Declined, Rejection,
        Withdrawal, NoContact, Rescheduled, Cancelled, News, Done, Skipped, Snoozed, Note,
    )
}  # fmt: skip
"""The built-in event types by name. Scenarios and plugins may declare more."""
