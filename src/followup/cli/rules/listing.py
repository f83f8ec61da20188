"""`followup rules list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followup.cli.options import FORMAT, Options, pass_options

if TYPE_CHECKING:
    from followup.errors import Place
    from followup.rules import Rule

__all__ = ["command"]


@click.command("list")
@click.argument("names", metavar="[SCENARIO|PATH]...", nargs=-1)
@FORMAT
@pass_options
def command(options: Options, names: tuple[str, ...], form: str) -> None:
    """List rules: the scenario, what each is for, after what, on whose advice, and where it stands.

    SCENARIO is a name, PATH a folder with a scenario.yaml; all rules without either.

    \b
    Examples:
      followup rules list
      followup rules list silence
      followup --rules my-rules/ rules list --format json
    """
    from followup.cli.rules.choosing import chosen_scenarios

    engine, scenarios = chosen_scenarios(options, names)
    chosen = {scenario.name for scenario in scenarios}
    rows = [_row(rule) for rule in engine.rules.values() if rule.scenario in chosen]
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"format": 1, "rules": rows}))
        return
    from followup.cli.drawing import draw
    from followup.cli.drawing_rules import draw_rules

    draw(draw_rules(rows))


def _row(rule: Rule) -> dict[str, Any]:
    from followup.describing import pattern_words

    return {
        "rule": rule.name,
        "scenario": rule.scenario,
        "title": rule.title,
        "intent": rule.intent,
        "after": [pattern_words(pattern) for pattern in rule.after],
        "advice": list(rule.advice),
        "at": _at(rule.place),
        "decided_by": _at(rule.decided_by or rule.place),
    }


def _at(place: Place) -> str:
    return f"{place.file}:{place.line}" if place.line else place.file
