"""JSON in which nothing is unusual, read at the speed of its decoder.

What a parser of JSON lets pass and ours does not (keys that stand twice, characters that hide, numbers and
texts beyond every limit) is looked for as a whole, by counting and searching in the text. Where something is
found, or only might be, the reading is left to `followup.documents`, which says what it is and where.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from followup.yaml_events import FORBIDDEN, MAX_DEPTH, MAX_NODES

__all__ = ["LONG_NUMBER", "MAX_DIGITS", "usual_json"]

MAX_DIGITS = 300
"""The longest whole number, in characters; Python itself refuses to read very long ones."""
LONG_NUMBER = re.compile(f"[0-9]{{{MAX_DIGITS}}}")

_NESTING = frozenset((dict, list))
_STRIDE = 30
_SAMPLED_NUMBER = re.compile(f"[0-9]{{{MAX_DIGITS // _STRIDE - 1}}}")
# Of forbidden characters, and of the colon, which would disturb the count of keys.
_UNUSUAL_ESCAPE = re.compile(r"\\(?:[bf]|u(?:00(?:[0189]|3[aA]|7[fF])|[fF]{3}[eEfF]))")


def usual_json(text: str) -> dict[str, Any] | None:
    """The object that a text says, as `json.loads` reads it; None where that is for a closer look to say."""
    if not text.startswith("{") or _unusual_characters(text):
        return None
    try:
        value = msgspec.json.decode(text)
        once = msgspec.json.encode(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    colons, opened = text.count(":"), text.count("{") + text.count("[")
    # Each key, and its colon, stands once in what is written again; the colons in strings are the same.
    twice = colons != once.count(b":")
    many = 1 + text.count(",") + colons + opened > MAX_NODES
    if twice or many or (opened > MAX_DEPTH and _too_deep(value)):
        return None
    return value  # type: ignore[no-any-return]


def _unusual_characters(text: str) -> bool:
    """Whether there may be some that are refused, or that hide a colon.

    Those that control are refused by the decoder, but for the last one of ASCII.
    """
    if "\x7f" in text if text.isascii() else FORBIDDEN.search(text):
        return True
    if "\\" in text and _UNUSUAL_ESCAPE.search(text):
        return True
    # In a long number every thirtieth character is a digit too.
    return _SAMPLED_NUMBER.search(text[::_STRIDE]) is not None and LONG_NUMBER.search(text) is not None


def _too_deep(value: Any) -> bool:
    level = [value]
    for _ in range(MAX_DEPTH):
        inside = (item for each in level for item in (each.values() if type(each) is dict else each))
        level = [item for item in inside if type(item) in _NESTING]
    return bool(level)
