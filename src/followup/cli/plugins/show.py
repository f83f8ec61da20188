"""`followup plugins show`."""

from __future__ import annotations

import click

from followup.cli.options import Options, pass_options
from followup.cli.plugins.naming import NAME
from followup.errors import UsageError, did_you_mean

__all__ = ["command"]


@click.command("show")
@NAME
@pass_options
def command(options: Options, name: str) -> None:
    """Load the plugin NAME and show what it adds, or why it fails. Exit code 1 if it fails.

    \b
    Example:
      followup plugins show linkedin
    """
    loaded = {plugin.name: plugin for plugin in options.load().plugins}
    found = loaded.get(name)
    if found is None:
        cure = did_you_mean(name, loaded)
        raise UsageError(f"no plugin is named `{name}`; {cure or '`followup plugins list` shows them'}")
    from followup.cli.drawing import draw
    from followup.cli.drawing_plugins import draw_plugin

    draw(draw_plugin(found, name in options.disabled()))
    if found.status == "failed":
        click.get_current_context().exit(1)
