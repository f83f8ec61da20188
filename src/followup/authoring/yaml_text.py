"""Text of YAML: values in flow style, and entries put into a file without touching what stands there."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from followup.documents import Document, read_document

__all__ = ["CannotInsertError", "flow", "scalar", "with_entry"]

_PLAIN = re.compile(r"[A-Za-z0-9$][A-Za-z0-9 _.$/@+'()-]*(?::[A-Za-z0-9][A-Za-z0-9_.$/@+'()-]*)*")
_NOTHING = {"null", "Null", "NULL"}


class CannotInsertError(ValueError):
    """The file is written in a way that leaves no place for another entry; it says why."""


def scalar(text: str) -> str:
    """A text as YAML writes it on one line: plain where that is safe, else in double quotes."""
    plain = _PLAIN.fullmatch(text) and not text.endswith(" ") and text not in _NOTHING
    return text if plain else json.dumps(text, ensure_ascii=False)


def flow(value: Any) -> str:
    """A plain value in flow style: `{type: interview, with: [dana]}`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(str(key))}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(str(value))


def with_entry(text: str, file: str, key: str, lines: Sequence[str]) -> str:
    """The text of a file with one more entry at the end of the mapping or list at its top-level `key`.

    `lines` are the entry, indented as if it stood at the margin. Every line that was there stays as it
    is. Raises CannotInsertError, and InputError for a text that cannot be read.
    """
    before = read_document(text, file)
    ending = "\r\n" if "\r\n" in text else "\n"
    rows = text.split(ending)
    if not isinstance(before.value, dict):
        raise CannotInsertError("it is no mapping")
    if before.value.get(key) is None:
        if key in before.value:
            raise CannotInsertError(f"`{key}:` stands there without an entry; take that line out")
        rows = [*_without_blank_end(rows), "", f"{key}:", *(f"  {line}" for line in lines), ""]
    else:
        indent, at = _indent(before, key, rows), _end(before, key, rows)
        entry = [(" " * indent + line).rstrip() for line in lines]
        gap = [""] if at and rows[at - 1].strip() else []
        rows[at:at] = [*gap, *entry, *([""] if at == len(rows) else [])]
    made = ending.join(rows)
    _check(before, read_document(made, file), key)
    return made


def _indent(document: Document, key: str, rows: list[str]) -> int:
    """How far the entries of a mapping or list are indented."""
    value = document.value[key]
    path = (key, next(iter(value)) if isinstance(value, dict) else 0) if value else (key,)
    place = document.place(path, key=True)
    row = rows[place.line - 1]
    start = row[: place.column - 1]
    if isinstance(value, list):
        if not re.fullmatch(r"\s*-\s+", start):
            raise CannotInsertError(f"the list at `{key}:` is not written with one `- ` a line")
        return start.index("-")
    if not value or start.strip() or place.line == document.place((key,), key=True).line:
        raise CannotInsertError(f"the mapping at `{key}:` is not written with one entry a line")
    return len(start)


def _end(document: Document, key: str, rows: list[str]) -> int:
    """Where the entries of `key` end: before the next key and the blank lines and comments above it."""
    start = document.place((key,), key=True).line
    later = [document.place((other,), key=True).line for other in document.value]
    end = min((line for line in later if line > start), default=len(rows) + 1) - 1
    while end > start and (not rows[end - 1].strip() or rows[end - 1].startswith("#")):
        end -= 1
    return end


def _without_blank_end(rows: list[str]) -> list[str]:
    end = len(rows)
    while end and not rows[end - 1].strip():
        end -= 1
    return rows[:end]


def _check(before: Document, after: Document, key: str) -> None:
    """That nothing but the one entry differs."""
    rest = {name: value for name, value in after.value.items() if name != key}
    if rest != {name: value for name, value in before.value.items() if name != key}:
        raise CannotInsertError("something else would change")
    had, has = before.value.get(key), after.value[key]
    kept = has[: len(had)] == had if isinstance(had, list) else had is None or {**has, **had} == has
    if not kept:
        raise CannotInsertError("an entry that stands there would change")
