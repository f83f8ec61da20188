"""The documentation: its examples run, its commands are the ones that we run, its names are the code's."""

from __future__ import annotations

import importlib.util
import inspect
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple, get_args

import pytest
import yaml
from tests.support import (
    INTERVIEW,
    ROOT,
    Plain,
    PlainChannels,
    builtin_engine,
    engine_of,
    invoke,
    rule,
    state,
    time,
)

from followup import Engine, InterviewState, errors, testing
from followup.cli.plugins import COMMANDS as PLUGIN_COMMANDS
from followup.plan import Status
from followup.testing import fixtures
from followup.testing.scenarios import run_tests

DOCS = ROOT / "docs"
FENCE = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """A fenced example: its language, the file that it is, its text; and the page's text before it."""

    language: str
    title: str
    text: str
    before: str


def blocks(page: Path) -> list[Block]:
    found, end = [], 0
    text = page.read_text("utf-8")
    for match in FENCE.finditer(text):
        found.append(Block(match[1], match[2] or "", match[3], text[end : match.start()]))
        end = match.end()
    return found


def write_files(page: Path, folder: Path) -> None:
    """The files that a page shows, each with its title as its name."""
    for block in blocks(page):
        if block.title:
            path = folder / block.title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, "utf-8")


# Examples that run


