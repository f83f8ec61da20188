"""The log in JSON Lines: entry by entry, without loss, and taken over into another log.

Changes are numbered from 1 in the file, whatever their numbers in the store: so the same log is always the
same bytes. An entry that a store has already is known by its time and what it says, not by its number.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, Any

import msgspec

from followup.errors import InputError, Place, Problem, StateError, UsageError, did_you_mean
from followup.keeping import KeptDraft
from followup.states import read_data
from followup.store import Entry, NewEntry

if TYPE_CHECKING:
    from followup.vocabulary import Vocabulary

__all__ = ["HEAD", "NewChange", "Recorded", "is_log", "log_text", "merged", "read_log"]

HEAD: Mapping[str, Any] = {"followup": "log", "format": 1}
"""The first line."""
OF_THIS_COPY = ("restored", "reconciled")
"""Kinds of entries that tell of one copy of a log alone, and do not leave it."""
MOST_PROBLEMS = 20

NewChange = tuple[datetime, Sequence[NewEntry]]
"""A change to be written, with the time at which it was made."""


class Recorded(NewEntry, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An entry as a line of the file has it: its change's number in the file, and its time."""

    change: int
    at: datetime


def log_text(entries: Sequence[Entry], names: Collection[str] = ()) -> str:
    """The log as JSON Lines: of some opportunities, or all of it."""
    entries = [entry for entry in entries if entry.kind not in OF_THIS_COPY]
    wanted = {entry.number for entry in entries if not names or entry.opportunity in names}
    numbers: dict[int, int] = {}
    for entry in entries:
        told = entry.kind == "undone" and entry.data["change"] in numbers
        if entry.number in wanted or told:
            numbers.setdefault(entry.change, len(numbers) + 1)
    lines = [json.dumps(HEAD)]
    for entry in entries:
        if entry.kind == "undone":
            if entry.data["change"] not in numbers:
                continue
            data = {**entry.data, "change": numbers[entry.data["change"]]}
        elif entry.number in wanted:
            data = entry.data
        else:
            continue
        line = {
            "change": numbers[entry.change],
            "at": entry.at.astimezone(UTC).isoformat(),
            "kind": entry.kind,
            "opportunity": entry.opportunity,
            "data": data,
        }
        lines.append(json.dumps(line, ensure_ascii=False, separators=(",", ":")))
    return "\n".join(lines) + "\n"


def is_log(text: str) -> bool:
    """Whether a text is the log of a store."""
    first, _, _ = text.partition("\n")
    try:
        head = json.loads(first)
    except ValueError:
        return False
    return isinstance(head, dict) and head.get("followup") == HEAD["followup"]


def read_log(text: str, file: str, vocabulary: Vocabulary) -> tuple[Recorded, ...]:
    """The entries of a file that `log_text` wrote. Raises InputError with all that is wrong."""
    head, *lines = text.split("\n")
    problems: list[Problem] = []
    if json.loads(head).get("format") != HEAD["format"]:
        told = "this log was written by a newer followup"
        raise InputError([Problem("format", told, Place(file, 1, 1), "update followup")])
    found: list[Recorded] = []
    for number, line in enumerate(lines, start=2):
        if line.strip() and len(problems) < MOST_PROBLEMS:
            place = Place(file, number, 1)
            complaint = _read_line(line, found)
            if complaint:
                cure = "export the log again, or take the line out"
                problems.append(Problem("log-line", complaint, place, cure))
            elif found[-1].kind == "opened":
                problems += _problems_of_state(found[-1].data, place, vocabulary)
    if problems:
        raise InputError(problems)
    return tuple(found)


def _read_line(line: str, found: list[Recorded]) -> str:
    """Take in one line; what is wrong with it, or nothing."""
    try:
        read = msgspec.json.decode(line, type=Recorded)
    except msgspec.DecodeError as error:
        return f"this is no entry of a log: {str(error)[:200]}"
    if read.at.tzinfo is None:
        return "`at` has no offset"
    if found and read.change not in (found[-1].change, found[-1].change + 1):
        return f"the change {read.change} does not follow on the change {found[-1].change}"
    if not found and read.change != 1:
        return "the first change must be 1"
    if found and read.change == found[-1].change and read.at != found[-1].at:
        return "the entries of one change have one time"
    complaint = _complaint(read, found[-1].change if found else 0)
    if not complaint:
        found.append(read)
    return complaint


