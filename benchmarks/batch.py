"""Third table: a batch. Decoding, planning and encoding alone, then all of it by one process and by two.

`python -m benchmarks.batch --states 5000`; the states are drawn from a seed, and no two are alike.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from benchmarks.plans import OTHER_PLUGINS
from benchmarks.states import NOW, random_states
from benchmarks.timing import in_turns, table

from followup import Engine, InterviewState
from followup.batch import Wish, cases_in, plan_cases
from followup.states import read_text

__all__ = ["measure_batch"]

STATES = 2_000
ALONE = 50
"""So many of the states are enough to time a step alone."""
MEMORY = (1_000, 10_000)
"""Lines of the files of which the memory is measured."""
UNTYPED, PLAN = "JSON, untyped (msgspec)", "plan, with reasons"


def measure_batch(states: int = STATES, memory: Sequence[int] = MEMORY, seed: int = 1) -> None:
    """Print what a state costs in each step and in all of them, and how much memory a file takes."""
    engine = Engine.load(deny=OTHER_PLUGINS)
    given = random_states(states, seed, 50)
    lines = [state.to_json() for state in given]
    size = sum(map(len, lines)) // len(lines)
    print(f"{states:,} states of {size:,} bytes on average, {len(engine.rules)} rules; processor time.\n")
    alone = _alone(engine, given[:ALONE], lines[:ALONE])
    rows = [[name, spent, spent / alone[UNTYPED]] for name, spent in alone.items()]
    print(table(("a step alone", "µs a state", "× untyped"), rows), "\n")
    bar = 3 * alone[PLAN] / 2
    print(f"The bar, three times planning alone on two processors: {bar:,.0f} µs a state.\n")
    rows = [[name, *times, times[-1] / bar] for name, times in _together(engine, lines)]
    print(table(("read, planned and encoded", "clock", "processor ÷ 2", "÷ bar"), rows), "\n")
    rows = [[number, *peak] for number, peak in _peaks(memory, seed)]
    print(table(("lines of the file", "bytes of the file", "peak MB of the largest process"), rows))


def _alone(engine: Engine, states: Sequence[InterviewState], lines: Sequence[bytes]) -> dict[str, float]:
    plan = partial(engine.plan, now=NOW, drafts=False)
    plans = [plan(state) for state in states]
    drafted = [engine.plan(state, NOW) for state in states]
    steps: dict[str, Callable[[], object]] = {
        UNTYPED: lambda: [msgspec.json.decode(line) for line in lines],
        "JSON to state": lambda: [read_text(line, vocabulary=engine.vocabulary) for line in lines],
        PLAN: lambda: [plan(state) for state in states],
        "plan, without reasons": lambda: [plan(state, reasons=False) for state in states],
        "plan, with drafts": lambda: [engine.plan(state, NOW) for state in states],
        "plan to JSON": lambda: [plan.to_json() for plan in plans],
        "plan with drafts to JSON": lambda: [plan.to_json() for plan in drafted],
    }
    return {name: spent / len(states) for name, spent in in_turns(steps, turns=5).items()}


def _together(engine: Engine, lines: Sequence[bytes]) -> Iterator[tuple[str, tuple[float, float]]]:
    """Microseconds a state: by the clock, and what two processors would take that have nothing else to do."""
    whole = b"\n".join(lines)
    for name, processes in (("one process", 1), ("two processes", 2)):
        clock, spent = time.perf_counter(), _processor_time()
        for _ in plan_cases(engine, cases_in(BytesIO(whole)), Wish(NOW, drafts=False), processes=processes):
            pass
        times = ((time.perf_counter() - clock), (_processor_time() - spent) / 2)
        yield name, (times[0] / len(lines) * 1e6, times[1] / len(lines) * 1e6)


def _processor_time() -> float:
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def _peaks(sizes: Sequence[int], seed: int) -> Iterator[tuple[int, tuple[int, float]]]:
    """How much memory the command takes at most for a file of so many lines, each of its own."""
    with TemporaryDirectory() as folder:
        for number in sizes:
            file = Path(folder) / f"{number}.jsonl"
            with file.open("wb") as stream:
                stream.writelines(state.to_json() + b"\n" for state in random_states(number, seed, number))
            yield number, (file.stat().st_size, _peak(file))


_WATCHED = """
import os, subprocess, sys
running = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, used = os.wait4(running.pid, 0)
print(used.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""
"""A program between: to what a process begins with, Linux counts the memory of the one that began it."""


def _peak(file: Path) -> float:
    batch = [sys.executable, "-c", "from followup.cli.root import main; main()", "batch", str(file)]
    watched = [sys.executable, "-c", _WATCHED, *batch, "--now", NOW.isoformat(), "--processes", "2"]
    return int(subprocess.run(watched, check=True, capture_output=True).stdout) / 1024


def main() -> None:
    """Measure as the command line asks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.batch", description=__doc__)
    parser.add_argument("--states", type=int, default=STATES, help=f"how many ({STATES:,})")
    lines = f"lines of the files of which the memory is measured {MEMORY}"
    parser.add_argument("--memory", type=int, nargs="+", default=MEMORY, metavar="N", help=lines)
    parser.add_argument("--seed", type=int, default=1, help="what the states are drawn from (1)")
    asked = parser.parse_args()
    measure_batch(asked.states, asked.memory, asked.seed)


if __name__ == "__main__":
    main()
