"""`followup simulate`: play the plan forward, send what is due when it is due, and watch."""

from __future__ import annotations

import click

from followup.cli.options import Options, pass_options, read_state, tell
from followup.errors import UsageError

__all__ = ["command"]


@click.command("simulate")
@click.argument("state", type=click.Path(allow_dash=True))
@click.option(
    "--until", required=True, metavar="TIME", help="How far to play: a time, a day, or `6 weeks` from now."
)
@click.option("--now", metavar="TIME", help="Where to begin; where not given, the present.")
@click.option(
    "--with", "events", multiple=True, metavar="EVENT",
    help="Something that happens on the way; may be given several times.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True,
    help="For people, for programs, for notes.",
)  # fmt: skip
@pass_options
def command(
    options: Options, state: str, until: str, now: str | None, events: tuple[str, ...], form: str
) -> None:
    """Play STATE forward: each message sent when it is due, and nothing else assumed but what you name.

    An EVENT is a type and its fields, `key=value`, or a YAML mapping in braces. Its time is `at=TIME`,
    or `in=DURATION` counted from now. A value ends where the next `key=` begins.

    \b
    Examples:
      followup simulate initech.yaml --until 2027-01-15
      followup simulate initech.yaml --until "6 weeks" --with "reply from=hr in=5 days"
      followup simulate initech.yaml --until 2027-01-15 \\
          --with "promise by=2026-12-10 who=hr at=2026-11-25T10:00-06:00" \\
          --with "{type: rejection, from: hr, in: 3 weeks}"
    """
    from followup.cli.happenings import read_events
    from followup.cli.plan import now_for, title_of
    from followup.cli.times import calendar_of, moment_after, read_moment

    engine = options.engine()
    reading = read_state(engine, state)
    tell(reading.notes)
    start, clock = now_for(reading.state, now)
    calendar = calendar_of(reading.state)
    if until.strip()[:4].isdigit():
        end, note = read_moment(until, calendar, "--until")
        if note:
            click.echo(note, err=True)
    else:
        end = moment_after(start, until, calendar, "--until")
    if end <= start:
        raise UsageError(
            f"--until: {end.isoformat()} is not after now, {start.isoformat()}; name a later time"
        )
    happenings = read_events(engine, reading.state, events, start)
    simulation = engine.simulate(reading.state, start, end, events=happenings)
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode(simulation))
        return
    if form == "markdown":
        from followup.cli.markdown import simulation_markdown

        click.echo("\n".join(simulation_markdown(simulation, clock, title_of(reading.state))))
        return
    from followup.cli.drawing import draw
    from followup.cli.drawing_simulations import draw_simulation

    draw(draw_simulation(simulation, clock, title_of(reading.state)))
