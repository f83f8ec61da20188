"""Parts: several things to say to one person ride in one message where the timing allows."""

from __future__ import annotations

from typing import Any

from tests.support import INTERVIEW, PEOPLE, Plain, plan_of, rule, sent, state, statuses, time

from followup import InterviewState, Plan

NOON = "2026-09-15T12:00"
HOST_WORDS = """---
subject: Thank you
---
Dear {{ person.name }},

Thank you.
{% for part in parts %}
{{ part }}
{% endfor %}
"""
PART_WORDS = """---
subject: A question
part: You asked who is on call.
---
Dear {{ person.name }}, you asked who is on call.
"""
WORDS = {"thank": HOST_WORDS, "answer": PART_WORDS}
SENT = "2026-09-15T11:45Z"


def joined(given: InterviewState, now: str = NOON, host: Plain | None = None, **part: Any) -> Plan:
    """A thank-you within a day, and an answer that may ride in it."""
    rules = {
        "thank": rule(**{"intent": "thanks", "within": "24 hours", **(host or {})}),
        "answer": rule(**{"intent": "answer", "join": ["thanks"], **part}),
    }
    return plan_of(rules, given, now, messages=WORDS)


def test_a_part_rides_in_its_host() -> None:
    plan = joined(state(INTERVIEW))
    host, part = plan["thank:r1:dana"], plan["answer:r1:dana"]
    assert (part.status, part.host, part.at) == ("due", host.key, host.at)
    assert host.parts == (part.key,)
    assert [followup.key for followup in plan.due] == [host.key]


def test_the_words_of_a_part_stand_in_its_hosts_draft() -> None:
    plan = joined(state(INTERVIEW))
    draft = plan["thank:r1:dana"].draft
    assert draft is not None
    assert "who is on call" in draft.body
    assert plan["answer:r1:dana"].draft is None


def test_a_message_needs_no_part_to_be_drafted() -> None:
    plan = plan_of({"thank": rule(intent="thanks")}, state(INTERVIEW), NOON, messages={"thank": HOST_WORDS})
    assert plan["thank:r1:dana"].draft is not None
    assert plan["thank:r1:dana"].draft.body.rstrip().endswith("Thank you.")


def test_the_message_that_went_out_settles_its_parts() -> None:
    went = sent(SENT, key="thank:r1:dana", parts=["answer:r1:dana"])
    assert set(statuses(joined(state(INTERVIEW, went))).values()) == {"done"}


def test_a_part_that_was_left_out_of_the_message_stands_alone_after_it() -> None:
    plan = joined(state(INTERVIEW, sent(SENT, key="thank:r1:dana", parts=[])))
    assert statuses(plan) == {"thank:r1:dana": "done", "answer:r1:dana": "held"}
    assert plan["answer:r1:dana"].lifts == time("2026-09-16T11:45")


def test_a_message_that_does_not_say_what_rode_in_it_carried_what_it_could() -> None:
    assert set(statuses(joined(state(INTERVIEW, sent(SENT, key="thank:r1:dana")))).values()) == {"done"}
    early = joined(state(INTERVIEW, sent(SENT, key="thank:r1:dana")), wait="2 hours")
    assert early["answer:r1:dana"].status == "held"


def test_a_message_by_no_rule_carried_no_part() -> None:
    plan = joined(state(INTERVIEW, sent(SENT, intent="thanks")))
    assert statuses(plan) == {"thank:r1:dana": "done", "answer:r1:dana": "held"}


def test_a_part_goes_alone_once_its_host_was_missed() -> None:
    plan = joined(state(INTERVIEW), "2026-09-16T12:00")
    assert statuses(plan) == {"thank:r1:dana": "missed", "answer:r1:dana": "due"}
    assert plan["answer:r1:dana"].host is None
    assert plan["answer:r1:dana"].draft is not None


def test_a_part_whose_time_does_not_meet_the_hosts_stands_alone() -> None:
    plan = joined(state(INTERVIEW), wait="2 days")
    assert (plan["answer:r1:dana"].host, plan["answer:r1:dana"].status) == (None, "scheduled")


