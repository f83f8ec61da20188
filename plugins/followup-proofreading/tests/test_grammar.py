"""The review `grammar`: what it tells of English drafts, and what it leaves alone."""

from __future__ import annotations

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest

import followup_proofreading
from followup import Draft, Engine, Finding, InterviewState

ROOT = Path(__file__).parents[3]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix in (".yaml", ".json"))
STATE = InterviewState.from_dict(
    {
        "candidate": {"name": "Ana Souza", "strengths": ["kept kubelets alive"]},
        "company": {"name": "Initech"},
        "position": {"title": "Data Engineer"},
        "people": {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}},
        "events": [
            {"type": "interview", "id": "r1", "at": "2026-09-15T10:00Z", "with": ["dana"],
             "topics": {"dana": ["zorbing at offsites"]}},
        ],
    }
)  # fmt: skip


@cache
def engine() -> Engine:
    return Engine.load()


def found(body: str, subject: str = "Thank you", language: str = "en") -> list[Finding]:
    draft = Draft(subject, body, language=language)
    findings = engine().review(draft, STATE, intent="thanks", channel="email", to="dana", language=language)
    return [finding for finding in findings if finding.review == "grammar"]


@pytest.mark.parametrize(
    ("body", "where", "suggestion"),
    [
        ("I liked the intresting talk.", "body:1:13", "write `interesting`"),
        ("Thank you.\nIt took a hour.", "body:2:9", "write `an`"),
        ("It is better then most.", "body:1:14", "write `than`"),
        ("They was very kind.", "body:1:6", "write `were`"),
        ("She have told me.", "body:1:5", "write `has`"),
    ],
)
def test_a_fault_is_told_with_its_place_and_what_to_write(body: str, where: str, suggestion: str) -> None:
    [finding] = found(body)
    assert (finding.severity, finding.where, finding.suggestion) == ("warning", where, suggestion)


def test_a_subject_is_read_for_its_spelling_alone() -> None:
    [finding] = found("Thank you.", subject="Thank you for the intervieww")
    assert (finding.where, finding.suggestion) == ("subject", "write `interview`")


@pytest.mark.parametrize(
    "body",
    [
        "The kubelets and the zorbing were new to me.",
        "Thank you, Mr Okonjo, for the tour of Zyxtel.",
        "We moved the ETL jobs to EKS.",
        "I was travelling; it was an honour to meet the whole organisation.",
        "I was traveling; it was an honor to meet the whole organization.",
        "Write to ana@souzza.example or see https://souzza.example/zdtt.",
    ],
    ids=["words of the case", "names", "abbreviations", "British", "American", "addresses"],
)
def test_what_is_no_fault_is_left_alone(body: str) -> None:
    assert found(body) == []


def test_a_draft_in_another_language_is_not_read() -> None:
    assert found("Vielen Dank für das Gespräch über die Anbindung der Windparks.", language="de") == []


def test_what_the_core_tells_already_is_told_once() -> None:
    findings = engine().review(
        Draft("Thank you", "I did recieve it."), STATE, intent="thanks", channel="email", to="dana"
    )
    assert [f.review for f in findings if "recieve" in f.text] == ["proofread"]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_drafts_of_the_examples_have_no_findings(path: Path) -> None:
    given = InterviewState.from_yaml(path)
    last = max(event.at for event in given.events)
    for days in (0, 1, 3, 8, 15, 30):
        for followup in engine().plan(given, last + timedelta(days=days)).followups:
            assert [f for f in followup.findings if f.review == "grammar"] == [], followup.key


def test_threads_may_read_at_once() -> None:
    bodies = [f"It is number {number} and better then most." for number in range(40)]
    with ThreadPoolExecutor(8) as pool:
        assert [len(findings) for findings in pool.map(found, bodies)] == [1] * len(bodies)


def test_nothing_loads_until_a_draft_is_read() -> None:
    code = (
        "import sys; from datetime import datetime, UTC; from followup import Engine, InterviewState;"
        f"state = InterviewState.from_yaml({str(EXAMPLES[0])!r});"
        "Engine.load().plan(state, datetime(2026, 11, 27, tzinfo=UTC), drafts=False);"
        "assert 'harper' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_linter_prints_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    found("I am looking forward to hear from you, and forward to meet you.\n" * 2)
    assert capfd.readouterr() == ("", "")


def test_the_readme_shows_what_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    page = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
    code, output = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", page, re.DOTALL).groups()  # type: ignore[union-attr]
    exec(compile(code, "README.md", "exec"), {})
    assert capsys.readouterr().out == output


def test_the_plugin_adds_one_review() -> None:
    [review] = followup_proofreading.followup_reviews()
    assert (review.name, review.advice) == ("grammar", ("email.proofread",))
