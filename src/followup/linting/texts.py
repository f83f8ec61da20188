"""Messages and other files that nothing reads, and messages that keep a follow-up from going out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from followup.errors import Place, Problem, did_you_mean
from followup.events import EVENT_TYPES
from followup.linting.contradictions import is_needed_known
from followup.linting.subject import Subject, note, versions, warning
from followup.linting.unreachable import of_anchor
from followup.rules import Message, Rule, Scenario

__all__ = ["lint_texts"]

ALWAYS_KNOWN = frozenset(
    {"candidate.name", "company.name", "position.title", "person.name", "person.first_name", "person.id",
     "stage", "rounds", "unanswered", "person.unanswered", "anchor.type", "anchor.id"}
)  # fmt: skip
"""What every state gives, the four basic facts among them."""
OF_PROMISE = frozenset({"decision_date", "promise.id", "promise.latest"})
"""Facts that are known together: when a promise is open."""
BESIDE = ("README", "LICENSE", "CHANGELOG", "NOTICE")


def lint_texts(subject: Subject) -> Iterator[Problem]:
    """What is wrong with messages as the rules use them, and with what else lies in a scenario's folder."""
    for scenario in subject.scenarios.values():
        yield from _unused(scenario, subject)
        yield from _stray(scenario)
        for message in scenario.messages.values():
            for rule in subject.users(message, scenario):
                yield from _blocking(message, rule, subject)
            for version in versions(message):
                yield from _placeholders(version)


def _unused(scenario: Scenario, subject: Subject) -> Iterator[Problem]:
    for message in scenario.messages.values():
        if not subject.users(message, scenario) and message.name not in subject.engine.switched_off:
            text = f"no rule uses the message `{message.name}`"
            used = {rule.message.name for rule in scenario.rules.values() if rule.message}
            near = get_close_matches(message.name, used, n=1, cutoff=0.75)
            hint = f"is it for the rule that uses `{near[0]}`? " if near else ""
            cure = f"{hint}write `message: {message.name}` in a rule, or delete the file"
            yield warning("unused-message", text, message.place, cure)


def _stray(scenario: Scenario) -> Iterator[Problem]:
    """Files that look as if they were meant to be read, in places where nothing reads them."""
    shown = Path(scenario.place.file).parent
    for path in sorted(scenario.folder.iterdir()):
        if path.name.startswith(".") or path.stem.upper() in BESIDE:
            continue
        if path.is_file() and path.suffix == ".md":
            text, cure = "nothing reads this file here", "move it into `messages/`"
            yield warning("stray-file", text, Place(str(shown / path.name)), cure)
        elif path.is_file() and path.suffix in (".yaml", ".yml") and path.name not in _READ:
            near = get_close_matches(path.name, _READ, n=1, cutoff=0.8)
            if near:
                text, cure = "nothing reads this file", f"name it `{near[0]}`, if it is meant to be that"
                yield warning("stray-file", text, Place(str(shown / path.name)), cure)
        elif path.is_dir() and path.name not in _FOLDERS and any(path.glob("*.md")):
            cure = did_you_mean(path.name, _FOLDERS) or "messages lie in `messages/`"
            yield warning("stray-file", "nothing reads this folder", Place(str(shown / path.name)), cure)
    for path in sorted(scenario.folder.glob("messages/*")):
        if path.name.startswith(".") or path.name.endswith("~") or path.suffix == ".md":
            continue
        if path.is_file():
            place = Place(str(shown / "messages" / path.name))
            cure = f"name it `{path.stem}.md`, if it is a message"
            yield warning("stray-file", "nothing reads this file", place, cure)


_READ = ("scenario.yaml", "tests.yaml")
_FOLDERS = ("messages", "languages")


def _placeholders(message: Message) -> Iterator[Problem]:
    """Words that look as if something was to stand in their place, and that would be sent as they are."""
    for section, template in message.templates.items():
        plain = _TAGS.sub(lambda match: " " * len(match[0]), template)
        for match in _PLACEHOLDER.finditer(plain):
            text = f"`{match[0]}` is sent as it stands"
            name = match[0].strip("${} ")
            cure = f"write `{{{{ {name} }}}}`" if "{" in match[0] else "write the fact, or the words"
            line = message.lines.get(section, 1) + template.count("\n", 0, match.start())
            yield warning("placeholder", text, Place(message.place.file, line, 1), cure)


_TAGS = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_PLACEHOLDER = re.compile(
    r"\$?\{\s*[a-z]\w*(?:\.\w+)*\s*\}|\[[A-Z][A-Z_ ]{2,}\]|\[(?:your|their|the) [a-z ]+\]"
    r"|<[A-Z_ ]{3,}>|\bX{3,}\b|\bTODO\b|\bTBD\b"
)


def _blocking(message: Message, rule: Rule, subject: Subject) -> Iterator[Problem]:
    """Facts that the message needs, and that the rule does not ask to be known."""
    for section in ("subject", "body"):
        for path in sorted(message.needs.get(section, ())):
            if rule.to_self and path.startswith("person."):
                text = f"the message needs `{path}`, but the rule `{rule.name}` goes to yourself"
                cure = f"leave it out, or put `{{% if {path} %}}` … `{{% endif %}}` around it"
                yield warning("never-known", text, _where(message, section, path), cure)
            elif not _is_ensured(path, rule, subject):
                text = f"`{rule.name}` is blocked as long as `{path}` is not known"
                cure = (
                    f"that may be meant; else ask for `{path}: {{known: true}}` under `when`, or put "
                    f"`{{% if {path} %}}` … `{{% endif %}}` around it"
                )
                yield note("may-block", text, _where(message, section, path), cure)


def _is_ensured(path: str, rule: Rule, subject: Subject) -> bool:
    conditions = (rule.when, *of_anchor(rule))
    if path in ALWAYS_KNOWN or path.startswith("count."):
        return True
    if rule.origin is not None and rule.origin.path == path:
        return True
    if any(is_needed_known(each, *conditions) for each in (OF_PROMISE if path in OF_PROMISE else {path})):
        return True
    if path == "occasion.day":
        return {pattern.type for pattern in rule.after} == {"interview"}
    owner, _, name = path.rpartition(".")
    if owner == "anchor":
        return all(name in _required(pattern.type, subject) for pattern in rule.after)
    if owner.startswith("last.") and {pattern.type for pattern in rule.after} == {owner[5:]}:
        return name in _required(owner[5:], subject)
    channels = [subject.vocabulary.channels.get(choice.channel) for choice in rule.via]
    return bool(channels) and all(c is not None and path == f"person.{c.address_field}" for c in channels)


def _required(kind: str, subject: Subject) -> frozenset[str]:
    """The fields that every event of this type has."""
    import msgspec

    declared = subject.vocabulary.events.get(kind)
    if declared is not None:
        return frozenset(declared.required)
    fields = msgspec.structs.fields(EVENT_TYPES[kind])
    return frozenset(field.encode_name for field in fields if field.required)


def _where(message: Message, section: str, path: str) -> Place:
    """Where a section of a message names a fact."""
    template = message.templates[section]
    index = max(0, template.find(path))
    line = message.lines.get(section, 1) + template.count("\n", 0, index)
    return Place(message.place.file, line, 1)
