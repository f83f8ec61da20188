"""The catalogue of advice: complete, cited by its right name, carried out, and shown by a test."""

from __future__ import annotations

from collections import Counter
from functools import cache

import pytest
from tests.support import INTERVIEW, ROOT, builtin_engine, sent, state, time

from followup import Engine
from followup.testing.scenarios import run_tests

SECTIONS = {
    "why": "interest professional top-of-mind open-questions",
    "timing": "thanks-24h inquiry-1w final-1w employer-date",
    "thanks": "by-name specifics gratitude value concise template",
    "email": "subject formal proofread contact-details",
    "phone": "culture rapport urgency script call-back",
    "concerns": "reflect elaborate honest-positive",
    "stand-out": "insight linkedin perspective",
    "mistakes": "aggressive casual instructions generic",
    "silence": "patient final-attempt move-on",
    "rounds": "each-interviewer strengths enthusiasm tailored",
    "offer": "gratitude clarify negotiate",
    "declined": "thank reason door-open",
    "relations": "network engage feedback",
    "faq": "within-24h no-address more-than-once own-mistake one-week promised-date",
}
IDS = [f"{section}.{name}" for section, names in SECTIONS.items() for name in names.split()]

LEFT_TO_REVIEWS = {
    "thanks.concise",
    "email.formal",
    "email.proofread",
    "email.contact-details",
    "mistakes.casual",
    "mistakes.generic",
    "rounds.tailored",
}
"""What tests of reviews show."""


@cache
def engine() -> Engine:
    return builtin_engine()


@cache
def citations() -> dict[str, list[str]]:
    """Who cites which advice, by name of rule, guard, message or review."""
    found = engine()
    cited = {f"rule {rule.name}": rule.advice for rule in found.rules.values()}
    cited |= {f"guard {guard.name}": guard.advice for guard in found.guards.values()}
    cited |= {f"review {review.name}": review.advice for review in found.vocabulary.reviews.values()}
    for scenario in found.scenarios.values():
        cited |= {f"message {message.name}": message.advice for message in scenario.messages.values()}
    return {name: list(ids) for name, ids in cited.items()}


def test_the_catalogue_has_exactly_these_pieces() -> None:
    assert list(engine().advice) == IDS
    assert len(IDS) == 55


def test_every_piece_says_something_and_has_a_kind() -> None:
    for advice in engine().advice.values():
        assert advice.says
        assert advice.kind in ("rule", "guard", "review", "message", "stance")


@pytest.mark.parametrize("name", citations())
def test_what_is_cited_exists(name: str) -> None:
    assert set(citations()[name]) <= set(engine().advice)


def test_every_rule_carries_out_some_advice() -> None:
    assert all(rule.advice for rule in engine().rules.values())


@pytest.mark.parametrize("advice", IDS)
def test_advice_is_carried_out(advice: str) -> None:
    carriers = Counter(id_ for ids in citations().values() for id_ in ids)
    assert carriers[advice] > 0


@cache
def shown() -> set[str]:
    """The advice that some test of the built-in scenarios shows at work."""
    files = sorted((ROOT / "rules").glob("*/tests.yaml"))
    results = [result for path in files for result in run_tests(engine(), path)]
    return {id_ for result in results if result.passed for id_ in result.advice}


@pytest.mark.parametrize("advice", [id_ for id_ in IDS if id_ not in LEFT_TO_REVIEWS])
def test_advice_is_shown_by_a_test(advice: str) -> None:
    assert advice in shown()


def test_what_a_test_shows_exists() -> None:
    assert shown() <= set(IDS)


def test_a_plan_lists_the_advice_that_a_follow_up_carries_out() -> None:
    given = state(INTERVIEW, sent("2026-09-15T15:00Z", key="thank-you:r1:dana", channel="email"))
    followup = engine().plan(given, time("2026-09-22T15:00"))["inquiry:r1:dana"]
    assert {"timing.inquiry-1w", "faq.one-week", "email.subject"} <= set(followup.advice)


def test_a_held_follow_up_lists_the_advice_behind_the_guard() -> None:
    promise = {"type": "promise", "at": "2026-09-15T12:00Z", "by": "2026-10-01", "who": "hr"}
    followup = engine().plan(state(INTERVIEW, promise), time("2026-09-23T12:00"))["inquiry:r1:hr"]
    assert followup.status == "held"
    assert "timing.employer-date" in followup.advice


def test_what_is_said_of_calls_is_listed_only_where_it_is_a_call() -> None:
    given = state(INTERVIEW, sent("2026-09-15T15:00Z", key="thank-you:r1:dana", channel="email"))
    written = engine().plan(given, time("2026-09-22T15:00"))["inquiry:r1:dana"]
    assert not [id_ for id_ in written.advice if id_.startswith("phone.")]
    people = {"dana": {"name": "Dana Whitfield", "phone": "+1 312 555 0123", "rapport": "friendly"}}
    called = engine().plan(state(INTERVIEW | {"with": ["dana"]}, people=people), time("2026-09-22T15:00"))
    assert {"phone.rapport", "phone.script"} <= set(called["inquiry:r1:dana"].advice)
