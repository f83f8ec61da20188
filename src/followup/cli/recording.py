"""What happened, written to where a state stands: for a command of the core's or of a plugin's.

A file is replaced whole or not at all, and all that stands in it is kept; to the store it is added.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.reading import kept_as
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.events import Event
    from followup.store import Opportunity

__all__ = ["record"]


def record(engine: Engine, path: str, events: Sequence[Event], *, dry_run: bool = False) -> None:
    """Add events to the state in a file or in the store, and tell what was added and how to undo it.

    With `dry_run` only show what would change. Raises UsageError where the file cannot be read or written or
    has no place for them, and StateError where it is no state.
    """
    kept = kept_as(path)
    if kept is not None:
        _record_in_store(engine, kept, events, dry_run=dry_run)
        return
    from followup.authoring.recording import with_events
    from followup.authoring.yaml_text import CannotInsertError
    from followup.cli.wording import printable, printable_line
    from followup.writing import write_text

    file = Path(path).resolve()
    before = _read(file)
    try:
        after = with_events(before, events, file=path, vocabulary=engine.vocabulary)
    except CannotInsertError as problem:
        raise UsageError(f"{path} is left as it is: {problem}; add the events by hand") from None
    old, new = before.splitlines(), after.splitlines()
    if dry_run:
        compared = difflib.unified_diff(old, new, path, path, lineterm="")
        click.echo(printable("\n".join(compared)))
        click.echo(f"{path} is left as it is (--dry-run).", err=True)
        return
    if _read(file) != before:
        raise UsageError(f"{path} was changed by something else just now and is left as it is; try again")
    write_text(file, after)
    added = _added(old, new)
    count = "1 event" if len(events) == 1 else f"{len(events)} events"
    click.echo(f"{path}: {count} added")
    for number in added:
        click.echo(f"{number:>5}  {printable_line(new[number - 1])}")
    if len(new) - len(old) == len(added):
        click.echo(f"To undo, take {_lines(added)} out again.")


def _record_in_store(engine: Engine, kept: Opportunity, events: Sequence[Event], *, dry_run: bool) -> None:
    from followup.authoring.recording import as_data
    from followup.authoring.yaml_text import flow
    from followup.cli.home import add_events, opened, tell_change
    from followup.cli.wording import printable_line

    made = as_data(kept.state(engine.vocabulary), events)
    lines = [printable_line(f"{kept.name}: {flow(event)}") for event in made]
    if dry_run:
        click.echo("\n".join(lines))
        click.echo(f"{kept.name} is left as it is (--dry-run).", err=True)
        return
    with opened(None) as store:
        change = add_events(engine, store, kept.name, made)
    tell_change("table", change, lines)


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except OSError as problem:
        raise UsageError(f"cannot read {file}: {problem.strerror}") from None
    except UnicodeDecodeError as problem:
        raise UsageError(f"{file} is not UTF-8 (byte {problem.start + 1}); save it as UTF-8") from None


def _added(old: Sequence[str], new: Sequence[str]) -> tuple[int, ...]:
    """The numbers of the lines that are new or changed."""
    blocks = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return tuple(
        line + 1 for kind, _, _, start, end in blocks if kind != "equal" for line in range(start, end)
    )


def _lines(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"line {numbers[0]}"
    return f"lines {numbers[0]} to {numbers[-1]}"
