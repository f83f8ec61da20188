"""The plan of an opportunity in the store, with the words that the person put in the place of its drafts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from followup.errors import StateError
from followup.store.folding import Kept
from followup.store.neighbours import with_neighbours

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.plan import Plan
    from followup.state import InterviewState

__all__ = ["plan_of"]


def plan_of(
    engine: Engine,
    kept: Kept,
    name: str,
    now: datetime,
    *,
    drafts: bool = True,
    state: InterviewState | None = None,
) -> Plan:
    """The plan of the opportunity `name` at `now`: whoever shows or sends a draft of the store asks here.

    Words of the person's own stand in the place of drafts and are reviewed like them, and for names of other
    opportunities; words whose follow-up has changed since are told and not used. `state` spares reading it
    again. What went out for other opportunities at the same company counts. Raises StateError, and UsageError
    for a name that there is not.
    """
    found = kept.opportunity(name)
    own = tuple(found.drafts.values()) if drafts else ()
    others = _others(engine, kept, found.name) if own else ()
    read = found.state(engine.vocabulary) if state is None else state
    read = with_neighbours(kept, found.name, read, engine.vocabulary)
    return engine.plan(read, now, drafts=drafts, kept=own, others=others)


def _others(engine: Engine, kept: Kept, name: str) -> Iterator[InterviewState]:
    for other in kept.opportunities.values():
        if other.name != name:
            try:
                yield other.state(engine.vocabulary)
            except StateError:
                continue  # it is told where it is planned itself
