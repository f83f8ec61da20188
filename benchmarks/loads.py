"""Fourth table: loading rules, each time in a new process: seconds, and the megabytes that it takes at most.

PyYAML's composer alone over the same files is what reading YAML costs at least. What is imported and what
plugins bring is there before. Memory is what Linux tells of a process; elsewhere it is 0.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.packs import write_packs
from benchmarks.timing import table
from benchmarks.workload import Workload

__all__ = ["loads_table", "measure_loads"]

RUNS = 3
CHILD = """\
import json, re, sys, time
from pathlib import Path
import yaml
from followup import Engine

def kilobytes(what):
    status = Path("/proc/self/status")
    return int(re.search(what + r":\\s+(\\d+)", status.read_text())[1]) if status.exists() else 0

Engine.load(builtin=False)
before, start = kilobytes("VmRSS"), time.process_time()
{work}
print(json.dumps([time.process_time() - start, (kilobytes("VmHWM") - before) / 1024]))
"""
COMPOSE = """\
for path in Path(sys.argv[1]).rglob("*.yaml"):
    yaml.compose(path.read_text("utf-8"), yaml.CSafeLoader)
"""
LOAD = "engine = Engine.load(sys.argv[1], builtin=False)"
COMPOSER, YAML, KEEPING, CACHE = (
    "PyYAML's composer alone",
    "Engine.load from YAML",
    "the same, and kept in a cache",
    "Engine.load from the cache",
)
CACHED = "engine = Engine.load(sys.argv[1], builtin=False, cache=sys.argv[2])"
WAYS = {COMPOSER: COMPOSE, YAML: LOAD, KEEPING: CACHED, CACHE: CACHED}
"""In this order, so that what one way keeps the next finds."""


def measure_loads(rules: Sequence[int], seed: int) -> Iterator[tuple[int, dict[str, tuple[float, float]]]]:
    """For each number of rules the medians of seconds and megabytes, by the way of loading."""
    for number in rules:
        runs: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
        with TemporaryDirectory() as folder:
            write_packs(Workload.of(number, 0, seed).rules, Path(folder))
            for _ in range(RUNS):
                with TemporaryDirectory() as cache:
                    for way, work in WAYS.items():
                        runs[way].append(_run(work, folder, cache))
        yield number, {way: _medians(found) for way, found in runs.items()}


def _run(work: str, *folders: str) -> tuple[float, float]:
    program = CHILD.replace("{work}", work)
    done = subprocess.run(
        [sys.executable, "-c", program, *folders], check=True, capture_output=True, text=True
    )
    seconds, megabytes = json.loads(done.stdout)
    return seconds, megabytes


def _medians(runs: Sequence[tuple[float, float]]) -> tuple[float, float]:
    seconds, megabytes = zip(*runs, strict=True)
    return statistics.median(seconds), statistics.median(megabytes)


def loads_table(found: Sequence[tuple[int, dict[str, tuple[float, float]]]]) -> str:
    """The medians in Markdown."""
    rows = [
        [number, way, seconds, megabytes, seconds / ways[COMPOSER][0]]
        for number, ways in found
        for way, (seconds, megabytes) in ways.items()
    ]
    return table(["rules", "", "seconds", "MB", "× composer"], rows)
