"""Two texts word by word: what stays, what goes, what comes."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import Literal

import msgspec

__all__ = ["WordChange", "word_changes"]

MOST = 3_000
"""Texts of more words are not compared word by word."""


class WordChange(msgspec.Struct, frozen=True):
    """Some words: in both texts, in the old one alone, or in the new one alone."""

    side: Literal["both", "old", "new"]
    text: str


def word_changes(old: str, new: str) -> tuple[WordChange, ...]:
    """The words of two texts in order; where lines break is not compared. Nothing for equal texts."""
    ours, theirs = old.split(), new.split()
    if ours == theirs:
        return ()
    if max(len(ours), len(theirs)) > MOST:
        return (WordChange("old", " ".join(ours)), WordChange("new", " ".join(theirs)))
    made: list[WordChange] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            made.append(WordChange("both", " ".join(ours[a:b])))
            continue
        if a < b:
            made.append(WordChange("old", " ".join(ours[a:b])))
        if c < d:
            made.append(WordChange("new", " ".join(theirs[c:d])))
    return tuple(made)
