"""The history: what a state says as of `now`, bullet by bullet as in `docs/semantics.md`, section 1."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import (
    INTERVIEW,
    PEOPLE,
    Plain,
    engine_of,
    fact,
    plan_of,
    rule,
    sent,
    state,
    statuses,
    time,
)

from followup import InterviewState
from followup.states import read_data

LATER = "2026-09-30T12:00"
REPLY: Plain = {"type": "reply", "at": "2026-09-17T09:00Z", "from": "dana"}


def keys(given: InterviewState, now: str = LATER, **keys: Any) -> list[str]:
    """The keys of one rule's follow-ups."""
    return sorted(statuses(plan_of({"ask": rule(**keys)}, given, now)))


# As of now


def test_what_has_not_happened_yet_is_left_out() -> None:
    given = state(INTERVIEW, REPLY, {"type": "rejection", "at": "2026-09-20T09:00Z"})
    assert fact("count.reply", given, "2026-09-17T08:59") == "0"
    assert fact("count.reply", given, "2026-09-17T09:00") == "1"
    assert fact("stage", given, "2026-09-19T12:00") == "awaiting"
    assert fact("stage", given, LATER) == "rejected"


def test_an_interview_ahead_is_known_from_when_it_was_arranged() -> None:
    ahead = {**INTERVIEW, "arranged": "2026-09-10T09:00Z"}
    assert statuses(plan_of({"ask": rule()}, state(ahead), "2026-09-10T08:59")) == {}
    assert statuses(plan_of({"ask": rule()}, state(ahead), "2026-09-10T09:00")) == {
        "ask:r1:dana": "scheduled"
    }
    assert keys(state(INTERVIEW), "2020-01-01T00:00") == ["ask:r1:dana"]


@pytest.mark.parametrize(("minutes", "over"), [(None, "2026-09-15T11:00"), (90, "2026-09-15T11:30")])
def test_an_interview_lasts_an_hour_where_nothing_else_is_said(minutes: int | None, over: str) -> None:
    given = state({**INTERVIEW, **({"minutes": minutes} if minutes else {})})
    assert plan_of({"ask": rule()}, given, LATER)["ask:r1:dana"].opens == time(over)
    assert fact("rounds", given, over) == "1"


def test_an_interview_is_not_over_before_its_end() -> None:
    assert plan_of({"ask": rule()}, state(INTERVIEW), "2026-09-15T10:59").stage == "invited"
    assert plan_of({"ask": rule()}, state(INTERVIEW), "2026-09-15T11:00").stage == "awaiting"


# Moved and cancelled


def test_a_moved_interview_counts_from_its_new_time() -> None:
    moved = {"type": "rescheduled", "at": "2026-09-14T09:00Z", "interview": "r1", "to": "2026-09-18T14:00Z"}
    plan = plan_of({"ask": rule()}, state(INTERVIEW, moved), "2026-09-16T09:00")
    assert plan.stage == "invited"
    assert plan["ask:r1:dana"].opens == time("2026-09-18T15:00")


def test_a_moved_interview_may_get_another_length() -> None:
    moved = {"type": "rescheduled", "at": "2026-09-14T09:00Z", "interview": "r1", "to": "2026-09-18T14:00Z"}
    again = {"type": "rescheduled", "at": "2026-09-14T10:00Z", "interview": "r1", "to": "2026-09-18T15:00Z"}
    plan = plan_of({"ask": rule()}, state(INTERVIEW, moved | {"minutes": 30}, again), "2026-09-16T09:00")
    assert plan["ask:r1:dana"].opens == time("2026-09-18T15:30")


def test_follow_ups_of_a_cancelled_interview_are_moot() -> None:
    off = {"type": "cancelled", "at": "2026-09-14T09:00Z", "interview": "r1"}
    plan = plan_of({"ask": rule()}, state(INTERVIEW, off), LATER)
    assert statuses(plan) == {"ask:r1:dana": "moot"}
    assert plan.stage == "new"


