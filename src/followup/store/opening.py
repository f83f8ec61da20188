"""A store opened by where it stands: a folder on this machine, or a URL of a kind that a plugin brings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from followup.errors import UsageError, did_you_mean
from followup.store.protocol import Store

if TYPE_CHECKING:
    from followup.hookspecs import StoreKind

__all__ = ["FILE", "open_store", "scheme_of"]

FILE = "followup.db"
"""The file of the store in its folder."""
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)://")


def scheme_of(home: str) -> str:
    """The scheme of a URL, such as `postgresql`; empty for a folder."""
    found = _SCHEME.match(home)
    return found[1].lower() if found else ""


def open_store(home: str | Path, kinds: Mapping[str, StoreKind]) -> Store:
    """The store in a folder, in SQLite, or at a URL, by the kind of its scheme. Raises UsageError."""
    scheme = scheme_of(str(home))
    if not scheme:
        from followup.store.sqlite import SqliteStore

        return SqliteStore(Path(home) / FILE)
    kind = kinds.get(scheme)
    if kind is None:
        # The URL may hold a password, so the scheme alone is told.
        cure = did_you_mean(scheme, kinds) or "install the plugin that does, or name a folder"
        if scheme in ("postgres", "postgresql"):
            cure = "install it: `pip install followup-postgres`"
        raise UsageError(f"no plugin opens stores at `{scheme}://…`; {cure}")
    return kind.open(str(home))
