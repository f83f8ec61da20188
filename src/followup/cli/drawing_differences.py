"""What a change of rules changes, drawn for people: the rules first, then follow-up by follow-up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from followup.cli.difference_words import MARKS, heading_words, rows, rule_at
from followup.cli.drawing import beside, heading, text
from followup.cli.times import Clock
from followup.cli.wording import printable_line
from followup.differing import FollowUpChange, RuleChange, StateDifference, WordChange, word_changes
from followup.differing.reporting import summary

__all__ = ["draw_differences"]

_STYLES = {"new": "green", "gone": "red", "changed": "yellow", "old": "red", "both": ""}
LONG = 60
"""Longer texts are shown word by word."""


def draw_differences(
    rules: Sequence[RuleChange],
    differences: Sequence[StateDifference],
    names: tuple[str, str],
    *,
    asked: bool,
) -> Iterator[RenderableType]:
    """All that differs; `asked` says whether any states were given."""
    yield heading(f"From {names[0]} to {names[1]}")
    yield (
        text(summary(differences), "bold")
        if asked
        else text("Name your states with --states, and see what this changes for them.", "dim")
    )
    if not rules:
        yield Padding(text("No rule and no guard differs.", "dim"), (1, 0, 0, 0))
    for rule in rules:
        yield Padding(_rule(rule), (1, 0, 0, 0))
    found = sorted(
        ((change.rule, change.title, each, change) for each in differences for change in each.changes),
        key=lambda entry: entry[0],
    )
    for (name, title), entries in groupby(found, key=lambda entry: entry[:2]):
        yield Padding(Text.assemble((printable_line(title), "bold"), (f"  {name}", "dim")), (1, 0, 0, 0))
        for _, _, difference, change in entries:
            yield _follow_up(difference, change)


def _rule(change: RuleChange) -> RenderableType:
    title = Text.assemble(
        (f"{change.kind} ", "dim"), (change.name, "bold"), f" {change.what}", (f"  {rule_at(change)}", "dim")
    )
    lines = _table()
    for key in change.keys:
        _add(lines, key.key, key.old or "not there", key.new or "not there")
    return beside(MARKS[change.what], _STYLES[change.what], Group(title, lines) if change.keys else title)


def _follow_up(difference: StateDifference, change: FollowUpChange) -> RenderableType:
    clock = Clock(difference.start, difference.zone)
    title = Text.assemble(
        (difference.name, "bold"), f"  {printable_line(heading_words(change))}", (f"  {change.key}", "dim")
    )
    lines = _table()
    for label, old, new in rows(change, clock):
        _add(lines, label, old, new)
    if change.words:
        lines.add_row(text("words", "dim"), _words(change.words))
    mark = "new" if change.old is None else "gone" if change.new is None else "changed"
    return beside(MARKS[mark], _STYLES[mark], Group(title, lines))


def _table() -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(ratio=1, overflow="fold")
    return table


def _add(table: Table, label: str, old: str, new: str) -> None:
    if max(len(old), len(new)) > LONG and old and new:
        table.add_row(text(label, "dim"), _words(word_changes(old, new)))
        return
    shown = Text.assemble(text(old or "–", _STYLES["old"]), " → ", text(new or "–", _STYLES["new"]))
    table.add_row(text(label, "dim"), shown)


def _words(changes: Sequence[WordChange]) -> Text:
    """The words of both texts; what goes stands in [-…-], what comes in {+…+}."""
    made = Text()
    for change in changes:
        made.append(" " if made else "")
        if change.side == "both":
            made.append_text(text(_shortened(change.text)))
        elif change.side == "old":
            made.append_text(Text.assemble(("[-", "dim"), text(change.text, "red"), ("-]", "dim")))
        else:
            made.append_text(Text.assemble(("{+", "dim"), text(change.text, "green"), ("+}", "dim")))
    return made


def _shortened(words: str) -> str:
    """What stays in both texts, without its middle where it is long."""
    parts = words.split()
    return words if len(parts) <= 12 else f"{' '.join(parts[:5])} … {' '.join(parts[-5:])}"
