"""What users and other packs change in a scenario: parameters and overrides, each blamed on its own file.

A settings file sets parameters by scenario, and patches or switches off rules and guards by name; a
scenario may do the latter to those of others. Settings come last.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path as FilePath
from typing import Any

from msgspec import structs

from followup.checking import check_format, checked, first_problems
from followup.compiling import Patched, Path, Report
from followup.documents import MAX_PROBLEMS, Document, read_path
from followup.errors import InputError, Place, Problem, RuleError, did_you_mean
from followup.rules import Parameter
from followup.sources import ParameterSource, SettingsSource

__all__ = ["Overrides", "Parameters", "Settings", "blamed", "names_parameter", "read_settings"]

OFF = "off"
LONGEST_LIST = 50
PLAIN_VALUES = f"write a text, a number or a truth value, or a list of at most {LONGEST_LIST} of these"
_PARAMETER = re.compile(r"\$[A-Za-z][A-Za-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Settings:
    """A user's settings file."""

    document: Document = field(default_factory=lambda: Document.of({}))
    source: SettingsSource = field(default_factory=lambda: SettingsSource(format=1))
    folders: tuple[FilePath, ...] = ()


def read_settings(path: str | FilePath) -> Settings:
    """Read a settings file. Raises RuleError."""
    problems: list[Problem] = []
    try:
        document = read_path(path)
    except InputError as error:
        raise RuleError(error.problems) from None
    check_format(document, problems)
    source = checked(document, (), document.value, SettingsSource, problems)
    if source is None or problems:
        raise RuleError(first_problems(problems))
    names = [source.rules] if isinstance(source.rules, str) else source.rules
    return Settings(document, source, tuple(FilePath(path).parent / name for name in names))


class Overrides:
    """What scenarios and settings change in rules and guards of others, by name; settings come last."""

    def __init__(
        self,
        scenarios: Iterable[tuple[Report, Mapping[str, Any]]],
        settings: Settings,
        problems: list[Problem],
    ) -> None:
        self.found: dict[str, list[tuple[Report, Any]]] = {}
        self.known: set[str] = set()
        self.switched_off: dict[str, Place] = {}
        for report, patches in (*scenarios, (Report(settings.document, problems), settings.source.overrides)):
            for name, patch in patches.items():
                self.found.setdefault(name, []).append((report, patch))

    def apply(
        self, name: str, report: Report, raw: dict[str, Any], path: Path
    ) -> tuple[Any, Report, Place | None]:
        """The rule or guard as overridden (None: switched off), with a report that knows both files.

        The place is the last override's; None without one.
        """
        self.known.add(name)
        decided: Place | None = None
        for theirs, patch in self.found.get(name, ()):
            where = ("overrides", name)
            decided = theirs.document.place(where, key=True)
            if str(patch).strip().lower() in (OFF, "false"):
                self.switched_off[name] = decided
                return None, report, decided
            if not isinstance(patch, dict):
                told = f"`{name}` is overridden by a mapping of its keys, or by `off`"
                theirs.error("override", where, told, f"write `{name}: {{wait: 1 week}}`, say", key=True)
                continue
            raw = {key: value for key, value in {**raw, **patch}.items() if value is not None}
            places = {(*path, key): _below(theirs, (*where, key)) for key in patch}
            report = Report(Patched(report.document, places), report.problems)
        return raw, report, decided

    def report_unused(self) -> None:
        """Report overrides of what does not exist."""
        for name in sorted(self.found.keys() - self.known):
            for report, _ in self.found[name]:
                told = f"no rule or guard is named `{name[:60]}`"
                cure = did_you_mean(name[:60], self.known) if len(report.problems) < MAX_PROBLEMS else ""
                report.error("unknown-rule", ("overrides", name), told, cure, key=True)


def _below(report: Report, above: Path) -> Callable[[Path, bool], Place]:
    return lambda path, key: report.document.place((*above, *path), key)


def blamed(
    problems: Iterable[Problem], before: Iterable[Problem], file: str, decided: Place
) -> Iterable[Problem]:
    """The problems; those in `file` that it does not have by itself get the place of the override."""
    known = set(before)
    for problem in problems:
        theirs = problem.place.file == file and problem not in known
        yield replace(problem, place=decided) if theirs and decided.file != file else problem


@dataclass(frozen=True, slots=True)
class Parameters:
    """The parameters of a scenario by name, as its file and the settings say."""

    declared: Mapping[str, Parameter]

    @classmethod
    def of(
        cls, scenario: str, written: Mapping[str, Any], report: Report, settings: Settings, theirs: Report
    ) -> Parameters:
        """The parameters as the scenario's file and the settings say; problems go to their reports."""
        declared: dict[str, Parameter] = {}
        for name, raw in written.items():
            path: Path = ("parameters", name)
            report.check_name(name, path, key=True)
            place = report.document.place(path)
            source: ParameterSource | None = ParameterSource(default=raw)
            if isinstance(raw, dict):
                source = checked(report.document, path, raw, ParameterSource, report.problems)
                path = (*path, "default")
            source = source or ParameterSource(default="")
            _check_plain(name, source.default, report, path)
            declared[name] = Parameter(
                name=name, value=source.default, default=source.default, about=source.about,
                source=source.source, place=place,
            )  # fmt: skip
        for name, value in settings.source.parameters.get(scenario, {}).items():
            path = ("parameters", scenario, name)
            if name not in written:
                told = f"the scenario `{scenario}` has no parameter `{name[:60]}`"
                theirs.error("unknown-parameter", path, told, did_you_mean(name[:60], written), key=True)
                continue
            _check_plain(name, value, theirs, path)
            place = settings.document.place(path)
            declared[name] = structs.replace(declared[name], value=value, decided_by=place)
        return cls(declared)

    def substituted(self, raw: Any, report: Report, path: Path) -> tuple[Any, Report]:
        """The value with each `$name` replaced by the parameter, and a report that knows who set it."""
        places: dict[Path, Callable[[Path, bool], Place]] = {}

        def put(value: Any, path: Path) -> Any:
            if isinstance(value, dict):
                return {key: put(item, (*path, key)) for key, item in value.items()}
            if isinstance(value, list):
                return [put(item, (*path, index)) for index, item in enumerate(value)]
            if not isinstance(value, str) or not _PARAMETER.fullmatch(value):
                return value
            name = value[1:]
            parameter = self.declared.get(name)
            if parameter is None:
                cure = did_you_mean(name[:60], self.declared) or "declare it under `parameters:`"
                report.error("unknown-parameter", path, f"no parameter is named `{name[:60]}`", cure)
                return None
            decided = parameter.decided_by
            if decided is not None:
                places[path] = lambda _path, _key: decided
            return parameter.value

        made = put(raw, path)
        return made, Report(Patched(report.document, places), report.problems) if places else report


def names_parameter(value: Any) -> bool:
    """Whether a text somewhere in a value may name a parameter."""
    if isinstance(value, dict):
        return any(map(names_parameter, value.values()))
    if isinstance(value, list):
        return any(map(names_parameter, value))
    return isinstance(value, str) and value.startswith("$")


def _check_plain(name: str, value: Any, report: Report, path: Path) -> None:
    items = value if isinstance(value, list) else [value]
    if len(items) > LONGEST_LIST or any(item is None or isinstance(item, (dict, list)) for item in items):
        report.error("parameter", path, f"`{name[:60]}` is no plain value", PLAIN_VALUES)