def _problems_of_state(data: Mapping[str, Any], place: Place, vocabulary: Vocabulary) -> Iterator[Problem]:
    try:
        read_data(data, vocabulary)
    except StateError as error:
        for problem in error.problems:
            yield replace(problem, place=replace(place, path=problem.place.path))


def _complaint(read: Recorded, last: int) -> str:
    needed = {
        "undone": "change", "erased": "marks", "happened": "type", "changed": "facts", "drafted": "key",
        "opened": "company", "profile": "name", "delivery": "id",
    }.get(read.kind)  # fmt: skip
    if needed and needed not in read.data:
        near = did_you_mean(needed, read.data)
        return f"`{read.kind}` without `{needed}`" + (f"; {near}" if near else "")
    number = read.data.get("change")
    if read.kind == "undone" and not (isinstance(number, int) and 0 < number <= last):
        return "it takes back a change that does not stand before it"
    marks = read.data.get("marks")
    if read.kind == "erased" and not (isinstance(marks, list) and all(map(_is_mark, marks))):
        return "its marks are none"
    if not isinstance(read.data.get("reason", ""), str):
        return "its reason is no text"
    if read.kind == "changed" and not isinstance(read.data["facts"], Mapping):
        return "its facts are no mapping"
    if read.kind == "drafted" and "body" in read.data:
        try:
            msgspec.convert(read.data, KeptDraft)
        except msgspec.ValidationError as error:
            return f"these are no words for a draft: {error}"
    about_one = read.kind not in ("profile", "undone", "erased", *OF_THIS_COPY)
    if about_one and not read.opportunity:
        return f"`{read.kind}` names no opportunity"
    return ""


def _is_mark(mark: object) -> bool:
    return isinstance(mark, str) and re.fullmatch(r"[0-9a-f]+:[0-9a-f]+", mark) is not None


def merged(entries: Sequence[Entry], past: Sequence[Recorded]) -> list[NewChange]:
    """The changes that a log lacks of another, in their order. Raises UsageError where they do not agree.

    What the file says was taken back is taken back here too. What was taken back here and stands in the file
    comes once more. A profile that is older than the one here is left out.
    """
    undone_here = {entry.data["change"] for entry in entries if entry.kind == "undone"}
    undone_there = {each.data["change"] for each in past if each.kind == "undone"}
    here: dict[tuple[bool, str], list[Entry]] = defaultdict(list)
    for entry in reversed(entries):
        here[entry.change in undone_here, _said(entry)].append(entry)
    profiles = [entry.at for entry in entries if entry.kind == "profile" and entry.change not in undone_here]
    following = max((entry.change for entry in entries), default=0) + 1
    numbers: dict[int, list[int]] = defaultdict(list)
    opened: set[str] = set()
    changes: list[NewChange] = []
    for change, group in groupby(past, key=attrgetter("change")):
        new: list[NewEntry] = []
        together = tuple(group)
        for each in together:
            if each.kind == "undone":
                targets = dict.fromkeys(numbers[each.data["change"]])
                new += [NewEntry(kind="undone", data={"change": target}) for target in targets]
                continue
            said, gone = _said(each), change in undone_there
            if here[gone, said]:
                here[gone, said].pop()
            elif gone and here[False, said]:
                numbers[change].append(here[False, said].pop().change)
            elif each.kind != "profile" or not profiles or each.at >= max(profiles):
                new.append(NewEntry(kind=each.kind, opportunity=each.opportunity, data=each.data))
                numbers[change].append(following)
                opened |= {each.opportunity} if each.kind == "opened" and not gone else set()
        if new:
            changes.append((together[0].at, new))
            following += 1
    left = {entry.opportunity for (gone, _), rest in here.items() if not gone for entry in rest}
    if opened & left:
        name = min(opened & left)
        raise UsageError(
            f"the store has an opportunity `{name}` that is not the file's, and nothing is written; import "
            f"into an empty store (`--home`), or take its state alone: `followup export {name}` writes that"
        )
    return changes


def _said(entry: Entry | Recorded) -> str:
    told = [entry.at.astimezone(UTC).isoformat(), entry.kind, entry.opportunity, entry.data]
    return json.dumps(told, sort_keys=True)
