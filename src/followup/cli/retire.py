"""`followup retire`: an opportunity out of all lists, with everything of it kept."""

from __future__ import annotations

import click

from followup.cli.home import HOME
from followup.cli.options import FORMAT
from followup.cli.retiring import set_retired

__all__ = ["command"]


@click.command("retire")
@click.argument("opportunity")
@click.argument("reason", nargs=-1)
@HOME
@FORMAT
def command(opportunity: str, reason: tuple[str, ...], home: str | None, form: str) -> None:
    """Take an opportunity out of `today` and `agenda`, and say why. All of it is kept.

    A refusal or an offer that you took are better told by `followup log`: courtesies may still be due.

    \b
    Examples:
      followup retire initech They stopped hiring
      followup reopen initech
    """
    set_retired("retired", opportunity, " ".join(reason), home, form)
