"""The shape of the files of stories that people write, before any name or duration is looked up."""

from __future__ import annotations

from typing import Annotated, Any

from msgspec import Meta

from followup.sources import Condition, Format, Source, Text

__all__ = ["StoriesSource", "StorySource"]


class StorySource(Source, frozen=True, kw_only=True):
    """Something that may happen on the way: its events, with people and times as a story tells them."""

    title: Annotated[Text, Meta(description="what happens, one sentence without a full stop")] = ""
    usual: Annotated[bool, Meta(description="it is compared where no story is named")] = False
    when: Annotated[Condition, Meta(description="the states for which it makes sense")] = {}
    events: Annotated[
        list[dict[str, Any]],
        Meta(
            description="events as in a state; `in: 5 days` counts from the beginning or, with "
            "`after: RULE`, from when that rule's message goes out; people by id, or as `contact`, `lead`, "
            "a role, `recipient`",
            examples=[[{"type": "reply", "from": "contact", "in": "5 days"}]],
        ),
    ] = []


class StoriesSource(Source, frozen=True, kw_only=True):
    """Stories to be played by `followup simulate`, by name."""

    format: Format
    stories: dict[Annotated[str, Meta(min_length=1, max_length=60)], StorySource]
