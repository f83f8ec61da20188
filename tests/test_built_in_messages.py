"""The built-in messages as whoever gets them reads them: whole, short, and saying nothing twice."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support import INTERVIEW, PEOPLE, Plain, builtin_engine, sent, state, time

from followup import Draft, FollowUp, Plan

CANDIDATE: Plain = {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "UTC"}
GERMAN: Plain = {"name": "Initech", "timezone": "UTC", "language": "de"}
NEWS: Plain = {"type": "news", "id": "n1", "at": "2026-09-21T10:00Z", "about": "you opened an office"}
QUESTIONS: Plain = {"questions": ["how long onboarding takes"]}


def interview(**more: Any) -> Plain:
    return {**INTERVIEW, "with": ["dana"], **more}


def planned(*events: Plain, at: str, **changes: Any) -> Plan:
    return builtin_engine().plan(state(*events, people=PEOPLE, **changes), time(at))


def found_of(plan: Plan, rule: str) -> FollowUp:
    return next(found for found in plan.followups if found.rule == rule and found.draft is not None)


def words_of(plan: Plan, rule: str) -> Draft:
    draft = found_of(plan, rule).draft
    assert draft is not None
    return draft


def test_every_message_in_which_parts_may_ride_shows_them() -> None:
    engine = builtin_engine()
    joined = {intent for rule in engine.rules.values() for intent in rule.join}
    for rule in engine.rules.values():
        if rule.intent in joined and rule.message is not None:
            for message in (rule.message, *rule.message.translations.values()):
                for wording in (message, *message.wordings):
                    assert "parts" in wording.templates["body"], f"{rule.name}: {wording.name}"


@pytest.mark.parametrize("culture", ["formal", "relaxed"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_an_inquiry_and_a_last_question_with_two_parts_are_short_enough(language: str, culture: str) -> None:
    company = {"name": "Initech", "timezone": "UTC", "language": language, "culture": culture}
    thanked = (interview(**QUESTIONS), sent("2026-09-15T12:00Z", parts=[]))
    asked = (*thanked, sent("2026-09-23T10:00Z", intent="inquiry", parts=[]))
    later = {**NEWS, "at": "2026-09-29T10:00Z"}
    inquiry = planned(*thanked, NEWS, at="2026-09-23T10:00", company=company)
    last = planned(*asked, later, at="2026-09-30T10:00", company=company)
    for found in (found_of(inquiry, "inquiry"), found_of(last, "final")):
        assert len(found.parts) == 2
        assert [finding for finding in found.findings if finding.review == "concise"] == []


@pytest.mark.parametrize("company", [{"name": "Initech", "timezone": "UTC"}, GERMAN])
def test_a_strength_in_the_summary_is_not_said_a_second_time(company: Plain) -> None:
    candidate = {**CANDIDATE, "strengths": ["led a team of five", "taught SQL to sixty analysts"]}
    second = interview(id="r2", at="2026-09-16T10:00Z", round=2)
    plan = planned(interview(), second, at="2026-09-24T12:00", candidate=candidate, company=company)
    body = words_of(plan, "inquiry").body
    assert plan["summary:r2:dana"].host == "inquiry:r2:dana"
    assert body.count("taught SQL to sixty analysts") == 1


def test_words_that_are_the_same_ride_once() -> None:
    second = interview(id="r2", at="2026-09-16T10:00Z", **QUESTIONS)
    thanked = sent("2026-09-15T12:00Z", parts=[])
    found = planned(interview(**QUESTIONS), thanked, second, at="2026-09-16T12:00")["thank-you:r2:dana"]
    assert {"open-questions:r1:dana", "open-questions:r2:dana"} <= set(found.parts)
    assert found.draft is not None
    assert found.draft.body.count("how long onboarding takes") == 1


@pytest.mark.parametrize(("language", "words"), [("en", "or call"), ("de", "rufen Sie an")])
def test_nobody_is_asked_to_call_a_number_that_they_do_not_have(language: str, words: str) -> None:
    company = {**GERMAN, "language": language}
    for phone in (None, "+1 312 555 0188"):
        candidate = {**CANDIDATE, "phone": phone}
        plan = planned(INTERVIEW, at="2026-09-15T12:00", candidate=candidate, company=company)
        body = plan["thank-you:r1:lee"].draft
        assert body is not None
        assert (words in body.body) is (phone is not None)


@pytest.mark.parametrize(
    ("topics", "sentence"),
    [
        (["No-code tools."], "conversation about no-code tools."),
        (["the rota", "They are moving to Kafka."], "is this: the rota; they are moving to Kafka."),
    ],
)
def test_topics_stand_in_the_thank_you_as_in_one_breath(topics: list[str], sentence: str) -> None:
    plan = planned(interview(topics={"dana": topics}), at="2026-09-15T12:00")
    assert sentence in words_of(plan, "thank-you").body


def test_a_reason_that_is_a_german_sentence_begins_with_a_capital() -> None:
    withdrawal = {"type": "withdrawal", "at": "2026-09-16T10:00Z", "reason": "Der Weg wäre zu weit."}
    plan = planned(interview(), withdrawal, at="2026-09-16T12:00", company=GERMAN)
    assert "Der Grund, kurz gesagt: Der Weg wäre zu weit." in words_of(plan, "withdraw").body


def test_an_offer_that_is_declined_for_another_is_no_application_withdrawn() -> None:
    offer = {"type": "offer", "id": "o1", "at": "2026-09-16T10:00Z", "from": "hr"}
    elsewhere = {"type": "accepted", "at": "2026-09-17T10:00Z", "elsewhere": True}
    plan = planned(interview(), offer, elsewhere, at="2026-09-17T12:00")
    assert words_of(plan, "withdraw").subject == "Your offer for the Data Engineer position"
    plan = planned(interview(), elsewhere, at="2026-09-17T12:00")
    assert words_of(plan, "withdraw").subject == "Withdrawing my application for the Data Engineer position"


def test_a_name_is_in_no_language() -> None:
    people = {**PEOPLE, "dana": {**PEOPLE["dana"], "name": "Jürgen von der Heide"}}
    plan = builtin_engine().plan(state(interview(), people=people), time("2026-09-15T12:00"))
    assert [finding.text for finding in plan["thank-you:r1:dana"].findings] == []
