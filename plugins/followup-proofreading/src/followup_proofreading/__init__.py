"""Spelling and grammar of English drafts, as a plugin of followup."""

from __future__ import annotations

from collections.abc import Sequence

from followup.hookspecs import Review, hookimpl
from followup_proofreading.grammar import grammar

__all__ = ["FOLLOWUP_API", "followup_reviews", "grammar"]

FOLLOWUP_API = 1


@hookimpl
def followup_reviews() -> Sequence[Review]:
    """The review `grammar`."""
    return [Review("grammar", grammar, "spelling and grammar", ("email.proofread",))]
