"""`set`: what was found out is put in, and what was wrong is put right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support import example_day, invoke, kept_options

NOW = ("--now", "2026-11-20T19:00-06:00")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    assert invoke("add", "-", text=example_day()).exit_code == 0
    return tmp_path / "home"


def state() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(invoke("show", "initech", *NOW, "--format", "json").stdout)["state"]
    return found


def test_what_is_set_is_told_with_what_it_was_and_how_to_undo_it() -> None:
    done = invoke("set", "initech", "company.culture=relaxed", "dana.email=whitfield@initech.example")
    assert done.exit_code == 0, done.stderr
    assert "initech: company.culture: relaxed\n" in done.stdout
    assert "people.dana.email: whitfield@initech.example (was dana@initech.example)" in done.stdout
    assert "To undo: followup undo" in done.stdout
    assert state()["company"]["culture"] == "relaxed"
    assert "changed company.culture, people.dana.email" in invoke("undo").stdout
    assert "culture" not in state()["company"]


def test_an_answered_question_is_asked_no_more() -> None:
    def asked() -> list[str]:
        later = ("--now", "2026-11-28T10:00-06:00")
        [found] = json.loads(invoke("today", *later, "--format", "json").stdout)
        return [question["fact"] for question in found["questions"]]

    invoke("set", "initech", "dana.phone=+1 312 555 0100")
    before = asked()
    for fact in before:
        if fact.endswith("culture"):
            invoke("set", "initech", f"{fact}=relaxed")
    assert [fact for fact in asked() if fact.endswith("culture")] == []


def test_a_person_may_be_added_and_one_who_is_known_is_the_same() -> None:
    lee = "Lee Okafor, interviewer, lee@initech.example"
    assert (
        invoke("set", "initech", "--person", lee, "--person", "Dana Whitfield, +1 312 555 0100").exit_code
        == 0
    )
    people = state()["people"]
    assert people["lee"] == {"name": "Lee Okafor", "role": "interviewer", "email": "lee@initech.example"}
    assert people["dana"]["phone"] == "+1 312 555 0100"
    assert people["dana"]["email"] == "dana@initech.example"


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("instructions.no_contact=true", True),
        ("instructions.channels=email, phone", ["email", "phone"]),
        ("instructions.channels=[email]", ["email"]),
        ("dana.phone=+13125550100", "+13125550100"),
        ("dana.role=", None),
    ],
)
def test_a_value_is_read_as_the_fact_wants_it(fact: str, value: Any) -> None:
    done = invoke("set", "initech", fact)
    assert done.exit_code == 0, done.stderr
    path = fact.partition("=")[0]
    found: Any = state() if path.startswith("instructions") else state()["people"]
    for name in path.split("."):
        found = found.get(name)
    assert found == value


@pytest.mark.parametrize(
    ("fact", "told"),
    [
        ("company.culture", "is not FACT=VALUE"),
        ("company.culture=relaxd", "did you mean `relaxed`?"),
        ("compny.culture=relaxed", "did you mean `company`?"),
        ("dana.emil=x", "did you mean `email`?"),
        ("decision_date=2026-12-01", "promise by Friday"),
        ("people.dana=", "no person has the id `dana`"),
        ("company.culture=", "nothing is changed"),
    ],
)
def test_what_cannot_be_set_is_told_and_changes_nothing(fact: str, told: str) -> None:
    before = state()
    done = invoke("set", "initech", fact)
    assert told in done.stderr + done.stdout
    assert state() == before


def test_what_was_set_of_an_erased_person_is_nowhere_and_known_again(home: Path) -> None:
    invoke("set", "initech", "dana.email=whitfield@home.example", "dana.phone=+1 312 555 0100")
    invoke("erase", "initech", "dana", "--yes")
    assert all(b"whitfield" not in path.read_bytes().lower() for path in home.iterdir())
    for again in ("Dee, WHITFIELD@home.example", "Dan, dana@initech.example"):
        assert "was erased before" in invoke("set", "initech", "--person", again).stdout


def test_a_new_address_makes_words_of_ones_own_stale() -> None:
    if "email" not in kept_options().engine().channels:
        pytest.skip("no email channel")
    text = "Dear Dana Whitfield,\n\nthank you for your time.\n\nKind regards\nAna Souza\n"
    invoke("edit", "initech", "thank-you", "--file", "-", *NOW, text=text)
    done = invoke("set", "initech", "dana.email=whitfield@initech.example", *NOW)
    assert "Thank each interviewer → Dana Whitfield by email: due ⇒ blocked" in done.stdout
    [found] = json.loads(invoke("today", *NOW, "--format", "json").stdout)
    [blocked] = found["blocked"]
    assert not blocked["draft"]["edited"]
    told = invoke("today", *NOW).stdout
    assert "the address was `dana@initech.example`" in told.replace("\n   ", " ")
    assert "followup edit initech thank-you:r1:dana" in told
