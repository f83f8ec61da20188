"""What stands in the file of a policy; the editor's schema comes from here."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from followup.sources import Format, Source

__all__ = ["Hours", "Permission", "PolicySource"]

Oclock = Annotated[
    str,
    Meta(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$", description="a time of day", examples=["08:00"]),
]
Names = tuple[Annotated[str, Meta(min_length=1, max_length=200)], ...]


class Hours(Source, frozen=True, kw_only=True):
    """Between two times of a day, on the clocks of whom it goes to."""

    after: Annotated[Oclock, Meta(description="not before")] = "00:00"
    before: Annotated[Oclock, Meta(description="not at or after")] = "24:00"
    days: Annotated[
        Literal["every day", "business days"],
        Meta(description="business days are those of the company's country, without its holidays"),
    ] = "business days"


class Permission(Source, frozen=True, kw_only=True):
    """Messages that may go out by themselves: of these intents, by these channels, as all else says."""

    intents: Annotated[Names, Meta(min_length=1, description="what they are for", examples=[["thanks"]])]
    channels: Annotated[Names, Meta(min_length=1, description="how they go out", examples=[["email"]])]
    to: Annotated[
        Names,
        Meta(description="roles, or ids of people; else everybody", examples=[["hiring manager"]]),
    ] = ()
    opportunities: Annotated[Names, Meta(description="names in your store; else all")] = ()
    hours: Annotated[Hours, Meta(description="when; else at any time of a business day")] = Hours()
    warnings: Annotated[bool, Meta(description="also with warnings of reviews")] = False


class PolicySource(Source, frozen=True, kw_only=True):
    """The file: what may go out by itself, and how many a day."""

    format: Format
    send: Annotated[
        tuple[Permission, ...],
        Meta(
            description="a message goes out by itself if one of them allows it",
            examples=[[{"intents": ["thanks"], "channels": ["email"]}]],
        ),
    ] = ()
    most_a_day: Annotated[int, Meta(ge=0, le=50, description="messages by themselves in 24 hours")] = 5
