"""Values with their positions, grown from the event stream of YAML within bounds.

Events rather than composed nodes: libyaml's composer recurses and dies by a signal on deep nesting, while its
parser is iterative and can be left at any moment. So a `Tree` keeps its own stack, counts as it grows, and
gathers problems; only grammar, depth and number end the reading. JSON grows the same tree from its tokens,
in `followup.documents`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import msgspec
import yaml

from followup.errors import InputError, Place, Problem

__all__ = [
    "FORBIDDEN",
    "MAX_DEPTH",
    "MAX_NODES",
    "MAX_PROBLEMS",
    "Node",
    "StopReading",
    "Tree",
    "clip",
    "forbidden_character",
    "grow_from_yaml",
    "place_in",
    "too_deep",
]

MAX_DEPTH = 64
"""Mappings and lists inside one another."""
MAX_NODES = 100_000
"""Keys, values, lists and mappings together."""
MAX_PROBLEMS = 50
"""So many are told in full; the rest are counted."""
NULLS = frozenset(("", "~", "null", "Null", "NULL"))
FORBIDDEN = re.compile("[^\t\n\r -~\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Any character that cannot stand in a text, written or escaped."""

_TAG_DIRECTIVE = re.compile("(?:^|(?<=[\r\x85\u2028\u2029]))%TAG", re.MULTILINE)


NO_ITEMS: Mapping[str | int, Node] = MappingProxyType({})


class Node(msgspec.Struct, gc=False):
    """A value with its position, and that of its key if it has one; a mapping or list also has its parts.

    `style` is how YAML writes a text: nothing where it is plain, else the mark that begins it. It is None for
    what is no text, and in JSON.
    """

    line: int
    column: int
    value: Any
    style: str | None = None
    key_line: int = 0
    key_column: int = 0
    items: Mapping[str | int, Node] = NO_ITEMS


class StopReading(Exception):  # noqa: N818 (it ends a reading; it is no error of its own)
    """Reading cannot go on; why is the last problem told."""


@dataclass(slots=True)
class _Collection:
    """A mapping or list that is being read; of a mapping also the key whose value comes next."""

    value: Any
    items: dict[str | int, Node]
    awaits_key: bool
    key: str | None = None
    key_line: int = 0
    key_column: int = 0


