"""Two texts word by word: where a wanted text comes nearest in a draft, and what differs there."""

from __future__ import annotations

from followup.testing.results import Word

__all__ = ["around", "compared", "flat"]

LEAST_LIKE = 50
"""How like the nearest place must be, in percent, to be worth showing."""
BESIDE = 40
"""Characters shown on either side of a text that should not be there."""
MOST = 4_000
"""Longer texts are not compared word by word."""


def flat(text: str) -> str:
    """White space as single spaces: where lines break is not compared."""
    return " ".join(text.split())


def compared(wanted: str, text: str) -> tuple[Word, ...]:
    """The words of `wanted` beside the nearest stretch of `text`; nothing where none is like it."""
    from difflib import SequenceMatcher

    from rapidfuzz.fuzz import partial_ratio_alignment

    wanted, text = flat(wanted)[:MOST], flat(text)
    near = partial_ratio_alignment(wanted.casefold(), text.casefold(), score_cutoff=LEAST_LIKE)
    if near is None or not wanted:
        return ()
    start, end = (near.dest_start, near.dest_end) if len(wanted) <= len(text) else (0, len(text))
    start, end = _whole_words(text, start, end)
    ours, theirs = wanted.split(), text[start:end].split()
    made: list[Word] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        if kind == "equal":
            made.append(Word("both", " ".join(ours[a:b])))
            continue
        made += [Word("wanted", " ".join(ours[a:b]))] if a < b else []
        made += [Word("found", " ".join(theirs[c:d]))] if c < d else []
    return tuple(made) if any(word.side == "both" for word in made) else ()


def around(wanted: str, text: str) -> tuple[Word, ...]:
    """A text that should not be there, with the words on either side of it."""
    wanted, text = flat(wanted), flat(text)
    at = text.find(wanted)
    start, end = _whole_words(text, at, at + len(wanted))
    before, _ = _whole_words(text, max(0, start - BESIDE), start)
    _, after = _whole_words(text, end, min(len(text), end + BESIDE))
    made = (
        Word("both", text[before:start].strip()),
        Word("found", text[start:end].strip()),
        Word("both", text[end:after].strip()),
    )
    return tuple(word for word in made if word.text)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """The same two places, moved apart to where words begin and end."""
    while 0 < start < len(text) and not text[start - 1].isspace():
        start -= 1
    while 0 < end < len(text) and not text[end].isspace():
        end += 1
    return start, end
