"""What a command made, printed or written to the file that was named."""

from __future__ import annotations

import click

__all__ = ["OUTPUT", "give"]

OUTPUT = click.option(
    "-o", "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write there instead of printing."
)
"""The option `--output` of commands that print what they made, or write it to a file."""


def give(text: str, output: str | None) -> None:
    """Print, or write to the file that was named. Raises UsageError where it cannot be written."""
    text = text.rstrip("\n") + "\n"
    if output is None:
        click.echo(text, nl=False)
        return
    from pathlib import Path

    from followup.writing import write_text

    write_text(Path(output), text)
    click.echo(f"wrote {output}", err=True)
