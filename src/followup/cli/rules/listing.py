"""`followup rules list`."""

from __future__ import annotations

import click

from followup.cli.options import FORMAT, Options, pass_options

__all__ = ["command"]


@click.command("list")
@FORMAT
@pass_options
def command(options: Options, form: str) -> None:
    """List every rule: its scenario, what it is for, after what, on whose advice, and where it stands.

    \b
    Examples:
      followup rules list
      followup --rules my-rules/ rules list --format json
    """
    from followup.cli.describing import rule_row

    engine = options.engine()
    rows = [rule_row(rule) for rule in engine.rules.values()]
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"format": 1, "rules": rows}))
        return
    from followup.cli.drawing import draw
    from followup.cli.drawing_rules import draw_rules

    draw(draw_rules(rows))
