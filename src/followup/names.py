"""The parts of a person's name, for a greeting: title, first name, family name.

A name is read as most are written: titles first, then given names, the family name last, with what belongs
to it in small letters (`Alex van der Berg`). Where that is wrong, the state says the part itself.
"""

from __future__ import annotations

__all__ = ["family_name", "first_name", "title_of", "with_title"]

_TITLES = frozenset({"dr", "dr.", "prof", "prof.", "professor", "dr.-ing.", "dipl.-ing.", "med.", "phil."})
_FORMS = frozenset({"mr", "mr.", "mrs", "mrs.", "ms", "ms.", "mx", "mx.", "miss", "herr", "frau", "sir"})
_AFTER = frozenset({"jr", "jr.", "sr", "sr.", "ii", "iii", "iv", "phd", "ph.d.", "md", "m.d.", "mba"})


def title_of(name: str) -> str | None:
    """`Prof. Dr.` of `Prof. Dr. Jana Müller`."""
    titles = []
    for word in name.split():
        if word.lower() in _TITLES:
            titles.append(word)
        elif word.lower() not in _FORMS:
            break
    return " ".join(titles) or None


def first_name(name: str) -> str | None:
    """The first word that is no title and no initial; None for `Dr. Müller` and `J. Okafor`."""
    words = _words(name)
    if len(words) == 1:
        return words[0] if words == name.split() else None
    return next((word for word in words[:-1] if not _is_initial(word)), None)


def family_name(name: str) -> str | None:
    """The last word, with the words in small letters before it; None where the name has one word only."""
    words = _words(name)
    if not words or (len(words) == 1 and words == name.split()):
        return None
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[start:])


def with_title(name: str, title: str | None) -> str:
    """The name with the title before it, unless it has it already."""
    return name if title is None or title_of(name) is not None else f"{title} {name}"


def _words(name: str) -> list[str]:
    """The words of a name without titles, forms of address, and what stands after the name."""
    words = name.partition(",")[0].split()
    while words and words[0].lower() in _TITLES | _FORMS:
        words = words[1:]
    while len(words) > 1 and words[-1].lower() in _AFTER:
        words = words[:-1]
    return words


def _is_initial(word: str) -> bool:
    return word.endswith(".") and len(word.rstrip(".")) == 1
