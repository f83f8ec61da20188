"""`followup plugins`: what is installed, what it adds, and why it failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followup.cli.options import FORMAT, Options, pass_options
from followup.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.plugins import PluginInfo

__all__ = ["command"]


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from followup.plugins import list_plugins

    return [plugin.name for plugin in list_plugins() if plugin.name.startswith(incomplete)]


@click.group("plugins")
def command() -> None:
    """Show what is installed and what it adds.

    \b
    Examples:
      followup plugins list
      followup plugins show linkedin
      followup --deny linkedin plan initech.yaml
    """


@command.command("list", short_help="List what is installed.")
@FORMAT
@pass_options
def list_(options: Options, form: str) -> None:
    """List the installed plugins. Nothing of them is imported.

    \b
    Examples:
      followup plugins list
      followup plugins list --format json
    """
    from followup.plugins import list_plugins

    found = list_plugins(options.deny)
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"format": 1, "plugins": [_as_data(plugin) for plugin in found]}))
        return
    if not found:
        click.echo(
            "No plugin is installed. They are Python packages: `pip install followup-linkedin`, for instance."
        )
        return
    from followup.cli.drawing import draw
    from followup.cli.drawing_plugins import draw_plugins

    draw(draw_plugins(found))


@command.command("show", short_help="Load a plugin and show what it adds.")
@click.argument("name", shell_complete=_complete)
@pass_options
def show(options: Options, name: str) -> None:
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

    draw(draw_plugin(found))
    if found.status == "failed":
        click.get_current_context().exit(1)


def _as_data(plugin: PluginInfo) -> dict[str, Any]:
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "summary": plugin.summary,
        "status": plugin.status,
    }
