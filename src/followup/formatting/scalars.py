"""How a scalar is written: without quotes where it can be, in double quotes where that is plain to see."""

from __future__ import annotations

from functools import lru_cache

import yaml

from followup.documents import read_document
from followup.errors import InputError
from followup.formatting.tree import BLOCK_STYLES, Scalar, comments_of, read_tree

__all__ = ["LONGEST_WORD", "block_lines", "is_word", "one_line"]

LONGEST_WORD = 40
_RESOLVER = yaml.resolver.Resolver()
_TEXT = "tag:yaml.org,2002:str"
_BEGINS = "/$._("
"""What a text without quotes may begin with, beside letters and digits."""


def one_line(scalar: Scalar, *, in_brackets: bool) -> str:
    """The scalar as it is written on one line, on which it already stands."""
    written = scalar.lines[0].rstrip()
    if not scalar.style:
        return written
    if _needs_no_quotes(scalar.value, in_brackets=in_brackets):
        return scalar.value
    if scalar.style == "'" and not set('"\\') & set(scalar.value) and scalar.value.isprintable():
        return f'"{scalar.value}"'
    return written


def block_lines(scalar: Scalar, column: int) -> list[str]:
    """The scalar as several lines, the first to stand behind its key, the others indented to `column`."""
    pad = " " * column
    if scalar.style not in BLOCK_STYLES:
        below = [_unspaced(line.lstrip(" \t")) for line in scalar.lines[1:]]
        return [_unspaced(scalar.lines[0]), *(pad + line if line else "" for line in below)]
    content = [line[scalar.indent :] for line in scalar.lines[1:]]
    mark, _, comment = scalar.lines[0].partition(" ")
    mark = "".join(character for character in mark if not character.isdigit())
    first = next((line for line in content if line.strip(" ")), content[0] if content else "")
    if first.startswith(" "):
        mark = f"{mark[0]}2{mark[1:]}"
    header = f"{mark}  {comment.strip()}" if comment.strip() else mark
    return [header, *(pad + line if line else "" for line in content)]


def is_word(scalar: Scalar) -> bool:
    """Whether it is short and needs no quotes in brackets, so that it can stand in a row with others."""
    if len(scalar.lines) > 1 or scalar.style in BLOCK_STYLES or len(scalar.value) > LONGEST_WORD:
        return False
    return bool(scalar.value) and _stands_alone(one_line(scalar, in_brackets=False), in_brackets=True)


def _unspaced(line: str) -> str:
    """The line without spaces at its end, but for one that a backslash keeps."""
    bare = line.rstrip(" \t")
    return line[: len(bare) + 1] if bare.endswith("\\") else bare


@lru_cache(maxsize=4096)
def _needs_no_quotes(value: str, *, in_brackets: bool) -> bool:
    """Whether a text is read as the same text without quotes, also by readers that guess types."""
    if not value or value != value.strip() or not value.isprintable():
        return False
    if not (value[0].isalnum() or value[0] in _BEGINS):
        return False
    kind: str = _RESOLVER.resolve(yaml.ScalarNode, value, (True, False))  # type: ignore[no-untyped-call]
    return kind == _TEXT and _stands_alone(value, in_brackets=in_brackets)


@lru_cache(maxsize=4096)
def _stands_alone(written: str, *, in_brackets: bool) -> bool:
    """Whether a text without quotes is read whole, as a text, where it is to stand."""
    line = f"a: [{written}]\n" if in_brackets else f"a: {written}\n"
    try:
        value = read_document(line, "a text").core_value()["a"]
        _, tree = read_tree(line)
    except (InputError, yaml.YAMLError):
        return False
    wanted: object = [written] if in_brackets else written
    return tree is not None and not any(comments_of(tree)) and value == wanted
