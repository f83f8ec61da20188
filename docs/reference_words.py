"""Words of docs/rules-reference.md for what the code names without describing it."""

from __future__ import annotations

COMBINING: tuple[tuple[str, str, str], ...] = (
    ("all", "conditions", "all of them hold; so do the entries of a mapping"),
    ("any", "conditions", "at least one holds"),
    ("not", "a condition", "it does not hold; unknown stays unknown"),
    ("some", "a condition on one element", "of a list: at least one element"),
    ("every", "a condition on one element", "of a list: all elements; of an empty list too"),
    ("none", "a condition on one element", "of a list: no element"),
)
