"""Laws of logs that go out and come together again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.support import builtin_engine, time

from followup.engine import Engine
from followup.exchange.logs import NewChange, log_text, merged, read_log
from followup.exchange.taking import as_if
from followup.store import Entry, NewEntry, folded

STATE = {
    "format": 1,
    "candidate": {"name": "Ana Souza"},
    "company": {"name": "Initech"},
    "position": {"title": "SRE"},
}
START = time("2026-11-20T12:00Z")
NAMES = ("a", "b")


def happened(name: str, text: str) -> NewEntry:
    note = {"type": "note", "at": START.isoformat(), "text": text}
    return NewEntry(kind="happened", opportunity=name, data=note)


@st.composite
def logs(draw: st.DrawFn) -> tuple[Entry, ...]:
    """A log as commands write it: two opportunities, notes, retirements, and changes taken back."""
    opened = [NewEntry(kind="opened", opportunity=name, data={**STATE, "events": []}) for name in NAMES]
    changes: list[NewChange] = [(START, opened)]
    undone: set[int] = set()
    for number in range(draw(st.integers(0, 8))):
        at = START + timedelta(minutes=draw(st.integers(number, number + 1)))
        free = [change for change in range(2, len(changes) + 1) if change not in undone]
        kind = draw(st.sampled_from(["note", "note", "several", "retired", "undone"]))
        name = draw(st.sampled_from(NAMES))
        if kind == "undone" and free:
            last = [c for c in free if changes[c - 1][1][0].kind != "undone"]
            if last:
                undone.add(last[-1])
                changes.append((at, [NewEntry(kind="undone", data={"change": last[-1]})]))
        elif kind == "retired":
            changes.append((at, [NewEntry(kind="retired", opportunity=name)]))
        else:
            text = draw(st.sampled_from(["x", "y"]))
            changes.append((at, [happened(name, text) for _ in range(2 if kind == "several" else 1)]))
    return as_if((), changes)


def lines(entries: Sequence[Entry], engine: Engine) -> tuple:
    return read_log(log_text(entries), "log", engine.vocabulary)


@given(logs())
def test_a_log_read_into_nothing_is_the_same_log(entries: tuple[Entry, ...]) -> None:
    assert as_if((), merged((), lines(entries, builtin_engine()))) == entries


@given(logs(), st.data())
def test_a_copy_that_ended_early_goes_on_and_a_later_one_learns_nothing(
    entries: tuple[Entry, ...], data: st.DataObject
) -> None:
    last = data.draw(st.integers(1, entries[-1].change))
    early = tuple(entry for entry in entries if entry.change <= last)
    engine = builtin_engine()
    assert folded(as_if(early, merged(early, lines(entries, engine)))) == folded(entries)
    assert merged(entries, lines(entries, engine)) == []
