"""The engine agrees with a naive one that was written from `docs/semantics.md` alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from tests.reference.comparing import PENDING, Plain, check
from tests.reference.engine import next_change, plan
from tests.reference.histories import cases

RELAXED = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)
UNSHRUNK = (Phase.explicit, Phase.generate)
"""A failing case is shown as it is: to make it smaller would take too long."""


@settings(
    max_examples=200, deadline=None, derandomize=True, database=None, phases=UNSHRUNK,
    suppress_health_check=RELAXED,
)  # fmt: skip
@given(cases())
def test_the_engine_agrees_with_the_reference(case: tuple[Plain, Plain, datetime]) -> None:
    check(*case)


@pytest.mark.large
@settings(phases=UNSHRUNK)
@given(cases())
def test_the_engine_agrees_with_the_reference_on_many_cases(case: tuple[Plain, Plain, datetime]) -> None:
    check(*case)


@pytest.mark.large
@settings(phases=UNSHRUNK)
@given(st.integers(), cases())
def test_the_engine_agrees_with_the_reference_on_as_many_others(
    turn: int, case: tuple[Plain, Plain, datetime]
) -> None:
    """For a second worker: the `turn`, drawn before the case, makes it another one of the same seed."""
    check(*case)


# The reference itself, on small cases from life. Times are those of Chicago.

THANK_YOU = {
    "intent": "thanks",
    "after": "interview",
    "within": "24 hours",
    "to": "each interviewer",
    "via": ["email", "phone"],
}
INQUIRY = {
    "intent": "inquiry",
    "after": [{"sent": "thanks"}, "interview"],
    "anchor": "last",
    "wait": "1 week",
    "open_for": "2 weeks",
    "unless": ["reply", "offer", "rejection"],
    "to": "contact",
    "via": "email",
}
INTERVIEW = {"type": "interview", "id": "r1", "at": "2026-11-20T10:00-06:00", "with": ["dana", "lee"]}
THANKED = {
    "type": "sent",
    "id": "t1",
    "at": "2026-11-20T15:00-06:00",
    "to": "dana",
    "intent": "thanks",
    "key": "thanks:r1:dana",
    "channel": "email",
}
ASKED = {
    "type": "sent",
    "id": "q1",
    "at": "2026-11-27T15:00-06:00",
    "to": "dana",
    "intent": "inquiry",
    "key": "inquiry:r1:dana",
    "channel": "email",
}
EVERYBODY = {
    "dana": {"name": "Dana", "role": "hiring manager", "email": "dana@initech.example"},
    "lee": {"name": "Lee", "role": "interviewer", "email": "lee@initech.example"},
}


def life(now: str, rules: Plain, *events: Plain, guards: Plain | None = None, **more: Any) -> Plain:
    """The reference's follow-ups by key, for an opportunity in Chicago."""
    state = {
        "format": 1,
        "candidate": {"name": "Ana", "timezone": "America/Chicago"},
        "company": {"name": "Initech", "country": "US"},
        "position": {"title": "Engineer"},
        "people": EVERYBODY,
        "events": [INTERVIEW, *events],
    } | more
    pack = {"format": 1, "scenario": "life", "rules": rules, "guards": guards or {}}
    followups: Plain = plan(pack, state, chicago(now))["followups"]
    return followups


def chicago(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}:00-06:00")


def happening(kind: str, at: str, **fields: Any) -> Plain:
    return {"type": kind, "id": f"{kind}-{at}", "at": f"{at}:00-06:00", **fields}


@pytest.mark.parametrize(
    ("now", "status"),
    [
        ("2026-11-20T10", "scheduled"),
        ("2026-11-20T11", "due"),
        ("2026-11-21T10", "due"),
        ("2026-11-21T11", "missed"),
    ],
)
def test_thanks_are_due_for_a_day_after_the_end_of_the_interview(now: str, status: str) -> None:
    found = life(now, {"thanks": THANK_YOU})
    assert {key: one["status"] for key, one in found.items()} == {
        "thanks:r1:dana": status,
        "thanks:r1:lee": status,
    }
    assert found["thanks:r1:dana"]["closes"] == chicago("2026-11-21T11")


def test_the_next_change_is_the_first_hour_at_which_a_status_differs() -> None:
    pack = {"format": 1, "scenario": "life", "rules": {"thanks": THANK_YOU}}
    state = {
        "candidate": {"name": "Ana"},
        "company": {"name": "Initech"},
        "people": EVERYBODY,
        "events": [INTERVIEW],
    }
    change = next_change(pack, state, chicago("2026-11-20T08"), 100)
    assert change == chicago("2026-11-20T11")
    assert next_change(pack, state, change, 100) == chicago("2026-11-21T11")
    assert next_change(pack, state, chicago("2026-11-21T11"), 100) is None


