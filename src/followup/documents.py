"""One strict reader for every file: rules, states, settings and tests, in YAML or JSON.

YAML says what it shows: every scalar stays text until typed code converts it, so `no`, `10:00` and
`0123456` never change their meaning on the way in. What could surprise is refused: duplicate keys, tags,
anchors, aliases, merge keys, several documents. What could harm is bounded: size before parsing, depth and
number of values while parsing. JSON is held to the same limits, under the same codes, and keeps its types.

    text → events (YAML) or tokens (JSON) → Tree: values with their positions → Document
"""

from __future__ import annotations

import codecs
import json
import math
import os
import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import yaml

from followup.errors import InputError, Place, Problem
from followup.usual_json import LONG_NUMBER, MAX_DIGITS, usual_json
from followup.yaml_events import (
    FORBIDDEN,
    MAX_DEPTH,
    MAX_NODES,
    MAX_PROBLEMS,
    Node,
    StopReading,
    Tree,
    clip,
    forbidden_character,
    grow_from_yaml,
    place_in,
)
from followup.yaml_mistakes import syntax_problem

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "MAX_NODES",
    "MAX_PROBLEMS",
    "Document",
    "bytes_of",
    "format_path",
    "read_document",
    "read_path",
]

MAX_BYTES = 2 * 1024 * 1024

Path = tuple[str | int, ...]

_FORBIDDEN_ESCAPE = re.compile(r"\\(?:[bf]|u(?:00[0189]|007[fF]|[dD][89a-fA-F]|[fF]{3}[eEfF]))")
_JSON_TOKEN = re.compile(r'[\[\]{}:,]|"(?>[^"\\]|\\.)*+"|[^\s\[\]{}:,"]++')
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_SPACED_NULL = re.compile(r'"[^" ]*+ [^"]*+"\s*+:\s*+null')
_PLAIN_STEP = re.compile(r"[\w-]+")

