"""A simulation drawn for people: one block a moment, what happened and what that changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from followup.cli.drawing import beside, heading, mark_of, text
from followup.cli.wording import change_words, printable

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.simulating import Change, Simulation

__all__ = ["draw_simulation"]


def draw_simulation(simulation: Simulation, clock: Clock, title: str) -> Iterator[RenderableType]:
    """The steps in order, then how many messages went out."""
    yield heading(title, f"{clock.exact(simulation.start)} to {clock.exact(simulation.end)}")
    yield text(f"each message is sent when it is due; times in {clock.zone}", "dim")
    for step in simulation.steps:
        yield Padding(
            Text.assemble((clock.exact(step.at), "bold"), (f"  {clock.relative(step.at)}", "dim")),
            (1, 0, 0, 0),
        )
        for happened in step.happened:
            yield beside("▸", "bold", text(happened))
        for change in step.changes:
            yield beside(*mark_of(change.after or ""), _change(change))
    if not simulation.steps:
        yield Padding(text("Nothing happens in this time."), (1, 0, 0, 0))
    count = len(simulation.sent)
    yield Padding(text(f"{count} message{'' if count == 1 else 's'} sent.", "bold"), (1, 0, 0, 0))


def _change(change: Change) -> RenderableType:
    first = Text.assemble(
        (change.rule, "bold"), f" to {printable(change.to)}  " if change.to else "  ", change_words(change)
    )
    return Group(first, text(change.why, "dim")) if change.why else first
