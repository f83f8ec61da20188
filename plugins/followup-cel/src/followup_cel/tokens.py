"""The words of an expression with their places: what CEL's own messages do not say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

__all__ = ["Token", "tokens"]

_TOKEN = re.compile(
    r"""
    (?P<comment>//[^\n]*)
  | (?P<text>
        [rR]?(?:\"{3}.*?\"{3}|'{3}.*?'{3})
      | [rR](?:"[^"\n]*"|'[^'\n]*')
      | "(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'
    )
  | (?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)
  | (?P<number>[0-9][A-Za-z0-9_.]*)
  | (?P<sign>[=!<>]=|&&|\|\||\S)
    """,
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word of an expression, and the place of its first character. A dotted name is one word."""

    kind: Literal["text", "name", "number", "sign"]
    text: str
    index: int

    @property
    def inside(self) -> str:
        """Of a text what stands between its quotes, as written."""
        return self.text.lstrip("rR").strip(self.text[-1])


def tokens(expression: str) -> Iterator[Token]:
    """The words in order, without comments."""
    for found in _TOKEN.finditer(expression):
        if found.lastgroup != "comment":
            yield Token(found.lastgroup, found[0], found.start())  # type: ignore[arg-type]
