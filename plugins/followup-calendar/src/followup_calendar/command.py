"""`followup calendar`: an .ics file of the follow-ups of one or many opportunities, and a feed of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.opportunities import NOW, STATES, Opportunity, Options, pass_options, planned
from followup.errors import UsageError
from followup.plain import plain_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from followup_calendar.entries import Entry, Gone
    from followup_calendar.feed import Feed

__all__ = ["calendar"]

LARGEST = 10_000_000
"""Bytes. No feed of one person is larger."""
FOUR_WEEKS = 28 * 24 * 60


def _choices(command: Callable[..., None]) -> Callable[..., None]:
    """The options that both commands have."""
    for option in (
        click.option("--name", default="Follow-ups", show_default=True, help="The name of the calendar."),
        click.option(
            "--alarm",
            "alarms",
            metavar="MINUTES",
            multiple=True,
            type=click.IntRange(0, FOUR_WEEKS),
            default=(0,),
            show_default=True,
            help="Ring so long before; may be given several times.",
        ),
        click.option("--no-alarms", is_flag=True, help="Do not ring."),
        click.option("--drafts/--no-drafts", default=True, help="With the words to send, or without them."),
        NOW,
        STATES,
    ):
        command = option(command)
    return command


@click.group("calendar")
def calendar() -> None:
    """Put your follow-ups into your calendar."""


@calendar.command("feed")
@_choices
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file of the feed, which is read first and then made anew.",
)
@pass_options
def feed(
    options: Options,
    states: tuple[str, ...],
    now: str | None,
    output: Path,
    name: str,
    alarms: tuple[int, ...],
    no_alarms: bool,
    drafts: bool,
) -> None:
    """Bring the feed in FILE up to date: for a calendar program to subscribe to.

    Run it whenever something happened, or every hour. What changed is updated in place, what is done or
    gone is cancelled, and where nothing changed the file is left alone. If a state cannot be read, the feed
    stays as it was.

    \b
    Example:
      followup calendar feed opportunities/*.yaml -o ~/public/followups.ics
    """
    from followup.writing import write_text

    known = _known(output)
    found = _opportunities(options, states, now, drafts=drafts)
    text = _renewed(known, found, name, () if no_alarms else alarms, drafts=drafts)
    if _content(output) != text.encode("utf-8"):
        write_text(output, text)
        _tell(output, text)


@calendar.command("export")
@_choices
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; where not given, standard output.",
)
@pass_options
def export(
    options: Options,
    states: tuple[str, ...],
    now: str | None,
    output: Path | None,
    name: str,
    alarms: tuple[int, ...],
    no_alarms: bool,
    drafts: bool,
) -> None:
    """Write the follow-ups as they stand now into an .ics file: to import once.

    A file that you import again later updates the entries of the first one, but cancels none: a feed does.

    \b
    Example:
      followup calendar export initech.yaml -o initech.ics
    """
    from followup.writing import write_text
    from followup_calendar.feed import Feed

    found = _opportunities(options, states, now, drafts=drafts)
    text = _renewed(Feed(), found, name, () if no_alarms else alarms, drafts=drafts)
    if output is None:
        click.echo(text.encode("utf-8"), nl=False)
    else:
        write_text(output, text)
        _tell(output, text)


def _tell(path: Path, text: str) -> None:
    """Say what was written."""
    lines = text.split("\r\n")
    count, cancelled = lines.count("BEGIN:VEVENT"), lines.count("STATUS:CANCELLED")
    entries = "1 entry" if count == 1 else f"{count} entries"
    click.echo(f"{path}: {entries}" + (f", {cancelled} of them cancelled" if cancelled else ""))


def _opportunities(
    options: Options, states: Sequence[str], now: str | None, *, drafts: bool
) -> Sequence[Opportunity]:
    """All of them, each once; leaves with exit code 2 if one cannot be read, since nothing is half done."""
    from followup_calendar.entries import identity

    found = []
    first_with: dict[tuple[str, ...], str] = {}
    for opportunity in planned(options.engine(), states, now, drafts=drafts):
        if not isinstance(opportunity, Opportunity):
            continue
        found.append(opportunity)
        first = first_with.setdefault(identity(opportunity.state), opportunity.path)
        if len(first_with) < len(found):
            raise UsageError(
                f"{first} and {opportunity.path} are one opportunity: candidate, company and position "
                "are the same; name one of them, or tell the positions apart by `position.reference`"
            )
    if len(found) < len(states):
        click.echo("followup: nothing was written; mend the files first", err=True)
        click.get_current_context().exit(2)
    return found


def _renewed(
    known: Feed, found: Sequence[Opportunity], name: str, alarms: Sequence[int], *, drafts: bool
) -> str:
    now: datetime = max(opportunity.plan.now for opportunity in found)
    before = [timedelta(minutes=minutes) for minutes in sorted(set(alarms))]
    return known.renewed(_entries(known, found, drafts=drafts), now, name=name, alarms=before)


def _entries(known: Feed, found: Sequence[Opportunity], *, drafts: bool) -> Iterator[Entry | Gone]:
    from followup_calendar.entries import entries_of

    slots = known.slots
    for opportunity in found:
        zone = opportunity.clock.zone
        yield from entries_of(opportunity.state, opportunity.plan, zone, slots, drafts=drafts)


def _known(path: Path) -> Feed:
    """What the file says until now; a file that is no feed of ours is never written over: UsageError."""
    from followup_calendar.feed import Feed, read_feed

    data = _content(path)
    if data is None:
        return Feed()
    try:
        if len(data) > LARGEST:
            raise ValueError(f"it is larger than {LARGEST:,} bytes")
        return read_feed(data)
    except ValueError as error:
        what = _plain_problem(error)
        raise UsageError(
            f"{path} is no feed that can be brought up to date: {what}; name another file, or remove it first"
        ) from None


def _plain_problem(error: ValueError) -> str:
    """What is wrong, on one line and not at length: it may quote the file."""
    line = plain_line(str(error)).rstrip(".")
    return line if len(line) <= 100 else f"{line[:99]}…"


def _content(path: Path) -> bytes | None:
    try:
        with path.open("rb") as stream:
            return stream.read(LARGEST + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}; choose another place") from None
