"""A language is a folder: what `language.yaml` says of its days, lists, greeting and signature.

`{{ greeting }}` and `{{ signature }}` in a message stand for the language's phrases of these names. They
are templates too, put in where a message is compiled, so that a message needs what its phrases need.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from followup.checking import check_format, checked
from followup.documents import Document, bytes_of, read_document
from followup.errors import InputError, Place, Problem
from followup.phrasing import Words, phrasing_filters, whole
from followup.sources import LanguageSource, WordsSource

__all__ = ["DEFAULT", "PHRASES", "Language", "language_folders", "read_language"]

DEFAULT = "en"
"""The language of the messages that stand in a scenario's `messages/`, and of those that lack another."""
PHRASES = ("greeting", "signature")
"""The phrases that every language has."""

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_DAY = frozenset({"weekday", "day", "month"})
_DATE = frozenset({"day", "month", "year"})
_TIME = frozenset({"day", "hour", "minute"})
_PHRASE_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """How one language says what messages have in common, and what its reviews look for.

    `phrases` are templates by name. `day`, `dated` and `time` are patterns with `{weekday}`, `{day}`,
    `{month}`, `{year}`, `{hour}` and `{minute}` in them. `between` and `last` part the items of a list; where
    an item holds `last` itself, `before_last` stands before it. `reviews` holds lists of texts by name.
    """

    code: str
    name: str
    place: Place = Place()
    weekdays: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    time: str
    dated: str = "{day} {month} {year}"
    between: str
    last: str
    before_last: str = ""
    words: Words = field(default_factory=Words)
    phrases: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    reviews: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def day_in_words(self, when: date) -> str:
        """`Friday, 20 November`."""
        return _filled(
            self.day,
            weekday=self.weekdays[when.weekday()],
            day=str(when.day),
            month=self.months[when.month - 1],
        )

    def date_in_words(self, when: date) -> str:
        """`20 November 2026`, as at the head of a letter."""
        month = self.months[when.month - 1]
        return _filled(self.dated, day=str(when.day), month=month, year=str(when.year))

    def time_in_words(self, when: datetime) -> str:
        """`Friday, 20 November at 17:00`."""
        return _filled(
            self.time,
            day=self.day_in_words(when),
            hour=f"{when.hour:02}",
            minute=f"{when.minute:02}",
        )

    def sentence(self, items: Any) -> str:
        """A list in words: `a`, `a and b`, `a, b and c`; with a whole sentence in it `a; b`.

        Raises ValueError for what is no list.
        """
        if not isinstance(items, (list, tuple)):
            raise ValueError("it is no list")
        texts = [str(item) for item in items]
        if len(texts) < 2:
            return "".join(texts)
        if whole(texts, self.words):
            return "; ".join(texts)
        between, last = self.between, self.last
        if any(self.last in text for text in texts):
            last = self.before_last + last
        if any("," in text for text in texts):
            between, last = "; ", ";" + self.last
        return between.join(texts[:-1]) + last + texts[-1]

    @property
    def filters(self) -> Mapping[str, Callable[..., Any]]:
        """The filters of messages that depend on the language, by name."""
        return phrasing_filters(self.words, self.sentence)


def _filled(pattern: str, **values: str) -> str:
    return _PLACEHOLDER.sub(lambda match: values[match[1]], pattern)


def language_folders(root: Path) -> Iterator[Path]:
    """The folder itself if it is a language, else those in it and in its `languages/`, in order of name."""
    if (root / "language.yaml").is_file():
        yield root
        return
    for parent in (root, root / "languages"):
        if parent.is_dir():
            yield from sorted(child for child in parent.iterdir() if (child / "language.yaml").is_file())


def read_language(folder: Path, shown: str | None, problems: list[Problem]) -> Language | None:
    """Read `language.yaml` in a folder; problems are added, and None is returned if it cannot be used.

    `shown` is the name under which the folder stands in problems.
    """
    path = folder / "language.yaml"
    try:
        language, found = _read(bytes_of(path), folder, f"{shown}/language.yaml" if shown is not None else "")
    except InputError as error:
        problems += error.problems
        return None
    problems += found
    return language


# Each engine reads the same few languages, which are longer than anything else that it reads.
@lru_cache(maxsize=16)
def _read(data: bytes, folder: Path, shown: str) -> tuple[Language | None, tuple[Problem, ...]]:
    """The language in the bytes of a file, and what is wrong with it. Raises InputError."""
    file = str(folder / "language.yaml")
    document = read_document(data, file.encode("utf-8", "backslashreplace").decode())
    document = replace(document, file=shown or file)
    found: list[Problem] = []
    check_format(document, found)
    source = checked(document, (), document.value, LanguageSource, found)
    if source is not None:
        found += _faults(source, document, folder)
    if source is None or found:
        return None, tuple(found)
    language = Language(
        code=source.language,
        name=source.name,
        place=document.place(("language",)),
        weekdays=tuple(source.weekdays),
        months=tuple(source.months),
        day=source.day,
        time=source.time,
        dated=source.date,
        between=source.lists.between,
        last=source.lists.last,
        before_last=source.lists.before_last,
        words=_words(source.words),
        phrases={name: text.strip() for name, text in source.phrases.items()},
        lines={name: document.place(("phrases", name)).line for name in source.phrases},
        reviews={name: tuple(texts) for name, texts in source.reviews.items()},
    )
    return language, ()


def _words(source: WordsSource) -> Words:
    def small(words: list[str]) -> frozenset[str]:
        return frozenset(word.lower() for word in words)

    return Words(
        small=tuple(word.lower() for word in source.small),
        subjects=small(source.subjects),
        verbs=small(source.verbs),
        links=small(source.links),
        asking=small(source.asking),
    )


def _faults(source: LanguageSource, document: Document, folder: Path) -> Iterator[Problem]:
    """What the shape of the file alone does not tell."""
    if folder.name != source.language:
        text = f"the folder of the language `{source.language}` is named `{folder.name[:60]}`"
        cure = f"name the folder `{source.language}`"
        yield Problem("language-folder", text, document.place(("language",)), cure)
    for key, known in (("day", _DAY), ("date", _DATE), ("time", _TIME)):
        for name in _PLACEHOLDER.findall(getattr(source, key)):
            if name not in known:
                text = f"`{key}` has no place for `{{{name[:40]}}}`"
                cure = "known are " + ", ".join(f"`{{{each}}}`" for each in sorted(known))
                yield Problem("language-pattern", text, document.place((key,)), cure)
    for name in PHRASES:
        if not source.phrases.get(name, "").strip():
            text = f"the phrase `{name}` is missing"
            cure = f"add `{name}:` under `phrases:`"
            yield Problem("language-phrase", text, document.place(("phrases",)), cure)
    for name in source.phrases:
        if not _PHRASE_NAME.fullmatch(name):
            text = f"`{name[:60]}` cannot be the name of a phrase"
            cure = "write lower-case letters and digits, parted by `_`"
            yield Problem("language-phrase", text, document.place(("phrases", name), key=True), cure)
