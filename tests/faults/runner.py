"""The command line in a process that may be killed: loaded once, forked for each run.

It reads one run a line from standard input, as JSON, and answers with the process id, then with how it ended.
"""

from __future__ import annotations

import io
import json
import os
import resource
import signal
import sys
from collections.abc import Sequence
from contextlib import redirect_stdout, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from followup.cli import times
from followup.cli.options import Options
from followup.cli.root import cli
from followup.plugins import list_plugins
from followup.sending import Gate
from followup.store import Change, Decide, Entry, NewEntry
from followup.store.sqlite import SqliteStore
from followup_email import accounts, message, passwords, smtp
from followup_email.smtp_client import SmtpClient

sys.path.insert(0, str(Path(__file__).parent))
from opportunity import made_state

__all__ = ["main"]


def main() -> None:
    """Answer lines until there are no more."""
    others = [plugin.name for plugin in list_plugins() if plugin.name != "email"]
    options = Options(deny=others)
    _warm(options)
    for line in sys.stdin:
        wanted = json.loads(line)
        process = os.fork()
        if process == 0:
            _run(wanted, options)
        print(process, flush=True)
        _, status = os.waitpid(process, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _warm(options: Options) -> None:
    """Have all loaded that a run loads, so that it takes its time for what it does."""
    now = datetime.now(UTC)  # noqa: TID251
    assert all((accounts, message, passwords, smtp, Gate)), "what a run imports is here already"
    engine = options.engine()
    engine.plan(engine.read(made_state(now)), now)
    with suppress(SystemExit), redirect_stdout(io.StringIO()):
        cli.main(["send", "--help"], prog_name="followup", obj=options)


def _run(wanted: dict[str, Any], options: Options) -> None:
    # Where the disk is full, what is told goes nowhere.
    full = wanted.get("limit") is not None
    told = os.open(os.devnull if full else wanted["told"], os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.dup2(told, 1)
    os.dup2(told, 2)
    os.environ.update(wanted["environment"])
    if wanted.get("dies"):
        _die_at(*wanted["dies"].split(" "))
    if wanted.get("jump") is not None:
        _jump_at("claimed", timedelta(seconds=wanted["jump"]))
    if wanted.get("limit") is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (wanted["limit"], wanted["limit"]))
    code = 70
    try:
        cli.main(wanted["words"], prog_name="followup", obj=options)
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    os._exit(code)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _die_at(when: str, step: str) -> None:
    """Be killed `before` (in the transaction) or `after` (once durable) a step of a message is written."""
    if step == "dot":
        # All of the message is on the line but the final dot, which alone makes it one.
        SmtpClient.send_last = lambda self, data: _die()  # type: ignore[method-assign]
        return

    def reached(states: Sequence[str]) -> None:
        if step in states:
            _die()

    _watch_changes(reached if when == "before" else None, reached if when == "after" else None)


def _jump_at(step: str, by: timedelta) -> None:
    """Set the clock, for this process, once a step is written."""
    usual = times.wall_clock
    offset = timedelta(0)

    def jumped() -> datetime:
        return usual() + offset

    def reached(states: Sequence[str]) -> None:
        nonlocal offset
        if step in states:
            offset = by

    times.wall_clock = jumped
    _watch_changes(None, reached)


def _watch_changes(before: Any, after: Any) -> None:
    usual = SqliteStore.change

    def change(self: SqliteStore, decide: Decide, at: datetime) -> Change | None:
        states: list[str] = []

        def decided(entries: tuple[Entry, ...]) -> Sequence[NewEntry]:
            new = decide(entries)
            states[:] = [entry.data["state"] for entry in new if entry.kind == "delivery"]
            if before:
                before(states)
            return new

        made = usual(self, decided, at)
        if after:
            after(states)
        return made

    SqliteStore.change = change  # type: ignore[method-assign]


if __name__ == "__main__":
    main()
