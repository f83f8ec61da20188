"""All benchmarks by one command: `tox -e benchmarks`, which makes an environment of its own for them."""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.loads import loads_table, measure_loads
from benchmarks.plans import figures_table, measure_plans

Asked = argparse.Namespace
FOLDER = Path(__file__).parent


def main() -> int:
    """Measure, print tables, and write the figures to a file if asked."""
    asked = _arguments()
    figures: dict[str, Any] = {"python": platform.python_version(), "seed": asked.seed}
    for name in asked.tables or TABLES:
        print(f"## {name}\n", flush=True)
        figures[name] = TABLES[name](asked)
        print(flush=True)
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


def _plans(asked: Asked) -> list[dict[str, Any]]:
    print("Microseconds a state, with the built-in scenarios.\n")
    rows = list(measure_plans(asked.rules, asked.seed, asked.turns))
    print(figures_table(rows))
    return [{"name": row.name, "bytes": row.size, "microseconds": row.times} for row in rows]


def _loads(asked: Asked) -> list[dict[str, Any]]:
    found = list(measure_loads(asked.rules, asked.seed))
    print(loads_table(found))
    return [
        {"rules": rules, "way": way, "seconds": seconds, "megabytes": megabytes}
        for rules, ways in found
        for way, (seconds, megabytes) in ways.items()
    ]


def _script(name: str) -> Callable[[Asked], None]:
    def run(asked: Asked) -> None:
        subprocess.run([sys.executable, FOLDER / name], check=True)

    return run


TABLES: dict[str, Callable[[Asked], Any]] = {"plans": _plans, "loads": _loads, "start": _script("start.py")}


def _table(name: str) -> str:
    if name not in TABLES:
        raise argparse.ArgumentTypeError(f"no table is named `{name}`; there are {', '.join(TABLES)}")
    return name


def _arguments() -> Asked:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    tables = f"which tables: {', '.join(TABLES)} (all)"
    parser.add_argument("tables", nargs="*", type=_table, metavar="TABLE", help=tables)
    parser.add_argument("--rules", type=int, nargs="+", default=[10, 100, 1_000, 10_000], metavar="N")
    parser.add_argument("--seed", type=int, default=1, help="what rules and states are drawn from (1)")
    parser.add_argument("--turns", type=int, default=7, help="how often each is timed (7)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
