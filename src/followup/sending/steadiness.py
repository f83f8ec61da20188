"""Whether the clock was set: the time of day held against the time that the machine has run.

A clock that jumps ahead makes things due that are not. So nothing goes out by a policy after a jump, until
the clock is back or a person says that it is right. What a person sends by their own word is theirs to judge.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from followup.writing import write_text

__all__ = ["Steadiness", "Uptime"]

TOLERATED = 120.0
"""Seconds by which a clock may be set without a doubt: more than any correction over the network."""


Uptime = Callable[[], tuple[str, float]]
"""Which run of the machine this is (empty where that is not known), and how many seconds it has run."""


class Steadiness:
    """Remembers how the clock stood against the uptime, in a file, for as long as the machine runs."""

    def __init__(self, path: Path | None, clock: Callable[[], datetime], uptime: Uptime) -> None:
        self._clock = clock
        self._uptime = uptime
        self._boot, self._offset = self._now()
        known = _read(path)
        if known is not None and known[0] == self._boot != "":
            self._offset = known[1]
        elif path is not None:
            self._keep(path)
        self._path = path

    def doubt(self) -> str:
        """That the clock was set, and how one goes on; empty where it was not."""
        _, offset = self._now()
        ahead = offset - self._offset
        if abs(ahead) <= TOLERATED:
            return ""
        told = f"the clock was set {'ahead' if ahead > 0 else 'back'} by {abs(ahead) / 60:.0f} minutes"
        return f"{told}; if it is right now: `followup watch --clock-is-right`"

    def trust(self) -> None:
        """Take the clock for right as it stands."""
        self._boot, self._offset = self._now()
        if self._path is not None:
            self._keep(self._path)

    def _now(self) -> tuple[str, float]:
        boot, ran = self._uptime()
        return boot, self._clock().timestamp() - ran

    def _keep(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_text(path, json.dumps({"boot": self._boot, "offset": self._offset}))


def _read(path: Path | None) -> tuple[str, float] | None:
    try:
        data = json.loads(path.read_text("utf-8")) if path is not None else None
        return None if data is None else (str(data["boot"]), float(data["offset"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
