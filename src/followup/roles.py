"""Roles: what somebody at the company does, recognised in the state's own words."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from followup.state import Person

__all__ = ["ROLES", "has_role", "other_words"]

_ROLE_WORDS: Mapping[str, tuple[str, ...]] = {
    "hiring manager": ("hiring manager",),
    "recruiter": ("recruiter", "recruiting", "talent", "sourcer"),
    "hr": ("hr", "human resources", "people operations", "people partner", "personnel"),
    "scheduler": ("scheduler", "scheduling", "coordinator"),
    "interviewer": ("interviewer",),
}
ROLES = tuple(_ROLE_WORDS)
"""The roles that rules may name as recipients."""


def other_words(role: str) -> str:
    """`; also: …` with the other words for a role; nothing where there are none."""
    others = [word for word in _ROLE_WORDS[role] if word != role]
    return f"; also: {', '.join(others)}" if others else ""


def has_role(person: Person, role: str) -> bool:
    """Whether a person's role, in the state's own words, is this one ("Senior Recruiter" is a recruiter)."""
    return person.role is not None and _names_role(person.role, role)


@lru_cache(maxsize=4096)
def _names_role(text: str, role: str) -> bool:
    words = f" {' '.join(text.casefold().replace(',', ' ').replace('/', ' ').split())} "
    return any(f" {word} " in words for word in _ROLE_WORDS[role])
