"""Events given on the command line: `reply from=hr at=2026-11-25T10:00-06:00`, or a small YAML mapping."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from followup.cli.times import calendar_of, moment_after
from followup.errors import InputError, Place, Problem, StateError, UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.events import Event
    from followup.state import InterviewState

__all__ = ["parse_event", "read_events"]

EXAMPLE = "write `reply from=hr at=2026-11-25T10:00-06:00` or `{type: reply, from: hr, in: 5 days}`"
_TYPE = re.compile(r"[A-Za-z][\w-]*")
# A value ends where the next `key=` begins, so it may hold spaces without quotes.
_PAIR = re.compile(r"\s+([A-Za-z]\w*)=(.*?)(?=\s+[A-Za-z]\w*=|\s*$)", re.DOTALL)
_EVENT_PATH = re.compile(r"events\[(\d+)\]\.?")


def read_events(
    engine: Engine, state: InterviewState, texts: Sequence[str], now: datetime
) -> tuple[Event, ...]:
    """The events that `texts` describe, as they would read in `state`.

    `in: DURATION` instead of `at` counts from `now`. Raises UsageError for a text that is no event, and
    StateError where an event does not fit the state (an unknown person, a missing field).
    """
    from followup.states import read_data

    if not texts:
        return ()
    known = len(state.events)
    added = [_timed(parse_event(text), state, now, text) for text in texts]
    data = state.to_dict()
    data["events"] = [*data.get("events", ()), *added]
    try:
        whole = read_data(data, vocabulary=engine.vocabulary).state
    except StateError as error:
        raise StateError(_told_for(error.problems, texts, known)) from None
    return whole.events[known:]


def parse_event(text: str, option: str = "--with") -> dict[str, Any]:
    """What one event says, before it is checked; `option` is named where it is none: UsageError."""
    stripped = text.strip()
    if stripped.startswith("{"):
        found = _flow(stripped, text, option)
        if not isinstance(found, dict):
            raise UsageError(f"{option}: `{text}` is not a mapping; {EXAMPLE}")
        return found
    kind = _TYPE.match(stripped)
    if kind is None:
        raise UsageError(f"{option}: `{text}` does not begin with an event type; {EXAMPLE}")
    event: dict[str, Any] = {"type": kind[0]}
    position = kind.end()
    while position < len(stripped):
        pair = _PAIR.match(stripped, position)
        if pair is None:
            rest = stripped[position:].strip()
            raise UsageError(f"{option}: `{rest}` is not `key=value`; {EXAMPLE}")
        key, value = pair[1], pair[2].strip()
        if key in event:
            raise UsageError(f"{option}: `{key}` stands twice in `{text}`; keep one of the two")
        event[key] = _flow(value, text, option) if value[:1] in ("[", "{") else value
        position = pair.end()
    return event


def _flow(value: str, text: str, option: str) -> Any:
    from followup.documents import read_document

    try:
        return read_document(value, option).core_value()
    except InputError as error:
        problem = error.problems[0]
        raise UsageError(
            f"{option}: `{text}` cannot be read: {problem.text}; {problem.cure or EXAMPLE}"
        ) from None


def _timed(event: dict[str, Any], state: InterviewState, now: datetime, text: str) -> dict[str, Any]:
    if "type" not in event:
        raise UsageError(f"--with: `{text}` has no `type`; {did_you_mean('type', event) or EXAMPLE}")
    if "in" not in event:
        if "at" not in event:
            raise UsageError(f"--with: `{text}` has no time; add `at=TIME`, or `in=5 days` counted from now")
        return event
    if "at" in event:
        raise UsageError(f"--with: `{text}` has both `at` and `in`; keep one of the two")
    moment = moment_after(now, str(event["in"]), calendar_of(state), "--with")
    return {**{key: value for key, value in event.items() if key != "in"}, "at": moment.isoformat()}


def _told_for(problems: Sequence[Problem], texts: Sequence[str], known: int) -> list[Problem]:
    """The problems, each placed in the text of `--with` that it is about."""
    return [Problem(p.code, p.text, _place(p.place, texts, known), p.cure, p.severity) for p in problems]


def _place(place: Place, texts: Sequence[str], known: int) -> Place:
    found = _EVENT_PATH.match(place.path)
    if found is None or not known <= int(found[1]) < known + len(texts):
        return place
    text = texts[int(found[1]) - known]
    return Place(file=f"--with `{text}`", path=place.path[found.end() :])
