"""`followup plugins enable`."""

from __future__ import annotations

import click

from followup.cli.plugins.naming import installed
from followup.errors import UsageError

__all__ = ["command"]


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from followup.cli.disabling import read_disabled

    return [name for name in read_disabled() if name.startswith(incomplete)]


@click.command("enable")
@click.argument("name", shell_complete=_complete)
def command(name: str) -> None:
    """Let the plugin NAME in again after `followup plugins disable NAME`.

    \b
    Example:
      followup plugins enable linkedin
    """
    from followup.cli.disabling import read_disabled, write_disabled

    disabled = read_disabled()
    if name not in disabled:
        click.echo(f"The {installed(name)} is not disabled, so there is nothing to do.")
        return
    write_disabled(each for each in disabled if each != name)
    try:
        click.echo(f"Enabled: {installed(name)}. `followup plugins disable {name}` undoes it.")
    except UsageError:
        click.echo(f"The plugin `{name}` may come in again, once it is installed.")
