"""The fault runs: `followup send` by a real server while everything breaks. It prints its figures.

    python tests/faults/harness.py --kills 500 --seed 7

After every run the store is held against what the server took. Three figures must be 0: messages that arrived
twice, messages that arrived and are not in the log as sent or in doubt, and messages whose words began to
leave after the person asked not to be contacted stood in the log.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
from opportunity import KEY, made_state
from server import PAUSE, Post, accounts_file

from followup.sending import deliveries, run
from followup.store import NewEntry
from followup.store.sqlite import SqliteStore

__all__ = ["Figures", "Harness", "main"]

SEND = ("send", "initech", KEY, "--yes")
SENT, NOT_SENT, IN_DOUBT = 0, 1, 3
STEPS = (
    *(
        f"{when} {step}"
        for step in ("queued", "claimed", "committing", "sent")
        for when in ("before", "after")
    ),
    "before dot",
)
COMMANDS = ("EHLO", "AUTH", "MAIL", "RCPT", "DATA", "final dot")
PAGE = 4096 + 24
"""Bytes by which SQLite's log grows."""


@dataclass
class Figures:
    """What happened in one kind of run."""

    runs: int = 0
    killed: int = 0
    arrived: int = 0
    doubts: int = 0
    twice: int = 0
    lost: int = 0
    past_the_gate: int = 0
    wrong: list[str] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        """Whether what must not happen has."""
        return bool(self.twice or self.lost or self.past_the_gate or self.wrong)


