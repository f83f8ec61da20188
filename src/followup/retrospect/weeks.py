"""Weeks: what happened in many opportunities, counted from Monday to Monday."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import msgspec

from followup.events import Called
from followup.history import History, person_calendar
from followup.moments import Instant, instant, moment
from followup.retrospect.answers import ANSWERS

__all__ = ["Week", "weeks_of"]

MOST_WEEKS = 520


class Week(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in the week that begins on a Monday."""

    begins: date
    begun: int = 0
    messages: int = 0
    calls: int = 0
    answers: int = 0
    interviews: int = 0
    offers: int = 0
    rejections: int = 0


def weeks_of(
    cases: Iterable[tuple[History, Instant | None]], now: datetime, since: datetime | None
) -> Iterator[Week]:
    """Every week from the first in which anything happened, or from `since`, to that of `now`.

    At most the last `MOST_WEEKS`: a date that was mistyped by decades makes no page of it.
    """
    counts: dict[date, Counter[str]] = {}
    start = None if since is None else instant(since)
    for history, begun in cases:
        zone = person_calendar(history.state, None).tzinfo
        for kind, at in _counted(history, begun):
            if start is None or at >= start:
                day = moment(at, zone).date()
                counts.setdefault(day - timedelta(days=day.weekday()), Counter())[kind] += 1
    if not counts and since is None:
        return
    begin = min(counts, default=now.date()) if since is None else since.date()
    begin = max(begin, now.date() - timedelta(weeks=MOST_WEEKS - 1))
    monday = begin - timedelta(days=begin.weekday())
    while monday <= now.date():
        yield Week(begins=monday, **counts.get(monday, Counter()))
        monday += timedelta(weeks=1)


def _counted(history: History, begun: Instant | None) -> Iterator[tuple[str, Instant]]:
    if begun is not None and begun <= history.now:
        yield "begun", begun
    for happened in history.of_type("sent", "called"):
        yield ("calls" if isinstance(happened.event, Called) else "messages"), happened.at
    # What they write in one mail is one answer, whatever it says.
    for at in {each.at for each in history.of_type(*ANSWERS)}:
        yield "answers", at
    for held in history.held_interviews:
        yield "interviews", held.end
    for kind in ("offer", "rejection"):
        for happened in history.of_type(kind):
            yield f"{kind}s", happened.at
