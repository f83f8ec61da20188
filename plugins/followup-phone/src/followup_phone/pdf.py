"""The page to call by as PDF: one page, with lines to write on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from followup.errors import UsageError
from followup.paper import PaperSize, Write, one_page
from followup_phone.sentences import SENTENCES
from followup_phone.sheet import Sheet

if TYPE_CHECKING:
    from fpdf import FPDF

__all__ = ["pdf"]

POINTS = (11.0, 10.0, 9.0, 8.0)
MARGIN = 18.0
WRITTEN = frozenset(says.headings["written"] for says in SENTENCES.values())
LEADING = 0.5
"""Millimetres a line for each point of type."""
NOTE_HEIGHT = 9.0


def pdf(sheet: Sheet, *, size: PaperSize, made: datetime, font: Path | None = None) -> tuple[bytes, bool]:
    """The page, and whether all of the sheet is on it.

    Where there is no room the written message, which stands last, is left out. Raises UsageError where even
    then it does not fit, or cannot be written.
    """

    def page_of(each: Sheet, points: tuple[float, ...]) -> bytes:
        def draw(page: FPDF, point: float, write: Write) -> float:
            return _draw(each, page, point, write)

        return one_page(
            draw, size=size, title=each.title, language=each.language, made=made, points=points, font=font
        )

    short = replace(sheet, sections=tuple(s for s in sheet.sections if s[0] not in WRITTEN))
    if short != sheet:
        with suppress(UsageError):
            return page_of(sheet, POINTS[:2]), True
    return page_of(short, POINTS), short == sheet


def _draw(sheet: Sheet, page: FPDF, point: float, write: Write) -> float:
    page.set_margins(MARGIN, MARGIN)
    page.c_margin = 0
    page.set_xy(MARGIN, MARGIN)

    def put(text: str, *, size: float = point, bold: bool = False, after: float = 0.0) -> None:
        page.set_font("text", "B" if bold else "", size)
        page.multi_cell(0, size * LEADING, write(text), align="L", new_x="LMARGIN", new_y="NEXT")
        page.set_y(page.get_y() + after)

    put(sheet.title, size=point + 4, bold=True, after=1)
    if sheet.number:
        put(sheet.number, size=point + 3, bold=True, after=1)
    if sheet.warning:
        put(sheet.warning, bold=True, after=1)
    for line in sheet.hours:
        put(line, size=point - 1)
    page.set_y(page.get_y() + 2)
    page.line(MARGIN, page.get_y(), page.w - MARGIN, page.get_y())
    page.set_y(page.get_y() + 2)
    for heading, text in sheet.sections:
        put(heading, size=point - 1, bold=True)
        put(text, after=point * 0.15)
    for label in sheet.notes:
        page.set_y(page.get_y() + NOTE_HEIGHT - point * LEADING)
        page.set_font("text", "", point - 1)
        page.cell(text=write(f"{label}: "), new_x="RIGHT", new_y="TOP")
        base = page.get_y() + point * LEADING
        page.line(page.get_x() + 1, base, page.w - MARGIN, base)
        page.set_xy(MARGIN, base)
    return page.get_y()
