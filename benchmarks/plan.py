"""Microseconds a state for the built-in scenarios, as ratios to decoding the same state's JSON.

Run in an environment with followup and its plugins: `python benchmarks/plan.py`.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from followup import Engine, InterviewState

EXAMPLES = Path(__file__).parent.parent / "examples"
NOW = datetime.fromisoformat("2026-11-27T10:00-06:00")
ROUNDS, REPEATS = 7, 20


def microseconds(work: Callable[[], object]) -> float:
    """The time of one call, in microseconds, over some repeats."""
    start = time.perf_counter()
    for _ in range(REPEATS):
        work()
    return (time.perf_counter() - start) / REPEATS * 1e6


def main() -> None:
    """Measure and print one table; the runs are interleaved, the figures are medians."""
    engine = Engine.load()
    states = [InterviewState.from_yaml(path) for path in sorted(EXAMPLES.glob("*.yaml"))]
    encoded = [state.to_json() for state in states]
    works: dict[str, Callable[[], object]] = {
        "decode the JSON, untyped": lambda: [msgspec.json.decode(text) for text in encoded],
        "plan, no drafts, no reasons": lambda: [
            engine.plan(state, NOW, drafts=False, reasons=False) for state in states
        ],
        "plan with reasons": lambda: [engine.plan(state, NOW, drafts=False) for state in states],
        "plan with reasons and drafts": lambda: [engine.plan(state, NOW) for state in states],
    }
    times: dict[str, list[float]] = {name: [] for name in works}
    gc.disable()
    for _ in range(ROUNDS):
        for name, work in works.items():
            times[name].append(microseconds(work) / len(states))
    base = statistics.median(times["decode the JSON, untyped"])
    size = sum(map(len, encoded)) / len(encoded)
    print(f"{len(states)} states of {size:.0f} bytes on average, {len(engine.rules)} rules")
    print(f"{'':32}{'µs a state':>12}{'ratio':>10}")
    for name, values in times.items():
        median = statistics.median(values)
        print(f"{name:32}{median:12.1f}{median / base:10.1f}")


if __name__ == "__main__":
    main()
