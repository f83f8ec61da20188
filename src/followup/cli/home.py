"""The user's own store: where it stands, opened for a command, and how what was changed is told."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from followup.cli.options import options_of
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.store import Change, Entry, Kept, NewEntry, Store

__all__ = [
    "HOME",
    "VARIABLE",
    "add_events",
    "beside",
    "confirmed",
    "kept",
    "opened",
    "tell_change",
    "tell_nothing",
]

VARIABLE = "FOLLOWUP_HOME"
HOME = click.option(
    "--home", type=click.Path(file_okay=False), envvar=VARIABLE, metavar="FOLDER",
    help=f"The folder of your store, or its URL. Also {VARIABLE}; else a folder in your data folder.",
)  # fmt: skip
"""The option `--home` of commands that use the store."""


@contextmanager
def opened(home: str | None) -> Iterator[Store]:
    """The store at the folder or URL of the option `--home`, else in the user's data folder.

    Raises UsageError.
    """
    from followup.store.opening import open_store, scheme_of

    place = _place(home)
    kinds = options_of(click.get_current_context()).stores() if scheme_of(place) else {}
    store = open_store(place, kinds)
    try:
        yield store
    finally:
        store.close()


def kept() -> Kept:
    """What the user's store holds, for commands without the option `--home`; no store is begun for it."""
    from followup.store import Kept, folded
    from followup.store.opening import FILE, scheme_of

    place = _place(None)
    if not scheme_of(place) and not (Path(place) / FILE).exists():
        return Kept()
    with opened(None) as store:
        return folded(store.entries())


def beside(home: str | None) -> Path:
    """The folder for what belongs to the store and is not in it: its own, or else the user's data folder."""
    from followup.store.opening import scheme_of

    place = _place(home)
    return _data_folder() if scheme_of(place) else Path(place)


def _place(home: str | None) -> str:
    return home or os.environ.get(VARIABLE) or str(_data_folder())


def _data_folder() -> Path:
    from platformdirs import user_data_path

    return user_data_path("followup", appauthor=False)


def add_events(engine: Engine, store: Store, name: str, events: Sequence[Mapping[str, Any]]) -> Change:
    """Write events of an opportunity that fit its state as it stands. Raises UsageError and StateError."""
    from followup.cli.times import wall_clock
    from followup.states import read_data, to_data
    from followup.store import NewEntry, folded

    def decide(entries: Sequence[Entry]) -> list[NewEntry]:
        found = folded(entries).opportunity(name)
        known = list(found.data.get("events", ()))
        whole = read_data({**found.data, "events": [*known, *events]}, engine.vocabulary).state
        written = to_data(whole)["events"][len(known) :]
        return [NewEntry(kind="happened", opportunity=found.name, data=event) for event in written]

    change = store.change(decide, wall_clock())
    assert change is not None
    return change


def tell_change(form: str, change: Change, lines: Sequence[str], **more: Any) -> None:
    """Say what was written and how to undo it, to people or to programs; `more` is for programs."""
    if form == "json":
        import msgspec

        told = {"change": change.number, "entries": change.entries, "undo": "followup undo", **more}
        click.echo(msgspec.json.encode(told))
        return
    from followup.cli.wording import printable_line

    for line in lines:
        click.echo(printable_line(line))
    click.echo("To undo: followup undo")


def tell_nothing(form: str, why: str) -> None:
    """Say that nothing was written, and why."""
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"change": None, "entries": (), "undo": None, "why": why}))
        return
    click.echo(why)


def confirmed(readings: Sequence[str], *, yes: bool) -> None:
    """Say how dates in words were read, and go on only with a yes. Raises UsageError without one."""
    for reading in readings:
        click.echo(reading, err=True)
    if yes or not readings:
        return
    if not sys.stdin.isatty():
        raise UsageError("nothing is written: dates in words need a yes; add `--yes`, or give exact times")
    click.confirm("Is that so?", default=True, abort=True, err=True)
