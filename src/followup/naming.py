"""Names that followup gives: to opportunities of the store, to people, to interviews."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from typing import Any

__all__ = ["NAME", "free_interview_id", "free_name", "slug"]

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")
"""What an opportunity of the store may be called."""


def slug(words: str) -> str:
    """Words as a name of small letters, digits and `-`; empty where nothing of them can stand in it."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")


def free_name(words: str, taken: Collection[str]) -> str:
    """A name made of the words, such as a company's, that none of these is."""
    first = slug(words)[:50] or "opportunity"
    number, name = 2, first
    while name in taken:
        name, number = f"{first}-{number}", number + 1
    return name


def free_interview_id(events: Sequence[Mapping[str, Any]], first: int = 1) -> str:
    """`r2`: an id for an interview that no event has, counted from `first`."""
    taken = {event.get("id") for event in events}
    number = first
    while f"r{number}" in taken:
        number += 1
    return f"r{number}"
