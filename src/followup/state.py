"""The interview state: one opportunity at one company, and what happened in it, as frozen data.

What happened is a list of events (`followup.events`); everything else (the stage, the promised date, the
last contact) is derived from them in `followup.history` and `followup.facts` and never stored. Reading
and writing stand in `followup.states`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from msgspec import Meta, field

from followup.events import Event
from followup.records import DayOrTime, Name, PersonId, Record, Text, Texts

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Candidate", "Company", "Instructions", "InterviewState", "LibraryItem", "Person", "Position"]


Language = Annotated[
    str | None, Meta(description="ISO 639 code of the language for messages", examples=["de"])
]
PostalAddress = Annotated[
    Text | None,
    Meta(
        description="the postal address without the name, in lines as on an envelope",
        examples=["1 Main Street\nChicago, IL 60601"],
    ),
]


class LibraryItem(Record, frozen=True, kw_only=True):
    """Something worth sharing: an article, a study, a project."""

    title: Annotated[Name, Meta(description="what it is called")]
    url: Annotated[Text | None, Meta(description="where it is")] = None
    tags: Annotated[Texts, Meta(description="what it is about")] = ()
    summary: Annotated[Text | None, Meta(description="what it says")] = None


class Candidate(Record, frozen=True, kw_only=True):
    """Who looks for the job."""

    name: Annotated[Name, Meta(description="your name")]
    email: Annotated[Text | None, Meta(description="the mail address")] = None
    phone: Annotated[Text | None, Meta(description="the phone number")] = None
    address: PostalAddress = None
    timezone: Annotated[str | None, Meta(description="IANA name", examples=["America/Chicago"])] = None
    linkedin: Annotated[Text | None, Meta(description="the address of the LinkedIn profile")] = None
    strengths: Annotated[
        Texts, Meta(description="what fits the role, each a phrase that follows 'I have'")
    ] = ()
    distinction: Annotated[Text | None, Meta(description="what sets you apart, one sentence")] = None
    library: Annotated[tuple[LibraryItem, ...], Meta(description="what is worth sharing")] = ()
    language: Language = None


class Company(Record, frozen=True, kw_only=True):
    """The company. Its country and region choose the public holidays, its time zone the business hours."""

    name: Annotated[Name, Meta(description="the company's name")]
    culture: Annotated[Literal["formal", "relaxed"] | None, Meta(description="how formal the company is")] = (
        None
    )
    country: Annotated[str | None, Meta(description="ISO 3166-1 code", examples=["US"])] = None
    region: Annotated[str | None, Meta(description="ISO 3166-2 subdivision", examples=["IL"])] = None
    timezone: Annotated[str | None, Meta(description="IANA name", examples=["America/Chicago"])] = None
    language: Language = None


class Position(Record, frozen=True, kw_only=True):
    """What the interview is for."""

    title: Annotated[Name, Meta(description="what the job is called")]
    reference: Annotated[Text | None, Meta(description="the company's number for it")] = None


class Person(Record, frozen=True, kw_only=True):
    """Somebody at the company."""

    name: Annotated[Name | None, Meta(description="the full name, as it should stand in a greeting")] = None
    role: Annotated[
        Text | None,
        Meta(
            description="the role, in the state's own words",
            examples=["hiring manager", "interviewer", "recruiter", "hr", "scheduler"],
        ),
    ] = None
    email: Annotated[Text | None, Meta(description="the mail address")] = None
    phone: Annotated[Text | None, Meta(description="the phone number")] = None
    address: PostalAddress = None
    linkedin: Annotated[Text | None, Meta(description="the address of the LinkedIn profile")] = None
    timezone: Annotated[str | None, Meta(description="IANA name")] = None
    rapport: Annotated[
        Literal["friendly", "neutral", "distant"] | None, Meta(description="how you got on")
    ] = None
    language: Language = None
    title: Annotated[Text | None, Meta(description="an academic title", examples=["Dr."])] = None
    salutation: Annotated[
        Literal["ms", "mr", "neutral"] | None,
        Meta(description="how to address them by their family name; without it by the full name"),
    ] = None
    family_name: Annotated[
        Text | None, Meta(description="the family name, where it is not the last word of the name")
    ] = None


class Instructions(Record, frozen=True, kw_only=True):
    """What the employer asked of candidates."""

    channels: Annotated[tuple[Name, ...] | None, Meta(description="the channels that they allow")] = None
    contact: Annotated[PersonId | None, Meta(description="whom to write to")] = None
    wait_until: Annotated[DayOrTime | None, Meta(description="no contact before this day or time")] = None
    no_contact: Annotated[bool, Meta(description="they asked not to be contacted")] = False


class InterviewState(Record, frozen=True, kw_only=True):
    """All that is known of one opportunity. `elsewhere` holds contacts made for others at this company."""

    format: Annotated[int, Meta(ge=1, description="the version of the file format")] = 1
    candidate: Annotated[Candidate, Meta(description="you")]
    company: Annotated[Company, Meta(description="the company")]
    position: Annotated[Position, Meta(description="the job")]
    people: Annotated[dict[str, Person], Meta(description="everybody at the company, by id")] = field(
        default_factory=dict
    )
    instructions: Annotated[Instructions, Meta(description="what they asked of candidates")] = Instructions()
    events: Annotated[tuple[Event, ...], Meta(description="what happened, in any order")] = ()
    elsewhere: Annotated[
        tuple[Event, ...], Meta(description="contacts made for other opportunities at this company")
    ] = ()
    extensions: dict[str, Any] = field(default_factory=dict)

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
