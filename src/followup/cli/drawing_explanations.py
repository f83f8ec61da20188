"""An explanation drawn for people: the tree of conditions, the windows, the guards of each candidate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from followup.cli.drawing import beside, heading, mark_of, text
from followup.cli.wording import printable, printable_line, telling

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.explaining import CandidateExplanation, Check, Explanation, Guarding
    from followup.supposing import ChangeSet
    from followup.why_not import WhyNot

__all__ = ["draw_answers", "draw_explanation", "draw_overview"]

_TOLD = ("advice", "event", "gate", "guard", "when")
_RESULTS = {"true": ("✓", "green"), "false": ("✗", "red"), "unknown": ("?", "magenta")}


def draw_overview(explanations: Sequence[Explanation], clock: Clock, title: str) -> Iterator[RenderableType]:
    """A line a rule: what it does now and its first reason."""
    yield heading(title, clock.exact(clock.now))
    for explanation in explanations:
        for candidate in explanation.candidates:
            first = telling(candidate.status, candidate.reasons)
            why = first.text if first else _unmet(candidate.condition)
            line = Text.assemble(
                (explanation.rule, "bold"),
                f" {candidate.status}",
                (f"  {_to(candidate)}", "dim"),
            )
            yield beside(*mark_of(candidate.status), Group(line, text(why)) if why else line)
        if not explanation.candidates:
            why = "; ".join(reason.text for reason in explanation.silent)
            yield beside(
                "·",
                "dim",
                Text.assemble((explanation.rule, "bold"), " silent", (f"  {printable(why)}", "dim")),
            )
    yield Padding(text("Name a rule to see its conditions, windows and guards.", "dim"), (1, 0, 0, 0))


def draw_explanation(explanation: Explanation, clock: Clock) -> Iterator[RenderableType]:
    """One rule: what it is, each candidate with its conditions and guards, or why it is silent."""
    yield heading(explanation.title or explanation.rule, clock.exact(explanation.now))
    decided = (
        f", decided by {explanation.decided_by}" if explanation.decided_by not in ("", explanation.at) else ""
    )
    yield text(f"rule {explanation.rule} of {explanation.scenario} · {explanation.at}{decided}", "dim")
    for candidate in explanation.candidates:
        yield Padding(_candidate(candidate, clock), (1, 0, 0, 0))
    if not explanation.candidates:
        yield Padding(Text("It proposes nothing.", style="bold"), (1, 0, 0, 0))
        for reason in explanation.silent:
            place = (f"  {reason.at}", "dim") if reason.at else ""
            yield beside("·", "dim", Text.assemble(printable(reason.text), place))
    if explanation.questions:
        yield Padding(Text("Worth asking", style="magenta"), (1, 0, 0, 0))
        for question in explanation.questions:
            yield beside(
                "?", "magenta", Text.assemble(printable(question.text), (f"  {question.fact}", "dim"))
            )
    if explanation.advice:
        yield Padding(Text("Advice", style="cyan"), (1, 0, 0, 0))
        for advice in explanation.advice:
            yield beside("·", "dim", Text.assemble(printable(advice.text), (f"  {advice.name}", "dim")))
    changes = explanation.next_change
    words = f"This next changes {clock.both(changes)}." if changes else "Time alone will not change this."
    yield Padding(text(words), (1, 0, 0, 0))


def draw_answers(answers: Sequence[WhyNot], clock: Clock, title: str) -> Iterator[RenderableType]:
    """Of each follow-up the paragraph, and what would change it, one line a set."""
    yield heading(title, clock.exact(clock.now))
    for number, answer in enumerate(answers):
        mark, style = mark_of(answer.status)
        key = answer.key or answer.rule
        first = Text.assemble((answer.status, style), (f"  {printable(key)}", "dim"))
        yield Padding(
            beside(mark, style, Group(first, text(answer.paragraph))), (1 if number else 0, 0, 0, 0)
        )
        # One small change stands in the paragraph already.
        several = len(answer.changes) > 1 or any(len(change.suppositions) > 1 for change in answer.changes)
        for change in answer.changes if several else ():
            yield Padding(beside("→", "cyan", _change(change, clock)), (0, 0, 0, 2))


def _change(change: ChangeSet, clock: Clock) -> RenderableType:
    when = "due now" if change.due else clock.both(change.when)
    lines: list[RenderableType] = [text(each.words) for each in change.suppositions]
    return Group(*lines, Text.assemble((when, "cyan"), (f"  {printable(change.key)}", "dim")))


def _unmet(check: Check | None) -> str:
    """The first test that stands in the way, in words."""
    if check is None or check.result == "true":
        return ""
    for child in check.children if check.kind != "not" else ():
        if child.result != "true":
            return _unmet(child)
    return f"{'unknown' if check.result == 'unknown' else 'not so'}: {check.text}"


def _to(candidate: CandidateExplanation) -> str:
    return printable_line(candidate.to.name or candidate.to.id) if candidate.to else "nobody yet"


def _candidate(candidate: CandidateExplanation, clock: Clock) -> RenderableType:
    mark, style = mark_of(candidate.status)
    parts: list[RenderableType] = [
        Text.assemble((f"{mark} {candidate.status}", style), (f"  to {_to(candidate)}", "bold")),
        Padding(text(candidate.key, "dim"), (0, 0, 0, 2)),
        Padding(_times(candidate, clock), (0, 0, 0, 2)),
    ]
    if candidate.condition:
        parts.append(Padding(_tree(candidate.condition, clock), (0, 0, 0, 2)))
    parts += [Padding(_guard(guard, clock), (0, 0, 0, 1)) for guard in candidate.guards]
    # The rest stands above already, or at the end.
    for reason in (reason for reason in candidate.reasons if reason.kind not in _TOLD):
        parts.append(Padding(beside("·", "dim", _reason(reason.text, reason.at)), (0, 0, 0, 1)))
    return Group(*parts)


def _times(candidate: CandidateExplanation, clock: Clock) -> RenderableType:
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    rows.add_row("after", text(candidate.anchor))
    named: tuple[tuple[str, datetime | None], ...] = (
        ("opens", candidate.opens),
        ("closes", candidate.closes),
        ("lifts", candidate.lifts),
        ("best at", candidate.at),
    )
    for name, moment in named:
        if moment:
            rows.add_row(name, text(clock.both(moment)))
    return rows


def _tree(check: Check, clock: Clock) -> Tree:
    tree = Tree(_check(check, clock), guide_style="dim")
    _grow(tree, check, clock)
    return tree


def _grow(tree: Tree, check: Check, clock: Clock) -> None:
    for child in check.children:
        _grow(tree.add(_check(child, clock)), child, clock)


def _check(check: Check, clock: Clock) -> Text:
    mark, style = _RESULTS[check.result]
    groups = {"all": "all of", "any": "any of", "not": "not"}
    line = Text.assemble((f"{mark} ", style), printable(groups.get(check.kind, check.text) or check.text))
    if check.kind not in groups:
        if check.wanted and check.wanted not in check.text:
            line.append(f"  wanted {printable_line(check.wanted)}", style="dim")
        line.append(f"  now {printable_line(check.actual)}" if check.actual else "  not known", style="dim")
    if check.changes:
        line.append(f"  changes {clock.both(check.changes)}", style="cyan")
    if check.at:
        line.append(f"  {check.at}", style="dim")
    return line


def _guard(guard: Guarding, clock: Clock) -> RenderableType:
    if not guard.holds:
        return beside("✓", "green", Text.assemble(f"{guard.name} lets it go", (f"  {guard.at}", "dim")))
    until = f"until {clock.both(guard.lifts)}" if guard.lifts else "until something else happens"
    words = f"{guard.name} holds it {until}: {guard.text}"
    return beside("✗", "yellow", _reason(words, guard.at))


def _reason(words: str, at: str) -> Text:
    return Text.assemble(printable(words), (f"  {at}" if at else "", "dim"))
