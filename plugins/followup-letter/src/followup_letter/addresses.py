"""What counts as a postal address: two to five plain lines, as on an envelope."""

from __future__ import annotations

import re

from followup.plain import plain_text

__all__ = ["address_lines"]

FEWEST_LINES = 2
MOST_LINES = 5
LONGEST_LINE = 60
"""Characters that fit beside each other in the window of an envelope."""

_ODD = re.compile(r"[<>{}\[\]|\\=@;*^~`\"]")


def address_lines(text: str | None) -> tuple[str, ...]:
    """The lines of an address, or none where the text is not exactly one."""
    if not text or plain_text(text) != text.replace("\r\n", "\n") or _ODD.search(text):
        return ()
    lines = tuple(" ".join(line.split()) for line in text.strip().splitlines())
    fits = FEWEST_LINES <= len(lines) <= MOST_LINES and all(0 < len(line) <= LONGEST_LINE for line in lines)
    return lines if fits else ()
