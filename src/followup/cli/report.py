"""`followup report`: how far opportunities came, how long answers took, what came of messages, by week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from followup.cli.giving import OUTPUT, give
from followup.cli.home import HOME, opened
from followup.cli.opportunities import NOW
from followup.cli.options import Options, pass_options
from followup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from followup.cli.times import Clock
    from followup.engine import Engine
    from followup.retrospect.figures import Figures
    from followup.state import InterviewState
    from followup.store import Kept

__all__ = ["command"]


@click.command("report")
@click.option("--since", metavar="DAY", help="Count only what began on this day or later.")
@click.option("--anonymous", is_flag=True, help="Leave out the names of people and companies.")
@click.option(
    "--format", "form", type=click.Choice(["text", "html", "json", "csv"]), default="text",
    show_default=True, help="For people, as a page with charts, for programs, for a spreadsheet.",
)  # fmt: skip
@OUTPUT
@NOW
@HOME
@pass_options
def command(
    options: Options, since: str | None, anonymous: bool, form: str, output: str | None, now: str | None,
    home: str | None,
) -> None:  # fmt: skip
    """Look back on all opportunities of your store, retired ones too.

    How far they came, how long answers took, what came of your messages by intent and channel, how they
    kept the dates that they named, and what happened week by week. What still waits is counted as such,
    and of few things no percentage is given.

    \b
    Examples:
      followup report
      followup report --since 2026-10-01
      followup report --format html -o report.html
      followup report --anonymous --format csv -o report.csv
    """
    from followup.store import folded

    engine = options.engine()
    with opened(home) as store:
        kept = folded(store.entries())
    figures, clock = _figures(engine, kept, now, since, anonymous=anonymous)
    if form == "json":
        import msgspec

        give(msgspec.json.encode(figures).decode(), output)
    elif form == "csv":
        from followup.cli.csv_reports import report_csv

        give(report_csv(figures), output)
    elif form == "html":
        from followup.cli.html_reports import report_page

        give(report_page(figures, clock), output)
    elif not figures.opportunities and not figures.weeks:
        began = " that began so late" if since and kept.opportunities else ""
        give(f"Your store has no opportunity{began}. Add one: followup add STATE", output)
    else:
        from followup.cli.drawing import drawn
        from followup.cli.drawing_reports import draw_report

        give(drawn(draw_report(figures, clock), plain=output is not None), output)


def _figures(
    engine: Engine, kept: Kept, now: str | None, since: str | None, *, anonymous: bool
) -> tuple[Figures, Clock]:
    from followup.retrospect.figures import figures_of

    states = {name: each.state(engine.vocabulary) for name, each in kept.opportunities.items()}
    moment, clock, start = _times(states, now, since)
    vocabulary = engine.vocabulary
    known = {*vocabulary.intents, *vocabulary.known_channels} if anonymous else None
    retired = {name for name, each in kept.opportunities.items() if each.retired}
    return figures_of(states, moment, start, retired=retired, known=known), clock


def _times(
    states: Mapping[str, InterviewState], now: str | None, since: str | None
) -> tuple[datetime, Clock, datetime | None]:
    """Now, a clock and the first moment that counts, in the time zone of the first opportunity, else UTC."""
    from followup.calendars import Calendar
    from followup.cli.times import Clock, calendar_of, read_moment, wall_clock, with_offset

    state = next(iter(states.values()), None)
    calendar = Calendar("UTC", None, None) if state is None else calendar_of(state)
    if now is None:
        moment = with_offset(wall_clock().replace(microsecond=0).astimezone(calendar.tzinfo))
    else:
        moment, note = read_moment(now, calendar, "--now")
        if note:
            click.echo(note, err=True)
    start = None if since is None else read_moment(since, calendar, "--since")[0]
    if start is not None and start > moment:
        raise UsageError(f"--since: {since} is later than now, {moment.isoformat()}; name an earlier day")
    return moment, Clock(moment, calendar.zone), start
