"""Events: what happened, each with its time. Everything else about an opportunity follows from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
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
    "Invited",
    "Mistake",
    "News",
    "NoContact",
    "Note",
    "Offer",
    "Promise",
    "Rejection",
    "Reply",
    "Reported",
    "Rescheduled",
    "Sent",
    "Skipped",
    "Snoozed",
    "Withdrawal",
    "Written",
    "people_of",
]


class Concern(Record, frozen=True, kw_only=True):
    """A doubt that they raised, and what speaks to it. `gap`: it is a real gap, to be owned."""

    about: Annotated[Text, Meta(description="the doubt")]
    evidence: Annotated[Text | None, Meta(description="what speaks to it")] = None
    gap: Annotated[bool, Meta(description="it is a real gap, to be owned")] = False
    with_: PersonId | None = None


class Mistake(Record, frozen=True, kw_only=True):
    """Something said wrongly, and the correction."""

    said: Annotated[Text, Meta(description="what was said")]
    correction: Annotated[Text | None, Meta(description="what is right")] = None
    with_: PersonId | None = None


class Event(Record, frozen=True, kw_only=True):
    """Something that happened, with a time.

    An event without an id gets one from its type, people and time.
    """

    TYPE: ClassVar[str] = ""
    at: Annotated[datetime, Meta(description="when it happened")]
    id: Annotated[Id | None, Meta(description="its name, where others should name it")] = None

    @property
    def type(self) -> str:
        return self.TYPE


class Written(Event, frozen=True, kw_only=True):
    """What went or came by mail, and may be answered in its thread."""

    message_id: Annotated[
        Text | None, Meta(description="the mail's Message-ID", examples=["<1234@initech.example>"])
    ] = None
    references: Annotated[
        Texts, Meta(description="the Message-IDs in the mail's References, the oldest first")
    ] = ()
    subject: Annotated[Text | None, Meta(description="the mail's subject")] = None


class Reported(Event, frozen=True, kw_only=True):
    """What a mail told that nobody wrote to be answered."""

    message_id: Annotated[Text | None, Meta(description="the Message-ID of the mail that says so")] = None


class Invited(Event, frozen=True, kw_only=True):
    """What a calendar invitation may say, which is known again by its UID."""

    uid: Annotated[Text | None, Meta(description="the invitation's UID")] = None
    sequence: (
        Annotated[
            int, Meta(ge=0, le=2**31, description="the invitation's SEQUENCE; a higher one replaces it")
        ]
        | None
    ) = None
    stamped: Annotated[datetime | None, Meta(description="the invitation's DTSTAMP")] = None
    place: Annotated[Text | None, Meta(description="where, or the address of the video call")] = None


class Interview(Invited, frozen=True, kw_only=True):
    """An interview; one in the future is known to be coming (since `arranged`, where that is given)."""

    TYPE: ClassVar[str] = "interview"
    minutes: Annotated[int, Meta(ge=1, le=10_080, description="length; 60 where not given")] | None = None
    round: Annotated[int, Meta(ge=1, le=99, description="which round it was")] | None = None
    medium: Annotated[Literal["video", "onsite", "phone"] | None, Meta(description="how it was held")] = None
    with_: Annotated[tuple[PersonId, ...], Meta(description="who took part")] = ()
    topics: Annotated[dict[str, Texts], Meta(description="what was talked about, by person")] = field(
        default_factory=dict
    )
    questions: Annotated[Texts, Meta(description="questions left open")] = ()
    concerns: Annotated[tuple[Concern, ...], Meta(description="doubts that they raised")] = ()
    mistakes: Annotated[tuple[Mistake, ...], Meta(description="what was said wrongly")] = ()
    arranged: Annotated[datetime | None, Meta(description="when it was arranged")] = None


class Sent(Written, frozen=True, kw_only=True):
    """A message that went out."""

    TYPE: ClassVar[str] = "sent"
    to: PersonId
    intent: Annotated[Name | None, Meta(description="what it was for")] = None
    key: Annotated[Text | None, Meta(description="the follow-up's key")] = None
    channel: Annotated[Name | None, Meta(description="the channel's name")] = None
    thread: Annotated[Text | None, Meta(description="its Message-ID; `message_id` says the same")] = None
    text: Annotated[Text | None, Meta(description="the words")] = None
    parts: Annotated[Texts | None, Meta(description="keys of the parts that rode in it")] = None


class Called(Event, frozen=True, kw_only=True):
    """A phone call that was made."""

    TYPE: ClassVar[str] = "called"
    to: PersonId
    outcome: Annotated[
        Literal["spoke", "voicemail", "call back"] | None, Meta(description="how the call ended")
    ] = None
    intent: Annotated[Name | None, Meta(description="what it was for")] = None
    key: Annotated[Text | None, Meta(description="the follow-up's key")] = None
    parts: Annotated[Texts | None, Meta(description="keys of the parts that rode in it")] = None


class Reply(Written, frozen=True, kw_only=True):
    """Somebody at the company wrote or called."""

    TYPE: ClassVar[str] = "reply"
    from_: PersonId | None = None
    text: Annotated[Text | None, Meta(description="the words")] = None


class Promise(Written, frozen=True, kw_only=True):
    """They said by when they would decide or be in touch."""

    TYPE: ClassVar[str] = "promise"
    by: Annotated[DayOrTime, Meta(description="by when")]
    who: PersonId | None = None
    words: Annotated[Text | None, Meta(description="their words")] = None


class Absence(Reported, frozen=True, kw_only=True):
    """Somebody is away until the end of a day, or until a time."""

    TYPE: ClassVar[str] = "absence"
    who: PersonId
    until: Annotated[DayOrTime, Meta(description="until when")]


class Bounce(Reported, frozen=True, kw_only=True):
    """A message came back: the address does not work, or (`passing`) not at that time."""

    TYPE: ClassVar[str] = "bounce"
    to: PersonId
    address: Annotated[Text | None, Meta(description="the address that does not work")] = None
    passing: Annotated[bool, Meta(description="it may work again: a full mailbox, a server that is down")] = (
        False
    )


class Offer(Written, frozen=True, kw_only=True):
    """They made an offer. `unclear` are points to ask about, `wishes` what you would negotiate."""

    TYPE: ClassVar[str] = "offer"
    from_: PersonId | None = None
    deadline: Annotated[DayOrTime | None, Meta(description="by when they want an answer")] = None
    terms: Annotated[Text | None, Meta(description="the terms")] = None
    unclear: Annotated[Texts, Meta(description="points to ask about")] = ()
    wishes: Annotated[Texts, Meta(description="what you would negotiate")] = ()


class Accepted(Event, frozen=True, kw_only=True):
    """An offer was accepted: this one, or with `elsewhere` another company's."""

    TYPE: ClassVar[str] = "accepted"
    reason: Annotated[Text | None, Meta(description="why")] = None
    elsewhere: Annotated[bool, Meta(description="it was another company's offer")] = False


