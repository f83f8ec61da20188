"""What was told to which service, in a small file, so that nothing is told twice.

A service is known by a digest of its address, so that the file holds no secret. The file is locked while a
service has its turn: another run that began meanwhile waits, and then finds that it was told.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any

from followup.errors import UsageError

__all__ = ["Memory"]

SECONDS_TO_WAIT = 120
"""For another run that is sending."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS digest (service TEXT, whose TEXT, day TEXT, PRIMARY KEY (service, whose))",
    "CREATE TABLE IF NOT EXISTS told (service TEXT, mark TEXT, last_day INT, PRIMARY KEY (service, mark))",
)


class Memory:
    """The file, made where it is missing; without `keep` nothing is written, and a missing file is empty.

    Every method raises UsageError where the file cannot be used. What is noted during a turn stays once the
    turn is over.
    """

    def __init__(self, path: Path, *, keep: bool = True) -> None:
        self._path = path
        self._keep = keep
        try:
            if keep:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
            name = str(path) if path.exists() else ":memory:"
            self._connection = sqlite3.connect(name, timeout=SECONDS_TO_WAIT, isolation_level=None)
        except (OSError, sqlite3.Error) as error:
            raise self._unusable(error) from None

    def __enter__(self) -> Memory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """While nobody else has a turn."""
        self._execute("BEGIN IMMEDIATE")
        try:
            for table in _TABLES:
                self._execute(table)
            yield
        except BaseException:
            self._execute("ROLLBACK")
            raise
        self._execute("COMMIT" if self._keep else "ROLLBACK")

    def had_digest(self, service: str, whose: str, day: date) -> bool:
        """Whether the service got this person's digest on that day."""
        found = self._execute(
            "SELECT day FROM digest WHERE service = ? AND whose = ?", _hidden(service), whose
        )
        return [day.isoformat()] == [each[0] for each in found]

    def was_told(self, service: str, mark: str, *, last_day: bool) -> bool:
        """Whether the service was told of a follow-up: at all, or (`last_day`) that it is its last day."""
        found = self._execute(
            "SELECT last_day FROM told WHERE service = ? AND mark = ?", _hidden(service), mark
        )
        return any(each[0] or not last_day for each in found)

    def note(self, service: str, whose: str, day: date, told: Iterable[tuple[str, bool]]) -> None:
        """Keep that a digest went out with these marks, each with whether its last day was told."""
        hidden = _hidden(service)
        self._execute("INSERT OR REPLACE INTO digest VALUES (?, ?, ?)", hidden, whose, day.isoformat())
        for mark, last_day in told:
            self._execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", hidden, mark, last_day)

    def forget(self, marks: Iterable[str]) -> None:
        """Forget follow-ups that are not due: when they are due again, as after a snooze, they are told."""
        for mark in marks:
            self._execute("DELETE FROM told WHERE mark = ?", mark)

    def _execute(self, statement: str, *values: Any) -> Sequence[Sequence[Any]]:
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._unusable(error) from None

    def _unusable(self, error: Exception) -> UsageError:
        said = error.strerror if isinstance(error, OSError) and error.strerror else error
        return UsageError(
            f"{self._path} cannot be used as a memory of what was told: {said}; name another by `--memory`"
        )


def _hidden(service: str) -> str:
    return hashlib.sha256(service.encode("utf-8", "surrogatepass")).hexdigest()
