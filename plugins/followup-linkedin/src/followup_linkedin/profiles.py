"""What counts as the address of a profile on LinkedIn."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

__all__ = ["profile_page"]

# A pattern for the whole address, not a URL parser: parsers repair what looks like one thing and is another.
_PROFILE = re.compile(
    r"https://(?P<host>(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)?linkedin\.com)"
    r"/in/(?P<name>[^/?#\\@:\s]{1,600})(?P<language>/[a-z]{2}(?:[-_][a-z]{2})?)?/?",
    re.IGNORECASE | re.ASCII,
)
_NAME = re.compile(r"[^\W_](?:[\w-]{0,148}\w)?")


def profile_page(text: str | None) -> str:
    """The page's address, written anew from its checked parts; empty where the text is not exactly one.

    Only `https://linkedin.com/in/…` and its subdomains: no user, port, query or fragment, no other site.
    """
    parts = _PROFILE.fullmatch(text) if text and text.isprintable() else None
    if parts is None:
        return ""
    try:
        name = unquote(parts["name"], errors="strict")
    except UnicodeDecodeError:
        return ""
    return f"https://{parts['host'].lower()}/in/{quote(name, safe='')}" if _NAME.fullmatch(name) else ""
