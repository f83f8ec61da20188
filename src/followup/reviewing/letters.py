"""A draft as a letter: greeting, what is said, closing and signature, each with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct

from followup.reviewing.phrases import begins_with

__all__ = ["Letter", "Passage", "letter_of", "place", "sentences"]

MOST_GREETING_WORDS = 9
MOST_WORDS_AFTER_NAME = 2
"""`Dear Ana Souza, PhD,` is a greeting as a whole."""
MOST_CLOSING_WORDS = 6
MOST_SIGNATURE_LINES = 8
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?]+(?=\S)[^.!?\n]+)*[.!?]*")
_LINE = re.compile(r"[^\n]+")


class Passage(Struct, frozen=True):
    """A stretch of the body, and where it begins in it."""

    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Letter(Struct, frozen=True):
    """A body in its parts. A greeting or closing that is not there is None; `main` lies between them."""

    greeting: Passage | None
    main: Passage
    closing: Passage | None
    signature: Passage


@lru_cache(maxsize=256)
def letter_of(body: str, greetings: tuple[str, ...], closings: tuple[str, ...]) -> Letter:
    """The parts of a body, found by the words with which greetings and closings begin."""
    lines = [Passage(match.start(), match[0]) for match in _LINE.finditer(body) if match[0].strip()]
    first = next(iter(lines), None)
    greeting = None if first is None else _greeting(first, greetings)
    closing = None
    for line in lines[-MOST_SIGNATURE_LINES:]:
        if (greeting is None or line.start >= greeting.end) and _is_closing(line.text, closings):
            closing = line
    start = greeting.end if greeting else 0
    end = closing.start if closing else len(body)
    signature = Passage(closing.end, body[closing.end :]) if closing else Passage(len(body), "")
    return Letter(greeting, Passage(start, body[start:end]), closing, signature)


def _greeting(line: Passage, greetings: tuple[str, ...]) -> Passage | None:
    """The greeting at the beginning of a line: all of it, or as far as its comma where the text goes on."""
    head = re.match(r"[^,!:]*[,!:]?", line.text)
    assert head is not None
    if not begins_with(line.text, greetings) or len(head[0].split()) > MOST_GREETING_WORDS:
        return None
    rest = line.text[head.end() :].split()
    return line if len(rest) <= MOST_WORDS_AFTER_NAME else Passage(line.start, head[0])


def _is_closing(line: str, closings: tuple[str, ...]) -> bool:
    words = len(line.split())
    return begins_with(line, closings) and words <= MOST_CLOSING_WORDS and line.rstrip()[-1] not in ".?"


def sentences(passage: Passage) -> Iterator[Passage]:
    """The sentences of a passage; a line break ends one where the next line is empty or a list's."""
    # A line that goes on in the next is joined by keeping its break as a space of the same length.
    joined = re.sub(r"(?<![\n.!?:])\n(?!\s*\n|\s*[-*•])", " ", passage.text)
    for match in _SENTENCE.finditer(joined):
        text = match[0]
        if text.strip():
            lead = len(text) - len(text.lstrip())
            yield Passage(passage.start + match.start() + lead, text.strip())


def place(body: str, at: int) -> str:
    """Where a character of the body stands: `body:LINE:COLUMN`."""
    line = body.count("\n", 0, at) + 1
    return f"body:{line}:{at - (body.rfind(chr(10), 0, at) + 1) + 1}"
