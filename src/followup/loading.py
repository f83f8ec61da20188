"""Loading: folders of scenarios and a settings file become rules and guards, checked as a whole.

A scenario is a folder with `scenario.yaml` and `messages/*.md`. All files are read first; then the
names that scenarios declare join the vocabulary; then each rule is assembled with its parameters and
overrides. All problems of all files are raised at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from followup.assembling import assemble_guard, assemble_rule
from followup.checking import check_format, checked
from followup.compiling import Report
from followup.documents import Document, read_path
from followup.errors import InputError, Place, Problem, RuleError, did_you_mean
from followup.events import EVENT_TYPES
from followup.fields import Fact
from followup.messages import check_message, read_message
from followup.rules import EventType, Guard, Message, Rule, Scenario
from followup.sources import (
    GuardSource,
    ParameterSource,
    RuleSource,
    ScenarioSource,
    SettingsSource,
)
from followup.templates import Templates
from followup.vocabulary import Vocabulary, declared_last_facts

__all__ = ["Pack", "Settings", "load_pack", "read_settings", "scenario_folders"]

OFF = "off"


@dataclass(frozen=True, slots=True)
class Pack:
    """All loaded scenarios: rules and guards by name, in order of name."""

    scenarios: Mapping[str, Scenario]
    rules: Mapping[str, Rule]
    guards: Mapping[str, Guard]
    vocabulary: Vocabulary
    templates: Templates
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """A user's settings file."""

    document: Document = field(default_factory=lambda: Document.of({}))
    source: SettingsSource = field(default_factory=lambda: SettingsSource(format=1))
    folders: tuple[Path, ...] = ()


def read_settings(path: str | Path) -> Settings:
    """Read a settings file. Raises RuleError."""
    problems: list[Problem] = []
    try:
        document = read_path(path)
    except InputError as error:
        raise RuleError(error.problems) from None
    check_format(document, problems)
    source = checked(document, (), document.value, SettingsSource, problems)
    if source is None or problems:
        raise RuleError(problems)
    names = [source.rules] if isinstance(source.rules, str) else source.rules
    return Settings(document, source, tuple(Path(path).parent / name for name in names))


def scenario_folders(root: Path) -> Iterator[Path]:
    """The folder itself if it is a scenario, else the scenarios directly inside it, in order of name."""
    if (root / "scenario.yaml").is_file():
        yield root
        return
    if root.is_dir():
        yield from sorted(child for child in root.iterdir() if (child / "scenario.yaml").is_file())


@dataclass(slots=True)
class _File:
    """One scenario file as read: its source, its document and its messages."""

    folder: Path
    shown: str
    report: Report
    source: ScenarioSource
    messages: dict[str, Message]


@dataclass(frozen=True, slots=True)
class _Patched:
    """A rule's document, with the keys that an override replaced standing in another document."""

    base: Document
    override: Document
    where: tuple[str | int, ...]
    keys: frozenset[str]

    @property
    def value(self) -> Any:
        return self.base.value

    def place(self, path: tuple[str | int, ...], key: bool = False) -> Place:
        if len(path) > 2 and path[2] in self.keys:
            return self.override.place((*self.where, *path[2:]), key)
        return self.base.place(path, key)


def load_pack(
    folders: Iterable[Path], vocabulary: Vocabulary, settings: Settings, extra: Mapping[str, str]
) -> Pack:
    """Load scenario folders; `extra` maps a folder to the name under which its files are shown.

    Raises RuleError with every problem of every file.
    """
    problems: list[Problem] = []
    files = [f for folder in folders if (f := _read(folder, extra.get(str(folder)), problems)) is not None]
    files.sort(key=lambda file: (file.source.scenario, file.shown))
    vocabulary = _with_declared(files, vocabulary, problems)
    overrides = _Overrides(files, settings, problems)
    templates = Templates({name: filter_.apply for name, filter_ in vocabulary.filters.items()})
    rules: dict[str, Rule] = {}
    guards: dict[str, Guard] = {}
    scenarios: dict[str, Scenario] = {}
    for file in files:
        source = file.source
        if source.scenario in scenarios:
            text = f"a scenario `{source.scenario}` exists already, at {scenarios[source.scenario].place}"
            file.report.error("duplicate-scenario", ("scenario",), text, "give it another name")
        parameters = _parameters(file, settings, problems)
        own_rules = _rules(file, vocabulary, overrides, parameters, rules)
        own_guards = _guards(file, vocabulary, overrides, parameters, guards)
        messages = _messages(file, own_rules, vocabulary, templates, problems)
        own_rules = {
            n: replace(r, message=messages.get(r.message.name) if r.message else None)
            for n, r in own_rules.items()
        }
        rules |= own_rules
        guards |= own_guards
        scenarios[source.scenario] = Scenario(
            name=source.scenario, place=file.report.document.place(("scenario",)), title=source.title,
            about=source.about, parameters=parameters, intents=tuple(source.intents),
            events={n: vocabulary.events[n] for n in source.events if n in vocabulary.events},
            rules=own_rules, guards=own_guards, messages=messages,
        )  # fmt: skip
        problems += file.report.problems
    overrides.report_unused()
    _unused_parameters(settings, scenarios, problems)
    errors = [problem for problem in problems if problem.severity == "error"]
    if errors:
        raise RuleError(sorted(dict.fromkeys(errors), key=lambda p: (p.place, p.code)))
    return Pack(
        dict(sorted(scenarios.items())), dict(sorted(rules.items())), dict(sorted(guards.items())),
        vocabulary, templates, tuple(problem for problem in problems if problem.severity != "error"),
    )  # fmt: skip


