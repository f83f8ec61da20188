"""Advice drawn for people: a block for each piece, and one piece in full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from followup.citations import Carrier, Citation, ShowingTest
from followup.cli.drawing import beside, heading, text

__all__ = ["draw_citation", "draw_citations", "summary"]

MOST_SHOWN = 3
"""How many carriers, and how many tests, the overview names before it only counts."""


def draw_citations(found: Sequence[Citation], *, missing: bool = False) -> Iterator[RenderableType]:
    """A block for each piece of advice, under its section, and what they come to."""
    for section, pieces in groupby(found, key=lambda citation: citation.advice.id.partition(".")[0]):
        yield Padding(Text(section, style="bold cyan"), (1, 0, 0, 0))
        for citation in pieces:
            yield beside(*_mark(citation), _block(citation))
    if found or not missing:
        yield Padding(text(summary(found), "dim"), (1, 0, 0, 0))
    else:
        yield text("Everything has a carrier and a test.")


def draw_citation(citation: Citation) -> Iterator[RenderableType]:
    """One piece of advice in full: what it says, each carrier with what it is about, each test."""
    yield heading(citation.advice.id, citation.advice.kind)
    yield text(citation.advice.says)
    yield Padding(Text("Carried out by", style="cyan"), (1, 0, 0, 0))
    for carrier in citation.carriers:
        lines = [_carrier(carrier)]
        lines += [text(words) for words in (carrier.title, carrier.about) if words]
        yield beside("·", "dim", Group(*lines))
    if not citation.carriers:
        yield beside("✗", "red", text("nothing yet: name it under `advice:` of a rule, guard or message"))
    yield Padding(Text("Shown by", style="cyan"), (1, 0, 0, 0))
    for test in citation.tests:
        yield beside(*_test_mark(test), _test(test))
    if not citation.tests:
        yield beside("✗", "red", text("no test yet: name it under `advice:` of a test in tests.yaml"))
    yield text("")


def summary(found: Sequence[Citation]) -> str:
    """How many pieces there are, and how many lack something."""
    bare = sum("carrier" in citation.missing for citation in found)
    untested = sum("test" in citation.missing for citation in found)
    failing = {test for citation in found for test in citation.tests if test.passed is False}
    told = [f"{bare} without a carrier" if bare else "", f"{untested} without a test" if untested else ""]
    lacks = ", ".join(filter(None, told)) or "each carried out and shown by a test"
    failed = f"; {len(failing)} of their tests fail" if failing else ""
    pieces = "1 piece of advice" if len(found) == 1 else f"{len(found)} pieces of advice"
    return f"{pieces}: {lacks}{failed}"


def _block(citation: Citation) -> RenderableType:
    rows = Table.grid(padding=(0, 1, 0, 0))
    rows.add_column(style="dim", no_wrap=True)
    rows.add_column()
    for number, carrier in enumerate(citation.carriers[:MOST_SHOWN]):
        rows.add_row("" if number else "by", _carrier(carrier))
    _count(rows, len(citation.carriers))
    for number, test in enumerate(citation.tests[:MOST_SHOWN]):
        rows.add_row("" if number else "test", _test(test))
    _count(rows, len(citation.tests))
    lacks = " and ".join(f"no {word}" for word in citation.missing)
    if lacks:
        rows.add_row("", text(lacks, "red" if "carrier" in citation.missing else "yellow"))
    title = Text.assemble((citation.advice.id, "bold"), "  ", text(citation.advice.says))
    return Group(title, rows)


def _count(rows: Table, count: int) -> None:
    if count > MOST_SHOWN:
        rows.add_row("", text(f"and {count - MOST_SHOWN} more", "dim"))


def _carrier(carrier: Carrier) -> Text:
    return Text.assemble(f"{carrier.kind} {carrier.name}  ", text(carrier.place.short, "dim"))


def _test(test: ShowingTest) -> Text:
    failed = ("  fails", "red") if test.passed is False else ""
    return Text.assemble(text(test.name), failed, "  ", text(test.place.short, "dim"))


def _mark(citation: Citation) -> tuple[str, str]:
    if "carrier" in citation.missing or any(test.passed is False for test in citation.tests):
        return "✗", "red"
    return ("○", "yellow") if citation.missing else ("✓", "green")


def _test_mark(test: ShowingTest) -> tuple[str, str]:
    if test.passed is None:
        return "·", "dim"
    return ("✓", "green") if test.passed else ("✗", "red")
