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

from benchmarks.batch import measure_batch
from benchmarks.loads import loads_table, measure_loads
from benchmarks.matching import DifferenceError, measure
from benchmarks.peers import PEERS
from benchmarks.plans import figures_table, measure_plans

Asked = argparse.Namespace
FOLDER = Path(__file__).parent


def main() -> int:
    """Measure, print tables, and write the figures to a file if asked."""
    asked = _arguments()
    figures: dict[str, Any] = {"python": platform.python_version(), "seed": asked.seed}
    try:
        for name in asked.tables or TABLES:
            print(f"## {name}\n", flush=True)
            figures[name] = TABLES[name](asked)
            print(flush=True)
    except DifferenceError as difference:
        print(difference, file=sys.stderr)
        return 1
    if asked.json:
        asked.json.write_text(json.dumps(figures, indent=2) + "\n", "utf-8")
    return 0


def _matching(asked: Asked) -> dict[str, Any]:
    chosen = [peer for peer in PEERS if _is_chosen(peer.name, asked.peers)]
    versions = {peer.name: peer.version for peer in chosen}
    print("Which rules match a state. Peers get the facts as dictionaries that are made already; the column")
    print("beside counts their making. All others read the state and work out stage, rounds … themselves.\n")
    print(", ".join(f"{name} {version or '(not installed)'}" for name, version in versions.items()))
    sizes = []
    for rules in asked.rules:
        sizes.append(measure(rules, asked.states, asked.seed, chosen, asked.turns))
        print(f"\n{sizes[-1].text(chosen)}", flush=True)
    return {"peers": versions, "sizes": [vars(size) for size in sizes]}


def _is_chosen(name: str, asked: list[str] | None) -> bool:
    return asked is None or any(word.casefold() in name.casefold() for word in asked)


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


def _batch(asked: Asked) -> None:
    measure_batch(seed=asked.seed)


def _script(name: str) -> Callable[[Asked], None]:
    def run(asked: Asked) -> None:
        subprocess.run([sys.executable, FOLDER / name], check=True)

    return run


TABLES: dict[str, Callable[[Asked], Any]] = {
    "matching": _matching,
    "plans": _plans,
    "loads": _loads,
    "start": _script("start.py"),
    "batch": _batch,
}


def _table(name: str) -> str:
    if name not in TABLES:
        raise argparse.ArgumentTypeError(f"no table is named `{name}`; there are {', '.join(TABLES)}")
    return name


def _arguments() -> Asked:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    tables = f"which tables: {', '.join(TABLES)} (all)"
    parser.add_argument("tables", nargs="*", type=_table, metavar="TABLE", help=tables)
    parser.add_argument("--rules", type=int, nargs="+", default=[10, 100, 1_000, 10_000], metavar="N")
    parser.add_argument("--states", type=int, default=60, metavar="N", help="how many to match (60)")
    parser.add_argument(
        "--peers", nargs="*", metavar="NAME", help="some of the peers; none without a name (all)"
    )
    parser.add_argument("--seed", type=int, default=1, help="what rules and states are drawn from (1)")
    parser.add_argument("--turns", type=int, default=7, help="how often each is timed (7)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there, too")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
