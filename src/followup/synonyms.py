"""What people write who know other tools, and the words of ours that they mean."""

from __future__ import annotations

from collections.abc import Container, Mapping

__all__ = ["meant_by", "with_operator"]

OTHERS: Mapping[str, str] = {
    # keys of rules and guards
    "when": "if condition conditions where only_if",
    "after": "on trigger event since",
    "unless": "except stop until not_if",
    "via": "channel channels by with",
    "to": "recipient recipients who person send_to",
    "wait": "delay in wait_for",
    "within": "deadline",
    "open_for": "duration expires",
    "message": "text template body",
    "title": "name label",
    "about": "description comment",
    "intent": "purpose type",
    "repeat": "every",
    "because": "reason",
    # keys of files
    "scenario": "name",
    "format": "version",
    "parameters": "variables params",
    "tests": "test",
    "expect": "expected",
    # channels, recipients, events
    "email": "mail e-mail",
    "phone": "call telephone",
    "self": "me myself",
    "each interviewer": "everyone all interviewers",
    "hiring manager": "manager boss",
    "reply": "answer response answered replied",
    "rejection": "refusal rejected no",
    "accepted": "hired",
    # operators
    "is": "= == equals eq",
    "not": "!= <> ne",
    "more_than": "> gt",
    "at_least": ">= gte min",
    "less_than": "< lt",
    "at_most": "<= lte max",
    "known": "exists",
    "contains": "includes",
    "any": "or || any_of",
    "all": "and && all_of",
    "in": "one_of any_of",
    "not_in": "none_of",
    "matches": "regex like",
    "count": "size length",
    "older_than": "older",
}
"""Our words, each with what others write for it."""
OWNERS: Mapping[str, str] = {
    "occasion": "interview meeting", "person": "interviewer recipient contact", "position": "job role",
    "candidate": "me user applicant",
}  # fmt: skip
"""Whose facts are meant, each with what others call them."""
SIGNS = {">=": "at_least", "<=": "at_most", ">": "more_than", "<": "less_than"}
MEASURED: Mapping[str, Mapping[str, str]] = {
    "number": SIGNS,
    "elapsed": {**SIGNS, "": "at_least"},
    "moment": {">=": "after", "<=": "before", ">": "after", "<": "before", "": "before"},
}
"""What the signs of other languages are here, by the kind of a fact; without one, the usual operator."""


def meant_by(word: str, known: Container[str]) -> str | None:
    """The known word that somebody means who writes another tool's; None if there is none."""
    wanted = word.lower()
    owner, dot, fact = wanted.partition(".")
    for ours, others in OWNERS.items():
        named = f"{ours}.{fact}" if dot else f"{ours}.{wanted}"
        if named in known and (owner in others.split() or (not dot and ours == "person")):
            return named
    return next((ours for ours, others in OTHERS.items() if ours in known and wanted in others.split()), None)


def with_operator(value: str, path: str, kind: str) -> str:
    """A cure for a value that needs an operator and has none, or a sign; empty where it needs none.

    `path` and `kind` are those of the fact that is compared.
    """
    signs = MEASURED.get(kind)
    if signs is None:
        return ""
    written = value.strip()
    sign = next((sign for sign in signs if written.startswith(sign)), None)
    if sign is None:
        return ""
    return f"write `{path}: {{{signs[sign]}: {written.removeprefix(sign).strip()}}}`"
