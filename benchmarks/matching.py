"""First table: which rules match a state. followup beside hand-written Python and beside other engines.

The same rules, the same states, the same answers: all are checked before anything is timed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks.bitmap import bitmap_index
from benchmarks.by_hand import plain_ifs, stage_ifs
from benchmarks.facts import Seen, facts_of
from benchmarks.packs import write_packs
from benchmarks.peers import Peer
from benchmarks.reference import naive
from benchmarks.states import with_gaps
from benchmarks.timing import in_turns, table
from benchmarks.workload import Workload

from followup import Engine

__all__ = ["DifferenceError", "Measured", "measure"]

OURS, PLAIN, SEEN, FACTS = "followup", "plain ifs", "(reading the events, by hand)", "(making the facts)"
BY_HAND = {PLAIN: plain_ifs, "ifs behind the stage": stage_ifs, "bitmap index": bitmap_index}
MOST_GAPS = 20
A_TURN = 0.5
"""Seconds that a slow engine may take in a turn: it gets fewer states then."""


class DifferenceError(Exception):
    """Two that should give the same answer do not."""


@dataclass
class Measured:
    """One size: microseconds a state by name, what was left out and why, and about the workload."""

    rules: int
    matched: float
    times: dict[str, float] = field(default_factory=dict)
    left_out: dict[str, str] = field(default_factory=dict)

    @property
    def facts(self) -> float:
        return self.times[FACTS]

    def rows(self, peers: Sequence[Peer]) -> Iterator[list[object]]:
        """A row for each: the time, with the making of the facts, and as ratios."""
        plain = self.times[PLAIN]
        known = [peer.name for peer in peers if peer.name in self.times]
        best = min((self.times[name] for name in known), default=None)
        for name, each in self.times.items():
            whole = each + self.facts if name in known else None
            yield [name, each, whole, each / plain, None if best is None else each / best]

    def text(self, peers: Sequence[Peer]) -> str:
        """The table in Markdown."""
        head = ["", "µs a state", "with making the facts", "× plain ifs", "× best peer"]
        about = f"{self.rules:,} rules, of which {self.matched:.1f} match a state"
        left_out = [f"{name}: left out, {why}" for name, why in self.left_out.items()]
        return "\n".join([about, "", table(head, list(self.rows(peers))), *left_out])


def measure(rules: int, states: int, seed: int, peers: Sequence[Peer], turns: int) -> Measured:
    """Check all against each other, then time them in turns. Raises DifferenceError."""
    load = Workload.of(rules, states, seed)
    given, now = load.states, load.now
    measured = Measured(rules, sum(map(len, load.answers)) / len(given))
    with TemporaryDirectory() as folder:
        write_packs(load.rules, Path(folder))
        engine = Engine.load(folder, builtin=False)
    _check(OURS, load, engine.match_many(given, now))
    gaps = with_gaps(given[:MOST_GAPS], seed)
    _same(f"{OURS}, with unknown facts", gaps, engine.match_many(gaps, now), naive(engine, gaps, now))
    works: dict[str, Callable[[], object]] = {OURS: lambda: list(engine.match_many(given, now))}
    number = {}
    for name, make in BY_HAND.items():
        match = make(load.rules, now)
        _check(name, load, map(match, given))
        works[name] = partial(_run, match, given)
    for peer in peers:
        if reason := _why_not(peer, rules):
            measured.left_out[peer.name] = reason
            continue
        find = peer.make(load.rules)
        each = _check(peer.name, load, map(find, load.facts))
        number[peer.name] = max(2, min(states, round(A_TURN / each)))
        works[peer.name] = partial(_run, find, load.facts[: number[peer.name]])
    works[SEEN] = partial(_run, lambda state: Seen(state, now), given)
    works[FACTS] = partial(_run, lambda state: facts_of(state, now), given)
    times = in_turns(works, turns=turns)
    measured.times = {name: spent / number.get(name, states) for name, spent in times.items()}
    return measured


def _run(work: Callable[[Any], object], items: Sequence[Any]) -> None:
    for item in items:
        work(item)


def _why_not(peer: Peer, rules: int) -> str | None:
    if peer.version is None:
        return f"`{peer.requirement}` is not installed"
    if rules > peer.most_rules:
        return f"as it would take minutes with more than {peer.most_rules:,} rules"
    return None


def _check(name: str, load: Workload, answers: Iterable[Sequence[str]]) -> float:
    """The seconds that a state took. Raises DifferenceError."""
    start = time.process_time()
    found = list(answers)
    spent = time.process_time() - start
    _same(name, load.states, found, load.answers)
    return spent / len(found)


def _same(
    name: str, states: Sequence[object], found: Iterable[Sequence[str]], wanted: Iterable[Sequence[str]]
) -> None:
    for state, got, right in zip(states, found, wanted, strict=True):
        if sorted(got) != sorted(right):
            [rule, *_] = sorted(set(got) ^ set(right)) or ["the same rule twice"]
            says = "matches" if rule in got else "does not match"
            raise DifferenceError(f"{name} differs: {rule} {says} this state\n{state}")
