"""The log in a table of PostgreSQL: one writer at a time, by a lock that ends with its transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, create_engine, delete, func, insert, select, text, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from followup.errors import UsageError
from followup.store import Change, Decide, DecideAll, Entry, NewEntry
from followup.store.sqlite import read_backup, write_backup
from followup_postgres.tables import ENTRIES, prepare

__all__ = ["PostgresStore"]

WAIT_SECONDS = 30
"""How long a process waits for another that writes."""
CONNECT_SECONDS = 10
SENDING = 0x464C5550
"""The advisory lock of the run that sends."""


class PostgresStore:
    """A store in the database at `url`, whose tables are made where they are missing."""

    def __init__(self, url: str) -> None:
        address = _address(url)
        told = {name: value for name, value in address.query.items() if name in ("host", "options")}
        self.place = address.set(drivername="postgresql", query=told).render_as_string(hide_password=True)
        secrets = (address.password, address.query.get("password"), address.query.get("sslpassword"))
        self._secrets = [str(word) for word in secrets if word]
        with self._told():
            self._engine = _engine(address)
            try:
                with self._engine.begin() as connection:
                    prepare(connection, self.place)
            except BaseException:
                self._engine.dispose()
                raise

    def entries(self) -> tuple[Entry, ...]:
        with self._told(), self._engine.begin() as connection:
            return _read(connection)

    def change(self, decide: Decide, at: datetime) -> Change | None:
        with self._writing() as connection:
            return _write(connection, decide(_read(connection)), at)

    def adopt(self, decide: DecideAll) -> tuple[Change, ...]:
        with self._writing() as connection:
            made = [_write(connection, new, at) for at, new in decide(_read(connection))]
            return tuple(change for change in made if change)

    def rewrite(self, amend: Callable[[Entry], NewEntry], decide: Decide, at: datetime) -> Change | None:
        with self._writing() as connection:
            for entry in _read(connection):
                new = amend(entry)
                changed = update(ENTRIES).where(ENTRIES.c.number == entry.number)
                connection.execute(
                    changed.values(kind=new.kind, opportunity=new.opportunity, data=_encoded(new))
                )
            made = _write(connection, decide(_read(connection)), at)
        # An update leaves the row as it was in the table's file; this writes a new file.
        with self._told(), self._engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.execute(text("VACUUM (FULL) followup_entries"))
        return made

    def backup(self, path: Path) -> None:
        write_backup(path, self.entries())

    def restore(self, path: Path, decide: Decide, at: datetime) -> Change | None:
        entries = read_backup(path)
        with self._writing() as connection:
            connection.execute(delete(ENTRIES))
            _insert(connection, entries)
            return _write(connection, decide(_read(connection)), at)

    @contextmanager
    def alone(self) -> Iterator[None]:
        # A connection of its own: the lock ends with it, so with the process too.
        with self._told():
            own = create_engine(self._engine.url, hide_parameters=True, poolclass=NullPool)
            session = own.connect().execution_options(isolation_level="AUTOCOMMIT")
        try:
            with self._told():
                taken = session.execute(select(func.pg_try_advisory_lock(SENDING))).scalar_one()
            if not taken:
                raise UsageError(f"another followup is sending from {self.place}; wait until it has ended")
            yield
        finally:
            session.close()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction in which nobody else writes; what is read in it stands until it ends."""
        with self._told(), self._engine.begin() as connection:
            # What was told as written must outlive the server, whatever the server's own setting.
            connection.execute(text("SET LOCAL synchronous_commit = on"))
            connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
            connection.execute(text("LOCK TABLE followup_entries IN EXCLUSIVE MODE"))
            yield connection

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as problem:
            cause = problem.orig if isinstance(problem, DBAPIError) and problem.orig else problem
            reason = " ".join(str(cause).split())
            for word in self._secrets:
                reason = reason.replace(word, "***")
            raise UsageError(f"{self.place} cannot be used as a store: {reason}") from None


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        if "@" in (address.host or ""):
            raise ValueError("a password with an unquoted @ reaches into the host")
    except (ArgumentError, ValueError):
        # What stands there may hold a password, so it is not told.
        raise UsageError(
            "the store's URL cannot be read; write `postgresql://USER@HOST:PORT/DATABASE`, and what is no "
            "letter or digit in a name or a password as `%40`"
        ) from None
    return address.set(drivername="postgresql+psycopg")


def _engine(address: URL) -> Engine:
    # Parameters hold the words of people, which belong into no error.
    return create_engine(
        address,
        hide_parameters=True,
        isolation_level="READ COMMITTED",
        pool_size=1,
        max_overflow=0,
        connect_args={"connect_timeout": CONNECT_SECONDS, "application_name": "followup"},
    )


def _read(connection: Connection) -> tuple[Entry, ...]:
    rows = connection.execute(select(ENTRIES).order_by(ENTRIES.c.number))
    return tuple(
        Entry(
            number=row.number, change=row.change, at=datetime.fromisoformat(row.at), kind=row.kind,
            opportunity=row.opportunity, data=msgspec.json.decode(row.data),
        )
        for row in rows
    )  # fmt: skip


def _write(connection: Connection, new: Sequence[NewEntry], at: datetime) -> Change | None:
    if not new:
        return None
    number, change = connection.execute(
        select(
            func.coalesce(func.max(ENTRIES.c.number), 0) + 1, func.coalesce(func.max(ENTRIES.c.change), 0) + 1
        )
    ).one()
    written = tuple(
        Entry(number=place, change=change, at=at.astimezone(UTC), **msgspec.structs.asdict(each))
        for place, each in enumerate(new, start=number)
    )
    _insert(connection, written)
    return Change(number=change, entries=written)


def _insert(connection: Connection, entries: Sequence[Entry]) -> None:
    rows = [
        {
            "number": entry.number,
            "change": entry.change,
            "at": entry.at.isoformat(),
            "kind": entry.kind,
            "opportunity": entry.opportunity,
            "data": _encoded(entry),
        }
        for entry in entries
    ]
    if rows:
        connection.execute(insert(ENTRIES), rows)


def _encoded(entry: NewEntry) -> str:
    return msgspec.json.encode(entry.data).decode()
