"""The tables, and the statements that lead from each version of them to the next."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import BigInteger, Column, Connection, Integer, MetaData, Table, Text, func, select, text

from followup.errors import UsageError

__all__ = ["ENTRIES", "MIGRATIONS", "prepare"]

_METADATA = MetaData()
ENTRIES = Table(
    "followup_entries",
    _METADATA,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("change", BigInteger, nullable=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("opportunity", Text, nullable=False),
    # Text, not jsonb, which takes no U+0000 and keeps no order of keys.
    Column("data", Text, nullable=False),
)
VERSION = Table("followup_version", _METADATA, Column("version", Integer, nullable=False))
MIGRATIONS: Sequence[Sequence[str]] = (
    (
        "CREATE TABLE followup_entries (number bigint PRIMARY KEY, change bigint NOT NULL, at text NOT NULL, "
        "kind text NOT NULL, opportunity text NOT NULL, data text NOT NULL)",
        "CREATE INDEX followup_entries_by_change ON followup_entries (change)",
    ),
)
"""The statements that lead from each version to the next. `followup_version` holds how many were made."""
LOCK = 0x464C5550
"""Of processes that begin one store at once, one makes the tables."""


def prepare(connection: Connection, place: str) -> None:
    """Make the tables, or bring them to this version, in the transaction that is open. Raises UsageError."""
    encoding = connection.scalar(text("SHOW server_encoding"))
    if encoding != "UTF8":
        raise UsageError(f"{place} keeps text as {encoding}; make a database with the encoding UTF8")
    if _version(connection, place) == len(MIGRATIONS):
        return
    connection.execute(select(func.pg_advisory_xact_lock(LOCK)))
    # Who waited for the lock may still not see the table by its name; this statement looks anew.
    connection.execute(text("CREATE TABLE IF NOT EXISTS followup_version (version integer NOT NULL)"))
    done = _version(connection, place)
    if connection.scalar(select(VERSION.c.version)) is None:
        connection.execute(VERSION.insert().values(version=0))
    for statements in MIGRATIONS[done:]:
        for statement in statements:
            connection.execute(text(statement))
    connection.execute(VERSION.update().values(version=len(MIGRATIONS)))


def _version(connection: Connection, place: str) -> int:
    if connection.scalar(select(func.to_regclass("followup_version"))) is None:
        return 0
    found = int(connection.scalar(select(VERSION.c.version)) or 0)
    if found > len(MIGRATIONS):
        raise UsageError(f"{place} was written by a newer followup-postgres and is left as it is; update it")
    return found
