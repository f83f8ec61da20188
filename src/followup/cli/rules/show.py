"""`followup rules show`."""

from __future__ import annotations

import click

from followup.cli.explain import complete_rule
from followup.cli.options import Options, pass_options
from followup.errors import UsageError, did_you_mean

__all__ = ["command"]


@click.command("show")
@click.argument("name", required=False, shell_complete=complete_rule)
@click.option("--compiled", is_flag=True, help="The Python to which the rule, or all of them, is compiled.")
@pass_options
def command(options: Options, name: str | None, compiled: bool) -> None:
    """Show the rule or guard NAME: its source, what it means in words, and which file decided.

    \b
    Examples:
      followup rules show inquiry
      followup rules show inquiry --compiled
      followup rules show --compiled
    """
    if compiled:
        click.echo(options.engine().compiled(name), nl=False)
        return
    if name is None:
        raise UsageError("which rule? give a name, or `--compiled`; `followup rules list` shows them")
    from followup.cli.drawing import draw
    from followup.cli.drawing_rules import draw_source
    from followup.cli.excerpts import excerpt
    from followup.describing import guard_words, rule_words

    engine = options.engine()
    found = engine.rules.get(name) or engine.guards.get(name)
    if found is None and name in engine.switched_off:
        raise UsageError(f"`{name}` is switched off, by {engine.switched_off[name].short}")
    if found is None:
        cure = did_you_mean(name, [*engine.rules, *engine.guards])
        raise UsageError(f"no rule or guard is named `{name}`; {cure or '`followup rules list` shows them'}")
    words = (
        rule_words(engine.rules[name], engine.advice)
        if name in engine.rules
        else guard_words(engine.guards[name])
    )
    source = excerpt(found.place, options.rules)
    overriding = found.decided_by if found.decided_by and found.decided_by != found.place else None
    changed = excerpt(overriding, options.rules) if overriding else ""
    draw(draw_source(name, found.title, found.place, source, words, overriding, changed))
