"""Explanations: why, why not, when it would, and what would change it."""

from __future__ import annotations

import pytest
from tests.support import INTERVIEW, Plain, builtin_engine, checked, engine_of, rule, sent, state, time

from followup import Engine, UsageError
from followup.explaining import CandidateExplanation, Explanation

NOW = "2026-09-18T12:00"
WHEN: Plain = {
    "all": [{"silence": {"at_least": "1 week"}}, {"any": [{"company.culture": "relaxed"}, {"rounds": 1}]}]
}
GUARDS: Plain = {
    "patience": {"hold": {"until": "instructions.wait_until"}, "because": "they asked for time"},
    "quiet": {"hold": {"outside": "business hours"}},
}


def explained(engine: Engine, **changes: object) -> Explanation:
    [found] = engine.explain(state(INTERVIEW, **changes), time(NOW), "ask")
    return found


def only(explanation: Explanation) -> CandidateExplanation:
    [found] = explanation.candidates
    return found


def test_it_shows_the_condition_as_a_tree_with_wanted_and_actual() -> None:
    condition = only(explained(engine_of({"ask": rule(when=WHEN)}))).condition
    assert condition is not None
    silence, either = condition.children
    culture, rounds = either.children
    assert (condition.kind, condition.result) == ("all", "false")
    assert (silence.kind, silence.result, silence.wanted) == ("test", "false", "at_least 1 week")
    assert silence.actual == "since Tuesday, 15 September 2026, 11:00"
    assert (either.kind, either.result) == ("any", "true")
    assert (culture.result, culture.actual) == ("unknown", "not known")
    assert (rounds.result, rounds.wanted, rounds.actual) == ("true", "is 1", "1")


def test_it_says_when_time_alone_will_change_the_answer() -> None:
    condition = only(explained(engine_of({"ask": rule(when=WHEN)}))).condition
    assert condition is not None
    assert condition.changes == condition.children[0].changes == time("2026-09-22T11:00")


def test_it_names_the_place_in_the_file() -> None:
    found = explained(engine_of({"ask": rule(when=WHEN)}))
    condition = only(found).condition
    assert condition is not None
    for place in (found.at, condition.children[0].at):
        file, _, line = place.rpartition(":")
        assert file.endswith("scenario.yaml")
        assert int(line) > 1


def test_it_shows_every_guard_that_speaks_and_until_when() -> None:
    found = only(explained(engine_of({"ask": rule()}, GUARDS), instructions={"wait_until": "2026-09-21"}))
    guards = {guard.name: guard for guard in found.guards}
    assert (guards["patience"].holds, guards["patience"].lifts) == (True, time("2026-09-21T00:00"))
    assert guards["patience"].text == "they asked for time"
    assert guards["quiet"].holds is False
    assert (found.status, found.lifts) == ("held", time("2026-09-21T09:00"))


def test_it_shows_the_gate_beside_the_guards() -> None:
    given = state(INTERVIEW, sent("2026-09-18T11:00Z", intent="thanks"))
    [found] = engine_of({"ask": rule()}).explain(given, time(NOW), "ask")
    [gate] = only(found).guards
    assert (gate.name, gate.holds, gate.lifts) == ("one-a-day", True, time("2026-09-19T11:00"))


def test_a_candidate_whose_condition_fails_is_explained_too() -> None:
    found = only(explained(engine_of({"ask": rule(when={"rounds": 3})})))
    assert found.status == "silent"
    assert found.condition is not None
    assert found.condition.result == "false"


def test_a_rule_that_awaits_an_event_says_so() -> None:
    found = explained(engine_of({"ask": rule(after="offer", to="contact")}))
    assert found.candidates == ()
    assert "offer" in found.silent[0].text


def test_it_lists_the_questions_worth_asking() -> None:
    found = explained(engine_of({"ask": rule(when={"company.culture": "relaxed"})}))
    assert [question.fact for question in found.questions] == ["company.culture"]


def test_it_cites_the_advice_behind_the_rule() -> None:
    found = builtin_engine().explain(state(INTERVIEW), time(NOW), "inquiry")[0]
    assert "timing.inquiry-1w" in [reason.name for reason in found.advice]


def test_it_agrees_with_the_plan() -> None:
    engine, given = builtin_engine(), state(INTERVIEW)
    plan = engine.plan(given, time(NOW))
    explanations = engine.explain(given, time(NOW))
    assert {e.rule for e in explanations} == set(engine.rules)
    shown = {
        c.key: (c.status, c.at, c.lifts) for e in explanations for c in e.candidates if c.status != "silent"
    }
    assert shown == {f.key: (f.status, f.at, f.lifts) for f in plan.followups}


def test_an_unknown_rule_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="inquiry"):
        builtin_engine().explain(state(INTERVIEW), time(NOW), "inquirry")


def test_a_record_is_shown_by_what_it_is_called() -> None:
    candidate = {"name": "Ana", "library": [{"title": "My portfolio", "tags": ["portfolio"]}]}
    given = state(INTERVIEW, candidate=candidate)
    asked = {"candidate.library": {"some": {"tags": {"contains": "portfolio"}}}}
    assert checked(asked, given, "2026-09-16T12:00").actual == "My portfolio"
