"""`followup skip`: a follow-up of the store is not to be done."""

from __future__ import annotations

import click

from followup.cli.home import HOME
from followup.cli.opportunities import NOW
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.settling import settle

__all__ = ["command"]


@click.command("skip")
@click.argument("opportunity")
@click.argument("key")
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options, opportunity: str, key: str, now: str | None, home: str | None, form: str
) -> None:
    """Decide not to do a follow-up; it is not proposed again.

    \b
    Examples:
      followup skip initech thank-you:r1:dana
    """
    settle(options, opportunity, key, now, home, form, lambda *_: {"type": "skipped", "key": key})
