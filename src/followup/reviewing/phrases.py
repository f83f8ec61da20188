"""Phrases: plain words from a language's lists, found in a text whatever its case, spaces and apostrophes.

An entry may say what to write instead: `asap → as soon as you can`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Found", "begins_with", "find", "instead_of", "listed", "masked", "phrases", "words"]

ARROW = "→"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase in a text: where it begins, as it stands there, and what to write instead (or nothing)."""

    start: int
    text: str
    instead: str = ""


def words(text: str) -> list[str]:
    """The words of a text, in order, as they stand there."""
    return _WORD.findall(text)


def listed(reviews: Mapping[str, tuple[str, ...]], *names: str) -> tuple[str, ...]:
    """The entries of some lists of a language, one list after the other."""
    return tuple(entry for name in names for entry in reviews.get(name, ()))


def find(entries: tuple[str, ...], text: str, *, case: bool = False) -> Iterator[Found]:
    """Where the phrases of a list stand in a text, as whole words, the longest first."""
    if not entries:
        return
    pattern = _pattern(entries, case)
    instead = instead_of(entries)
    for match in pattern.finditer(text):
        yield Found(match.start(), match[0], instead.get(_plain(match[0]), ""))


def begins_with(text: str, entries: tuple[str, ...]) -> bool:
    """Whether a text begins with one of the phrases."""
    return bool(entries) and _pattern(entries, False).match(text.lstrip()) is not None


@lru_cache(maxsize=256)
def phrases(entries: tuple[str, ...]) -> frozenset[str]:
    """The phrases of a list, without case and without what to write instead."""
    return frozenset(instead_of(entries))


@lru_cache(maxsize=256)
def instead_of(entries: tuple[str, ...]) -> Mapping[str, str]:
    """What the entries say to write instead, by phrase."""
    pairs = (entry.partition(ARROW) for entry in entries)
    return {_plain(phrase): instead.strip() for phrase, _, instead in pairs}


@lru_cache(maxsize=256)
def _pattern(entries: tuple[str, ...], case: bool) -> re.Pattern[str]:
    phrases = sorted({entry.partition(ARROW)[0].strip() for entry in entries}, key=lambda p: (-len(p), p))
    alternatives = "|".join(_literal(phrase) for phrase in phrases if phrase)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", 0 if case else re.IGNORECASE)


def _literal(phrase: str) -> str:
    """A phrase as a pattern that matches nothing but it: any space for a space, either apostrophe."""
    parts = [re.escape(part).replace("'", "['’]") for part in phrase.split()]
    return r"\s+".join(parts)


def _plain(text: str) -> str:
    return _SPACES.sub(" ", text.strip()).casefold().replace("’", "'")


def masked(text: str, known: Iterable[str]) -> str:
    """The text with every known phrase blotted out, so that places stay as they are.

    What the state itself says is no fault of the draft: a topic called `Yo` or a person called Cheers.
    """
    return _masked(text, tuple(sorted({phrase.strip() for phrase in known if phrase.strip()})))


@lru_cache(maxsize=512)
def _masked(text: str, entries: tuple[str, ...]) -> str:
    if not entries:
        return text
    return _pattern_of_known(entries).sub(lambda match: "·" * len(match[0]), text)


@lru_cache(maxsize=256)
def _pattern_of_known(entries: tuple[str, ...]) -> re.Pattern[str]:
    ordered = sorted(entries, key=lambda phrase: (-len(phrase), phrase))
    alternatives = "|".join(_literal(phrase) for phrase in ordered)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)", re.IGNORECASE)
