"""Plans: every status with the smallest state that has it, windows, what settles, when it changes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator
from tests.support import (
    EXAMPLES,
    INTERVIEW,
    PEOPLE,
    ROOT,
    Plain,
    builtin_engine,
    engine_of,
    plan_of,
    rule,
    sent,
    state,
    statuses,
    time,
)

from followup import Engine, FollowUp, InterviewState, RuleError, UsageError
from followup.plan import telling

NOON = "2026-09-15T12:00"
"""An hour after the interview."""
REPLY: Plain = {"type": "reply", "at": "2026-09-16T09:00Z", "from": "dana"}
SKIPPED: Plain = {"type": "skipped", "at": "2026-09-15T11:30Z", "key": "ask:r1:dana"}
SNOOZED: Plain = {**SKIPPED, "type": "snoozed", "until": "2026-09-17"}


def only(
    given: InterviewState, now: str, *, guards: Any = None, messages: Any = None, **keys: Any
) -> FollowUp:
    """The one follow-up of a pack with the one rule `ask`."""
    [found] = plan_of({"ask": rule(**keys)}, given, now, guards=guards, messages=messages).followups
    return found


# Statuses


def test_what_may_go_out_now_is_due() -> None:
    found = only(state(INTERVIEW), NOON)
    assert (found.status, found.channel, found.at) == ("due", "email", time(NOON))
    assert found.draft is not None
    assert found.draft.subject == "A subject"


def test_what_opens_later_is_scheduled() -> None:
    found = only(state(INTERVIEW), NOON, wait="1 week")
    assert (found.status, found.opens, found.at) == ("scheduled", *[time("2026-09-22T11:00")] * 2)


def test_what_a_guard_holds_is_held_until_it_lifts_and_says_why() -> None:
    hold = {"hold": {"until": "instructions.wait_until"}, "because": "they asked for time"}
    wait = state(INTERVIEW, instructions={"wait_until": "2026-09-21"})
    found = only(wait, NOON, guards={"patience": hold})
    assert (found.status, found.lifts) == ("held", time("2026-09-21T00:00"))
    assert any(r.name == "patience" and "they asked for time" in r.text for r in found.reasons)


def test_what_may_never_go_out_is_held_without_an_end() -> None:
    found = only(state(INTERVIEW), NOON, guards={"never": {"forbid": True}})
    assert (found.status, found.lifts, found.at) == ("held", None, None)


def test_what_lacks_an_address_is_blocked_and_names_it() -> None:
    found = only(state(INTERVIEW, people={"dana": {"name": "Dana"}, "lee": {}}), NOON)
    assert (found.status, found.needs) == ("blocked", ("people.dana.email",))


def test_what_has_nobody_to_go_to_is_blocked() -> None:
    found = only(state(INTERVIEW, people=PEOPLE), NOON, to="recruiter")
    assert (found.key, found.status, found.needs, found.to) == ("ask:r1:-", "blocked", ("people",), None)


def test_what_depends_on_a_fact_that_is_not_known_is_blocked_and_asks_for_it() -> None:
    plan = plan_of({"ask": rule(when={"company.culture": "relaxed"})}, state(INTERVIEW), NOON)
    assert (plan["ask:r1:dana"].status, plan["ask:r1:dana"].needs) == ("blocked", ("company.culture",))
    [question] = plan.questions
    assert (question.fact, question.rules) == ("company.culture", ("ask",))


def test_what_has_words_that_need_an_unknown_fact_is_blocked() -> None:
    message = "---\nsubject: x\n---\nDear {{ person.name }}, about {{ position.reference }}.\n"
    found = only(state(INTERVIEW), NOON, messages={"ask": message})
    assert (found.status, found.needs, found.draft) == ("blocked", ("position.reference",), None)


def test_what_was_sent_is_done() -> None:
    assert only(state(INTERVIEW, sent("2026-09-15T11:30Z", key="ask:r1:dana")), NOON).status == "done"


def test_what_an_event_overtook_is_moot_and_says_by_which() -> None:
    found = only(state(INTERVIEW, REPLY), "2026-09-16T09:00", unless=["reply"])
    assert found.status == "moot"
    assert any(r.name == "reply" and "Dana Whitfield" in r.text for r in found.reasons)


@pytest.mark.parametrize(
    ("events", "told"),
    [
        (
            [sent("2026-09-15T11:30Z", intent="inquiry", key="ask:r1:dana")],
            "done on Tuesday, 15 September 2026",
        ),
        ([SKIPPED], "skipped"),
        ([SNOOZED], "you put it off"),
        ([REPLY], "reply on Wednesday, 16 September, Dana Whitfield: it is no longer needed"),
    ],
    ids=str,
)
def test_what_is_settled_tells_what_settled_it(events: list[Plain], told: str) -> None:
    found = only(state(INTERVIEW, *events), "2026-09-16T12:00", unless=["reply"])
    reason = telling(found.status, found.reasons)
    assert reason is not None
    assert told in reason.text


def test_times_in_reasons_are_the_candidates() -> None:
    away = state(INTERVIEW, company={"name": "Initech", "timezone": "America/Chicago"})
    found = only(away, NOON, within="2 days")
    assert found.closes == time("2026-09-17T11:00")
    assert any("Thursday, 17 September 2026, 11:00" in reason.text for reason in found.reasons)


def test_what_has_had_its_time_is_missed() -> None:
    assert only(state(INTERVIEW), "2026-09-16T10:59", within="24 hours").status == "due"
    assert only(state(INTERVIEW), "2026-09-16T11:00", within="24 hours").status == "missed"


def test_what_was_skipped_stays_skipped() -> None:
    assert only(state(INTERVIEW, SKIPPED), NOON).status == "skipped"


def test_what_was_snoozed_comes_back_when_the_day_begins() -> None:
    found = only(state(INTERVIEW, SNOOZED), NOON)
    assert (found.status, found.lifts) == ("snoozed", time("2026-09-17T00:00"))
    assert only(state(INTERVIEW, SNOOZED), "2026-09-17T00:00").status == "due"


def test_a_key_that_is_no_follow_ups_is_noted() -> None:
    misspelt = {**SKIPPED, "key": "aks:r1:dana"}
    plan = plan_of({"ask": rule()}, state(INTERVIEW, misspelt), NOON)
    assert plan["ask:r1:dana"].status == "due"
    assert any("aks:r1:dana" in note for note in plan.notes)


def test_a_rule_whose_condition_fails_says_so_and_proposes_nothing() -> None:
    plan = plan_of({"ask": rule(when={"rounds": 2})}, state(INTERVIEW), NOON)
    assert plan.followups == ()
    [silent] = plan.silent
    assert silent.rule == "ask"
    assert "rounds" in silent.reasons[0].text


def test_a_rule_that_awaits_an_event_says_for_which() -> None:
    [silent] = plan_of({"ask": rule(after="offer", to="contact")}, state(INTERVIEW), NOON).silent
    assert "offer" in silent.reasons[0].text


# Windows


@pytest.mark.parametrize(
    ("keys", "opens", "closes"),
    [
        ({}, "2026-09-15T11:00", None),
        ({"wait": "90 minutes"}, "2026-09-15T12:30", None),
        ({"wait": "1 day", "within": "3 days"}, "2026-09-16T11:00", "2026-09-18T11:00"),
        ({"wait": "1 day", "open_for": "3 days"}, "2026-09-16T11:00", "2026-09-19T11:00"),
        ({"wait": "4 business days"}, "2026-09-21T11:00", None),
    ],
    ids=str,
)
def test_a_window_counts_from_the_end_of_the_interview(keys: Plain, opens: str, closes: str | None) -> None:
    found = only(state(INTERVIEW), NOON, **keys)
    assert (found.opens, found.closes) == (time(opens), time(closes) if closes else None)


def test_a_window_may_count_from_a_known_moment() -> None:
    promise = {"type": "promise", "at": "2026-09-15T12:00Z", "by": "2026-09-18", "who": "hr"}
    keys = {"after": "promise", "from": "decision_date", "wait": "1 business day", "to": "anchor"}
    plan = plan_of({"ask": rule(**keys)}, state(INTERVIEW, promise), NOON)
    [found] = plan.followups
    assert found.opens == time("2026-09-21T00:00")
    given = state(INTERVIEW, promise, {**REPLY, "at": "2026-09-18T09:00Z"})
    assert plan_of({"ask": rule(**keys)}, given, "2026-09-18T10:00").followups == ()


HOLD: Plain = {"wait": {"hold": {"until": "instructions.wait_until"}}}
WAITING = state(INTERVIEW, instructions={"wait_until": "2026-09-21"})


def test_a_deadline_stands_whatever_holds_the_follow_up() -> None:
    assert only(WAITING, NOON, guards=HOLD, within="2 days").status == "held"
    assert only(WAITING, "2026-09-17T11:00", guards=HOLD, within="2 days").status == "missed"


def test_a_hold_moves_a_window_that_has_a_length() -> None:
    held = only(WAITING, NOON, guards=HOLD, open_for="2 days")
    assert (held.status, held.lifts, held.closes) == ("held", *map(time, ("2026-09-21", "2026-09-23")))
    assert only(WAITING, "2026-09-22T23:59", guards=HOLD, open_for="2 days").status == "due"
    assert only(WAITING, "2026-09-23T00:00", guards=HOLD, open_for="2 days").status == "missed"


def test_two_holds_lift_when_both_have() -> None:
    guards = {**HOLD, "weekdays": {"hold": {"outside": "weekends"}}}
    assert only(WAITING, NOON, guards=guards).lifts == time("2026-09-26T00:00")


def test_a_hold_lasts_while_its_condition_holds() -> None:
    guards = {"quiet": {"hold": {"while": {"silence": {"less_than": "2 days"}}}}}
    assert only(state(INTERVIEW), NOON, guards=guards).lifts == time("2026-09-17T11:00")


def test_a_hold_adds_time_to_a_day() -> None:
    guards = {"wait": {"hold": {"until": "instructions.wait_until", "plus": "1 business day"}}}
    assert only(WAITING, NOON, guards=guards).lifts == time("2026-09-22T00:00")


def test_a_guard_concerns_only_what_its_for_and_when_match() -> None:
    for name in (
        {"for": {"intent": "thanks"}},
        {"for": {"rule": {"not_in": ["ask"]}}},
        {"when": {"rounds": 2}},
    ):
        assert only(state(INTERVIEW), NOON, guards={"never": {"forbid": True, **name}}).status == "due"
    for name in ({"for": {"intent": "inquiry"}}, {"when": {"rounds": 1}}):
        assert only(state(INTERVIEW), NOON, guards={"never": {"forbid": True, **name}}).status == "held"


def test_a_guard_leaves_tasks_alone_unless_it_names_them() -> None:
    task = {"intent": "task", "to": "self", "via": "self"}
    assert only(state(INTERVIEW), NOON, guards={"never": {"forbid": True}}, **task).status == "due"
    named = {"forbid": True, "for": {"to": "self"}}
    assert only(state(INTERVIEW), NOON, guards={"never": named}, **task).status == "held"


def test_late_follow_ups_go_out_after_their_window() -> None:
    assert only(state(INTERVIEW), "2026-10-15T12:00", within="1 day", late="send").status == "due"


def test_preferred_hours_move_the_time_but_not_the_status() -> None:
    found = only(state(INTERVIEW), "2026-09-15T20:00", prefer="business hours")
    assert (found.status, found.at) == ("due", time("2026-09-16T09:00"))


def test_preferred_hours_give_way_to_a_deadline() -> None:
    friday = state({**INTERVIEW, "at": "2026-09-18T18:00Z"})
    found = only(friday, "2026-09-18T20:00", within="24 hours", prefer="business hours")
    assert (found.status, found.at) == ("due", time("2026-09-18T20:00"))


# Anchors


def test_each_first_or_last_event_may_be_the_anchor() -> None:
    second = {**INTERVIEW, "id": "r2", "at": "2026-09-17T10:00Z"}
    for anchor, keys in (
        ("each", {"ask:r1:dana", "ask:r2:dana"}), ("first", {"ask:r1:dana"}), ("last", {"ask:r2:dana"})
    ):  # fmt: skip
        plan = plan_of({"ask": rule(anchor=anchor)}, state(INTERVIEW, second), "2026-09-20T12:00")
        assert statuses(plan).keys() == keys


def test_first_and_last_pass_a_cancelled_interview_over() -> None:
    second = {**INTERVIEW, "id": "r2", "at": "2026-09-17T10:00Z"}
    off = {"type": "cancelled", "at": "2026-09-16T10:00Z", "interview": "r2"}
    plan = plan_of({"ask": rule(anchor="last")}, state(INTERVIEW, second, off), "2026-09-20T12:00")
    assert statuses(plan) == {"ask:r1:dana": "due"}


def test_the_first_pattern_that_has_an_event_gives_the_anchor() -> None:
    keys = {"after": [{"sent": "thanks"}, "interview"], "wait": "1 week"}
    assert only(state(INTERVIEW), NOON, **keys).opens == time("2026-09-22T11:00")
    thanked = state(INTERVIEW, sent("2026-09-16T08:00Z"))
    assert only(thanked, "2026-09-16T12:00", **keys).opens == time("2026-09-23T08:00")


def test_only_an_event_after_the_anchor_stops_a_follow_up() -> None:
    for at, status in (("09:00", "due"), ("10:00", "due"), ("10:01", "moot")):
        reply = {**REPLY, "at": f"2026-09-15T{at}Z"}
        assert only(state(INTERVIEW, reply), NOON, unless=["reply"]).status == status


def test_a_new_interview_makes_the_old_inquiry_moot() -> None:
    ahead = {**INTERVIEW, "id": "r2", "at": "2026-10-15T10:00Z"}
    found = only(state(INTERVIEW, ahead), NOON, unless=["interview"], anchor="first")
    assert found.status == "moot"


# To whom, by what


def test_the_line_of_candidates_ends_with_whoever_can_be_reached() -> None:
    people = {**PEOPLE, "dana": {"name": "Dana", "role": "hiring manager"}}
    keys = {"to": ["lead", "hr"]}
    assert only(state(INTERVIEW, people=people), NOON, **keys).key == "ask:r1:hr"
    assert only(state(INTERVIEW), NOON, **keys).key == "ask:r1:dana"


PROMISE: Plain = {"type": "promise", "at": "2026-09-15T11:30Z", "by": "2026-10-01", "who": "hr"}


@pytest.mark.parametrize(
    ("changes", "person"),
    [
        ({"instructions": {"contact": "lee"}}, "lee"),
        ({"events": [INTERVIEW, PROMISE]}, "hr"),
        ({"people": {**PEOPLE, "rec": {"role": "Senior Recruiter", "email": "rec@initech.example"}}}, "rec"),
        ({}, "dana"),
        ({"people": {**PEOPLE, "dana": {"name": "Dana", "email": "dana@initech.example"}}}, "dana"),
    ],
    ids=["instructions", "who promised", "recruiter", "hiring manager", "met last"],
)  # fmt: skip
def test_the_contact_is_whoever_speaks_for_the_company(changes: Plain, person: str) -> None:
    given = (
        state(**{"events": [INTERVIEW], **changes}) if "events" in changes else state(INTERVIEW, **changes)
    )
    assert only(given, NOON, to="contact").key == f"ask:r1:{person}"


def test_a_guard_may_route_to_whom_they_named() -> None:
    given = state(INTERVIEW, instructions={"contact": "hr"})
    assert only(given, NOON, guards={"route": {"route": {"to": "instructions.contact"}}}).key == "ask:r1:hr"


PHONE: Plain = {**PEOPLE, "dana": {**PEOPLE["dana"], "phone": "+1 312 555 0123", "rapport": "friendly"}}


def test_the_first_channel_that_reaches_the_person_is_taken() -> None:
    given = state(INTERVIEW, people={"dana": {"name": "Dana", "phone": "+1 312 555 0123"}, "lee": {}})
    assert only(given, NOON, via=["email", "phone"]).channel == "phone"
    assert only(state(INTERVIEW, people=PHONE), NOON, via=["phone", "email"]).channel == "phone"


def test_a_channel_is_used_only_where_it_suits() -> None:
    via = [{"phone": {"person.rapport": "friendly"}}, "email"]
    assert only(state(INTERVIEW, people=PHONE), NOON, via=via).channel == "phone"
    cool = {**PHONE, "dana": {**PHONE["dana"], "rapport": "distant"}}
    assert only(state(INTERVIEW, people=cool), NOON, via=via).channel == "email"


def test_when_no_channel_suits_yet_the_follow_up_waits_for_one() -> None:
    found = only(state(INTERVIEW, people=PHONE), NOON, via=[{"phone": {"silence": {"at_least": "2 days"}}}])
    assert (found.status, found.opens) == ("scheduled", time("2026-09-17T11:00"))


def test_the_length_of_the_window_counts_from_when_a_channel_suits() -> None:
    via = [{"phone": {"silence": {"at_least": "2 days"}}}]
    found = only(state(INTERVIEW, people=PHONE), NOON, via=via, open_for="1 day")
    assert found.closes == time("2026-09-18T11:00")


def test_another_channel_keeps_the_waits_of_the_rule() -> None:
    bounced = state(
        INTERVIEW, sent("2026-09-15T11:30Z"), {"type": "bounce", "at": "2026-09-15T11:31Z", "to": "dana"},
        people=PHONE,
    )  # fmt: skip
    found = only(bounced, NOON, via=["email", "phone"], wait="1 week")
    assert (found.channel, found.status, found.opens) == ("phone", "scheduled", time("2026-09-22T11:00"))


def test_a_channel_that_they_ruled_out_is_not_used() -> None:
    guards = {"channels": {"forbid": {"channel": {"not_in": "instructions.channels"}}}}
    given = state(INTERVIEW, people=PHONE, instructions={"channels": ["email"]})
    assert only(given, NOON, guards=guards, via=["phone", "email"]).channel == "email"
    assert only(given, NOON, guards=guards, via="phone").status == "held"


def test_a_channel_carries_only_its_intents() -> None:
    people = {**PEOPLE, "dana": {"name": "Dana", "linkedin": "https://linkedin.example/dana"}}
    given = state(INTERVIEW, people=people)
    assert only(given, NOON, via=["linkedin", "email"], intent="connect").channel == "linkedin"
    with pytest.raises(RuleError, match="`linkedin` cannot carry `inquiry`"):
        only(given, NOON, via=["linkedin", "email"])


# What settles


@pytest.mark.parametrize(
    ("event", "status"),
    [
        (sent("2026-09-15T11:30Z", intent="inquiry"), "done"),
        (sent("2026-09-15T11:30Z", intent="inquiry", key="a-rule-of-old:r1:dana"), "done"),
        (sent("2026-09-15T11:30Z", "lee", intent="inquiry"), "done"),
        (sent("2026-09-15T11:30Z", intent="thanks"), "held"),
        (sent("2026-09-15T09:30Z", intent="inquiry"), "due"),
        (sent("2026-09-15T11:30Z", intent="inquiry", key="ask:other:dana"), "held"),
        ({**sent("2026-09-15T11:30Z", intent="inquiry"), "type": "called", "outcome": "call back"}, "due"),
        ({**sent("2026-09-15T11:30Z", intent="inquiry"), "type": "called", "outcome": "voicemail"}, "done"),
    ],
    ids=["intent", "old key", "colleague", "other intent", "before", "other round", "call back", "voicemail"],
)  # fmt: skip
def test_what_settles_a_follow_up(event: Plain, status: str) -> None:
    assert only(state(INTERVIEW, event), NOON).status == status


def test_what_went_out_for_another_opening_settles_nothing_here() -> None:
    given = state(INTERVIEW, elsewhere=[sent("2026-09-15T11:30Z", intent="inquiry", key="ask:r1:dana")])
    assert only(given, NOON).status == "held"


def test_each_interviewer_is_settled_alone() -> None:
    keys = {"to": "each interviewer", "intent": "thanks"}
    plan = plan_of({"ask": rule(**keys)}, state(INTERVIEW, sent("2026-09-15T11:30Z", "lee")), NOON)
    assert statuses(plan) == {"ask:r1:dana": "due", "ask:r1:lee": "done"}


def test_a_bounce_takes_back_what_was_done() -> None:
    bounce = {"type": "bounce", "at": "2026-09-15T11:31Z", "to": "dana", "address": "old@initech.example"}
    assert only(state(INTERVIEW, sent("2026-09-15T11:30Z", key="ask:r1:dana"), bounce), NOON).status == "due"


def test_a_task_is_done_when_you_say_so() -> None:
    done = {"type": "done", "at": "2026-09-15T11:30Z", "key": "ask:r1:self"}
    keys = {"intent": "task", "to": "self", "via": "self"}
    assert only(state(INTERVIEW), NOON, **keys).status == "due"
    assert only(state(INTERVIEW, done), NOON, **keys).status == "done"


# Several at once


def test_of_two_with_one_wish_the_higher_priority_stands_and_the_other_names_it() -> None:
    rules = {"ask": rule(), "better": rule(priority=10)}
    plan = plan_of(rules, state(INTERVIEW), NOON)
    assert statuses(plan) == {"better:r1:dana": "due", "ask:r1:dana": "held"}
    assert any("better:r1:dana" in reason.text for reason in plan["ask:r1:dana"].reasons)
    said = state(INTERVIEW, sent("2026-09-15T11:30Z", intent="inquiry", key="better:r1:dana"))
    assert statuses(plan_of(rules, said, NOON)) == {"better:r1:dana": "done", "ask:r1:dana": "moot"}


def test_follow_ups_to_one_person_are_placed_a_day_apart() -> None:
    rules = {"thank": rule(intent="thanks", priority=10), "ask": rule()}
    plan = plan_of(rules, state(INTERVIEW), NOON)
    assert plan["ask:r1:dana"].at == time("2026-09-16T12:00")


def test_follow_ups_to_different_people_do_not_wait_for_each_other() -> None:
    plan = plan_of({"ask": rule(to="each interviewer")}, state(INTERVIEW), NOON)
    assert {f.status for f in plan.followups} == {"due"}


def test_spacing_counts_the_last_contact_that_stays_unanswered() -> None:
    guards = {"spacing": {"space": {"person": "3 days"}}}
    wrote = state(INTERVIEW, sent("2026-09-15T11:30Z"))
    assert only(wrote, NOON, guards=guards).lifts == time("2026-09-18T11:30")
    answered = state(INTERVIEW, sent("2026-09-15T11:30Z"), {**REPLY, "at": "2026-09-15T11:45Z"})
    assert only(answered, NOON, guards=guards).status == "due"


def test_spacing_across_the_company_excepts_what_it_says() -> None:
    guards = {"spacing": {"space": {"company": {"by": "3 days", "except": ["thanks"]}}}}
    assert only(state(INTERVIEW, sent("2026-09-15T11:30Z", "lee")), NOON, guards=guards).status == "due"
    shared = state(INTERVIEW, sent("2026-09-15T11:30Z", "lee", "share"))
    assert only(shared, NOON, guards=guards).lifts == time("2026-09-18T11:30")
    assert only(shared, NOON, guards=guards, intent="thanks").status == "due"


def test_a_cap_may_be_lower_than_the_gates() -> None:
    guards = {"enough": {"cap": {"unanswered": 1}}}
    found = only(state(INTERVIEW, sent("2026-09-15T11:30Z", "lee", "share")), NOON, guards=guards)
    assert (found.status, found.lifts) == ("held", None)


# Repetition


def test_a_repetition_follows_what_was_sent() -> None:
    keys = {"repeat": {"every": "1 week", "times": 3}, "intent": "keep-in-touch"}
    assert list(statuses(plan_of({"ask": rule(**keys)}, state(INTERVIEW), NOON))) == ["ask:r1:dana"]
    once = state(INTERVIEW, sent("2026-09-16T10:00Z", intent="keep-in-touch", key="ask:r1:dana"))
    plan = plan_of({"ask": rule(**keys)}, once, "2026-09-16T12:00")
    assert statuses(plan) == {"ask:r1:dana": "done", "ask:r1:dana:2": "scheduled"}
    assert plan["ask:r1:dana:2"].opens == time("2026-09-23T10:00")


def test_a_repetition_follows_what_was_missed_and_ends() -> None:
    keys = {"repeat": {"every": "1 week", "times": 2}, "open_for": "1 day"}
    plan = plan_of({"ask": rule(**keys)}, state(INTERVIEW), "2026-09-17T12:00")
    assert statuses(plan) == {"ask:r1:dana": "missed", "ask:r1:dana:2": "scheduled"}
    plan = plan_of({"ask": rule(**keys)}, state(INTERVIEW), "2026-10-17T12:00")
    assert statuses(plan) == {"ask:r1:dana": "missed", "ask:r1:dana:2": "missed"}


# The plan as a whole


@cache
def built_in() -> Engine:
    return builtin_engine()


@cache
def examples() -> list[InterviewState]:
    return [InterviewState.from_yaml(path) for path in EXAMPLES]


@st.composite
def views(draw: st.DrawFn) -> tuple[InterviewState, datetime]:
    """An example at some moment from its first event to two months after its last."""
    found = draw(st.sampled_from(examples()))
    times = [event.at for event in found.events]
    return found, min(times) + (max(times) + timedelta(days=60) - min(times)) * draw(st.floats(0, 1))


def bare(given: InterviewState, now: datetime) -> dict[str, str]:
    return statuses(built_in().plan(given, now, drafts=False, reasons=False))


@settings(max_examples=80)
@given(views(), st.floats(0, 1))
def test_the_next_change_is_exact(view: tuple[InterviewState, datetime], part: float) -> None:
    given, now = view
    change = built_in().plan(given, now, drafts=False).next_change
    before = bare(given, now)
    if change is None:
        assert bare(given, now + timedelta(days=1 + 4000 * part)) == before
        return
    assert bare(given, change) != before
    assert bare(given, change - timedelta(microseconds=1)) == before
    assert bare(given, now + (change - now) * part * 0.999) == before


def test_the_next_change_tells_when_what_is_over_would_have_gone_to_somebody_else() -> None:
    people = {**PEOPLE, "dana": {**PEOPLE["dana"], "phone": "+1 312 555 0100"}}
    via = [{"email": {"silence": {"at_most": "1 hour"}}}, "phone"]
    engine = engine_of({"ask": rule(to=["hr", "lead"], via=via)})
    given = state(INTERVIEW, people=people, instructions={"no_contact": True})
    plan = engine.plan(given, time("2026-09-15T11:00Z"))
    assert statuses(plan) == {"ask:r1:hr": "moot"}
    assert plan.next_change is not None
    before = engine.plan(given, plan.next_change - timedelta(microseconds=1))
    assert statuses(before) == statuses(plan)
    assert statuses(engine.plan(given, plan.next_change)) == {"ask:r1:dana": "moot"}


def test_the_next_change_tells_when_a_rule_that_is_silent_would_turn_to_somebody_else() -> None:
    people = {**PEOPLE, "dana": {**PEOPLE["dana"], "phone": "+1 312 555 0100"}}
    via = [{"email": {"silence": {"at_most": "1 hour"}}}, "phone"]
    engine = engine_of({"ask": rule(to=["hr", "lead"], via=via, when={"person.role": "hiring manager"})})
    given = state(INTERVIEW, people=people)
    plan = engine.plan(given, time("2026-09-15T11:00Z"))
    assert statuses(plan) == {}
    assert plan.next_change is not None
    assert statuses(engine.plan(given, plan.next_change - timedelta(microseconds=1))) == {}
    assert statuses(engine.plan(given, plan.next_change)) == {"ask:r1:dana": "due"}


def test_the_next_change_is_found_behind_any_number_of_office_hours() -> None:
    via = [{"email": {"now": {"during": "business hours"}}}]
    engine = engine_of({"ask": rule(via=via)}, {"wait": {"hold": {"until": "instructions.wait_until"}}})
    given = state(INTERVIEW, instructions={"wait_until": "2028-09-15"})
    plan = engine.plan(given, time(NOON))
    assert statuses(plan) == {"ask:r1:dana": "held"}
    assert plan.next_change is not None
    assert plan.next_change.date().isoformat() == "2028-09-14"
    before = engine.plan(given, plan.next_change - timedelta(microseconds=1))
    assert statuses(before) == statuses(plan)
    assert statuses(engine.plan(given, plan.next_change)) == {"ask:r1:dana": "scheduled"}


def test_the_next_change_tells_when_what_nothing_lets_go_comes_to_depend_on_what_is_not_known() -> None:
    either = [{"not": {"last_contact": {"older_than": "2 days"}}}, {"person.rapport": "friendly"}]
    engine = engine_of({"ask": rule(when={"any": either})}, {"never": {"forbid": True}})
    given = state(INTERVIEW, sent("2026-09-15T12:00Z", intent="clarify"))
    plan = engine.plan(given, time("2026-09-16T12:00Z"))
    assert (statuses(plan), plan.next_change) == ({"ask:r1:dana": "held"}, time("2026-09-17T12:00Z"))
    assert statuses(engine.plan(given, time("2026-09-17T12:00Z"))) == {"ask:r1:dana": "blocked"}


@settings(max_examples=40)
@given(views())
def test_a_plan_is_valid_against_its_schema(view: tuple[InterviewState, datetime]) -> None:
    plan = built_in().plan(*view)
    schema = json.loads((ROOT / "schemas" / "plan.schema.json").read_text("utf-8"))
    Draft7Validator(schema).validate(json.loads(plan.to_json()))


@settings(max_examples=40)
@given(views())
def test_a_plan_without_drafts_or_reasons_has_the_same_statuses(
    view: tuple[InterviewState, datetime],
) -> None:
    assert bare(*view) == statuses(built_in().plan(*view))


@settings(max_examples=40)
@given(views())
def test_what_is_due_has_words_a_channel_and_somebody_to_go_to(view: tuple[InterviewState, datetime]) -> None:
    for followup in built_in().plan(*view).due:
        assert followup.draft is not None
        assert followup.channel in built_in().channels
        assert followup.to is not None


def test_now_must_be_aware() -> None:
    with pytest.raises(UsageError, match="time zone"):
        built_in().plan(state(INTERVIEW), datetime(2026, 9, 15, 12))


def test_a_follow_up_is_found_by_its_key() -> None:
    plan = plan_of({"ask": rule()}, state(INTERVIEW), NOON)
    assert plan["ask:r1:dana"].rule == "ask"
    with pytest.raises(KeyError):
        plan["ask:r9:dana"]


def test_an_engine_with_nothing_plans_nothing() -> None:
    plan = Engine.load(builtin=False, plugins=False).plan(state(INTERVIEW), time(NOON))
    assert (plan.followups, plan.next_change, plan.stage) == ((), None, "awaiting")
    assert engine_of({"ask": rule()}).plan(state(), time(NOON)).followups == ()


def test_a_rule_may_act_before_an_interview_by_counting_from_when_it_became_known() -> None:
    prepare = rule(
        intent="task",
        to="self",
        via="self",
        from_="occasion.announced",
        when={"occasion.at": {"within": "1 day"}},
    )
    for arranged in ({}, {"arranged": "2026-09-10T10:00Z"}):
        ahead = state({**INTERVIEW, **arranged})
        found = {
            day: statuses(plan_of({"prepare": prepare}, ahead, f"2026-09-{day}")).get("prepare:r1:self")
            for day in ("12T12:00", "14T12:00", "15T10:30")
        }
        assert found == {"12T12:00": "scheduled", "14T12:00": "due", "15T10:30": "missed"}