class Declined(Event, frozen=True, kw_only=True):
    """You declined the offer."""

    TYPE: ClassVar[str] = "declined"
    reason: Annotated[Text | None, Meta(description="why")] = None


class Rejection(Written, frozen=True, kw_only=True):
    """They said no."""

    TYPE: ClassVar[str] = "rejection"
    from_: PersonId | None = None
    reason: Annotated[Text | None, Meta(description="why")] = None


class Withdrawal(Event, frozen=True, kw_only=True):
    """You withdrew."""

    TYPE: ClassVar[str] = "withdrawal"
    reason: Annotated[Text | None, Meta(description="why")] = None


class NoContact(Reported, frozen=True, kw_only=True):
    """They asked not to be contacted: nobody at the company, or with `who` that person."""

    TYPE: ClassVar[str] = "no_contact"
    who: PersonId | None = None


class Rescheduled(Invited, frozen=True, kw_only=True):
    """An interview was moved."""

    TYPE: ClassVar[str] = "rescheduled"
    interview: Annotated[Id, Meta(description="the interview's id")]
    to: Annotated[datetime, Meta(description="the new time")]
    minutes: Annotated[int, Meta(ge=1, le=10_080, description="the new length")] | None = None


class Cancelled(Invited, frozen=True, kw_only=True):
    """An interview was called off."""

    TYPE: ClassVar[str] = "cancelled"
    interview: Annotated[Id, Meta(description="the interview's id")]


class News(Event, frozen=True, kw_only=True):
    """What the company or a person achieved."""

    TYPE: ClassVar[str] = "news"
    about: Annotated[Text, Meta(description="what they achieved")]
    who: PersonId | None = None


class Done(Event, frozen=True, kw_only=True):
    """You did a task."""

    TYPE: ClassVar[str] = "done"
    key: Annotated[Text, Meta(description="the follow-up's key")]


class Skipped(Event, frozen=True, kw_only=True):
    """You decided not to do a follow-up."""

    TYPE: ClassVar[str] = "skipped"
    key: Annotated[Text, Meta(description="the follow-up's key")]


class Snoozed(Event, frozen=True, kw_only=True):
    """You put a follow-up off."""

    TYPE: ClassVar[str] = "snoozed"
    key: Annotated[Text, Meta(description="the follow-up's key")]
    until: Annotated[DayOrTime, Meta(description="until when")]


class Note(Event, frozen=True, kw_only=True):
    """Anything worth keeping; changes nothing."""

    TYPE: ClassVar[str] = "note"
    text: Annotated[Text, Meta(description="the words")]


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


@cache
def _naming_one(kind: type[Event]) -> tuple[str, ...]:
    """The fields of an event in which one person may be named."""
    return tuple(name for name in ("to", "from_", "who") if name in kind.__struct_fields__)


def people_of(event: Event) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The ids of people that an event names, each with its path inside the event."""
    for name in _naming_one(type(event)):
        value = getattr(event, name)
        if isinstance(value, str):
            yield (name.rstrip("_"),), value
    if isinstance(event, Interview):
        for index, value in enumerate(event.with_):
            yield ("with", index), value
        for value in event.topics:
            yield ("topics", value), value
        for group in ("concerns", "mistakes"):
            for index, record in enumerate(getattr(event, group)):
                if record.with_ is not None:
                    yield (group, index, "with"), record.with_
    elif isinstance(event, Custom):
        for name in event.people:
            value = event.fields.get(name)
            for person in [value] if isinstance(value, str) else value or []:
                yield (name,), person
