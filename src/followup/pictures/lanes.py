"""A comparison as an SVG timeline: a band for each story, days along, nothing overlapping. Uses drawsvg.

The picture is the same bytes for the same comparison. It follows the reader's light or dark scheme, and tells
its content in `title` and `desc` to those who do not see it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING

from followup.lanes import Lane, Mark, lanes_of
from followup.pictures.days import (
    LARGE,
    MARGIN,
    MEDIUM,
    SMALL,
    WIDTH,
    Rows,
    Scale,
    clipped,
    days_off,
    name_days,
    name_known,
)
from followup.pictures.lettering import FONTS, width
from followup.pictures.palette import PALETTE
from followup.pictures.pens import Pen
from followup.pictures.tracks import Label, Placed, draw_track, place_tracks
from followup.plain import plain_line
from followup.telling import when_words

if TYPE_CHECKING:
    from followup.comparing import Comparison

__all__ = ["HATCH", "STYLE", "comparison_svg"]

ROW = 26
HEAD = 52

STYLE = (
    PALETTE
    + """
text{fill:var(--ink)}.paper{fill:var(--paper);stroke:var(--frame)}.band{fill:var(--band)}.off{fill:var(--day-off)}
.soft{fill:var(--quiet)}.known{fill:var(--hold)}.strong{font-weight:600}.line{stroke:var(--line);stroke-width:1}
.now{stroke:var(--hold);stroke-width:1.5;stroke-dasharray:4 3;opacity:.5}
.sent{fill:var(--message)}.task{fill:var(--paper);stroke:var(--task);stroke-width:2}
.event{fill:var(--together)}.event-words{fill:var(--together-ink)}
.held{fill:url(#hatch);stroke:var(--hold);stroke-width:1}.hatch{stroke:var(--hold);stroke-width:2}
.blocked{fill:none;stroke:var(--stop);stroke-width:1;stroke-dasharray:3 2}.open{fill:var(--open)}
.cross{stroke:var(--stop);stroke-width:2;stroke-linecap:round}
.stopped{fill:var(--quiet);text-decoration:line-through}
"""
)
HATCH = (
    '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<line class="hatch" x1="0" y1="0" x2="0" y2="6"/></pattern>'
)


def comparison_svg(comparison: Comparison, heading: str) -> str:
    """The picture as the text of an SVG file; `heading` says whose it is."""
    import drawsvg

    scale = Scale(comparison.start, comparison.end)
    bands = [_Band.of(lane, scale) for lane in lanes_of(comparison)]
    top = 136 if comparison.known else 108
    height = top + sum(band.height + 10 for band in bands) + 64
    drawing = drawsvg.Drawing(
        WIDTH, height, role="img", font_family=FONTS, aria_labelledby="what-if-title what-if-desc"
    )
    title = f"What if? {plain_line(heading)}"
    drawing.append(drawsvg.Raw(f'<title id="what-if-title">{escape(title)}</title>'))
    drawing.append(drawsvg.Raw(f'<desc id="what-if-desc">{escape(_told(comparison))}</desc>'))
    drawing.append(drawsvg.Raw(f"<style>{STYLE}</style><defs>{HATCH}</defs>"))
    pen = Pen(drawing)
    pen.box(0, 0, WIDTH, height, "paper")
    pen.text(title, MARGIN, 40, LARGE, "strong")
    span = f"{when_words(comparison.start.date())} to {when_words(comparison.end.date())}"
    pen.text(
        f"{span}. Each message is sent when it is due; nothing else is assumed.", MARGIN, 62, SMALL, "soft"
    )
    _axis(pen, scale, comparison, top)
    y: float = top
    for band in bands:
        _draw_band(pen, band, scale, comparison, y)
        y += band.height + 10
    _legend(pen, y + 26)
    return str(drawing.as_svg()).rstrip("\n") + "\n"


def _told(comparison: Comparison) -> str:
    """The picture in words, for those who do not see it."""
    stories = [f"{plain_line(lane.name)}: {plain_line(lane.ending)}." for lane in lanes_of(comparison)]
    return f"A timeline of {len(stories)} stories. " + " ".join(stories)


# Where things stand


@dataclass(frozen=True)
class _Band:
    """A lane with everything in rows in which nothing overlaps: events on top, follow-ups beneath."""

    lane: Lane
    events: tuple[tuple[Mark, Label], ...]
    tracks: tuple[Placed, ...]
    rows: int

    @property
    def height(self) -> float:
        return HEAD + max(self.rows, 1) * ROW + 10

    @classmethod
    def of(cls, lane: Lane, scale: Scale) -> _Band:
        rows = Rows(scale)
        events = []
        for mark in lane.events:
            row, x, anchor = rows.place(scale.x(mark.at) - 7, scale.x(mark.at) + 7, mark.words)
            events.append((mark, Label(clipped(mark.words), x, row, "event-words", anchor)))
        rows.close()
        tracks = place_tracks(lane.tracks, rows, scale)
        return cls(lane, tuple(events), tracks, rows.count)


# How they are drawn


def _axis(pen: Pen, scale: Scale, comparison: Comparison, top: float) -> None:
    name_days(pen, scale, top)
    name_known(pen, scale, comparison.known, top)


def _draw_band(pen: Pen, band: _Band, scale: Scale, comparison: Comparison, y: float) -> None:
    pen.box(MARGIN, y, WIDTH - 2 * MARGIN, band.height, "band", 6)
    days_off(pen, scale, comparison.days_off, y, band.height)
    for day in sorted({known.day for known in comparison.known}):
        x = scale.day_starts(day + timedelta(days=1))
        pen.line(x, y, x, y + band.height, "now")
    lane = band.lane
    pen.text(plain_line(lane.name), MARGIN + 12, y + 21, MEDIUM, "strong")
    if lane.title:
        x = MARGIN + 12 + width(lane.name, MEDIUM, bold=True) + 18
        pen.text(plain_line(lane.title), x, y + 21, SMALL, "soft")
    pen.text(_sentence(lane.ending), MARGIN + 12, y + 40, SMALL, "soft")
    for mark, label in band.events:
        row = y + HEAD + label.row * ROW + ROW / 2
        pen.diamond(scale.x(mark.at), row)
        pen.text(label.words, label.x, row + 4.5, SMALL, label.css, label.anchor)
    for placed in band.tracks:
        draw_track(pen, placed, scale, y + HEAD + placed.row * ROW + ROW / 2)


def _sentence(words: str) -> str:
    words = plain_line(words)
    return f"{words[:1].upper()}{words[1:]}."


def _legend(pen: Pen, y: float) -> None:
    x = MARGIN + 12.0
    for kind, words in (
        ("sent", "message or call"),
        ("task", "a task of your own"),
        ("event", "what the story tells"),
        ("held", "held until its end"),
        ("blocked", "something missing"),
        ("open", "may go out"),
        ("stopped", "stopped or missed"),
        ("off", "day off"),
    ):
        if kind in ("sent", "task"):
            pen.dot(x, y, kind)
        elif kind == "event":
            pen.diamond(x, y)
        elif kind == "stopped":
            pen.cross(x, y)
        elif kind == "open":
            pen.box(x - 8, y - 2, 18, 4, "open")
        else:
            pen.box(x - 8, y - 5, 18, 10, kind, 2)
        pen.text(words, x + 14, y + 4.5, SMALL, "soft")
        x += 14 + width(words, SMALL) + 16
