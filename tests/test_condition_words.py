"""Conditions in the words of everybody."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support import Plain, builtin_engine, engine_of, rule

from followup.condition_words import condition_words


def told(when: Plain) -> str:
    return condition_words(engine_of({"ask": rule(when=when)}).rules["ask"].when)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"stage": "awaiting"}, "they have not decided"),
        ({"strengths": {"count": {"at_least": 2}}}, "at least 2 strengths of yours are noted"),
        ({"questions": {"count": 0}}, "no question that was left open is noted"),
        ({"rounds": {"at_least": 1}}, "you have had at least one interview"),
        ({"company.culture": {"known": False}}, "it is not noted whether the company is formal or relaxed"),
        ({"company.culture": {"not": "relaxed"}}, "the company is not relaxed"),
        ({"decision_date": {"older_than": "3 weeks"}}, "the day that they named was more than 3 weeks ago"),
        (
            {"not": {"decision_date": {"within": "2 days"}}},
            "the day that they named is not at most 2 days ahead",
        ),
        ({"now": {"during": "business hours"}}, "it is business hours there"),
        ({"occasion.at": {"after": "last.rejection.at"}}, "the interview was after their refusal"),
        ({"person.written_for": {"contains": "connect"}}, "you have written to the person to connect"),
        (
            {"any": [{"company.culture": {"known": False}}, {"company.culture": "relaxed"}]},
            "the company is relaxed, as far as is noted",
        ),
        (
            {"mistakes": {"some": {"correction": {"known": True}}}},
            "for at least one of the mistakes of yours, you know how to put it right",
        ),
        (
            {"stage": "awaiting", "any": [{"person.rapport": "friendly"}, {"company.culture": "relaxed"}]},
            "they have not decided, and either you got on well with the person or the company is relaxed",
        ),
    ],
)
def test_a_condition_is_a_clause_that_a_job_seeker_understands(when: Any, words: str) -> None:
    assert told(when) == words


def test_what_has_no_words_stands_as_in_the_rule_file() -> None:
    assert told({"position.title": {"matches": "*engineer*"}}) == "`position.title matches *engineer*`"


def test_no_condition_of_the_built_in_rules_is_told_as_code() -> None:
    engine = builtin_engine()
    for each in engine.rules.values():
        for condition in (each.when, *(choice.when for choice in each.via)):
            assert "`" not in condition_words(condition), each.name
    for guard in engine.guards.values():
        assert "`" not in condition_words(guard.applies), guard.name
