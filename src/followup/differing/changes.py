"""What a change of rules changes in the case of one state: each follow-up's two courses, side by side."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal

import msgspec

from followup.contacts import key_parts
from followup.differing.courses import OVER, Course, courses
from followup.differing.word_changes import WordChange, word_changes
from followup.history import person_calendar

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.state import InterviewState

__all__ = ["KINDS", "FollowUpChange", "Kind", "StateDifference", "compare_states"]

Kind = Literal[
    "new", "gone", "sent", "not sent", "earlier", "later", "status", "rule", "person", "channel", "host",
    "words", "reason",
]  # fmt: skip
KINDS: Mapping[Kind, str] = {
    "new": "new",
    "gone": "gone",
    "sent": "now going out",
    "not sent": "no longer going out",
    "earlier": "earlier",
    "later": "later",
    "status": "of another status",
    "rule": "by another rule",
    "person": "to another person",
    "channel": "by another channel",
    "host": "in another message",
    "words": "in other words",
    "reason": "for another reason",
}
"""What may differ, and how a summary tells it."""


class FollowUpChange(msgspec.Struct, frozen=True, kw_only=True):
    """A follow-up that differs: in which ways, and its course on either side (None: it is not there)."""

    kinds: tuple[Kind, ...]
    rule: str
    title: str
    old: Course | None
    new: Course | None
    words: tuple[WordChange, ...] = ()

    @property
    def key(self) -> str:
        """The key of the follow-up, the new one where it differs."""
        found = self.new or self.old
        assert found is not None
        return found.key


class StateDifference(msgspec.Struct, frozen=True, kw_only=True):
    """All that differs in one state from `start` to `end`, in order of rule and key."""

    name: str
    start: datetime
    end: datetime
    zone: str
    changes: tuple[FollowUpChange, ...]


def compare_states(
    old: tuple[Engine, InterviewState],
    new: tuple[Engine, InterviewState],
    now: datetime,
    until: datetime,
    *,
    name: str = "",
    watch: Callable[[datetime], None] | None = None,
) -> StateDifference:
    """What differs between two sets of rules for a state, as each of the two engines has read it.

    Compared are the plans at `now`, and what would go out until `until` if nobody answered: when, to whom,
    by which channel and in which words. Raises UsageError.
    """
    before = courses(*old, now, until, watch)
    after = courses(*new, now, until, watch)
    pairs = list(_pairs(before, after))
    changes = [change for pair in pairs if (change := _change(*pair)) is not None]
    return StateDifference(
        name=name, start=now, end=until, zone=person_calendar(new[1], None).zone,
        changes=tuple(sorted(changes, key=lambda change: (change.rule, change.key))),
    )  # fmt: skip


def _pairs(
    old: Mapping[str, Course], new: Mapping[str, Course]
) -> Iterator[tuple[Course | None, Course | None]]:
    """The courses of one follow-up on either side.

    Of what is on one side alone, one that differs only in its person, or only in its rule, is the same.
    """
    for key in old.keys() & new.keys():
        yield old[key], new[key]
    left = {key: old[key] for key in old.keys() - new.keys()}
    right = {key: new[key] for key in new.keys() - old.keys()}
    for same in (_but_for_the_person, _but_for_the_rule):
        ours, theirs = _by(left, same), _by(right, same)
        for mark in ours.keys() & theirs.keys():
            if len(ours[mark]) == len(theirs[mark]) == 1:
                yield left.pop(ours[mark][0]), right.pop(theirs[mark][0])
    for course in left.values():
        yield course, None
    for course in right.values():
        yield None, course


def _by(found: Mapping[str, Course], same: Callable[[str], object]) -> Mapping[object, list[str]]:
    made: dict[object, list[str]] = defaultdict(list)
    for key, course in found.items():
        if course.matters:
            made[same(key)].append(key)
    return made


def _but_for_the_person(key: str) -> object:
    rule, occasion, _, attempt = key_parts(key) or (key, "", "", 1)
    return rule, occasion, attempt


def _but_for_the_rule(key: str) -> object:
    return (key_parts(key) or (key,))[1:]


def _change(old: Course | None, new: Course | None) -> FollowUpChange | None:
    """What differs between two courses; None where nothing does that matters."""
    found = new or old
    assert found is not None
    if not any(course is not None and course.matters for course in (old, new)):
        return None
    words: tuple[WordChange, ...] = ()
    kinds: tuple[Kind, ...]
    if old is None or new is None:
        kinds = ("new",) if old is None else ("gone",)
    else:
        words = word_changes(old.words, new.words) if old.draft and new.draft else ()
        kinds = tuple(_kinds(old, new)) + (("words",) if words else ())
        if not kinds and _decides(old) != _decides(new):
            kinds = ("reason",)
    if not kinds:
        return None
    return FollowUpChange(
        kinds=kinds, rule=found.rule, title=found.title, old=old, new=new, words=words
    )  # fmt: skip


def _kinds(old: Course, new: Course) -> Iterator[Kind]:
    if old.sent is not None and new.sent is not None:
        if new.sent != old.sent:
            yield "later" if new.sent > old.sent else "earlier"
    elif new.sent is not None:
        yield "sent"
    elif old.sent is not None:
        yield "not sent"
    elif (old.status, old.ends) != (new.status, new.ends):
        yield "status"
    if old.rule != new.rule:
        yield "rule"
    if (old.to and old.to.id) != (new.to and new.to.id):
        yield "person"
    if old.channel != new.channel and {old.ends, new.ends}.isdisjoint(OVER):
        yield "channel"
    if old.host != new.host:
        yield "host"


def _decides(course: Course) -> tuple[str, str] | None:
    return (course.why.name, course.why.text) if course.why else None
