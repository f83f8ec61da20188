"""Loading: folders of scenarios and a settings file become rules and guards, checked as a whole.

A scenario is a folder with `scenario.yaml` and `messages/*.md`. All files are read first; then the
names that scenarios declare join the vocabulary; then each rule is assembled with its parameters and
overrides. All problems of all files are raised at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import Any, TypeVar

import msgspec

from followup.assembling import assemble_guard, assemble_rule
from followup.checking import check_format, checked, field_as_read, first_problems
from followup.compiling import Path, Report
from followup.documents import Document, format_path, read_path
from followup.errors import InputError, Place, Problem, RuleError, did_you_mean
from followup.events import EVENT_TYPES
from followup.facts import STAGES
from followup.messages import leads_out
from followup.overriding import Overrides, Parameters, Settings, blamed, names_parameter
from followup.pack import Pack
from followup.rules import EventType, Guard, Message, Rule, Scenario
from followup.salvaging import salvage
from followup.shapes import field_complaint
from followup.sources import (
    EventSource,
    GuardSource,
    RuleSource,
    ScenarioSource,
)
from followup.speaking import Spoken, load_languages, unknown_folders
from followup.versions import check_versions, scenario_messages
from followup.vocabulary import Vocabulary

__all__ = ["load_pack"]

Made = TypeVar("Made")
MOST = {"rules": 500, "guards": 500, "events": 200, "intents": 200, "parameters": 200}
"""How many of each a scenario may have."""


@dataclass(slots=True)
class _File:
    """One scenario file as read: its source, its document and its messages."""

    folder: FilePath
    shown: str
    report: Report
    source: ScenarioSource
    messages: dict[str, Message]
    cut: frozenset[str] = frozenset()
    """The paths of rules and guards of which something cannot be used."""
    may_name_parameters: bool = True


def load_pack(
    folders: Iterable[FilePath],
    languages: Iterable[FilePath],
    vocabulary: Vocabulary,
    settings: Settings,
    extra: Mapping[str, str],
) -> Pack:
    """Load folders of scenarios and languages; `extra` maps a folder to the name it is shown under.

    Raises RuleError with every problem of every file.
    """
    problems: list[Problem] = []
    spoken = load_languages(languages, extra, vocabulary, problems)
    read = [_read(folder, extra.get(str(folder)), spoken, problems) for folder in folders]
    files = [file for file in read if file is not None]
    files.sort(key=lambda file: (file.source.scenario, file.shown))
    problems += unknown_folders(spoken, {file.source.scenario for file in files})
    vocabulary = _with_declared(files, vocabulary, problems)
    theirs = Report(settings.document, problems)
    overrides = Overrides([(f.report, f.source.overrides) for f in files], settings, problems)
    rules: dict[str, Rule] = {}
    guards: dict[str, Guard] = {}
    scenarios: dict[str, Scenario] = {}
    for file in files:
        source = file.source
        if source.scenario in scenarios:
            text = f"a scenario `{source.scenario}` exists already, at {scenarios[source.scenario].place}"
            file.report.error("duplicate-scenario", ("scenario",), text, "give it another name")
        parameters = Parameters.of(source.scenario, source.parameters, file.report, settings, theirs)
        builder = _Builder(file, vocabulary, overrides, parameters)
        own_rules = builder.rules(rules)
        own_guards = builder.guards(guards)
        messages = _checked(file.messages, own_rules, vocabulary, spoken, problems)
        own_rules = {
            name: msgspec.structs.replace(rule, message=rule.message and messages.get(rule.message.name))
            for name, rule in own_rules.items()
        }
        rules |= own_rules
        guards |= own_guards
        scenarios[source.scenario] = Scenario(
            name=source.scenario, place=file.report.document.place(("scenario",)), folder=file.folder,
            title=source.title, about=source.about, parameters=parameters.declared,
            intents=tuple(source.intents),
            events={n: vocabulary.events[n] for n in source.events if n in vocabulary.events},
            rules=own_rules, guards=own_guards, messages=messages,
        )  # fmt: skip
    if len(files) == len(read):  # else what is overridden may stand in the file that cannot be used
        overrides.report_unused()
    for file in files:
        problems += file.report.problems
    for name in settings.source.parameters.keys() - scenarios.keys() if len(files) == len(read) else ():
        told, cure = f"no scenario is named `{name[:60]}`", did_you_mean(name[:60], scenarios)
        theirs.error("unknown-scenario", ("parameters", name), told, cure, key=True)
    errors = first_problems(problem for problem in problems if problem.severity == "error")
    if errors:
        raise RuleError(errors)
    return Pack(
        dict(sorted(scenarios.items())), dict(sorted(rules.items())), dict(sorted(guards.items())),
        vocabulary, spoken, overrides.switched_off,
        tuple(problem for problem in problems if problem.severity != "error"),
    )  # fmt: skip


def _read(
    folder: FilePath, shown: str | None, languages: Mapping[str, Spoken], problems: list[Problem]
) -> _File | None:
    path = folder / "scenario.yaml"
    if leads_out(path, folder, problems):
        return None
    try:
        document = read_path(path)
    except InputError as error:
        problems += error.problems
        return None
    if shown is not None:
        document = replace(document, file=f"{shown}/scenario.yaml")
    check_format(document, problems)
    raw = document.value
    source = checked(document, (), raw, ScenarioSource, problems, complete=document.complete)
    report, cut = Report(document), frozenset[str]()
    if source is None and (left := salvage(document, ScenarioSource)) is not None:
        source, report, cut = left.source, Report(left.document), left.cut
    if source is None:
        return None
    too_many = list(_too_many(source, document))
    problems += too_many
    if too_many:
        return None
    messages = scenario_messages(folder, shown, source.scenario, languages, problems)
    naming = document.texts is None or any(map(names_parameter, document.texts))
    return _File(folder, shown or str(folder), report, source, messages, cut, naming)


def _too_many(source: ScenarioSource, document: Document) -> Iterator[Problem]:
    for key, most in MOST.items():
        count = len(getattr(source, key))
        if count > most:
            told = f"there are {count} {key}; a scenario has at most {most}"
            place = document.place((key,), key=True)
            yield Problem("too-many", told, place, "split it into several scenarios")


def _with_declared(files: list[_File], vocabulary: Vocabulary, problems: list[Problem]) -> Vocabulary:
    for file in files:
        declared: dict[str, EventType] = {}
        file.report.check_name(file.source.scenario, ("scenario",))
        for index, intent in enumerate(file.source.intents):
            file.report.check_name(intent, ("intents", index))
        for name, event in file.source.events.items():
            if not _check_event(name, event, file.report):
                continue
            if name in EVENT_TYPES or name in vocabulary.events:
                text = f"an event type `{name}` exists already"
                file.report.error("duplicate-event", ("events", name), text, "give it another name", key=True)
                continue
            declared[name] = EventType(
                name=name, title=event.title, stage=event.stage,
                fields={key: field_as_read(schema) for key, schema in event.fields.items()},
                required=tuple(event.required), people=tuple(event.people),
            )  # fmt: skip
        vocabulary = vocabulary.joined(file.source.scenario, file.source.intents, declared)
    return vocabulary


def _check_event(name: str, event: EventSource, report: Report) -> bool:
    """Whether an event type can be declared so; else problems."""
    path: Path = ("events", name)
    before = len(report.problems)
    report.check_name(name, path, key=True)
    if event.stage is not None and event.stage not in STAGES:
        told = f"no stage is named `{event.stage[:60]}`"
        report.error("not-a-value", (*path, "stage"), told, did_you_mean(event.stage[:60], STAGES))
    for field_, schema in event.fields.items():
        at = (*path, "fields", field_)
        if field_ in ("type", "at", "id"):
            report.error("event-field", at, f"every event has a `{field_}`", "leave it out", key=True)
        elif report.check_name(field_, at, key=True) and (
            complaint := field_complaint(field_as_read(schema))
        ):
            told, _, cure = complaint.partition("; ")
            report.error("event-field", at, told, cure)
    for group, names in (("required", event.required), ("people", event.people)):
        for index, field_ in enumerate(names):
            at = (*path, group, index)
            if field_ not in event.fields:
                told = f"`{field_[:60]}` is not among the fields"
                report.error("unknown-key", at, told, did_you_mean(field_[:60], event.fields))
            elif (
                group == "people"
                and len(report.problems) == before
                and not _holds_people(event.fields[field_])
            ):
                told = f"`{field_}` cannot hold a person's id"
                report.error("event-field", at, told, "make it a text, or a list of texts")
    return len(report.problems) == before


def _holds_people(schema: Mapping[str, Any]) -> bool:
    return bool("string" in (schema["type"], schema.get("items", {}).get("type")))


@dataclass(frozen=True, slots=True)
class _Builder:
    """Builds the rules and guards of one file, with overrides and parameters in."""

    file: _File
    vocabulary: Vocabulary
    overrides: Overrides
    parameters: Parameters

    def rules(self, taken: Mapping[str, Rule]) -> dict[str, Rule]:
        return self._built("rules", self.file.source.rules, taken, self._rule)

    def guards(self, taken: Mapping[str, Guard]) -> dict[str, Guard]:
        return self._built("guards", self.file.source.guards, taken, self._guard)

    def _rule(self, name: str, raw: Any, report: Report, decided: Place | None) -> Rule | None:
        path = ("rules", name)
        source = self._as_read(name, raw, report)
        if source is None:
            return None
        scenario, messages = self.file.source.scenario, self.file.messages
        return assemble_rule(name, source, scenario, self.vocabulary, report, path, messages, decided)

    def _as_read(self, name: str, raw: Any, report: Report) -> RuleSource | None:
        """A rule as the file was read, where neither overrides nor parameters have changed it."""
        if raw is self.file.report.document.value["rules"][name]:
            return self.file.source.rules[name]
        return checked(report.document, ("rules", name), raw, RuleSource, report.problems)

    def _guard(self, name: str, raw: Any, report: Report, decided: Place | None) -> Guard | None:
        path = ("guards", name)
        source = checked(report.document, path, raw, GuardSource, report.problems)
        if source is None:
            return None
        return assemble_guard(name, source, self.file.source.scenario, self.vocabulary, report, path, decided)

    def _built(
        self,
        group: str,
        names: Iterable[str],
        taken: Mapping[str, Any],
        build: Callable[[str, Any, Report, Place | None], Made | None],
    ) -> dict[str, Made]:
        made: dict[str, Made] = {}
        own = self.file.report
        for name in names:
            path = (group, name)
            if name in taken:
                told = f"`{name}` exists already, at {taken[name].place}"
                cure = "give it another name, or put it under `overrides:`"
                own.error("duplicate-rule", path, told, cure, key=True)
                continue
            if not own.check_name(name, path, key=True):
                continue
            written = own.document.value[group][name] or {}
            report = Report(own.document)
            raw, report, decided = self.overrides.apply(name, report, written, path)
            if raw is None:
                continue
            if raw is not written or self.file.may_name_parameters:
                raw, report = self.parameters.substituted(raw, report, path)
            built = build(name, raw, report, decided)
            if report.problems and decided is not None:
                before = Report(own.document)
                build(name, *self.parameters.substituted(written, before, path), None)
                theirs = own.document.place(path).file
                report.problems[:] = blamed(report.problems, before.problems, theirs, decided)
            if format_path(path) in self.file.cut:  # what is missed on the whole may be what was left out
                report.problems[:] = [p for p in report.problems if p.place.path != format_path(path)]
            own.problems += report.problems
            if built is not None:
                made[name] = built
        return made


def _checked(
    messages: Mapping[str, Message],
    rules: Mapping[str, Rule],
    vocabulary: Vocabulary,
    languages: Mapping[str, Spoken],
    problems: list[Problem],
) -> dict[str, Message]:
    """The messages, each checked in all versions against the facts of the rules that use it."""
    anchors: dict[str, set[str]] = {name: set() for name in messages}
    for rule in rules.values():
        if rule.message is not None:
            anchors[rule.message.name].update(pattern.type for pattern in rule.after)
    return {
        name: check_versions(message, vocabulary.facts_for(anchors[name]), languages, problems)
        for name, message in messages.items()
    }
