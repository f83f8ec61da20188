"""Tables as text: bytes decoded, the separator found, rows with the lines on which they begin.

Spreadsheets write UTF-8 with or without a mark, UTF-16 and Windows-1252; with commas, semicolons or tabs.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from followup.errors import InputError, Place, Problem

__all__ = ["MOST_BYTES", "MOST_IN_A_CELL", "Row", "decoded", "read_rows"]

MOST_BYTES = 64 * 1024 * 1024
MOST_IN_A_CELL = 20_000
"""The longest text that a state holds."""
MOST_ROWS = 100_000
MOST_COLUMNS = 2_000
SEPARATORS = ",;\t|"
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row, and the line on which it begins."""

    line: int
    cells: tuple[str, ...]


def decoded(data: bytes, file: str) -> str:
    """The text of a file. Raises InputError for what is none."""
    if len(data) > MOST_BYTES:
        told = f"the file is larger than {MOST_BYTES // 1024 // 1024} MiB"
        raise InputError([Problem("file-too-large", told, Place(file), "split it")])
    if data.startswith(b"PK\x03\x04"):
        told = "this is a workbook or an archive, not a table in text"
        cure = "save the sheet as CSV, or unpack the archive and name the file in it"
        raise InputError([Problem("file-encoding", told, Place(file), cure)])
    mark, encoding = next(((m, name) for m, name in _MARKS.items() if data.startswith(m)), (b"", ""))
    if not encoding and b"\0" in data[:200]:
        # UTF-16 without its mark: every other byte of plain letters is 0.
        encoding = "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    for name in [encoding] if encoding else ["utf-8", "cp1252"]:
        try:
            text = data.removeprefix(mark).decode(name)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    told = "this is no text in UTF-8, UTF-16 or Windows-1252"
    raise InputError([Problem("file-encoding", told, Place(file), "save the file as UTF-8")])


def read_rows(text: str, file: str) -> tuple[Row, ...]:
    """The rows that hold anything. Raises InputError where the table cannot be read."""
    limit = csv.field_size_limit(MOST_BYTES)
    try:
        return tuple(_rows(text, file))
    finally:
        csv.field_size_limit(limit)


def _rows(text: str, file: str) -> Iterator[Row]:
    said = re.match(r"sep=([,;\t|])\r?\n", text)
    separator = said[1] if said else _separator(text)
    # That line stays, empty, so that all others keep their numbers.
    text = "\n" + text[said.end() :] if said else text
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    line, problems = 1, []
    count = 0
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            count += 1
            if count > MOST_ROWS:
                told = f"the table has more than {MOST_ROWS:,} rows"
                raise InputError([Problem("too-many", told, Place(file, begins, 1), "split it")])
            if len(cells) > MOST_COLUMNS:
                told = f"the row has {len(cells):,} cells; at most {MOST_COLUMNS:,} are read"
                raise InputError([Problem("too-many", told, Place(file, begins, 1), "leave out columns")])
            for number, cell in enumerate(cells, start=1):
                if len(cell) > MOST_IN_A_CELL:
                    told = f"the cell {number} holds {len(cell):,} characters; at most {MOST_IN_A_CELL:,} fit"
                    problems.append(Problem("too-long", told, Place(file, begins, 1), "shorten it"))
            yield Row(begins, tuple(cells))
    except csv.Error as error:
        told, cure = f"the table cannot be read from here: {error}", "see whether a quotation mark is missing"
        raise InputError([*problems, Problem("table", told, Place(file, line, 1), cure)]) from None
    if problems:
        raise InputError(problems[:20])


def _separator(text: str) -> str:
    """The sign that parts most cells in the first lines, quoted cells left out."""
    counts: Counter[str] = Counter()
    quoted = False
    for sign in text[:20_000]:
        if sign == '"':
            quoted = not quoted
        elif not quoted and sign in SEPARATORS:
            counts[sign] += 1
        elif not quoted and sign == "\n" and counts:
            break
    return max(SEPARATORS, key=lambda sign: counts[sign]) if counts else ","
