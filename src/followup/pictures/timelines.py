"""Opportunities along time as SVG: one with all that happened and is to come, or all of them, a line each.

The picture is the same bytes for the same chronicles. It follows the reader's light or dark scheme, tells the
kinds of marks apart by their form, and tells its content in `title` and `desc` to those who do not see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from html import escape
from typing import Any

from followup.comparing import AN_INTERVIEW
from followup.pictures.days import (
    LARGE,
    MARGIN,
    MEDIUM,
    MONTHS,
    SMALL,
    WIDTH,
    Rows,
    Scale,
    clipped,
    name_days,
    name_known,
)
from followup.pictures.lanes import HATCH, STYLE
from followup.pictures.lettering import FONTS, width, wrapped
from followup.pictures.pens import Pen
from followup.pictures.tracks import Label, draw_track, place_tracks
from followup.plain import plain_line
from followup.retrospect.chronicles import Chronicle, Coming, Past
from followup.telling import when_words

__all__ = ["overview_svg", "timeline_svg"]

ROW = 26
LINE = 46
NAMES, NEXT = 220, 340
"""The widths of the columns left and right of the lines of an overview."""
OWN_STYLE = """
.past{fill:var(--band)}.ahead{fill:var(--panel);stroke:var(--frame)}.rule{stroke:var(--frame);stroke-width:1}
.here{stroke:var(--ink);stroke-width:1.5}.here-words{fill:var(--ink);font-weight:600}.theirs{fill:var(--hold)}
.to-send{fill:var(--panel);stroke:var(--message);stroke-width:2}.course{stroke:var(--line);stroke-width:1.5}
.to-meet{fill:var(--panel);stroke:var(--together);stroke-width:2}
text{paint-order:stroke;stroke:var(--band);stroke-width:3px;stroke-linejoin:round}text.stopped{stroke:none}.flag{stroke:var(--hold);stroke-width:2}.did{fill:var(--task)}
"""


def timeline_svg(chronicle: Chronicle) -> str:
    """One opportunity as the text of an SVG file."""
    scale = Scale(chronicle.start, chronicle.end)
    above, below = Rows(scale), Rows(scale)
    events = [
        *(_labelled(above, scale, past.at, _dated(past), past.side) for past in _theirs(chronicle)),
        *(
            _labelled(above, scale, each.at, _coming(each), "to-meet")
            for each in chronicle.to_come
            if each.kind == "interview" and each.at is not None
        ),
    ]
    done = [
        _labelled(below, scale, past.at, _dated(past), "did" if past.type == "done" else "you")
        for past in chronicle.happened
        if past.side == "you"
    ]
    tracks = place_tracks(chronicle.tracks, below, scale)
    known = tuple(each for each in chronicle.known if each.words != AN_INTERVIEW)
    top = 166 if known else 138
    split = top + max(above.count, 1) * ROW + 14
    bottom = split + max(below.count, 1) * ROW + 14
    pen = _begun(f"{chronicle.title}: timeline", _told(chronicle), bottom + 60)
    pen.text(plain_line(clipped(chronicle.title)), MARGIN, 40, LARGE, "strong")
    stands = plain_line(chronicle.stands)
    told = f"{stands[:1].upper()}{stands[1:]}. {_span(chronicle.start, chronicle.end)}."
    pen.text(told, MARGIN, 62, SMALL, "soft")
    if chronicle.assumed:
        words = "What is to come is played as if nobody answered and you sent each message when it is due."
        pen.text(words, MARGIN, 80, SMALL, "soft")
    name_days(pen, scale, top)
    name_known(pen, scale, known, top)
    here = scale.x(chronicle.now)
    pen.box(MARGIN, top, here - MARGIN, bottom - top, "past", 6)
    pen.box(here, top, WIDTH - MARGIN - here, bottom - top, "ahead", 6)
    pen.line(MARGIN + 12, split, WIDTH - MARGIN - 12, split, "rule")
    for each in known:
        x = scale.day_starts(each.day + timedelta(days=1))
        pen.line(x, top, x, bottom, "now")
    _here(pen, here, top, bottom, chronicle.now)
    for at, label, kind in (*events, *done):
        y = (top if kind in ("met", "they", "to-meet") else split) + 7 + label.row * ROW + ROW / 2
        MARKS[kind](pen, scale.x(at), y)
        pen.text(label.words, label.x, y + 4.5, SMALL, label.css, label.anchor)
    for placed in tracks:
        draw_track(pen, placed, scale, split + 7 + placed.row * ROW + ROW / 2, ahead=True)
    _legend(pen, bottom + 26, (*SIGNS, *(TRACK_SIGNS if tracks else ())))
    return str(pen.drawing.as_svg()).rstrip("\n") + "\n"


def overview_svg(chronicles: Sequence[Chronicle]) -> str:
    """All opportunities as the text of an SVG file, in the order given: a line each, with what is next."""
    start = min(each.start for each in chronicles)
    now = max(each.now for each in chronicles)
    end = max(each.end for each in chronicles)
    scale = Scale(start, end, MARGIN + NAMES + 12.0, WIDTH - MARGIN - NEXT - 12.0)
    top = 116
    bottom = top + len(chronicles) * LINE + 8
    count = f"{len(chronicles)} opportunities" if len(chronicles) != 1 else "1 opportunity"
    pen = _begun(f"Timeline of {count}", " ".join(map(_told, chronicles)), bottom + 60)
    pen.text(count, MARGIN, 40, LARGE, "strong")
    pen.text(f"{_span(start, end)}.", MARGIN, 62, SMALL, "soft")
    name_days(pen, scale, top)
    here = scale.x(now)
    pen.box(scale.left - 12, top, here - scale.left + 12, bottom - top, "past", 6)
    pen.box(here, top, scale.right + 12 - here, bottom - top, "ahead", 6)
    _here(pen, here, top, bottom, now)
    pen.text("next", scale.right + 24, top - 14, SMALL, "soft")
    for number, chronicle in enumerate(chronicles):
        y = top + 4 + number * LINE + LINE / 2
        if number:
            pen.line(MARGIN, y - LINE / 2, WIDTH - MARGIN, y - LINE / 2, "rule")
        _draw_line(pen, chronicle, scale, y)
    _legend(pen, bottom + 26, SIGNS)
    return str(pen.drawing.as_svg()).rstrip("\n") + "\n"


def _draw_line(pen: Pen, chronicle: Chronicle, scale: Scale, y: float) -> None:
    """Its name and where it stands, its marks, and what is next in words."""
    room = NAMES - 12.0
    pen.text(_fitted(chronicle.company, room, MEDIUM, bold=True), MARGIN, y - 2, MEDIUM, "strong")
    pen.text(_fitted(chronicle.position, room, SMALL), MARGIN, y + 14, SMALL, "soft")
    shown = [past for past in chronicle.happened if past.side != "note"]
    coming = [each for each in chronicle.to_come if each.day is not None]
    if shown:
        last = max([past.at for past in shown])
        pen.line(scale.x(shown[0].at), y, scale.x(max(last, chronicle.now)), y, "course")
    for each in coming:
        at = each.at or _end_of(each, chronicle)
        if at <= chronicle.end:
            kind = {"interview": "to-meet", "known": "known", "task": "task"}.get(each.kind, "to-send")
            kind = "task" if each.kind == "due" and each.channel is None else kind
            MARKS[kind](pen, scale.x(at), y + OFFSETS.get(kind, 0))
    for past in shown:
        kind = "did" if past.type == "done" else past.side
        MARKS[kind](pen, scale.x(past.at), y + OFFSETS.get(kind, 0))
    x, room = scale.right + 24, float(NEXT - 24)
    words = _coming(coming[0]) if coming else "Nothing is planned"
    pen.text(_fitted(words, room, SMALL), x, y - 2, SMALL)
    stands = f"{chronicle.stands[:1].upper()}{chronicle.stands[1:]}"
    pen.text(_fitted(stands, room, SMALL), x, y + 14, SMALL, "soft")


def _end_of(each: Coming, chronicle: Chronicle) -> datetime:
    assert each.day is not None
    day = each.day
    return datetime(day.year, day.month, day.day, tzinfo=chronicle.now.tzinfo) + timedelta(days=1)


# Words


def _theirs(chronicle: Chronicle) -> Iterator[Past]:
    return (past for past in chronicle.happened if past.side in ("met", "they"))


def _dated(past: Past) -> str:
    waits = ", no answer yet" if past.waits else ""
    after = "" if past.after_days is None else f" after {round(past.after_days, 1):g} days"
    return f"{clipped(past.words + after + waits)}, {past.at.day} {MONTHS[past.at.month - 1]}"


def _coming(each: Coming) -> str:
    to = f" → {each.to}" if each.to else ""
    when = "" if each.day is None else f", {each.day.day} {MONTHS[each.day.month - 1]}"
    held = "Held until then: " if each.kind == "held" else "Due: " if each.kind == "due" else ""
    return f"{held}{clipped(each.words + to)}{when}"


def _span(start: datetime, end: datetime) -> str:
    return f"{when_words(start.date())} {start.year} to {when_words(end.date())} {end.year}"


def _fitted(words: str, room: float, size: float, *, bold: bool = False) -> str:
    return next(iter(wrapped(plain_line(words), room, size, bold=bold, most=1)), "")


def _told(chronicle: Chronicle) -> str:
    """The picture in words, for those who do not see it."""
    past = [f"{when_words(each.at)}: {each.words}." for each in chronicle.happened if each.side != "note"]
    coming = [f"{_coming(each)}." for each in chronicle.to_come]
    told = [chronicle.title, f"({chronicle.stands}).", *past, "To come:", *(coming or ["nothing."])]
    return plain_line(" ".join(told))


# How it is drawn


def _begun(title: str, desc: str, height: float) -> Pen:
    import drawsvg

    drawing = drawsvg.Drawing(
        WIDTH, height, role="img", font_family=FONTS, aria_labelledby="timeline-title timeline-desc"
    )
    drawing.append(drawsvg.Raw(f'<title id="timeline-title">{escape(plain_line(title))}</title>'))
    drawing.append(drawsvg.Raw(f'<desc id="timeline-desc">{escape(desc)}</desc>'))
    drawing.append(drawsvg.Raw(f"<style>{STYLE}{OWN_STYLE}</style><defs>{HATCH}</defs>"))
    pen = Pen(drawing)
    pen.box(0, 0, WIDTH, height, "paper")
    return pen


def _labelled(rows: Rows, scale: Scale, at: datetime, words: str, kind: str) -> tuple[datetime, Label, str]:
    row, x, anchor = rows.place(scale.x(at) - 7, scale.x(at) + 7, words)
    return at, Label(clipped(words), x, row, "", anchor), kind


def _here(pen: Pen, x: float, top: float, bottom: float, now: datetime) -> None:
    """The line at which the past ends, with its day beneath it."""
    pen.line(x, top, x, bottom + 6, "here")
    words = f"now, {now.day} {MONTHS[now.month - 1]}"
    half = width(words, SMALL) / 2
    x = min(max(x, MARGIN + half), WIDTH - MARGIN - half)
    pen.text(words, x, bottom + 20, SMALL, "here-words", "middle")


def _flag(pen: Pen, x: float, y: float) -> None:
    pen.line(x, y - 9, x, y + 9, "flag")


MARKS: dict[str, Callable[[Pen, float, float], Any]] = {
    "met": lambda pen, x, y: pen.diamond(x, y),
    "they": lambda pen, x, y: pen.triangle(x, y, "theirs"),
    "you": lambda pen, x, y: pen.dot(x, y, "sent"),
    "did": lambda pen, x, y: pen.square(x, y, "did"),
    "to-meet": lambda pen, x, y: pen.diamond(x, y, "to-meet"),
    "to-send": lambda pen, x, y: pen.dot(x, y, "to-send"),
    "known": _flag,
    "task": lambda pen, x, y: pen.square(x, y, "task"),
    "held": lambda pen, x, y: pen.box(x - 9, y - 5, 18, 10, "held", 2),
    "open": lambda pen, x, y: pen.box(x - 9, y - 2, 18, 4, "open"),
    "stopped": lambda pen, x, y: pen.cross(x, y),
}
OFFSETS: dict[str, float] = {"they": -8.0, "you": 8.0, "did": 8.0, "to-send": 8.0, "task": 8.0}
"""In an overview they stand above the line and you beneath, so that what is on one day can be seen."""
SIGNS = (
    ("met", "interview"),
    ("they", "they"),
    ("you", "you"),
    ("did", "a task done"),
    ("to-send", "to send"),
    ("task", "a task ahead"),
    ("to-meet", "an interview ahead"),
    ("known", "a day that is known"),
)
TRACK_SIGNS = (
    ("held", "held"),
    ("open", "may go out"),
    ("stopped", "comes to nothing"),
)


def _legend(pen: Pen, y: float, signs: Sequence[tuple[str, str]]) -> None:
    x, y = MARGIN + 12.0, y + 16
    for kind, words in signs:
        MARKS[kind](pen, x, y)
        pen.text(words, x + 14, y + 4.5, SMALL, "soft")
        x += 14 + width(words, SMALL) + 18
