"""The store in one SQLite file that nobody else on the machine may read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec

from followup.errors import UsageError
from followup.store.entries import Change, Entry, NewEntry
from followup.store.locking import locked, read_note, write_note
from followup.store.protocol import Decide, DecideAll

__all__ = ["SqliteStore", "read_backup", "write_backup"]

WAIT_SECONDS = 30.0
"""How long a process waits for another that writes."""
APPLICATION = 0x464C5550
"""`FLUP` in the file's head, by which a file of ours is known."""
MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE entries (number INTEGER PRIMARY KEY AUTOINCREMENT, change INTEGER NOT NULL, "
        "at TEXT NOT NULL, kind TEXT NOT NULL, opportunity TEXT NOT NULL, data TEXT NOT NULL) STRICT",
        "CREATE INDEX entries_by_change ON entries (change)",
    ),
)
"""The statements that lead from each version of the file to the next. `user_version` counts those made."""
MOVE_AWAY = (
    "move it and the `-wal` and `-shm` beside it to another folder, then take a backup: followup restore FILE"
)
"""What to do about a store that is damaged."""
_COLUMNS = "number, change, at, kind, opportunity, data"


class SqliteStore:
    """A store in the file at `path`, which is made with its folder where it is missing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._witness: int | None = None
        with _told(path):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._connection = sqlite3.connect(path, timeout=WAIT_SECONDS, isolation_level=None)
            try:
                self._prepare()
            except BaseException:
                self._connection.close()
                raise

    def entries(self) -> tuple[Entry, ...]:
        with _told(self.path):
            return tuple(self._read())

    @property
    def place(self) -> str:
        return str(self.path)

    def change(self, decide: Decide, at: datetime) -> Change | None:
        with _told(self.path), self._writing():
            made = self._write(decide(tuple(self._read())), at)
        self._bear_witness(made)
        return made

    def adopt(self, decide: DecideAll) -> tuple[Change, ...]:
        with _told(self.path), self._writing():
            made = [self._write(new, at) for at, new in decide(tuple(self._read()))]
            return tuple(change for change in made if change)

    def rewrite(self, amend: Callable[[Entry], NewEntry], decide: Decide, at: datetime) -> Change | None:
        with _told(self.path):
            with self._writing():
                for entry in tuple(self._read()):
                    new = amend(entry)
                    self._connection.execute(
                        "UPDATE entries SET kind = ?, opportunity = ?, data = ? WHERE number = ?",
                        (new.kind, new.opportunity, _encoded(new), entry.number),
                    )
                made = self._write(decide(tuple(self._read())), at)
            self._connection.execute("VACUUM")
            self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return made

    def backup(self, path: Path) -> None:
        write_backup(path, self.entries())

    def restore(self, path: Path, decide: Decide, at: datetime) -> Change | None:
        entries = read_backup(path)
        with _told(self.path), self._writing():
            self._connection.execute("DELETE FROM entries")
            _insert(self._connection, entries)
            made = self._write(decide(tuple(self._read())), at)
        self._bear_witness(made)
        return made

    @contextmanager
    def alone(self) -> Iterator[None]:
        path = self.path.with_name(f"{self.path.name}-sending")
        with _told(path):
            descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            if not locked(descriptor):
                raise UsageError(f"another followup is sending from {self.path}; wait until it has ended")
            self._hear_witness(descriptor)
            self._witness = descriptor
            yield
        finally:
            self._witness = None
            os.close(descriptor)

    def _bear_witness(self, made: Change | None) -> None:
        """Note beside the log, while alone with it, which entry was its last.

        An older copy of the file that is put in its place has no such entry.
        """
        if self._witness is not None and made is not None:
            with suppress(OSError):  # what is written in the log counts; an older note is none the worse
                write_note(self._witness, _named(made.entries[-1]))

    def _hear_witness(self, descriptor: int) -> None:
        """Mark the log as restored where another one stood here, or where it was sent from elsewhere."""
        entries = self.entries()
        noted = read_note(descriptor)
        known = any(_named(entry) == noted for entry in entries)
        strange = not known if noted else any(entry.kind == "delivery" for entry in entries)
        if strange and entries:
            self.change(lambda _: [NewEntry(kind="restored")], entries[-1].at)
            write_note(descriptor, _named(self.entries()[-1]))
        elif entries and not noted:
            # Before the first delivery: a run that dies with that one in the log leaves a note all the same.
            with suppress(OSError):
                write_note(descriptor, _named(entries[-1]))

    def close(self) -> None:
        self._connection.close()

    def _prepare(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA secure_delete = ON")
        if _version(self._connection) == len(MIGRATIONS):
            _check_ours(self._connection, self.path)
            return
        with self._writing():
            if self._connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                _check_ours(self._connection, self.path)
            _migrate(self._connection)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        # A read that turns into a write fails at once where somebody else writes, whatever the timeout.
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")

    def _read(self) -> Iterator[Entry]:
        return _entries(self._connection)

    def _write(self, new: Sequence[NewEntry], at: datetime) -> Change | None:
        if not new:
            return None
        last = self._connection.execute("SELECT coalesce(max(change), 0) FROM entries").fetchone()[0]
        written = []
        moment = at.astimezone(UTC)
        for each in new:
            row = (last + 1, moment.isoformat(), each.kind, each.opportunity, _encoded(each))
            cursor = self._connection.execute(
                "INSERT INTO entries (change, at, kind, opportunity, data) VALUES (?, ?, ?, ?, ?)", row
            )
            number, fields = cursor.lastrowid or 0, msgspec.structs.asdict(each)
            written.append(Entry(number=number, change=last + 1, at=moment, **fields))
        return Change(number=last + 1, entries=tuple(written))


def write_backup(path: Path, entries: Sequence[Entry]) -> None:
    """Write entries into a new file, which the `restore` of any store takes. Raises UsageError."""
    with _told(path):
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
        except FileExistsError:
            raise UsageError(f"{path} is there already and is left as it is; name a new file") from None
        copy = sqlite3.connect(path, isolation_level=None)
        try:
            copy.execute("PRAGMA synchronous = FULL")
            copy.execute("BEGIN IMMEDIATE")
            _migrate(copy)
            _insert(copy, entries)
            copy.execute("COMMIT")
        except BaseException:
            path.unlink()
            raise
        finally:
            copy.close()


def read_backup(path: Path) -> tuple[Entry, ...]:
    """The entries of a backup, of this version or an earlier one. Raises UsageError."""
    if not path.is_file():
        raise UsageError(f"{path} is no file; name one that `followup backup` wrote")
    with (
        _told(path, "take another backup"),
        closing(sqlite3.connect(":memory:", isolation_level=None)) as copy,
    ):
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as source:
            _check_ours(source, path)
            intact = source.execute("PRAGMA integrity_check").fetchone()[0]
            if intact != "ok":
                raise UsageError(f"{path} is damaged: {intact}; take an older backup")
            source.backup(copy)
        _migrate(copy)
        return tuple(_entries(copy))


def _named(entry: Entry) -> str:
    return f"{entry.number} {entry.at.isoformat()}"


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _migrate(connection: sqlite3.Connection) -> None:
    for statements in MIGRATIONS[_version(connection) :]:
        for statement in statements:
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def _entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    for row in connection.execute(f"SELECT {_COLUMNS} FROM entries ORDER BY number"):
        number, change, at, kind, opportunity, data = row
        try:
            moment, read = datetime.fromisoformat(at), msgspec.json.decode(data, type=dict[str, Any])
        except (ValueError, msgspec.MsgspecError):
            raise sqlite3.DatabaseError(f"entry {number} cannot be read") from None
        yield Entry(
            number=number, change=change, at=moment, kind=kind, opportunity=opportunity, data=read,
        )  # fmt: skip


def _insert(connection: sqlite3.Connection, entries: Sequence[Entry]) -> None:
    rows = [(e.number, e.change, e.at.isoformat(), e.kind, e.opportunity, _encoded(e)) for e in entries]
    connection.executemany(f"INSERT INTO entries ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)


def _encoded(entry: NewEntry) -> str:
    return msgspec.json.encode(entry.data).decode()


def _check_ours(connection: sqlite3.Connection, path: Path) -> None:
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION:
        raise UsageError(f"{path} is a database of something else and is left as it is; name another place")
    if _version(connection) > len(MIGRATIONS):
        raise UsageError(f"{path} was written by a newer followup and is left as it is; update followup")


@contextmanager
def _told(path: Path, damaged: str = MOVE_AWAY) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as problem:
        # What is locked or full, or cannot be opened, is one of the kinds below it.
        cure = f"; {damaged}" if type(problem) is sqlite3.DatabaseError else ""
        if getattr(problem, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL):
            cure = "; see whether the disk is full"
        raise UsageError(f"{path} cannot be used as a store: {problem}{cure}") from None
    except OSError as problem:
        raise UsageError(f"{path} cannot be used as a store: {problem.strerror or problem}") from None