def _read(folder: Path, shown: str | None, problems: list[Problem]) -> _File | None:
    path = folder / "scenario.yaml"
    try:
        document = read_path(path)
    except InputError as error:
        problems += error.problems
        return None
    if shown is not None:
        document = replace(document, file=f"{shown}/scenario.yaml")
    check_format(document, problems)
    raw = document.value
    before = len(problems)
    source = checked(document, (), raw, ScenarioSource, problems)
    if source is None or len(problems) > before:
        return None
    messages = {}
    for file in sorted((folder / "messages").glob("*.md")):
        message = read_message(file, problems)
        if message is not None:
            if shown is not None:
                message = replace(message, place=replace(message.place, file=f"{shown}/messages/{file.name}"))
            messages[message.name] = message
    return _File(folder, shown or str(folder), Report(document), source, messages)


def _with_declared(files: list[_File], vocabulary: Vocabulary, problems: list[Problem]) -> Vocabulary:
    events, intents, facts = dict(vocabulary.events), dict(vocabulary.intents), dict(vocabulary.facts)
    for file in files:
        for intent in file.source.intents:
            intents.setdefault(intent, f"declared by {file.source.scenario}")
        for name, event in file.source.events.items():
            if name in EVENT_TYPES or name in events:
                text = f"an event type `{name}` exists already"
                file.report.error("duplicate-event", ("events", name), text, "give it another name", key=True)
                continue
            events[name] = EventType(
                name=name, title=event.title, stage=event.stage, fields=event.fields,
                required=tuple(event.required), people=tuple(event.people),
            )  # fmt: skip
            facts.update((fact.path, fact) for fact in declared_last_facts(events[name]))
    return replace(vocabulary, events=events, intents=intents, facts=facts)


class _Overrides:
    """What scenarios and settings change in rules and guards of others, by name; settings come last."""

    def __init__(self, files: list[_File], settings: Settings, problems: list[Problem]) -> None:
        self.found: dict[str, list[tuple[Document, Any, list[Problem]]]] = {}
        self.used: set[str] = set()
        self.known: set[str] = set()
        for file in files:
            for name, patch in file.source.overrides.items():
                self.found.setdefault(name, []).append((file.report.document, patch, file.report.problems))
        for name, patch in settings.source.overrides.items():
            self.found.setdefault(name, []).append((settings.document, patch, problems))

    def apply(
        self, name: str, report: Report, raw: dict[str, Any], path: tuple[str, str]
    ) -> tuple[Any, Report, Place | None]:
        """The rule or guard as overridden (None: switched off), with a report that knows both files."""
        self.known.add(name)
        decided: Place | None = None
        for document, patch, problems in self.found.get(name, ()):
            self.used.add(name)
            where = ("overrides", name)
            decided = document.place(where, key=True)
            if isinstance(patch, str) and patch.strip().lower() in (OFF, "false"):
                return None, report, decided
            if not isinstance(patch, dict):
                problems.append(
                    Problem("override", f"`{name}` is overridden by a mapping of its keys, or `off`", decided)
                )
                continue
            raw = {**raw, **patch}
            raw = {key: value for key, value in raw.items() if value is not None}
            patched: Any = _Patched(report.document, document, where, frozenset(patch))
            report = Report(patched, report.problems)
        return raw, report, decided

    def report_unused(self) -> None:
        for name, entries in self.found.items():
            for document, _, problems in entries:
                if name not in self.used:
                    place = document.place(("overrides", name), key=True)
                    text = f"no rule or guard is named `{name[:60]}`"
                    problems.append(Problem("unknown-rule", text, place, did_you_mean(name, self.known)))


