"""Making a text short enough by leaving out whole sentences, never by cutting one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from followup_linkedin.limits import length

__all__ = ["CUT", "shortened", "whole_words"]

CUT = " …"

_STOPS = ".!?…\u3002\uff01\uff1f"
_GREETING_ENDS = (",", ":", "\uff0c", "\uff1a")
_END_OF_SENTENCE = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s|$)|[\u3002\uff01\uff1f]+[”’」]*")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:[^\W\d_]|Dr|Mr|Mrs|Ms|Mx|Prof|St|Jr|Sr|Inc|Ltd|Co|No|vs|e\.g|i\.e|approx)\.$"
)

_NEAR = 16
"""Characters around a full stop that are looked at, so that long texts stay cheap."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence, or a line without a full stop, and the gap before it."""

    text: str
    gap: str

    @property
    def is_sentence(self) -> bool:
        return self.text.rstrip("\"'”’)]」").endswith(tuple(_STOPS))


def shortened(text: str, most: int, *, signature: str = "", one_line: bool = False) -> str:
    """As much of the text as fits in `most` characters: its greeting, the first sentences, its sign-off.

    Of a sign-off that takes the room of a sentence only the `signature` stays, if it stands there; one
    that leaves no room for any goes. With `one_line` line breaks become spaces. Empty where not even one
    sentence fits whole.
    """
    if not one_line and length(text) <= most:
        return text
    pieces = tuple(_on_one_line(_pieces(text)) if one_line else _pieces(text))
    if length(_joined(pieces)) <= most:
        return _joined(pieces)
    first = 1 if pieces and pieces[0].text.endswith(_GREETING_ENDS) else 0
    last = len(pieces)
    while last > first and not pieces[last - 1].is_sentence:
        last -= 1
    greeting, sentences, sign_off = pieces[:first], pieces[first:last], pieces[last:]
    endings = [sign_off]
    if signature and any(signature in piece.text for piece in sign_off):
        endings.append((_Piece(signature, sign_off[0].gap),))
    counts = [_how_many_fit(greeting, sentences, most - length(_joined(ending))) for ending in endings]
    count = max(counts)
    ending = endings[counts.index(count)] if count else ()
    count = count or _how_many_fit(greeting, sentences, most)
    return _joined((*greeting, *sentences[:count], *ending)).strip() if count else ""


def whole_words(text: str, most: int) -> str:
    """The first words that fit in `most` characters, with ` …` at the end where some had to go."""
    if length(text) <= most:
        return text
    room = most - length(CUT)
    end = 0
    for word in re.finditer(r"\s*\S+", text):
        room -= length(word[0])
        if room < 0:
            break
        end = word.end()
    return text[:end] + CUT if end else ""


def _how_many_fit(greeting: Sequence[_Piece], sentences: Sequence[_Piece], room: int) -> int:
    room -= length(_joined(greeting))
    for count, sentence in enumerate(sentences):
        room -= length(sentence.gap + sentence.text)
        if room < 0:
            return count
    return len(sentences)


def _joined(pieces: Sequence[_Piece]) -> str:
    return "".join(piece.gap + piece.text for piece in pieces)


def _on_one_line(pieces: Iterator[_Piece]) -> Iterator[_Piece]:
    for piece in pieces:
        yield _Piece(" ".join(piece.text.split()), " " if piece.gap else "")


def _pieces(text: str) -> Iterator[_Piece]:
    """The sentences of each paragraph, whatever its line breaks, then line by line what follows the last."""
    gap = ""
    for paragraph in re.split(r"(\n\s*\n)", text.strip()):
        if not paragraph.strip():
            gap = paragraph
            continue
        start = 0
        for end in (*_ends_of_sentences(paragraph), *_ends_of_lines(paragraph)):
            piece = paragraph[start:end].strip()
            if piece:
                yield _Piece(piece, gap)
                start, gap = end, "\n" if paragraph[end : end + 1] == "\n" else " "


def _ends_of_sentences(paragraph: str) -> Iterator[int]:
    start = 0
    for found in _END_OF_SENTENCE.finditer(paragraph):
        end = found.end()
        following = paragraph[end : end + _NEAR].lstrip()
        if not _ABBREVIATION.search(paragraph, max(start, end - _NEAR), end) and not following[:1].islower():
            yield end
            start = end


def _ends_of_lines(paragraph: str) -> Iterator[int]:
    for found in re.finditer(r"$", paragraph, re.MULTILINE):
        yield found.end()
