"""`followup plan`: what to do now, for one opportunity or many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followup.cli.opportunities import NOW, STATES, Options, pass_options, planned
from followup.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from followup.cli.times import Clock
    from followup.plan import Plan

__all__ = ["command"]


@click.command("plan")
@STATES
@NOW
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

    STATE is a file with one opportunity, in YAML or JSON, or - for standard input, or the name of one in
    your store; without any, all that are open there. Of several, each is planned; one that cannot be read is
    told and the rest goes on.

    \b
    Examples:
      followup plan initech.yaml
      followup plan initech.yaml --now 2026-11-27T09:00-06:00 --all
      followup plan initech.yaml --format json | jq '.followups[] | select(.status == "due")'
      followup plan opportunities/*.yaml
      followup plan initech
    """
    engine = options.engine()
    unreadable = False
    first = True
    for path, found in zip(states, planned(engine, states, now, drafts=drafts is not False), strict=True):
        if isinstance(found, InputError):
            unreadable = True
            if form == "json" and len(states) > 1:
                _print_json({"state": path, "problems": [str(each) for each in found.problems]})
            continue
        if form == "json":
            if len(states) == 1:
                click.echo(found.plan.to_json())
            else:
                _print_json({"state": path, "plan": found.plan})
            continue
        if not first:
            click.echo()
        first = False
        _print_plan(found.plan, found.clock, found.title, form, everything=everything, drafts=drafts)
    if unreadable:
        click.get_current_context().exit(2)


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
