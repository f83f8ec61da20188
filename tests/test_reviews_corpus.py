"""The corpus of planted faults: the reviews do as well as `docs/reviews.md` says."""

from __future__ import annotations

import re
from functools import cache

import pytest
from tests.reviews_measured import Measure, cases, measured, table_lines
from tests.support import ROOT, builtin_engine

from followup import Engine

PAGE = ROOT / "docs" / "reviews.md"
ROW = re.compile(r"^\| `([\w-]+)` \| (\d+) \| (\d+) \| \d+% \| (\d+) \|$", re.MULTILINE)
DOCUMENTED = {name: tuple(map(int, counts)) for name, *counts in ROW.findall(PAGE.read_text("utf-8"))}
CORE = tuple(name for name, review in builtin_engine().vocabulary.reviews.items())


@cache
def table() -> dict[str, Measure]:
    installed = Engine.load()
    return measured(installed, installed.vocabulary.reviews)


def test_every_review_of_the_core_is_measured() -> None:
    assert set(CORE) <= DOCUMENTED.keys()


@pytest.mark.parametrize("name", sorted(DOCUMENTED))
def test_a_review_does_as_well_as_the_page_says(name: str) -> None:
    if name not in table():
        pytest.skip(f"the plugin with the review `{name}` is not installed")
    measure, (planted, found, false_alarms) = table()[name], DOCUMENTED[name]
    assert measure.planted == planted
    assert measure.found >= found, measure.missed
    assert measure.false_alarms <= false_alarms, measure.imagined


def test_the_page_shows_what_the_benchmark_prints() -> None:
    if not set(DOCUMENTED) <= set(table()):
        pytest.skip("not the plugins with which the page was made are installed")
    installed = Engine.load()
    shown = {name: review for name, review in installed.vocabulary.reviews.items() if name in DOCUMENTED}
    seen = {name: measure for name, measure in table().items() if name in DOCUMENTED}
    assert "\n".join(table_lines(seen, measured(installed, shown, unseen=True))) in PAGE.read_text("utf-8")


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    assert len(cases()) >= 120
    assert sum(not case.faults for case in cases()) >= 30
    assert sum(case.language == "de" for case in cases()) >= 20
    planted = [fault.review for case in cases() for fault in case.faults]
    assert all(planted.count(name) >= 10 for name in CORE)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.file}: {case.name}")
def test_every_planted_fault_stands_in_its_draft(case) -> None:  # type: ignore[no-untyped-def]
    for fault in case.faults:
        assert fault.at in ("subject", "body") or fault.at in case.draft.body