def test_the_last_change_to_an_interview_decides() -> None:
    off = {"type": "cancelled", "at": "2026-09-13T09:00Z", "interview": "r1"}
    on = {"type": "rescheduled", "at": "2026-09-14T09:00Z", "interview": "r1", "to": "2026-09-18T14:00Z"}
    assert statuses(plan_of({"ask": rule()}, state(INTERVIEW, off, on), LATER)) == {"ask:r1:dana": "due"}
    off["at"] = "2026-09-14T10:00Z"
    assert statuses(plan_of({"ask": rule()}, state(INTERVIEW, off, on), LATER)) == {"ask:r1:dana": "moot"}


def test_moved_and_cancelled_at_one_moment_is_moved() -> None:
    at = "2026-09-14T09:00Z"
    off = {"type": "cancelled", "at": at, "interview": "r1"}
    on = {"type": "rescheduled", "at": at, "interview": "r1", "to": "2026-09-18T14:00Z"}
    for events in ([off, on], [on, off]):
        assert statuses(plan_of({"ask": rule()}, state(INTERVIEW, *events), LATER)) == {"ask:r1:dana": "due"}


def test_an_interview_is_as_it_was_until_the_change_is_made() -> None:
    on = {"type": "rescheduled", "at": "2026-09-14T09:00Z", "interview": "r1", "to": "2026-09-18T14:00Z"}
    before = plan_of({"ask": rule()}, state(INTERVIEW, on), "2026-09-14T08:59")
    assert before["ask:r1:dana"].opens == time("2026-09-15T11:00")


# Ids


def test_an_event_without_an_id_gets_one_from_its_type_its_people_and_its_minute() -> None:
    unnamed = {"type": "interview", "at": "2026-09-15T10:00-05:00", "with": ["dana", "lee"]}
    assert keys(state(unnamed)) == ["ask:interview-dana-lee-20260915T1500Z:dana"]
    unnamed["at"] = "2026-09-15T10:00:30Z"
    assert keys(state(unnamed)) == ["ask:interview-dana-lee-20260915T100030Z:dana"]


def test_events_that_would_get_the_same_id_are_numbered_by_their_content() -> None:
    phone = {"type": "interview", "at": "2026-09-15T10:00Z", "with": ["dana"], "medium": "phone"}
    video = {**phone, "medium": "video"}
    found = keys(state(phone, video))
    assert found == ["ask:interview-dana-20260915T1000Z-2:dana", "ask:interview-dana-20260915T1000Z:dana"]
    opened = [
        {
            f.key: f.opens
            for f in plan_of({"ask": rule(when={"occasion.medium": "video"})}, given, LATER).followups
        }
        for given in (state(phone, video), state(video, phone))
    ]
    assert opened[0] == opened[1]


def test_a_new_event_leaves_the_keys_of_others_alone() -> None:
    unnamed = {"type": "interview", "at": "2026-09-15T10:00Z", "with": ["dana"]}
    before = set(keys(state(unnamed)))
    after = set(keys(state({**unnamed, "at": "2026-09-01T10:00Z"}, sent("2026-09-16T10:00Z"), unnamed)))
    assert before < after


# Occasions


@pytest.mark.parametrize(
    ("event", "occasion"),
    [
        (sent("2026-09-16T10:00Z"), "r1"),
        (sent("2026-09-21T10:00Z"), "r2"),
        (sent("2026-09-21T10:00Z", key="thank-you:r1:dana"), "r1"),
        (sent("2026-09-21T10:00Z", key="thank-you:gone:dana"), "r2"),
        (sent("2026-09-01T10:00Z", id="early"), "early"),
        ({"type": "called", "at": "2026-09-16T10:00Z", "to": "dana", "intent": "thanks"}, "r1"),
    ],
    ids=["latest interview", "latest of two", "its key", "a key of nothing", "before all", "a call"],
)
def test_a_contact_belongs_to_an_interview(event: Plain, occasion: str) -> None:
    second = {**INTERVIEW, "id": "r2", "at": "2026-09-20T10:00Z"}
    found = keys(state(INTERVIEW, second, event), after=["sent", "called"], to="anchor")
    assert found == [f"ask:{occasion}:dana"]


