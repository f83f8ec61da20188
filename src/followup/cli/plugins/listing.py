"""`followup plugins list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followup.cli.options import FORMAT, Options, pass_options

if TYPE_CHECKING:
    from followup.plugins import PluginInfo
    from followup.testing.trying import Trial

__all__ = ["command"]


@click.command("list")
@click.option(
    "--cost", is_flag=True, help="Load each in a process of its own: what it adds, what that costs."
)
@FORMAT
@pass_options
def command(options: Options, cost: bool, form: str) -> None:
    """List the installed plugins. Nothing of them is imported.

    With --cost, each that is not denied is loaded alone in a process of its own, which tells what it adds and
    how many milliseconds it takes beside the core. Exit code 1 if one of them fails there.

    \b
    Examples:
      followup plugins list
      followup plugins list --cost
      followup plugins list --format json
    """
    from followup.plugins import list_plugins

    disabled = options.disabled()
    found = list_plugins((*options.deny, *_denied_by_settings(options), *disabled))
    trials = _trials(found) if cost else {}
    if form == "json":
        import msgspec

        listed = [_as_data(plugin, plugin.name in disabled, trials.get(plugin)) for plugin in found]
        click.echo(msgspec.json.encode({"format": 1, "plugins": listed}))
    elif not found:
        click.echo(
            "No plugin is installed. They are Python packages: `pip install followup-linkedin`, for instance."
        )
    else:
        from followup.cli.drawing import draw
        from followup.cli.drawing_plugins import draw_plugins, draw_trials

        draw(draw_plugins(found, disabled))
        if cost:
            draw(draw_trials(list(trials.values())))
    if any(trial.problems for trial in trials.values()):
        click.get_current_context().exit(1)


def _denied_by_settings(options: Options) -> list[str]:
    if not options.settings:
        return []
    from followup.overriding import read_settings

    return read_settings(options.settings).source.plugins.deny


def _trials(plugins: tuple[PluginInfo, ...]) -> dict[PluginInfo, Trial]:
    from followup.cli.patience import patience
    from followup.testing.trying import try_plugin

    limit = patience().limit
    return {plugin: try_plugin(plugin, limit) for plugin in plugins if plugin.status != "denied"}


def _as_data(plugin: PluginInfo, disabled: bool, trial: Trial | None) -> dict[str, Any]:
    tried = {} if trial is None else {
        "adds": dict(trial.adds),
        "milliseconds": trial.milliseconds,
        "problems": list(trial.problems),
    }  # fmt: skip
    return {
        "name": plugin.name,
        "distribution": plugin.distribution,
        "version": plugin.version,
        "summary": plugin.summary,
        "status": plugin.status,
        "disabled": disabled,
        **tried,
    }
