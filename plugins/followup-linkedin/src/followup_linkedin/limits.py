"""What the site takes, as dated figures: they change, and the site publishes few of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["FREE", "PREMIUM", "SiteLimits", "length"]


@dataclass(frozen=True, slots=True)
class SiteLimits:
    """The most characters of a connection note, a message and its subject, as they were on `as_of`."""

    note: int
    message: int
    subject: int
    as_of: date


FREE = SiteLimits(note=200, message=1_900, subject=200, as_of=date(2026, 11, 23))
"""A free account. Messages are held to what InMail takes; between contacts it is 8,000."""

PREMIUM = SiteLimits(note=300, message=1_900, subject=200, as_of=date(2026, 11, 23))
"""A Premium account."""


def length(text: str) -> int:
    """Characters as a browser counts them: UTF-16 code units, so that an emoji is two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
