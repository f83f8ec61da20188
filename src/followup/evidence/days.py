"""Days in words, as people promise them: `by the end of next week`, `within five business days`, `bis Freitag`.

Each is the last day that the words allow, counted from the day on which they were written. A week ends on its
Friday. What can be read two ways is marked as not sure, or not read at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from followup.calendars import Calendar
from followup.evidence.day_readers import READERS, WEEKDAYS

__all__ = ["NamedDay", "days_in"]


class NamedDay(NamedTuple):
    """A day, the words that name it, whether they name no other, and where they stand."""

    day: date
    words: str
    sure: bool
    start: int
    end: int


def days_in(sentence: str, written: date, calendar: Calendar) -> tuple[NamedDay, ...]:
    """The days that a sentence names, in order; of two that overlap the one with more words.

    `calendar` says which days are worked.
    """
    found: list[NamedDay] = []
    for pattern, reader in READERS:
        for match in pattern.finditer(sentence):
            try:
                read = reader(match, written, calendar)
            except (ValueError, OverflowError):
                continue
            if read is not None:
                found.append(NamedDay(read[0], match[0].strip(), read[1], match.start(), match.end()))
    kept: list[NamedDay] = []
    for each in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(each.end <= other.start or other.end <= each.start for other in kept):
            kept.append(each)
    return tuple(_bounded(_joined(sorted(kept, key=lambda one: one.start)), sentence))


OF_DAY = re.compile(r"^(?:the )?(?:end|close) of|^eod$|^cob$", re.IGNORECASE)
CLOSE = 6
"""Letters between two names of one day: `Friday, the 4th of December`, `end of day on Friday`."""


def _joined(found: list[NamedDay]) -> list[NamedDay]:
    """Two names of one day made one; where they name two days it is not sure."""
    made: list[NamedDay] = []
    for each in found:
        last = made[-1] if made else None
        if last is None or each.start - last.end > CLOSE:
            made.append(each)
        elif last.words.lower() in WEEKDAYS:
            agree = each.day.weekday() == WEEKDAYS[last.words.lower()]
            made[-1] = each._replace(start=last.start, sure=each.sure and agree)
        elif OF_DAY.match(last.words):
            made[-1] = each._replace(start=last.start)
        elif OF_DAY.match(each.words):
            made[-1] = last._replace(end=each.end)
        else:
            made.append(each)
    return made


BEFORE = re.compile(
    r"(?<!\bor )\b(?:before|ahead of|prior to|vor(?: dem| der)?)\s+(?:the\s+)?$", re.IGNORECASE
)
AFTER = re.compile(
    r"\b(?:(?:not|n['’]t|nicht) (?:\w+ ){0,4}?(?:before|until|vor)|(?:no|not) (?:sooner|earlier) than|frühestens|after|following|nach(?: dem| der)?|ab(?: dem)?)\s+(?:the\s+)?$",
    re.IGNORECASE,
)
COUNTED_FROM = re.compile(
    r"\s*(?:after|of|following|from|nach|ab)\s+(?!now|today|heute|jetzt)\w", re.IGNORECASE
)
"""`within two weeks of your interview`: counted from something else than the mail."""
NEGATED = re.compile(r"\b(?:not|n['’]t|unable|never|nicht|kein\w*|erst)\b", re.IGNORECASE)


def _bounded(found: list[NamedDay], sentence: str) -> Iterator[NamedDay]:
    """`Before` a day is the day before; `after` it, or `not before`, is some day later: not sure."""
    for each in found:
        head = sentence[: each.start]
        negated = NEGATED.search(head[-60:])
        if BEFORE.search(head) and not negated and not each.words.lower().startswith(("before", "vor ")):
            yield each._replace(day=each.day - timedelta(days=1))
        elif AFTER.search(head) or COUNTED_FROM.match(sentence[each.end :]):
            yield each._replace(sure=False)
        else:
            yield each
