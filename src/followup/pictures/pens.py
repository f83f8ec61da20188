"""A pen: the few shapes that pictures of days are made of. Uses drawsvg.

drawsvg escapes texts, but not attributes: nothing from outside goes into an attribute.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

__all__ = ["Pen", "rounded"]


class Pen:
    """Puts shapes on a drawing."""

    def __init__(self, drawing: Any) -> None:
        self.drawing = drawing

    def _add(self, shape: Any) -> None:
        self.drawing.append(shape)

    def text(self, words: str, x: float, y: float, size: float, css: str = "", anchor: str = "start") -> None:
        import drawsvg

        self._add(drawsvg.Text(words, size, rounded(x), rounded(y), class_=css or None, text_anchor=anchor))

    def box(self, x: float, y: float, width: float, height: float, css: str, round_: float = 0) -> None:
        import drawsvg

        self._add(
            drawsvg.Rectangle(
                rounded(x), rounded(y), rounded(width), rounded(height), rx=round_ or None, class_=css
            )
        )

    def line(self, x1: float, y1: float, x2: float, y2: float, css: str) -> None:
        import drawsvg

        self._add(drawsvg.Line(rounded(x1), rounded(y1), rounded(x2), rounded(y2), class_=css))

    def dot(self, x: float, y: float, css: str) -> None:
        self.circle(x, y, 6, css)

    def circle(self, x: float, y: float, radius: float, css: str) -> None:
        import drawsvg

        self._add(drawsvg.Circle(rounded(x), rounded(y), radius, class_=css))

    def diamond(self, x: float, y: float, css: str = "event") -> None:
        self.closed((x, y - 7, x + 7, y, x, y + 7, x - 7, y), css)

    def square(self, x: float, y: float, css: str) -> None:
        self.box(x - 5, y - 5, 10, 10, css, 2)

    def triangle(self, x: float, y: float, css: str) -> None:
        self.closed((x - 7, y - 5.5, x + 7, y - 5.5, x, y + 6.5), css)

    def closed(self, points: Sequence[float], css: str) -> None:
        """A form through these points: x and y in turn."""
        import drawsvg

        self._add(drawsvg.Lines(*map(rounded, points), close=True, class_=css))

    def cross(self, x: float, y: float) -> None:
        self.line(x - 5, y - 5, x + 5, y + 5, "cross")
        self.line(x - 5, y + 5, x + 5, y - 5, "cross")


def rounded(value: float) -> float:
    """To a tenth, so that a picture's file stays small and the same everywhere."""
    return round(value, 1)
