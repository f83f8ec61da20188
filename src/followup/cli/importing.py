"""`followup import`: what a file holds, taken into the store."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from followup.cli.home import HOME, opened
from followup.cli.importing_tables import TABLE_OPTIONS, TableOptions, looks_like_a_table, table_reader
from followup.cli.options import FORMAT, Options, pass_options
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.exchange.logs import NewChange
    from followup.exchange.taking import Taken
    from followup.store import Change, Entry

__all__ = ["command"]

STDIN = "-"


@click.command("import")
@click.argument("file", type=click.Path(allow_dash=True))
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@click.option("--replace", is_flag=True, help="Put what differs in the place of what stands in the store.")
@click.option("--name", help="The name in the store, for a file with one opportunity.")
@TABLE_OPTIONS
@HOME
@FORMAT
@pass_options
def command(
    options: Options,
    /,
    file: str,
    dry_run: bool,
    replace: bool,
    name: str | None,
    home: str | None,
    form: str,
    **table: Any,
) -> None:
    """Take what a file holds into your store: all of it, or nothing.

    FILE is what `followup export` wrote (JSON Lines, YAML or CSV), a state file, or a table in CSV of
    another program: a spreadsheet, LinkedIn's archive, Teal, Huntr, Notion; - is standard input.
    What the store has already is left as it is, so that importing twice changes nothing.

    \b
    Examples:
      followup import everything.jsonl --dry-run
      followup import everything.jsonl
      followup import "Job Applications.csv" --dry-run
      followup import tracker.csv --column "Firma=company" --dates dmy --save-mapping tracker.yaml
    """
    read = _reader(options, file, TableOptions(**table), replace=replace, name=name)
    found: list[Taken] = []

    def decide(entries: Sequence[Entry]) -> Sequence[NewChange]:
        found[:] = [read(entries)]
        return () if dry_run else found[0].changes

    with opened(home) as store:
        made = store.adopt(decide)
        undo = _undo(store.entries(), made)
    _tell(form, found[0], made, undo, dry_run=dry_run)


def _reader(
    options: Options, file: str, table: TableOptions, *, replace: bool, name: str | None
) -> Callable[[Sequence[Entry]], Taken]:
    """What makes of the file and the log what is to be written. Raises InputError and UsageError."""
    from followup.cli.times import wall_clock
    from followup.exchange.holdings import read_holdings
    from followup.exchange.logs import is_log, read_log
    from followup.exchange.sheets import is_sheet, read_sheet
    from followup.exchange.tables import decoded, read_rows
    from followup.exchange.taking import taken, taken_over

    called = "standard input" if file == STDIN else file
    text = decoded(_bytes(file), called)
    now, vocabulary = wall_clock(), options.engine().vocabulary
    if is_log(text) and not table.given:
        if replace or name:
            raise UsageError("a log is taken over as it is; leave `--replace` and `--name` out")
        past = read_log(text, called, vocabulary)
        return lambda entries: taken_over(entries, past, now, vocabulary)
    if not is_sheet(text) and looks_like_a_table(text, file, table):
        if replace or name:
            raise UsageError(
                "a table of another program is joined to what is there; leave `--replace` and `--name` out"
            )
        return table_reader(read_rows(text, called), called, table, now, vocabulary)
    if table.given:
        raise UsageError(f"{called} is no table of another program; leave the options for tables out")
    if is_sheet(text):
        holdings = read_sheet(read_rows(text, called), called, vocabulary)
    else:
        holdings = read_holdings(text, called, vocabulary)
    if name and len(holdings.items) != 1:
        raise UsageError("--name is for a file with one opportunity; leave it out")
    return lambda entries: taken(entries, holdings, now, vocabulary, replace=replace, name=name)


def _bytes(file: str) -> bytes:
    from followup.exchange.tables import MOST_BYTES

    try:
        if file != STDIN:
            with Path(file).open("rb") as stream:
                return stream.read(MOST_BYTES + 1)
        return sys.stdin.buffer.read(MOST_BYTES + 1)
    except OSError as problem:
        raise UsageError(f"{file} cannot be read: {problem.strerror}; check its name") from None


def _undo(entries: Sequence[Entry], made: Sequence[Change]) -> str | None:
    """The command that takes back what was written now; None where that cannot be."""
    from followup.store import last_changes
    from followup.store.entries import BOOKKEEPING

    erased = max((entry.change for entry in entries if entry.kind == "erased"), default=0)
    undone = {entry.data["change"] for entry in entries if entry.kind == "undone"}
    count = sum(
        change.number > erased
        and change.number not in undone
        and any(entry.kind not in BOOKKEEPING for entry in change.entries)
        for change in made
    )
    try:
        last_changes(entries, count)
    except UsageError:
        return None
    return ("followup undo" if count == 1 else f"followup undo {count}") if count else None


def _tell(form: str, found: Taken, made: Sequence[Change], undo: str | None, *, dry_run: bool) -> None:
    if form == "json":
        import msgspec

        changes = [change.number for change in made]
        told = {"changes": changes, "lines": found.lines, "dry_run": dry_run, "undo": undo}
        click.echo(msgspec.json.encode(told))
        return
    from followup.cli.wording import printable

    for line in found.lines:
        click.echo(printable(line))
    if dry_run:
        click.echo("Nothing is written (--dry-run).", err=True)
    elif not made:
        click.echo("Nothing is new, and nothing was written.")
    else:
        click.echo(f"To undo: {undo}" if undo else "This cannot be undone.")
