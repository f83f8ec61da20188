"""`followup rules schema`."""

from __future__ import annotations

from pathlib import Path

import click

from followup.cli.options import Options, pass_options
from followup.errors import UsageError

__all__ = ["command"]

SCHEMAS = ("scenario", "state", "settings", "tests", "language", "stories", "plan")


@click.command("schema")
@click.argument("name", type=click.Choice(SCHEMAS), required=False)
@click.option(
    "--write", "folder", metavar="FOLDER", type=click.Path(file_okay=False),
    help="Write the schemas of all kinds of file into FOLDER, and say how an editor finds them.",
)  # fmt: skip
@pass_options
def command(options: Options, name: str | None, folder: str | None) -> None:
    """Print the JSON Schema of a kind of file (scenario, where none is named).

    It knows every name that may stand in such a file: facts, operators, events, intents and channels, those
    of the installed plugins and of your own scenarios (--rules, --settings) included. An editor that reads it
    completes these names and marks wrong ones. Write it again when you install a plugin.

    \b
    Examples:
      followup rules schema scenario > scenario.schema.json
      followup --rules my-rules/ rules schema --write .schemas
    """
    if name is not None and folder is not None:
        raise UsageError("name one schema, or write all of them with --write; not both")
    engine = options.engine()
    if folder is None:
        import json

        click.echo(json.dumps(engine.schema(name or "scenario"), indent=2, ensure_ascii=False))
        return
    from followup.schemas import write

    try:
        written = list(write(Path(folder), engine.names))
    except OSError as error:
        raise UsageError(f"--write: {folder} cannot be written: {error.strerror}") from None
    click.echo(_told(written))


def _told(written: list[Path]) -> str:
    """Where the schemas are, and what to tell an editor."""
    import json

    named = {path.name.partition(".")[0]: path for path in written}
    files = {"scenario": "**/scenario.yaml", "tests": "**/tests.yaml", "settings": "**/settings.yaml"}
    setting = {named[kind].as_posix(): pattern for kind, pattern in files.items()}
    return "\n".join(
        [
            *map(str, written),
            "",
            "An editor with the YAML language server: put this above a file, the path seen from that file:",
            f"  # yaml-language-server: $schema={named['scenario'].as_posix()}",
            "VS Code, for all files of a folder, in .vscode/settings.json:",
            f'  "yaml.schemas": {json.dumps(setting)}',
        ]
    )
