"""Somebody at the company in one line: `Dana Whitfield, hiring manager, dana@initech.example`."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any

from followup.naming import slug

__all__ = ["EXAMPLE", "read_person"]

EXAMPLE = "Dana Whitfield, hiring manager, dana@initech.example"
_ID = re.compile(r"([a-z][a-z0-9_-]*)=(.+)", re.DOTALL)
_PHONE = re.compile(r"\+?[\d\s()./-]{6,}")


def read_person(text: str, taken: Container[str] = ()) -> tuple[str, dict[str, Any]]:
    """The id and the fields: a name, and in any order a role and addresses, known by their form.

    `id=` may stand before it. Raises ValueError with what is wrong.
    """
    given = _ID.fullmatch(text.strip())
    name, *rest = [part.strip() for part in (given[2] if given else text).split(",")]
    if not name or "@" in name:
        raise ValueError(f"`{text}` has no name at its beginning; write it like `{EXAMPLE}`")
    found: dict[str, Any] = {"name": name}
    for part in filter(None, rest):
        field = _field(part)
        if field in found:
            raise ValueError(f"`{text}`: `{found[field]}` and `{part}` are both its {field}; keep one")
        is_bare = field == "linkedin" and "://" not in part
        found[field] = f"https://{part}" if is_bare else part
    return (given[1] if given else _id(found, taken)), found


def _field(part: str) -> str:
    if "@" in part:
        return "email"
    if "linkedin.com/" in part.casefold():
        return "linkedin"
    return "phone" if _PHONE.fullmatch(part) else "role"


def _id(person: Mapping[str, str], taken: Container[str]) -> str:
    """`hr` by role, else the first name, else the whole name, else with a number."""
    name = slug(person["name"]) or "person"
    role = ["hr"] if person.get("role") == "hr" else []
    numbered = (f"{name}-{number}" for number in range(2, 1000))
    options = [*role, slug(person["name"].split()[0]) or name, name, *numbered]
    return next(option for option in options if option not in taken and option != "self")