@pytest.mark.parametrize("page", [ROOT / "README.md", DOCS / "embed.md"], ids=lambda page: page.stem)
def test_python_runs_and_prints_what_the_page_says(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if "email" not in Engine.load().channels:
        pytest.skip("the email channel is not installed")
    monkeypatch.chdir(ROOT)
    names: dict[str, Any] = {}
    printed = ran = 0
    for block in blocks(page):
        if block.language == "python":
            exec(compile(block.text, str(page), "exec"), names)
            output = capsys.readouterr().out
            ran += 1
        elif block.language == "text" and ran and not block.before.strip():
            assert output == block.text
            printed += 1
    assert ran
    assert printed or page.stem == "README"


def test_the_readmes_rule_is_a_rule() -> None:
    [block] = [block for block in blocks(ROOT / "README.md") if block.language == "yaml"]
    plan = engine_of(yaml.load(block.text, yaml.BaseLoader)).plan(state(INTERVIEW), time("2026-09-22T11:00"))
    assert [followup.key for followup in plan.due] == ["inquiry:r1:dana"]


def test_the_readme_shows_a_part_of_the_demo() -> None:
    if "email" not in Engine.load().channels:
        pytest.skip("the email channel is not installed")
    [block] = [block for block in blocks(ROOT / "README.md") if block.language == "console"]
    command, _, shown = block.text.partition("\n")
    assert command == "$ followup demo"
    assert without_numbers(shown) in without_numbers(invoke("demo").stdout)


def test_the_guide_to_a_first_rule_shows_what_its_commands_print(tmp_path: Path) -> None:
    if "email" not in Engine.load().channels:
        pytest.skip("the email channel is not installed")
    page = DOCS / "write-a-rule.md"
    shown = page.read_text("utf-8")
    told = "run `python docs/console.py docs/write-a-rule.md`"
    assert without_numbers(console().play(shown, tmp_path)) == without_numbers(shown), told
    engine = builtin_engine(rules=[tmp_path / "slow-offices"], settings=tmp_path / "settings.yaml")
    assert "slow-offices" in engine.guards
    assert str(engine.rules["thank-scheduler"].wait) == "2 hours"
    assert "ask-contact" not in engine.rules
    assert engine.rules["thank-you"].prefer == "business hours"
    assert str(engine.rules["inquiry"].wait) == "10 days"


def test_the_page_on_looking_back_shows_what_its_commands_print(tmp_path: Path) -> None:
    if "email" not in Engine.load().channels:
        pytest.skip("the email channel is not installed")
    shown = (DOCS / "report.md").read_text("utf-8")
    told = "run `python docs/console.py docs/report.md`"
    assert console().play(shown, tmp_path) == shown, told
    made = (tmp_path / "initech.svg").read_text("utf-8")
    assert made == (DOCS / "pictures" / "timeline.svg").read_text("utf-8"), "put the page's initech.svg there"


def console() -> Any:
    """`docs/console.py`, which runs what a page shows."""
    spec = importlib.util.spec_from_file_location("console", DOCS / "console.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_numbers(page: str) -> str:
    """The text without what another built-in rule would change: lines of files, and how many there are."""
    page = re.sub(r"\.yaml:\d+", ".yaml:N", page)
    page = re.sub(r"\d+ (scenarios|rules|guards|silent rules)", r"N \1", page)
    return " ".join(page.split())


def test_the_tests_on_the_page_about_testing_pass(tmp_path: Path) -> None:
    page = DOCS / "testing.md"
    write_files(page, tmp_path)
    files = [block.title for block in blocks(page) if block.language == "yaml"]
    assert files == ["first.yaml", "stories.yaml", "findings.yaml"]
    for file in files:
        results = run_tests(builtin_engine(), tmp_path / file)
        assert results
        assert [str(failure) for result in results for failure in result.failures] == []


def test_rules_are_tested_under_pytest_as_the_page_says(tmp_path: Path) -> None:
    write_files(DOCS / "testing.md", tmp_path)
    write_files(DOCS / "write-a-rule.md", tmp_path)
    (tmp_path / "scheduler").rename(tmp_path / "my-rules")
    if "email" not in Engine.load().channels:
        pytest.skip("the email channel is not installed")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_rules.py"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    path = tmp_path / "my-rules" / "tests.yaml"
    path.write_text(path.read_text("utf-8").replace("status: due", "status: held"), "utf-8")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "status: wanted held, found due" in done.stdout


def test_the_language_of_the_messages_page_loads_and_speaks(tmp_path: Path) -> None:
    page = DOCS / "messages.md"
    write_files(page, tmp_path)
    folder = tmp_path / "languages" / "eo" / "after-interview"
    folder.mkdir()
    [message] = [block.text for block in blocks(page) if block.text.startswith("---\nsubject:")]
    (folder / "thank-you.md").write_text(
        message + "{% if parts %}{{ parts | join(' ') }}{% endif %}\n", "utf-8"
    )
    engine = Engine.load([tmp_path / "languages"], plugins=False, extra_plugins=[("plain", PlainChannels())])
    given = state(INTERVIEW, company={"name": "Initech", "timezone": "UTC", "language": "eo"})
    draft = engine.plan(given, time("2026-09-15T12:00"))["thank-you:r1:dana"].draft
    assert draft is not None
    assert draft.body.splitlines()[0] == "Estimata Dana Whitfield,"
    assert "mardo, la 15-a de septembro" in draft.body


AT_80 = {"COLUMNS": "80", "NO_COLOR": "1"}


def run_in(folder: Path, *command: str, source: Path | None = None) -> str:
    """What a Python program prints in a folder, with a folder of sources first on its path."""
    path = os.pathsep.join([str(source or folder), *filter(None, sys.path)])
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8",
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": path, "PYTHONUTF8": "1", "FOLLOWUP_CONFIG": str(folder), **AT_80},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


FOLLOWUP = ("-c", "from followup.cli import main; main()")


def test_the_channel_of_the_guide_begins_as_the_page_shows_and_passes_its_tests(tmp_path: Path) -> None:
    page = DOCS / "write-a-channel.md"
    shown = page.read_text("utf-8")
    written = run_in(tmp_path, *FOLLOWUP, "plugins", "new", "whatsapp", "--kind", "channel")
    # Only a followup that was installed from a checkout names it.
    checkout = re.compile(r"(?<=pip install )\S*/\S+ (?=-e '\.)")
    assert checkout.sub("", written) in checkout.sub("", shown)
    package = tmp_path / "followup-whatsapp"
    source = package / "src"
    metadata = source / "followup_whatsapp-0.1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: followup-whatsapp\nVersion: 0.1.0\n", "utf-8"
    )
    (metadata / "entry_points.txt").write_text("[followup]\nwhatsapp = followup_whatsapp\n", "utf-8")
    tests = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
    passed = [run_in(package, *tests, source=source)]
    write_files(page, tmp_path)
    for name in ("test_followup_whatsapp.py", "test_outbox.py"):
        passed.append(run_in(package, *tests, f"tests/{name}", source=source))
    count = re.compile(r"(\d+) passed")
    assert [count.findall(each)[0] for each in passed] == count.findall(shown)
    checked = run_in(package, *FOLLOWUP, "plugins", "check", "whatsapp", source=source)
    printed = re.sub(r"loads in .*", "loads in 4 ms", checked)
    assert printed in shown
    [(command, plan)] = re.findall(r"\$ .venv/bin/followup (--settings .*?)\n(.*?)\nAlso", shown, re.DOTALL)
    real = run_in(tmp_path, *FOLLOWUP, *command.split(), source=source).partition("\nAlso")[0]
    assert without_numbers(real) == without_numbers(plan)


def test_the_channel_of_the_guide_carries_an_inquiry(tmp_path: Path) -> None:
    page = DOCS / "write-a-channel.md"
    write_files(page, tmp_path)
    source = tmp_path / "followup-whatsapp" / "src" / "followup_whatsapp" / "__init__.py"
    spec = importlib.util.spec_from_file_location("followup_whatsapp", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    engine = Engine.load(
        plugins=False, extra_plugins=[("whatsapp", module)], settings=tmp_path / "settings.yaml"
    )
    given = InterviewState.from_yaml(tmp_path / "vantix.yaml")
    inquiry = engine.plan(given, time("2026-09-23T09:30-03:00"))["inquiry:r1:bia"]
    assert (inquiry.status, inquiry.channel) == ("due", "whatsapp")
    assert inquiry.draft is not None
    shown = [line.partition("│")[2] for line in page.read_text("utf-8").splitlines() if "   │" in line]
    assert " ".join(inquiry.draft.body.split()) == " ".join(" ".join(shown).split())


def test_the_kit_on_the_page_about_plugins_is_the_codes() -> None:
    page = (DOCS / "plugins.md").read_text("utf-8")
    named = set(re.findall(r"^\| `(\w+Conformance)` \|", page, re.MULTILINE))
    assert named == {name for name in testing.__all__ if name.endswith("Conformance")}
    shown = set(re.findall(r"^\| `(\w+)(?:\(.*?\))?` \|", page.partition("### The kit")[2], re.MULTILINE))
    assert {name for name in fixtures.__all__ if name.islower()} <= shown


@pytest.mark.parametrize("command", sorted(PLUGIN_COMMANDS))
def test_every_command_about_plugins_is_documented(command: str) -> None:
    assert f"`plugins {command}" in (DOCS / "command-line.md").read_text("utf-8")


# Commands


def test_the_readmes_second_command_is_the_one_that_checks_run() -> None:
    second = [block.text.strip() for block in blocks(ROOT / "README.md") if block.language == "sh"][1]
    assert second == (ROOT / ".ci" / "run").read_text("utf-8").strip().splitlines()[-1]


def test_links_between_pages_lead_somewhere() -> None:
    for page in (ROOT / "README.md", *sorted(DOCS.glob("*.md"))):
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


# Names


def words_of(*pages: str) -> str:
    return "\n".join((DOCS / page).read_text("utf-8") for page in pages)


@pytest.mark.parametrize("status", get_args(Status))
def test_every_status_is_explained(status: str) -> None:
    assert re.search(rf"^\| `{status}` \| .+", words_of("semantics.md"), re.MULTILINE)


def test_every_event_type_is_documented() -> None:
    page = words_of("semantics.md", "rules-reference.md")
    names = builtin_engine().vocabulary.event_names
    assert [name for name in names if f"`{name}`" not in page] == []


def test_every_stage_is_explained() -> None:
    stages = builtin_engine().vocabulary.facts["stage"].type.values
    assert [stage for stage in stages if f"`{stage}`" not in words_of("semantics.md")] == []


def test_every_exempt_intent_stands_in_the_semantics() -> None:
    text = re.search(r"Everything asks but ([^.]+)\.", words_of("semantics.md"))
    assert text is not None
    exempt = set(re.split(r", | and ", text[1]))
    engine = builtin_engine()
    asked = {
        intent
        for intent in engine.vocabulary.intents.keys() - {"task"}
        if status_after_three(intent) == "held"
    }
    assert asked == engine.vocabulary.intents.keys() - exempt


def status_after_three(intent: str) -> str:
    """The status of a follow-up of this intent when three requests stand unanswered."""
    asked: list[Plain] = [
        {"type": "sent", "at": f"2026-09-{day}T12:00Z", "to": "lee", "intent": "asking"}
        for day in (16, 18, 20)
    ]
    plan = engine_of({"ask": rule(intent=intent)}).plan(state(INTERVIEW, *asked), time("2026-10-20T12:00"))
    return plan["ask:r1:dana"].status


def test_the_tree_of_errors_is_the_codes() -> None:
    [tree] = [block.text for block in blocks(DOCS / "embed.md") if "├──" in block.text]
    shown = set(re.findall(r"\b\w+Error\b", tree))
    made = {
        name for name, kind in vars(errors).items() if inspect.isclass(kind) and issubclass(kind, Exception)
    }
    assert shown == made
