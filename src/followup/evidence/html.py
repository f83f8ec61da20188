"""The text of an HTML mail: blocks become lines, and what it quotes is left out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

__all__ = ["text_of_html"]

BLOCKS = frozenset(
    ("address", "article", "br", "dd", "div", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
     "pre", "section", "table", "td", "tr", "ul")
)  # fmt: skip
HIDDEN = frozenset(("head", "script", "style", "title"))
VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr")
)
QUOTES = re.compile(
    r"gmail_quote|gmail_attr|gmail_signature|yahoo_quoted|moz-cite-prefix|moz-signature|divRplyFwdMsg"
    r"|appendonsend|OLK_SRC_BODY_SECTION|protonmail_quote|zmail_extra",
    re.IGNORECASE,
)
REST = re.compile(r"divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION", re.IGNORECASE)
"""Of these Outlook puts the mark alone; all that follows it is quoted."""
PREHEADER = re.compile(r"display\s*:\s*none", re.IGNORECASE)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.left_out = 0
        """How many elements are open since the one that is left out; 0 outside of such."""
        self.over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in BLOCKS:
            self.pieces.append("\n")
        if tag in VOID:
            return
        marks = " ".join(value or "" for name, value in attrs if name in ("class", "id"))
        style = next((value or "" for name, value in attrs if name == "style"), "")
        if REST.search(marks) and any(piece.strip() for piece in self.pieces):
            self.over = True
        quoted = tag == "blockquote" or tag in HIDDEN or QUOTES.search(marks) or PREHEADER.search(style)
        if self.left_out or quoted:
            self.left_out += 1

    def handle_endtag(self, tag: str) -> None:
        if self.left_out and tag not in VOID:
            self.left_out -= 1
        if tag in BLOCKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.left_out and not self.over:
            self.pieces.append(re.sub(r"\s+", " ", data))


def text_of_html(html: str) -> str:
    """The text that a reader of the mail sees, without what it quotes."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = "".join(reader.pieces).splitlines()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.strip() for line in lines)).strip()
