"""`followup report`: figures in the terminal, as a page, as data, and for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from tests.support import INTERVIEW, PEOPLE, sent, state, time

from followup.cli.csv_reports import report_csv
from followup.cli.drawing import drawn
from followup.cli.drawing_reports import draw_report
from followup.cli.html_reports import report_page
from followup.cli.root import cli
from followup.cli.times import Clock
from followup.retrospect.figures import Figures, figures_of

NOW = "2026-10-01T12:00Z"
HOSTILE = "=A \"name\" with <b>, & and 'ticks' </td></style><script>alert(1)</script> \u202e\x1b[31m"
REPLY = {"type": "reply", "at": "2026-09-18T12:00Z", "from": "dana"}
EVENTS = (
    INTERVIEW,
    sent("2026-09-16T12:00", channel="email"),
    REPLY,
    sent("2026-09-21T12:00", intent="inquiry"),
)
NAMES = ("initech", "Initech", "Dana", "Whitfield", "Data Engineer", "Souza")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def invoke(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["--no-plugins", *arguments], input=text)


def report(*options: str) -> str:
    done = invoke("report", "--now", NOW, *options)
    assert done.exit_code == 0, done.stderr
    return done.stdout


@pytest.fixture
def added() -> None:
    done = invoke("add", "-", text=yaml.safe_dump(state(*EVENTS).to_dict()))
    assert done.exit_code == 0, done.stderr


def many(count: int = 1, **changes: Any) -> Figures:
    return figures_of({f"x{number}": state(*EVENTS, **changes) for number in range(count)}, time(NOW))


def page(found: Figures) -> str:
    return report_page(found, Clock(time(NOW), "UTC"))


def terminal(found: Figures) -> str:
    return drawn(draw_report(found, Clock(time(NOW), "UTC")))


class Elements(HTMLParser):
    """The elements of a page with their attributes; what is not closed in order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_an_empty_store_says_how_to_begin() -> None:
    assert "followup add" in report()
    assert json.loads(report("--format", "json"))["opportunities"] == 0
    assert "Nothing yet" in report("--format", "html")


@pytest.mark.usefixtures("added")
def test_the_terminal_shows_counts_and_no_percentage_of_little() -> None:
    shown = report()
    for words in ("1 opportunity · 2 messages", "interview held", "1 of 1", "inquiry to Dana Whitfield"):
        assert words in shown
    assert "%" not in shown


def test_of_enough_a_percentage_stands_beside_its_counts_and_bounds() -> None:
    assert "10 of 10, 100 % (72–100)" in terminal(many(10))


@pytest.mark.parametrize("count", [1, 60])
def test_the_terminal_is_never_wider_than_80_columns(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert max(map(len, terminal(many(count)).splitlines())) <= 80


@pytest.mark.usefixtures("added")
@pytest.mark.parametrize("form", ["text", "html", "json", "csv"])
def test_an_anonymous_report_has_no_name_in_it(form: str) -> None:
    assert any(name in report("--format", form) for name in NAMES)
    shown = report("--format", form, "--anonymous")
    assert "opportunity 1" in shown
    assert not [name for name in NAMES if name in shown]


def test_the_page_loads_nothing_and_forbids_that_it_could() -> None:
    elements = Elements(page(many(3))).found
    assert not {tag for tag, _ in elements} & {"script", "link", "img", "iframe", "object", "embed", "base"}
    for _, attributes in elements:
        assert not set(attributes) & {"src", "srcset", "background", "xlink:href"}
        assert (attributes.get("href") or "#").startswith("#")
        assert not [name for name in attributes if name.startswith("on")]
    policies = [each.get("content") for tag, each in elements if tag == "meta" and each.get("http-equiv")]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not re.search(r"@import|url\((?!#)", page(many(3)))


def test_the_page_has_a_table_and_words_behind_each_chart() -> None:
    shown = page(many(3))
    charts = shown.count('<div class="chart">')
    assert charts == 6
    assert shown.count("<desc>") == charts
    assert shown.count("<details>") == 4
    assert "What each figure means" in shown


@pytest.mark.parametrize("make", [page, terminal, report_csv])
def test_hostile_names_stay_words(make: Callable[[Figures], str]) -> None:
    people = {**PEOPLE, "dana": {"name": HOSTILE}}
    events = [*EVENTS, sent("2026-09-22T12:00", to="lee", intent=HOSTILE, channel=HOSTILE)]
    found = figures_of(
        {HOSTILE: state(*events, people=people, company={"name": HOSTILE}, position={"title": HOSTILE})},
        time(NOW),
    )
    shown = make(found)
    assert not {"\x1b", "\u202e"} & set(shown)
    if make is page:
        assert "script" not in {tag for tag, _ in Elements(shown).found}
    if make is report_csv:
        cells = [cell for row in csv.reader(io.StringIO(shown)) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


@pytest.mark.usefixtures("added")
def test_a_spreadsheet_gets_one_figure_a_line() -> None:
    rows = list(csv.DictReader(io.StringIO(report("--format", "csv"))))
    values = {(row["figure"], row["of"], row["measure"]): row["value"] for row in rows}
    assert len(values) == len(rows)
    assert values["steps", "interviewed", "reached"] == "1"
    assert values["by_both", "thanks / email", "answered"] == "1"


@pytest.mark.usefixtures("added")
def test_since_counts_what_began_from_that_day_on() -> None:
    found = json.loads(report("--since", "2026-09-20", "--format", "json"))
    assert (found["opportunities"], found["messages"], found["interviews"]) == (0, 1, 0)


@pytest.mark.usefixtures("added")
def test_a_since_that_is_to_come_is_refused() -> None:
    done = invoke("report", "--now", NOW, "--since", "2026-11-01")
    assert (done.exit_code, "name an earlier day" in done.stderr) == (2, True)


@pytest.mark.usefixtures("added")
def test_a_page_is_written_to_a_file(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    done = invoke("report", "--now", NOW, "--format", "html", "-o", str(path))
    assert (done.stdout, done.stderr.endswith(f"wrote {path}\n")) == ("", True)
    Elements(path.read_text("utf-8"))


@pytest.mark.usefixtures("added")
def test_what_is_retired_is_counted_and_not_listed_as_waiting() -> None:
    assert invoke("retire", "initech").exit_code == 0
    found = json.loads(report("--format", "json"))
    assert (found["opportunities"], found["waiting"]) == (1, [])
