"""`followup restore`: a backup in the place of the store."""

from __future__ import annotations

from pathlib import Path

import click

from followup.cli.home import HOME, beside, opened
from followup.cli.options import FORMAT

__all__ = ["command"]


@click.command("restore")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@HOME
@FORMAT
def command(file: Path, home: str | None, form: str) -> None:
    """Put a backup in the place of your store. What stood there is written to a backup first.

    Whoever was erased after the backup was made stands in it still: erase them again. Nothing is sent from
    a restored store until you have said what was sent since: `followup outbox reconcile`.

    \b
    Examples:
      followup restore followup-2026-11-20.db
    """
    from followup.cli.times import wall_clock
    from followup.sending import carrying_over

    with opened(home) as store, store.alone():
        folder = beside(home)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        before = folder / f"before-restore-{wall_clock():%Y%m%dT%H%M%S.%f}.db"
        store.backup(before)
        change = store.restore(file, carrying_over(store.entries()), wall_clock())
        assert change is not None
        count = len(store.entries()) - len(change.entries)
    undo = f"followup restore {before}"
    if form == "json":
        import msgspec

        click.echo(
            msgspec.json.encode(
                {"restored": str(file), "entries": count, "next": "followup outbox reconcile", "undo": undo}
            )
        )
        return
    click.echo(f"restored: {file}, {count} entries")
    for entry in change.entries:
        if entry.data.get("type") == "no_contact":
            click.echo(f"{entry.opportunity}: `{entry.data['who']}` was erased before and is not contacted")
    click.echo("Before anything is sent from it: followup outbox reconcile")
    click.echo(f"To undo: {undo}")
