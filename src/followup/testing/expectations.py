"""Expectations that nothing could ever meet: a status, channel, person, time or rule that there is not.

Such a value is a slip of the pen in `tests.yaml`, not a finding about the rules, so it is told as a problem
with its place and its cure before any test runs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING, get_args

from followup.documents import Document
from followup.errors import Problem, did_you_mean
from followup.history import person_calendar
from followup.plan import Status
from followup.proposing import NOBODY
from followup.times import parse_time

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.sources import ExpectationSource
    from followup.state import InterviewState

__all__ = ["NEVER", "impossible"]

NEVER = "never"
"""What an expected time says when there must be none."""

Path = tuple[str | int, ...]
MOMENTS = ("opens", "closes", "at", "lifts")


def impossible(
    expected: ExpectationSource, path: Path, document: Document, engine: Engine, state: InterviewState
) -> Iterator[Problem]:
    """What an expectation, which stands at `path`, says that can never be so in this state."""

    def told(code: str, text: str, cure: str, *key: str | int) -> Problem:
        return Problem(code, text, document.place((*path, *key)), cure)

    if expected.status is not None and expected.status not in get_args(Status):
        text = f"`{expected.status[:60]}` is not a status"
        yield told("not-a-value", text, did_you_mean(expected.status[:60], get_args(Status)), "status")
    channels = engine.vocabulary.known_channels
    if expected.channel is not None and expected.channel not in channels:
        text = f"no channel is named `{expected.channel[:60]}`"
        yield told("unknown-channel", text, did_you_mean(expected.channel[:60], channels), "channel")
    people = (*state.people, "self", NOBODY)
    if expected.to is not None and expected.to not in people:
        text = f"the test's state has no person `{expected.to[:60]}`"
        yield told("unknown-person", text, did_you_mean(expected.to[:60], people), "to")
    for moment in MOMENTS:
        wanted: str | None = getattr(expected, moment)
        if wanted is not None and (complaint := _no_time(wanted, state)):
            text, _, cure = complaint.partition("; ")
            yield told("bad-time", text, cure, moment)
    yield from _strangers(expected, engine.rules, told)


def _no_time(wanted: str, state: InterviewState) -> str:
    """Why a text is no time, day or `never`; empty if it is one."""
    words = wanted.strip()
    if words == NEVER:
        return ""
    try:
        date.fromisoformat(words) if len(words) == 10 else parse_time(
            words, person_calendar(state, None).zone
        )
    except ValueError:
        return f"`{words[:60]}` is no day or time; write `2026-11-20T10:00`, `2026-11-20`, or `{NEVER}`"
    return ""


def _strangers(
    expected: ExpectationSource, rules: Iterable[str], told: Callable[..., Problem]
) -> Iterator[Problem]:
    """The rules named as host or part, by name or key, that do not exist."""
    named: list[tuple[str, Path]] = [] if expected.host is None else [(expected.host, ("host",))]
    named += [(part, ("parts", index)) for index, part in enumerate(expected.parts or ())]
    for text, key in named:
        rule = text.partition(":")[0]
        if rule not in rules:
            yield told(
                "unknown-rule", f"no rule is named `{rule[:60]}`", did_you_mean(rule[:60], rules), *key
            )
