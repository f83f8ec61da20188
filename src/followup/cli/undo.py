"""`followup undo`: take back what was changed last."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from followup.cli.home import HOME, opened
from followup.cli.options import FORMAT

if TYPE_CHECKING:
    from followup.store import Entry, NewEntry

__all__ = ["command"]


@click.command("undo")
@click.argument("count", type=click.IntRange(1), default=1)
@HOME
@FORMAT
def command(count: int, home: str | None, form: str) -> None:
    """Take back the last change to your store, or the last COUNT.

    Nothing is lost: an entry says that they count no longer. An erasure, and what was before it, stays.

    \b
    Examples:
      followup undo
      followup undo 3
    """
    from followup.cli.times import wall_clock
    from followup.store import last_changes, undoing

    before: list[Entry] = []

    def decide(entries: Sequence[Entry]) -> list[NewEntry]:
        numbers = last_changes(entries, count)
        before[:] = [entry for entry in entries if entry.change in numbers]
        return undoing(numbers)

    with opened(home) as store:
        change = store.change(decide, wall_clock())
    assert change is not None
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"change": change.number, "undone": before}))
        return
    from followup.cli.wording import printable_line

    for entry in reversed(before):
        facts = ", ".join(entry.data.get("facts", ()))
        what = " ".join(filter(None, (entry.kind, entry.data.get("type"), entry.data.get("key"), facts)))
        click.echo(printable_line(f"undone: {f'{entry.opportunity}: ' if entry.opportunity else ''}{what}"))
