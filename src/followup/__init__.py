"""followup: a rules engine for what to do after a job interview.

    from followup import Engine, InterviewState
    engine = Engine.load()
    plan = engine.plan(InterviewState.from_yaml("initech.yaml"), now)

Nothing heavy is imported until it is used.
"""

from __future__ import annotations

from importlib import import_module

# Importing `typing` for it would take as long as Python itself; type checkers know it by its name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from followup.delivery import Deliverer, Outgoing, Receipt
    from followup.engine import Engine
    from followup.errors import (
        DeliveryError,
        FollowupError,
        InDoubtError,
        InputError,
        NotDeliveredError,
        Place,
        PluginError,
        Problem,
        RuleError,
        StateError,
        UsageError,
    )
    from followup.plan import Draft, Finding, FollowUp, Plan, Question, Reason, Recipient
    from followup.state import InterviewState

__all__ = [
    "Deliverer",
    "DeliveryError",
    "Draft",
    "Engine",
    "Finding",
    "FollowUp",
    "FollowupError",
    "InDoubtError",
    "InputError",
    "InterviewState",
    "NotDeliveredError",
    "Outgoing",
    "Place",
    "Plan",
    "PluginError",
    "Problem",
    "Question",
    "Reason",
    "Receipt",
    "Recipient",
    "RuleError",
    "StateError",
    "UsageError",
]

_HOMES = {
    **dict.fromkeys(("Deliverer", "Outgoing", "Receipt"), "delivery"),
    "Engine": "engine",
    "InterviewState": "state",
    **dict.fromkeys(("Draft", "Finding", "FollowUp", "Plan", "Question", "Reason", "Recipient"), "plan"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module `followup` has no attribute `{name}`")
    return getattr(import_module(f"followup.{_HOMES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return __all__
