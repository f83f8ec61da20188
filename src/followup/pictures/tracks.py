"""Follow-ups along time: where each stands among others, and how it is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from followup.lanes import Track
from followup.pictures.days import MONTHS, SMALL, Rows, Scale, clipped
from followup.pictures.pens import Pen

__all__ = ["Label", "Placed", "draw_track", "place_tracks"]


@dataclass(frozen=True)
class Label:
    """A text, where it begins, and the row that it stands in."""

    words: str
    x: float
    row: int
    css: str
    anchor: str = "start"


@dataclass(frozen=True)
class Placed:
    """A track with its row and its label."""

    track: Track
    row: int
    label: Label


def place_tracks(tracks: Iterable[Track], rows: Rows, scale: Scale) -> tuple[Placed, ...]:
    """Each track in a row in which it overlaps nothing."""
    placed = []
    for track in tracks:
        words = _label_of(track)
        row, x, anchor = rows.place(scale.x(track.start) - 7, scale.x(track.last) + 7, words)
        stopped = track.end is not None and track.end.kind in ("stopped", "missed")
        label = Label(clipped(words), x, row, "stopped" if stopped else "", anchor)
        placed.append(Placed(track, row, label))
    return tuple(placed)


def _label_of(track: Track) -> str:
    end = track.end
    to = f" → {track.to}" if track.to and not (end and end.kind == "task") else ""
    done = end is not None and end.kind in ("sent", "called", "task")
    day = f", {end.at.day} {MONTHS[end.at.month - 1]}" if end and done else ""
    return clipped(f"{track.title}{to}") + day


def draw_track(pen: Pen, placed: Placed, scale: Scale, y: float, *, ahead: bool = False) -> None:
    """Its bars, its mark and its label; `ahead`: in the form of what has not happened yet."""
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
            pen.dot(x, y, "to-send" if ahead else "sent")
        elif track.end.kind == "task" and ahead:
            pen.square(x, y, "task")
        elif track.end.kind == "task":
            pen.dot(x, y, "task")
        else:
            pen.cross(x, y)
    label = placed.label
    pen.text(label.words, label.x, y + 4.5, SMALL, label.css, label.anchor)
