"""Values with their positions, grown from the event stream of YAML within bounds.

Events rather than composed nodes: libyaml's composer recurses and dies by a signal on deep nesting, while its
parser is iterative and can be left at any moment. So a `Tree` keeps its own stack, counts as it grows, and
gathers problems; only grammar, depth and number end the reading. JSON grows the same tree from its tokens,
in `followup.documents`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from followup.errors import InputError, Place, Problem

__all__ = [
    "FORBIDDEN",
    "MAX_DEPTH",
    "MAX_NODES",
    "MAX_PROBLEMS",
    "NULLS",
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


@dataclass(slots=True)
class Node:
    """A value with its position; a mapping or list also has its parts, a mapping the places of its keys.

    `text_at` is where the first character of a text stands of which all lie in the file as in the value: on
    one line without escapes, or in the lines of a block. None for any other.
    """

    line: int
    column: int
    value: Any
    plain: bool = False
    text_at: tuple[int, int] | None = None
    items: dict[str | int, Node] = field(default_factory=dict)
    keys: dict[str, tuple[int, int]] = field(default_factory=dict)


class StopReading(Exception):  # noqa: N818 (it ends a reading; it is no error of its own)
    """Reading cannot go on; why is the last problem told."""


class Tree:
    """The values read so far, each with its position, and the problems found on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.root: Node | None = None
        self.problems: list[Problem] = []
        self.untold = 0
        self._open: list[Node] = []
        self._keys: list[str | None] = []  # for each open collection the key whose value comes next
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

    def add_scalar(
        self,
        text: str,
        line: int,
        column: int,
        plain: bool = False,
        value: Any = None,
        text_at: tuple[int, int] | None = None,
    ) -> None:
        """Take a key or a value, whichever is due. `text` is what a key is called."""
        bad = FORBIDDEN.search(text)
        if bad:
            problem = forbidden_character(bad[0], Place(self.file))
            self.tell(problem.code, problem.text, line, column, problem.cure)
        if self._awaits_key():
            self._count_one(line, column)
            self._add_key(text, line, column, plain)
        else:
            self._attach(Node(line, column, value, plain, text_at))

    def open(self, value: dict[str, Any] | list[Any], line: int, column: int) -> None:
        """Begin a mapping or a list."""
        if len(self._open) == MAX_DEPTH:
            self.problems.append(too_deep(Place(self.file, line, column)))
            raise StopReading()
        node = Node(line, column, value)
        if self._awaits_key():
            told = "a mapping or list cannot be a key"
            cure = 'put a value that begins with a bracket in quotes, as in `"{{ name }}"`; a key is a text'
            self.tell("yaml-complex-key", told, line, column, cure)
            self._keys[-1] = ""
        else:
            self._attach(node)
        self._open.append(node)
        self._keys.append(None)

    def close(self) -> None:
        """End the mapping or list begun last."""
        self._open.pop()
        self._keys.pop()

    def _awaits_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1].value, dict) and self._keys[-1] is None

    def _count_one(self, line: int, column: int) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            told = f"there are more than {MAX_NODES} keys and values"
            raise self.stop("yaml-too-many-nodes", told, line, column, "split the file into several")

    def _add_key(self, key: str, line: int, column: int, plain: bool) -> None:
        if plain and key == "<<":
            cure = "write the keys out, or give the scenario `parameters:`"
            self.tell("yaml-merge-key", "merge keys (`<<`) are not taken", line, column, cure)
        elif key in self._open[-1].keys:
            first_line, first_column = self._open[-1].keys[key]
            told = f"the key `{clip(key)}` stands already at line {first_line}, column {first_column}"
            self.tell("yaml-duplicate-key", told, line, column, "keep one of the two")
        self._open[-1].keys.setdefault(key, (line, column))
        self._keys[-1] = key

    def _attach(self, node: Node) -> None:
        self._count_one(node.line, node.column)
        if not self._open:
            self.root = node
            return
        parent, key = self._open[-1], self._keys[-1]
        if key is None:
            parent.items[len(parent.value)] = node
            parent.value.append(node.value)
        else:
            parent.items[key] = node
            parent.value[key] = node.value
            self._keys[-1] = None


def grow_from_yaml(tree: Tree, text: str) -> None:
    """Read YAML into an empty tree. Raises StopReading at a limit, and what PyYAML raises on bad grammar."""
    directive = _TAG_DIRECTIVE.search(text)
    if directive:  # libyaml compares each of these with all others, which takes minutes for a large file
        place = place_in(text, directive.start(), tree.file)
        told = "the directive %TAG is not taken"
        raise tree.stop("yaml-tag", told, place.line, place.column, "leave it out")
    documents = 0
    events: Iterator[Any] = yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    for event in events:
        line, column = event.start_mark.line + 1, event.start_mark.column + 1
        match event:
            case yaml.DocumentStartEvent():
                documents += 1
                if documents > 1:
                    told = "a second document begins here"
                    raise tree.stop("yaml-many-documents", told, line, column, "keep one document in a file")
            case yaml.AliasEvent():
                told = f"the alias `*{clip(str(event.anchor))}` is not taken"
                cure = "write it out, or name it once under `parameters:`; quote a text that begins with `*`"
                tree.tell("yaml-alias", told, line, column, cure)
                tree.add_scalar(f"*{event.anchor}", line, column)
            case yaml.ScalarEvent():
                _refuse_decoration(tree, event, line, column)
                plain = not event.style
                value = None if plain and event.value in NULLS else event.value
                tree.add_scalar(event.value, line, column, plain, value, _text_at(event, text))
            case yaml.CollectionStartEvent():
                _refuse_decoration(tree, event, line, column)
                tree.open({} if isinstance(event, yaml.MappingStartEvent) else [], line, column)
            case yaml.CollectionEndEvent():
                tree.close()


def _text_at(event: Any, text: str) -> tuple[int, int] | None:
    """Where the characters of a scalar begin, if they lie in the file as in its value."""
    start, end = event.start_mark, event.end_mark
    if event.style == "|":
        return _block_at(event, text)
    quotes = 1 if event.style in ("'", '"') else 0
    as_written = start.line == end.line and end.column - start.column == len(event.value) + 2 * quotes
    return (start.line + 1, start.column + 1 + quotes) if as_written else None


def _block_at(event: Any, text: str) -> tuple[int, int] | None:
    begins = text.find("\n", event.start_mark.index) + 1
    written = text[begins : text.find("\n", begins)]
    first = event.value.partition("\n")[0]
    if not begins or not first or not written.endswith(first):
        return None
    return event.start_mark.line + 2, len(written) - len(first) + 1


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
    flat = "".join(character if character.isprintable() else " " for character in text[:61])
    return flat if len(text) <= 60 else flat[:57] + "…"