def test_thanks_to_two_ids_with_one_address_are_one_follow_up() -> None:
    people: Mapping[str, Any] = EVERYBODY | {"lee": EVERYBODY["lee"] | {"email": "DANA@initech.example"}}
    assert list(life("2026-11-20T12", {"thanks": THANK_YOU}, people=people)) == ["thanks:r1:dana"]


@pytest.mark.parametrize(("now", "status"), [("2026-11-27T14", "scheduled"), ("2026-11-27T15", "due")])
def test_an_inquiry_opens_a_week_after_the_thanks_at_the_same_time_of_day(now: str, status: str) -> None:
    found = life(now, {"inquiry": INQUIRY}, THANKED)["inquiry:r1:dana"]
    assert (found["status"], found["opens"]) == (status, chicago("2026-11-27T15"))
    assert found["closes"] == chicago("2026-12-11T15")


def test_a_promise_holds_the_inquiry_and_moves_its_window() -> None:
    guards = {
        "date": {"for": {"intent": "inquiry"}, "hold": {"until": "decision_date", "plus": "1 business day"}}
    }
    promise = happening("promise", "2026-11-20T12", by="2026-12-04", who="lee")
    found = life("2026-11-28T12", {"inquiry": INQUIRY}, THANKED, promise, guards=guards)["inquiry:r1:lee"]
    assert (found["status"], found["lifts"]) == ("held", chicago("2026-12-07T00"))
    assert found["closes"] == chicago("2026-12-21T00")


def test_a_reply_makes_the_inquiry_moot() -> None:
    found = life("2026-11-28T12", {"inquiry": INQUIRY}, THANKED, happening("reply", "2026-11-24T09"))
    assert found["inquiry:r1:dana"]["status"] == "moot"


def test_an_unanswered_contact_holds_the_next_one_to_that_person_for_a_day() -> None:
    share = {"intent": "share", "after": "interview", "open_for": "1 week", "to": "contact", "via": "email"}
    found = life("2026-11-20T18", {"share": share}, THANKED)["share:r1:dana"]
    assert (found["status"], found["lifts"], found["at"]) == (
        "held",
        chicago("2026-11-21T15"),
        chicago("2026-11-21T15"),
    )
    assert (
        life("2026-11-20T18", {"share": share}, THANKED, happening("reply", "2026-11-20T16"))[
            "share:r1:dana"
        ]["status"]
        == "due"
    )


def test_after_three_unanswered_questions_no_more_are_asked_but_thanks_go_out() -> None:
    asked = [
        happening("sent", f"2026-11-2{day}T12", to="lee", intent="inquiry", channel="email")
        for day in (1, 2, 3)
    ]
    second = happening("interview", "2026-11-23T08", minutes=60, **{"with": ["dana"]})
    final = {"intent": "final", "after": "interview", "to": "contact", "via": "email"}
    asked[2]["at"] = "2026-11-23T10:00-06:00"
    asked[:2] = [one | {"at": f"2026-11-23T1{n}:00-06:00"} for n, one in enumerate(asked[:2], 1)]
    found = life("2026-11-23T14", {"final": final, "thanks": THANK_YOU}, second, *asked)
    assert found["final:r1:dana"]["status"] == "held"
    assert found["final:r1:dana"]["at"] is None
    assert found[f"thanks:{second['id']}:dana"]["status"] == "due"


def test_a_rejection_latches_everything_but_courtesy() -> None:
    feedback = {"intent": "feedback", "after": "rejection", "to": "contact", "via": "email"}
    again = {"intent": "inquiry", "after": "interview", "to": "contact", "via": "email"}
    rules = {"feedback": feedback, "again": again}
    found = life("2026-11-26T12", rules, happening("rejection", "2026-11-25T09", **{"from": "dana"}))
    assert found["again:r1:dana"]["status"] == "moot"
    assert [one["status"] for one in found.values() if one["rule"] == "feedback"] == ["due"]


