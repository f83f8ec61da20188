"""A group of commands, each in a module of its own that is imported when the command is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from followup.errors import did_you_mean

__all__ = ["LazyGroup"]


class LazyGroup(click.Group):
    """Knows its commands by name and line of help; `modules` says where the `command` of each stands."""

    lines: Mapping[str, str] = {}
    modules: Mapping[str, str] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self.lines)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        command: click.Command = import_module(self.modules[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not ctx.resilient_parsing and not name.startswith("-"):
            cure = did_you_mean(name, self.lines) or f"`{ctx.command_path} --help` shows all"
            raise click.UsageError(f"There is no command `{name}`; {cure}{self.aside(ctx)}", ctx)
        return (name if command else None), command, args[1:]

    def aside(self, ctx: click.Context) -> str:
        """What else may be the reason that there is no command of a name; it goes behind the cure."""
        return ""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(sorted(self.lines.items()))
