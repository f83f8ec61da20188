"""The open opportunities of the store, each with its plan; one that cannot be read stops no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from followup.cli.opportunities import Opportunity, now_for
from followup.errors import InputError

if TYPE_CHECKING:
    from followup.cli.options import Options
    from followup.store import Kept

__all__ = ["all_open", "leave"]

UNREAD = "followup.unread"


def all_open(options: Options, kept: Kept, now: str | None) -> dict[str, Opportunity]:
    """Those that are open, by name. What is wrong with one is told; then `leave` leaves with exit code 2."""
    from followup.cli.wording import printable
    from followup.store import plan_of

    found: dict[str, Opportunity] = {}
    for name, each in kept.opportunities.items():
        if each.retired:
            continue
        engine = options.engine()
        try:
            state = each.state(engine.vocabulary)
        except InputError as error:
            for problem in error.problems:
                click.echo(printable(f"{name}: {problem}"), err=True)
            click.get_current_context().meta[UNREAD] = True
            continue
        moment, clock = now_for(state, now)
        found[name] = Opportunity(name, state, plan_of(engine, kept, name, moment, state=state), clock)
    return found


def leave() -> None:
    """Leave with exit code 2 where something could not be read; else go on."""
    context = click.get_current_context()
    if context.meta.get(UNREAD):
        context.exit(2)
