"""`followup reopen`: a retired opportunity back into all lists."""

from __future__ import annotations

import click

from followup.cli.home import HOME
from followup.cli.options import FORMAT
from followup.cli.retiring import set_retired

__all__ = ["command"]


@click.command("reopen")
@click.argument("opportunity")
@click.argument("reason", nargs=-1)
@HOME
@FORMAT
def command(opportunity: str, reason: tuple[str, ...], home: str | None, form: str) -> None:
    """Bring a retired opportunity back, and say why.

    \b
    Examples:
      followup reopen initech They called again
    """
    set_retired("reopened", opportunity, " ".join(reason), home, form)
