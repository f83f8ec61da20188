"""Charts of figures as SVG to stand in a page, which has `CHART_STYLE` and `CHART_PATTERNS` once.

Nothing is told by colour alone: each kind has a pattern or a form of its own, and its number beside it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from followup.pictures.lettering import FONTS, width, wrapped
from followup.pictures.pens import Pen
from followup.plain import plain_line
from followup.retrospect.figures import Rate, Step
from followup.retrospect.spreads import Spread
from followup.retrospect.weeks import Week

__all__ = ["CHART_PATTERNS", "CHART_STYLE", "rates_chart", "spread_chart", "steps_chart", "weeks_chart"]

WIDTH = 760.0
LABELS = 170.0
SIZE, SMALL = 13.0, 11.5
ROW, BAR = 36.0, 22.0
DOT = 4.5
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

CHART_STYLE = """
svg text{fill:var(--ink)}svg .soft{fill:var(--quiet)}svg .axis{stroke:var(--line);stroke-width:1}
svg .strong{font-weight:600}svg .on{fill:var(--panel);font-weight:600}svg .theirs{fill:var(--hold)}
svg .in{font-weight:600;paint-order:stroke;stroke:var(--panel);stroke-width:5px;stroke-linejoin:round}
svg .further,svg .answered{fill:var(--message)}svg .met{fill:var(--together)}
svg .open,svg .waiting{fill:var(--panel);stroke:var(--message);stroke-width:1.5}
svg .refused,svg .returned{fill:url(#chart-lines);stroke:var(--stop);stroke-width:1}
svg .left,svg .overtaken{fill:url(#chart-dots);stroke:var(--quiet);stroke-width:1}
svg .middle{fill:var(--event)}svg .median{stroke:var(--ink);stroke-width:2}
svg .chart-stop{stroke:var(--stop);stroke-width:2}
svg .chart-point{fill:var(--quiet)}svg .cross{stroke:var(--stop);stroke-width:2;stroke-linecap:round}
svg .star{fill:var(--task)}svg .chart-spoken{stroke:var(--together);stroke-width:2}
svg .spoken{fill:url(#chart-bars);stroke:var(--together);stroke-width:1.5}
"""
CHART_PATTERNS = (
    '<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>'
    '<pattern id="chart-lines" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><line class="chart-stop" x1="0" y1="0" x2="0" y2="6"/></pattern>'
    '<pattern id="chart-bars" width="6" height="5" patternUnits="userSpaceOnUse">'
    '<line class="chart-spoken" x1="0" y1="2" x2="6" y2="2"/></pattern>'
    '<pattern id="chart-dots" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<circle class="chart-point" cx="3" cy="3" r="1.2"/></pattern></defs></svg>'
)
FILLED = ("further", "answered")
"""What is drawn in one colour, on which a number is written in that of the paper."""
Segment = tuple[int, str, str]
"""A count, its class, and what it is in words."""


def steps_chart(steps: Sequence[Step], names: Mapping[str, str]) -> str:
    """How many came to each step: those that went further, and how those stand that did not."""
    rows = [
        (
            names[step.name],
            (
                (step.reached - step.open - step.refused - step.left, "further", "went further"),
                (step.open, "open", "came so far and are open"),
                (step.refused, "refused", "they said no here"),
                (step.left, "left", "you left here"),
            ),
        )
        for step in steps
    ]
    return _bars(rows, "How many opportunities came to each step")


def rates_chart(rates: Sequence[tuple[str, Rate]]) -> str:
    """What became of messages, a bar for each kind of them."""
    rows = [
        (
            name,
            (
                (rate.answered, "answered", "answered"),
                (rate.waiting, "waiting", "waiting"),
                (rate.overtaken, "overtaken", "overtaken"),
                (rate.spoken, "spoken", "they spoke at once"),
                (rate.returned, "returned", "came back"),
            ),
        )
        for name, rate in rates
    ]
    return _bars(rows, "What became of your messages")


def _bars(rows: Sequence[tuple[str, Sequence[Segment]]], title: str) -> str:
    """Bars made of segments, with the whole behind each and a legend below."""
    most = max((sum(count for count, _, _ in segments) for _, segments in rows), default=0) or 1
    room = WIDTH - LABELS - 44
    told = []
    height = len(rows) * ROW + 34
    pen = _Sheet(height)
    for number, (name, segments) in enumerate(rows):
        y = number * ROW + 4
        x = LABELS
        pen.text(_fitted(name, LABELS - 14), LABELS - 12, y + 15.5, SIZE, "", "end")
        for count, css, words in segments:
            if count:
                length = count / most * room
                pen.box(x, y, length, BAR, css, 2)
                if length > width(str(count), SMALL) + 12:
                    style = "on" if css in FILLED else "in"
                    pen.text(str(count), x + length / 2, y + 15, SMALL, style, "middle")
                told.append(f"{name}: {count} {words}.")
                x += length
        pen.text(str(sum(count for count, _, _ in segments)), x + 8, y + 15.5, SIZE, "strong")
    legend = {css: words for _, segments in rows for count, css, words in segments if count}
    x, y = LABELS, len(rows) * ROW + 18
    for css, words in legend.items():
        pen.box(x, y - 9, 16, 12, css, 2)
        pen.text(words, x + 22, y + 1.5, SMALL, "soft")
        x += 22 + width(words, SMALL) + 16
    return pen.svg(title, " ".join(told))


def spread_chart(spread: Spread, title: str) -> str:
    """A dot for each: those answered above the line at the day that it took, those waiting beneath it."""
    values = [*spread.answered, *spread.waiting]
    usual = sorted(spread.answered)[: max(1, math.ceil(len(spread.answered) * 0.9))]
    most = min(max(values, default=1), max([*usual, 6]) * 1.5)
    step = next(unit for unit in (1, 2, 7, 14, 28, 91, 182, 365, 3650, 36500, 10**7) if most / unit <= 9)
    end = math.ceil(most / step) * step
    left, right = 20.0, WIDTH - 70
    scale = (right - left) / end
    bins = max(int((right - left) / (2 * DOT + 1)), 1)
    above, below = _stacked(spread.answered, end, bins), _stacked(spread.waiting, end, bins)
    pitch = min(2 * DOT + 1, 96 / max([*above.values(), *below.values(), 1]))
    base = 26 + max([*above.values(), 1]) * pitch
    height = base + max([*below.values(), 0]) * pitch + 40
    pen = _Sheet(height)
    if spread.low is not None and spread.high is not None:
        low, high = min(spread.low, end), min(spread.high, end)
        pen.box(left + low * scale, 18, max((high - low) * scale, 2), base - 18, "middle")
    for day in range(0, end + 1, step):
        pen.line(left + day * scale, base, left + day * scale, base + 5, "axis")
    pen.line(left, base, right + 8, base, "axis")
    for counts, css, direction in ((above, "answered", -1), (below, "waiting", 1)):
        for bin_, count in counts.items():
            x = left + (bin_ + 0.5) * (right - left) / bins if bin_ < bins else right + 16
            for number in range(count):
                pen.circle(
                    x, base + direction * (DOT + 2 + number * pitch), DOT if direction < 0 else DOT - 0.5, css
                )
    under = base + max([*below.values(), 0]) * pitch
    for day in range(0, end + 1, step):
        pen.text(str(day), left + day * scale, under + 20, SMALL, "soft", "middle")
    pen.text("days", right + 24, under + 20, SMALL, "soft")
    longer = above.get(bins, 0) + below.get(bins, 0)
    if longer:
        pen.text("longer", right + 10, base - above.get(bins, 0) * pitch - 10, SMALL, "soft")
    if spread.median is not None and spread.median <= end:
        x = left + spread.median * scale
        pen.line(x, 14, x, base, "median")
        words = f"median {spread.median:.1f}"
        side = "start" if x < WIDTH / 2 else "end"
        pen.text(words, x + (5 if side == "start" else -5), 14, SMALL, "strong", side)
    told = f"{len(spread.answered)} answered, {len(spread.waiting)} waiting."
    return pen.svg(title, told)


def _stacked(values: Sequence[float], end: float, bins: int) -> dict[int, int]:
    """How many stand in each bin; what is beyond the end stands in one more."""
    counts: dict[int, int] = {}
    for value in values:
        bin_ = bins if value > end else min(int(value / end * bins), bins - 1)
        counts[bin_] = counts.get(bin_, 0) + 1
    return counts


def weeks_chart(weeks: Sequence[Week]) -> str:
    """Week by week: what you wrote upwards, what they wrote downwards, and what was decided beneath."""
    left, right, base = 76.0, WIDTH - 12, 120.0
    most = max([*(week.messages + week.calls for week in weeks), *(week.answers for week in weeks), 1])
    unit = 84 / most
    slot = (right - left) / max(len(weeks), 12)
    bar = min(slot * 0.62, 30.0)
    pen = _Sheet(292)
    pen.text("you wrote", 0, base - 7, SMALL, "soft")
    pen.text("they wrote", 0, base + 16, SMALL, "soft")
    for x, mark, words in (
        (left, _met, "interview held"),
        (left + 140, _star, "offer"),
        (left + 220, _cross, "refused"),
    ):
        mark(pen, x + 6, 282)
        pen.text(words, x + 18, 286, SMALL, "soft")
    told = []
    free = 0.0
    for number, week in enumerate(weeks):
        x = left + number * slot + (slot - bar) / 2
        middle = x + bar / 2
        yours = week.messages + week.calls
        for count, direction, css in ((yours, -1, "answered"), (week.answers, 1, "theirs")):
            if count:
                top = base - count * unit if direction < 0 else base
                pen.box(x, top, bar, count * unit, css, 2)
                if slot >= 16:
                    y = top - 4 if direction < 0 else base + count * unit + 12
                    pen.text(str(count), middle, y, SMALL, "", "middle")
        y = 226.0
        for count, mark in ((week.interviews, _met), (week.offers, _star), (week.rejections, _cross)):
            if count:
                mark(pen, middle, y)
                if count > 1 and slot >= 26:
                    pen.text(str(count), middle + 8, y + 4, SMALL)
            y += 15
        words = f"{week.begins.day} {MONTHS[week.begins.month - 1]}"
        if middle - width(words, SMALL) / 2 >= free:
            pen.text(words, middle, 216 - 2, SMALL, "soft", "middle")
            free = middle + width(words, SMALL) / 2 + 10
        if yours or week.answers:
            told.append(f"Week of {words}: you wrote {yours}, they {week.answers}.")
    pen.line(left, base, right, base, "axis")
    return pen.svg("What happened week by week", " ".join(told))


def _met(pen: _Sheet, x: float, y: float) -> None:
    pen.diamond(x, y, "met")


def _star(pen: _Sheet, x: float, y: float) -> None:
    points: list[float] = []
    for corner in range(10):
        radius, angle = (2.8 if corner % 2 else 6.5), corner * math.pi / 5
        points += (x + radius * math.sin(angle), y - radius * math.cos(angle))
    pen.closed(points, "star")


def _cross(pen: _Sheet, x: float, y: float) -> None:
    pen.cross(x, y)


class _Sheet(Pen):
    """A drawing for a page, which names its own title and what it says."""

    def __init__(self, height: float) -> None:
        import drawsvg

        super().__init__(drawsvg.Drawing(WIDTH, round(height), role="img", font_family=FONTS))

    def svg(self, title: str, desc: str) -> str:
        """The picture as the text of an element."""
        import drawsvg

        drawing: Any = self.drawing
        told = f"<title>{escape(plain_line(title))}</title><desc>{escape(plain_line(desc))}</desc>"
        drawing.elements.insert(0, drawsvg.Raw(told))
        return str(drawing.as_svg(header="")).strip()


def _fitted(words: str, room: float) -> str:
    return next(iter(wrapped(plain_line(words), room, SIZE, most=1)), "")
