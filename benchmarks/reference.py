"""What the engine must answer, said naively: each rule's condition by itself, from the loaded rules."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from followup import Engine, InterviewState
from followup.history import History
from followup.moments import instant
from followup.scope import Scope

__all__ = ["naive"]


def naive(engine: Engine, states: Iterable[InterviewState], now: datetime) -> list[tuple[str, ...]]:
    """For each state the rules of which an awaited event has happened and whose `when` may hold."""
    rules = sorted(engine.rules.values(), key=lambda rule: rule.name)
    found = []
    for state in states:
        history = History(state, instant(now))
        scope = Scope(history, engine.channels, history.calendar)
        found.append(
            tuple(
                rule.name
                for rule in rules
                if any(pattern.type in history.by_type for pattern in rule.after)
                and not rule.when.truth(scope, scope.calendar).possible.is_never
            )
        )
    return found
