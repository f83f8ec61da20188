"""Phrasing: how a text that the job seeker noted stands in a sentence of a message.

A note may be a few words (`the warehouse migration`), a whole sentence (`they are moving to Kafka`), an
indirect question (`how the team splits its work`) or a direct one (`do you use Kafka?`). Which it is, a few
words of each language tell well enough; a message has a frame for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import translate
from functools import cache
from itertools import islice
from typing import Any

from msgspec import Struct

__all__ = ["PHRASING_FILTERS", "Words", "inside", "opening", "phrasing_filters", "whole"]

PHRASING_FILTERS = ("direct", "inside", "opening", "sentence", "whole")
"""The filters that depend on the language of the message."""

_ENDS = " .,;:!?"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


class Words(Struct, frozen=True):
    """The words of a language that tell how a text stands in a sentence, in small letters.

    `small` (with `*` for any letters) begin small inside a sentence. A text that begins with one of
    `subjects`, or that has one of `verbs` with none of `links` before it, is a whole sentence. A direct
    question begins with one of `asking`, or has one as its second word, or as its third where the second is
    neither small, nor a subject, nor a name (`how long does it take`).
    """

    small: tuple[str, ...] = ()
    subjects: frozenset[str] = frozenset()
    verbs: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    asking: frozenset[str] = frozenset()


def inside(text: str, words: Words) -> str:
    """The text as it stands inside a sentence: no mark at its end, and a common word begins small."""
    text = " ".join(text.split()).rstrip(_ENDS)
    first = _first_words(text, 1)
    if first and _any_of(words.small).match(first[0]) and text[1:2].islower():
        return text[0].lower() + text[1:]
    return text


@cache
def _any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """What matches a word that one of the patterns does; nothing, where there are none."""
    return re.compile("|".join(map(translate, patterns)) or r"(?!)")


def opening(text: str) -> str:
    """The text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def whole(value: Any, words: Words) -> bool:
    """Whether a text, or one of a list, is a whole sentence."""
    return any(_is_whole(text, words) for text in _texts(value))


def direct(value: Any, words: Words) -> bool:
    """Whether a text, or one of a list, is a direct question."""
    return any(_is_direct(text, words) for text in _texts(value))


def phrasing_filters(words: Words, sentence: Callable[[Any], str]) -> Mapping[str, Callable[..., Any]]:
    """The filters of a language by name; `sentence` puts a list into words."""
    return {
        "direct": lambda value: direct(value, words),
        "inside": lambda text: inside(_text(text), words),
        "opening": lambda text: opening(_text(text)),
        "sentence": sentence,
        "whole": lambda value: whole(value, words),
    }


def _is_whole(text: str, words: Words) -> bool:
    found = _first_words(text, len(text))
    if found and found[0] in words.subjects and found[0] not in words.asking:
        return True
    for word in found:
        if word in words.links:
            return False
        if word in words.verbs:
            return word != found[0]
    return False


def _is_direct(text: str, words: Words) -> bool:
    found = _first_words(text, 3)
    if words.asking & set(found[:2]):
        return True
    if len(found) < 3 or found[1] in words.subjects or found[1] in words.small or found[1] not in text:
        return False
    return found[0] in words.links and found[2] in words.asking


def _first_words(text: str, count: int) -> list[str]:
    return [str(match[0]).lower() for match in islice(_WORD.finditer(text), count)]


def _texts(value: Any) -> Iterable[str]:
    return (_text(item) for item in value) if isinstance(value, (list, tuple)) else (_text(value),)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("it is no text")
    return value