def test_a_contact_belongs_to_no_cancelled_interview() -> None:
    second = {**INTERVIEW, "id": "r2", "at": "2026-09-20T10:00Z"}
    off = {"type": "cancelled", "at": "2026-09-19T10:00Z", "interview": "r2"}
    found = keys(state(INTERVIEW, second, off, sent("2026-09-21T10:00Z")), after="sent", to="anchor")
    assert found == ["ask:r1:dana"]


def test_other_events_are_their_own_occasion() -> None:
    assert keys(state(INTERVIEW, {**REPLY, "id": "said"}), after="reply", to="anchor") == ["ask:said:dana"]


# Recipients


def test_two_people_with_one_address_are_one_recipient() -> None:
    people = {**PEOPLE, "lee": {"name": "Lee Okafor", "email": " Dana@Initech.example "}}
    assert keys(state(INTERVIEW, people=people), to="each interviewer") == ["ask:r1:dana"]
    assert keys(state(INTERVIEW), to="each interviewer") == ["ask:r1:dana", "ask:r1:lee"]
    wrote = state(INTERVIEW, sent("2026-09-16T10:00Z", "lee", None), people=people)
    assert fact("person.unanswered", wrote, LATER) == "1"


def test_people_without_an_address_are_told_apart_by_id() -> None:
    people = {"dana": {"name": "Dana"}, "lee": {"name": "Lee"}}
    assert keys(state(INTERVIEW, people=people), to="each interviewer") == ["ask:r1:dana", "ask:r1:lee"]


# Bounces

BOUNCE: Plain = {"type": "bounce", "at": "2026-09-16T10:05Z", "to": "dana"}


def test_a_bounced_message_counts_as_never_sent() -> None:
    given = state(INTERVIEW, sent("2026-09-16T10:00Z"), BOUNCE)
    assert fact("unanswered", given, "2026-09-16T10:04") == "1"
    assert fact("unanswered", given, "2026-09-16T10:05") == "0"


def test_nothing_follows_upon_a_bounced_message() -> None:
    given = state(INTERVIEW, sent("2026-09-16T10:00Z", id="note"), BOUNCE)
    assert keys(given, "2026-09-16T10:04", after="sent", to="hr") == ["ask:r1:hr"]
    assert keys(given, after="sent", to="hr") == []


def test_a_bounce_cancels_the_last_mail_and_no_call() -> None:
    call = {"type": "called", "at": "2026-09-16T10:01Z", "to": "dana", "outcome": "voicemail"}
    given = state(INTERVIEW, sent("2026-09-16T09:00Z"), sent("2026-09-16T10:00Z"), call, BOUNCE)
    assert fact("person.last_contact", given, LATER) == "Wednesday, 16 September 2026, 10:01"
    assert fact("unanswered", given, LATER) == "2"
    other = sent("2026-09-16T10:02Z", channel="linkedin")
    assert fact("unanswered", state(INTERVIEW, sent("2026-09-16T10:00Z"), other, BOUNCE), LATER) == "1"


def test_the_address_does_not_work_after_a_bounce() -> None:
    assert fact("person.reachable_by", state(INTERVIEW, BOUNCE), "2026-09-16T10:04") == "email"
    assert fact("person.reachable_by", state(INTERVIEW, BOUNCE), LATER) == "none"


def test_a_passing_bounce_cancels_the_mail_and_leaves_the_address_in_use() -> None:
    given = state(INTERVIEW, sent("2026-09-16T10:00Z"), BOUNCE | {"passing": True})
    assert fact("unanswered", given, LATER) == "0"
    assert fact("person.reachable_by", given, LATER) == "email"


