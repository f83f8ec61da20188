"""The page to call by as HTML that prints well: one file, nothing fetched, no script."""

from __future__ import annotations

from html import escape

from followup.paper import PaperSize
from followup_phone.sheet import Sheet

__all__ = ["html"]

_STYLE = """\
:root { font: 1rem/1.4 "Noto Sans", system-ui, sans-serif; color: #111; background: #fff; }
body { max-width: 44rem; margin: 1.5rem auto; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0; }
h2 { font-size: 0.9rem; margin: 0.9rem 0 0; color: #555; }
p { margin: 0; white-space: pre-line; }
.number { font-size: 1.3rem; font-weight: bold; margin: 0.3rem 0; }
.warning { border-left: 0.3rem solid #b00; padding-left: 0.6rem; font-weight: bold; margin: 0.5rem 0; }
.hours { border-bottom: 1px solid #999; padding-bottom: 0.5rem; }
.note { display: flex; margin-top: 1.3rem; font-size: 0.9rem; }
.note::after { content: ""; flex: 1; border-bottom: 1px solid #999; margin-left: 0.5rem; }
@media print {
  :root { font-size: 9.5pt; }
  body { max-width: none; margin: 0; padding: 0; }
  a { color: inherit; text-decoration: none; }
  section { break-inside: avoid; }
}
"""


def html(sheet: Sheet, *, size: PaperSize) -> str:
    """The whole document. All text from outside is only text in it."""
    paper = "A4" if size == "a4" else "letter"
    head = (
        f'<!DOCTYPE html>\n<html lang="{escape(sheet.language)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">\n"
        f"<title>{escape(sheet.title)}</title>\n"
        f"<style>\n{_STYLE}@page {{ size: {paper}; margin: 15mm; }}\n</style>\n</head>\n<body>\n"
    )
    parts = [f"<h1>{escape(sheet.title)}</h1>"]
    if sheet.link:
        parts.append(f'<p class="number"><a href="{escape(sheet.link)}">{escape(sheet.number)}</a></p>')
    if sheet.warning:
        parts.append(f'<p class="warning">{escape(sheet.warning)}</p>')
    parts.append(f'<p class="hours">{escape(chr(10).join(sheet.hours))}</p>')
    parts += [
        f"<section><h2>{escape(heading)}</h2><p>{escape(text)}</p></section>"
        for heading, text in sheet.sections
    ]
    parts += [f'<p class="note">{escape(label)}</p>' for label in sheet.notes]
    return head + "\n".join(parts) + "\n</body>\n</html>\n"