def test_a_bounce_reopens_the_thanks_by_another_channel() -> None:
    people = EVERYBODY | {"dana": EVERYBODY["dana"] | {"phone": "+1 312 555 0100"}}
    bounce = happening("bounce", "2026-11-20T16", to="dana")
    assert (
        life("2026-11-20T17", {"thanks": THANK_YOU}, THANKED, people=people)["thanks:r1:dana"]["status"]
        == "done"
    )
    found = life("2026-11-20T17", {"thanks": THANK_YOU}, THANKED, bounce, people=people)["thanks:r1:dana"]
    assert (found["status"], found["channel"]) == ("due", "phone")


def test_a_share_rides_in_the_thanks_and_stands_alone_once_they_are_sent() -> None:
    share = {"intent": "share", "after": "interview", "to": "lead", "via": "email", "join": "thanks"}
    rules = {"share": share, "thanks": THANK_YOU}
    found = life("2026-11-20T12", rules)
    assert found["share:r1:dana"]["host"] == "thanks:r1:dana"
    assert found["thanks:r1:dana"]["parts"] == ["share:r1:dana"]
    carried = life("2026-11-20T17", rules, THANKED | {"parts": ["share:r1:dana"]})["share:r1:dana"]
    assert carried["status"] == "done"
    alone = life("2026-11-20T17", rules, THANKED | {"parts": []})["share:r1:dana"]
    assert (alone["status"], alone["host"], alone["at"]) == ("held", None, chicago("2026-11-21T15"))


def test_a_repetition_counts_from_when_the_one_before_was_sent() -> None:
    rule = INQUIRY | {"repeat": {"every": "1 week", "times": 2}}
    found = life("2026-11-28T12", {"inquiry": rule}, THANKED, ASKED)
    assert found["inquiry:r1:dana"]["status"] == "done"
    assert (found["inquiry:r1:dana:2"]["status"], found["inquiry:r1:dana:2"]["opens"]) == (
        "scheduled",
        chicago("2026-12-04T15"),
    )


def test_two_follow_ups_to_one_person_are_placed_a_day_apart_by_priority() -> None:
    low = {"intent": "share", "after": "interview", "to": "lead", "via": "email"}
    high = low | {"intent": "clarify", "priority": 1}
    found = life("2026-11-20T12", {"low": low, "high": high})
    assert (found["high:r1:dana"]["status"], found["low:r1:dana"]["status"]) == ("due", "held")
    assert (found["high:r1:dana"]["at"], found["low:r1:dana"]["at"]) == (
        chicago("2026-11-20T12"),
        chicago("2026-11-21T12"),
    )


def test_a_contact_of_like_intent_by_another_rule_makes_a_follow_up_moot() -> None:
    other = INQUIRY | {"after": "interview"}
    found = life("2026-12-01T12", {"inquiry": INQUIRY, "other": other}, THANKED, ASKED)
    assert {key: one["status"] for key, one in found.items()} == {
        "inquiry:r1:dana": "done",
        "other:r1:dana": "moot",
    }


def test_spacing_for_the_company_counts_business_days_from_the_last_unanswered_contact() -> None:
    guards = {"space": {"space": {"company": {"by": "2 business days", "except": ["share"]}}}}
    clarify = {"intent": "clarify", "after": "interview", "to": "interviewer", "via": "email"}
    rules = {"clarify": clarify, "share": clarify | {"intent": "share"}}
    found = life("2026-11-20T18", rules, THANKED, guards=guards)
    assert found["clarify:r1:lee"]["at"] == chicago("2026-11-24T15")
    assert found["share:r1:lee"]["status"] == "due"


def test_a_snoozed_follow_up_waits_until_the_day_begins() -> None:
    snoozed = happening("snoozed", "2026-11-27T16", key="inquiry:r1:dana", until="2026-11-30")
    found = life("2026-11-28T12", {"inquiry": INQUIRY}, THANKED, snoozed)["inquiry:r1:dana"]
    assert (found["status"], found["lifts"], found["at"]) == (
        "snoozed",
        chicago("2026-11-30T00"),
        chicago("2026-11-30T00"),
    )


def test_the_random_cases_hold_every_status_parts_and_repetitions() -> None:
    seen: set[str] = set()

    @settings(max_examples=300, deadline=None, derandomize=True, database=None, suppress_health_check=RELAXED)
    @given(cases())
    def look(case: tuple[Plain, Plain, datetime]) -> None:
        followups = plan(*case)["followups"]
        assume(followups)
        seen.update(one["status"] for one in followups.values())
        seen.update("part" for one in followups.values() if one["host"])
        seen.update("repetition" for key in followups if key.count(":") == 3)

    look()
    assert seen >= PENDING | {"done", "moot", "missed", "skipped", "part", "repetition"}
