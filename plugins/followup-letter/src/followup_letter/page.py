"""A letter on one page: A4 after DIN 5008 (form B) or US letter, each with the address behind the window.

All lengths are in millimetres. A page for a US #10 window envelope is folded in three; the address stands
where the window shows it however the page slides in the envelope, and nothing else does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from followup.errors import UsageError
from followup.languages import Language
from followup.paper import PaperSize, Write, one_page
from followup.plain import plain_line

if TYPE_CHECKING:
    from fpdf import FPDF

__all__ = ["Letter", "dated", "pdf"]

POINTS = (11.0, 10.5, 10.0, 9.5, 9.0)
LEADING = 0.5
"""Millimetres a line for each point of type."""
SIGNATURE = 14.0
"""Room to sign."""


@dataclass(frozen=True, slots=True)
class Layout:
    """Where things stand on the paper.

    `window` is where the address begins, how wide it may be, and how many lines of what height it has. A
    `return_line` above it carries the sender's address in small type; `sender` is where their letterhead
    begins; `date_at` and `text_at` are how far down date and text begin. `marks` are where to fold and punch.
    """

    left: float
    right: float
    sender: tuple[float, float]
    window: tuple[float, float, float]
    lines: int
    line_height: float
    return_line: float | None
    date_at: float
    text_at: float
    marks: tuple[float, ...] = ()


LAYOUTS: dict[PaperSize, Layout] = {
    "a4": Layout(
        left=25, right=20, sender=(125, 20), window=(25, 62.7, 80), lines=6, line_height=4.5,
        return_line=57.5, date_at=84, text_at=98.5, marks=(105, 148.5, 210),
    ),
    "letter": Layout(
        left=25.4, right=25.4, sender=(25.4, 15), window=(25.4, 61.5, 84), lines=5, line_height=4.0,
        return_line=None, date_at=45, text_at=97,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """What stands on the page, in plain words. `sender` is the name, then the address and contacts."""

    language: str
    sender: tuple[str, ...]
    return_address: str
    recipient: tuple[str, ...]
    date: str
    subject: str
    body: str
    signed: str


def dated(day: date, language: Language | None, size: PaperSize) -> str:
    """The date as the language writes it; in English on US paper as `November 20, 2026`."""
    if language is None:
        return day.isoformat()
    if language.code == "en" and size == "letter":
        return f"{language.months[day.month - 1]} {day.day}, {day.year}"
    return language.date_in_words(day)


def pdf(letter: Letter, *, size: PaperSize, made: datetime, font: Path | None = None) -> bytes:
    """The page. Raises UsageError where it does not fit or cannot be written."""
    layout = LAYOUTS[size]
    if len(letter.recipient) > layout.lines:
        told = f"the address has {len(letter.recipient)} lines with the name and company"
        raise UsageError(f"{told}; {layout.lines} fit into the window of an envelope")

    def draw(page: FPDF, point: float, write: Write) -> float:
        _frame(letter, layout, page, write)
        return _text(letter, layout, page, point, write)

    title = letter.subject or plain_line(letter.body)[:80]
    return one_page(
        draw, size=size, title=title, language=letter.language, made=made, points=POINTS, font=font
    )


def _frame(letter: Letter, layout: Layout, page: FPDF, write: Write) -> None:
    """All that stands around the text."""
    page.c_margin = 0
    page.set_margins(layout.left, layout.left, layout.right)
    for mark in layout.marks:
        page.line(4, mark, 7 if mark != 148.5 else 9, mark)
    _lines(page, letter.sender, *layout.sender, 4.6, write, width=page.w - layout.right - layout.sender[0])
    x, y, width = layout.window
    if layout.return_line is not None and letter.return_address:
        _fitting(page, write(letter.return_address), width, 7)
        page.set_xy(x, layout.return_line)
        page.cell(text=write(letter.return_address))
        page.line(x, layout.return_line + 3.6, x + width, layout.return_line + 3.6)
    _lines(page, letter.recipient, x, y, layout.line_height, write, width=width)
    page.set_font("text", "", 10)
    page.set_xy(page.w - layout.right - 60, layout.date_at)
    page.cell(60, 5, write(letter.date), align="R")


def _lines(
    page: FPDF, lines: tuple[str, ...], x: float, y: float, height: float, write: Write, *, width: float
) -> None:
    for number, line in enumerate(lines):
        _fitting(page, write(line), width, 10)
        page.set_xy(x, y + number * height)
        page.cell(h=height, text=write(line))


def _fitting(page: FPDF, text: str, width: float, point: float) -> None:
    """The largest type up to `point` in which the text fits on one line of this width."""
    page.set_font("text", "", point)
    found = page.get_string_width(text)
    if found > width:
        page.set_font("text", "", max(5.0, point * width / found))
        if page.get_string_width(text) > width:
            raise UsageError(f"`{text[:40]}…` is too long for a line of an address; shorten it")


def _text(letter: Letter, layout: Layout, page: FPDF, point: float, write: Write) -> float:
    page.set_xy(layout.left, layout.text_at)
    height = point * LEADING

    def put(text: str, *, bold: bool = False) -> None:
        page.set_font("text", "B" if bold else "", point)
        page.multi_cell(0, height, write(text), align="L", new_x="LMARGIN", new_y="NEXT")

    if letter.subject:
        put(letter.subject, bold=True)
        page.set_y(page.get_y() + 2 * height)
    before, signed, after = _signature(letter)
    put(before)
    if signed:
        page.set_y(page.get_y() + SIGNATURE)
        put(signed + after)
    return page.get_y()


def _signature(letter: Letter) -> tuple[str, str, str]:
    """The text before the line with the writer's name, that line, and what stands below it."""
    lines = letter.body.split("\n")
    at = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].strip() == letter.signed), None)
    if at is None or not letter.signed:
        return letter.body, "", ""
    return "\n".join(lines[:at]), letter.signed, "\n".join(["", *lines[at + 1 :]]).rstrip()
