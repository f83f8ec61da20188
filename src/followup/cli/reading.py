"""States that are named on the command line: in a file, on standard input, or kept in the store."""

from __future__ import annotations

import os
import re
import sys
from typing import TYPE_CHECKING

import click

from followup.cli.home import kept

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.states import Reading
    from followup.store import Opportunity

__all__ = ["NAME", "STDIN", "kept_as", "read_state", "read_state_file"]

STDIN = "-"
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
"""What an opportunity of the store may be called; what else stands for a state is a file."""


def read_state(engine: Engine, named: str) -> Reading:
    """Read a state: of a file, of standard input for `-`, else of the store.

    Raises StateError and UsageError.
    """
    found = kept_as(named)
    if found is None:
        return read_state_file(engine, named)
    from followup.states import read_data

    return read_data(found.data, engine.vocabulary)


def read_state_file(engine: Engine, path: str) -> Reading:
    """Read a state from a file, or from standard input for `-`. Raises StateError."""
    from followup.states import read_file, read_text

    if path != STDIN:
        return read_file(path, vocabulary=engine.vocabulary)
    return read_text(_standard_input(), name="standard input", vocabulary=engine.vocabulary)


def kept_as(named: str) -> Opportunity | None:
    """The opportunity of the store that is meant, by its name or the beginning of it; a file comes first.

    None where it is a file, or there is no store. Raises UsageError where a store has no such opportunity.
    """
    if os.path.isfile(named) or not NAME.fullmatch(named):
        return None
    found = kept()
    return found.opportunity(named) if found.opportunities else None


def _standard_input() -> bytes:
    from followup.documents import MAX_BYTES

    if sys.stdin.isatty():
        click.echo("Reading a state from the terminal; end it with Ctrl-D.", err=True)
    return sys.stdin.buffer.read(MAX_BYTES + 1)
