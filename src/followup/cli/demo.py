"""`followup demo`: one made-up opportunity at three moments of its life."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING

import click

from followup.cli.options import FORMAT, Options, pass_options

if TYPE_CHECKING:
    from rich.console import RenderableType

    from followup.cli.times import Clock
    from followup.plan import Plan
    from followup.state import InterviewState

__all__ = ["command"]

MOMENTS = (
    ("The evening of the interview", "2026-11-20T19:00"),
    ("A week later", "2026-11-27T10:00"),
    ("The first working day after the promised date", "2026-12-02T10:00"),
)


@click.command("demo")
@FORMAT
@click.option("--state", is_flag=True, help="Print the opportunity itself, as a state to begin with.")
@pass_options
def command(options: Options, form: str, state: bool) -> None:
    """See it work on a made-up opportunity, at three moments of its life.

    \b
    Examples:
      followup demo
      followup demo --state > initech.yaml
      followup demo --format json | jq '.moments[].plan.followups[].status'
    """
    text = files("followup.cli").joinpath("demo.yaml").read_text("utf-8")
    if state:
        click.echo(text, nl=False)
        return
    from followup.cli.times import Clock, calendar_of, read_moment
    from followup.states import read_text

    engine = options.engine()
    shown = read_text(text, name="demo.yaml", vocabulary=engine.vocabulary).state
    calendar = calendar_of(shown)
    moments = [(title, read_moment(when, calendar, "demo")[0]) for title, when in MOMENTS]
    plans = [(title, engine.plan(shown, now), Clock(now, calendar.zone)) for title, now in moments]
    if form == "json":
        import msgspec

        found = {"format": 1, "moments": [{"title": title, "plan": plan} for title, plan, _ in plans]}
        click.echo(msgspec.json.encode(found))
        return
    from followup.cli.drawing import draw

    draw(_story(shown, plans))


def _story(state: InterviewState, plans: list[tuple[str, Plan, Clock]]) -> Iterator[RenderableType]:
    from rich.padding import Padding

    from followup.cli.drawing import draw_plan, text

    yield text(
        f"{state.candidate.name} talked with {state.company.name} about becoming their "
        f"{state.position.title}: with Dana, who leads the team, and with Lee, who left no address. "
        "Priya of HR said that they decide by 1 December, and asked for email only. Dana has been thanked."
    )
    for title, plan, clock in plans:
        yield Padding("", (0, 0, 0, 0))
        yield from draw_plan(plan, clock, title)
    yield Padding("", (0, 0, 0, 0))
    yield text(
        "Next: `followup demo --state > initech.yaml` gives you this opportunity to play with, "
        "`followup plan initech.yaml` plans it for today, `followup explain initech.yaml inquiry` says why."
    )
