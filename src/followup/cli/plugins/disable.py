"""`followup plugins disable`."""

from __future__ import annotations

import click

from followup.cli.plugins.naming import NAME, installed

__all__ = ["command"]


@click.command("disable")
@NAME
def command(name: str) -> None:
    """Keep the plugin NAME out of all commands, until `followup plugins enable NAME`.

    It stays installed, and nothing of it is imported. The name is kept in a file `plugins.yaml` in your
    configuration folder, which FOLLOWUP_CONFIG moves elsewhere. Programs that use `Engine.load` are not
    concerned.

    \b
    Example:
      followup plugins disable linkedin
    """
    from followup.cli.disabling import disabled_file, read_disabled, write_disabled

    disabled = read_disabled()
    if name in disabled:
        click.echo(f"The plugin `{name}` is disabled already. `followup plugins enable {name}` lets it in.")
        return
    plugin = installed(name)
    write_disabled((*disabled, name))
    click.echo(
        f"Disabled: {plugin}. It is no longer loaded; {disabled_file()} says so.\n"
        f"`followup plugins enable {name}` undoes it."
    )
