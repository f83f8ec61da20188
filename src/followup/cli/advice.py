"""`followup advice`: what carries out each piece of advice, and which test shows it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from followup.cli.options import Options, options_of, pass_options
from followup.errors import FollowupError, UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.citations import Citation

__all__ = ["command", "complete_advice"]


def complete_advice(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The sections and ids that begin with what was typed."""
    try:
        advice = options_of(ctx).load().advice
    except FollowupError:
        return []
    sections = dict.fromkeys(name.partition(".")[0] for name in advice)
    return [name for name in (*sections, *advice) if name.startswith(incomplete)]


@click.command("advice")
@click.argument("names", metavar="[ID|SECTION]...", nargs=-1, shell_complete=complete_advice)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True,
    help="For people, for programs, or to keep.",
)  # fmt: skip
@click.option("--missing", is_flag=True, help="Only what no rule carries out, or no test shows.")
@click.option("--run", is_flag=True, help="Run the tests, and say which fail.")
@pass_options
def command(options: Options, names: tuple[str, ...], form: str, missing: bool, run: bool) -> None:
    """Show each piece of advice: which rule, guard, message or review carries it out, which test shows it.

    A SECTION (timing) or several; or an ID (timing.thanks-24h), which is then shown in full. Exit code 1:
    with --missing, if anything lacks a carrier or a test; with --run, if a test fails.

    \b
    Examples:
      followup advice
      followup advice timing phone
      followup advice timing.thanks-24h
      followup advice --missing
      followup advice --run --format json
    """
    from followup.citations import citations, tried

    engine = options.engine()
    found = _chosen(citations(engine), names)
    if missing:
        found = tuple(citation for citation in found if citation.missing)
    if run:
        found = tried(engine, found)
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"format": 1, "advice": [_as_data(each) for each in found]}))
    elif form == "markdown":
        from followup.cli.markdown import advice_markdown

        click.echo("\n".join(advice_markdown(found)))
    else:
        from followup.cli.drawing import draw
        from followup.cli.drawing_advice import draw_citation, draw_citations

        if names and not missing and all("." in name for name in names):
            for citation in found:
                draw(draw_citation(citation))
        else:
            draw(draw_citations(found, missing=missing))
    failed = any(test.passed is False for citation in found for test in citation.tests)
    click.get_current_context().exit(1 if (missing and found) or failed else 0)


def _chosen(found: Sequence[Citation], names: tuple[str, ...]) -> tuple[Citation, ...]:
    """The citations of these sections and ids, in the catalogue's order; all without names."""
    known = {citation.advice.id for citation in found}
    known |= {name.partition(".")[0] for name in known}
    for name in names:
        if name not in known:
            cure = did_you_mean(name, known) or "`followup advice` shows all"
            raise UsageError(f"no advice and no section is named `{name}`; {cure}")
    wanted = set(names)
    return tuple(
        citation
        for citation in found
        if not wanted or {citation.advice.id, citation.advice.id.partition(".")[0]} & wanted
    )


def _as_data(citation: Citation) -> dict[str, Any]:
    return {
        "id": citation.advice.id,
        "kind": citation.advice.kind,
        "says": citation.advice.says,
        "carriers": [
            {
                "kind": carrier.kind, "name": carrier.name, "scenario": carrier.scenario or None,
                "title": carrier.title, "about": carrier.about, "at": carrier.place.short,
            }
            for carrier in citation.carriers
        ],
        "tests": [
            {"name": test.name, "scenario": test.scenario, "at": test.place.short, "passed": test.passed}
            for test in citation.tests
        ],
        "missing": citation.missing,
    }  # fmt: skip
