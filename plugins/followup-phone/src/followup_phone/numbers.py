"""What counts as a telephone number, and the `tel:` link that dials it."""

from __future__ import annotations

import re

__all__ = ["plain_number", "tel"]

FEWEST_DIGITS = 7
MOST_DIGITS = 15
"""Digits of an international number (ITU-T E.164)."""

LONGEST_TEXT = 60

_NUMBER = re.compile(
    r"(?P<number>\+?[0-9(][0-9 ().\-\u2010\u2011/]*)"
    r"(?:\s*(?:;ext=|ext\.?|x|extension)\s*(?P<extension>[0-9]{1,7}))?",
    re.IGNORECASE,
)
_TRUNK_ZERO = re.compile(r"\(0\)")
_TWO_NUMBERS = re.compile(r"[0-9 ().-]{7,}/[0-9 ().-]{7,}")


def plain_number(text: str | None) -> str:
    """The number on one line as it was written, or empty where it is not exactly one of 7 to 15 digits."""
    return text.strip() if text and tel(text) else ""


def tel(text: str) -> str:
    """The link `tel:+…` (RFC 3966), or empty where the text is no number.

    A number without country code stays as it is: `tel:3125550188` is dialled as on the person's phone.
    """
    line = text.replace("\u00a0", " ")
    parts = _NUMBER.fullmatch(line.strip()) if len(line) <= LONGEST_TEXT and line.isprintable() else None
    if parts is None or _TWO_NUMBERS.search(parts["number"]):
        return ""
    number = parts["number"]
    international = number.startswith(("+", "00"))
    if international:
        number = _TRUNK_ZERO.sub("", number)
    digits = re.sub(r"[^0-9]", "", number)
    if number.startswith("00"):
        digits = digits[2:]
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return ""
    extension = f";ext={parts['extension']}" if parts["extension"] else ""
    return f"tel:{'+' if international else ''}{digits}{extension}"
