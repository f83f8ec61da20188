"""What a store holds, as one table in CSV: a row for each opportunity, person, event and draft.

Nothing is lost on the way, and no cell is a formula: one that a spreadsheet would run gets a `'` before it,
which goes away when the table is read.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from followup.documents import Document, format_path
from followup.errors import InputError, Place, Problem, did_you_mean
from followup.exchange.holdings import Holding, Holdings, draft_data, read_holding
from followup.exchange.tables import Row

if TYPE_CHECKING:
    from followup.vocabulary import Vocabulary

__all__ = ["HEAD", "armed", "disarmed", "is_sheet", "read_sheet", "sheet_text"]

HEAD = ("opportunity", "row")
"""The first two columns."""
LISTS = {"event": "events", "elsewhere": "elsewhere", "draft": "drafts"}
"""Rows that are items of a list, with the key of the list."""
ROWS = ("opportunity", "person", *LISTS)
_FORMULA = re.compile(r"'*\s*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_DISARMED = re.compile(r"'" + _FORMULA.pattern)


def disarmed(cell: str) -> str:
    """The text as a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def armed(cell: str) -> str:
    """The text that such a cell stands for."""
    return cell[1:] if _DISARMED.match(cell) else cell


def sheet_text(holdings: Holdings) -> str:
    """The table. Line ends are those of RFC 4180."""
    rows = [row for item in holdings.items for row in _rows(item)]
    columns = [*HEAD, *dict.fromkeys(key for row in rows for key in row if key not in HEAD)]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(columns)
    writer.writerows([disarmed(row.get(column, "")) for column in columns] for row in rows)
    return stream.getvalue()


def _rows(item: Holding) -> Iterator[dict[str, str]]:
    name = item.name or ""
    head: dict[str, Any] = {"retired": True} if item.retired else {}
    head |= {"reason": item.reason} if item.reason else {}
    lists = {**item.data, "drafts": [draft_data(draft) for draft in item.drafts]}
    for key, value in item.data.items():
        if key in ("people", *LISTS.values()):
            continue
        if isinstance(value, Mapping):
            head |= {f"{key}.{inner}": each for inner, each in value.items()}
        else:
            head[key] = value
    yield _row(name, "opportunity", head)
    for id_, person in item.data.get("people", {}).items():
        yield _row(name, "person", {"id": id_, **person})
    for kind, key in LISTS.items():
        for each in lists.get(key, ()):
            yield _row(name, kind, each)


def _row(name: str, kind: str, values: Mapping[str, Any]) -> dict[str, str]:
    cells = {key: _cell(value) for key, value in values.items()}
    return {"opportunity": name, "row": kind, **cells}


def _cell(value: Any) -> str:
    if not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    # An empty cell is nothing at all, and what looks like a list is one.
    return json.dumps(value, ensure_ascii=False) if not value or value[0] in '[{"' else value


def is_sheet(text: str) -> bool:
    """Whether a text is a table of ours, whatever sign parts its cells."""
    return re.match(r'\s*"?opportunity"?[,;\t|]"?row"?(?:[,;\t|]|\s*$)', text, re.MULTILINE) is not None


def read_sheet(table: Sequence[Row], file: str, vocabulary: Vocabulary) -> Holdings:
    """The states of a table of ours. Raises InputError."""
    header, rows = table[0].cells, table[1:]
    problems: list[Problem] = []
    found: dict[str, dict[str, Any]] = {}
    lines: dict[str, dict[str, int]] = {}
    for row in rows:
        line = row.line
        values = {key: cell for key, cell in zip(header, row.cells, strict=False) if cell}
        name, kind = values.pop("opportunity", ""), values.pop("row", "")
        if not name or kind not in ROWS:
            told = f"no row is a `{kind[:40]}`" if name else "the opportunity has no name"
            problems.append(Problem("row", told, Place(file, line, 1), did_you_mean(kind[:40], ROWS)))
            continue
        state = found.setdefault(name, {"opportunity": name})
        read = {key: _value(armed(cell)) for key, cell in values.items()}
        _take(kind, read, state, line, lines.setdefault(name, {}))
    items = []
    for name, state in found.items():

        def place(inside: Place, at: Mapping[str, int] = lines[name]) -> Place:
            near = [prefix for prefix in at if inside.path.startswith(prefix)]
            return Place(file, at[max(near, key=len)] if near else min(at.values()), 1, inside.path)

        try:
            items.append(read_holding(Document.of(state), vocabulary, place))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(sorted(problems, key=lambda problem: problem.place.line))
    return Holdings(tuple(items))


def _take(kind: str, values: dict[str, Any], state: dict[str, Any], line: int, lines: dict[str, int]) -> None:
    if kind == "opportunity":
        lines[""] = line
        for key, value in values.items():
            outer, dot, inner = key.partition(".")
            if dot:
                state.setdefault(outer, {})[inner] = value
            else:
                state[key] = value
    elif kind == "person":
        id_ = str(values.pop("id", ""))
        state.setdefault("people", {})[id_] = values
        lines[format_path(("people", id_))] = line
    else:
        into = state.setdefault(LISTS[kind], [])
        lines[f"{LISTS[kind]}[{len(into)}]"] = line
        into.append(values)


def _value(cell: str) -> Any:
    if cell[0] in '[{"':
        try:
            return json.loads(cell)
        except ValueError:
            return cell
    return cell
