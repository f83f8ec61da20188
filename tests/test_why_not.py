"""Why not: one paragraph for every status, and the fewest changes, each of which plans as it claims."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import (
    EXAMPLES,
    INTERVIEW,
    PEOPLE,
    Plain,
    builtin_engine,
    engine_of,
    rule,
    sent,
    state,
    time,
)

from followup import Engine, InterviewState, UsageError
from followup.supposing import ChangeSet, suppose
from followup.why_not import WhyNot

ENGINE = builtin_engine()
NOW = "2026-09-16T12:00"
HEARD: Plain = {**INTERVIEW, "with": ["dana"]}
LATER = "2026-09-23T12:00"


def asked(
    engine: Engine, given_state: InterviewState, now: str = NOW, name: str = "ask", **more: Any
) -> WhyNot:
    """Why not, and whether each claim is met by a plan with the changes made."""
    answer = engine.why_not(given_state, time(now), name, **more)
    for change in answer.changes:
        supposed = suppose(given_state, change.suppositions, engine.vocabulary)
        followup = engine.plan(supposed, time(now))[change.key]
        assert (followup.status == "due") is change.due
        assert not change.due or change.when == time(now)
    return answer


def words(change: ChangeSet) -> list[str]:
    return [each.words for each in change.suppositions]


# A paragraph for every status


def test_what_is_due_says_so() -> None:
    answer = asked(engine_of({"ask": rule()}), state(HEARD))
    assert (answer.status, answer.changes, answer.final) == ("due", (), True)
    assert "“ask” to Dana Whitfield is due now" in answer.paragraph


def test_what_is_scheduled_says_what_it_counts_from_and_when_it_goes_out() -> None:
    answer = asked(engine_of({"ask": rule(wait="1 week")}), state(HEARD))
    assert answer.status == "scheduled"
    assert answer.when == time("2026-09-22T11:00")
    assert (
        "it opens 1 week after you had an interview with Dana Whitfield on Tuesday, 15 September"
        in answer.paragraph
    )
    assert "If nothing else happens, it goes out on Tuesday, 22 September 2026, 11:00." in answer.paragraph


def test_a_promised_date_holds_and_only_time_lets_it_go() -> None:
    promise = {"type": "promise", "at": "2026-09-15T11:00Z", "by": "2026-09-18", "who": "hr"}
    guards: Plain = {
        "date": {"hold": {"until": "decision_date"}, "because": "they named a day, and it has not passed"}
    }
    answer = asked(engine_of({"ask": rule()}, guards), state(HEARD, promise))
    assert answer.status == "held"
    assert answer.paragraph.startswith(
        "“ask” to Dana Whitfield waits until Saturday, 19 September 2026, 00:00, because they named a day, "
        "and it has not passed."
    )
    assert answer.when == time("2026-09-19T00:00")


def test_an_absence_is_over_if_you_learn_that_they_are_back() -> None:
    away = {"type": "absence", "at": "2026-09-15T12:00Z", "who": "dana", "until": "2026-09-30"}
    guards: Plain = {"away": {"hold": {"until": "person.absent_until"}}}
    answer = asked(engine_of({"ask": rule()}, guards), state(HEARD, away))
    assert [words(change) for change in answer.changes] == [["you learned that Dana Whitfield is back"]]


def test_a_missing_address_is_named_with_where_to_note_it() -> None:
    people = {"dana": {"name": "Dana Whitfield", "role": "hiring manager"}}
    answer = asked(engine_of({"ask": rule()}), state(HEARD, people=people))
    assert answer.status == "blocked"
    assert "the email address of Dana Whitfield is not noted (people.dana.email)" in answer.paragraph
    assert [words(change) for change in answer.changes] == [
        ["you noted the email address of Dana Whitfield (people.dana.email)"]
    ]
    assert answer.changes[0].suppositions[0].sample


def test_nobody_to_write_to_is_somebody_to_note() -> None:
    answer = asked(engine_of({"ask": rule(to="recruiter")}), state(HEARD))
    assert answer.status == "blocked"
    assert "nobody is noted to whom it could go" in answer.paragraph
    assert "recruiter" in answer.paragraph


def test_an_unknown_fact_is_something_to_learn() -> None:
    answer = asked(engine_of({"ask": rule(when={"company.culture": "relaxed"})}), state(HEARD))
    assert answer.status == "blocked"
    assert "it is not noted whether Initech is formal or relaxed (company.culture)" in answer.paragraph
    assert [words(change) for change in answer.changes] == [
        ["you learned that Initech is relaxed (company.culture)"]
    ]


def test_a_known_fact_that_stands_in_the_way_would_have_to_turn_out_otherwise() -> None:
    answer = asked(
        engine_of({"ask": rule(when={"company.culture": "relaxed"})}),
        state(HEARD, company={"name": "Initech", "culture": "formal", "timezone": "UTC"}),
    )
    assert answer.status == "silent"
    assert [words(change) for change in answer.changes] == [
        ["it turned out that Initech is relaxed (company.culture)"]
    ]


def test_two_things_that_are_missing_are_asked_for_together() -> None:
    people = {"dana": {"name": "Dana Whitfield", "role": "hiring manager"}}
    engine = engine_of({"ask": rule(when={"company.culture": "formal"})})
    [change] = asked(engine, state(HEARD, people=people)).changes
    assert words(change) == [
        "you noted the email address of Dana Whitfield (people.dana.email)",
        "you learned that Initech is formal (company.culture)",
    ]


def test_of_two_ways_both_are_told_what_is_to_learn_first() -> None:
    engine = engine_of({"ask": rule(when={"any": [{"stage": "offer"}, {"company.culture": "relaxed"}]})})
    answer = asked(engine, state(HEARD))
    assert [words(change) for change in answer.changes] == [
        ["you learned that Initech is relaxed (company.culture)"],
        ["Dana Whitfield made you an offer"],
    ]


def test_what_you_put_off_can_be_taken_back() -> None:
    snoozed = {"type": "snoozed", "at": "2026-09-16T09:00Z", "key": "ask:r1:dana", "until": "2026-09-20"}
    answer = asked(engine_of({"ask": rule()}), state(HEARD, snoozed))
    assert answer.status == "snoozed"
    assert answer.paragraph.startswith(
        "You put “ask” to Dana Whitfield off until Sunday, 20 September 2026, 00:00."
    )
    assert [words(change) for change in answer.changes] == [["you took back your decision to put it off"]]


def test_what_you_skipped_can_be_taken_back() -> None:
    skipped = {"type": "skipped", "at": "2026-09-16T09:00Z", "key": "ask:r1:dana"}
    answer = asked(engine_of({"ask": rule()}), state(HEARD, skipped))
    assert answer.paragraph.startswith("You decided to skip “ask” to Dana Whitfield.")
    assert words(answer.changes[0]) == ["you took back your decision to skip it"]


def test_what_is_done_says_when_and_that_there_is_no_more_to_do() -> None:
    answer = asked(engine_of({"ask": rule()}), state(HEARD, sent("2026-09-15T12:00Z", intent="inquiry")))
    assert (answer.status, answer.final) == ("done", True)
    assert answer.paragraph == (
        "“ask” to Dana Whitfield was done on Tuesday, 15 September. There is nothing more to do."
    )


def test_what_was_missed_needs_a_new_occasion() -> None:
    answer = asked(engine_of({"ask": rule(within="24 hours")}), state(HEARD), LATER)
    assert answer.status == "missed"
    assert "it could have gone out until Wednesday, 16 September 2026, 11:00" in answer.paragraph
    assert [words(change) for change in answer.changes] == [["you had another interview with Dana Whitfield"]]


def test_what_an_event_made_needless_says_which() -> None:
    reply = {"type": "reply", "at": "2026-09-15T15:00Z", "from": "dana"}
    answer = asked(engine_of({"ask": rule(unless=["reply"])}), state(HEARD, reply))
    assert answer.status == "moot"
    assert "is no longer needed: on Tuesday, 15 September, Dana Whitfield answered." in answer.paragraph


def test_after_a_refusal_nothing_is_proposed_that_would_change_it() -> None:
    refusal = {"type": "rejection", "at": "2026-09-15T15:00Z", "from": "hr"}
    answer = asked(engine_of({"ask": rule()}), state(HEARD, refusal))
    assert (answer.final, answer.changes) == (True, ())
    assert answer.paragraph.endswith(
        "Nothing that you could note would change this: after a refusal only courtesy remains."
    )


def test_a_rule_that_waits_says_for_what_and_what_would_wake_it() -> None:
    answer = asked(engine_of({"ask": rule(after="offer", to="contact", intent="offer")}), state(HEARD))
    assert answer.status == "silent"
    assert "it waits for an offer, and none is noted" in answer.paragraph
    assert [words(change) for change in answer.changes] == [["Dana Whitfield made you an offer"]]


def test_a_rule_that_counts_from_what_is_not_known_yet_says_what() -> None:
    offer = {"type": "offer", "at": "2026-09-16T09:00Z", "from": "dana"}
    accept = rule(after="offer", **{"from": "closed_at"}, to="contact", intent="offer", wait="1 day")
    answer = asked(engine_of({"ask": accept}), state(HEARD, offer))
    assert "nothing to do here yet: the end of the case is not noted (closed_at)." in answer.paragraph


def test_what_would_have_had_to_happen_is_worded_so() -> None:
    answer = asked(engine_of({"ask": rule(wait="3 days")}), state())
    assert words(answer.changes[0])[0].startswith("you had had an interview")
    assert answer.changes[0].suppositions[0].kind == "past"


def test_what_would_only_go_out_later_says_when() -> None:
    reply = {"type": "reply", "at": "2026-09-15T15:00Z", "from": "dana"}
    answer = asked(engine_of({"ask": rule(wait="2 days", unless=["reply"])}), state(HEARD, reply))
    assert answer.goal == "planned"
    [change] = answer.changes
    assert (words(change), change.due) == (["you had another interview with Dana Whitfield"], False)
    assert change.when == time("2026-09-18T11:00")
    assert (
        "It would go out on Friday, 18 September 2026, 11:00 if you had another interview" in answer.paragraph
    )


def test_what_another_follow_up_says_first_will_not_be_needed() -> None:
    engine = engine_of({"ask": rule(wait="2 days"), "first": rule(wait="2 days", priority=5)})
    answer = asked(engine, state(HEARD))
    assert answer.when is None
    assert "it will not be needed: “first” goes out first, on Thursday, 17 September." in answer.paragraph


def test_a_task_of_your_own_at_the_same_moment_is_not_what_takes_its_place() -> None:
    ask = rule(wait="3 days", unless={"sent": "thanks"})
    thank = rule(wait="2 days", intent="thanks")
    note = rule(wait="2 days", intent="task", to="self", via="self")
    answer = asked(engine_of({"ask": ask, "a-note": note, "thank": thank}), state(HEARD))
    assert "“thank” goes out first" in answer.paragraph


def test_too_few_of_something_are_counted_and_not_said_to_be_missing() -> None:
    engine = engine_of(
        {"ask": rule(when={"strengths": {"count": {"at_least": 2}}, "rounds": {"at_least": 3}})}
    )
    given = state(HEARD, candidate={"name": "Ana Souza", "timezone": "UTC", "strengths": ["SQL"]})
    paragraph = asked(engine, given).paragraph
    assert "for when at least 2 strengths of yours are noted, and there is 1 (strengths)" in paragraph
    assert "you have had at least 3 interviews, and here it is 1 (rounds)" in paragraph


def test_an_unanswered_message_holds_and_the_gate_says_why() -> None:
    answer = asked(engine_of({"ask": rule()}), state(HEARD, sent("2026-09-16T11:00Z")))
    assert "nobody gets a second message within a day of one that they have not answered" in answer.paragraph
    assert ["Dana Whitfield answered"] in [words(change) for change in answer.changes]


# Which one is meant


def test_a_key_and_a_person_name_one_of_several() -> None:
    engine = engine_of({"ask": rule(to="each interviewer", intent="thanks")})
    people = {**PEOPLE, "lee": {"name": "Lee Okafor", "role": "interviewer"}}
    given_state = state(INTERVIEW, people=people)
    assert asked(engine, given_state, name="ask:r1:lee").status == "blocked"
    assert asked(engine, given_state, person="lee").status == "blocked"
    assert asked(engine, given_state, person="dana").status == "due"


@pytest.mark.parametrize(("name", "person"), [("inquirry", None), ("inquiry", "nobody")])
def test_a_name_that_is_none_is_told(name: str, person: str | None) -> None:
    with pytest.raises(UsageError):
        ENGINE.why_not(state(HEARD), time(NOW), name, person)


# Laws


def moments() -> st.SearchStrategy[tuple[Any, int, str]]:
    return st.tuples(st.sampled_from(EXAMPLES), st.integers(0, 40), st.sampled_from(sorted(ENGINE.rules)))


@settings(max_examples=40, deadline=None)
@given(moments())
def test_every_claim_is_met_and_no_part_of_a_set_would_do(case: tuple[Any, int, str]) -> None:
    path, days, name = case
    given_state = InterviewState.from_yaml(path)
    now: datetime = max(event.at for event in given_state.events) + timedelta(days=days)
    answer = ENGINE.why_not(given_state, now, name)
    assert answer.paragraph.endswith(".")
    assert "None" not in answer.paragraph
    for change in answer.changes:
        supposed = suppose(given_state, change.suppositions, ENGINE.vocabulary)
        assert goes_out(supposed, now, change)
        for size in range(1, len(change.suppositions)):
            for some in combinations(change.suppositions, size):
                assert not goes_out(suppose(given_state, some, ENGINE.vocabulary), now, change)


def goes_out(given_state: InterviewState, now: datetime, change: ChangeSet) -> bool:
    """Whether the follow-up of a change is due, or is sent when the change says."""
    if change.due:
        plan = ENGINE.plan(given_state, now)
        return any(f.key == change.key and f.status == "due" for f in plan.followups)
    played = ENGINE.simulate(given_state, now, change.when + timedelta(days=1))
    return any(change.key in (m.key, *m.parts) and m.at == change.when for m in played.messages)


@settings(max_examples=15, deadline=None)
@given(moments())
def test_it_answers_alike_each_time_and_leaves_the_state_alone(case: tuple[Any, int, str]) -> None:
    path, days, name = case
    given_state = InterviewState.from_yaml(path)
    now = max(event.at for event in given_state.events) + timedelta(days=days)
    before = given_state.to_json()
    assert ENGINE.why_not(given_state, now, name) == ENGINE.why_not(given_state, now, name)
    assert given_state.to_json() == before


@settings(max_examples=15, deadline=None)
@given(moments())
def test_what_time_alone_brings_is_what_a_simulation_sends(case: tuple[Any, int, str]) -> None:
    path, days, name = case
    given_state = InterviewState.from_yaml(path)
    now = max(event.at for event in given_state.events) + timedelta(days=days)
    answer = ENGINE.why_not(given_state, now, name)
    if answer.when is not None and answer.key is not None:
        played = ENGINE.simulate(given_state, now, answer.when)
        assert any(answer.key in (m.key, *m.parts) and m.at == answer.when for m in played.messages)
