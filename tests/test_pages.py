"""A page for people from each scenario, and `followup rules docs`, which writes them."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support import ROOT, builtin_engine

from followup.cli.root import cli
from followup.engine import Engine
from followup.pages import scenario_page

PAGES = ROOT / "docs" / "scenarios"
CHANNELS = {"email", "phone", "linkedin"}

SCENARIO = """\
format: 1
scenario: own
title: Notes & <b>thoughts</b>
parameters:
  pause: {default: 1 day, about: How long to wait., source: our choice}
events:
  walk: {title: You took a walk, fields: {where: {type: string}}}
rules:
  mine:
    title: Write down what was said
    about: Memory fades.
    advice: concerns.reflect
    intent: task
    after: interview
    wait: $pause
    unless: walk
    to: self
guards:
  rest:
    title: Rest first
    because: sleep helps
    for: {to: self}
    hold: {outside: daytime}
"""
TESTS = """\
format: 1
state:
  candidate: {name: Ana Souza, timezone: America/Chicago}
  company: {name: Initech}
  position: {title: Data Engineer}
  people: {dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}}
  events: [{type: interview, id: r1, at: 2026-11-20T10:00, with: [dana]}]
tests:
  - name: nothing at once
    now: 2026-11-20T12:00
    absent: thank-you
  - name: a day later I write it down
    now: 2026-11-21T12:00
    expect: [{rule: mine, status: due}]
"""


def invoke(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture
def own(tmp_path: Path) -> Path:
    folder = tmp_path / "own"
    (folder / "messages").mkdir(parents=True)
    (folder / "scenario.yaml").write_text(SCENARIO, "utf-8")
    (folder / "messages" / "mine.md").write_text("---\nsubject: Notes\n---\n- Write *it* down.\n", "utf-8")
    (folder / "tests.yaml").write_text(TESTS, "utf-8")
    return folder


def page_of(folder: Path) -> str:
    engine = builtin_engine(rules=[folder])
    return scenario_page(engine, engine.scenarios["own"], "own.svg")


def test_a_page_says_what_the_rule_does_in_sentences(own: Path) -> None:
    page = page_of(own)
    assert "### Write down what was said\n\nMemory fades." in page
    assert "- After each interview: from 1 day after its end, without an end." in page
    assert "- A note to yourself." in page
    assert "- Not if there has since been an event `walk`." in page
    assert "identify where you could have been clearer (`concerns.reflect`)" in page
    assert "![What follows what: Notes & \\<b\\>thoughts\\</b\\>](own.svg)" in page


def test_a_page_names_guards_parameters_and_events(own: Path) -> None:
    page = page_of(own)
    assert "- It may be held back: rest first." in page
    assert "Because sleep helps.\n\nIt holds outside daytime." in page
    assert "For a follow-up of which this is so: it is for yourself." in page
    assert "| `pause` | 1 day | How long to wait. | our choice |" in page
    assert "| `walk` | You took a walk | `where` (may be left out) |" in page


def test_a_parameter_that_settings_changed_shows_both_values(own: Path, tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("format: 1\nrules: [own]\nparameters: {own: {pause: 3 days}}\n", "utf-8")
    engine = builtin_engine(settings=settings)
    assert "| `pause` | 3 days (by itself 1 day) |" in scenario_page(engine, engine.scenarios["own"])


def test_the_example_is_the_draft_of_a_test(own: Path) -> None:
    page = page_of(own)
    assert "An example, from the test *a day later I write it down*:\n\n> **Notes**\n>\n" in page
    assert "> \\- Write \\*it\\* down." in page


def test_the_tests_are_the_promises_of_the_rule_of_which_they_speak(own: Path) -> None:
    page = page_of(own)
    mine, others = page.split("## What else is promised")
    assert "  - a day later I write it down" in mine
    assert "- nothing at once" in others


def test_a_scenario_without_tests_has_a_page_without_promises(own: Path) -> None:
    (own / "tests.yaml").unlink()
    page = page_of(own)
    assert "Write down what was said" in page
    assert "Promised" not in page


def test_what_a_rule_writer_writes_is_no_markup(own: Path) -> None:
    assert "<b>" not in page_of(own).replace("\\<b\\>", "")


# The command


def test_a_page_is_printed_with_its_picture_in_it(own: Path) -> None:
    shown = invoke("rules", "docs", own).stdout
    assert "```mermaid\n---\ntitle:" in shown
    assert "Write down what was said" in shown


def test_pages_and_pictures_are_written_and_told(own: Path, tmp_path: Path) -> None:
    folder = tmp_path / "made" / "pages"
    done = invoke("rules", "docs", own, "-o", folder)
    assert done.exit_code == 0
    assert sorted(path.name for path in folder.iterdir()) == ["own.md", "own.svg"]
    assert f"{folder / 'own.md'}: written" in done.stdout
    again = invoke("rules", "docs", own, "-o", folder).stdout
    assert f"{folder / 'own.md'}: as it was" in again


def test_a_link_in_the_folder_is_replaced_and_not_followed(own: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere.md"
    elsewhere.write_text("mine\n", "utf-8")
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "own.md").symlink_to(elsewhere)
    assert invoke("rules", "docs", own, "-o", folder).exit_code == 0
    assert elsewhere.read_text("utf-8") == "mine\n"
    assert not (folder / "own.md").is_symlink()


def test_a_folder_that_is_a_file_is_exit_code_2(own: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("x", "utf-8")
    assert invoke("rules", "docs", own, "-o", tmp_path / "taken").exit_code == 2
    assert invoke("rules", "docs", own, "-o", tmp_path / "taken" / "below").exit_code == 2


def test_the_pages_of_the_built_in_scenarios_are_as_the_command_writes_them(tmp_path: Path) -> None:
    if not set(Engine.load().channels) >= CHANNELS:
        pytest.skip("the channels that the drafts need are not installed")
    assert invoke("rules", "docs", "-o", tmp_path).exit_code == 0
    made = {path.name: path.read_text("utf-8") for path in tmp_path.iterdir()}
    kept = {path.name: path.read_text("utf-8") for path in PAGES.iterdir()}
    stale = sorted(name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name))
    assert stale == [], "run `followup rules docs -o docs/scenarios`, and delete what it does not write"
