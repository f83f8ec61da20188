"""`followup backup`: a copy of the store."""

from __future__ import annotations

from pathlib import Path

import click

from followup.cli.home import HOME, opened
from followup.cli.options import FORMAT

__all__ = ["command"]


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@HOME
@FORMAT
def command(file: Path, home: str | None, form: str) -> None:
    """Write a copy of your store, as it stands at one moment, into a new file that only you may read.

    \b
    Examples:
      followup backup followup-2026-11-20.db
    """
    with opened(home) as store:
        store.backup(file)
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"backup": str(file)}))
        return
    click.echo(f"written: {file}. Take it with: followup restore {file}")
