"""`followup log`: write down what happened, in words that a person would type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import click

from followup.cli.at_hand import at_hand
from followup.cli.home import HOME, confirmed, tell_change
from followup.cli.opportunities import NOW
from followup.cli.options import FORMAT, Options, pass_options

if TYPE_CHECKING:
    from followup.cli.at_hand import AtHand

__all__ = ["command"]

SAID = ("text", "words", "terms", "reason")
"""The fields that hold what was said."""
CLOSING = {"rejection", "withdrawal", "declined", "accepted"}
"""The events after which nobody waits for you any more."""


@click.command("log")
@click.argument("opportunity")
@click.argument("words", nargs=-1, required=True)
@click.option("--yes", is_flag=True, help="Take dates in words as they are read, without asking.")
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options, opportunity: str, words: tuple[str, ...], yes: bool, now: str | None, home: str | None,
    form: str,
) -> None:  # fmt: skip
    """Write down what happened: interview, reply, promise, offer, call, sent, rejection and so on.

    OPPORTUNITY is its name in the store, or how it begins. Then say what happened, with whom and
    when; without a time it is now. Dates in words are shown in full before they count. `with`,
    `from`, `to`, `by` and `until` begin a part; `saying` begins their words, up to the end.

    \b
    Examples:
      followup log initech interview next Tuesday 10:00 video with dana and lee
      followup log initech reply from hr yesterday 15:00 saying We need another week
      followup log initech promise from hr by Friday
      followup log initech call to dana voicemail
      followup log initech absence from dana until 2026-12-07
      followup log initech rescheduled to Thursday 15:00
      followup log initech cancelled r2
      followup log initech no-contact
    """
    from followup.cli.drawing_mail import event_line
    from followup.cli.happening_words import read_words
    from followup.cli.plan_changes import change_data, change_line

    with at_hand(options, opportunity, now, home) as it:
        people, known = it.found.data.get("people", {}), it.found.data.get("events", ())
        reading = read_words(words, people, known, it.now, it.calendar)
        confirmed(reading.readings, yes=yes)
        change = it.add(reading.event)
        changed = it.changes_since()
    event = change.entries[0].data
    said = next((str(event[name]) for name in SAID if name in event), "")
    line = f"{it.name}: {event_line(event, it.clock)}" + (f", saying “{said}”" if said else "")
    lines = [line, *_free_others(it, event), *(f"  {change_line(each, it.clock)}" for each in changed)]
    tell_change(form, change, lines, plan=[change_data(each) for each in changed])


def _free_others(it: AtHand, event: Mapping[str, object]) -> Iterator[str]:
    """After an offer was accepted: the others that still count on you."""
    if event["type"] == "accepted" and not event.get("elsewhere"):
        for each in it.kept.opportunities.values():
            over = each.retired or any(one["type"] in CLOSING for one in each.data.get("events", ()))
            if each.name != it.name and not over:
                how = f"followup log {each.name} accepted elsewhere"
                yield f"  {each.name} is still open; to bow out there: {how}"
