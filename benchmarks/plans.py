"""Second table: whole plans with the built-in scenarios, beside decoding the same state's JSON.

By the examples, by how many events a state has, and by how many rules stand beside the built-in ones.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from benchmarks.packs import write_packs
from benchmarks.states import NOW, busy_state, random_states
from benchmarks.timing import in_turns, table
from benchmarks.workload import Workload

from followup import Engine, InterviewState

__all__ = ["Figures", "examples", "figures_table", "measure_plans"]

EXAMPLES = Path(__file__).parent.parent / "examples"
EVENTS = (1, 10, 100, 1_000)
UNTYPED, PLAN = "JSON, untyped", "plan"
HEAD = ("", UNTYPED, "JSON to state", "schedule", PLAN, "with reasons", "with drafts", "plan × untyped")
STATES = 10
OTHER_PLUGINS = ("calendar", "cel", "networking", "postgres", "proofreading", "remind")
"""What is here or not, and would change the figures; reviews are measured in `benchmarks/reviews.py`."""


@dataclass(frozen=True)
class Figures:
    """One row: what was planned, and the microseconds a state of each step."""

    name: str
    size: int
    times: dict[str, float]

    @property
    def row(self) -> list[object]:
        return [self.name, *self.times.values(), self.times[PLAN] / self.times[UNTYPED]]


def examples() -> list[InterviewState]:
    """The states that come with followup."""
    return [InterviewState.from_yaml(path) for path in sorted(EXAMPLES.iterdir())]


def measure_plans(rules: Sequence[int], seed: int, turns: int) -> Iterator[Figures]:
    """Each row in turn; within a row the steps take turns."""
    engine = Engine.load(deny=OTHER_PLUGINS)
    given = examples()
    yield _measure(f"the {len(given)} examples", engine, given, turns)
    for events in EVENTS:
        name = "1 event" if events == 1 else f"{events:,} events"
        yield _measure(name, engine, [busy_state(events, seed)], turns)
    states = random_states(STATES, seed, 50)
    yield _measure("10 or so events", engine, states, turns)
    for more in rules:
        with TemporaryDirectory() as folder:
            write_packs(Workload.of(more, 0, seed).rules, Path(folder))
            larger = Engine.load(folder, deny=OTHER_PLUGINS)
        yield _measure(f"the same, {more:,} rules more", larger, states, turns)


def _measure(name: str, engine: Engine, states: Sequence[InterviewState], turns: int) -> Figures:
    encoded = [state.to_json() for state in states]
    steps = _steps(engine, states, encoded, NOW)
    times = {step: spent / len(states) for step, spent in in_turns(steps, turns=turns).items()}
    return Figures(name, sum(map(len, encoded)) // len(encoded), times)


def _steps(
    engine: Engine, states: Sequence[InterviewState], encoded: Sequence[bytes], now: datetime
) -> dict[str, Callable[[], object]]:
    texts = [text.decode() for text in encoded]
    works: list[Callable[[], object]] = [
        lambda: [msgspec.json.decode(text) for text in encoded],
        lambda: [InterviewState.from_text(text) for text in texts],
        lambda: [engine.schedule(state, now) for state in states],
        lambda: [engine.plan(state, now, drafts=False, reasons=False) for state in states],
        lambda: [engine.plan(state, now, drafts=False) for state in states],
        lambda: [engine.plan(state, now) for state in states],
    ]
    return dict(zip(HEAD[1:-1], works, strict=True))


def figures_table(rows: Sequence[Figures]) -> str:
    """The rows in Markdown."""
    return table(HEAD, [row.row for row in rows])
