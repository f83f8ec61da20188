"""Phrases: plain words from a language's lists, found in a text whatever its case, spaces and apostrophes.

An entry may say what to write instead: `asap → as soon as you can`. Few phrases of a list stand in a letter,
so a pattern is made only of those whose words all stand in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

__all__ = ["Found", "begins_with", "find", "instead_of", "listed", "masked", "phrases", "words"]

ARROW = "→"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SPACES = re.compile(r"\s+")
_ODD = str.maketrans({"İ": "i", "\u0131": "i", "’": "'"})


class Found(Struct, frozen=True):
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
    present = _present(_said(entries), text)
    if not present:
        return
    instead = instead_of(entries)
    for match in _pattern(present, case).finditer(text):
        yield Found(match.start(), match[0], instead.get(_plain(match[0]), ""))


def begins_with(text: str, entries: tuple[str, ...]) -> bool:
    """Whether a text begins with one of the phrases."""
    present = _present(_said(entries), text)
    return bool(present) and _pattern(present, False).match(text.lstrip()) is not None


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
def _said(entries: tuple[str, ...]) -> tuple[str, ...]:
    return _longest_first(entry.partition(ARROW)[0].strip() for entry in entries)


def _longest_first(phrases: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({phrase for phrase in phrases if phrase}, key=lambda phrase: (-len(phrase), phrase)))


def _present(phrases: tuple[str, ...], text: str) -> tuple[str, ...]:
    """The phrases whose words all stand somewhere in a text: no other can be found there."""
    folded = _folded(text)
    return tuple(
        phrase
        for phrase, first, others in _by_words(phrases)
        if first in folded and all(other in folded for other in others)
    )


@lru_cache(maxsize=256)
def _by_words(phrases: tuple[str, ...]) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    split = ((phrase, [_folded(word) for word in phrase.split()]) for phrase in phrases)
    return tuple((phrase, found[0], tuple(found[1:])) for phrase, found in split)


@lru_cache(maxsize=512)
def _folded(text: str) -> str:
    """The text with one letter for all that a pattern takes for the same whatever their case."""
    return text.translate(_ODD).casefold()


@lru_cache(maxsize=512)
def _pattern(phrases: tuple[str, ...], case: bool) -> re.Pattern[str]:
    alternatives = "|".join(map(_literal, phrases))
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
    present = _present(_longest_first(entries), text)
    if not present:
        return text
    return _pattern(present, False).sub(lambda match: "·" * len(match[0]), text)
