"""`followup plan`: what to do now, for one opportunity or many."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from followup.cli.options import STDIN, Options, pass_options, read_state
from followup.errors import FollowupError, InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from followup.cli.times import Clock
    from followup.engine import Engine
    from followup.plan import Plan
    from followup.state import InterviewState

__all__ = ["command", "end_for", "now_for", "title_of"]


@click.command("plan")
@click.argument("states", metavar="STATE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option(
    "--now",
    metavar="TIME",
    help="The moment to plan for: 2026-11-20T19:00-06:00; without an offset, on the candidate's clocks. "
    "Where not given, the present.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "markdown"]),
    default="table",
    show_default=True,
    help="For people, for programs, for notes.",
)
@click.option(
    "--drafts/--no-drafts", default=None, help="Show all drafts, or none; else those of what is due."
)
@click.option(
    "--all", "everything", is_flag=True, help="Also what is done, missed or moot, and the silent rules."
)
@pass_options
def command(
    options: Options,
    states: tuple[str, ...],
    now: str | None,
    form: str,
    drafts: bool | None,
    everything: bool,
) -> None:
    """Say what to do now, what is held back and until when, and why.

    STATE is a file with one opportunity, in YAML or JSON, or - for standard input. Of several, each is
    planned; one that cannot be read is told and the rest goes on.

    \b
    Examples:
      followup plan initech.yaml
      followup plan initech.yaml --now 2026-11-27T09:00-06:00 --all
      followup plan initech.yaml --format json | jq '.followups[] | select(.status == "due")'
      followup plan opportunities/*.yaml
    """
    if states.count(STDIN) > 1:
        raise UsageError("standard input (`-`) can be read only once; name the other states as files")
    engine = options.engine()
    unreadable: list[FollowupError] = []
    first = True
    for path in states:
        try:
            state, plan, clock = _planned(engine, path, now, drafts=drafts is not False)
        except InputError as problem:
            unreadable.append(problem)
            click.echo(str(problem), err=True)
            if form == "json" and len(states) > 1:
                _print_json({"state": path, "problems": [str(each) for each in problem.problems]})
            continue
        if form == "json":
            if len(states) == 1:
                click.echo(plan.to_json())
            else:
                _print_json({"state": path, "plan": plan})
            continue
        if not first:
            click.echo()
        first = False
        _print_plan(plan, clock, title_of(state), form, everything=everything, drafts=drafts)
    if unreadable:
        click.get_current_context().exit(2)


def _planned(
    engine: Engine, path: str, now: str | None, *, drafts: bool
) -> tuple[InterviewState, Plan, Clock]:
    reading = read_state(engine, path)
    from msgspec.structs import replace

    moment, clock = now_for(reading.state, now)
    plan = engine.plan(reading.state, moment, drafts=drafts)
    return reading.state, replace(plan, notes=(*map(str, reading.notes), *plan.notes)), clock


def now_for(state: InterviewState, now: str | None) -> tuple[datetime, Clock]:
    """The moment to plan for, and the clock to show times by; a time zone taken for granted is told."""
    from followup.cli.times import Clock, calendar_of, read_moment, wall_clock, with_offset

    calendar = calendar_of(state)
    if now is None:
        moment = with_offset(wall_clock().replace(microsecond=0).astimezone(calendar.tzinfo))
    else:
        moment, note = read_moment(now, calendar, "--now")
        if note:
            click.echo(note, err=True)
    return moment, Clock(moment, calendar.zone)


def end_for(state: InterviewState, until: str, start: datetime) -> datetime:
    """The moment that `--until` names: a time, a day, or so long after `start`. Raises UsageError."""
    from followup.cli.times import calendar_of, moment_after, read_moment

    calendar = calendar_of(state)
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
    return end


def title_of(state: InterviewState) -> str:
    """The heading of an opportunity."""
    return f"{state.position.title} at {state.company.name}"


def _print_plan(
    plan: Plan, clock: Clock, title: str, form: str, *, everything: bool, drafts: bool | None
) -> None:
    if form == "markdown":
        from followup.cli.markdown import plan_markdown

        lines: Iterator[str] = plan_markdown(plan, clock, title, everything=everything, drafts=drafts)
        click.echo("\n".join(lines))
        return
    from followup.cli.drawing import draw, draw_plan

    draw(draw_plan(plan, clock, title, everything=everything, drafts=drafts))


def _print_json(value: Any) -> None:
    import msgspec

    click.echo(msgspec.json.encode(value))
