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

    PERSON is the id in that opportunity. In other opportunities the same person is erased too: whoever has
    one of the addresses, or the name at a company of the same name. This cannot be undone, nor can what was
    changed before it. Backups, exported files and your mail are not touched.

    \b
    Examples:
      followup erase initech dana
    """
    from followup.cli.times import wall_clock
    from followup.store import erase, folded
    from followup.store.erasing import same_person

    if not yes and not sys.stdin.isatty():
        raise UsageError("nothing is erased: it cannot be undone, so it needs a yes; add `--yes`")
    with opened(home) as store:
        log = store.entries()
        name = folded(log).opportunity(opportunity).name
        same = same_person(log, name, person)
        others = [each for each in same if each != name]
        if not yes:
            there = f", and in {', '.join(others)}" if others else ""
            click.confirm(f"Erase {person} of {name}{there} for good?", default=False, abort=True, err=True)
        change = erase(store, name, person, wall_clock())
    for each, people in same.items():
        for id_ in people:
            _forget_files(beside(home), each, id_)
    if form == "json":
        import msgspec

        told = {"change": change.number, "opportunity": name, "erased": person, "also": others, "undo": None}
        click.echo(msgspec.json.encode(told))
        return
    there = f", and in {', '.join(others)}," if others else ""
    click.echo(f"{name}: {person} is erased{there} and not contacted again. This cannot be undone.")
    click.echo("Backups that you made before still hold their data: delete them.")


def _forget_files(folder: Path, name: str, person: str) -> None:
    """Take away what `open` wrote for that opportunity, and texts to that person that were being edited."""
    for path in (*folder.glob(f"outgoing/{name}~*"), *folder.glob(f"edits/{name}~*~{person}.txt")):
        path.unlink(missing_ok=True)
