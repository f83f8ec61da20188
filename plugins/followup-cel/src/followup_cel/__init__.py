"""Conditions in CEL, the Common Expression Language, as a plugin of followup."""

from __future__ import annotations

from collections.abc import Sequence

from followup.hookspecs import ConditionKind, hookimpl
from followup_cel.expressions import LONGEST, compiled

__all__ = ["FOLLOWUP_API", "followup_conditions"]

FOLLOWUP_API = 1


@hookimpl
def followup_conditions() -> Sequence[ConditionKind]:
    """The kind `cel`."""
    schema = {
        "type": "string",
        "minLength": 1,
        "maxLength": LONGEST,
        "examples": ["rounds >= 2 && company.culture == 'relaxed'"],
    }
    title = "an expression in CEL over texts, numbers, truth values and lists of them"
    return [ConditionKind("cel", schema, compiled, title)]
