"""What differs, in words: the lines that every way of showing a comparison of rules has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from followup.differing.changes import KINDS

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.differing import Course, FollowUpChange, RuleChange

__all__ = ["MARKS", "Row", "heading_words", "rows", "rule_at"]

Row = tuple[str, str, str]
"""What differs, and what it is in the old and in the new plan."""

TIMES = ("earlier", "later")
MARKS = {"new": "+", "gone": "-", "changed": "~"}


def heading_words(change: FollowUpChange) -> str:
    """`5 days later, in other words → Priya Raman`."""
    told = ", ".join(_shift(change) if kind in TIMES else KINDS[kind] for kind in change.kinds)
    course = change.new or change.old
    to = course.to if course else None
    name = "yourself" if to and to.id == "self" else to.name if to else "nobody yet"
    return f"{told} → {name}"


def rows(change: FollowUpChange, clock: Clock) -> Iterator[Row]:
    """What differs of a follow-up, a line each; the words of its draft apart."""
    old, new = change.old, change.new
    times = _goes_out(old, clock), _goes_out(new, clock)
    if times[0] != times[1]:
        yield "goes out", *times
    if old and new and old.status != new.status:
        yield "at first", old.status or "not there", new.status or "not there"
    if old and new:
        for name, before, after in (
            ("rule", old.rule, new.rule),
            ("to", old.to.name if old.to else "nobody", new.to.name if new.to else "nobody"),
            ("by", old.channel or "no channel", new.channel or "no channel"),
            ("rides in", old.host or "alone", new.host or "alone"),
        ):
            if before != after:
                yield name, before, after
    if _text(old) != _text(new):
        yield "why", _why(old), _why(new)


def _shift(change: FollowUpChange) -> str:
    """`5 days later`."""
    old, new = (course.sent if course else None for course in (change.old, change.new))
    if old is None or new is None:
        return ""
    minutes = round(abs((new - old).total_seconds()) / 60)
    days = abs((new.date() - old.date()).days)
    amount, unit = (days, "day") if minutes >= 1200 else (round(minutes / 60), "hour")
    if minutes < 100:
        amount, unit = max(minutes, 1), "minute"
    return f"{amount} {unit}{'' if amount == 1 else 's'} {'later' if new > old else 'earlier'}"


def rule_at(change: RuleChange) -> str:
    """Where a rule stands, on both sides where that differs."""
    places = [place for place in dict.fromkeys((change.old_at, change.new_at)) if place]
    return " → ".join(places)


def _goes_out(course: Course | None, clock: Clock) -> str:
    if course is None:
        return "not there"
    if course.sent is not None:
        return clock.exact(course.sent)
    return f"does not go out, {course.ends} at the end"


def _text(course: Course | None) -> str:
    return course.why.text if course and course.why else ""


def _why(course: Course | None) -> str:
    """What decides, and where that stands."""
    at = f" ({course.why.at})" if course and course.why and course.why.at else ""
    return f"{_text(course)}{at}"
