"""What it costs to start: whole processes, beside an empty Python and one that imports click.

    python benchmarks/start.py
    python benchmarks/start.py --runs 11 today plan

Run it in an environment with followup and its plugins. Words after the options choose the rows that hold one
of them. The runs are interleaved and the figures are medians, so that a machine whose speed drifts slows all
alike: read the ratios. CPU is what the operating system counted for the process, so this runs on Linux and
macOS. The modules are those that stand in `sys.modules` when it ends.
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
NOW = ("--now", "2026-11-20T19:00-06:00")
STATE = "examples/berlin-silence.yaml"
MAIN = "from followup.cli import main; main()"
COUNTING = (
    "import atexit, sys; atexit.register(lambda: print(f'\\n{len(sys.modules)} modules', file=sys.stderr))"
)
AGAIN = (
    "import time; from followup import Engine; Engine.load({0}); "
    "wall, cpu = time.perf_counter(), time.process_time(); Engine.load({0}); "
    "print(time.perf_counter() - wall, time.process_time() - cpu)"
)
STORE = """\
init --name 'Ana Souza' --email ana@souza.example --timezone America/Chicago
Hooli | Platform Engineer | US | Gavin Moss, hiring manager, gavin@hooli.example | 2026-11-25T14:00
Initech | Data Engineer | US | Dana Whitfield, hiring manager, dana@initech.example | 2026-11-20T10:00
Globex | Analyst | DE | Hank Scorpio, hr, hank@globex.example | 2026-11-12T10:00
Umbrella | Chemist | GB | Lee Okafor, interviewer, lee@umbrella.example | 2026-11-18T10:00
Vandelay | Architect | US | Art Vandelay, hiring manager, art@vandelay.example | 2026-11-02T10:00
Stark | Engineer | FR | Pepper Potts, hr, pepper@stark.example | 2026-11-19T15:00
"""
"""Who is searching, and six opportunities: company, position, country, whom she met, and when."""


@dataclass(frozen=True)
class Row:
    """A Python program with its arguments; one that measures itself prints its wall and its CPU time."""

    name: str
    program: str
    arguments: Sequence[str] = ()
    options: Sequence[str] = ()
    measures_itself: bool = False
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Run it once and keep its times."""
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *self.options, "-c", self.program, *self.arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT,
        )  # fmt: skip
        assert process.stdout is not None
        with process.stdout as stream:
            said = stream.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall, cpu = time.perf_counter() - start, usage.ru_utime + usage.ru_stime
        if process.returncode != 0:
            raise SystemExit(f"{self.name}: exit code {process.returncode}")
        if self.measures_itself:
            wall, cpu = map(float, said.split())
        self.wall.append(wall)
        self.cpu.append(cpu)

    def modules(self) -> int:
        """How many modules stand imported when it ends."""
        done = subprocess.run(
            [sys.executable, *self.options, "-c", f"{COUNTING}; {self.program}", *self.arguments],
            capture_output=True, text=True, check=True, cwd=ROOT,
        )  # fmt: skip
        return int(re.findall(r"^(\d+) modules$", done.stderr, re.MULTILINE)[-1])


def command(*arguments: str) -> Row:
    """A row for a call of followup."""
    return Row(" ".join(["followup", *(each for each in arguments if each not in NOW)]), MAIN, arguments)


NOTHING = Row("python -c pass", "pass")
CLICK = Row("python -I -c 'import click'", "import click", options=["-I"])
ROWS = [
    Row("import followup", "import followup"),
    command("--version"),
    command("--help"),
    command("plan", "--help"),
    command("plan", STATE, *NOW),
    command("--no-plugins", "plan", STATE, *NOW),
    command("today", *NOW),
    command("--no-plugins", "today", *NOW),
    Row("from followup import Engine", "from followup import Engine"),
    Row("Engine.load()", "from followup import Engine; Engine.load()"),
    Row("Engine.load(plugins=False)", "from followup import Engine; Engine.load(plugins=False)"),
    Row("Engine.load(), once more", AGAIN.format(""), measures_itself=True),
    Row("Engine.load(plugins=False), once more", AGAIN.format("plugins=False"), measures_itself=True),
]


def fill_store() -> None:
    """Put into the store of the environment what `today` is to look at."""
    first, *opportunities = STORE.splitlines()
    calls = [shlex.split(first)]
    for line in opportunities:
        keys = ("--company", "--position", "--country", "--person", "--interview")
        values = map(str.strip, line.split("|"))
        pairs = [word for pair in zip(keys, values, strict=True) for word in pair]
        calls.append(["--no-plugins", "add", *pairs, "--yes", *NOW])
    for call in calls:
        subprocess.run([sys.executable, "-c", MAIN, *call], check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """Measure and print one table."""
    parser = argparse.ArgumentParser(description="What it costs to start.")
    parser.add_argument("--runs", type=int, default=7, help="interleaved runs of each row (7)")
    parser.add_argument("words", nargs="*", help="only the rows that hold one of these words")
    given = parser.parse_args()
    wanted = [row for row in ROWS if not given.words or any(word in row.name for word in given.words)]
    rows = [NOTHING, CLICK, *wanted]
    # As after `pip install`: the bytecode stands on the disk.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with TemporaryDirectory() as folder:
        os.environ |= dict.fromkeys(("FOLLOWUP_HOME", "FOLLOWUP_CACHE", "XDG_CONFIG_HOME"), folder)
        if any("today" in row.name for row in rows):
            fill_store()
        modules = {row.name: "" if row.measures_itself else row.modules() for row in rows}
        for _ in range(given.runs):
            for row in rows:
                row.run()
    base, click = (statistics.median(row.cpu) for row in (NOTHING, CLICK))
    print(f"{'':56}{'wall ms':>9}{'CPU ms':>9}{'× pass':>9}{'× click':>9}{'modules':>9}")
    for row in rows:
        wall, cpu = statistics.median(row.wall), statistics.median(row.cpu)
        print(
            f"{row.name:56}{wall * 1e3:9.0f}{cpu * 1e3:9.0f}{cpu / base:9.1f}{cpu / click:9.1f}"
            f"{modules[row.name]:>9}"
        )


if __name__ == "__main__":
    main()