class Runner:
    """A process that runs the command line, one run at a time, and can be killed in each."""

    def __init__(self) -> None:
        program = str(Path(__file__).with_name("runner.py"))
        self._process = subprocess.Popen(
            [sys.executable, program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def start(self, trial: Trial, words: tuple[str, ...] = SEND, **faults: Any) -> int:
        """Begin a run; its process id."""
        wanted = {"words": words, "environment": trial.environment, "told": str(trial.told), **faults}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(wanted) + "\n")
        self._process.stdin.flush()
        return int(self._line())

    def end(self) -> int:
        """How the run ended: its exit code, or the signal as a negative number."""
        return int(self._line())

    def close(self) -> None:
        """Take no more runs."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


@dataclass
class Trial:
    """A store of its own, with one follow-up that is due."""

    home: Path
    accounts: Path

    @property
    def told(self) -> Path:
        """Where the runs say what they did."""
        return self.home / "told"

    @property
    def environment(self) -> dict[str, str]:
        """The variables of its runs."""
        return {
            "FOLLOWUP_HOME": str(self.home),
            "FOLLOWUP_EMAIL_ACCOUNTS": str(self.accounts),
            "FOLLOWUP_CONFIG": str(self.home / "config"),
        }

    def store(self) -> SqliteStore:
        """The store, opened."""
        return SqliteStore(self.home / "followup.db")

    def refuse(self) -> None:
        """Somebody else writes down that they asked not to be contacted."""
        event = {"type": "no_contact", "at": datetime.now(UTC).isoformat()}  # noqa: TID251
        store = self.store()
        store.change(
            lambda _: [NewEntry(kind="happened", opportunity="initech", data=event)],
            datetime.now(UTC),  # noqa: TID251
        )
        store.close()

    def settle(self, arrived: list[str]) -> int:
        """Say of each message in doubt what the server knows; how many there were."""
        store = self.store()
        with run(store, lambda: datetime.now(UTC)) as outbox:  # noqa: TID251
            doubts = [each for each in outbox.deliveries() if each.state == "in doubt"]
            for each in doubts:
                outbox.settle(each, "sent" if each.outgoing.identity in arrived else "failed", "looked")
        store.close()
        return len(doubts)


class Harness:
    """All kinds of runs, against one server."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder = folder
        self.random = random.Random(seed)
        self.post = Post()
        self.accounts = accounts_file(self.post, folder)
        self.runner, self.other = Runner(), Runner()
        self.count = 0
        self.figures: dict[str, Figures] = {}

    def close(self) -> None:
        """End its processes."""
        self.runner.close()
        self.other.close()

    def kills_at_random(self, kills: int) -> None:
        """Kill a run at any moment, again and again until one lives; then let it end."""
        figures = self._figures(f"kill -9 at {kills} random moments")
        usual = self._usual_length()
        while figures.killed < kills:
            trial = self._trial()
            refused = False
            for _ in range(self.random.randint(1, 3)):
                process = self.runner.start(trial)
                self.post.victim = process
                time.sleep(self.random.uniform(0, 1.1 * usual))
                _signal(process, signal.SIGKILL)
                figures.runs += 1
                was_killed = self.runner.end() == -signal.SIGKILL
                figures.killed += was_killed
                # Whoever came too late aims earlier: the machine may be busier or idler than before.
                usual = max(12 * PAUSE, usual * (1.02 if was_killed else 0.9))
            if self.random.random() < 0.2:
                trial.refuse()
                refused = True
            self._finish(trial, figures, refused=refused)

    def kills_at_steps(self) -> None:
        """Kill a run before and after each step is durable, and by the server at each command."""
        figures = self._figures("kill -9 at every named step")
        for step in STEPS:
            trial = self._trial()
            self.runner.start(trial, dies=step)
            figures.runs += 1
            figures.killed += self._ended(figures, step, -signal.SIGKILL)
            self._finish(trial, figures)
        for command in COMMANDS:
            for fault in ("killed", "killed, taken") if command == "final dot" else ("killed",):
                trial = self._trial()
                self.post.faults = {command: fault}
                self.post.victim = self.runner.start(trial)
                figures.runs += 1
                figures.killed += self._ended(figures, f"{fault} at {command}", -signal.SIGKILL)
                self._finish(trial, figures)

    def faults_of_the_server(self) -> None:
        """The server says no, later, nothing, or cuts the line, at each command."""
        figures = self._figures("server says no, later, or cuts the line")
        for command in COMMANDS:
            for fault in ("451 later", "554 no", "cut", "cut, taken"):
                if fault == "cut, taken" and command != "final dot":
                    continue
                trial = self._trial()
                self.post.faults = {command: fault}
                self.runner.start(trial)
                figures.runs += 1
                doubtful = command == "final dot" and fault.startswith("cut")
                self._ended(figures, f"{fault} at {command}", IN_DOUBT if doubtful else NOT_SENT)
                self._finish(trial, figures)

    def full_disks(self) -> None:
        """The disk is full at each write: files may grow so far and no further."""
        trial = self._trial()
        self.runner.start(trial)
        self.runner.end()
        figures = self._figures("disk full at every write")
        # The log of a whole run is shorter than this; each limit stops another write.
        for pages in range(40):
            trial = self._trial()
            self.runner.start(trial, limit=pages * PAGE + (pages % 2))
            figures.runs += 1
            ended = self.runner.end()
            if ended not in (SENT, NOT_SENT, 2, IN_DOUBT):
                figures.wrong.append(f"disk full after {pages} pages: ended with {ended}")
            self._finish(trial, figures)
        if not figures.doubts > 0:
            figures.wrong.append("no limit struck after the words had left")

    def jumps_of_the_clock(self) -> None:
        """The clock is set between the first gate and the second, with and without a refusal just before."""
        figures = self._figures("the clock jumps between the gates")
        for hours in (-24 * 400, -24, -1, -0.001, 0.5, 24, 24 * 40):
            for refused in (False, True):
                trial = self._trial()
                if refused:
                    self.post.wakes = lambda command, trial=trial: (  # type: ignore[misc]
                        trial.refuse() if command == "DATA" else None
                    )
                self.runner.start(trial, jump=hours * 3600)
                figures.runs += 1
                ended = self.runner.end()
                if refused and ended == SENT:
                    figures.wrong.append(f"sent past a refusal with the clock set by {hours} hours")
                self._finish(trial, figures, refused=refused)

    def two_at_once(self, pairs: int) -> None:
        """Two runs of the same message begin at the same time."""
        figures = self._figures("two runs at once")
        for _ in range(pairs):
            trial = self._trial()
            self.runner.start(trial)
            time.sleep(self.random.uniform(0, 0.1))
            self.other.start(trial)
            ended = sorted((self.runner.end(), self.other.end()))
            figures.runs += 2
            if ended[0] != SENT or ended[1] == SENT:
                figures.wrong.append(f"two at once ended with {ended}")
            self._finish(trial, figures)

    def stopped_and_continued(self, times: int) -> None:
        """A run is stopped at any moment; meanwhile another one begins, and somebody refuses."""
        figures = self._figures("SIGSTOP, a refusal, another run, SIGCONT")
        usual = self._usual_length()
        for number in range(times):
            trial = self._trial()
            process = self.runner.start(trial)
            time.sleep(self.random.uniform(0, usual))
            _signal(process, signal.SIGSTOP)
            # It may have been stopped while it writes, and then the others wait for it.
            waking = threading.Timer(20 * PAUSE, _signal, (process, signal.SIGCONT))
            waking.start()
            refused = number % 2 == 0
            if refused:
                trial.refuse()
            self.other.start(trial)
            self.other.end()
            waking.join()
            self.runner.end()
            figures.runs += 2
            self._finish(trial, figures, refused=refused)

    def _finish(self, trial: Trial, figures: Figures, *, refused: bool = False) -> None:
        """Run it undisturbed, settle what is in doubt by the truth, run it again; count what went wrong."""
        self.post.faults, self.post.victim, self.post.wakes = {}, 0, lambda command: None
        self._audit(trial, figures)
        for _ in range(2):
            self.runner.start(trial)
            figures.runs += 1
            self.runner.end()
            self._audit(trial, figures)
            figures.doubts += trial.settle(self.post.arrived)
        arrived = len(self.post.arrived)
        if not refused and arrived != 1:
            figures.wrong.append(
                f"{trial.home.name}: {arrived} arrived in the end:\n{trial.told.read_text()}"
            )
        figures.arrived += arrived
        shutil.rmtree(trial.home)

    def _audit(self, trial: Trial, figures: Figures) -> None:
        store = trial.store()
        entries = store.entries()
        store.close()
        known = {each.outgoing.identity: each for each in deliveries(entries).values() if each.committed}
        refusals = [e.number for e in entries if e.data.get("type") == "no_contact"]
        left = [e.number for e in entries if e.kind == "delivery" and e.data["state"] == "committing"]
        figures.twice += sum(count - 1 for count in Counter(self.post.arrived).values())
        figures.lost += sum(identity not in known for identity in self.post.arrived)
        figures.past_the_gate += sum(number > min(refusals, default=number) for number in left)

    def _trial(self) -> Trial:
        if not (self.folder / "template").exists():
            self._make_template()
        self.count += 1
        self.post.arrived.clear()
        home = self.folder / f"home-{self.count}"
        shutil.copytree(self.folder / "template", home)
        trial = Trial(home, self.accounts)
        trial.told.touch()
        return trial

    def _make_template(self) -> None:
        then = datetime.now(UTC)  # noqa: TID251
        state = made_state(then)
        store = SqliteStore(self.folder / "template" / "followup.db")
        store.change(lambda _: [NewEntry(kind="opened", opportunity="initech", data=state)], then)
        store.close()

    def _usual_length(self) -> float:
        """How long a run takes that nobody disturbs."""
        trial = self._trial()
        begun = time.monotonic()
        self.runner.start(trial)
        ended = self.runner.end()
        assert ended == SENT, trial.told.read_text()
        return max(time.monotonic() - begun, 12 * PAUSE)

    def _ended(self, figures: Figures, what: str, wanted: int) -> bool:
        ended = self.runner.end()
        if ended != wanted:
            figures.wrong.append(f"{what}: ended with {ended} instead of {wanted}")
        return ended == wanted

    def _figures(self, name: str) -> Figures:
        print(f"{name} …", file=sys.stderr, flush=True)
        return self.figures.setdefault(name, Figures())


def _signal(process: int, number: int) -> None:
    try:
        os.kill(process, number)
    except ProcessLookupError:
        return


def _lines(figures: dict[str, Figures]) -> Iterator[str]:
    heads = ("runs", "killed", "arrived", "doubts", "twice", "lost", "past gate")
    yield f"{'':42}" + "".join(f"{head:>11}" for head in heads)
    for name, each in figures.items():
        harm = (each.twice, each.lost, each.past_the_gate)
        numbers = (each.runs, each.killed, each.arrived, each.doubts, *harm)
        yield f"{name:42}" + "".join(f"{number:11}" for number in numbers)
    for name, each in figures.items():
        yield from (f"{name}: {wrong}" for wrong in each.wrong)


def main() -> int:
    """Run all kinds, print the figures; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--kills", type=int, default=40, help="kills at random moments (500 for a release)")
    parser.add_argument("--seed", type=int, default=1, help="repeats the same moments")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        harness = Harness(Path(folder), given.seed)
        try:
            harness.kills_at_steps()
            harness.faults_of_the_server()
            harness.full_disks()
            harness.jumps_of_the_clock()
            harness.two_at_once(max(5, given.kills // 20))
            harness.stopped_and_continued(max(10, given.kills // 5))
            harness.kills_at_random(given.kills)
        finally:
            harness.close()
    print("\n".join(_lines(harness.figures)))
    print(f"seed {given.seed}, {time.monotonic() - begun:.0f} seconds")
    return int(any(each.bad for each in harness.figures.values()))


if __name__ == "__main__":
    sys.exit(main())
