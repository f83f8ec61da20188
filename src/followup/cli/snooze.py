"""`followup snooze`: a follow-up of the store is put off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followup.cli.home import HOME, confirmed
from followup.cli.opportunities import NOW, standing
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.settling import settle
from followup.errors import UsageError
from followup.plan import PENDING

if TYPE_CHECKING:
    from followup.cli.at_hand import AtHand
    from followup.plan import FollowUp

__all__ = ["command"]


@click.command("snooze")
@click.argument("opportunity")
@click.argument("key")
@click.argument("until", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Take dates in words as they are read, without asking.")
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options,
    opportunity: str,
    key: str,
    until: tuple[str, ...],
    yes: bool,
    now: str | None,
    home: str | None,
    form: str,
) -> None:
    """Put a follow-up off until a day or a time.

    \b
    Examples:
      followup snooze initech thank-you:r1:dana 2026-11-30
      followup snooze initech thank-you:r1:dana next Tuesday 10:00
    """

    def event(followup: FollowUp, it: AtHand) -> dict[str, Any]:
        from followup.cli.spoken_times import read_spoken

        words = " ".join(until)
        time = read_spoken(words, it.now, it.calendar, "future")
        if followup.status not in PENDING:
            raise UsageError(f"`{followup.key}` {standing(followup)}; nothing is left to put off")
        if time.moment <= it.now:
            raise UsageError(f"`{words}` is not after now: {time.full}; name a later day")
        confirmed([] if time.exact else [f"{words}: {time.full}"], yes=yes)
        if followup.closes is not None and time.moment >= followup.closes:
            click.echo(f"note: its time is over {it.clock.exact(followup.closes)}, before that", err=True)
        return {"type": "snoozed", "key": followup.key, "until": time.text}

    settle(options, opportunity, key, now, home, form, event)
