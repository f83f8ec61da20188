"""`followup rules graph`."""

from __future__ import annotations

from pathlib import Path

import click

from followup.cli.options import Options, pass_options
from followup.errors import UsageError

__all__ = ["command"]

FORMATS = ("svg", "mermaid", "json")
ENDINGS = {".svg": "svg", ".mmd": "mermaid", ".mermaid": "mermaid", ".json": "json"}
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".pdf", ".html")
"""Endings under which a text would be no picture."""


@click.command("graph")
@click.argument("names", metavar="[SCENARIO|PATH]...", nargs=-1)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    help="Where not given: by the ending of FILE, else mermaid.",
)
@click.option("-o", "--output", type=click.Path(dir_okay=False), metavar="FILE", help="Write to FILE.")
@pass_options
def command(options: Options, names: tuple[str, ...], form: str | None, output: str | None) -> None:
    """Draw scenarios as one picture: what happens, what each rule proposes when, what stops and holds it.

    SCENARIO is a name, PATH a folder with a scenario.yaml; all scenarios without either. A rule points to
    the one that waits for its message; a dotted arrow leads from a part to the message in which it rides.

    \b
    Examples:
      followup rules graph silence -o silence.svg
      followup rules graph my-rules/ --format mermaid
      followup rules graph --format json
    """
    from followup.cli.rules.choosing import chosen_scenarios
    from followup.pictures import graph_mermaid, graph_of, graph_svg
    from followup.writing import write_text

    ending = Path(output).suffix.lower() if output else ""
    if form is None and ending in PICTURES:
        raise UsageError(f"no picture is drawn as `{ending}`; name the file .svg, .mmd or .json")
    engine, scenarios = chosen_scenarios(options, names)
    graph = graph_of(scenarios, engine.guards, title="" if names else "All follow-ups")
    form = form or (ENDINGS.get(Path(output).suffix.lower(), "mermaid") if output else "mermaid")
    if form == "json":
        import msgspec

        made = msgspec.json.encode({"format": 1, **msgspec.to_builtins(graph)}).decode() + "\n"
    else:
        made = graph_svg(graph) if form == "svg" else graph_mermaid(graph)
    if not output:
        click.echo(made, nl=False)
        return
    write_text(Path(output), made)
    rules = sum(node.kind != "event" for node in graph.nodes)
    click.echo(f"{output}: {_count(len(scenarios), 'scenario')}, {_count(rules, 'rule')}")


def _count(number: int, noun: str) -> str:
    return f"1 {noun}" if number == 1 else f"{number} {noun}s"
