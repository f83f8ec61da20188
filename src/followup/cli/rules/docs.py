"""`followup rules docs`."""

from __future__ import annotations

from pathlib import Path

import click

from followup.cli.options import Options, pass_options

__all__ = ["command"]

INDEX = "README.md"
ALL = "all"
"""The picture of all scenarios; no scenario's own, for the index alone links to it."""


@click.command("docs")
@click.argument("names", metavar="[SCENARIO|PATH]...", nargs=-1)
@click.option(
    "-o", "--output", type=click.Path(file_okay=False), metavar="FOLDER",
    help="Write NAME.md and NAME.svg for each scenario; without it a page is printed.",
)  # fmt: skip
@pass_options
def command(options: Options, names: tuple[str, ...], output: str | None) -> None:
    """Write a page for people from each scenario: what it proposes, when, to whom, in which words, and why.

    The drafts shown, and the list of what is promised, come from the scenario's tests.yaml. Without a
    SCENARIO or PATH all scenarios get their page, and README.md leads to them.

    \b
    Examples:
      followup rules docs silence
      followup rules docs -o docs/scenarios
      followup rules docs my-rules/ -o pages
    """
    from followup.cli.rules.choosing import chosen_scenarios
    from followup.pages import index_page, scenario_page
    from followup.pictures import graph_of, graph_svg
    from followup.writing import write_text

    engine, scenarios = chosen_scenarios(options, names)
    if output is None:
        click.echo("\n".join(scenario_page(engine, scenario) for scenario in scenarios), nl=False)
        return
    made: dict[str, str] = {}
    for scenario in scenarios:
        made[f"{scenario.name}.md"] = scenario_page(engine, scenario, f"{scenario.name}.svg")
        made[f"{scenario.name}.svg"] = graph_svg(graph_of([scenario], engine.guards))
    if not names:
        made[INDEX] = index_page(scenarios, f"{ALL}.svg")
        made[f"{ALL}.svg"] = graph_svg(graph_of(scenarios, engine.guards, "All follow-ups"))
    folder = Path(output)
    for name, text in made.items():
        path = folder / name
        if _read(path) == text:
            click.echo(f"{path}: as it was")
        else:
            write_text(path, text)
            click.echo(f"{path}: written")


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None
