"""How wide a text may be at most, whichever of the usual fonts draws it, and how it breaks into lines."""

from __future__ import annotations

from collections.abc import Iterator

from followup.plain import plain_line

__all__ = ["FONTS", "width", "wrapped"]

FONTS = "Inter, 'Segoe UI', 'Helvetica Neue', Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"

# Advances in ems: of each character the wider of DejaVu Sans (the widest of these fonts) and Liberation Sans
# (Arial's measures), rounded up.
_ADVANCES = {
    letter: advance
    for advance, letters in (
        (0.3, "Iijl '"), (0.35, ",./:;\\|"), (0.4, "()-[]ft·"), (0.45, "!r"), (0.5, '"*J`’‘“”'),
        (0.55, "csz"), (0.6, "?L_kvxy–"), (0.65, "$0123456789FTabdeghnopqu{}"), (0.7, "ABEKPSVXYZ"),
        (0.75, "CNRU"), (0.8, "&DGHOQ"), (0.85, "#+<=>^w~"), (0.9, "M"), (1.0, "%Wm"), (1.05, "@—…→"),
    )
    for letter in letters
}  # fmt: skip
_OTHER = 0.75
_WIDE = 1.1
"""Characters from U+2E80 on: East Asian writing and pictures, which fill a whole em."""
_BOLD = 1.15


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The most that a text can take, in the units of `size`."""
    ems = sum(_ADVANCES.get(letter, _WIDE if letter >= "\u2e80" else _OTHER) for letter in text)
    return ems * size * (_BOLD if bold else 1)


def wrapped(
    text: str, room: float, size: float, *, bold: bool = False, most: int | None = None
) -> tuple[str, ...]:
    """The text as lines that fit into `room`; what goes beyond `most` lines ends in `…`."""
    lines = list(_lines(plain_line(text), room, size, bold))
    if most is None or len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    while last and width(f"{last}…", size, bold=bold) > room:
        last = last[:-1]
    return (*lines[: most - 1], f"{last.rstrip(' ,;.')}…")


def _lines(text: str, room: float, size: float, bold: bool) -> Iterator[str]:
    line = ""
    for word in text.split(" "):
        tried = f"{line} {word}" if line else word
        if width(tried, size, bold=bold) <= room:
            line = tried
            continue
        if line:
            yield line
        *full, line = _broken(word, room, size, bold)
        yield from full
    if line:
        yield line


def _broken(word: str, room: float, size: float, bold: bool) -> Iterator[str]:
    """A word that is longer than a line, in pieces."""
    piece = ""
    for letter in word:
        if piece and width(piece + letter, size, bold=bold) > room:
            yield piece
            piece = ""
        piece += letter
    yield piece
