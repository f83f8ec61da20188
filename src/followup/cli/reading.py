"""States that are named on the command line: in a file, on standard input, or kept in the store."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from followup.cli.home import kept
from followup.naming import NAME

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.states import Reading
    from followup.store import Kept, Opportunity

__all__ = ["STDIN", "is_file", "kept_as", "read_kept", "read_state", "read_state_file"]

STDIN = "-"


def read_state(engine: Engine, named: str) -> Reading:
    """Read a state: of a file, of standard input for `-`, else of the store.

    Raises StateError and UsageError.
    """
    found = kept_as(named)
    return read_state_file(engine, named) if found is None else read_kept(engine, found)


def read_kept(engine: Engine, opportunity: Opportunity) -> Reading:
    """Read the state of an opportunity of the store. Raises StateError."""
    from followup.states import read_data

    return read_data(opportunity.data, engine.vocabulary)


def read_state_file(engine: Engine, path: str) -> Reading:
    """Read a state from a file, or from standard input for `-`. Raises StateError."""
    from followup.states import read_file, read_text

    if path != STDIN:
        return read_file(path, vocabulary=engine.vocabulary)
    return read_text(_standard_input(), name="standard input", vocabulary=engine.vocabulary)


def is_file(named: str) -> bool:
    """Whether a file is meant, or standard input: what is one, and what no opportunity may be called."""
    return os.path.isfile(named) or not NAME.fullmatch(named)


def kept_as(named: str, store: Callable[[], Kept] = kept) -> Opportunity | None:
    """The opportunity of the store that is meant, by its name or the beginning of it; a file comes first.

    `store` gives what the store holds, for who has read it already. None where it is a file, or there is no
    store. Raises UsageError where a store has no such opportunity.
    """
    if is_file(named):
        return None
    found = store()
    return found.opportunity(named) if found.opportunities else None


def _standard_input() -> bytes:
    from followup.documents import MAX_BYTES

    if sys.stdin.isatty():
        click.echo("Reading a state from the terminal; end it with Ctrl-D.", err=True)
    return sys.stdin.buffer.read(MAX_BYTES + 1)
