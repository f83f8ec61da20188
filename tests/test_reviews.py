"""Reviews: planted faults are found, each with its place and what to do; clean drafts are left alone."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import EXAMPLES, INTERVIEW, builtin_engine, state, time

from followup import Draft, Engine, Finding, InterviewState, UsageError

SUBJECT = "Thank you: Data Engineer interview"
BODY = """Dear Dana Whitfield,

Thank you for the conversation on Tuesday. I enjoyed hearing how your team moves its warehouse.

Kind regards,
Ana Souza
ana@souza.example
"""


@cache
def engine() -> Engine:
    return builtin_engine()


def reviewed(body: str = BODY, subject: str = SUBJECT, intent: str = "thanks") -> tuple[Finding, ...]:
    return engine().review(Draft(subject, body), state(INTERVIEW), intent=intent, channel="email")


def test_a_good_draft_has_no_findings() -> None:
    assert reviewed() == ()


@pytest.mark.parametrize(
    ("old", "new", "review", "where", "suggestion"),
    [
        ("Thank you for", "Thankyou recieve for", "proofread", "body:3:10", "receive"),
        ("the conversation", "the the conversation", "proofread", "body:3:15", "leave one out"),
        ("on Tuesday.", "on [your day].", "proofread", "body:3:35", "fill it in"),
        ("on Tuesday.", "on {{ day }}.", "proofread", "body:3:35", "fill it in"),
        ("on Tuesday.", "on TODO.", "proofread", "body:3:35", "fill it in"),
        ("Tuesday. I", "Tuesday. i", "proofread", "body:3:44", "write `I`"),
        ("Tuesday.", "Tuesday .", "proofread", "body:3:42", "remove it"),
        ("your team moves", "Initeck moves", "proofread", "body:3:66", "Initech"),
        ("Ana Souza", "Ana Souzza", "proofread", "body:6:5", "Souza"),
        ("Dear Dana Whitfield,", "Dear ,", "formal", "body:1:1", "Dear"),
        ("Dear Dana Whitfield,\n\n", "", "formal", "body:1:1", "begin with"),
        ("Kind regards,\n", "", "formal", "body", "Kind regards"),
        ("ana@souza.example\n", "", "contact-details", "body", "ana@souza.example"),
        ("Kind regards,", "word " * 200 + "\n\nKind regards,", "concise", "body", "leave out"),
        ("Kind regards,", "More.\n\n" * 6 + "Kind regards,", "concise", "body", "join"),
    ],
    ids=lambda value: " ".join(value.split())[:30],
)
def test_a_planted_fault_is_found_in_its_place(
    old: str, new: str, review: str, where: str, suggestion: str
) -> None:
    assert BODY.count(old) == 1
    found = [f for f in reviewed(BODY.replace(old, new)) if f.review == review and f.where == where]
    assert found, reviewed(BODY.replace(old, new))
    assert any(suggestion in finding.suggestion for finding in found)


@pytest.mark.parametrize(
    ("subject", "severity"), [("", "error"), ("   ", "error"), ("Hi", "warning"), ("Follow up!", "warning")]
)
def test_a_subject_that_says_nothing_is_found(subject: str, severity: str) -> None:
    [finding] = [f for f in reviewed(subject=subject) if f.where == "subject"]
    assert (finding.review, finding.severity) == ("subject", severity)
    assert "Data Engineer" in finding.suggestion


def test_words_that_may_stand_twice_are_left_alone() -> None:
    assert reviewed(BODY.replace("I enjoyed", "I had had doubts that that work paid, and enjoyed")) == ()


def test_an_unknown_channel_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="email"):
        engine().review(Draft(SUBJECT, BODY), state(INTERVIEW), intent="thanks", channel="emial")


@given(st.text(max_size=300), st.text(max_size=60))
def test_any_text_can_be_reviewed(body: str, subject: str) -> None:
    lines = body.split("\n")
    for finding in reviewed(body, subject):
        assert finding.text
        assert finding.suggestion
        kind, *numbers = finding.where.split(":")
        assert kind in ("subject", "body")
        if numbers:
            line, column = map(int, numbers)
            assert 1 <= column <= len(lines[line - 1]) + 1


@pytest.mark.parametrize("channels", ["plain", "installed"])
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_drafts_of_the_examples_have_no_findings(path: Path, channels: str) -> None:
    given = InterviewState.from_yaml(path)
    last = max(event.at for event in given.events)
    for days in (0, 1, 3, 8, 15, 30):
        plan = installed(channels).plan(given, last + timedelta(days=days))
        for followup in plan.followups:
            if followup.draft is not None:
                assert followup.findings == (), followup.key


@cache
def installed(channels: str) -> Engine:
    return builtin_engine() if channels == "plain" else Engine.load()


def test_a_plan_shows_what_its_reviews_found() -> None:
    people = {"dana": {"name": "DANA WHITFIELD", "email": "d@initech.example"}, "lee": {}}
    plan = engine().plan(state(INTERVIEW, people=people), time("2026-09-15T12:00"))
    [finding] = plan["thank-you:r1:dana"].findings
    assert (finding.review, finding.where) == ("formal", "body:1:1")
    assert "DANA WHITFIELD" in finding.text
