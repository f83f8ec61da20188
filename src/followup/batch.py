"""Many states: one a line in, its plan a line out, in order, on several cores, in constant memory."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import BinaryIO

import msgspec

from followup.documents import MAX_BYTES
from followup.engine import Engine
from followup.errors import FollowupError, InputError, Place, Problem
from followup.states import read_text

__all__ = ["Case", "Planned", "Wish", "cases_in", "plan_cases"]

CHUNK = 32
"""How many cases go to another process at once."""
AHEAD = 4
"""How many chunks a process may have waiting; with them the memory is bounded."""


@dataclass(frozen=True, slots=True)
class Case:
    """A state as JSON, and the number of its line, from 1. One that is too long for a state is cut."""

    line: int
    text: bytes


@dataclass(frozen=True, slots=True)
class Planned:
    """What came of a case: a line of JSON with its plan, or with its problems, which are here too."""

    line: int
    json: bytes
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted of each plan; `source` is the name of the input in problems. `now` is aware."""

    now: datetime
    source: str = "input"
    drafts: bool = True
    reasons: bool = True


def cases_in(stream: BinaryIO, *, after: int = 0) -> Iterator[Case]:
    """The cases of JSON Lines, empty lines left out, without the first lines where `after` says so."""
    number = 0
    while line := stream.readline(MAX_BYTES + 1):
        number += 1
        rest = line
        while len(rest) > MAX_BYTES and not rest.endswith(b"\n"):
            rest = stream.readline(MAX_BYTES + 1)
        if number > after and line.strip():
            yield Case(number, line)


def plan_cases(engine: Engine, cases: Iterable[Case], wish: Wish, *, processes: int = 1) -> Iterator[Planned]:
    """Each case planned, in order; one that cannot be planned gives its problems and the rest goes on.

    With one process all is done in this one. What is begun is given up when the iterator is closed. Raises
    FollowupError where a process ended that should not have.
    """
    if processes == 1:
        return (_planned(engine, case, wish) for case in cases)
    return _by_processes(engine, cases, wish, processes)


def _by_processes(engine: Engine, cases: Iterable[Case], wish: Wish, processes: int) -> Iterator[Planned]:
    pool = ProcessPoolExecutor(processes, initializer=_begin, initargs=(engine, wish))
    waiting: deque[Future[list[Planned]]] = deque()
    try:
        for chunk in _chunks(cases):
            waiting.append(pool.submit(_chunk_planned, chunk))
            if len(waiting) >= AHEAD * processes:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool:
        told = "one of the processes was ended from outside, for want of memory perhaps"
        raise FollowupError(f"{told}; try again with fewer: `--processes 1`") from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _chunks(cases: Iterable[Case]) -> Iterator[Sequence[Case]]:
    rest = iter(cases)
    while chunk := tuple(islice(rest, CHUNK)):
        yield chunk


_TASK: dict[str, tuple[Engine, Wish]] = {}
"""What this process was begun with, if it is one of several."""


def _begin(engine: Engine, wish: Wish) -> None:
    # Ctrl-C reaches every process of the group; the one that began them says when to end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _TASK["all"] = engine, wish


def _chunk_planned(chunk: Sequence[Case]) -> list[Planned]:
    engine, wish = _TASK["all"]
    return [_planned(engine, case, wish) for case in chunk]


def _planned(engine: Engine, case: Case, wish: Wish) -> Planned:
    try:
        state = read_text(case.text, name=f"{wish.source}.json", vocabulary=engine.vocabulary).state
        plan = engine.plan(state, wish.now, drafts=wish.drafts, reasons=wish.reasons)
        return Planned(case.line, b'{"line":%d,"plan":%b}' % (case.line, plan.to_json()))
    except InputError as error:
        problems = tuple(str(_at_line(problem, case.line, wish.source)) for problem in error.problems)
    except FollowupError as error:
        problems = (str(Problem("cannot-plan", str(error), Place(wish.source, case.line))),)
    return Planned(case.line, msgspec.json.encode({"line": case.line, "problems": problems}), problems)


def _at_line(problem: Problem, line: int, source: str) -> Problem:
    return replace(problem, place=replace(problem.place, file=source, line=line))
