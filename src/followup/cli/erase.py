"""`followup erase`: a person's data out of the store, for good."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from followup.cli.home import HOME, beside, opened
from followup.cli.options import FORMAT
from followup.errors import UsageError

__all__ = ["command"]


@click.command("erase")
@click.argument("opportunity")
@click.argument("person")
@click.option("--yes", is_flag=True, help="Do not ask.")
@HOME
@FORMAT
def command(opportunity: str, person: str, yes: bool, home: str | None, form: str) -> None:
    """Take all that says who a person is out of your store, and never contact them again.

    PERSON is the id in that opportunity. This cannot be undone, nor can what was changed before it.
    Backups, exported files and your mail are not touched.

    \b
    Examples:
      followup erase initech dana
    """
    from followup.cli.times import wall_clock
    from followup.store import erase

    if not yes:
        if not sys.stdin.isatty():
            raise UsageError("nothing is erased: it cannot be undone, so it needs a yes; add `--yes`")
        click.confirm(f"Erase {person} of {opportunity} for good?", default=False, abort=True, err=True)
    with opened(home) as store:
        change = erase(store, opportunity, person, wall_clock())
    name = change.entries[-1].opportunity
    _forget_files(beside(home), name, person)
    if form == "json":
        import msgspec

        told = {"change": change.number, "opportunity": name, "erased": person, "undo": None}
        click.echo(msgspec.json.encode(told))
        return
    click.echo(f"{name}: {person} is erased and not contacted again. This cannot be undone.")
    click.echo("Backups that you made before still hold their data: delete them.")


def _forget_files(folder: Path, name: str, person: str) -> None:
    """Take away what `open` wrote for that opportunity, and texts to that person that were being edited."""
    for path in (*folder.glob(f"outgoing/{name}~*"), *folder.glob(f"edits/{name}~*~{person}.txt")):
        path.unlink(missing_ok=True)
