"""Findings that their line allows: `# followup: allow CODE` at its end, or on the line above.

In a message `{# followup: allow CODE #}` does the same. Several codes are parted by commas. A comment that
silences nothing is itself told, so that none outlives its reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from followup.errors import Place, Problem
from followup.linting.subject import Subject, note, versions

__all__ = ["without_allowed"]

_COMMENT = re.compile(r"#\s*followup:\s*allow\b\s*([\w, -]*)")


@dataclass(frozen=True, slots=True)
class _Allowance:
    """What a comment allows: these codes, on these lines of a file as people are shown it."""

    codes: frozenset[str]
    lines: frozenset[int]
    place: Place


def without_allowed(found: Iterable[Problem], subject: Subject) -> tuple[Problem, ...]:
    """The problems that no comment allows, and a note for each comment that allows nothing."""
    kept: list[Problem] = []
    allowances = [each for file, path in _files(subject).items() for each in _allowances(file, path)]
    used: set[_Allowance] = set()
    for problem in found:
        matching = [each for each in allowances if _allows(each, problem)]
        used.update(matching)
        if not matching:
            kept.append(problem)
    for each in allowances:
        if each not in used:
            codes = ", ".join(sorted(each.codes)) or "no code"
            text = f"nothing is found here that this comment allows ({codes})"
            kept.append(note("needless-allow", text, each.place, "delete the comment, or see to the code"))
    return tuple(sorted(kept, key=lambda problem: (problem.place, problem.code)))


def _allows(allowance: _Allowance, problem: Problem) -> bool:
    place = problem.place
    return (
        problem.severity != "error"
        and place.file == allowance.place.file
        and place.line in allowance.lines
        and problem.code in allowance.codes
    )


def _files(subject: Subject) -> Mapping[str, Path]:
    """The files that findings may stand in, by the name that people are shown."""
    files: dict[str, Path] = {}
    for scenario in subject.scenarios.values():
        files[scenario.place.file] = scenario.folder / "scenario.yaml"
        tests = scenario.folder / "tests.yaml"
        if tests.is_file():
            files[str(tests)] = tests
        for version in (each for message in scenario.messages.values() for each in versions(message)):
            files[version.place.file] = subject.file_of(version.place, scenario)
    return files


def _allowances(file: str, path: Path) -> Iterator[_Allowance]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for number, line in enumerate(lines, start=1):
        match = _COMMENT.search(line)
        if match is None:
            continue
        codes = frozenset(code.strip() for code in match[1].split(",") if code.strip())
        alone = not line[: match.start()].strip(" {")
        covered = {number, _next_line(lines, number)} if alone else {number}
        yield _Allowance(codes, frozenset(covered), Place(file, number, match.start() + 1))


def _next_line(lines: list[str], number: int) -> int:
    """The number of the first line below that is neither blank nor a comment."""
    below = enumerate(lines[number:], start=number + 1)
    return next(
        (n for n, line in below if line.strip() and not line.lstrip().startswith(("#", "{#"))), number
    )
