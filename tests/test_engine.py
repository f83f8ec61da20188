"""Loading an engine, and what it asks when it does not know enough."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import INTERVIEW, PEOPLE, ROOT, Plain, engine_of, fact, plan_of, rule, state, time

from followup import Engine
from followup.errors import UsageError

NOW = "2026-09-15T12:00"
SCENARIO = "format: 1\nscenario: mine\nrules: {}\n"


def test_a_folder_that_is_named_twice_is_loaded_once(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(SCENARIO, "utf-8")
    engine = Engine.load([tmp_path, tmp_path / "."], builtin=False, plugins=False)
    assert list(engine.scenarios) == ["mine"]


def test_one_folder_may_be_given_without_a_list(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text(SCENARIO, "utf-8")
    for folder in (tmp_path, str(tmp_path)):
        assert list(Engine.load(folder, builtin=False, plugins=False).scenarios) == ["mine"]


def test_a_folder_without_a_scenario_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no scenario"):
        Engine.load([tmp_path], builtin=False, plugins=False)


def test_a_state_is_read_with_the_words_of_the_engine() -> None:
    engine = Engine.load(plugins=False)
    path = ROOT / "examples" / "chicago-panel.yaml"
    assert engine.read(path) == engine.read(engine.read(path).to_dict())


def asked(when: Plain) -> set[str]:
    plan = plan_of({"ask": rule(when=when)}, state(INTERVIEW), NOW)
    return {question.fact for question in plan.questions}


def test_an_unknown_fact_on_the_right_side_is_asked_for_too() -> None:
    assert asked({"candidate.linkedin": {"is": "company.region"}}) == {"candidate.linkedin", "company.region"}


def test_what_is_decided_already_is_not_asked() -> None:
    assert asked({"people": {"some": {"role": "hiring manager", "rapport": "friendly"}}}) != set()
    assert asked({"people": {"some": {"role": "hiring manager"}}}) == set()


def test_who_leads_and_who_is_written_to_as_hiring_manager_is_one_person() -> None:
    people = {
        **PEOPLE,
        "lee": {**PEOPLE["lee"], "role": "Hiring  Manager"},
        "dana": {"name": "Dana", "role": "vp"},
    }
    interview = {**INTERVIEW, "questions": ["what is next"]}
    given = state(interview, people=people)
    plan = plan_of({"ask": rule(to="lead")}, given, "2026-09-15T12:00")
    assert [followup.to.id for followup in plan.followups if followup.to] == ["lee"]
    assert fact("rounds", given, "2026-09-15T12:00") == "1"


def silent(**keys: object) -> str:
    plan = plan_of(
        {"ask": rule(**keys)}, state(INTERVIEW, company={"name": "Initech", "culture": "formal"}), NOW
    )
    [rule_] = plan.silent
    return rule_.reasons[0].text


def test_a_silent_rule_says_whether_condition_channel_or_window_is_the_reason() -> None:
    assert silent(when={"stage": "offer"}) == "it asks for: stage is offer"
    assert "no channel suits: email where" in silent(via=[{"email": {"company.culture": "relaxed"}}])
    assert "never meet" in silent(wait="1 week", within="2 days")


@pytest.mark.parametrize("rules", [1, 400])
@pytest.mark.parametrize("quantifier", ["some", "none", "every"])
def test_of_an_interview_that_was_not_told_any_concern_is_possible(rules: int, quantifier: str) -> None:
    when = {"last.interview.concerns": {quantifier: {"gap": "true"}}}
    asks = {f"ask{number}": rule(after="reply", to="anchor", when=when) for number in range(rules)}
    given = state({"type": "reply", "at": "2026-09-14T12:00Z", "from": "dana"})
    assert engine_of(asks).match(given, time(NOW)) == tuple(sorted(asks))
