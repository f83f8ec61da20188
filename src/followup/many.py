"""Many states planned in order, by one process or by several; one that cannot be planned stops no other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol

import msgspec

from followup.errors import FollowupError
from followup.plan import Plan
from followup.processes import in_order
from followup.state import InterviewState

__all__ = ["Source", "plan_many"]

AT_ONCE = 32
"""So many states go to another process at once."""

Source = InterviewState | str | Path | Mapping[str, Any] | bytes
"""A state, or what it can be read from."""


class Planning(Protocol):
    """What reads and plans a state: an engine."""

    def read(self, source: str | Path | Mapping[str, Any] | bytes) -> InterviewState:
        """Raises StateError."""

    def plan(self, state: InterviewState, now: datetime, *, drafts: bool, reasons: bool) -> Plan:
        """Raises FollowupError."""


def plan_many(
    engine: Planning,
    states: Iterable[Source],
    now: datetime,
    *,
    drafts: bool,
    reasons: bool,
    processes: int,
) -> Iterator[Plan | FollowupError]:
    """The plan of each state, or why there is none."""
    if processes == 1:
        return map(_planner(engine, now, drafts, reasons), states)
    pieces = iter(states)
    chunks = iter(lambda: list(islice(pieces, AT_ONCE)), [])
    given = (engine, now, drafts, reasons)
    found = chain.from_iterable(in_order(_encoding, given, chunks, processes))
    return (each if isinstance(each, FollowupError) else _PLAN.decode(each) for each in found)


def _planner(
    engine: Planning, now: datetime, drafts: bool, reasons: bool
) -> Callable[[Source], Plan | FollowupError]:
    def planned(source: Source) -> Plan | FollowupError:
        try:
            state = source if isinstance(source, InterviewState) else engine.read(source)
            return engine.plan(state, now, drafts=drafts, reasons=reasons)
        except FollowupError as error:
            return error

    return planned


# Pickled, a plan takes many times as long on its way from one process to another.
_PLAN = msgspec.msgpack.Decoder(Plan)


def _encoding(
    engine: Planning, now: datetime, drafts: bool, reasons: bool
) -> Callable[[list[Source]], list[bytes | FollowupError]]:
    planned = _planner(engine, now, drafts, reasons)

    def encoded(sources: list[Source]) -> list[bytes | FollowupError]:
        found = map(planned, sources)
        return [each if isinstance(each, FollowupError) else msgspec.msgpack.encode(each) for each in found]

    return encoded
