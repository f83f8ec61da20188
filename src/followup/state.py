"""The interview state: one opportunity at one company, and what happened in it, as frozen data.

What happened is a list of events; everything else (the stage, the promised date, the last contact) is
derived from them in `followup.history` and `followup.facts` and never stored. Reading and writing
stand in `followup.states`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import msgspec
from msgspec import Meta

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "EVENT_TYPES",
    "Absence",
    "Accepted",
    "Bounce",
    "Called",
    "Cancelled",
    "Candidate",
    "Company",
    "Concern",
    "Custom",
    "DayOrTime",
    "Declined",
    "Done",
    "Event",
    "Instructions",
    "Interview",
    "InterviewState",
    "LibraryItem",
    "Mistake",
    "News",
    "NoContact",
    "Note",
    "Offer",
    "Person",
    "Position",
    "Promise",
    "Rejection",
    "Reply",
    "Rescheduled",
    "Sent",
    "Skipped",
    "Snoozed",
    "Withdrawal",
]


class DayOrTime:
    """A day (`2026-12-04`) or an exact time (`2026-12-04T17:00-06:00`), as it was written.

    A day has no hours: what it means in instants depends on whose day it is.
    """

    __slots__ = ("value",)

    def __init__(self, value: date | datetime) -> None:
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError("a time needs an offset")
        object.__setattr__(self, "value", value)

    value: date | datetime

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError("DayOrTime is frozen")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DayOrTime) and self.value == other.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __str__(self) -> str:
        return self.value.isoformat()

    def __repr__(self) -> str:
        return f"DayOrTime({self.value.isoformat()})"

    def __reduce__(self) -> tuple[type[DayOrTime], tuple[date | datetime]]:
        return DayOrTime, (self.value,)


Text = Annotated[str, Meta(max_length=20_000)]
Name = Annotated[str, Meta(min_length=1, max_length=200)]
Id = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$",
        max_length=100,
        description="letters, digits, `_`, `.` and `-`",
    ),
]
PersonId = Annotated[Id, Meta(description="a person's id, a key of `people`")]
Texts = tuple[Text, ...]


def _without_trailing_underscore(name: str) -> str:
    return name.rstrip("_")


class Record(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    forbid_unknown_fields=True,
    omit_defaults=True,
    rename=_without_trailing_underscore,
):
    """The base of all parts of a state: frozen, unknown keys refused, absent means not known."""


class LibraryItem(Record, frozen=True, kw_only=True):
    """Something worth sharing: an article, a study, a project."""

    title: Name
    url: Text | None = None
    tags: Texts = ()
    summary: Text | None = None


class Candidate(Record, frozen=True, kw_only=True):
    """Who looks for the job."""

    name: Name
    email: Text | None = None
    phone: Text | None = None
    timezone: Annotated[str | None, Meta(description="IANA name", examples=["America/Chicago"])] = None
    linkedin: Text | None = None
    strengths: Annotated[
        Texts, Meta(description="what fits the role, each a phrase that follows 'I have'")
    ] = ()
    distinction: Annotated[Text | None, Meta(description="what sets you apart, one sentence")] = None
    library: tuple[LibraryItem, ...] = ()


class Company(Record, frozen=True, kw_only=True):
    """The company. Its country and region choose the public holidays, its time zone the business hours."""

    name: Name
    culture: Literal["formal", "relaxed"] | None = None
    country: Annotated[str | None, Meta(description="ISO 3166-1 code", examples=["US"])] = None
    region: Annotated[str | None, Meta(description="ISO 3166-2 subdivision", examples=["IL"])] = None
    timezone: Annotated[str | None, Meta(description="IANA name", examples=["America/Chicago"])] = None


class Position(Record, frozen=True, kw_only=True):
    """What the interview is for."""

    title: Name
    reference: Text | None = None


class Person(Record, frozen=True, kw_only=True):
    """Somebody at the company."""

    name: Annotated[Name | None, Meta(description="the full name, as it should stand in a greeting")] = None
    role: Annotated[
        Text | None,
        Meta(examples=["hiring manager", "interviewer", "recruiter", "hr", "scheduler"]),
    ] = None
    email: Text | None = None
    phone: Text | None = None
    linkedin: Text | None = None
    timezone: Annotated[str | None, Meta(description="IANA name")] = None
    rapport: Literal["friendly", "neutral", "distant"] | None = None


class Instructions(Record, frozen=True, kw_only=True):
    """What the employer asked of candidates."""

    channels: Annotated[tuple[Name, ...] | None, Meta(description="the channels that they allow")] = None
    contact: Annotated[PersonId | None, Meta(description="whom to write to")] = None
    wait_until: Annotated[DayOrTime | None, Meta(description="no contact before this day or time")] = None
    no_contact: Annotated[bool, Meta(description="they asked not to be contacted")] = False


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
    topics: Annotated[dict[str, Texts], Meta(description="what was talked about, by person")] = {}
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
    """An event of a type that a scenario or plugin declared, with the fields that it declared."""

    name: str
    fields: dict[str, Any] = {}
    people: tuple[str, ...] = ()

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


class InterviewState(Record, frozen=True, kw_only=True):
    """All that is known of one opportunity. `elsewhere` holds contacts made for others at this company."""

    format: Annotated[int, Meta(ge=1)] = 1
    candidate: Candidate
    company: Company
    position: Position
    people: dict[str, Person] = {}
    instructions: Instructions = Instructions()
    events: tuple[Event, ...] = ()
    elsewhere: tuple[Event, ...] = ()
    extensions: dict[str, Any] = {}

    @classmethod
    def from_yaml(cls, path: str | Path) -> InterviewState:
        """Read a YAML or JSON file. Raises StateError with every problem and its place."""
        from followup.states import read_file

        return read_file(path).state

    @classmethod
    def from_text(cls, text: str, *, name: str = "input") -> InterviewState:
        """Read YAML or JSON text; `name` stands for the file in problems. Raises StateError."""
        from followup.states import read_text

        return read_text(text, name=name).state

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> InterviewState:
        """Read plain dictionaries of the same shape. Raises StateError; places are paths (`events[2].at`)."""
        from followup.states import read_data

        return read_data(data).state

    def to_dict(self) -> dict[str, Any]:
        """Plain dictionaries of the same shape; `from_dict` gives back an equal state."""
        from followup.states import to_data

        return to_data(self)

    def to_json(self) -> bytes:
        """The state as JSON."""
        return msgspec.json.encode(self.to_dict())

    def to_yaml(self) -> str:
        """The state as YAML."""
        from followup.states import to_yaml

        return to_yaml(self)

    def adding(self, *events: Event) -> InterviewState:
        """The same state with more events."""
        return msgspec.structs.replace(self, events=(*self.events, *events))

    def all_events(self) -> Iterator[Event]:
        """Every event, those of other opportunities at this company included."""
        yield from self.events
        yield from self.elsewhere
