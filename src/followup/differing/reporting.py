"""What differs, without anything personal: for whoever wrote the rules, and for programs.

No name, address, word of a message or id of a person is in it. States and people are numbered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import msgspec

from followup.differing.changes import KINDS, FollowUpChange, Kind, StateDifference
from followup.differing.courses import Course
from followup.differing.rule_changes import RuleChange
from followup.plan import Reason

NAMED = frozenset({"rule", "window", "when", "guard", "channel", "review"})
"""The kinds of reasons whose name is one of the rules'."""

__all__ = ["Report", "report", "summary"]


class ReportedSide(msgspec.Struct, frozen=True):
    """A follow-up on one side: its status at first, how it ends, when it goes out, and what decides."""

    rule: str
    status: str | None
    ends: str
    sent: datetime | None
    channel: str | None
    to: int | None
    reason: str
    at: str


class ReportedChange(msgspec.Struct, frozen=True):
    """A follow-up that differs; `words` counts the words that go and come."""

    rule: str
    kinds: tuple[Kind, ...]
    old: ReportedSide | None
    new: ReportedSide | None
    words: tuple[int, int]


class ReportedState(msgspec.Struct, frozen=True):
    """What differs in one state, named by its number in the order in which they were given."""

    state: int
    start: datetime
    end: datetime
    changes: tuple[ReportedChange, ...]


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """All that differs; `counts` says how many follow-ups differ in which way."""

    format: int = 1
    states: int
    changed: int
    counts: Mapping[str, int]
    rules: tuple[RuleChange, ...]
    differences: tuple[ReportedState, ...]


def _counted(differences: Iterable[StateDifference]) -> Mapping[Kind, int]:
    """How many follow-ups differ in which way."""
    found = Counter(kind for each in differences for change in each.changes for kind in change.kinds)
    return {kind: found[kind] for kind in KINDS if found[kind]}


def summary(differences: Sequence[StateDifference]) -> str:
    """`3 of 14 states change: 2 follow-ups later, 1 gone`."""
    changed = sum(bool(each.changes) for each in differences)
    states = "1 state" if len(differences) == 1 else f"{len(differences)} states"
    if not changed:
        return f"nothing changes in {states}"
    told = [f"{count} {KINDS[kind]}" for kind, count in _counted(differences).items()]
    first, _, rest = told[0].partition(" ")
    told[0] = f"{first} follow-up{'' if first == '1' else 's'} {rest}"
    return f"{changed} of {states} change{'s' if changed == 1 else ''}: {', '.join(told)}"


def report(rules: Sequence[RuleChange], differences: Sequence[StateDifference]) -> Report:
    """All that differs, without anything personal."""
    return Report(
        states=len(differences),
        changed=sum(bool(each.changes) for each in differences),
        counts={str(kind): count for kind, count in _counted(differences).items()},
        rules=tuple(rules),
        differences=tuple(
            _state(number, difference)
            for number, difference in enumerate(differences, 1)
            if difference.changes
        ),
    )


def _state(number: int, difference: StateDifference) -> ReportedState:
    ids = (
        course.to.id
        for change in difference.changes
        for course in (change.old, change.new)
        if course is not None and course.to is not None
    )
    people = {person: index for index, person in enumerate(dict.fromkeys(ids), 1)}
    changes = tuple(_change(change, people) for change in difference.changes)
    return ReportedState(number, difference.start, difference.end, changes)


def _change(change: FollowUpChange, people: Mapping[str, int]) -> ReportedChange:
    words = Counter(
        {side: sum(len(w.text.split()) for w in change.words if w.side == side) for side in ("old", "new")}
    )
    old, new = (_side(course, people) for course in (change.old, change.new))
    return ReportedChange(change.rule, change.kinds, old, new, (words["old"], words["new"]))


def _side(course: Course | None, people: Mapping[str, int]) -> ReportedSide | None:
    if course is None:
        return None
    why = course.why
    return ReportedSide(
        course.rule, course.status, course.ends, course.sent, course.channel,
        people.get(course.to.id) if course.to else None, _decides(why) if why else "", why.at if why else "",
    )  # fmt: skip


def _decides(why: Reason) -> str:
    """What decides: a rule or guard by name, but no event and no follow-up, which may name a person."""
    return f"{why.kind} {why.name}" if why.kind in NAMED else why.kind
