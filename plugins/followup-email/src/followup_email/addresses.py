"""What counts as one email address, and nothing but one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["needs_smtputf8", "plain_address"]

LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
LONGEST_LABEL = 63

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_WRITTEN = frozenset(("Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"))
"""Categories of characters outside ASCII that words are written with; RFC 6532 allows more."""
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_LAST_LABEL = re.compile(r"[a-z]{2,}|xn--[a-z0-9-]+")
_DIFFER_BETWEEN_VERSIONS = frozenset("ßς")
"""The two versions of internationalised domain names read these as different domains."""


def plain_address(text: str | None) -> str:
    """The address in the form that mail carries (the domain in ASCII), or empty where it is not exactly one.

    What stands before the `@` may be of any script. Refused: display names, lists, quoted local parts,
    anything invisible or that has another usual form, and domains that are no host name of two labels or
    more.
    """
    if text is None or not text.isprintable() or len(text) > LONGEST_ADDRESS or text.count("@") != 1:
        return ""
    local_part, _, domain = text.partition("@")
    if len(local_part.encode()) > LONGEST_LOCAL_PART or not _is_local_part(local_part):
        return ""
    host = _ascii_host(domain)
    address = f"{local_part}@{host}"
    return address if host and len(address.encode()) <= LONGEST_ADDRESS else ""


def needs_smtputf8(address: str) -> bool:
    """Whether only servers that offer SMTPUTF8 (RFC 6531) can carry mail with this address."""
    return not address.isascii()


def _is_local_part(text: str) -> bool:
    if text.isascii():
        return _LOCAL_PART.fullmatch(text) is not None
    others = {character for character in text if not character.isascii()}
    if unicodedata.normalize("NFKC", text) != text or not all(
        unicodedata.category(character) in _WRITTEN for character in others
    ):
        return False
    return _LOCAL_PART.fullmatch("".join("x" if c in others else c for c in text)) is not None


@lru_cache(maxsize=1024)
def _ascii_host(domain: str) -> str:
    if _DIFFER_BETWEEN_VERSIONS.intersection(domain):
        return ""
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    labels = host.split(".")
    sensible = (
        len(labels) >= 2
        and all(len(label) <= LONGEST_LABEL and _LABEL.fullmatch(label) for label in labels)
        and _LAST_LABEL.fullmatch(labels[-1])
    )
    return host if sensible else ""