def _parameters(file: _File, settings: Settings, problems: list[Problem]) -> dict[str, Any]:
    chosen = settings.source.parameters.get(file.source.scenario, {})
    made: dict[str, Any] = {}
    for name, raw in file.source.parameters.items():
        default = raw
        if isinstance(raw, dict):
            source = checked(file.report.document, ("parameters", name), raw, ParameterSource, problems)
            default = source.default if source else ""
        made[name] = chosen.get(name, default)
    for name in chosen:
        if name not in made:
            place = settings.document.place(("parameters", file.source.scenario, name), key=True)
            text = f"the scenario `{file.source.scenario}` has no parameter `{name[:60]}`"
            problems.append(Problem("unknown-parameter", text, place, did_you_mean(name, made)))
    return made


def _unused_parameters(
    settings: Settings, scenarios: Mapping[str, Scenario], problems: list[Problem]
) -> None:
    for name in settings.source.parameters:
        if name not in scenarios:
            place = settings.document.place(("parameters", name), key=True)
            cure = did_you_mean(name, scenarios)
            problems.append(Problem("unknown-scenario", f"no scenario is named `{name[:60]}`", place, cure))


def _substituted(raw: Any, parameters: Mapping[str, Any], report: Report, path: tuple[str | int, ...]) -> Any:
    """The value with each `$name` replaced by the parameter."""
    if isinstance(raw, dict):
        return {k: _substituted(v, parameters, report, (*path, k)) for k, v in raw.items()}
    if isinstance(raw, list):
        return [_substituted(v, parameters, report, (*path, i)) for i, v in enumerate(raw)]
    if isinstance(raw, str) and raw.startswith("$"):
        name = raw[1:]
        if name not in parameters:
            cure = did_you_mean(name, parameters) or "declare it under `parameters:`"
            report.error("unknown-parameter", path, f"no parameter is named `{name[:60]}`", cure)
            return None
        return parameters[name]
    return raw


def _rules(
    file: _File,
    vocabulary: Vocabulary,
    overrides: _Overrides,
    parameters: Mapping[str, Any],
    taken: Mapping[str, Rule],
) -> dict[str, Rule]:
    made: dict[str, Rule] = {}
    for name in file.source.rules:
        found = _patched(file, "rules", name, overrides, parameters, taken)
        if found is None:
            continue
        raw, report, decided = found
        path = ("rules", name)
        source = checked(report.document, path, raw, RuleSource, report.problems)
        if source is not None:
            made[name] = assemble_rule(
                name, source, file.source.scenario, vocabulary, report, path, file.messages, decided
            )
    return made


def _guards(
    file: _File,
    vocabulary: Vocabulary,
    overrides: _Overrides,
    parameters: Mapping[str, Any],
    taken: Mapping[str, Guard],
) -> dict[str, Guard]:
    made: dict[str, Guard] = {}
    for name in file.source.guards:
        found = _patched(file, "guards", name, overrides, parameters, taken)
        if found is None:
            continue
        raw, report, decided = found
        path = ("guards", name)
        source = checked(report.document, path, raw, GuardSource, report.problems)
        if source is not None:
            made[name] = assemble_guard(name, source, file.source.scenario, vocabulary, report, path, decided)
    return made


def _patched(
    file: _File,
    group: str,
    name: str,
    overrides: _Overrides,
    parameters: Mapping[str, Any],
    taken: Mapping[str, Any],
) -> tuple[Any, Report, Place | None] | None:
    """The raw rule or guard with overrides and parameters in; None if it is switched off or a duplicate."""
    path = (group, name)
    if name in taken:
        text = f"`{name}` exists already, at {taken[name].place}"
        file.report.error(
            "duplicate-rule", path, text, "give it another name, or put it under `overrides:`", key=True
        )
        return None
    if not _is_name(name):
        text = f"`{name[:60]}` cannot be a name"
        file.report.error("pattern", path, text, "use small letters, digits and `-`", key=True)
        return None
    raw, report, decided = overrides.apply(
        name, file.report, file.report.document.value[group][name] or {}, path
    )
    if raw is None:
        return None
    return _substituted(raw, parameters, report, path), report, decided


def _is_name(name: str) -> bool:
    return (
        len(name) <= 60
        and name[:1].isalpha()
        and all(c.isascii() and (c.isalnum() or c in "-_") for c in name)
    )


def _messages(
    file: _File,
    rules: Mapping[str, Rule],
    vocabulary: Vocabulary,
    templates: Templates,
    problems: list[Problem],
) -> dict[str, Message]:
    """The messages, each checked against the facts of the rules that use it."""
    made: dict[str, Message] = {}
    for name, message in file.messages.items():
        users = [rule for rule in rules.values() if rule.message is not None and rule.message.name == name]
        facts: Mapping[str, Fact] = vocabulary.facts_for(
            {pattern.type for rule in users for pattern in rule.after}
        )
        made[name] = check_message(message, facts, templates, problems)
    return made