_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(r"[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Document:
    """What a file says, as plain data, and where it says it.

    `value` is made of dict, list and str, with None for an empty or null plain scalar; JSON keeps its
    numbers and booleans. `file` is the name that problems carry. `may_be_parted` tells whether there may be
    a key with a space in it and without a value, which stands there where a comma parted a text. `complete`
    is True where every key and item is known to have a value, and `texts` holds all keys and texts, where
    they are known, each once.
    """

    file: str
    value: Any
    _root: Callable[[], Node] = field(repr=False, compare=False)
    _text: str = field(default="", repr=False, compare=False)
    may_be_parted: bool = field(default=True, repr=False, compare=False)
    complete: bool = field(default=False, repr=False, compare=False)
    texts: Collection[str] | None = field(default=None, repr=False, compare=False)

    @classmethod
    def of(cls, data: Any) -> Document:
        """Plain data that a caller handed over: its places have no lines, only paths."""
        return cls("", data, lambda: Node(0, 0, data))

    def place(self, path: Path, key: bool = False) -> Place:
        """The position of the value at `path`, or with `key` of the mapping key that leads to it.

        A path that the document does not have gets the position of its nearest ancestor.
        """
        node = self._root()
        for step in path:
            child = node.items.get(step)
            if child is None:
                break
            node = child
        else:
            if key and path and isinstance(path[-1], str):
                return Place(self.file, node.key_line, node.key_column, format_path(path))
        return Place(self.file, node.line, node.column, format_path(path))

    def place_within(self, path: Path, index: int) -> Place:
        """The position of the character at `index`, from 0, of the text at `path`.

        That of the whole text where its characters do not lie in the file as they do in the value.
        """
        node: Node | None = self._root()
        for step in path:
            node = node.items.get(step) if node else None
        begins = None if node is None else _text_at(node, self._text)
        if node is None or begins is None:
            return self.place(path)
        line, column = begins
        before = node.value[:index]
        return Place(
            self.file,
            line + before.count("\n"),
            column + len(before) - (before.rfind("\n") + 1),
            format_path(path),
        )

    def is_plain(self, path: Path) -> bool:
        """Whether an unquoted YAML scalar stands at `path`; False for JSON and where nothing stands."""
        node = self._root()
        for step in path:
            if step not in node.items:
                return False
            node = node.items[step]
        return node.style == ""

    def core_value(self) -> Any:
        """The value with its plain scalars read as YAML 1.2 does, for validation by JSON Schema.

        Stricter than YAML in two points: a number with a leading zero and one that JSON could not say
        (infinite, or of more than 300 digits) stay text.
        """
        return _resolve(self._root())


def format_path(path: Path) -> str:
    """`("events", 2, "at")` as `events[2].at`; a key that is no plain word stands in brackets and quotes."""
    return "".join(map(_shown_step, path)).removeprefix(".")


@lru_cache(maxsize=1000)
def _shown_step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    if _PLAIN_STEP.fullmatch(step):
        return f".{clip(step)}"
    return f"[{json.dumps(clip(step), ensure_ascii=False)}]"


def read_path(path: str | os.PathLike[str]) -> Document:
    """Read a file of UTF-8 text. Raises InputError if it cannot be opened, decoded or read."""
    return read_document(bytes_of(path), _shown(path))


def bytes_of(path: str | os.PathLike[str]) -> bytes:
    """What stands in a file, or so much of it that it is seen to be too long. Raises InputError."""
    file = _shown(path)
    try:
        with open(path, "rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        told, cure = "there is no such file", "check its name and folder"
        raise _refusal("file-missing", told, Place(file), cure) from None
    except IsADirectoryError:
        raise _refusal("file-unreadable", "this is a folder", Place(file), "name a file inside it") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        told = f"the file cannot be read: {clip(reason)}"
        raise _refusal("file-unreadable", told, Place(file), "check its name and permissions") from None


def _shown(path: str | os.PathLike[str]) -> str:
    return os.fspath(path).encode("utf-8", "backslashreplace").decode()


def read_document(text: str | bytes, file: str) -> Document:
    """Read YAML or JSON. `file` is the name that problems carry; one that ends in `.json` must hold JSON.

    Raises InputError with every problem that can be found in one reading.
    """
    if len(text) > MAX_BYTES or (isinstance(text, str) and len(text.encode("utf-8", "replace")) > MAX_BYTES):
        told = f"the text is larger than {MAX_BYTES // 1024} KiB"
        raise _refusal("yaml-too-large", told, Place(file), "split it into several files")
    if isinstance(text, bytes):
        text = _decode(text, file)
    text = text.removeprefix("\ufeff")
    usual = usual_json(text)
    if usual is not None:
        parted = "null" in text and _SPACED_NULL.search(text) is not None
        return Document(file, usual, cache(lambda: _json_root(text, file)), may_be_parted=parted)
    _refuse_characters(text, file)
    if file.lower().endswith(".json"):
        return _read_json(text, file)
    if text.lstrip().startswith(("{", "[")):
        with suppress(_NotJsonError):
            return _read_json(text, file)
    return _read_yaml(text, file)


def _decode(data: bytes, file: str) -> str:
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start].decode()
        place = place_in(before, len(before), file)
        told = f"the text is not UTF-8: byte 0x{data[error.start]:02x} cannot stand here"
        raise _refusal("file-encoding", told, place, "save the file as UTF-8") from None


def _refuse_characters(text: str, file: str) -> None:
    tree = Tree(file)
    for match in FORBIDDEN.finditer(text):
        if len(tree.problems) < MAX_PROBLEMS:
            tree.problems.append(forbidden_character(match[0], place_in(text, match.start(), file)))
        else:
            tree.untold += 1
    tree.raise_problems()


def _read_yaml(text: str, file: str) -> Document:
    tree = Tree(file)
    try:
        grow_from_yaml(tree, text)
    except StopReading:
        pass
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        tree.problems.append(syntax_problem(error, text, file))
    tree.raise_problems()
    root = tree.root
    if root is None or root.value is None:
        raise _empty(file)
    return Document(file, root.value, lambda: root, text, complete=tree.complete, texts=tree.texts)


class _NotJsonError(InputError):
    """The text breaks the grammar of JSON; it may still be YAML."""


def _read_json(text: str, file: str) -> Document:
    """Raises _NotJsonError where the grammar of JSON is broken, and InputError where a limit or rule is."""
    deep = _too_deep(text)
    if deep is not None:
        told = f"more than {MAX_DEPTH} objects and lists stand inside one another"
        raise _NotJsonError([Problem("yaml-too-deep", told, place_in(text, deep, file), "nest less")])
    at_most = 1 + sum(text.count(mark) for mark in ",:[{")
    suspect = at_most > MAX_NODES or _FORBIDDEN_ESCAPE.search(text) is not None

    def suspicious(_: str) -> None:
        nonlocal suspect
        suspect = True

    def mapping(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal suspect
        value = dict(pairs)
        suspect = suspect or len(value) < len(pairs)
        return value

    def number(read: Callable[[str], Any]) -> Callable[[str], Any]:
        return lambda digits: suspicious(digits) if _is_bad_number(digits) else read(digits)

    try:
        value = json.loads(
            text,
            object_pairs_hook=mapping,
            parse_constant=suspicious,
            parse_int=number(int) if LONG_NUMBER.search(text) else int,
            parse_float=number(float),
        )
    except json.JSONDecodeError as error:
        cure = "mend it there; JSON wants double quotes, no comments and no comma before a closing bracket"
        place = Place(file, error.lineno, error.colno)
        told = f"this is not JSON: {clip(error.msg)}"
        raise _NotJsonError([Problem("json-syntax", told, place, cure)]) from None
    if suspect:
        tree = Tree(file)
        with suppress(StopReading):
            _grow_from_json(tree, text)
        tree.raise_problems()
    if value is None:
        raise _empty(file)
    return Document(file, value, cache(lambda: _json_root(text, file)))


def _json_root(text: str, file: str) -> Node:
    tree = Tree(file)
    _grow_from_json(tree, text)
    assert tree.root is not None, "valid JSON has a value"
    return tree.root


def _grow_from_json(tree: Tree, text: str) -> None:
    for token, line, column in _json_tokens(text):
        if token in "{[":
            tree.open({} if token == "{" else [], line, column)
        elif token in "}]":
            tree.close()
        elif token[0] == '"':
            content = json.loads(token)
            tree.refuse_escaped(content, line, column)
            tree.add_scalar(content, line, column, content)
        elif token not in ":,":
            if _is_bad_number(token):
                told = f"the number `{clip(token)}` is too large or no number"
                tree.tell("json-number", told, line, column, "write a number of ordinary size, or quote it")
                tree.add_scalar("", line, column, None)
            else:
                tree.add_scalar(token, line, column, json.loads(token))


def _json_tokens(text: str) -> Iterator[tuple[str, int, int]]:
    line, line_start, seen = 1, 0, 0
    for match in _JSON_TOKEN.finditer(text):
        start = match.start()
        breaks = text.count("\n", seen, start)
        if breaks:
            line += breaks
            line_start = text.rindex("\n", seen, start) + 1
        seen = start
        yield match[0], line, start - line_start + 1


def _too_deep(text: str) -> int | None:
    """Where brackets are nested too deep: asked first, since a JSON parser may recurse into each."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return None
    depth = 0
    for match in _JSON_TOKEN.finditer(text):
        depth += (match[0] in "[{") - (match[0] in "]}")
        if depth > MAX_DEPTH:
            return match.start()
    return None


def _is_bad_number(token: str) -> bool:
    if token in ("true", "false", "null"):
        return False
    if len(token) > MAX_DIGITS and token.lstrip("-").isdigit():
        return True
    return not math.isfinite(float(token))


def _resolve(node: Node) -> Any:
    if isinstance(node.value, dict):
        return {key: _resolve(child) for key, child in node.items.items()}
    if isinstance(node.value, list):
        return [_resolve(child) for child in node.items.values()]
    return _core_scalar(node.value) if node.style == "" and node.value is not None else node.value


def _text_at(node: Node, text: str) -> tuple[int, int] | None:
    """Where the first character of a text stands of which all lie in the file as in the value.

    That is so on one line without escapes, and in the lines of a block.
    """
    if node.style in (None, ">") or node.value is None:
        return None
    lines = _LINE_BREAK.split(text)
    if node.style == "|":
        first, written = node.value.partition("\n")[0], "".join(lines[node.line : node.line + 1])
        lies_there = first and written.endswith(first)
        return (node.line + 1, len(written) - len(first) + 1) if lies_there else None
    mark = node.style if node.style in ("'", '"') else ""
    written = lines[node.line - 1][node.column - 1 :]
    as_written = written.startswith(mark + node.value + mark)
    return (node.line, node.column + len(mark)) if as_written else None


def _core_scalar(text: str) -> Any:
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if len(text) <= MAX_DIGITS:
        if _WHOLE.fullmatch(text):
            return int(text)
        if _BASED.fullmatch(text):
            return int(text, 0)
        if _REAL.fullmatch(text) and math.isfinite(float(text)):
            return float(text)
    return text


def _empty(file: str) -> InputError:
    told, cure = "the document is empty", "write at least one key and value"
    return _refusal("yaml-empty", told, Place(file, 1, 1), cure)


def _refusal(code: str, text: str, place: Place, cure: str) -> InputError:
    return InputError([Problem(code, text, place, cure)])
