"""Many states: one a line in, its plan a line out, in order, on several cores, in constant memory.

What goes to another process is some whole lines at once, and what comes back are the lines to write, so that
the one process that reads and writes has next to nothing to do for each of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import BinaryIO

import msgspec

from followup.documents import MAX_BYTES
from followup.engine import Engine
from followup.errors import FollowupError, InputError, Place, Problem
from followup.processes import in_order
from followup.states import read_text

__all__ = ["Cases", "Planned", "Wish", "cases_in", "plan_cases"]

BYTES = 32 * 1024
"""About how much is planned at once: some milliseconds of work."""


@dataclass(frozen=True, slots=True)
class Cases:
    """Whole lines, a state as JSON in each; `line` is the number of the first, from 1.

    One that is too long for a state is cut.
    """

    line: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of some cases: `count` lines of JSON, each a plan or problems.

    `bad` has the problems, by the number of the line that they are about.
    """

    json: bytes
    count: int
    bad: Mapping[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of each plan; `source` is the name of the input in problems. `now` is aware."""

    now: datetime
    source: str = "input"
    drafts: bool = True
    reasons: bool = True


def cases_in(stream: BinaryIO, *, after: int = 0) -> Iterator[Cases]:
    """The cases of JSON Lines as they come, without the first lines where `after` says so."""
    line, rest = 1, b""
    while piece := stream.read1(BYTES):  # type: ignore[attr-defined]
        whole, end, begun = piece.rpartition(b"\n")
        if end:
            cases = Cases(line, rest + whole + end)
            line += whole.count(end) + 1
            if line > after + 1:
                yield _without_first(cases, after + 1 - cases.line)
            rest = begun
        else:
            rest = (rest + begun)[: MAX_BYTES + 1]
    if rest and line > after:
        yield Cases(line, rest)


def _without_first(cases: Cases, lines: int) -> Cases:
    if lines <= 0:
        return cases
    return Cases(cases.line + lines, cases.text.split(b"\n", lines)[lines])


def plan_cases(
    engine: Engine, cases: Iterable[Cases], wish: Wish, *, processes: int = 1
) -> Iterator[Planned]:
    """All cases planned, in order; one that cannot be planned gives its problems and the rest goes on.

    With one process all is done in this one. What is begun is given up when the iterator is closed. Raises
    FollowupError where a process ended that should not have.
    """
    return in_order(_planner, (engine, wish), cases, processes)


def _planner(engine: Engine, wish: Wish) -> Callable[[Cases], Planned]:
    return partial(_planned, engine, wish)


def _planned(engine: Engine, wish: Wish, cases: Cases) -> Planned:
    made: list[bytes] = []
    bad: dict[int, tuple[str, ...]] = {}
    for line, text in enumerate(cases.text.split(b"\n"), cases.line):
        if not text or text.isspace():
            continue
        plan = _plan(engine, wish, line, text)
        if isinstance(plan, bytes):
            made.append(b'{"line":%d,"plan":%b}\n' % (line, plan))
        else:
            bad[line] = plan
            made.append(msgspec.json.encode({"line": line, "problems": plan}) + b"\n")
    return Planned(b"".join(made), len(made), bad)


def _plan(engine: Engine, wish: Wish, line: int, text: bytes) -> bytes | tuple[str, ...]:
    """The plan as JSON, or what is wrong."""
    try:
        state = read_text(text, name=f"{wish.source}.json", vocabulary=engine.vocabulary).state
        return engine.plan(state, wish.now, drafts=wish.drafts, reasons=wish.reasons).to_json()
    except InputError as error:
        return tuple(str(_at_line(problem, line, wish.source)) for problem in error.problems)
    except FollowupError as error:
        return (str(Problem("cannot-plan", str(error), Place(wish.source, line))),)


def _at_line(problem: Problem, line: int, source: str) -> Problem:
    return replace(problem, place=replace(problem.place, file=source, line=line))
