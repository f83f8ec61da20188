"""`followup skip`: a follow-up of the store is not to be done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followup.cli.home import HOME
from followup.cli.opportunities import NOW
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.settling import settle

if TYPE_CHECKING:
    from followup.cli.at_hand import AtHand
    from followup.plan import FollowUp

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

    def event(followup: FollowUp, _: AtHand) -> dict[str, Any]:
        return {"type": "skipped", "key": followup.key}

    settle(options, opportunity, key, now, home, form, event)
