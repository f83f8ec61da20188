"""`followup init`: who you are, asked once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from followup.cli.home import HOME, beside, opened, tell_change, tell_nothing
from followup.cli.options import FORMAT
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.store import Entry, NewEntry

__all__ = ["command"]


@click.command("init")
@click.option("--name", help="Your name, as you sign.")
@click.option("--email", help="Your mail address.")
@click.option("--phone", help="Your phone number, for signatures.")
@click.option("--linkedin", help="Your LinkedIn page.")
@click.option("--timezone", metavar="ZONE", help="Your time zone, such as America/Chicago.")
@HOME
@FORMAT
def command(home: str | None, form: str, **given: str | None) -> None:
    """Say who you are, once: the name that you sign with, your addresses, your time zone.

    On a terminal it asks; else give the options. Say it again to change it, for your opportunities too, where
    they did not say otherwise.

    \b
    Examples:
      followup init
      followup init --name "Ana Souza" --email ana@souza.example --timezone America/Chicago
    """
    from followup.cli.times import wall_clock
    from followup.cli.yourself import ask_candidate, can_ask, candidate_of, check_candidate
    from followup.store import NewEntry, folded
    from followup.store.opening import scheme_of

    with opened(home) as store:
        before = candidate_of(folded(store.entries())) or {}
        words = {name: value.strip() for name, value in given.items() if value is not None}
        if words:
            after = {name: value for name, value in {**before, **words}.items() if value}
        elif can_ask():
            after = ask_candidate(before)
        else:
            raise UsageError("nobody can be asked here; give at least `--name` and `--timezone`")
        after = _with_zone(after)
        if "name" not in after:
            raise UsageError("who are you? add `--name`")
        check_candidate(after)

        def decide(entries: Sequence[Entry]) -> list[NewEntry]:
            known = folded(entries).profile
            return [] if known == after else [NewEntry(kind="profile", data=after)]

        change = store.change(decide, wall_clock())
    if change is None:
        tell_nothing(form, f"You are {after['name']} already; nothing is changed")
        return
    zone = f", times in {after['timezone']}" if "timezone" in after else ""
    mail = f", {after['email']}" if "email" in after else ""
    place = store.place if scheme_of(store.place) else f"{beside(home)}, which nobody else may read"
    told = [f"You are {after['name']}{mail}{zone}.", f"It is kept in {place}. Next: followup add"]
    tell_change(form, change, told)


def _with_zone(candidate: dict[str, str]) -> dict[str, str]:
    """With the time zone of this machine where none is given."""
    from followup.cli.places import own_zone

    zone = candidate.get("timezone") or own_zone()
    return {**candidate, "timezone": zone} if zone else candidate
