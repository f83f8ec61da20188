"""Findings drawn for people: each with the line that it is about, and a mark below its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from followup.cli.drawing import beside, heading, text
from followup.plan import Draft, Finding

__all__ = ["draw_findings"]

MARKS = {"error": ("✗", "red"), "warning": ("!", "yellow"), "note": ("·", "dim")}
MOST_SHOWN = 60
"""Characters of a line before and after the place of a finding."""


def draw_findings(findings: Sequence[Finding], draft: Draft, title: str) -> Iterator[RenderableType]:
    """The findings in order of place, or a sentence that there are none."""
    yield heading(title, _counted(findings))
    if not findings:
        yield text("The reviews find nothing to mend. Read it aloud once before you send it.")
    for finding in sorted(findings, key=_order):
        mark, style = MARKS[finding.severity]
        lines: list[RenderableType] = [text(finding.text, "bold"), *_shown(finding, draft)]
        if finding.suggestion:
            lines.append(text(finding.suggestion))
        lines.append(text(f"{finding.severity} · {finding.review} · {finding.where}", "dim"))
        yield Padding(beside(mark, style, Group(*lines)), (1, 0, 0, 0))


def _counted(findings: Sequence[Finding]) -> str:
    counts = {kind: sum(f.severity == kind for f in findings) for kind in MARKS}
    return ", ".join(f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items() if count)


def _order(finding: Finding) -> tuple[int, int, int]:
    part, *numbers = finding.where.split(":")
    line, column = (int(number) for number in numbers) if len(numbers) == 2 else (0, 0)
    return (part != "subject", line, column)


def _shown(finding: Finding, draft: Draft) -> Iterator[RenderableType]:
    """The line of the body that a finding is about, with a mark below its place."""
    part, *numbers = finding.where.split(":")
    if part != "body" or len(numbers) != 2:
        return
    line, column = int(numbers[0]), int(numbers[1])
    lines = draft.body.split("\n")
    if not 1 <= line <= len(lines) or not lines[line - 1].strip():
        return
    start = max(0, column - 1 - MOST_SHOWN // 2)
    part = lines[line - 1][start : start + MOST_SHOWN]
    yield text(part)
    yield Text(" " * (column - 1 - start) + "^", style="cyan")
