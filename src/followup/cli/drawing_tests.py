"""The results of rule tests drawn for people: wanted beside found, word by word, and why it is so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from followup.cli.drawing import beside, heading, text
from followup.cli.times import Clock
from followup.cli.wording import printable
from followup.testing.coverage import Branch, Coverage
from followup.testing.results import Difference, Failure, TestResult, Word

__all__ = ["draw_coverage", "draw_results", "draw_summary"]

_STYLES = {"both": "", "wanted": "green", "found": "red"}
_LABELS = {"wanted": "green", "found": "red", "why": "dim", "also": "dim", "hint": "dim"}


def draw_results(results: Iterable[TestResult]) -> Iterator[RenderableType]:
    """Each test that failed, with its failures."""
    for result in results:
        if not result.passed:
            name = Group(text(result.name, "bold"), text(str(result.place), "dim"))
            yield beside("✗", "red", Group(name, *map(_failure, result.failures)))
            yield Text("")


def draw_summary(count: int, failed: int, untested: Sequence[str]) -> Iterator[RenderableType]:
    """The last lines: how many there were, how many failed, and which rules no test speaks of."""
    if untested:
        yield text(f"without a test: {', '.join(untested)}", "yellow")
    tests = f"{count} test" if count == 1 else f"{count} tests"
    yield text(f"{tests}, {failed or 'none'} failed", "red" if failed else "green")


def _failure(failure: Failure) -> RenderableType:
    clock = Clock(failure.now, str(failure.now.tzinfo))
    line = Text.assemble(
        (printable(failure.followup), "bold"), (f"  at {clock.exact(failure.now)}  {failure.at}", "dim")
    )
    rows = Table.grid(padding=(0, 2, 0, 0))
    rows.add_column(no_wrap=True)
    rows.add_column(no_wrap=True)
    rows.add_column(ratio=1, overflow="fold")
    if failure.text:
        rows.add_row("", "", text(failure.text))
    for difference in failure.differences:
        _add(rows, difference)
        if difference.at != failure.at:
            rows.add_row("", "", text(difference.at, "dim"))
    for label, lines in (("why", [reason.text for reason in failure.reasons]), ("also", failure.others)):
        for index, told in enumerate(lines):
            rows.add_row("", Text("" if index else label, style=_LABELS[label]), text(told))
    return Padding(Group(line, rows), (1, 0, 0, 0))


def _add(rows: Table, difference: Difference) -> None:
    wanted, found = text(difference.wanted), text(difference.found)
    if difference.words:
        wanted = _side(difference.words, "wanted") if difference.field != "omits" else wanted
        found = _side(difference.words, "found")
    rows.add_row(text(difference.field, "bold"), Text("wanted", style=_LABELS["wanted"]), wanted)
    rows.add_row("", Text("found", style=_LABELS["found"]), found)
    if difference.hint:
        rows.add_row("", "", text(difference.hint, _LABELS["hint"]))


def _side(words: Sequence[Word], side: str) -> Text:
    """One of the two texts; its own words stand out in colour and, for those who see none, in brackets."""
    made = Text()
    for word in words:
        if word.side not in ("both", side):
            continue
        if made:
            made.append(" ")
        own = text(word.text, f"bold {_STYLES[word.side]}".strip() if word.side != "both" else "")
        made.append_text(own if word.side == "both" else Text.assemble(("[", "dim"), own, ("]", "dim")))
    return made


_NEVER = {
    ("rule", "proposed"): "is never proposed",
    ("rule", "due"): "is never due",
    ("guard", "acts"): "never acts",
    ("guard", "lets go"): "never lets go",
    ("condition", "true"): "is never true",
    ("condition", "false"): "is never false",
    ("message", "written"): "is never written on its own",
    ("message", "as a part"): "never rides in another",
    ("fact", "known"): "is never known",
    ("fact", "unknown"): "is never unknown",
}


def draw_coverage(coverage: Coverage) -> Iterator[RenderableType]:
    """Each file, what part of it the tests reach, and the lines of what they do not."""
    yield heading("What the tests reach", f"{coverage.percent:g} %")
    for file in coverage.files:
        style = "green" if file.reached == file.total else "yellow"
        yield Text.assemble((f"{file.percent:5.1f} %  ", style), printable(file.file))
        rows = Table.grid(padding=(0, 2, 0, 0))
        rows.add_column(justify="right", width=7)
        rows.add_column(ratio=1, overflow="fold")
        for branch in file.branches:
            for outcome in branch.missing:
                rows.add_row(text(str(branch.line), "dim"), _unreached(branch, outcome))
        if rows.row_count:
            yield rows
    yield Text("")


def _unreached(branch: Branch, outcome: str) -> RenderableType:
    told = _NEVER[branch.kind, outcome]
    if branch.kind == "condition":
        what = f"{branch.name}: {branch.text}"
    else:
        what = branch.text if branch.kind == "fact" else f"{branch.kind} {branch.name}"
    return Text.assemble((printable(what), "bold"), f" {told}")