def test_a_new_address_works_though_the_old_one_bounced() -> None:
    old = {**BOUNCE, "address": "OLD@initech.example"}
    assert fact("person.reachable_by", state(INTERVIEW, old), LATER) == "email"
    same = {**BOUNCE, "address": "Dana@initech.example"}
    assert fact("person.reachable_by", state(INTERVIEW, same), LATER) == "none"


# Contacts and answers


def test_contacts_for_other_openings_count() -> None:
    given = state(INTERVIEW, elsewhere=[sent("2026-09-16T10:00Z"), {**REPLY, "at": "2026-09-18T09:00Z"}])
    assert fact("unanswered", given, "2026-09-17T09:00") == "1"
    assert fact("unanswered", given, LATER) == "0"
    assert fact("count.sent", given, LATER) == "0"


@pytest.mark.parametrize(
    ("event", "unanswered", "by_dana"),
    [
        (REPLY, 0, 0),
        ({**REPLY, "from": "hr"}, 0, 1),
        ({"type": "reply", "at": REPLY["at"]}, 0, 0),
        ({"type": "promise", "at": REPLY["at"], "by": "2026-12-01", "who": "dana"}, 0, 0),
        ({"type": "offer", "at": REPLY["at"]}, 0, 0),
        ({"type": "rejection", "at": REPLY["at"], "from": "hr"}, 0, 1),
        ({**INTERVIEW, "id": "r2", "at": REPLY["at"], "with": ["hr"]}, 0, 1),
        ({"type": "called", "at": REPLY["at"], "to": "dana", "outcome": "spoke"}, 0, 0),
        ({"type": "called", "at": REPLY["at"], "to": "dana", "outcome": "call back"}, 0, 0),
        ({"type": "called", "at": REPLY["at"], "to": "dana", "outcome": "voicemail"}, 2, 2),
        ({"type": "news", "at": REPLY["at"], "about": "a prize"}, 1, 1),
        ({"type": "absence", "at": REPLY["at"], "who": "dana", "until": "2026-09-20"}, 1, 1),
    ],
    ids=lambda value: (
        " ".join([value["type"], value.get("outcome", "")]) if isinstance(value, dict) else None
    ),
)
def test_a_contact_is_unanswered_until_they_speak(event: Plain, unanswered: int, by_dana: int) -> None:
    given = state(INTERVIEW, sent("2026-09-16T10:00Z"), event)
    assert fact("unanswered", given, LATER) == str(unanswered)
    assert fact("person.unanswered", given, LATER) == str(by_dana)


def test_a_cancelled_interview_answers_nothing() -> None:
    second = {**INTERVIEW, "id": "r2", "at": "2026-09-18T10:00Z"}
    off = {"type": "cancelled", "at": "2026-09-17T10:00Z", "interview": "r2"}
    assert fact("unanswered", state(INTERVIEW, sent("2026-09-16T10:00Z"), second), LATER) == "0"
    assert fact("unanswered", state(INTERVIEW, sent("2026-09-16T10:00Z"), second, off), LATER) == "1"


# Promises


def promise(by: str, at: str = "2026-09-15T12:00Z", who: str = "hr", **more: Any) -> Plain:
    return {"type": "promise", "at": at, "by": by, "who": who, **more}


def test_the_open_promise_with_the_earliest_date_leads() -> None:
    given = state(INTERVIEW, promise("2026-09-25"), promise("2026-09-22", who="dana"))
    assert fact("decision_date", given, "2026-09-16T12:00") == "Tuesday, 22 September 2026"
    assert fact("promise.who", given, "2026-09-16T12:00") == "dana"


def test_of_one_person_only_the_newest_promise_counts() -> None:
    given = state(INTERVIEW, promise("2026-09-20"), promise("2026-10-02", "2026-09-18T12:00Z"))
    assert fact("decision_date", given, "2026-09-17T12:00") == "Sunday, 20 September 2026"
    assert fact("decision_date", given, "2026-09-18T12:00") == "Friday, 2 October 2026"


