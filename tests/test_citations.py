"""What carries out each piece of advice, and which tests show it; and `followup advice`, which says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support import ROOT, builtin_engine

from followup.citations import Citation, citations, showing_tests, tried
from followup.cli.root import cli

SCENARIO = """\
format: 1
scenario: own
rules:
  mine:
    title: Write down what was said
    about: Memory fades within a day.
    advice: concerns.reflect
    intent: task
    after: interview
    wait: 1 day
    to: self
"""
MESSAGE = "---\nsubject: Notes\nadvice: thanks.value\n---\nWrite down what was said.\n"
TESTS = """\
format: 1
state:
  candidate: {name: Ana Souza, timezone: America/Chicago}
  company: {name: Initech}
  position: {title: Data Engineer}
  people: {dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}}
  events: [{type: interview, id: r1, at: 2026-11-20T10:00, with: [dana]}]
tests:
  - name: a day later I write it down
    advice: [concerns.reflect, thanks.value]
    now: 2026-11-21T12:00
    expect: [{rule: mine, status: due}]
"""


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


def shown(*arguments: object) -> str:
    """What the command prints, on one line: where it wraps does not matter."""
    return " ".join(invoke(*arguments).stdout.split())


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "messages").mkdir(parents=True)
    (folder / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (folder / "messages" / "mine.md").write_text(MESSAGE, "utf-8")
    (folder / "tests.yaml").write_text(TESTS, "utf-8")
    return folder


def by_id(found: tuple[Citation, ...]) -> dict[str, Citation]:
    return {citation.advice.id: citation for citation in found}


def test_every_piece_of_the_catalogue_is_there_in_its_order() -> None:
    engine = builtin_engine()
    assert [citation.advice for citation in citations(engine)] == list(engine.advice.values())


def test_a_rule_a_guard_a_message_and_a_review_carry_out_what_they_cite() -> None:
    found = by_id(citations(builtin_engine()))
    assert ("rule", "thank-you") in {(c.kind, c.name) for c in found["timing.thanks-24h"].carriers}
    assert ("guard", "employer-date") in {(c.kind, c.name) for c in found["timing.employer-date"].carriers}
    assert ("message", "inquiry") in {(c.kind, c.name) for c in found["stand-out.perspective"].carriers}
    assert ("review", "concise") in {(c.kind, c.name) for c in found["thanks.concise"].carriers}


def test_every_carrier_says_where_it_stands() -> None:
    for citation in citations(builtin_engine()):
        for carrier in citation.carriers:
            assert carrier.place.file
            assert carrier.place.line


def test_a_stance_is_carried_by_the_rules_that_cite_it() -> None:
    stance = by_id(citations(builtin_engine()))["why.interest"]
    assert stance.advice.kind == "stance"
    assert {carrier.kind for carrier in stance.carriers} >= {"rule"}


def test_what_nothing_cites_lacks_a_carrier_and_a_test(own: Path) -> None:
    found = by_id(citations(builtin_engine(rules=[own], builtin=False)))
    assert found["timing.inquiry-1w"].missing == ("carrier", "test")
    assert found["concerns.reflect"].missing == ()


def test_a_test_is_found_by_its_name_and_its_line(own: Path) -> None:
    engine = builtin_engine(rules=[own])
    [test] = [t for t in by_id(citations(engine))["thanks.value"].tests if t.scenario == "own"]
    assert (test.name, test.place.line) == ("a day later I write it down", 9)
    assert test.passed is None
    assert showing_tests(engine.scenarios["own"]) == (test,)


def test_a_scenario_without_tests_has_none(own: Path) -> None:
    (own / "tests.yaml").unlink()
    assert showing_tests(builtin_engine(rules=[own]).scenarios["own"]) == ()


@pytest.mark.parametrize(("status", "passed"), [("due", True), ("held", False)])
def test_run_tests_say_whether_they_pass(own: Path, status: str, passed: bool) -> None:
    (own / "tests.yaml").write_text(TESTS.replace("status: due", f"status: {status}"), "utf-8")
    engine = builtin_engine(rules=[own], builtin=False)
    [test] = by_id(tried(engine, citations(engine)))["concerns.reflect"].tests
    assert test.passed is passed


# The command


def test_the_table_names_carrier_and_test(own: Path) -> None:
    told = shown("--rules", own, "advice", "concerns")
    assert "concerns.reflect after the interview, identify where you could have been clearer" in told
    assert "rule mine" in told
    assert "a day later I write it down" in told


def test_an_id_alone_is_shown_in_full(own: Path) -> None:
    told = shown("--rules", own, "advice", "concerns.reflect")
    assert "Write down what was said Memory fades within a day." in told


def test_json_has_the_same(own: Path) -> None:
    data = json.loads(invoke("--rules", own, "advice", "concerns.reflect", "--format", "json").stdout)
    [piece] = data["advice"]
    assert (piece["id"], piece["kind"]) == ("concerns.reflect", "rule")
    [mine] = [carrier for carrier in piece["carriers"] if carrier["name"] == "mine"]
    assert mine["at"] == f"{own / 'scenario.yaml'}:4"
    assert "a day later I write it down" in [test["name"] for test in piece["tests"]]


def test_missing_leaves_out_what_is_complete_and_is_exit_code_1(own: Path) -> None:
    (own / "messages" / "mine.md").write_text(MESSAGE.replace("thanks.value", "thanks.template"), "utf-8")
    (own / "tests.yaml").write_text(TESTS.replace(", thanks.value", ""), "utf-8")
    done = invoke("--rules", own, "advice", "--missing", "concerns.reflect", "thanks.template")
    assert done.exit_code == (1 if "no test" in done.stdout else 0)
    assert "concerns.reflect" not in done.stdout


def test_missing_is_fine_where_nothing_is(own: Path) -> None:
    done = invoke("--rules", own, "advice", "--missing", "concerns.reflect")
    assert (done.exit_code, done.stdout) == (0, "Everything has a carrier and a test.\n")


def test_a_failing_test_is_named_and_is_exit_code_1(own: Path) -> None:
    (own / "tests.yaml").write_text(TESTS.replace("status: due", "status: held"), "utf-8")
    done = invoke("--rules", own, "advice", "--run", "concerns.reflect", "thanks")
    assert done.exit_code == 1
    assert "fails" in done.stdout


def test_a_misspelt_id_gets_the_nearest() -> None:
    done = invoke("advice", "timing.thanks-24")
    assert done.exit_code == 2
    assert "did you mean `timing.thanks-24h`?" in done.stderr


def test_a_test_file_that_cannot_be_read_is_exit_code_2(own: Path) -> None:
    (own / "tests.yaml").write_text("format: 1\ntsets: []\n", "utf-8")
    done = invoke("--rules", own, "advice")
    assert done.exit_code == 2
    assert "tests.yaml:2:1: " in done.stderr


def test_the_page_is_as_the_command_prints_it() -> None:
    printed = invoke("--no-plugins", "advice", "--format", "markdown").stdout
    page = (ROOT / "docs" / "advice.md").read_text("utf-8")
    assert page == printed, "run `followup --no-plugins advice --format markdown > docs/advice.md`"
