"""`followup completion`: the script by which a shell completes commands, options, files and rule names."""

from __future__ import annotations

import click

__all__ = ["command"]


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the completion script of SHELL.

    \b
    Once, for this terminal:
      source <(followup completion bash)
    For good:
      followup completion bash >> ~/.bashrc
      followup completion zsh >> ~/.zshrc
      followup completion fish > ~/.config/fish/completions/followup.fish
    """
    from click.shell_completion import get_completion_class

    from followup.cli.root import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"click knows no completion for {shell}")
    script = kind(cli, {}, "followup", "_FOLLOWUP_COMPLETE")
    click.echo(script.source_template % script.source_vars())