def test_a_promise_by_nobody_in_particular_replaces_all_before_it() -> None:
    nobody = {"type": "promise", "at": "2026-09-16T12:00Z", "by": "2026-10-02"}
    given = state(INTERVIEW, promise("2026-09-22"), promise("2026-09-25", who="dana"), nobody)
    assert fact("decision_date", given, "2026-09-17T12:00") == "Friday, 2 October 2026"
    again = state(INTERVIEW, nobody, promise("2026-10-09", "2026-09-18T12:00Z"))
    assert fact("decision_date", again, LATER) == "Friday, 9 October 2026"


def test_the_latest_open_promise_is_known_too() -> None:
    given = state(INTERVIEW, promise("2026-09-25"), promise("2026-09-22", who="dana"))
    assert fact("promise.latest", given, "2026-09-16T12:00") == "Friday, 25 September 2026"


@pytest.mark.parametrize(
    ("event", "open_still"),
    [
        ({"type": "reply", "at": "2026-09-21T23:59Z"}, True),
        ({"type": "reply", "at": "2026-09-22T00:00Z"}, False),
        ({**INTERVIEW, "id": "r2", "at": "2026-10-20T10:00Z"}, False),
        ({"type": "offer", "at": "2026-09-17T09:00Z"}, False),
        ({"type": "rejection", "at": "2026-09-17T09:00Z"}, False),
        ({"type": "withdrawal", "at": "2026-09-17T09:00Z"}, False),
        ({"type": "accepted", "at": "2026-09-17T09:00Z"}, False),
        ({"type": "declined", "at": "2026-09-17T09:00Z"}, False),
        ({"type": "news", "at": "2026-09-23T09:00Z", "about": "a prize"}, True),
    ],
    ids=lambda value: value["type"] if isinstance(value, dict) else None,
)
def test_a_promise_is_open_until_something_decides(event: Plain, open_still: bool) -> None:
    found = fact("decision_date", state(INTERVIEW, promise("2026-09-22"), event), LATER)
    assert found == ("Tuesday, 22 September 2026" if open_still else "not known")


def test_an_exact_promised_time_counts_as_its_day() -> None:
    exact = state(INTERVIEW, promise("2026-09-22T15:00+00:00"))
    assert fact("decision_date", exact, LATER) == "Tuesday, 22 September 2026"


# Stages


@pytest.mark.parametrize(
    ("events", "stage"),
    [
        ([], "new"),
        ([{**INTERVIEW, "at": "2026-11-01T10:00Z"}], "invited"),
        ([INTERVIEW], "awaiting"),
        ([INTERVIEW, {**INTERVIEW, "id": "r2", "at": "2026-11-01T10:00Z"}], "invited"),
        (["offer"], "offer"),
        (["offer", "accepted"], "accepted"),
        (["offer", "declined"], "declined"),
        (["withdrawal"], "withdrawn"),
        ([{"type": "accepted", "at": "2026-09-16T09:00Z", "elsewhere": True}], "withdrawn"),
        (["rejection", "offer", "accepted", "withdrawal", "declined"], "rejected"),
        (["withdrawal", "declined", "offer"], "withdrawn"),
        (["rejection", {**INTERVIEW, "id": "r2", "at": "2026-09-20T10:00Z"}], "rejected"),
    ],
)
def test_the_stage_is_the_first_that_applies(events: list[Any], stage: str) -> None:
    made = [{"type": e, "at": "2026-09-16T09:00Z"} if isinstance(e, str) else e for e in events]
    assert plan_of({"ask": rule()}, state(*made), LATER).stage == stage


