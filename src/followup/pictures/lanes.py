"""A comparison as an SVG timeline: a band for each story, days along, nothing overlapping. Uses drawsvg.

The picture is the same bytes for the same comparison. It follows the reader's light or dark scheme, and tells
its content in `title` and `desc` to those who do not see it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import escape
from typing import TYPE_CHECKING, Any

from followup.lanes import Lane, Mark, Track, lanes_of
from followup.pictures.lettering import FONTS, width
from followup.pictures.palette import PALETTE
from followup.plain import plain_line
from followup.telling import when_words

if TYPE_CHECKING:
    from followup.comparing import Comparison

__all__ = ["comparison_svg"]

WIDTH = 1180
MARGIN = 28
ROW = 26
HEAD = 52
SMALL, MEDIUM, LARGE = 12.5, 14.0, 21.0
GAP = 18
LONGEST_LABEL = 64
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

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

    scale = _Scale(comparison)
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
    pen = _Pen(drawing)
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


class _Scale:
    """Moments along the width of the picture."""

    def __init__(self, comparison: Comparison) -> None:
        self.start, self.end = comparison.start, comparison.end
        self.seconds = max((self.end - self.start).total_seconds(), 1.0)
        self.left, self.right = MARGIN + 12.0, WIDTH - MARGIN - 12.0

    def x(self, at: datetime) -> float:
        part = (at - self.start).total_seconds() / self.seconds
        return self.left + min(max(part, 0.0), 1.0) * (self.right - self.left)

    def day_starts(self, day: date) -> float:
        return self.x(datetime(day.year, day.month, day.day, tzinfo=self.start.tzinfo))

    def days(self) -> Iterator[date]:
        day = self.start.date()
        while day <= self.end.date():
            yield day
            day += timedelta(days=1)


@dataclass(frozen=True)
class _Label:
    """A text, where it begins, and the row that it stands in."""

    words: str
    x: float
    row: int
    css: str
    anchor: str = "start"


@dataclass(frozen=True)
class _Placed:
    """A track with its row and its label."""

    track: Track
    row: int
    label: _Label


@dataclass(frozen=True)
class _Band:
    """A lane with everything in rows in which nothing overlaps: events on top, follow-ups beneath."""

    lane: Lane
    events: tuple[tuple[Mark, _Label], ...]
    tracks: tuple[_Placed, ...]
    rows: int

    @property
    def height(self) -> float:
        return HEAD + max(self.rows, 1) * ROW + 10

    @classmethod
    def of(cls, lane: Lane, scale: _Scale) -> _Band:
        rows = _Rows(scale)
        events = []
        for mark in lane.events:
            row, x, anchor = rows.place(scale.x(mark.at) - 7, scale.x(mark.at) + 7, mark.words)
            events.append((mark, _Label(_clipped(mark.words), x, row, "event-words", anchor)))
        rows.close()
        tracks = []
        for track in lane.tracks:
            words = _label_of(track)
            row, x, anchor = rows.place(scale.x(track.start) - 7, scale.x(track.last) + 7, words)
            stopped = track.end is not None and track.end.kind in ("stopped", "missed")
            label = _Label(_clipped(words), x, row, "stopped" if stopped else "", anchor)
            tracks.append(_Placed(track, row, label))
        return cls(lane, tuple(events), tuple(tracks), rows.count)


class _Rows:
    """Rows that are filled from the left; a label stands right of its mark, or left for want of room."""

    def __init__(self, scale: _Scale) -> None:
        self.scale = scale
        self.taken: list[list[tuple[float, float]]] = []
        self.closed = 0

    @property
    def count(self) -> int:
        return len(self.taken)

    def close(self) -> None:
        """Put nothing more into the rows so far."""
        self.closed = len(self.taken)

    def place(self, left: float, right: float, words: str) -> tuple[int, float, str]:
        """The row for something from `left` to `right` with a label; where the label stands, its anchor."""
        room = width(_clipped(words), SMALL)
        if right + 6 + room <= self.scale.right + 12:
            x, span, anchor = right + 6, (left, right + 6 + room), "start"
        elif left - 6 - room >= self.scale.left - 12:
            x, span, anchor = left - 6, (left - 6 - room, right), "end"
        else:
            # A bar along the whole play leaves room on neither side: the label gets a row of its own.
            self.taken.append([(left, right)])
            x, span, anchor = left, (left, left + room), "start"
        for row in range(self.closed, len(self.taken)):
            if all(span[1] + GAP <= a or b + GAP <= span[0] for a, b in self.taken[row]):
                self.taken[row].append(span)
                return row, x, anchor
        self.taken.append([span])
        return len(self.taken) - 1, x, anchor


def _label_of(track: Track) -> str:
    end = track.end
    to = f" → {track.to}" if track.to and not (end and end.kind == "task") else ""
    done = end is not None and end.kind in ("sent", "called", "task")
    day = f", {end.at.day} {MONTHS[end.at.month - 1]}" if end and done else ""
    return _clipped(f"{track.title}{to}") + day


def _clipped(words: str) -> str:
    words = plain_line(words)
    return words if len(words) <= LONGEST_LABEL + 8 else words[: LONGEST_LABEL - 1] + "…"


# How they are drawn


class _Pen:
    """Puts shapes on a drawing."""

    def __init__(self, drawing: Any) -> None:
        self.drawing = drawing

    def _add(self, shape: Any) -> None:
        self.drawing.append(shape)

    def text(self, words: str, x: float, y: float, size: float, css: str = "", anchor: str = "start") -> None:
        import drawsvg

        self._add(drawsvg.Text(words, size, _r(x), _r(y), class_=css or None, text_anchor=anchor))

    def box(self, x: float, y: float, width: float, height: float, css: str, round_: float = 0) -> None:
        import drawsvg

        self._add(drawsvg.Rectangle(_r(x), _r(y), _r(width), _r(height), rx=round_ or None, class_=css))

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        import drawsvg

        self._add(drawsvg.Line(_r(x1), _r(y1), _r(x2), _r(y2), class_=css))

    def dot(self, x: float, y: float, css: str) -> None:
        import drawsvg

        self._add(drawsvg.Circle(_r(x), _r(y), 6, class_=css))

    def diamond(self, x: float, y: float) -> None:
        import drawsvg

        points = (x, y - 7, x + 7, y, x, y + 7, x - 7, y)
        self._add(drawsvg.Lines(*map(_r, points), close=True, class_="event"))

    def cross(self, x: float, y: float) -> None:
        self.line(x - 5, y - 5, x + 5, y + 5, "cross")
        self.line(x - 5, y + 5, x + 5, y - 5, "cross")


def _r(value: float) -> float:
    return round(value, 1)


def _axis(pen: _Pen, scale: _Scale, comparison: Comparison, top: float) -> None:
    free = 0.0
    for number, day in enumerate(scale.days()):
        if number == 0 or day.weekday() == 0:
            words = f"{'Mon ' if day.weekday() == 0 else ''}{day.day} {MONTHS[day.month - 1]}"
            x = scale.x(comparison.start) if number == 0 else scale.day_starts(day)
            if x >= free and x + width(words, SMALL) <= scale.right + 20:
                pen.text(words, x, top - 14, SMALL, "soft")
                free = x + width(words, SMALL) + 8
            pen.line(x, top - 8, x, top - 2, "line")
    free = 0.0
    for known in comparison.known:
        words = f"{known.day.day} {MONTHS[known.day.month - 1]}: {plain_line(known.words)}"
        x = scale.day_starts(known.day + timedelta(days=1))
        anchor = "end" if x + width(words, SMALL) > scale.right + 12 else "start"
        begins = x - width(words, SMALL) if anchor == "end" else x
        if begins >= free:
            pen.text(words, x, top - 38, SMALL, "known", anchor)
            free = begins + width(words, SMALL) + GAP
        # The names of the days stand between the two pieces.
        pen.line(x, top - 34, x, top - 27, "now")
        pen.line(x, top - 10, x, top, "now")


def _draw_band(pen: _Pen, band: _Band, scale: _Scale, comparison: Comparison, y: float) -> None:
    pen.box(MARGIN, y, WIDTH - 2 * MARGIN, band.height, "band", 6)
    for first, after in _stretches(comparison.days_off):
        left, right = scale.day_starts(first), scale.day_starts(after)
        if right > left:
            pen.box(left, y, right - left, band.height, "off")
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
        _draw_track(pen, placed, scale, y + HEAD + placed.row * ROW + ROW / 2)


def _stretches(days: tuple[date, ...]) -> Iterator[tuple[date, date]]:
    """The days as stretches: the first day of each, and the day after its last."""
    begun: date | None = None
    for number, day in enumerate(days):
        begun = begun or day
        after = day + timedelta(days=1)
        if number + 1 == len(days) or days[number + 1] != after:
            yield begun, after
            begun = None


def _sentence(words: str) -> str:
    words = plain_line(words)
    return f"{words[:1].upper()}{words[1:]}."


def _draw_track(pen: _Pen, placed: _Placed, scale: _Scale, y: float) -> None:
    track = placed.track
    for bar in track.bars:
        left, right = scale.x(bar.start), scale.x(bar.end)
        length = max(right - left, 2.0)
        if bar.kind == "open":
            pen.box(left, y - 2, length, 4, "open")
        else:
            pen.box(left, y - 5, length, 10, bar.kind, 2)
    if track.end is not None:
        x = scale.x(track.end.at)
        if track.end.kind in ("sent", "called"):
            pen.dot(x, y, "sent")
        elif track.end.kind == "task":
            pen.dot(x, y, "task")
        else:
            pen.cross(x, y)
    label = placed.label
    pen.text(label.words, label.x, y + 4.5, SMALL, label.css, label.anchor)


def _legend(pen: _Pen, y: float) -> None:
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
