"""A proposal: an event that a mail would add, with the words that speak for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Proposal", "first_words"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """An event as in a state. `quote` are the words that speak for it; `why` says what it is taken for.

    What is not `sure` is asked, and never taken by itself. What is `known` stands in the store already.
    """

    event: Mapping[str, Any]
    sure: bool
    why: str
    quote: str = ""
    known: bool = False


def first_words(text: str, most: int = 200) -> str:
    """The beginning of a text, on one line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rstrip() + "…"
