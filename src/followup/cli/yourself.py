"""The candidate as the store knows them: asked for once, and taken for each new opportunity."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.store import Kept

__all__ = ["FIELDS", "ask_candidate", "can_ask", "candidate_of", "check_candidate"]

FIELDS: Mapping[str, str] = {
    "name": "Your name, as you sign",
    "email": "Your mail address",
    "phone": "Your phone number, for signatures (may be empty)",
    "linkedin": "Your LinkedIn page (may be empty)",
    "timezone": "Your time zone",
}
"""What is asked, in this order."""
_SHAPES = {
    "email": (r"[^@\s]+@[^@\s]+\.[^@\s.]+", "mail address; write it like ana@souza.example"),
    "phone": (r"(?=(.*\d){3})[^@]+", "phone number; write it like +1 312 555 0100"),
    "linkedin": (r"(?=.*[^\W\d])[^@\s]+", "page; write it like linkedin.com/in/ana-souza"),
}
"""What each must look like, and what it is: an answer is easily given to the question before it."""


def candidate_of(kept: Kept) -> dict[str, Any] | None:
    """You: as `followup init` wrote it, else as all your opportunities say it alike."""
    if kept.profile is not None:
        return dict(kept.profile)
    found = [each.data["candidate"] for each in kept.opportunities.values()]
    return dict(found[0]) if found and all(each == found[0] for each in found) else None


def ask_candidate(known: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to a few questions; what was known stands there as the default. Asks on a terminal."""
    from followup.cli.asking import ask
    from followup.cli.places import own_zone

    asked = dict(known)
    for name, question in FIELDS.items():
        default = str(known.get(name) or (own_zone() if name == "timezone" else ""))
        answer = ask(question, default, lambda text, name=name: _one(name, text), err=True)  # type: ignore[misc]
        asked = {**asked, name: answer} if answer else {k: v for k, v in asked.items() if k != name}
    return asked


def _one(name: str, text: str) -> str:
    """An answer, where it is fit for a state. Raises ValueError."""
    if not text and name in ("name", "timezone"):
        raise ValueError("this one is needed" + ("; such as America/Chicago" if name == "timezone" else ""))
    try:
        check_candidate({"name": "Somebody", **({name: text} if text else {})})
    except UsageError as problem:
        raise ValueError(str(problem)) from None
    return text


def check_candidate(candidate: Mapping[str, Any]) -> None:
    """Whether a state can hold it. Raises UsageError with every problem."""
    from followup.errors import StateError
    from followup.states import read_data

    state = {"format": 1, "candidate": candidate, "company": {"name": "-"}, "position": {"title": "-"}}
    try:
        read_data(state)
    except StateError as error:
        told = [
            f"{each.place.path.removeprefix('candidate.')}: {each.text}; {each.cure}".rstrip("; ")
            for each in error.problems
        ]
        raise UsageError("\n".join(told)) from None
    for name, (shape, what) in _SHAPES.items():
        if name in candidate and not re.fullmatch(shape, str(candidate[name])):
            raise UsageError(f"{name}: `{candidate[name]}` is no {what}")


def can_ask() -> bool:
    """Whether somebody sits at a terminal."""
    return sys.stdin.isatty()
