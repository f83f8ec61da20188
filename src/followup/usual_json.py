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

_STRIDE = 30
_SAMPLED_NUMBER = re.compile(f"[0-9]{{{MAX_DIGITS // _STRIDE - 1}}}")
# Of forbidden characters, and of what would disturb the count of keys: a quote and a colon.
_UNUSUAL_ESCAPE = re.compile(r"\\(?:[bf]|u(?:00(?:[0189]|22|3[aA]|7[fF])|[fF]{3}[eEfF]))")
_SPACE_BEFORE_COLON = re.compile(r'"[ \t\r\n]+:')


def usual_json(text: str) -> dict[str, Any] | None:
    """The object that a text says, as `json.loads` reads it; None where that is for a closer look to say."""
    if not text.startswith("{") or _unusual(text):
        return None
    try:
        value = msgspec.json.decode(text)
        once = msgspec.json.encode(value)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    # Each key stands once in what is written again. Every other `":` of the one text, in its strings, is
    # one of the other too, if neither has a space before a colon.
    if text.count('":') != once.count(b'":') or _too_deep(text, value):
        return None
    return value  # type: ignore[no-any-return]


def _unusual(text: str) -> bool:
    """Whether something may be in a text that must be told, or that hides a key that stands twice.

    Characters that control are refused by the decoder, but for the last one of ASCII.
    """
    if len(text) > MAX_NODES and 1 + sum(text.count(mark) for mark in ",:[{") > MAX_NODES:
        return True
    if "\x7f" in text if text.isascii() else FORBIDDEN.search(text):
        return True
    if "\\" in text and _UNUSUAL_ESCAPE.search(text):
        return True
    if _a_space_is_before_a_colon(text):
        return True
    # In a long number every thirtieth character is a digit too.
    return _SAMPLED_NUMBER.search(text[::_STRIDE]) is not None and LONG_NUMBER.search(text) is not None


def _a_space_is_before_a_colon(text: str) -> bool:
    may_be = " :" in text or "\n:" in text or "\t:" in text or "\r:" in text
    return may_be and _SPACE_BEFORE_COLON.search(text) is not None


def _too_deep(text: str, value: Any) -> bool:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return False
    level = [value]
    for _ in range(MAX_DEPTH):
        inside = (item for each in level for item in (each.values() if type(each) is dict else each))
        level = [item for item in inside if type(item) in (dict, list)]
    return bool(level)
