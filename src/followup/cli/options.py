"""What is asked of all commands, and the engine that they make of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from followup.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from followup.engine import Engine
    from followup.hookspecs import StoreKind

__all__ = ["FORMAT", "Options", "options_of", "pass_options", "tell"]

FORMAT = click.option(
    "--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True,
    help="For people or for programs.",
)  # fmt: skip
"""The option `--format` of commands that print a table, or JSON."""


@dataclass
class Options:
    """The options before the command. The engine is loaded when first asked for, and then kept."""

    settings: str | None = None
    rules: Sequence[str] = ()
    plugins: bool = True
    deny: Sequence[str] = ()
    _engine: Engine | None = field(default=None, repr=False)

    def engine(self) -> Engine:
        """The engine of these options; what is wrong with a plugin is told, and the rest works.

        Raises RuleError for rules or settings that cannot be used.
        """
        if self._engine is None:
            self._engine = self.load()
            for problem in self._engine.problems:
                click.echo(str(problem), err=True)
            for plugin in self._engine.plugins:
                if plugin.error:
                    click.echo(plugin.error, err=True)
        return self._engine

    def load(self, rules: Sequence[str] = (), settings: str | None = None) -> Engine:
        """A new engine with more folders of rules, or other settings; tells nothing."""
        from followup.cli.keeping_rules import cache_folder
        from followup.cli.patience import patience
        from followup.engine import Engine

        return Engine.load(
            [*self.rules, *rules],
            settings=settings or self.settings,
            plugins=self.plugins,
            deny=(*self.deny, *self.disabled()),
            on_plugin_error="collect",
            watch_plugins=patience(),
            cache=cache_folder(),
        )

    def stores(self) -> Mapping[str, StoreKind]:
        """The kinds of stores that plugins bring, whatever is wrong with rules."""
        from followup.cli.patience import patience
        from followup.plugins import load_registry

        deny = (*self.deny, *self.disabled())
        found = load_registry((), deny, "collect", installed=self.plugins, watch=patience())
        for plugin in found.plugins:
            if plugin.error:
                click.echo(plugin.error, err=True)
        return found.stores

    def disabled(self) -> tuple[str, ...]:
        """The plugins that `followup plugins disable` keeps out. Raises InputError for a broken file."""
        if not self.plugins:
            return ()
        from followup.cli.disabling import read_disabled

        return read_disabled()


pass_options = click.make_pass_decorator(Options)


def options_of(ctx: click.Context) -> Options:
    """The options before the command. Also of use where no command has begun: completion, looking one up."""
    root = ctx.find_root()
    if root.obj is None:
        given = root.params
        root.obj = Options(
            settings=given.get("settings"),
            rules=given.get("rules") or (),
            plugins=not given.get("no_plugins"),
            deny=given.get("deny") or (),
        )
    found: Options = root.obj
    return found


def tell(problems: Sequence[Problem]) -> None:
    """One line a problem, on standard error."""
    from followup.cli.wording import printable

    for problem in problems:
        click.echo(printable(str(problem)), err=True)
