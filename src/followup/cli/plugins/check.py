"""`followup plugins check`."""

from __future__ import annotations

import click

from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.plugins.naming import NAME, installed

__all__ = ["command"]


@click.command("check")
@NAME
@FORMAT
@pass_options
def command(options: Options, name: str, form: str) -> None:
    """Hold the plugin NAME to all that it must keep, and say what is wrong and how to mend it.

    It is loaded alone, in a process of its own, within 10 seconds (FOLLOWUP_PLUGIN_LIMIT). Then it is loaded
    beside the other installed plugins; one of those that hangs or fails is told, and left out. Then each
    channel, operator, review and scenario that it adds is held to the checks of `followup.testing`. Its own
    tests know more: examples, and whom it reaches.
    Exit code 0: fine; 1: something is wrong.

    \b
    Examples:
      followup plugins check linkedin
      followup plugins check linkedin --format json
    """
    from followup.cli.patience import patience
    from followup.testing.trying import try_plugin

    plugin = installed(name)
    denied = (*options.deny, *options.disabled())
    trial = try_plugin(plugin, patience().limit, checks=True, deny=denied)
    if form == "json":
        import msgspec

        found = {
            "name": plugin.name,
            "distribution": plugin.distribution,
            "version": plugin.version,
            "adds": dict(trial.adds),
            "milliseconds": trial.milliseconds,
            "checks": trial.checks,
            "problems": list(trial.problems),
            "notes": list(trial.notes),
        }
        click.echo(msgspec.json.encode({"format": 1, "plugin": found}))
    else:
        from followup.cli.drawing import draw
        from followup.cli.drawing_plugins import draw_check

        draw(draw_check(trial))
    click.get_current_context().exit(1 if trial.problems else 0)
