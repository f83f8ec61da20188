"""The languages that an engine speaks: each with its templates, and the folder with its messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from followup.errors import Problem, did_you_mean
from followup.languages import Language, read_language
from followup.messages import check_message, leads_out
from followup.rules import Message
from followup.templates import Templates
from followup.vocabulary import Vocabulary

__all__ = ["Spoken", "load_languages", "unknown_folders"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A language as loaded: what compiles its messages, and where they stand.

    `shown` is the name of its folder in problems, where that is not the folder's own.
    """

    language: Language
    templates: Templates
    folder: Path
    shown: str | None = None


def load_languages(
    folders: Iterable[Path], extra: Mapping[str, str], vocabulary: Vocabulary, problems: list[Problem]
) -> dict[str, Spoken]:
    """The languages by code; problems are added, and what cannot be used is left out.

    `extra` maps a folder to the name it is shown under.
    """
    made: dict[str, Spoken] = {}
    filters = {name: filter_.apply for name, filter_ in vocabulary.filters.items()}
    for folder in folders:
        found: list[Problem] = []
        shown = extra.get(str(folder))
        outside = leads_out(folder / "language.yaml", folder, found)
        language = None if outside else read_language(folder, shown, found)
        if language is not None and language.code in made:
            text = f"a language `{language.code}` exists already, at {made[language.code].language.place}"
            found.append(Problem("duplicate-language", text, language.place, "leave one of them out"))
        elif language is not None:
            own = {**filters, **language.filters}
            phrases = Message(
                name=language.code, place=language.place, templates=language.phrases, lines=language.lines
            )
            found += _named_as_facts(phrases, vocabulary)
            check_message(phrases, vocabulary.facts, Templates(own), found)
            if not found:
                made[language.code] = Spoken(language, Templates(own, language.phrases), folder, shown)
        problems += found
    return dict(sorted(made.items()))


def _named_as_facts(phrases: Message, vocabulary: Vocabulary) -> Iterator[Problem]:
    for name in sorted(phrases.templates.keys() & vocabulary.facts.keys()):
        place = replace(phrases.place, line=phrases.lines[name], column=1)
        yield Problem("language-phrase", f"`{name}` is the name of a fact", place, "give it another name")


def unknown_folders(languages: Mapping[str, Spoken], scenarios: Iterable[str]) -> Iterable[Problem]:
    """Folders of messages for scenarios that there are not: a misspelt one would go unnoticed.

    The core's own languages have messages for scenarios that an engine may do without.
    """
    known = tuple(scenarios)
    for spoken in languages.values():
        if spoken.shown is not None:
            continue
        for folder in sorted(path for path in spoken.folder.iterdir() if path.is_dir()):
            if folder.name not in known and any(folder.glob("*.md")):
                text = f"no scenario is named `{folder.name[:60]}`, so its messages are not read"
                cure = did_you_mean(folder.name[:60], known)
                place = spoken.language.place
                yield Problem("language-scenario", text, place, cure, severity="warning")