def test_a_declared_event_may_enter_a_stage() -> None:
    engine = engine_of(
        {"ask": rule()}, events={"verbal_offer": {"title": "A verbal offer", "stage": "offer", "fields": {}}}
    )
    data = state(INTERVIEW).to_dict()
    data["events"] = [*data["events"], {"type": "verbal_offer", "at": "2026-09-17T09:00Z"}]
    given = read_data(data, vocabulary=engine.vocabulary).state
    assert engine.plan(given, time("2026-09-17T08:59")).stage == "awaiting"
    assert engine.plan(given, time("2026-09-17T09:00")).stage == "offer"


# Threads

MAIL = {"message_id": "<2@initech.example>", "references": ["<1@souza.example>"], "subject": "Re: Thanks"}


def thread(*events: Plain) -> str:
    """What the channel is told of the mail that an inquiry to Dana follows."""
    given = state(INTERVIEW, *events)
    followup = plan_of({"ask": rule(to="each interviewer", intent="thanks")}, given, LATER)["ask:r1:dana"]
    return followup.draft.open if followup.draft else ""


def test_a_channel_is_told_the_last_mail_with_the_recipient() -> None:
    earlier = sent("2026-09-16T10:00Z", intent="share", message_id="<1@souza.example>")
    assert thread() == ""
    assert thread(earlier) == "<1@souza.example> "
    assert thread(earlier, {**REPLY, **MAIL}) == "<1@souza.example> <2@initech.example> Re: Thanks"
    assert (
        thread(earlier, {**REPLY, **MAIL}, sent("2026-09-18T10:00Z", intent="share", thread="<3@x>"))
        == "<3@x> "
    )


@pytest.mark.parametrize(
    "event",
    [
        {"type": "promise", "at": "2026-09-17T09:00Z", "who": "dana", "by": "2026-10-01"},
        {"type": "offer", "at": "2026-09-17T09:00Z", "from": "dana"},
        {"type": "rejection", "at": "2026-09-17T09:00Z", "from": "dana"},
    ],
)
def test_whatever_came_by_mail_has_a_thread(event: Plain) -> None:
    assert thread({**event, **MAIL}) == "<1@souza.example> <2@initech.example> Re: Thanks"


def test_a_mail_with_somebody_else_or_that_came_back_is_no_thread() -> None:
    assert thread({**REPLY, **MAIL, "from": "lee"}) == ""
    assert thread({key: value for key, value in (REPLY | MAIL).items() if key != "from"}) == ""
    bounce = {"type": "bounce", "at": "2026-09-16T10:05Z", "to": "dana"}
    assert thread(sent("2026-09-16T10:00Z", intent="share", message_id="<1@souza.example>"), bounce) == ""


# Order

EVENTS = [
    INTERVIEW,
    {**INTERVIEW, "id": "r2", "at": "2026-09-20T10:00Z", "with": ["lee"]},
    {"type": "rescheduled", "at": "2026-09-16T09:00Z", "interview": "r2", "to": "2026-09-21T10:00Z"},
    {"type": "rescheduled", "at": "2026-09-17T09:00Z", "interview": "r2", "to": "2026-09-19T10:00Z"},
    sent("2026-09-16T10:00Z"),
    sent("2026-09-16T10:00Z", "lee", "inquiry"),
    {"type": "bounce", "at": "2026-09-16T10:05Z", "to": "lee"},
    promise("2026-09-22"),
    promise("2026-09-24", "2026-09-16T12:00Z"),
    {**REPLY, "from": "lee"},
]
ENGINE = engine_of(
    {
        "ask": rule(to="each interviewer", wait="1 day", open_for="2 weeks", unless=["sent"]),
        "late": rule(after=["sent", "reply"], to=["anchor", "contact"], late="send", within="1 day"),
    }
)


@given(st.permutations(EVENTS))
def test_the_order_in_which_events_are_written_means_nothing(events: list[Plain]) -> None:
    now = time("2026-09-23T12:00")
    assert ENGINE.plan(state(*events), now) == ENGINE.plan(state(*EVENTS), now)
