"""Stories on the command line: by name, as `NAME: EVENT, EVENT`, or from a file."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from followup.cli.happenings import parse_event
from followup.errors import InputError, Place, UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.errors import Problem
    from followup.stories import Story

__all__ = ["chosen_stories", "complete_story"]

EXAMPLE = 'write `--story "NAME: reply from=contact in=5 days"`, or `--story silence`'
_TOLD = re.compile(r"(?P<name>[^:{}]{1,60}):\s+(?P<events>.+)", re.DOTALL)


def chosen_stories(engine: Engine, told: Sequence[str], file: str | None) -> list[Story]:
    """The stories that are asked for: those named or told, else all of the file, else none.

    Raises UsageError for a name that is none, and InputError for a file or an event that cannot be read.
    """
    from followup.stories import find_story

    known = dict(engine.stories)
    own = engine.read_stories(file) if file is not None else {}
    known.update(own)
    chosen: list[Story] = []
    for text in told:
        found = find_story(" ".join(text.split()), known) or _told(engine, text)
        if found is None:
            raise UsageError(f"--story: no story is named `{text}`; {did_you_mean(text, known) or EXAMPLE}")
        chosen.append(found)
    names = [story.name for story in chosen]
    for name in names:
        if names.count(name) > 1:
            raise UsageError(f"--story: `{name}` is named twice; give each story a name of its own")
    return chosen if told else list(own.values())


def _told(engine: Engine, text: str) -> Story | None:
    """A story told on the command line."""
    from followup.stories import Story, story_event

    match = _TOLD.fullmatch(text.strip())
    if match is None:
        return None
    option = f"--story `{match['name'].strip()}`"
    problems: list[Problem] = []
    events = tuple(
        story_event(parse_event(event, "--story"), lambda key: Place(option, path=key), problems)
        for event in _events(match["events"], engine.vocabulary.event_names)
    )
    if problems:
        raise InputError(problems)
    return Story(name=match["name"].strip(), events=events, place=Place(option))


def _events(text: str, types: Sequence[str]) -> Iterator[str]:
    """The events of a text: a comma parts them where a type of event, or a brace, comes next."""
    begins = "|".join(re.escape(name) for name in types)
    yield from filter(None, (event.strip() for event in re.split(rf",\s*(?=(?:{begins})\b|\{{)", text)))


def complete_story(engine: Engine, incomplete: str) -> list[str]:
    """The names of stories that begin with what was typed."""
    return [name for name in engine.stories if name.startswith(incomplete)]
