"""What counts as one email address, and nothing but one."""

from __future__ import annotations

import re

__all__ = ["plain_address"]

LONGEST_ADDRESS = 254
LONGEST_LOCAL_PART = 64
LONGEST_LABEL = 63

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")
_LAST_LABEL = re.compile(r"[a-z]{2,}|xn--[a-z0-9-]+")
_DIFFER_BETWEEN_VERSIONS = frozenset("ßς")
"""The two versions of internationalised domain names read these as different domains."""


def plain_address(text: str | None) -> str:
    """The address in the form that mail carries (the domain in ASCII), or empty where it is not exactly one.

    Refused: display names, lists, quoted or non-ASCII local parts, anything invisible, and domains that
    are no host name of two labels or more.
    """
    if text is None or not text.isprintable() or len(text) > LONGEST_ADDRESS or text.count("@") != 1:
        return ""
    local_part, _, domain = text.partition("@")
    if len(local_part) > LONGEST_LOCAL_PART or not _LOCAL_PART.fullmatch(local_part):
        return ""
    host = _ascii_host(domain)
    address = f"{local_part}@{host}"
    return address if host and len(address) <= LONGEST_ADDRESS else ""


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
