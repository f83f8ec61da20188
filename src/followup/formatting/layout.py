"""The canonical layout of a tree: keys in order, two spaces a level, short lists and mappings on one line.

A mapping or list in brackets stays so while it fits; one without brackets stays so, unless it is a list of
a few words. How somebody chose to show a condition is kept.
"""

from __future__ import annotations

from followup.formatting.scalars import LONGEST_WORD, block_lines, is_word, one_line
from followup.formatting.shapes import Shape
from followup.formatting.tree import BLANK, BLOCK_STYLES, Collection, Entry, Scalar

__all__ = ["WIDTH", "laid_out"]

WIDTH = 120
"""Columns that a line with brackets may fill."""
WIDTH_OF_ROW = 90
"""Columns up to which words that are listed one below the other are put in a row."""
WIDTH_OF_FILL = 110
MANY_WORDS = 12
"""A list of so many words is not put one below the other."""
STEP = 2
SCHEMA_LINE = "yaml-language-server:"
"""What names the schema to editors, which look for it at the top."""


def laid_out(header: list[str], root: Scalar | Collection | None, shape: Shape) -> list[str]:
    """The lines of a file."""
    top = _single_blanks(_schema_first([*_schema_lines(root), *header]))
    while top and top[-1] == BLANK and len(top) == 2 and SCHEMA_LINE in top[0]:
        top.pop()
    match root:
        case None:
            return top
        case Scalar():
            return [*top, *block_lines(root, STEP)]
        case Collection(entries=[]):
            return [*top, "{}" if root.is_mapping else "[]", *root.below]
    return [*top, *_block(root, 0, shape)]


def _schema_lines(root: Scalar | Collection | None) -> list[str]:
    """The lines that name the schema and stand somewhere below, taken out from there."""
    found = []
    for entry in root.entries if isinstance(root, Collection) else ():
        found += [line for line in entry.above if SCHEMA_LINE in line]
        entry.above = [line for line in entry.above if SCHEMA_LINE not in line]
    return found


def _schema_first(lines: list[str]) -> list[str]:
    """The line that names the schema to editors stands first."""
    named = [line for line in lines if SCHEMA_LINE in line]
    return [*named, *(line for line in lines if line not in named)]


def _single_blanks(lines: list[str]) -> list[str]:
    """The lines with one blank line where there are several, and none at the beginning."""
    return [
        line
        for index, line in enumerate(lines)
        if line != BLANK or (index and lines[index - 1] != BLANK and any(lines[:index]))
    ]


def _block(node: Collection, column: int, shape: Shape) -> list[str]:
    """The lines of a mapping or list without brackets, whose entries stand at a column."""
    lines: list[str] = []
    for index, entry in enumerate(_ordered(node, shape)):
        inner = shape.of(_name(entry))
        apart = shape.apart or (column == 0 and inner.block)
        if index and (apart or entry.above[:1] == [BLANK]):
            lines.append(BLANK)
        lines += _indented(_single_blanks(entry.above), column)
        lines += _entry(entry, column, inner)
    below = _single_blanks(node.below)
    while below and below[-1] == BLANK:
        below.pop()
    if below and node.below[0] == BLANK:
        lines.append(BLANK)
    return lines + _indented(below, column)


def _ordered(node: Collection, shape: Shape) -> list[Entry]:
    """The entries in the order of the shape; what it does not know comes last, as it is written."""
    place = {key: index for index, key in enumerate(shape.keys)}
    if not place or not node.is_mapping:
        return node.entries
    return sorted(node.entries, key=lambda entry: place.get(_name(entry), len(place)))


def _name(entry: Entry) -> str:
    return entry.key.value if entry.key else ""


def _indented(lines: list[str], column: int) -> list[str]:
    return [" " * column + line if line else BLANK for line in lines]


