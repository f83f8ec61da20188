"""`followup explain`: why a rule proposes what it proposes, or nothing, and when that would change."""

from __future__ import annotations

import click

from followup.cli.options import FORMAT, Options, options_of, pass_options, read_state, tell

__all__ = ["command", "complete_rule"]


def complete_rule(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names of rules and guards that begin with what was typed."""
    from followup.errors import FollowupError

    try:
        engine = options_of(ctx).load()
    except FollowupError:
        return []
    return [name for name in (*engine.rules, *engine.guards) if name.startswith(incomplete)]


@click.command("explain")
@click.argument("state", type=click.Path(allow_dash=True))
@click.argument("rule", required=False, shell_complete=complete_rule)
@click.option("--now", metavar="TIME", help="The moment to explain; where not given, the present.")
@FORMAT
@pass_options
def command(options: Options, state: str, rule: str | None, now: str | None, form: str) -> None:
    """Say why RULE proposes what it does in STATE, or nothing, and when that would change.

    With a RULE: its conditions with what is wanted and what is so, its windows, its guards. Without
    one: a line for each rule.

    \b
    Examples:
      followup explain initech.yaml
      followup explain initech.yaml inquiry
      followup explain initech.yaml inquiry --now 2026-11-27T09:00-06:00 --format json
    """
    from followup.cli.plan import now_for, title_of

    engine = options.engine()
    reading = read_state(engine, state)
    tell(reading.notes)
    moment, clock = now_for(reading.state, now)
    explanations = engine.explain(reading.state, moment, rule)
    if form == "json":
        import msgspec

        found = {"format": 1, "now": moment, "explanations": explanations}
        click.echo(msgspec.json.encode(found))
        return
    from followup.cli.drawing import draw
    from followup.cli.drawing_explanations import draw_explanation, draw_overview

    if rule is None:
        draw(draw_overview(explanations, clock, title_of(reading.state)))
    for explanation in explanations if rule is not None else ():
        draw(draw_explanation(explanation, clock))