def test_a_part_rides_only_to_the_same_person() -> None:
    plan = joined(state(INTERVIEW), to="hr")
    assert (plan["answer:r1:hr"].host, plan["answer:r1:hr"].status) == (None, "due")
    shared = {**PEOPLE, "hr": {**PEOPLE["hr"], "email": "DANA@initech.example"}}
    assert joined(state(INTERVIEW, people=shared), to="hr")["answer:r1:hr"].host == "thank:r1:dana"


def test_a_part_rides_only_in_the_intents_that_it_names() -> None:
    assert joined(state(INTERVIEW), join=["inquiry"])["answer:r1:dana"].host is None


def test_a_part_of_which_a_fact_is_missing_stays_behind() -> None:
    lacking = PART_WORDS.replace("who is on call.", "{{ position.reference }}.")
    rules = {"thank": rule(intent="thanks"), "answer": rule(intent="answer", join=["thanks"])}
    plan = plan_of(rules, state(INTERVIEW), NOON, messages={"thank": HOST_WORDS, "answer": lacking})
    assert plan["thank:r1:dana"].status == "due"
    assert (plan["answer:r1:dana"].status, plan["answer:r1:dana"].host) == ("blocked", None)


def test_a_skipped_or_snoozed_part_does_not_ride() -> None:
    for event in ({"type": "skipped"}, {"type": "snoozed", "until": "2026-09-20"}):
        plan = joined(state(INTERVIEW, {**event, "at": SENT, "key": "answer:r1:dana"}))
        assert plan["thank:r1:dana"].parts == ()


def test_a_part_that_is_forbidden_does_not_ride() -> None:
    rules = {"thank": rule(intent="thanks"), "answer": rule(intent="answer", join=["thanks"])}
    guards = {"never": {"for": {"intent": "answer"}, "forbid": True}}
    plan = plan_of(rules, state(INTERVIEW), NOON, messages=WORDS, guards=guards)
    assert plan["thank:r1:dana"].parts == ()
    assert plan["answer:r1:dana"].status == "held"


def test_a_part_waits_with_its_host() -> None:
    plan = joined(state(INTERVIEW), host={"wait": "3 hours"})
    assert (plan["answer:r1:dana"].status, plan["answer:r1:dana"].at) == (
        "scheduled",
        time("2026-09-15T14:00"),
    )


def test_the_host_that_may_go_first_carries_the_part() -> None:
    rules = {
        "later": rule(intent="inquiry", wait="2 days", priority=10),
        "sooner": rule(intent="thanks", wait="1 day"),
        "answer": rule(intent="answer", join=["thanks", "inquiry"]),
    }
    plan = plan_of(rules, state(INTERVIEW), NOON)
    assert plan["answer:r1:dana"].host == "sooner:r1:dana"


def test_a_part_displaces_nothing() -> None:
    plan = joined(state(INTERVIEW), priority=100)
    assert plan["thank:r1:dana"].status == "due"


def test_a_part_without_a_host_rides_in_a_part_of_higher_priority_that_goes_alone() -> None:
    rules = {
        "correct": rule(intent="correct", join=["thanks"], priority=1),
        "answer": rule(intent="answer", join=["thanks", "correct"]),
    }
    plan = plan_of(rules, state(INTERVIEW), NOON, messages={"correct": HOST_WORDS, "answer": PART_WORDS})
    host, part = plan["correct:r1:dana"], plan["answer:r1:dana"]
    assert (part.status, part.host, host.parts) == ("due", host.key, (part.key,))
    assert host.draft is not None
    assert "who is on call" in host.draft.body


def test_a_part_rides_in_no_part_that_rides_itself() -> None:
    rules = {
        "thank": rule(intent="thanks", within="24 hours"),
        "correct": rule(intent="correct", join=["thanks"], priority=1),
        "answer": rule(intent="answer", join=["correct"]),
    }
    plan = plan_of(rules, state(INTERVIEW), NOON, messages={"thank": HOST_WORDS, "answer": PART_WORDS})
    assert plan["correct:r1:dana"].host == "thank:r1:dana"
    assert plan["answer:r1:dana"].host is None
