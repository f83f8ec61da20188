"""A plan drawn for people: sections, one block a follow-up, drafts indented beneath. Uses rich."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.rule import Rule as Line
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from followup.cli.wording import (
    HIDDEN,
    SECTIONS,
    WAITING,
    address_line,
    as_title,
    place_line,
    printable,
    printable_line,
    quiet_line,
    riding,
    shown_with_status,
    telling,
    when_line,
)

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.plan import Draft, Finding, FollowUp, Plan

__all__ = [
    "WIDEST",
    "beside",
    "draft_words",
    "draw",
    "draw_plan",
    "drawn",
    "heading",
    "mark_of",
    "plan_sections",
    "stage_line",
    "text",
]

WIDEST = 110
"""Columns; longer lines are hard to read."""

MARKS = {
    "due": ("●", "bold green"),
    "held": ("◐", "yellow"),
    "blocked": ("▲", "red"),
    "scheduled": ("○", "cyan"),
    "snoozed": ("◌", "blue"),
    "done": ("✓", "green"),
    "skipped": ("–", "dim"),
    "missed": ("✗", "dim red"),
    "moot": ("–", "dim"),
}
_FILLING = re.compile(r" +$", re.MULTILINE)
_SEVERITIES = {"error": "bold red", "warning": "yellow", "note": "dim"}


def draw(renderables: Iterable[RenderableType]) -> None:
    """Print on standard output; colours only on a terminal, and not with NO_COLOR."""
    click.echo(drawn(renderables), nl=False)


def drawn(renderables: Iterable[RenderableType], *, plain: bool = False) -> str:
    """What `draw` prints; `plain` without colours wherever it goes."""
    width = min(Console(file=sys.stdout).width, WIDEST)
    made = io.StringIO()
    console = Console(
        file=made,
        force_terminal=sys.stdout.isatty() and not plain,
        width=width,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for renderable in renderables:
        console.print(renderable)
    # Cells are filled up with spaces, which would be copied along with a draft.
    return _FILLING.sub("", made.getvalue())


def text(words: str, style: str = "") -> Text:
    """Words of unknown origin, made safe for a terminal."""
    return Text(printable(words), style=style)


def mark_of(status: str) -> tuple[str, str]:
    """The mark and the style of a status; a dot for what is no follow-up."""
    return MARKS.get(status, ("·", "dim"))


def heading(words: str, beside: str = "") -> RenderableType:
    """A title with a line beneath it, and perhaps words on its right."""
    row = Table.grid(expand=True)
    row.add_column(ratio=1)
    row.add_column(justify="right", no_wrap=True)
    row.add_row(Text(printable_line(words), style="bold"), text(beside, "dim"))
    return Group(row, Line(style="dim", characters="─"))


def beside(mark: str, style: str, content: RenderableType) -> RenderableType:
    """A mark in the margin, and content that stays right of it on every line."""
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_column(width=1, no_wrap=True)
    row.add_column(ratio=1, overflow="fold")
    row.add_row(Text(mark, style=style), content)
    return Padding(row, (0, 0, 0, 1))


def draw_plan(
    plan: Plan, clock: Clock, title: str, *, everything: bool = False, drafts: bool | None = None
) -> Iterator[RenderableType]:
    """The plan under its heading. `drafts`: of all follow-ups, of none, or (None) of those that are due."""
    yield heading(title, clock.minute(plan.now))
    yield stage_line(plan, clock)
    for note in plan.notes:
        yield text(note, "dim")
    yield from plan_sections(plan, clock, everything=everything, drafts=drafts)


def stage_line(plan: Plan, clock: Clock) -> RenderableType:
    """The stage, when the plan changes by itself, and on which clocks times are shown."""
    change = f" · changes {clock.both(plan.next_change)}" if plan.next_change else ""
    return text(f"{plan.stage}{change} · times in {clock.zone}", "dim")


def plan_sections(
    plan: Plan, clock: Clock, *, everything: bool = False, drafts: bool | None = None
) -> Iterator[RenderableType]:
    """What follows the heading of a plan: a section a status, then the questions."""
    if not plan.due:
        yield Padding(text(quiet_line(plan, clock)), (1, 0, 0, 0))
    for status, name in SECTIONS.items():
        found = shown_with_status(plan, status)
        if not found or (status in HIDDEN and not everything):
            continue
        yield Padding(Text(name, style=mark_of(status)[1]), (1, 0, 0, 0))
        shown = drafts if drafts is not None else status == "due"
        for number, followup in enumerate(found):
            block = beside(*mark_of(status), _block(plan, followup, clock, draft=shown))
            yield Padding(block, (1 if shown and number else 0, 0, 0, 0))
    yield from _riding(plan)
    yield from _questions(plan)
    yield from _rest(plan, everything)


def _riding(plan: Plan) -> Iterator[RenderableType]:
    """What has no message to ride in yet, in few words: nobody has to do anything about it."""
    found = riding(plan)
    if found:
        yield Padding(Text(WAITING, style="dim"), (1, 0, 0, 0))
    for followup, reason in found:
        first = f"{as_title(followup)} {address_line(followup)}"
        yield beside("◌", "dim", Group(text(first), text(f"{reason} · {followup.key}", "dim")))


def _block(plan: Plan, followup: FollowUp, clock: Clock, *, draft: bool) -> RenderableType:
    lines: list[RenderableType] = [Text.assemble((as_title(followup), "bold"), f" {address_line(followup)}")]
    when = when_line(followup, clock)
    if when:
        lines.append(text(when))
    if followup.needs:
        lines.append(text(f"missing: {', '.join(followup.needs)}", "red"))
    reason = telling(followup.status, followup.reasons)
    if reason:
        lines.append(Text(printable_line(reason.text)))
    for key in followup.parts:
        lines.append(text(f"with it: {_part_title(plan, key)}"))
    lines.append(text(" · ".join(filter(None, (followup.key, place_line(followup)))), "dim"))
    if draft and followup.draft:
        lines.append(draft_words(followup.draft))
        if followup.findings:
            lines.append(Text(""))
        lines += [_finding(finding) for finding in followup.findings]
    return Group(*lines)


def _part_title(plan: Plan, key: str) -> str:
    try:
        return as_title(plan[key])
    except KeyError:
        return key


class _Quoted:
    """Content with a bar along its left side."""

    def __init__(self, content: RenderableType) -> None:
        self.content = content

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrower = options.update_width(max(1, options.max_width - 2))
        for line in console.render_lines(self.content, narrower, pad=False):
            yield Segment("│ ", Style(dim=True))
            yield from line
            yield Segment.line()


def draft_words(draft: Draft) -> RenderableType:
    """The words of a draft with a bar along their left side."""
    body = text(draft.body.rstrip("\n"))
    words = Group(text(f"Subject: {draft.subject}", "italic"), Text(""), body) if draft.subject else body
    return Padding(_Quoted(words), (1, 0, 0, 0))


def _finding(finding: Finding) -> RenderableType:
    cure = f"; {finding.suggestion}" if finding.suggestion else ""
    words = f"{finding.severity}: {finding.text}{cure} ({finding.review}, {finding.where})"
    return text(words, _SEVERITIES[finding.severity])


def _questions(plan: Plan) -> Iterator[RenderableType]:
    if not plan.questions:
        return
    yield Padding(Text("Questions", style="magenta"), (1, 0, 0, 0))
    for question in plan.questions:
        rules = f"{question.fact}, for {', '.join(question.rules)}"
        yield beside("?", "magenta", Group(text(question.text), text(rules, "dim")))


def _rest(plan: Plan, everything: bool) -> Iterator[RenderableType]:
    """The rules that propose nothing; or, when not all is asked for, how much is not shown."""
    if everything:
        if plan.silent:
            yield Padding(Text("Silent", style="dim"), (1, 0, 0, 0))
        for silent in plan.silent:
            why = "; ".join(reason.text for reason in silent.reasons)
            yield beside("·", "dim", Text.assemble(silent.rule, (f"  {printable_line(why)}", "dim")))
        return
    counts = [(len(plan.with_status(status)), status) for status in HIDDEN]
    hidden = [f"{count} {status}" for count, status in counts if count]
    if plan.silent:
        hidden.append(f"{len(plan.silent)} silent rules" if len(plan.silent) > 1 else "1 silent rule")
    if hidden:
        yield Padding(text(f"Also {', '.join(hidden)}: --all shows them.", "dim"), (1, 0, 0, 0))
