"""Formatting: files of rules in one canonical style, with every value, comment and group of lines kept.

    text → tree (values with their comments) → layout → text

What comes out is read again and held against what went in; a text that would say something else, or lose a
comment, is left alone.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable

import yaml

from followup.documents import read_document
from followup.errors import InputError, Place, Problem
from followup.formatting.layout import laid_out
from followup.formatting.shapes import Shape, shape_of_file
from followup.formatting.tree import comments_of, read_tree

__all__ = ["formatted"]

_FRONT = re.compile(r"\A---[ \t]*\n(.*?)^---[ \t]*$\n?", re.DOTALL | re.MULTILINE)


def formatted(text: str, kind: str, file: str) -> str:
    """The text of a file in canonical style, with the line ends that it has.

    `kind` is scenario, tests, settings, language, state or message. Raises InputError for a text that cannot
    be read, or not be rewritten without loss; `file` is the name that problems carry.
    """
    if _is_json(text):
        return text
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    made = _message(plain, file) if kind == "message" else _document(plain, shape_of_file(kind), file)
    return made.replace("\n", "\r\n") if "\r\n" in text else made


def _is_json(text: str) -> bool:
    """JSON is YAML, too, but has a style of its own."""
    try:
        return bool(text.lstrip("\ufeff \t\r\n").startswith(("{", "["))) and json.loads(text) is not None
    except (ValueError, RecursionError):
        return False


def _document(text: str, shape: Shape, file: str) -> str:
    before = read_document(text, file)
    try:
        header, root = read_tree(text)
        kept = _counted([*header, *comments_of(root)])
        made = "\n".join(laid_out(header, root, shape)).rstrip("\n") + "\n"
        header, root = read_tree(made)
        after = read_document(made, file)
    except (InputError, yaml.YAMLError):
        raise _loss(file) from None
    same = before.value == after.value and before.core_value() == after.core_value()
    if not same or kept != _counted([*header, *comments_of(root)]):
        raise _loss(file)
    return made


def _loss(file: str) -> InputError:
    told = "the file cannot be rewritten without loss, so it is left as it is"
    cure = "write the line with the odd comment or text more plainly; please report it"
    return InputError([Problem("format-loss", told, Place(file), cure)])


def _counted(comments: Iterable[str]) -> Counter[str]:
    return Counter(comment for comment in comments if comment)


def _message(text: str, file: str) -> str:
    """Front matter in canonical style, and below it a text without spaces at the ends of its lines."""
    match = _FRONT.match(text)
    body = text[match.end() :] if match else text
    lines = [line.rstrip() for line in body.strip("\n").split("\n")]
    written = "\n".join(lines).strip("\n") + "\n"
    if match is None:
        return written
    front = match[1]
    if not any(line.strip() and not line.lstrip().startswith("#") for line in front.split("\n")):
        return f"---\n{front}---\n{written}"
    return f"---\n{_document(front, shape_of_file('message'), file)}---\n{written}"
