"""Tests of rules as data: stories of several moments, findings of reviews, and what a failure tells."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.support import INTERVIEW, PEOPLE, ROOT, PlainChannels

from followup import Engine
from followup.errors import RuleError
from followup.testing.scenarios import TestResult, run_tests

STATE = {
    "candidate": {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "UTC"},
    "company": {"name": "Initech", "timezone": "UTC"},
    "position": {"title": "Data Engineer"},
    "people": PEOPLE,
    "events": [INTERVIEW],
}
AFTERWARDS = "2026-09-15T15:00"
DEAR_DANA = (
    "Dear Dana Whitfield,\n\nThank you for your time.\n\nKind regards,\nAna Souza\nana@souza.example\n"
)


@cache
def two_scenarios() -> Engine:
    """The two scenarios that these tests speak of, over channels that need no plugin."""
    folders = [ROOT / "rules" / name for name in ("after-interview", "silence")]
    return Engine.load(folders, builtin=False, plugins=False, extra_plugins=[("plain", PlainChannels())])


@pytest.fixture
def run(tmp_path: Path) -> Any:
    """Runs one test, given as plain data."""

    def run(**test: Any) -> TestResult:
        path = tmp_path / "tests.json"
        path.write_text(
            json.dumps({"format": 1, "state": STATE, "tests": [{"name": "it", "now": AFTERWARDS, **test}]}),
            "utf-8",
        )
        [result] = run_tests(two_scenarios(), path)
        return result

    return run


def thanked(to: str) -> dict[str, Any]:
    return {"type": "sent", "to": to, "intent": "thanks", "channel": "email", "key": f"thank-you:r1:{to}"}


def due(key: str) -> dict[str, str]:
    return {"key": key, "status": "due"}


# Stories


def test_a_story_keeps_its_events_from_moment_to_moment(run: Any) -> None:
    result = run(
        expect=[due("thank-you:r1:dana"), due("thank-you:r1:lee")],
        then=[
            {"at": "in 10 minutes", "events": [thanked("dana")], "expect": [due("thank-you:r1:lee")]},
            {"at": "in 1 minute", "events": [thanked("lee")]},
            {"at": "2026-09-22T15:30", "expect": [{"rule": "inquiry", "status": "due"}]},
            {"at": "in 1 day", "events": [{"type": "reply", "from": "dana"}], "absent": "inquiry"},
        ],
    )
    assert [str(failure) for failure in result.failures] == []
    assert result.rules == ("inquiry", "thank-you")


def test_a_moment_that_expects_nothing_asserts_that_nothing_is_due(run: Any) -> None:
    result = run(expect=[due("thank-you:r1:dana")], then=[{"at": "in 1 hour"}])
    assert [failure.followup for failure in result.failures] == ["thank-you:r1:dana", "thank-you:r1:lee"]
    assert {failure.now.isoformat() for failure in result.failures} == {"2026-09-15T16:00:00+00:00"}


def test_a_later_moment_may_replace_what_is_known(run: Any) -> None:
    instructions = {"instructions": {"no_contact": True}}
    result = run(
        expect=[due("thank-you:r1:dana")], then=[{"at": "in 1 minute", "state": instructions, "silent": True}]
    )
    assert result.passed


def test_a_failure_names_the_line_of_the_moment_that_it_belongs_to(tmp_path: Path) -> None:
    path = tmp_path / "tests.yaml"
    path.write_text(
        f"format: 1\nstate: {json.dumps(STATE)}\ntests:\n  - name: it\n    now: {AFTERWARDS}\n"
        "    absent: final\n    then:\n      - at: in 8 days\n        expect:\n"
        "          - {rule: inquiry, status: held}\n",
        "utf-8",
    )
    [result] = run_tests(two_scenarios(), path)
    [failure] = result.failures
    assert failure.at == f"{path}:10"


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ({"at": "2026-09-15T14:59"}, "this moment is before the one above it; put them in order of time"),
        ({"at": "in five dyas"}, "is not a duration; did you mean `5 days`?"),
        ({"at": "later"}, "`later` is not a time"),
        ({"at": "in 1 day", "events": [{"type": "reply", "from": "dan"}]}, "no person has the id `dan`"),
        ({"at": "in 1 day", "absent": "inqiry"}, "did you mean `inquiry`?"),
        ({"when": "in 1 day"}, "unknown key `when`"),
    ],
)
def test_a_moment_that_cannot_be_used_is_an_error_at_its_place(
    run: Any, step: dict[str, Any], told: str
) -> None:
    with pytest.raises(RuleError) as caught:
        run(absent="inquiry", then=[step])
    assert told in str(caught.value)
    assert "tests.json:1:" in str(caught.value)


# Findings


def read(body: str, **more: Any) -> dict[str, Any]:
    return {
        "to": "dana",
        "intent": "thanks",
        "channel": "email",
        "subject": "Thank you: Data Engineer",
        "body": body,
        **more,
    }


@pytest.mark.parametrize(
    "finds",
    [
        ["proofread"],
        [{"review": "proofread", "text": "stands twice"}],
        [{"where": "body:3"}],
        [{"where": "body", "severity": "warning", "suggestion": "leave one out"}],
    ],
)
def test_a_text_with_a_slip_is_found_by_what_is_given_of_the_finding(run: Any, finds: list[Any]) -> None:
    assert run(review=read(DEAR_DANA.replace("your time", "your your time")), finds=finds).passed


@pytest.mark.parametrize(
    "finds",
    [
        ["concise"],
        [{"review": "proofread", "text": "misspelt"}],
        [{"where": "body:1"}],
        [{"where": "subject"}],
        [{"severity": "error"}],
        [],
    ],
)
def test_another_finding_than_the_one_expected_fails_and_shows_what_was_found(
    run: Any, finds: list[Any]
) -> None:
    result = run(review=read(DEAR_DANA.replace("your time", "your your time")), finds=finds)
    [failure] = result.failures
    assert "proofread (warning, body:3:15: `your` stands twice)" in failure.differences[0].found


def test_a_text_of_which_nothing_is_expected_must_be_clean(run: Any) -> None:
    assert not run(review=read("{{ greeting }}")).passed


def test_the_draft_of_a_follow_up_may_be_expected_to_be_clean(run: Any) -> None:
    lonely = {"candidate": {"name": "Ana Souza", "timezone": "UTC"}}
    expected = {"key": "thank-you:r1:dana", "finds": ["contact-details"]}
    assert run(state=lonely, expect=[expected]).passed
    assert not run(expect=[expected]).passed


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ({"finds": ["proofread"], "silent": True}, "`finds` is said of no text; add `review:`"),
        (
            {"review": read("Hi"), "finds": ["proofred"]},
            "did you mean `proofread`?",
        ),
        ({"review": read("Hi", to="dan")}, "the test's state has no person `dan`"),
        ({"review": read("Hi", intent="thnks")}, "did you mean `thanks`?"),
        ({"review": read("Hi", channel="emial")}, "did you mean `email`?"),
        ({"review": read("Hi", key="inqiry:r1:dana")}, "did you mean `inquiry`?"),
        ({"expect": [{"rule": "inquiry", "finds": [{"reviw": "x"}]}]}, "did you mean `review`?"),
        ({"expect": [{"key": "inquiry:dana"}]}, "`inquiry:dana` is no key of a follow-up"),
        ({"expect": [{"key": "inquiry:r1:dan"}]}, "did you mean `dana`?"),
    ],
)
def test_a_name_that_there_is_not_is_an_error_with_the_nearest(
    run: Any, test: dict[str, Any], told: str
) -> None:
    with pytest.raises(RuleError) as caught:
        run(**test)
    assert told in str(caught.value)


def test_a_channel_that_is_to_read_a_text_has_to_be_installed(tmp_path: Path) -> None:
    test = {"name": "it", "now": AFTERWARDS, "review": read("Hi"), "finds": []}
    path = tmp_path / "tests.json"
    path.write_text(json.dumps({"format": 1, "state": STATE, "tests": [test]}), "utf-8")
    with pytest.raises(RuleError, match="the channel `email` is not installed; install followup-email"):
        run_tests(Engine.load(plugins=False), path)


# What a failure tells


def test_a_status_that_differs_is_shown_with_what_could_be_expected_instead(run: Any) -> None:
    [failure] = run(expect=[{"key": "thank-you:r1:dana", "status": "held"}]).failures
    [difference] = failure.differences
    assert (difference.wanted, difference.found) == ("held", "due")
    assert difference.hint == "did you mean `status: due, closes: 2026-09-16T11:00:00+00:00`?"
    assert any("after the interview" in reason.text for reason in failure.reasons)


def test_a_time_that_differs_says_by_how_much(run: Any) -> None:
    expected = {"key": "thank-you:r1:dana", "closes": "2026-09-16T10:30"}
    [failure] = run(expect=[expected, {**expected, "closes": "2026-09-18"}]).failures[:1]
    assert failure.differences[0].hint == "30 minutes later"


def test_words_are_compared_at_the_nearest_place_of_the_draft(run: Any) -> None:
    expected = {"key": "thank-you:r1:dana", "says": "Thank you a lot for your time", "omits": "Kind regards"}
    [failure] = run(expect=[expected]).failures
    said, omitted = failure.differences
    assert "a lot" in [word.text for word in said.words if word.side == "wanted"]
    assert "for your time" in " ".join(word.text for word in said.words if word.side == "both")
    assert [word.text for word in omitted.words if word.side == "found"] == ["Kind regards,"]
    assert failure.reasons == ()


def test_a_rule_that_is_silent_says_why(run: Any) -> None:
    [failure] = run(expect=[{"rule": "broken-promise"}]).failures
    assert failure.text == "wanted a follow-up, found none; the rule is silent"
    assert "it waits for promise" in failure.reasons[0].text


def test_a_key_that_is_not_there_shows_those_that_are(run: Any) -> None:
    [failure] = run(expect=[{"key": "thank-you:r1:hr"}]).failures
    assert failure.others == ("thank-you:r1:dana, due", "thank-you:r1:lee, due")
