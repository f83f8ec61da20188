"""Plugins drawn for people: the list, one with what it adds, what came of trying it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from followup.cli.drawing import beside, heading, text
from followup.cli.wording import printable

if TYPE_CHECKING:
    from followup.plugins import PluginInfo
    from followup.testing.trying import Trial

__all__ = ["draw_check", "draw_plugin", "draw_plugins", "draw_trials"]

_STYLES = {"loaded": "green", "denied": "yellow", "failed": "bold red", "not loaded": "dim"}


def draw_plugins(plugins: Sequence[PluginInfo], disabled: Collection[str] = ()) -> Iterator[RenderableType]:
    """A row a plugin; its distribution where that is not called as one expects."""
    rows = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(3):
        rows.add_column(no_wrap=True)
    rows.add_column()
    for plugin in plugins:
        word = "disabled" if plugin.name in disabled else "denied" if plugin.status == "denied" else ""
        usual = plugin.distribution == f"followup-{plugin.name}"
        origin = plugin.version if usual else f"{plugin.distribution} {plugin.version}".strip()
        rows.add_row(
            text(plugin.name, "bold"), text(origin, "dim"), Text(word, "yellow"), text(plugin.summary)
        )
    yield rows


def draw_trials(trials: Sequence[Trial]) -> Iterator[RenderableType]:
    """A row a plugin that was loaded for itself: what it costs, what it adds, or what is wrong."""
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True, justify="right")
    rows.add_column()
    for trial in trials:
        told = Text("\n").join(text(problem, "red") for problem in trial.problems)
        rows.add_row(
            text(trial.plugin.name, "bold"), _cost(trial), told if trial.problems else _table(trial.adds)
        )
    yield Text("")
    yield rows


def draw_plugin(plugin: PluginInfo, disabled: bool = False) -> Iterator[RenderableType]:
    """One plugin: where it comes from, its status, what each hook adds, and what is wrong."""
    yield heading(plugin.name, f"{plugin.distribution} {plugin.version}".strip())
    if plugin.summary:
        yield text(plugin.summary)
    yield Text.assemble(
        ("disabled" if disabled else plugin.status, _STYLES[plugin.status]),
        (" (part of followup)" if plugin.builtin else "", "dim"),
        (f"; `followup plugins enable {plugin.name}` lets it in" if disabled else "", "dim"),
    )
    for line in plugin.error.splitlines():
        yield beside("✗", "red", text(line))
    yield _table(plugin.adds)


def draw_check(trial: Trial) -> Iterator[RenderableType]:
    """What came of checking one plugin."""
    plugin = trial.plugin
    yield heading(plugin.name, f"{plugin.distribution} {plugin.version}".strip())
    if trial.adds:
        yield _table(trial.adds)
    if trial.milliseconds is not None:
        yield Text.assemble("loads in ", _cost(trial))
    for problem in trial.problems:
        yield beside("✗", "red", text(problem))
    for note in trial.notes:
        yield beside("!", "yellow", text(note))
    if not trial.problems:
        yield Text(f"{trial.checks} check{'s' * (trial.checks != 1)} passed", style="green")


def _cost(trial: Trial) -> Text:
    if trial.milliseconds is None:
        return Text("failed", style="bold red")
    return Text(f"{trial.milliseconds:.0f} ms" if trial.milliseconds >= 1 else "under 1 ms")


def _word(hook: str) -> str:
    return hook.removeprefix("followup_").replace("_", " ")


def _table(adds: Mapping[str, Sequence[str]]) -> Table:
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    for hook, names in adds.items():
        rows.add_row(_word(hook), printable(", ".join(names)))
    return rows