class Tree:
    """The values read so far, each with its position, and the problems found on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.untold = 0
        self._open: list[_Collection] = []
        self.texts: dict[str, str] = {}
        """All keys and texts, each once: the same few words stand in many places."""
        self.complete = True
        """Whether no key and no item lacks its value."""
        self._count = 0

    def tell(self, code: str, text: str, line: int, column: int, cure: str) -> None:
        """Gather one problem, or count it when there are many already."""
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(code, text, Place(self.file, line, column), cure))
        else:
            self.untold += 1

    def stop(self, code: str, text: str, line: int, column: int, cure: str) -> StopReading:
        """Gather the problem that ends the reading, however many there are."""
        self.problems.append(Problem(code, text, Place(self.file, line, column), cure))
        return StopReading()

    def raise_problems(self) -> None:
        """Raise InputError if anything was found."""
        if self.untold:
            told = f"and {self.untold} more problem{'s' if self.untold > 1 else ''}"
            cure = "mend the ones above first"
            self.problems.append(Problem("more-problems", told, Place(self.file), cure))
            self.untold = 0
        if self.problems:
            raise InputError(self.problems)

    def refuse_escaped(self, text: str, line: int, column: int) -> None:
        """Tell of a character that an escape has brought into a text and that cannot stand there."""
        bad = FORBIDDEN.search(text)
        if bad:
            problem = forbidden_character(bad[0], Place(self.file))
            self.tell(problem.code, problem.text, line, column, problem.cure)

    def add_scalar(self, text: str, line: int, column: int, value: Any, style: str | None = None) -> None:
        """Take a key or a value, whichever is due. `text` is what a key is called."""
        here = self._open[-1] if self._open else None
        if here is None or not here.awaits_key:
            if value is text:
                value = self.texts.setdefault(text, text)
            elif value is None:
                self.complete = False
            self._attach(here, Node(line, column, value, style))
            return
        self._count_one(line, column)
        text = self.texts.setdefault(text, text)
        if text in here.items or text == "<<":
            self._doubt_key(here, text, line, column, plain=style == "")
        here.key, here.key_line, here.key_column, here.awaits_key = text, line, column, False

    def open(self, value: dict[str, Any] | list[Any], line: int, column: int) -> None:
        """Begin a mapping or a list."""
        if len(self._open) == MAX_DEPTH:
            self.problems.append(too_deep(Place(self.file, line, column)))
            raise StopReading()
        items: dict[str | int, Node] = {}
        here = self._open[-1] if self._open else None
        if here is not None and here.awaits_key:
            told = "a mapping or list cannot be a key"
            cure = 'put a value that begins with a bracket in quotes, as in `"{{ name }}"`; a key is a text'
            self.tell("yaml-complex-key", told, line, column, cure)
            here.key, here.key_line, here.key_column, here.awaits_key = "", line, column, False
        else:
            self._attach(here, Node(line, column, value, items=items))
        self._open.append(_Collection(value, items, isinstance(value, dict)))

    def close(self) -> None:
        """End the mapping or list begun last."""
        self._open.pop()

    def _count_one(self, line: int, column: int) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            told = f"there are more than {MAX_NODES} keys and values"
            raise self.stop("yaml-too-many-nodes", told, line, column, "split the file into several")

    def _doubt_key(self, here: _Collection, key: str, line: int, column: int, plain: bool) -> None:
        if plain and key == "<<":
            cure = "write the keys out, or give the scenario `parameters:`"
            self.tell("yaml-merge-key", "merge keys (`<<`) are not taken", line, column, cure)
        elif key in here.items:
            first = here.items[key]
            told = f"the key `{clip(key)}` stands already at line {first.key_line}, column {first.key_column}"
            self.tell("yaml-duplicate-key", told, line, column, "keep one of the two")

    def _attach(self, here: _Collection | None, node: Node) -> None:
        self._count_one(node.line, node.column)
        if here is None:
            self.root = node
        elif (key := here.key) is None:
            here.items[len(here.value)] = node
            here.value.append(node.value)
        else:
            node.key_line, node.key_column = here.key_line, here.key_column
            here.items[key] = node
            here.value[key] = node.value
            here.awaits_key = True


def grow_from_yaml(tree: Tree, text: str) -> None:
    """Read YAML into an empty tree. Raises StopReading at a limit, and what PyYAML raises on bad grammar."""
    directive = _TAG_DIRECTIVE.search(text) if "%TAG" in text else None
    if directive:  # libyaml compares each of these with all others, which takes minutes for a large file
        place = place_in(text, directive.start(), tree.file)
        told = "the directive %TAG is not taken"
        raise tree.stop("yaml-tag", told, place.line, place.column, "leave it out")
    documents = 0
    next_event = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text).get_event
    scalar, add_scalar = yaml.ScalarEvent, tree.add_scalar
    while (event := next_event()) is not None:
        kind, mark = type(event), event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if kind is scalar:
            if event.tag is not None or event.anchor is not None:
                _refuse_decoration(tree, event, line, column)
            written, style = event.value, event.style or ""
            if style == '"':
                tree.refuse_escaped(written, line, column)
            value = None if not style and written in NULLS else written
            add_scalar(written, line, column, value, style)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            _refuse_decoration(tree, event, line, column)
            tree.open({} if kind is yaml.MappingStartEvent else [], line, column)
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            tree.close()
        elif kind is yaml.AliasEvent:
            told = f"the alias `*{clip(str(event.anchor))}` is not taken"
            cure = "write it out, or name it once under `parameters:`; quote a text that begins with `*`"
            tree.tell("yaml-alias", told, line, column, cure)
            tree.add_scalar(f"*{event.anchor}", line, column, None)
        elif kind is yaml.DocumentStartEvent:
            documents += 1
            if documents > 1:
                told = "a second document begins here"
                raise tree.stop("yaml-many-documents", told, line, column, "keep one document in a file")


def _refuse_decoration(tree: Tree, event: Any, line: int, column: int) -> None:
    if event.tag is not None:
        cure = "leave it out; quote a text that begins with `!`"
        shown = clip(event.tag.replace("tag:yaml.org,2002:", "!!", 1))
        tree.tell("yaml-tag", f"the tag `{shown}` is not taken", line, column, cure)
    if event.anchor is not None:
        cure = "leave it out, or name it once under `parameters:`; quote a text that begins with `&`"
        tree.tell("yaml-anchor", f"the anchor `&{clip(event.anchor)}` is not taken", line, column, cure)


def forbidden_character(character: str, place: Place) -> Problem:
    """The problem that a control character or half of a surrogate pair is."""
    kind = "half of a surrogate pair" if "\ud800" <= character <= "\udfff" else "a control character"
    told = f"U+{ord(character):04X}, {kind}, cannot stand in a text"
    return Problem("control-character", told, place, "delete it, or type the text anew")


def too_deep(place: Place) -> Problem:
    """The problem of a collection inside so many others that reading ends."""
    told = f"more than {MAX_DEPTH} mappings and lists stand inside one another"
    return Problem("yaml-too-deep", told, place, "nest less; check for a bracket left open")


def place_in(text: str, index: int, file: str) -> Place:
    """The line and column, from 1, of the character at `index`, from 0."""
    return Place(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))


def clip(text: str) -> str:
    """At most 60 characters of a user's text on one line, fit for a message."""
    if len(text) <= 60 and text.isprintable():
        return text
    flat = "".join(character if character.isprintable() else " " for character in text[:61])
    return flat if len(text) <= 60 else flat[:57] + "…"
