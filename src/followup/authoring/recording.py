"""Events put at the end of a state's text; every character that stands there stays as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from followup.authoring.yaml_text import CannotInsertError, flow
from followup.errors import InputError
from followup.events import Event
from followup.state import InterviewState
from followup.states import read_data, read_text, to_data

if TYPE_CHECKING:
    from followup.vocabulary import Vocabulary

__all__ = ["as_data", "with_events"]

LONGEST_LINE = 110
KEY = "events"


def as_data(state: InterviewState, events: Sequence[Event]) -> list[dict[str, Any]]:
    """The events as they stand in a state's file."""
    written: list[dict[str, Any]] = to_data(state.adding(*events)).get(KEY, [])
    return written[len(written) - len(events) :]


def with_events(
    text: str, events: Sequence[Event], *, file: str = "input", vocabulary: Vocabulary | None = None
) -> str:
    """The text of a state, in YAML or JSON, with more events at the end of its `events`.

    Whatever stands there is kept: comments, order, style, line ends. The result is read again and must be the
    same state with these events. Raises StateError for a text that is no state, or events that do not fit it,
    and CannotInsertError where it leaves no place for another event.
    """
    if not events:
        return text
    before = read_text(text, name=file, vocabulary=vocabulary).state
    wanted = read_data(to_data(before.adding(*events)), vocabulary).state
    ending = "\r\n" if "\r\n" in text else "\n"
    # A tab is no white space to YAML, but to JSON; the places of all characters stay as they are.
    root = yaml.compose(text.replace("\t", " "), Loader=yaml.SafeLoader)
    assert isinstance(root, MappingNode)
    at, added = _insertion(text, root, as_data(before, events), ending)
    made = text[:at] + added + text[at:]
    try:
        after = read_text(made, name=file, vocabulary=vocabulary).state
    except InputError:
        after = None
    if after != wanted:
        raise CannotInsertError(f"its `{KEY}` are written in a way that leaves no place for another")
    return made


def _insertion(text: str, root: MappingNode, rows: list[dict[str, Any]], ending: str) -> tuple[int, str]:
    """Where to insert, and what."""
    is_json = text.lstrip("\ufeff \t\r\n").startswith("{") and text.rstrip().endswith("}")
    node = next((value for key, value in root.value if key.value == KEY), None)
    if node is None and root.flow_style:
        last = root.value[-1][1].end_mark.index
        key = json.dumps(KEY) if is_json else KEY
        return last, f", {key}: [{', '.join(_flowing(rows, is_json))}]"
    if isinstance(node, SequenceNode) and node.flow_style:
        return _into_brackets(text, node, _flowing(rows, is_json), ending)
    if node is None:
        at, lead, indent = len(text), f"{KEY}:{ending}", 2
    else:
        at, lead = _line_end(text, _last(node).end_mark), ""
        indent = node.start_mark.column if isinstance(node, SequenceNode) else 2
    if at and text[at - 1] != "\n":
        lead = ending + lead
    lines = [" " * indent + line for row in rows for line in _block(row, LONGEST_LINE - indent)]
    return at, lead + "".join(line + ending for line in lines)


def _into_brackets(text: str, node: SequenceNode, items: list[str], ending: str) -> tuple[int, str]:
    if not node.value:
        return node.end_mark.index - 1, ", ".join(items)
    last = node.value[-1]
    before = text[: last.start_mark.index].rpartition("\n")[2]
    between = f",{ending}{before}" if not before.strip() and "\n" in text else ", "
    return last.end_mark.index, "".join(between + item for item in items)


def _flowing(rows: list[dict[str, Any]], is_json: bool) -> list[str]:
    return [json.dumps(row, ensure_ascii=False) if is_json else flow(row) for row in rows]


def _block(row: Mapping[str, Any], width: int) -> Iterator[str]:
    """An event as an entry of a list: on one line, or with a line for each field where that is too long."""
    line = f"- {flow(row)}"
    if len(line) <= width:
        yield line
        return
    for number, (name, value) in enumerate(row.items()):
        yield f"{'  ' if number else '- '}{name}: {flow(value)}"


def _last(node: Node) -> Node:
    """What stands last in the block that begins with this node."""
    while isinstance(node, (MappingNode, SequenceNode)) and node.value and not node.flow_style:
        node = node.value[-1][1] if isinstance(node, MappingNode) else node.value[-1]
    return node


def _line_end(text: str, mark: yaml.Mark) -> int:
    """Where the line of a mark ends; a block of text (`|`) ends at the start of the next one already."""
    if mark.column == 0:
        return int(mark.index)
    end = text.find("\n", mark.index)
    return len(text) if end < 0 else end + 1
