"""The gate: no pack, however written, gets past the core's etiquette; more history only makes it stricter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support import INTERVIEW, PEOPLE, Plain, engine_of, plan_of, rule, sent, state, statuses, time

from followup import Engine, InterviewState, RuleError

NOON = "2026-09-15T12:00"
COURTESY = {"thanks", "decline", "feedback", "connect", "congratulate", "keep-in-touch"}
AFTER_ACCEPTANCE = COURTESY - {"feedback"} | {"clarify", "answer", "share"}
ASKING = {
    "inquiry",
    "final",
    "answer",
    "clarify",
    "correct",
    "share",
    "offer",
    "negotiate",
    "feedback",
    "ask-contact",
}
INTENTS = sorted(COURTESY | AFTER_ACCEPTANCE | ASKING)

LATCHES: dict[str, tuple[Plain, set[str]]] = {
    "a refusal": ({"type": "rejection"}, COURTESY),
    "a withdrawal": ({"type": "withdrawal"}, COURTESY),
    "declining": ({"type": "declined"}, COURTESY),
    "accepting elsewhere": ({"type": "accepted", "elsewhere": True}, COURTESY),
    "accepting": ({"type": "accepted"}, AFTER_ACCEPTANCE),
    "a wish not to be contacted": ({"type": "no_contact"}, set()),
}


def statuses_by_intent(given: InterviewState, now: str) -> dict[str, str]:
    """The status of a follow-up of each intent, each planned alone."""
    return {intent: plan_by_intent(given, now, intent) for intent in INTENTS}


@cache
def asking_for(intent: str) -> Engine:
    return engine_of({"ask": rule(intent=intent, priority=100)})


def plan_by_intent(given: InterviewState, now: str, intent: str) -> str:
    [followup] = asking_for(intent).plan(given, time(now)).followups
    return followup.status


@pytest.mark.parametrize(("event", "courtesy"), LATCHES.values(), ids=LATCHES)
def test_what_remains_after_the_end_of_an_opportunity(event: Plain, courtesy: set[str]) -> None:
    given = state(INTERVIEW, {**event, "at": "2026-09-15T11:30Z"})
    found = statuses_by_intent(given, NOON)
    assert {intent for intent, status in found.items() if status == "due"} == courtesy
    assert {status for intent, status in found.items() if intent not in courtesy} == {"moot"}


@pytest.mark.parametrize(("event", "courtesy"), LATCHES.values(), ids=LATCHES)
def test_an_interview_entered_later_reopens_nothing(event: Plain, courtesy: set[str]) -> None:
    second = {**INTERVIEW, "id": "r2", "at": "2026-09-20T10:00Z"}
    plan = plan_of(
        {"ask": rule(priority=100, late="send")},
        state({**event, "at": "2026-09-14T09:00Z"}, INTERVIEW, second), "2026-09-21T12:00",
    )  # fmt: skip
    assert set(statuses(plan).values()) == {"moot"}


def test_nothing_goes_out_where_the_instructions_say_no_contact() -> None:
    found = statuses_by_intent(state(INTERVIEW, instructions={"no_contact": True}), NOON)
    assert set(found.values()) == {"moot"}


def test_one_person_may_ask_not_to_be_contacted() -> None:
    given = state(INTERVIEW, {"type": "no_contact", "at": "2026-09-15T11:30Z", "who": "dana"})
    plan = plan_of({"ask": rule(to="each interviewer")}, given, NOON)
    assert statuses(plan) == {"ask:r1:dana": "moot", "ask:r1:lee": "due"}


def test_a_wish_not_to_be_contacted_holds_for_everybody_behind_the_address() -> None:
    people = {**PEOPLE, "lee": {"name": "Lee", "email": "DANA@initech.example"}}
    given = state(INTERVIEW, {"type": "no_contact", "at": "2026-09-15T11:30Z", "who": "lee"}, people=people)
    assert set(statuses(plan_of({"ask": rule()}, given, NOON)).values()) == {"moot"}


def test_feedback_is_asked_for_once() -> None:
    refused = {"type": "rejection", "at": "2026-09-15T11:10Z"}
    asked = sent("2026-09-15T11:20Z", "lee", "feedback", key="other:x:lee")
    rules = {"ask": rule(intent="feedback", to="each interviewer")}
    assert set(statuses(plan_of(rules, state(INTERVIEW, refused), NOON)).values()) == {"due"}
    assert statuses(plan_of(rules, state(INTERVIEW, refused, asked), NOON))["ask:r1:dana"] == "moot"


def test_tasks_for_yourself_pass_the_gate() -> None:
    for event, _ in LATCHES.values():
        given = state(INTERVIEW, {**event, "at": "2026-09-15T11:30Z"})
        keys = {"intent": "task", "to": "self", "via": "self"}
        assert set(statuses(plan_of({"ask": rule(**keys)}, given, NOON)).values()) == {"due"}


# Spacing and the cap


@pytest.mark.parametrize("intent", INTENTS)
def test_an_unanswered_contact_holds_every_other_for_a_day(intent: str) -> None:
    wrote = state(INTERVIEW, sent("2026-09-15T11:30Z", intent="other"))
    assert plan_by_intent(wrote, "2026-09-16T11:29", intent) == "held"
    assert plan_by_intent(wrote, "2026-09-16T11:30", intent) == "due"


@pytest.mark.parametrize("address", ["dana@initech.example", " DANA@initech.example"])
def test_the_day_counts_by_address_and_not_by_person(address: str) -> None:
    people = {**PEOPLE, "lee": {"name": "Lee", "email": address}}
    wrote = state(INTERVIEW, sent("2026-09-15T11:30Z", "lee", None), people=people)
    assert plan_by_intent(wrote, NOON, "inquiry") == "held"


def test_the_day_counts_what_was_sent_for_another_opening() -> None:
    wrote = state(INTERVIEW, elsewhere=[sent("2026-09-15T11:30Z")])
    assert plan_by_intent(wrote, NOON, "inquiry") == "held"


def test_an_answer_ends_the_wait() -> None:
    reply = {"type": "reply", "at": "2026-09-15T11:45Z", "from": "dana"}
    assert (
        plan_by_intent(state(INTERVIEW, sent("2026-09-15T11:30Z", intent="share"), reply), NOON, "inquiry")
        == "due"
    )


@pytest.mark.parametrize("intent", INTENTS)
def test_three_unanswered_requests_are_enough(intent: str) -> None:
    asked = [sent(f"2026-09-{day}T12:00Z", "lee", "share") for day in (16, 18, 20)]
    now = "2026-10-20T12:00"
    assert plan_by_intent(state(INTERVIEW, *asked[:2]), now, intent) in ("due", "done")
    wanted = {"held", "done"} if intent in ASKING else {"due"}
    assert plan_by_intent(state(INTERVIEW, *asked), now, intent) in wanted


# Random packs and histories


EVENTS = st.one_of(
    st.builds(
        lambda to, intent, key: {"type": "sent", "to": to, "intent": intent, **({"key": key} if key else {})},
        st.sampled_from(list(PEOPLE)), st.sampled_from(INTENTS), st.sampled_from([None, "ask-0:r1:dana"]),
    ),
    st.builds(
        lambda to, outcome: {"type": "called", "to": to, "outcome": outcome},
        st.sampled_from(list(PEOPLE)), st.sampled_from(["spoke", "voicemail", "call back"]),
    ),
    st.builds(lambda who: {"type": "reply", "from": who}, st.sampled_from(list(PEOPLE))),
    st.builds(lambda who: {"type": "bounce", "to": who}, st.sampled_from(list(PEOPLE))),
    st.builds(lambda who: {"type": "no_contact", "who": who}, st.sampled_from(list(PEOPLE))),
    st.just({**INTERVIEW, "id": "r2"}),
    st.just({"type": "promise", "by": "2026-10-02", "who": "hr"}),
    st.just({"type": "offer", "from": "dana"}),
    st.just({"type": "news", "about": "a prize"}),
    st.sampled_from([event for event, _ in LATCHES.values()]),
)  # fmt: skip


@st.composite
def histories(draw: st.DrawFn) -> list[Plain]:
    """An interview, and up to seven events in the three weeks around it."""
    found, rounds = [INTERVIEW], 0
    for event in draw(st.lists(EVENTS, max_size=7)):
        if event.get("id") == "r2" and (rounds := rounds + 1) > 1:
            continue
        at = time("2026-09-10T00:00") + timedelta(hours=draw(st.integers(0, 21 * 24)))
        found.append({**event, "at": at.isoformat()})
    return found


RULES = st.fixed_dictionaries(
    {
        "intent": st.sampled_from(INTENTS),
        "after": st.sampled_from(
            ["interview", "reply", "offer", "rejection", ["sent", "interview"], "called"]
        ),
        "to": st.sampled_from(["contact", "lead", "each interviewer", "hr", ["anchor", "hr"]]),
        "via": st.sampled_from(["email", ["phone", "email"]]),
        "priority": st.sampled_from([0, 100]),
    },
    optional={
        "wait": st.sampled_from(["0 minutes", "1 hour", "2 days"]),
        "late": st.just("send"),
        "repeat": st.sampled_from([{"every": "1 hour", "times": 5}, {"every": "1 day", "times": 4}]),
        "anchor": st.sampled_from(["first", "last"]),
        "prefer": st.just("business hours"),
        "join": st.sampled_from([["thanks"], ["inquiry", "final"]]),
    },
)
PACKS = st.lists(RULES, min_size=1, max_size=3)
SHARED: Plain = {
    "dana": {**PEOPLE["dana"], "phone": "+1 312 555 0123"},
    "lee": {**PEOPLE["lee"], "email": "Dana@Initech.example"},
    "hr": PEOPLE["hr"],
}
"""Dana and Lee read the same inbox."""
NOWS = st.integers(0, 30 * 24).map(lambda hours: time("2026-09-12T00:00") + timedelta(hours=hours))


def pack(rules: list[Plain]) -> Engine:
    """A pack of these rules and no guard; one without a legal form is not of interest."""
    try:
        return engine_of({f"ask-{n}": {"title": f"ask-{n}", **keys} for n, keys in enumerate(rules)})
    except RuleError:
        assume(False)
        raise


def closed(events: list[Plain], at: datetime, to: str) -> set[str]:
    """The intents that may still go to a person, by what happened until then: the gate said once more."""
    allowed = set(INTENTS)
    for event in events:
        if datetime.fromisoformat(event["at"]) > at:
            continue
        kind = {key: value for key, value in event.items() if key in ("type", "elsewhere")}
        courtesy = next((left for latch, left in LATCHES.values() if latch == kind), None)
        if courtesy is not None and (event.get("who") is None or address(event["who"]) == address(to)):
            allowed &= courtesy
    return allowed


def address(person: str) -> str:
    return str(SHARED[person]["email"]).casefold()


@settings(max_examples=60)
@given(PACKS, histories(), st.sampled_from(list(LATCHES)), NOWS)
def test_no_pack_gets_past_a_latch(rules: list[Plain], past: list[Plain], latch: str, now: datetime) -> None:
    events = [*past, {**LATCHES[latch][0], "at": "2026-09-12T00:00+00:00"}]
    plan = pack(rules).plan(state(*events, people=SHARED), now)
    for followup in plan.followups:
        if followup.status in ("due", "scheduled", "held", "snoozed"):
            assert followup.to is not None
            assert followup.intent in closed(events, now, followup.to.id)


@dataclass(frozen=True)
class Made:
    """A contact that was made in a simulation, or before it."""

    at: datetime
    to: str
    intent: str


@settings(max_examples=60)
@given(PACKS, histories(), NOWS)
def test_played_forward_no_pack_presses(rules: list[Plain], events: list[Plain], now: datetime) -> None:
    past = [
        event
        for event in events
        if datetime.fromisoformat(event["at"]) <= now or event["type"] == "interview"
    ]
    coming = [event for event in events if event not in past]
    engine = pack(rules)
    given = state(*past, people=SHARED)
    played = engine.simulate(
        given, now, now + timedelta(days=40), events=state(*coming, people=SHARED).events
    )
    keys = iter(played.sent)
    contacts = [
        Made(time(e["at"]), e["to"], e.get("intent", ""))
        for e in past
        if e["type"] == "sent" or e.get("outcome") == "voicemail"
    ]
    for step in played.steps:
        for happened in step.happened:
            if " → " in happened:
                rule_name, _, to, *_ = next(keys).split(":")
                made = Made(step.at, to, rules[int(rule_name[4:])]["intent"])
                heard = spoke(events, step.at)
                assert made.intent in closed(events, made.at, made.to)
                assert not pressing(contacts, made, events, heard)
                contacts.append(made)
    assert next(keys, None) is None


def spoke(events: list[Plain], at: datetime) -> list[tuple[datetime, str | None]]:
    """When the other side spoke until then, and who (None: everybody)."""
    found: list[tuple[datetime, str | None]] = []
    for event in events:
        when = datetime.fromisoformat(event["at"])
        if event["type"] == "interview":
            when += timedelta(hours=1)
            found += [(when, who) for who in event["with"] if when <= at]
        elif when <= at and event["type"] in ("reply", "promise", "offer", "rejection"):
            found.append((when, event.get("from") or event.get("who")))
        elif when <= at and event["type"] == "called" and event["outcome"] != "voicemail":
            found.append((when, event["to"]))
    return found


def pressing(
    contacts: list[Made], made: Made, events: list[Plain], heard: list[tuple[datetime, str | None]]
) -> bool:
    """Whether a contact comes within a day of an unanswered one, or is a fourth unanswered request."""
    bounced = any(event["type"] == "bounce" for event in events)
    same = [c for c in contacts if address(c.to) == address(made.to)]
    answers = [when for when, who in heard if who is None or address(who) == address(made.to)]
    fresh = [
        c for c in same
        if made.at < c.at + timedelta(days=1) and c.at <= made.at and not any(c.at < a for a in answers)
    ]  # fmt: skip
    last = max((when for when, _ in heard), default=None)
    asking = [
        c for c in contacts if c.intent not in COURTESY - {"feedback"} and (last is None or c.at > last)
    ]
    return not bounced and bool(fresh or (made.intent in ASKING and len(asking) >= 3))


STRICTER = st.one_of(
    st.builds(
        lambda to, intent: {"type": "sent", "to": to, "intent": intent},
        st.sampled_from(list(PEOPLE)), st.sampled_from(INTENTS),
    ),
    st.builds(lambda to: {"type": "called", "to": to, "outcome": "voicemail"}, st.sampled_from(list(PEOPLE))),
    st.sampled_from([*(event for event, _ in LATCHES.values()), {"type": "no_contact", "who": "dana"}]),
)  # fmt: skip


@settings(max_examples=150)
@given(
    st.sampled_from(INTENTS),
    histories(),
    st.lists(STRICTER, min_size=1, max_size=3),
    NOWS,
    st.integers(0, 240),
)
def test_more_contacts_and_more_that_stops_only_make_it_stricter(
    intent: str, events: list[Plain], more: list[Plain], now: datetime, hours: int
) -> None:
    assume(all(event.get("id") != "r2" for event in events))
    added = [{**event, "at": (now - timedelta(hours=hours)).isoformat()} for event in more]
    before = due(intent, events, now)
    after = due(intent, [*events, *added], now)
    # A refusal is also a word from them, after which courtesy need not wait.
    answered = any(event["type"] == "rejection" for event in more) and intent in COURTESY
    assert before or not after or answered


def due(intent: str, events: list[Any], now: datetime) -> bool:
    plan = asking_for(intent).plan(state(*events, people=SHARED), now)
    return plan["ask:r1:dana"].status == "due"