def _entry(entry: Entry, column: int, shape: Shape) -> list[str]:
    """The lines of a key with its value, or of an item, at a column."""
    pad = " " * column
    lead = f"{pad}{one_line(entry.key, in_brackets=False)}:" if entry.key else f"{pad}-"
    beside = f"  {entry.beside}" if entry.beside else ""
    value = entry.value
    if isinstance(value, Collection):
        row = _in_brackets(value, shape) if _may_be_in_brackets(value, shape) else None
        width = WIDTH if value.flow else WIDTH_OF_ROW
        if row is not None and (len(lead) + 1 + len(row) <= width or not value.entries):
            return [f"{lead} {row}{beside}"]
        if row is not None and entry.key and _is_long_list_of_words(value):
            return [lead + beside, *_filled(value, column + STEP)]
        if entry.key:
            return [lead + beside, *_block(value, column + STEP, shape)]
        return [
            *([pad + entry.beside] if beside else []),
            *_item(_block(value, column + STEP, shape), column),
        ]
    if value is None or (not value.style and not value.value):
        return [lead + beside]
    if len(value.lines) == 1 and value.style not in BLOCK_STYLES:
        return [f"{lead} {one_line(value, in_brackets=False)}{beside}"]
    first, *below = block_lines(value, column + STEP)
    if below:
        below[-1] += beside
        return [f"{lead} {first}", *below]
    return [f"{lead} {first}{beside}"]


def _is_long_list_of_words(node: Collection) -> bool:
    values = [entry.value for entry in node.entries]
    return (
        node.flow
        and not node.is_mapping
        and len(values) >= MANY_WORDS
        and all(isinstance(value, Scalar) and len(value.value) <= LONGEST_WORD for value in values)
    )


def _filled(node: Collection, column: int) -> list[str]:
    """A long list of words in brackets, over as many lines as it takes."""
    words = [
        one_line(entry.value, in_brackets=True) for entry in node.entries if isinstance(entry.value, Scalar)
    ]
    lines = [" " * column + "["]
    for index, word in enumerate(words, start=1):
        piece = word + ("," if index < len(words) else "]")
        if len(lines[-1]) + 1 + len(piece) > WIDTH_OF_FILL:
            lines.append(" " * column)
        lines[-1] += piece if lines[-1].endswith("[") else f" {piece}"
    return lines


def _item(lines: list[str], column: int) -> list[str]:
    """The lines of a block that is an item of a list: the first key stands behind the dash."""
    pad = " " * column
    first = next(index for index, line in enumerate(lines) if line and not line.lstrip().startswith("#"))
    above = [pad + line.lstrip() for line in lines[:first] if line]
    return [*above, f"{pad}- {lines[first].lstrip()}", *lines[first + 1 :]]


def _may_be_in_brackets(node: Collection, shape: Shape) -> bool:
    if not node.entries:
        return not node.below
    if shape.block:
        return False
    if node.flow:
        return True
    return not node.is_mapping and all(
        isinstance(entry.value, Scalar) and is_word(entry.value) and not entry.above for entry in node.entries
    )


def _in_brackets(node: Collection, shape: Shape) -> str | None:
    """The mapping or list on one line; None if a comment or a text of several lines stands in it."""
    if any(node.below):
        return None
    parts = []
    for entry in _ordered(node, shape):
        value = _value_in_brackets(entry.value, shape.of(_name(entry)))
        if value is None or entry.beside or any(entry.above):
            return None
        key = one_line(entry.key, in_brackets=True) if entry.key else ""
        parts.append(f"{key}: {value}" if key and value else key or value)
    opened, closed = "{}" if node.is_mapping else "[]"
    return f"{opened}{', '.join(parts)}{closed}"


def _value_in_brackets(value: Scalar | Collection | None, shape: Shape) -> str | None:
    if isinstance(value, Collection):
        return _in_brackets(value, shape)
    if value is None or (not value.style and not value.value):
        return ""
    if len(value.lines) > 1 or value.style in BLOCK_STYLES:
        return None
    return one_line(value, in_brackets=True)
