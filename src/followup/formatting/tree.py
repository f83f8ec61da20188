"""YAML as it is written: every value with its text, its comments and the blank lines above it.

Grown from the events of PyYAML's own parser, whose marks count characters: what stands between two events is
white space, brackets and comments, and nothing else. The strict reader has taken the text before, so there
are no anchors, tags, merge keys or further documents.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

__all__ = ["BLANK", "BLOCK_STYLES", "Collection", "Entry", "Scalar", "comments_of", "read_tree"]

BLOCK_STYLES = ("|", ">")
BLANK = ""
"""A blank line among comments."""


@dataclass(slots=True)
class Scalar:
    """A text: its value, its style (`''` for plain, a quote, `|` or `>`) and its lines as they are written.

    `indent` is the column at which the lines of a block scalar begin.
    """

    value: str
    style: str
    lines: list[str]
    indent: int = 0


@dataclass(slots=True)
class Entry:
    """A key with its value, or an item of a list (without a key), and the comments that belong to it.

    `above` are comment lines and blank lines, `beside` is the comment at the end of its line.
    """

    key: Scalar | None
    value: Scalar | Collection | None = None
    above: list[str] = field(default_factory=list)
    beside: str = ""


@dataclass(slots=True)
class Collection:
    """A mapping or a list, in brackets (`flow`) or not. `below` are the comments beneath its last entry."""

    is_mapping: bool
    flow: bool
    column: int
    entries: list[Entry] = field(default_factory=list)
    below: list[str] = field(default_factory=list)


def read_tree(text: str) -> tuple[list[str], Scalar | Collection | None]:
    """The comments at the top of a text, and the tree of what it says. Lines end with `\\n`."""
    reader = _Reader(text)
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        reader.take(event)
    return reader.header, reader.root


def _without_end(lines: list[str], indent: int) -> list[str]:
    """The lines of a block scalar without the blank ones below that are not kept; the last is cut anyway."""
    kept = lines[:-1] if len(lines) > 1 and not lines[-1].strip(" ") else lines
    if "+" in lines[0].partition("#")[0]:
        return kept
    while len(kept) > 1 and not kept[-1].strip(" ") and len(kept[-1]) <= indent:
        kept = kept[:-1]
    return kept


def comments_of(node: Scalar | Collection | None) -> Iterator[str]:
    """Every comment in a tree, without the blank lines."""
    if isinstance(node, Scalar):
        if node.style in BLOCK_STYLES and "#" in node.lines[0]:
            yield node.lines[0][node.lines[0].index("#") :]
    elif isinstance(node, Collection):
        for entry in node.entries:
            yield from filter(None, [*entry.above, entry.beside])
            yield from comments_of(entry.key)
            yield from comments_of(entry.value)
        yield from filter(None, node.below)


class _Reader:
    """Takes one event after the other."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.header: list[str] = []
        self.root: Scalar | Collection | None = None
        self._end = 0
        self._open: list[Collection] = []
        self._last: Entry | None = None
        """The entry whose text stands last, to which a comment at the end of the line belongs."""
        self._waiting: list[tuple[int, str]] = []
        """Comments and blank lines that wait for their owner, each with its column."""

    def take(self, event: yaml.Event) -> None:
        """Put what an event says, and what stands before it, in its place."""
        assert event.start_mark is not None
        assert event.end_mark is not None
        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, (yaml.StreamStartEvent, yaml.DocumentEndEvent)):
            return
        self._read_gap(self.text[self._end : start])
        self._end = max(self._end, end)
        match event:
            case yaml.ScalarEvent():
                self._scalar(event, start, end)
            case yaml.CollectionStartEvent():
                made = Collection(
                    isinstance(event, yaml.MappingStartEvent), bool(event.flow_style), event.start_mark.column
                )
                self._place(made)
                self._open.append(made)
            case yaml.CollectionEndEvent():
                self._close(self._open.pop())
            case yaml.StreamEndEvent():
                if isinstance(self.root, Collection):
                    self.root.below += self._all_waiting()

    def _scalar(self, event: yaml.ScalarEvent, start: int, end: int) -> None:
        lines = self.text[start:end].split("\n")
        style = event.style or ""
        indent = 0
        if style in BLOCK_STYLES:
            indent = self._content_indent(lines)
            lines = _without_end(lines, indent)
            self._end = start + len("\n".join(lines))
        self._place(Scalar(event.value, style, lines, indent))

    def _content_indent(self, lines: list[str]) -> int:
        digit = next((int(c) for c in lines[0].partition("#")[0] if c.isdigit()), None)
        if digit is not None:
            return (self._open[-1].column if self._open else 0) + digit
        first = next((line for line in lines[1:] if line.strip(" ")), "")
        return len(first) - len(first.lstrip(" "))

    def _place(self, node: Scalar | Collection) -> None:
        """Put a node where it belongs: at the root, as a key, as the value of the last key, as an item.

        What stands above the first entry of a block belongs to that entry.
        """
        if not self._open:
            self.root, self.header = node, self._all_waiting()
            return
        parent = self._open[-1]
        last = parent.entries[-1] if parent.entries else None
        if parent.is_mapping and last is not None and last.value is None:
            last.value = node
            if isinstance(node, Scalar) or node.flow:
                last.above += self._all_waiting()
        elif parent.is_mapping:
            assert isinstance(node, Scalar), "the strict reader takes no collection as a key"
            last = Entry(node, None, self._all_waiting())
            parent.entries.append(last)
        else:
            last = Entry(None, node, self._all_waiting())
            parent.entries.append(last)
        self._last = last

    def _close(self, closed: Collection) -> None:
        """Leave to a collection the comments that stand as deep as its entries."""
        if closed.flow:
            closed.below += self._all_waiting()
            self._last = self._owner(closed)
            return
        outer = self._open[-1].column if self._open else -1
        taken = 0
        for index, (column, line) in enumerate(self._waiting, start=1):
            if line == BLANK:
                continue
            if column < closed.column or column <= outer:
                break
            taken = index
        closed.below += [line for _, line in self._waiting[:taken]]
        self._waiting = self._waiting[taken:]

    def _owner(self, node: Collection) -> Entry | None:
        """The entry that holds a collection that was just closed."""
        entries = self._open[-1].entries if self._open else []
        return next((entry for entry in reversed(entries) if entry.value is node), None)

    def _all_waiting(self) -> list[str]:
        lines = [line for _, line in self._waiting]
        self._waiting = []
        return lines

    def _read_gap(self, gap: str) -> None:
        """Take the comments and blank lines between two events."""
        first, *rest = gap.split("\n")
        beside = first.partition("#")[2] if "#" in first else None
        if beside is not None:
            comment = f"#{beside.rstrip()}"
            if self._last is not None and not self._last.beside:
                self._last.beside = comment
            else:
                self._waiting.append((0, comment))
        for index, line in enumerate(rest, start=1):
            before, mark, comment = line.partition("#")
            if mark:
                self._waiting.append((len(before), f"#{comment.rstrip()}"))
            elif not line.strip() and index < len(rest):
                self._waiting.append((0, BLANK))
