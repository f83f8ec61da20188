"""Problems as lines for people: grouped by file, each with the line that it speaks of and a mark beneath."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import click

from followup.cli.wording import printable
from followup.errors import Problem

__all__ = ["counted", "draw_problems"]

COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}
_KEY = re.compile(r"""[\w.-]+(?=\s*:(?:\s|$))""")
_QUOTED = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^']|'')*'""")
_PLAIN = re.compile(r"[^\s,\]}#]+(?:\s+[^\s,\]}#]+)*")


def counted(problems: Iterable[Problem]) -> str:
    """`2 errors, 1 warning in 2 files`; `no problems` if there are none."""
    found = list(problems)
    by_severity = {name: sum(p.severity == name for p in found) for name in ("error", "warning", "note")}
    words = [f"{n} {name}{'s' if n > 1 else ''}" for name, n in by_severity.items() if n]
    files = len({problem.place.file for problem in found})
    where = f" in {files} files" if files > 1 else ""
    return ", ".join(words) + where if words else "no problems"


def draw_problems(problems: Sequence[Problem], files: Mapping[str, Path | None], width: int) -> Iterator[str]:
    """The lines to print, with colours. `files` says where a file lies by the name that people are shown."""
    for name, group in groupby(problems, key=lambda problem: problem.place.file):
        path = files.get(name)
        lines = _lines(path) if path is not None else []
        yield click.style(printable(name or "input"), bold=True)
        for problem in group:
            yield from _problem(problem, lines, width)
            yield ""


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8-sig").split("\n")
    except (OSError, UnicodeDecodeError):
        return []


def _problem(problem: Problem, lines: list[str], width: int) -> Iterator[str]:
    colour = COLOURS.get(problem.severity, "red")
    label = click.style(problem.severity, fg=colour, bold=True)
    code = click.style(f"[{problem.code}]", dim=True)
    where = f"{problem.place.line}:{problem.place.column}  " if problem.place.line else ""
    yield f"  {where}{label}: {printable(problem.text)} {code}"
    number = problem.place.line
    if 0 < number <= len(lines) and lines[number - 1].strip():
        line, start, length = _shown(lines[number - 1], problem.place.column, width - 12)
        gutter = f"{number:>6} "
        yield click.style(f"{gutter}| ", dim=True) + printable(line)
        mark = click.style("^" * length, fg=colour, bold=True)
        yield click.style(f"{'':>6} | ", dim=True) + " " * start + mark
    if problem.cure:
        yield f"       = {printable(problem.cure)}"


def _shown(line: str, column: int, width: int) -> tuple[str, int, int]:
    """The line, or as much of it as there is room for, with where the mark begins and how long it is."""
    line = line.rstrip("\r").replace("\t", " ")
    start = min(max(column - 1, 0), len(line))
    length = max(1, len(_marked(line, start)))
    if len(line) <= width:
        return line, start, length
    begin = max(0, min(start - width // 3, len(line) - width))
    shown = line[begin : begin + width]
    return shown, start - begin, min(length, len(shown) - (start - begin))


def _marked(line: str, start: int) -> str:
    """What stands at a place: a key, a quoted text, or a plain value up to what ends it."""
    for pattern in (_KEY, _QUOTED, _PLAIN):
        match = pattern.match(line, start)
        if match:
            return match[0]
    return ""
