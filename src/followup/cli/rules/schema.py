"""`followup rules schema`."""

from __future__ import annotations

import click

from followup.cli.options import Options, pass_options

SCHEMAS = ("state", "scenario", "settings", "tests", "stories", "plan")

__all__ = ["command"]


@click.command("schema")
@click.argument("name", type=click.Choice(SCHEMAS), default="scenario")
@pass_options
def command(options: Options, name: str) -> None:
    """Print the JSON Schema of a kind of file, with what the installed plugins add.

    \b
    Examples:
      followup rules schema scenario > scenario.schema.json
      followup rules schema state
    """
    import json

    from followup.schemas import schema as composed

    click.echo(json.dumps(composed(name, options.engine().vocabulary), indent=2, ensure_ascii=False))
