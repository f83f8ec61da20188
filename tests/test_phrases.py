"""Phrases of a language's lists: where they stand in a text, whatever its case, spaces and apostrophes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import example, given
from hypothesis import strategies as st

from followup.reviewing.phrases import begins_with, find, masked

# Letters that Python's patterns take for the same, and some whose small form has two letters.
LETTERS = "iIıİsSſkK\u212aßẞﬅﬆΣσςµμÅåa'’ -"
PHRASES = st.lists(st.text(LETTERS, min_size=1, max_size=4).filter(str.strip), min_size=1, max_size=6)
TEXTS = st.text(LETTERS + "\n.", max_size=40)


def pattern_of(phrases: list[str], *, case: bool) -> re.Pattern[str]:
    """One pattern of all phrases, the longest first."""
    said = sorted({phrase.strip() for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase))
    literal = (r"\s+".join(re.escape(part).replace("'", "['’]") for part in p.split()) for p in said)
    return re.compile(rf"(?<!\w)(?:{'|'.join(literal)})(?!\w)", 0 if case else re.IGNORECASE)


def places(phrases: list[str], text: str, *, case: bool = False) -> Iterator[tuple[int, str]]:
    return ((found.start, found.text) for found in find(tuple(phrases), text, case=case))


@given(PHRASES, TEXTS, st.booleans())
@example(["as soon as", "asap"], "ASAP, and as  soon\nas you can; asaph not", False)
@example(["didn't"], "I didn’t.", True)
@example(["ski"], "ſKİ", False)
def test_what_is_found_is_what_one_pattern_of_all_phrases_finds(
    phrases: list[str], text: str, case: bool
) -> None:
    pattern = pattern_of(phrases, case=case)
    assert list(places(phrases, text, case=case)) == [(m.start(), m[0]) for m in pattern.finditer(text)]
    if not case:
        assert begins_with(text, tuple(phrases)) == (pattern.match(text.lstrip()) is not None)
        assert masked(text, phrases) == pattern.sub(lambda match: "·" * len(match[0]), text)


def test_an_entry_says_what_to_write_instead() -> None:
    [found] = find(("asap → as soon as you can", "fyi"), "Please write ASAP.")
    assert (found.start, found.text, found.instead) == (13, "ASAP", "as soon as you can")
