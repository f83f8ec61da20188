"""`followup export`: what the store holds, as a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.home import HOME, opened
from followup.cli.options import FORMAT, Options, pass_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from followup.store import Entry

__all__ = ["command"]

KINDS = {".yaml": "yaml", ".yml": "yaml", ".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv"}
BYTE_ORDER_MARK = "\ufeff"
"""By which spreadsheets know that a table is UTF-8."""


@click.command("export")
@click.argument("opportunities", metavar="[OPPORTUNITY]...", nargs=-1)
@click.option("--as", "kind", type=click.Choice(["yaml", "jsonl", "csv"]),
              help="What is written; else what the file's name ends with, else YAML.")  # fmt: skip
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write this file, which is replaced; else to standard output.")  # fmt: skip
@HOME
@FORMAT
@pass_options
def command(
    options: Options,
    opportunities: tuple[str, ...],
    kind: str | None,
    output: Path | None,
    home: str | None,
    form: str,
) -> None:
    """Write what your store holds: all of it, or some opportunities.

    JSON Lines hold the log entry by entry, without loss. YAML holds what stands now: of one opportunity
    a state file, of several a document each. CSV is a table for a spreadsheet, without formulas.
    `followup import` takes all three. Nothing in the store changes; a new file is for you alone to read.

    \b
    Examples:
      followup export -o everything.jsonl
      followup export initech > initech.yaml
      followup export --as csv -o search.csv
    """
    from followup.writing import write_text

    ending = KINDS.get(output.suffix.lower()) if output else None
    kind = kind or ending or ("jsonl" if form == "json" and not output else "yaml")
    with opened(home) as store:
        text, names = _written(options, store.entries(), opportunities, kind)
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    mask = os.umask(0o077)
    try:
        write_text(output, text)
    finally:
        os.umask(mask)
    if form == "json":
        import msgspec

        told = {"exported": str(output), "as": kind, "opportunities": names, "undo": None}
        click.echo(msgspec.json.encode(told))
        return
    count = "1 opportunity" if len(names) == 1 else f"{len(names)} opportunities"
    click.echo(f"written: {output}, {count}. Take it with: followup import {output}")


def _written(
    options: Options, entries: Sequence[Entry], opportunities: Sequence[str], kind: str
) -> tuple[str, list[str]]:
    """The text, and the names of the opportunities in it."""
    from followup.exchange.holdings import holdings_of, holdings_yaml, state_yaml
    from followup.exchange.logs import log_text
    from followup.exchange.sheets import sheet_text
    from followup.store import folded

    kept = folded(entries)
    names = sorted({kept.opportunity(name).name for name in opportunities})
    if kind == "jsonl":
        return log_text(entries, names), names or list(kept.opportunities)
    holdings = holdings_of(kept, names, options.engine().vocabulary)
    found = [str(item.name) for item in holdings.items]
    if kind == "csv":
        return BYTE_ORDER_MARK + sheet_text(holdings), found
    if len(names) == 1:
        [item] = holdings.items
        if item.drafts or item.retired:
            told = "a state file says neither your own words for drafts nor that it is retired"
            click.echo(f"followup: note: {told}; `--as jsonl` does", err=True)
        return state_yaml(item), found
    return holdings_yaml(holdings), found
