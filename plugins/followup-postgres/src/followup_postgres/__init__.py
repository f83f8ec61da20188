"""The store in a PostgreSQL database, by its URL, as a plugin of followup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followup.hookspecs import StoreKind, hookimpl

if TYPE_CHECKING:
    from followup.store import Store

__all__ = ["FOLLOWUP_API", "followup_stores"]

FOLLOWUP_API = 1


@hookimpl
def followup_stores() -> tuple[StoreKind, ...]:
    """PostgreSQL under both names that its URLs have."""
    title = "a database of PostgreSQL"
    return StoreKind("postgresql", _opened, title), StoreKind("postgres", _opened, title)


def _opened(url: str) -> Store:
    # SQLAlchemy loads for a second or so: only for a store that stands there.
    from followup_postgres.store import PostgresStore

    return PostgresStore(url)
