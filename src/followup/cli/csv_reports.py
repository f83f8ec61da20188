"""Figures as CSV: one figure a line, for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from followup.plain import plain_line

if TYPE_CHECKING:
    from followup.retrospect.figures import Figures, Rate

__all__ = ["report_csv"]

FORMULAS = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""


def report_csv(figures: Figures) -> str:
    """The lines `figure,of,measure,value`; lengths are in days, shares from 0 to 1."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(("figure", "of", "measure", "value"))
    for row in _rows(figures):
        writer.writerow([_cell(value) for value in row])
    return made.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return "" if value is None else value
    line = plain_line(value)
    return f"'{line}" if line.startswith(FORMULAS) else line


def _rows(figures: Figures) -> Iterator[tuple[str, str, str, object]]:
    yield "report", "", "now", figures.now.isoformat()
    yield "report", "", "since", figures.since.isoformat() if figures.since else None
    for measure in ("opportunities", "messages", "calls", "interviews"):
        yield "report", "", measure, getattr(figures, measure)
    for step in figures.steps:
        for measure in ("reached", "open", "refused", "left"):
            yield "steps", step.name, measure, getattr(step, measure)
    for stage, count in figures.stages.items():
        yield "stages", stage, "opportunities", count
    for name in ("to_answer", "to_word", "to_decision"):
        spread = getattr(figures, name)
        yield name, "", "answered", len(spread.answered)
        yield name, "", "waiting", len(spread.waiting)
        for measure in ("overtaken", "median", "low", "high", "half_within"):
            yield name, "", measure, getattr(spread, measure)
    for name in ("by_intent", "by_channel", "by_both"):
        for rate in getattr(figures, name):
            yield from _rate(name, " / ".join(filter(None, (rate.intent, rate.channel))), rate)
    yield from _rate("all_messages", "", figures.all_messages)
    for measure in ("kept", "late", "broken", "open", "overtaken"):
        yield "promises", "", measure, getattr(figures.promises, measure)
    for week in figures.weeks:
        for measure in ("begun", "messages", "calls", "answers", "interviews", "offers", "rejections"):
            yield "weeks", week.begins.isoformat(), measure, getattr(week, measure)
    for each in figures.waiting:
        yield "waiting", each.opportunity, " / ".join(filter(None, (each.intent, each.channel))), each.days


def _rate(name: str, of: str, rate: Rate) -> Iterator[tuple[str, str, str, object]]:
    for measure in (
        "sent", "answered", "waiting", "overtaken", "spoken", "returned", "old_enough", "in_time",
    ):  # fmt: skip
        yield name, of, measure, getattr(rate, measure)
    for measure in ("value", "low", "high"):
        yield name, of, f"share_{measure}", getattr(rate.share, measure) if rate.share else None
