"""What came of a call, as events; and that the plan then does what they mean."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from followup import Engine, InterviewState, Plan
from followup.events import Absence, Called, Interview, Note, Offer, Promise, Rejection, Reply, Snoozed
from followup.plan import FollowUp
from followup.records import DayOrTime
from followup_phone.outcomes import Call, events_of

AT = datetime.fromisoformat("2026-08-26T10:20-03:00")
TUESDAY = DayOrTime(date(2026, 9, 1))
THREE = DayOrTime(datetime.fromisoformat("2026-08-27T15:00-03:00"))
KEY = "inquiry:r1:bia"
STATE = InterviewState.from_dict(
    {
        "format": 1,
        "candidate": {"name": "Rafael Lima", "timezone": "America/Sao_Paulo"},
        "company": {"name": "Aurora", "culture": "relaxed", "country": "BR", "timezone": "America/Sao_Paulo"},
        "position": {"title": "Operations Lead"},
        "people": {"bia": {"name": "Beatriz Moura", "phone": "+55 11 5550 1200", "rapport": "friendly"}},
        "events": [{"type": "interview", "id": "r1", "at": "2026-08-18T09:00-03:00", "with": ["bia"]}],
    }
)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load(deny=("proofreading",))


@pytest.fixture(scope="module")
def inquiry(engine: Engine) -> FollowUp:
    return engine.plan(STATE, AT)[KEY]


def call(outcome: Any, **fields: Any) -> Call:
    return Call(at=AT, person="bia", outcome=outcome, **fields)


def after(engine: Engine, made: Call, inquiry: FollowUp) -> Plan:
    return engine.plan(STATE.adding(*events_of(made, inquiry)), AT)


def test_a_call_carries_what_it_was_for(inquiry: FollowUp) -> None:
    assert events_of(call("spoke"), inquiry) == (
        Called(at=AT, to="bia", outcome="spoke", intent="inquiry", key=KEY),
    )
    assert events_of(call("voicemail")) == (Called(at=AT, to="bia", outcome="voicemail"),)


def test_what_they_said_is_an_event_of_its_own() -> None:
    said = [
        events_of(call("spoke", answer=answer, when=when, words="so"))[1]
        for answer, when in (
            ("date", TUESDAY),
            ("no", None),
            ("interview", THREE),
            ("offer", TUESDAY),
            ("nothing new", None),
        )
    ]
    assert said == [
        Promise(at=AT, by=TUESDAY, who="bia", words="so"),
        Rejection(at=AT, from_="bia", reason="so"),
        Interview(at=THREE.value, with_=("bia",), arranged=AT),
        Offer(at=AT, from_="bia", deadline=TUESDAY, terms="so"),
        Note(at=AT, text="so"),
    ]


def test_a_call_of_theirs_is_a_reply() -> None:
    assert events_of(call("they called", answer="no", words="sorry")) == (
        Reply(at=AT, from_="bia", text="sorry"),
        Rejection(at=AT, from_="bia", reason="sorry"),
    )


@pytest.mark.parametrize("answer", ["date", "interview"])
def test_an_answer_with_a_day_needs_it(answer: str) -> None:
    with pytest.raises(ValueError, match="needs"):
        events_of(call("spoke", answer=answer))


def test_a_named_date_holds_back_the_next_inquiry(engine: Engine, inquiry: FollowUp) -> None:
    plan = after(engine, call("spoke", answer="date", when=TUESDAY), inquiry)
    assert plan[KEY].status == "done"
    assert not plan.due


def test_a_no_ends_it(engine: Engine, inquiry: FollowUp) -> None:
    plan = after(engine, call("spoke", answer="no"), inquiry)
    assert plan.stage == "rejected"


def test_nobody_answered_means_that_it_is_still_to_do_when_you_try_again(
    engine: Engine, inquiry: FollowUp
) -> None:
    assert after(engine, call("no answer"), inquiry)[KEY].status == "due"
    again = after(engine, call("no answer", when=THREE), inquiry)[KEY]
    assert (again.status, again.lifts) == ("snoozed", THREE.value)
    assert [type(event) for event in events_of(call("no answer", when=THREE), inquiry)] == [Note, Snoozed]


def test_who_asked_for_a_call_at_three_is_called_at_three(engine: Engine, inquiry: FollowUp) -> None:
    plan = after(engine, call("call back", when=THREE), inquiry)
    (back,) = (followup for followup in plan.followups if followup.rule == "call-back")
    assert back.status != "due"
    later = engine.plan(STATE.adding(*events_of(call("call back", when=THREE), inquiry)), THREE.value)  # type: ignore[arg-type]
    assert later[back.key].status == "due"


def test_somebody_else_who_passes_a_message_on_is_like_a_voicemail(engine: Engine, inquiry: FollowUp) -> None:
    plan = after(engine, call("gatekeeper", message=True), inquiry)
    assert plan[KEY].status == "done"


def test_somebody_else_who_says_from_when_they_can_be_reached(engine: Engine, inquiry: FollowUp) -> None:
    events = events_of(call("gatekeeper", when=TUESDAY), inquiry)
    assert events[1] == Absence(at=AT, who="bia", until=DayOrTime(date(2026, 8, 31)))
    assert after(engine, call("gatekeeper", when=TUESDAY), inquiry)[KEY].status == "held"
