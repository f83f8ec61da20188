"""Naming an installed plugin on the command line: completion, and the nearest name for a wrong one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from followup.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.plugins import PluginInfo

__all__ = ["NAME", "installed"]


def _complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    from followup.plugins import list_plugins

    return [plugin.name for plugin in list_plugins() if plugin.name.startswith(incomplete)]


NAME = click.argument("name", shell_complete=_complete)
"""The argument that names a plugin."""


def installed(name: str) -> PluginInfo:
    """The installed plugin of that name, not imported. Raises UsageError for none, and for several."""
    from followup.plugins import list_plugins

    plugins = list_plugins()
    found = [plugin for plugin in plugins if plugin.name == name]
    if len(found) == 1:
        return found[0]
    if found:
        origins = ", ".join(plugin.origin for plugin in found)
        raise UsageError(f"several plugins are named `{name}` ({origins}); uninstall all but one of them")
    cure = did_you_mean(name, [plugin.name for plugin in plugins])
    raise UsageError(f"no plugin is named `{name}`; {cure or '`followup plugins list` shows them'}")
