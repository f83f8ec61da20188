"""Text from outside made harmless: without control characters, hidden characters and turned directions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["escaped_markdown", "fact", "file_name", "marked_text", "plain_line", "plain_text", "single_stops"]

LONGEST_FACT = 200
"""Characters. A name or title that is longer is taken as not known, for it is none."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")
_DOUBLE_STOP = re.compile(r"(?<=\w)([.!?])\.(?=\s|$)")
_LINE_BREAK = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f"  # control characters but tab and line feed
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # turn the direction of writing
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180e\u200b"  # take no room
    "\u2060-\u2065\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"  # the same, of shorthand and of music
    "\ud800-\udfff"  # halves of characters, which cannot be encoded
    "\U000e0000-\U000e00ff\U000e01f0-\U000e0fff]"  # tags: a second, hidden text
    # Joiners belong to the scripts from Arabic to Khmer and to emoji; elsewhere they only hide.
    "|(?<![\u0600-\u1cff\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])[\u180b-\u180d\u180f\u200c\u200d]"
    # One selector may choose the form of a character, one of the late ones that of an ideograph.
    "|(?<=[\ufe00-\ufe0f\U000e0100-\U000e01ef])[\ufe00-\ufe0f\U000e0100-\U000e01ef]"
    "|(?<![\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\U000e0100-\U000e01ef]"
)


def plain_text(text: str) -> str:
    """The text with `\\n` for every kind of line break and without characters that hide or disturb."""
    return _HIDDEN.sub("", _LINE_BREAK.sub("\n", text))


def plain_line(text: str) -> str:
    """The same on one line, with single spaces."""
    return " ".join(plain_text(text).split())


def marked_text(text: str) -> str:
    """The same with `�` where something was taken out, for eyes that shall notice."""
    return _HIDDEN.sub("�", _LINE_BREAK.sub("\n", text))


def single_stops(text: str) -> str:
    """The text without a full stop after a mark that a name ended with (`Example Ltd..`)."""
    return _DOUBLE_STOP.sub(r"\1", text)


def escaped_markdown(line: str) -> str:
    """The line as Markdown shows it letter by letter."""
    return _MARKDOWN.sub(r"\\\1", line)


def fact(facts: Mapping[str, Any], group: str, name: str) -> str:
    """The fact `group.name` on one line; empty where it is not known, no text, or too long to be one."""
    values = facts.get(group)
    value = values.get(name) if isinstance(values, Mapping) else None
    line = plain_line(value) if isinstance(value, str) else ""
    return line if len(line) <= LONGEST_FACT else ""


def file_name(key: str, ending: str) -> str:
    """A file name that every system takes: for `thank-you:r1:dana` it is `thank-you~r1~dana.eml`.

    Keys that had to be changed further, or that are long, get a mark of their own, so that no two meet.
    """
    name = key.replace(":", "~")
    safe = re.sub(r"[^A-Za-z0-9._~-]+", "-", name).lstrip(".-")[:100]
    if safe != name:
        import hashlib

        safe += "~" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:8]
    return f"{safe}.{ending}"
