"""Figures of many opportunities: counts, lengths and shares, and what is not said of too little."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import INTERVIEW, Plain, sent, state, time

from followup.retrospect.figures import Figures, Rate, figures_of
from followup.retrospect.spreads import Course, Spread, share_of, spread_of
from followup.state import InterviewState

NOW = "2026-10-01T12:00"
REPLY: Plain = {"type": "reply", "at": "2026-09-18T12:00Z", "from": "dana"}
OFFER: Plain = {"type": "offer", "at": "2026-09-24T12:00Z", "from": "hr"}
REJECTION: Plain = {"type": "rejection", "at": "2026-09-24T12:00Z", "from": "hr"}
THANKS = sent("2026-09-15T16:00", channel="email")


def figures(*histories: tuple[Plain, ...], now: str = NOW, **options: Any) -> Figures:
    states = {f"opportunity-{number}": state(*events) for number, events in enumerate(histories)}
    return figures_of(states, time(now), **options)


def reached(found: Figures) -> list[int]:
    return [step.reached for step in found.steps]


def spread(*courses: tuple[float, str]) -> Spread:
    return spread_of(Course(days, fate) for days, fate in courses)  # type: ignore[arg-type]


# How far they came


def test_each_step_counts_those_that_came_so_far_or_further() -> None:
    ahead = ({**INTERVIEW, "at": "2026-10-05T10:00Z"},)
    found = figures((), ahead, (INTERVIEW,), (INTERVIEW, OFFER), (INTERVIEW, OFFER, accepted()))
    assert reached(found) == [5, 4, 3, 2, 1]


def accepted() -> Plain:
    return {"type": "accepted", "at": "2026-09-25T12:00Z"}


def test_an_offer_without_an_interview_came_past_the_interviews_too() -> None:
    assert reached(figures((OFFER,))) == [1, 1, 1, 1, 0]


def test_those_that_came_no_further_are_open_refused_or_left() -> None:
    withdrawal = {"type": "withdrawal", "at": "2026-09-20T12:00Z"}
    found = figures((INTERVIEW,), (INTERVIEW, REJECTION), (INTERVIEW, withdrawal), (INTERVIEW, OFFER))
    step = next(step for step in found.steps if step.name == "interviewed")
    assert (step.reached, step.open, step.refused, step.left) == (4, 1, 1, 1)


@given(
    st.lists(
        st.lists(st.sampled_from([INTERVIEW, THANKS, REPLY, OFFER, REJECTION, accepted()]), unique_by=repr),
        max_size=6,
    )
)
def test_no_step_has_more_than_the_one_before_and_all_are_accounted_for(histories: list[list[Plain]]) -> None:
    found = figures(*map(tuple, histories))
    assert reached(found) == sorted(reached(found), reverse=True)
    ended = sum(step.open + step.refused + step.left for step in found.steps)
    assert ended + found.stages.get("accepted", 0) == len(histories)
    for rate in (found.all_messages, *found.by_both):
        fates = rate.answered + rate.waiting + rate.overtaken + rate.spoken + rate.returned
        assert fates == rate.sent


# How long it took


def test_a_median_is_of_those_answered_and_tells_how_many_wait() -> None:
    found = spread((1, "answered"), (2, "answered"), (9, "answered"), (30, "waiting"))
    assert (found.median, found.waiting, found.low) == (2, (30,), None)


def test_of_two_no_median_is_given() -> None:
    assert spread((1, "answered"), (2, "answered")).median is None


def test_of_five_the_middle_half_is_given() -> None:
    found = spread(*((days, "answered") for days in (1, 2, 3, 4, 5)))
    assert (found.low, found.median, found.high, found.half_within) == (2, 3, 4, 3)


def test_those_that_wait_make_half_within_later_than_the_median() -> None:
    answered = tuple((days, "answered") for days in (1, 2, 3, 4, 5))
    found = spread(*answered, (10, "waiting"), (10, "waiting"), (10, "waiting"))
    assert (found.median, found.half_within) == (3, 4)


def test_where_most_wait_half_was_not_answered_yet() -> None:
    answered = tuple((days, "answered") for days in (1, 2, 3, 4, 5))
    assert spread(*answered, *((10, "waiting") for _ in range(9))).half_within is None


def test_what_was_open_for_a_short_time_only_counts_for_that_time() -> None:
    answered = tuple((days, "answered") for days in (1, 2, 3, 4, 5))
    assert spread(*answered, *((0.5, "overtaken") for _ in range(9))).half_within == 3


def test_the_time_to_an_answer_begins_with_the_message() -> None:
    assert figures((INTERVIEW, sent("2026-09-16T12:00"), REPLY)).to_answer.answered == (2.0,)


def test_the_first_word_after_an_interview_counts_from_its_end() -> None:
    assert figures((INTERVIEW, {**REPLY, "at": "2026-09-16T11:00Z"}, REPLY)).to_word.answered == (1.0,)


def test_the_decision_counts_from_the_last_interview() -> None:
    second = {**INTERVIEW, "id": "r2", "at": "2026-09-22T11:00Z"}
    assert figures((INTERVIEW, second, OFFER)).to_decision.answered == (2.0,)


def test_a_case_that_you_left_waits_for_no_decision() -> None:
    found = figures((INTERVIEW, {"type": "withdrawal", "at": "2026-09-20T12:00Z"})).to_decision
    assert (found.answered, found.waiting, found.overtaken) == ((), (), 1)


# What came of messages


def rate(*histories: tuple[Plain, ...], now: str = NOW) -> Rate:
    return figures(*histories, now=now).all_messages


def test_messages_are_counted_by_intent_and_by_channel() -> None:
    call = {
        "type": "called",
        "at": "2026-09-22T12:00Z",
        "to": "lee",
        "intent": "inquiry",
        "outcome": "voicemail",
    }
    found = figures((INTERVIEW, THANKS, call))
    assert {rate.intent: rate.sent for rate in found.by_intent} == {"thanks": 1, "inquiry": 1}
    assert {rate.channel: rate.sent for rate in found.by_channel} == {"email": 1, "phone": 1}


def test_only_messages_of_two_weeks_and_more_tell_how_many_are_answered_in_time() -> None:
    found = rate((INTERVIEW, THANKS, REPLY), (INTERVIEW, sent("2026-09-29T12:00")))
    assert (found.sent, found.old_enough, found.in_time) == (2, 1, 1)


def test_an_answer_after_two_weeks_is_one_but_not_in_time() -> None:
    found = rate((INTERVIEW, THANKS, {**REPLY, "at": "2026-09-30T12:00Z"}))
    assert (found.answered, found.in_time) == (1, 0)


def test_a_share_is_given_of_ten_and_no_fewer() -> None:
    assert share_of(5, 9) is None
    found = share_of(5, 10)
    assert found is not None
    assert (found.value, found.low, found.high) == (0.5, 0.2366, 0.7634)


@pytest.mark.parametrize("count", [0, 10])
def test_a_share_of_none_or_all_is_not_certain(count: int) -> None:
    found = share_of(count, 10)
    assert found is not None
    assert (found.low, found.high) == ((0.0, 0.2775) if count == 0 else (0.7225, 1.0))


# Week by week, and since


def test_weeks_begin_on_monday_and_none_is_left_out() -> None:
    found = figures((INTERVIEW, THANKS, REPLY), now="2026-09-30T12:00")
    assert [(str(week.begins), week.messages, week.answers, week.interviews) for week in found.weeks] == [
        ("2026-09-14", 1, 1, 1),
        ("2026-09-21", 0, 0, 0),
        ("2026-09-28", 0, 0, 0),
    ]


def test_a_mistyped_year_gives_no_thousands_of_weeks() -> None:
    assert len(figures(({**INTERVIEW, "at": "1990-09-15T10:00Z"},)).weeks) == 520


def test_a_week_is_the_candidates() -> None:
    candidate = {"name": "Ana Souza", "timezone": "America/Chicago"}
    given = state(sent("2026-09-21T03:00Z"), candidate=candidate)
    assert str(figures_of({"x": given}, time(NOW)).weeks[0].begins) == "2026-09-14"


def test_since_counts_what_began_from_then_on() -> None:
    later = {**INTERVIEW, "at": "2026-09-22T10:00Z"}
    found = figures((INTERVIEW, THANKS), (later, sent("2026-09-22T16:00")), since=time("2026-09-21T00:00"))
    assert (found.opportunities, found.messages, found.interviews) == (1, 1, 1)
    assert str(found.weeks[0].begins) == "2026-09-21"


# Who has not answered, and names


def test_what_waits_is_listed_the_longest_first() -> None:
    found = figures((INTERVIEW, sent("2026-09-20T12:00")), (INTERVIEW, THANKS), retired={"opportunity-9"})
    assert [(each.opportunity, each.person, each.days) for each in found.waiting] == [
        ("opportunity-1", "Dana Whitfield", 15.83),
        ("opportunity-0", "Dana Whitfield", 11.0),
    ]


def test_what_is_retired_is_counted_but_not_listed_as_waiting() -> None:
    found = figures((INTERVIEW, THANKS), retired={"opportunity-0"})
    assert (found.all_messages.waiting, found.waiting) == (1, ())


def test_anonymous_figures_have_no_name_in_them() -> None:
    states: dict[str, InterviewState] = {
        "initech": state(INTERVIEW, sent("2026-09-20T12:00", intent="ask Dana"))
    }
    found = figures_of(states, time(NOW), known={"thanks", "email"})
    assert found.anonymous
    assert [rate.intent for rate in found.by_intent] == ["other"]
    for name in ("initech", "Initech", "Dana", "Whitfield", "Data Engineer", "Souza"):
        assert name not in repr(found)


def test_nothing_gives_figures_of_nothing() -> None:
    found = figures_of({}, time(NOW))
    assert (found.opportunities, found.weeks, found.to_answer.median) == (0, (), None)
