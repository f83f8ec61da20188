"""`followup plugins`: what is installed, what it adds and costs, what is wrong with it; and a new one."""

from __future__ import annotations

import click

from followup.cli.lazy import LazyGroup

__all__ = ["command"]


COMMANDS = {
    "check": "Hold a plugin to all that it must keep.",
    "disable": "Keep a plugin out, until it is enabled.",
    "enable": "Let a plugin in again.",
    "list": "List what is installed.",
    "new": "Write a new plugin, complete with tests.",
    "show": "Load a plugin and show what it adds.",
}
MODULES = {name: f"followup.cli.plugins.{name}" for name in COMMANDS} | {
    "list": "followup.cli.plugins.listing"
}


class PluginsGroup(LazyGroup):
    """The commands of `followup plugins`."""

    lines = COMMANDS
    modules = MODULES


@click.group("plugins", cls=PluginsGroup)
def command() -> None:
    """Show what is installed and what it adds; check it, switch it off, write a new one.

    \b
    Examples:
      followup plugins list --cost
      followup plugins show linkedin
      followup plugins check linkedin
      followup plugins disable linkedin
      followup plugins new letter --kind channel
    """
