"""One page of paper, as PDF: what is written must fit on it and must be readable.

fpdf2 and the fonts come with `pip install followup[paper]` and are imported when a page is made. The fonts
are Noto Sans: all Latin letters, Greek and Cyrillic. Letters that the font does not have are told, and so is
what does not fit; only pictures (emoji) are left out.
"""

from __future__ import annotations

import io
import logging
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from followup.errors import UsageError

if TYPE_CHECKING:
    from fpdf import FPDF

__all__ = ["Draw", "PaperSize", "Write", "one_page", "paper_of"]

PaperSize = Literal["a4", "letter"]

BOTTOM = 15.0
"""Millimetres at the foot of a page that printers may not reach, and that stay free."""

# Where paper is of the North American sizes (Unicode CLDR, "paperSize").
_LETTER = frozenset({"BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"})


def paper_of(country: str | None) -> PaperSize:
    """The size of the paper that a country writes on."""
    return "letter" if country in _LETTER else "a4"


Write = Callable[[str], str]
"""All text goes through it on its way to the page."""
Draw = Callable[["FPDF", float, Write], float]
"""Draws a page, in millimetres, in the font `text`, in type of so many points; says how far down it came."""


def one_page(
    draw: Draw,
    *,
    size: PaperSize,
    title: str,
    language: str,
    made: datetime,
    points: Sequence[float],
    font: Path | None = None,
) -> bytes:
    """The PDF of one page, in the largest of `points` in which it fits.

    The same page made at the same time is the same, byte for byte. `font` is a TrueType file to use instead
    of Noto Sans. Raises UsageError where the page does not fit, or has letters that the font does not have.
    """
    with TemporaryDirectory(prefix="followup-") as folder, _silence():
        fonts = _fonts(Path(folder), font)
        over = 0.0
        for point in points:
            with _page(size, title, language, made, fonts) as page:
                missing: set[str] = set()
                over = draw(page, point, _writer(page, missing)) - (page.h - BOTTOM)
                if missing:
                    told = " ".join(sorted(missing)[:10])
                    cure = "write it in other letters, or name a font that has them: --font FILE"
                    raise UsageError(f"the font has no {told}; {cure}")
                if over <= 0:
                    return bytes(page.output())
    raise UsageError(f"this does not fit on one page, by {over:.0f} mm in the smallest type; shorten it")


@contextmanager
def _silence() -> Iterator[None]:
    """Say nothing of tables of a font that are of no use in a PDF."""
    logger = logging.getLogger("fontTools.subset")
    level = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(level)


def _fonts(folder: Path, own: Path | None) -> tuple[Path, Path]:
    """The files of the regular and the bold font."""
    try:
        import fpdf  # noqa: F401
        from pymupdf_fonts import myfont
    except ImportError:
        raise UsageError("a PDF needs fpdf2 and fonts; install them: pip install 'followup[paper]'") from None
    if own is not None:
        _check_font(own)
        return own, own
    regular, bold = folder / "regular.ttf", folder / "bold.ttf"
    regular.write_bytes(myfont("notos"))
    bold.write_bytes(myfont("notosbo"))
    return regular, bold


def _check_font(file: Path) -> None:
    """That it is a font, before fpdf2 opens it, which would leave a broken one open."""
    from fontTools.ttLib import TTFont, TTLibError

    try:
        TTFont(io.BytesIO(file.read_bytes())).close()
    except OSError:
        raise UsageError(f"there is no font file {file}; name a TrueType file (.ttf)") from None
    except TTLibError:
        raise UsageError(f"{file} is no font that can be used; name a TrueType file (.ttf)") from None


@contextmanager
def _page(
    size: PaperSize, title: str, language: str, made: datetime, fonts: tuple[Path, Path]
) -> Iterator[FPDF]:
    from fpdf import FPDF

    page = FPDF(unit="mm", format=size)
    try:
        page.add_font("text", "", fonts[0])
        page.add_font("text", "B", fonts[1])
    except (ValueError, KeyError):
        raise UsageError(f"{fonts[0]} is no font that can be used; name a TrueType file (.ttf)") from None
    page.set_auto_page_break(False)
    page.set_title(title)
    page.set_lang(language)
    page.set_creator("followup")
    page.set_creation_date(made)
    page.add_page()
    try:
        yield page
    finally:
        for font in page.fonts.values():
            font.ttfont.close()  # type: ignore[union-attr]


def _writer(page: FPDF, missing: set[str]) -> Write:
    """What leaves out pictures that the font does not have, and notes letters that it does not have."""
    known = page.fonts["text"].cmap  # type: ignore[union-attr]

    def write(text: str) -> str:
        kept = []
        for sign in unicodedata.normalize("NFC", text):
            if ord(sign) in known or sign == "\n":
                kept.append(sign)
            elif _is_letter(sign):
                missing.add(sign)
        return "".join(kept)

    return write


def _is_letter(sign: str) -> bool:
    """Whether it is part of a word or number, and not of a picture, as selectors and keycaps are."""
    category = unicodedata.category(sign)
    selects = unicodedata.name(sign, "").startswith("VARIATION SELECTOR")
    return category[0] in "LMN" and category != "Me" and not selects
