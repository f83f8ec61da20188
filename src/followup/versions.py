"""The versions of a message: its wordings and its languages, found as files and held together as one.

    messages/thank-you.md          the message, in English
    messages/thank-you.2.md        another wording of it
    messages/de/thank-you.md       the same in German
    languages/de/SCENARIO/thank-you.md    likewise, in the folder of the language

What a message needs is what its first wording in English needs: no version may need more, so that the plan is
the same whichever is taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from followup.errors import Place, Problem, did_you_mean
from followup.fields import Fact
from followup.languages import DEFAULT
from followup.messages import check_message, leads_out, read_message
from followup.rules import Message
from followup.speaking import Spoken

__all__ = ["check_versions", "scenario_messages"]

_NUMBERED = re.compile(r"(?P<name>.+)\.(?P<number>[2-9])")


@dataclass(frozen=True, slots=True)
class _File:
    """A file with one version of a message: its name, language and number, and what it says.

    `message` has no templates where the file could not be used.
    """

    name: str
    language: str
    number: int
    message: Message


def scenario_messages(
    folder: Path,
    shown: str | None,
    scenario: str,
    languages: Mapping[str, Spoken],
    problems: list[Problem],
) -> dict[str, Message]:
    """The messages of a scenario by name, from its own folder and those of the languages.

    `shown` is the name of its folder in problems, where that is not the folder's own.
    """
    own = folder / "messages"
    where = None if shown is None else f"{shown}/messages"
    files = [*_files(own, folder, where, DEFAULT, problems)]
    for inner in sorted(path for path in own.iterdir() if path.is_dir()) if own.is_dir() else ():
        named = None if where is None else f"{where}/{inner.name}"
        if inner.name in languages:
            files += _files(inner, folder, named, inner.name, problems)
        else:
            problems.append(_unknown_language(inner, named, languages))
    for code, spoken in languages.items():
        named = None if spoken.shown is None else f"{spoken.shown}/{scenario}"
        files += _files(spoken.folder / scenario, spoken.folder, named, code, problems)
    return _grouped(files, problems)


def _unknown_language(folder: Path, shown: str | None, languages: Iterable[str]) -> Problem:
    code = folder.name[:60]
    text = f"no language `{code}` is loaded, so its messages are not read"
    cure = did_you_mean(code, languages) or f"add a folder `{code}` with a `language.yaml`"
    return Problem("unknown-language", text, Place(shown or str(folder)), cure, severity="warning")


def _files(
    folder: Path, root: Path, shown: str | None, language: str, problems: list[Problem]
) -> Iterator[_File]:
    """The messages in a folder, which stands inside `root`; `shown` is its name in problems."""
    for path in sorted(folder.glob("*.md")):
        message = None if leads_out(path, root, problems) else read_message(path, problems)
        message = message or Message(name=path.stem, place=Place(str(path)), templates={})
        if shown is not None:
            place = Place(f"{shown}/{path.name}", message.place.line, message.place.column)
            message = replace(message, place=place)
        numbered = _NUMBERED.fullmatch(path.stem)
        name, number = (numbered["name"], int(numbered["number"])) if numbered else (path.stem, 1)
        yield _File(name, language, number, replace(message, name=name, language=language))


def _grouped(files: Iterable[_File], problems: list[Problem]) -> dict[str, Message]:
    """The messages by name, each with its further wordings and its other languages."""
    found: dict[str, dict[str, dict[int, Message]]] = {}
    for file in files:
        numbers = found.setdefault(file.name, {}).setdefault(file.language, {})
        other = numbers.get(file.number)
        if other is not None:
            text = f"this message exists already, at {other.place.file}"
            problems.append(Problem("duplicate-message", text, file.message.place, "leave one of them out"))
            continue
        numbers[file.number] = file.message
    made: dict[str, Message] = {}
    for name, languages in found.items():
        versions = {
            language: message
            for language, numbers in languages.items()
            if (message := _with_wordings(name, numbers, problems)) is not None
        }
        first = versions.pop(DEFAULT, None)
        if first is not None:
            made[name] = replace(first, translations=dict(sorted(versions.items())))
            continue
        for translation in versions.values():
            cure = did_you_mean(name[:60], [n for n in found if DEFAULT in found[n]])
            text = f"no message `{name[:60]}` stands in `messages/`, of which this could be a version"
            problems.append(
                Problem("message-alone", text, translation.place, cure or f"write `messages/{name[:60]}.md`")
            )
    return made


def _with_wordings(name: str, numbers: Mapping[int, Message], problems: list[Problem]) -> Message | None:
    """The first wording with the others; None, and problems are added, if there is no first."""
    ordered = [numbers[number] for number in sorted(numbers)]
    if 1 not in numbers:
        text = f"there is no `{name[:60]}.md` beside it, of which this could be another wording"
        problems.append(
            Problem("message-alone", text, ordered[0].place, "name the first one without a number")
        )
        return None
    return replace(ordered[0], wordings=tuple(ordered[1:]))


def check_versions(
    message: Message,
    facts: Mapping[str, Fact],
    languages: Mapping[str, Spoken],
    problems: list[Problem],
) -> Message:
    """The message with all its versions checked, none of which may need more than the first."""

    def check(version: Message) -> Message:
        before = len(problems)
        made = check_message(version, facts, languages[version.language].templates, problems)
        if first is not None and first.templates and len(problems) == before:
            problems.extend(_needs_more(made, first))
        return made

    first: Message | None = None
    if message.language not in languages:
        return message
    first = check(message)
    wordings = tuple(check(wording) for wording in message.wordings)
    translations = {
        code: replace(check(version), wordings=tuple(check(wording) for wording in version.wordings))
        for code, version in message.translations.items()
    }
    return replace(first, wordings=wordings, translations=translations)


def _needs_more(version: Message, first: Message) -> Iterator[Problem]:
    allowed = frozenset().union(*first.needs.values())
    for section, needed in version.needs.items():
        for path in sorted(needed - (first.needs.get(section, allowed))):
            text = f"`{path}` is needed here, but not by the first version of this message"
            cure = f"put `{{% if {path} %}}` … `{{% endif %}}` around it"
            place = Place(version.place.file, version.lines.get(section, 1), version.place.column)
            yield Problem("version-needs", text, place, cure)
