"""Plugins drawn for people: the list, and one with what it adds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from followup.cli.drawing import beside, heading, text
from followup.cli.wording import printable

if TYPE_CHECKING:
    from followup.plugins import PluginInfo

__all__ = ["draw_plugin", "draw_plugins"]

_STYLES = {"loaded": "green", "denied": "yellow", "failed": "bold red", "not loaded": "dim"}


def draw_plugins(plugins: Sequence[PluginInfo]) -> Iterator[RenderableType]:
    """A row a plugin."""
    rows = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        rows.add_column(no_wrap=True)
    rows.add_column()
    for plugin in plugins:
        status = Text("denied", style="yellow") if plugin.status == "denied" else Text("")
        origin = f"{plugin.distribution} {plugin.version}".strip()
        rows.add_row(text(plugin.name, "bold"), text(origin, "dim"), status, text(plugin.summary))
    yield rows


def draw_plugin(plugin: PluginInfo) -> Iterator[RenderableType]:
    """One plugin: where it comes from, its status, what each hook adds, and what is wrong."""
    yield heading(plugin.name, f"{plugin.distribution} {plugin.version}".strip())
    if plugin.summary:
        yield text(plugin.summary)
    yield Text.assemble(
        (plugin.status, _STYLES[plugin.status]), (" (part of followup)" if plugin.builtin else "", "dim")
    )
    for line in plugin.error.splitlines():
        yield beside("✗", "red", text(line))
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    for hook, names in plugin.adds.items():
        rows.add_row(hook.removeprefix("followup_").replace("_", " "), printable(", ".join(names)))
    yield rows
