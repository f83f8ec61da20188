"""Other engines that Python can call, each with the same rules, in the fastest form that was found for it.

They get the facts as nested dictionaries that are made already, which favours them.
`python -m benchmarks.peers install` installs them; what cannot be installed is named and left out.
"""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from benchmarks import business, clips_rules, expressions, json_rules
from benchmarks.facts import Facts
from benchmarks.workload import Rule

__all__ = ["PEERS", "Match", "Peer"]

Match = Callable[[Facts], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Peer:
    """A requirement on PyPI, how its rules are made, and how many rules it can do in reasonable time."""

    name: str
    requirement: str
    make: Callable[[Sequence[Rule]], Match]
    most_rules: int = 10_000

    @property
    def version(self) -> str | None:
        """The version that is installed; None if it is not."""
        try:
            return importlib.metadata.version(self.requirement.partition("<")[0])
        except importlib.metadata.PackageNotFoundError:
            return None


PEERS = (
    Peer("datalogic-py (Rust)", "datalogic-py", json_rules.datalogic),
    Peer("zen-engine (Rust)", "zen-engine", expressions.zen),
    Peer("CEL (Rust)", "common-expression-language", expressions.rust_cel),
    Peer("CLIPS (C)", "clipspy", clips_rules.clips),
    Peer("business-rules", "business-rules", business.business_rules, 1_000),
    Peer("rule-engine", "rule-engine", expressions.rule_engine, 100),
    Peer("json-logic", "maykin-json-logic-py<0.16", json_rules.json_logic, 1_000),  # 0.16 needs Python 3.12
    Peer("cel-python", "cel-python", expressions.python_cel, 100),
)


def install() -> None:
    """Install each by itself, so that one that is not to be had keeps out none of the others."""
    run = partial(subprocess.run, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for peer in PEERS:
        command = [sys.executable, "-m", "pip", "install", "-q", peer.requirement]
        if peer.version is None and run(command).returncode:
            print(f"{peer.requirement} cannot be installed here and is left out")


if __name__ == "__main__" and sys.argv[1:] == ["install"]:
    install()
