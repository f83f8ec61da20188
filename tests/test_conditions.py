"""Conditions: every operator on every kind of fact, three values, combination, moments, laws."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.support import INTERVIEW, PEOPLE, Plain, checked, engine_of, rule, state, time

from followup import InterviewState, RuleError
from followup.calendars import Calendar
from followup.conditions import All, AnyOf, Condition, Elements, Not, Operator, Test
from followup.errors import PluginError
from followup.explaining import Check
from followup.moments import Moments, between, since, until

KNOWN = state(
    {**INTERVIEW, "topics": {"dana": ["Kafka", "On-call rota"]}, "questions": ["who is on call"]},
    {"type": "promise", "at": "2026-09-15T12:00Z", "by": "2026-09-22", "who": "hr", "words": "by Tuesday"},
    {"type": "accepted", "at": "2026-09-15T09:00Z", "elsewhere": True},
    company={"name": "Initech", "culture": "relaxed", "timezone": "UTC", "country": "US"},
    instructions={"channels": ["email", "Phone"], "wait_until": "2026-09-21", "contact": "dana"},
)
NOW = "2026-09-16T12:00"

# operator | a fact | what holds of it | what does not | a like fact that is not known
EVERY_OPERATOR = """
is | position.title | data ENGINEER | Chef | position.reference
is | company.culture | relaxed | formal | last.interview.medium: phone
is | rounds | 1 | 2 | last.interview.round
is | last.accepted.elsewhere | true | false | -
is | questions | who is on call | who | -
is | topics | - | Kafka | -
not | position.title | Chef | data engineer | position.reference
not | rounds | 2 | 1 | last.interview.round
not | last.accepted.elsewhere | false | true | -
in | position.title | [Chef, data engineer] | [Chef, Cook] | position.reference
in | company.culture | [formal, relaxed] | [formal] | last.interview.medium: [phone]
in | rounds | [1, 2] | [2, 3] | last.interview.round
in | last.accepted.elsewhere | [true, false] | [false] | -
not_in | position.title | [Chef] | [Chef, data engineer] | position.reference
not_in | rounds | [2] | [1] | last.interview.round
not_in | last.accepted.elsewhere | [false] | [true] | -
at_least | rounds | 1 | 2 | last.interview.round
at_least | silence | 24 hours | 2 days | -
at_most | rounds | 1 | 0 | last.interview.round
at_most | silence | 2 days | 1 hour | -
more_than | rounds | 0 | 1 | last.interview.round
more_than | silence | 23 hours | 1 week | -
less_than | rounds | 2 | 1 | last.interview.round
less_than | silence | 1 week | 1 hour | -
contains | position.title | engine | chef | position.reference
contains | topics | kafka | kaf | -
contains_any | position.title | [chef, data] | [chef] | position.reference
contains_any | topics | [kafka, chef] | [chef] | -
matches | position.title | "data*eng?neer" | "data?" | position.reference
count | topics | 2 | {at_least: 3} | -
count | topics | {at_least: 2, less_than: 3} | {more_than: 2} | -
known | position.title | true | false | -
known | position.reference | false | true | -
known | rounds | true | false | -
known | last.interview.round | false | true | -
known | decision_date | true | false | -
known | last.offer.deadline | false | true | -
known | topics | true | false | -
known | strengths | false | true | -
older_than | last.promise.at | 24 hours | 2 days | last.offer.deadline
within | decision_date | 1 week | 1 day | last.offer.deadline
during | now | business hours | weekends | -
before | now | "2026-09-17" | "2026-09-16" | -
after | now | "2026-09-15" | "2026-09-16" | -
before | decision_date | "2026-09-23" | "2026-09-22" | last.offer.deadline
before | last.promise.at | now | "2026-09-15" | last.offer.deadline
after | decision_date | "2026-09-21" | "2026-09-22" | last.offer.deadline
after | decision_date | now | "2026-09-22T12:00Z" | last.offer.deadline
some | topics | {matches: "kaf*"} | {matches: "x*"} | -
some | interviewers | {role: interviewer} | {role: hr} | interviewers: {rapport: friendly}
every | topics | {contains: a} | {contains: k} | -
every | interviewers | {email: {known: true}} | {role: interviewer} | interviewers: {rapport: friendly}
none | topics | {matches: "x*"} | {matches: "kaf*"} | -
none | interviewers | {role: hr} | {role: interviewer} | interviewers: {rapport: friendly}
"""
ROWS = [[cell.strip() for cell in line.split(" | ")] for line in EVERY_OPERATOR.strip().splitlines()]


def check(condition: Plain, given: InterviewState = KNOWN, now: str | datetime = NOW) -> Check:
    """What the condition is at a moment, for Dana."""
    return checked(condition, given, now)


@pytest.mark.parametrize(
    ("operator", "fact", "holds", "fails", "like"), ROWS, ids=[" ".join(row[:3]) for row in ROWS]
)
def test_an_operator_is_true_false_or_unknown(
    operator: str, fact: str, holds: str, fails: str, like: str
) -> None:
    if holds != "-":
        assert check({fact: {operator: yaml.safe_load(holds)}}).result == "true"
    assert check({fact: {operator: yaml.safe_load(fails)}}).result == "false"
    if like != "-":
        unknown, _, value = like.partition(": ")
        assert check({unknown: {operator: yaml.safe_load(value or holds)}}).result == "unknown"


def test_the_table_above_names_every_operator() -> None:
    known = {*engine_of({"ask": rule()}).vocabulary.operators, "some", "every", "none"}
    assert known == {operator for operator, *_ in ROWS}


def test_a_blank_text_is_not_known() -> None:
    blank = state(INTERVIEW, position={"title": "Engineer", "reference": "  "})
    assert check({"position.reference": {"known": True}}, blank).result == "false"


def test_an_empty_list_is_known_to_be_empty() -> None:
    free = state(INTERVIEW)
    assert check({"topics": {"count": 0}}, free).result == "true"
    assert check({"topics": {"every": {"matches": "x"}}}, free).result == "true"
    assert check({"topics": {"some": {"matches": "x"}}}, free).result == "false"
    assert check({"topics": {"none": {"matches": "x"}}}, free).result == "true"


TRUE: Plain = {"rounds": 1}
FALSE: Plain = {"rounds": 2}
UNKNOWN: Plain = {"person.rapport": "friendly"}


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        ({"all": [TRUE, TRUE]}, "true"),
        ({"all": [TRUE, UNKNOWN]}, "unknown"),
        ({"all": [UNKNOWN, FALSE]}, "false"),
        ({"any": [FALSE, FALSE]}, "false"),
        ({"any": [FALSE, UNKNOWN]}, "unknown"),
        ({"any": [UNKNOWN, TRUE]}, "true"),
        ({"any": {"rounds": 2, "position.title": "Data Engineer"}}, "true"),
        ({"not": TRUE}, "false"),
        ({"not": FALSE}, "true"),
        ({"not": UNKNOWN}, "unknown"),
        ({"not": [TRUE, FALSE]}, "true"),
        ({"not": {"rounds": 1, "position.title": "Chef"}}, "true"),
        ({**TRUE, **UNKNOWN}, "unknown"),
        ({"rounds": {"at_least": 1, "less_than": 1}}, "false"),
        ({"any": [{"all": [TRUE, FALSE]}, {"not": {"any": [FALSE, FALSE]}}]}, "true"),
    ],
    ids=str,
)
def test_all_any_and_not_combine_three_values(condition: Plain, result: str) -> None:
    assert check(condition).result == result


@pytest.mark.parametrize(
    ("condition", "result"),
    [
        ({"person.id": {"is": "instructions.contact"}}, "true"),
        ({"person.id": {"not": "instructions.contact"}}, "false"),
        ({"person.id": {"is": "promise.who"}}, "false"),
        ({"person.name": {"is": "last.offer.from"}}, "unknown"),
        ({"topics": {"contains": "position.title"}}, "false"),
        ({"decision_date": {"after": "last.promise.at"}}, "true"),
        ({"decision_date": {"before": "last.promise.at"}}, "false"),
        ({"decision_date": {"before": "last.offer.deadline"}}, "unknown"),
    ],
    ids=str,
)
def test_an_operand_may_be_another_fact(condition: Plain, result: str) -> None:
    assert check(condition).result == result


@pytest.mark.parametrize(
    ("condition", "moments"),
    [
        # The promised day, 22 September, is reached when it has passed.
        ({"decision_date": {"older_than": "24 hours"}}, [("2026-09-24T00:00", "true")]),
        ({"decision_date": {"older_than": "1 business day"}}, [("2026-09-23T00:00", "true")]),
        (
            {"decision_date": {"within": "2 days"}},
            [("2026-09-20T00:00", "true"), ("2026-09-23T00:00", "false")],
        ),
        ({"decision_date": {"before": "now"}}, [("2026-09-23T00:00", "true")]),
        ({"decision_date": {"after": "now"}}, [("2026-09-22T00:00", "false")]),
        # A day that says "from" is reached when it begins.
        ({"instructions.wait_until": {"before": "now"}}, [("2026-09-21T00:00", "true")]),
        ({"silence": {"at_least": "1 week"}}, [("2026-09-22T12:00", "true")]),
        (
            {"now": {"after": "2026-09-19", "before": "2026-09-22"}},
            [("2026-09-20T00:00", "true"), ("2026-09-22T00:00", "false")],
        ),
        (
            {"now": {"during": "weekends"}, "decision_date": {"after": "now"}},
            [("2026-09-19T00:00", "true"), ("2026-09-21T00:00", "false")],
        ),
        ({"silence": {"less_than": "1 week"}}, [("2026-09-22T12:00", "false")]),
        ({"not": {"silence": {"at_least": "1 week"}}}, [("2026-09-22T12:00", "false")]),
        (
            {"any": [{"decision_date": {"within": "1 day"}}, {"silence": {"at_least": "2 weeks"}}]},
            [("2026-09-21T00:00", "true"), ("2026-09-23T00:00", "false"), ("2026-09-29T12:00", "true")],
        ),
        (
            {"silence": {"at_least": "1 week"}, "person.rapport": "friendly"},
            [("2026-09-22T12:00", "unknown")],
        ),
    ],
    ids=str,
)
def test_a_condition_on_time_turns_at_exact_moments(condition: Plain, moments: list[tuple[str, str]]) -> None:
    found, now = [], time(NOW)
    for _ in moments:
        turn = check(condition, now=now).changes
        assert turn is not None
        now = turn
        found.append((f"{now:%Y-%m-%dT%H:%M}", check(condition, now=now).result))
    assert found == moments
    assert check(condition, now=now).changes is None


def test_days_count_in_the_time_zone_of_the_person_concerned() -> None:
    people = {**PEOPLE, "dana": {**PEOPLE["dana"], "timezone": "Asia/Tokyo"}}
    wait = state(INTERVIEW, people=people, instructions={"wait_until": "2026-09-21"})
    turn = check({"instructions.wait_until": {"before": "now"}}, wait).changes
    assert turn == time("2026-09-21T00:00+09:00")


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ({"rounds": "two"}, "whole number"),
        ({"company.culture": "relaxd"}, "relaxed"),
        ({"rounds": {"matches": "1*"}}, "matches"),
        ({"silence": {"at_least": 3}}, "duration"),
        ({"decision_date": {"before": "2026-09-22T10:00"}}, "offset"),
        ({"compny.culture": "relaxed"}, "company.culture"),
        ({"rounds": {"at_leest": 1}}, "at_least"),
        ({"position.title": {"matches": "x" * 201}}, "200"),
        ({"rounds": {"some": {"is": 1}}}, "list"),
        ({"rounds": {}}, "test"),
    ],
    ids=str,
)
def test_a_condition_that_makes_no_sense_is_refused_with_a_cure(condition: Plain, says: str) -> None:
    with pytest.raises(RuleError) as error:
        engine_of({"ask": rule(when=condition)})
    [problem] = error.value.problems
    assert says in problem.text + problem.cure
    assert problem.place.line > 1


def test_an_operator_that_gives_something_else_for_an_answer_is_named() -> None:
    operator: Any = Operator("sounds_like", frozenset(), lambda raw, _: raw, lambda *_: "yes")
    test = Test("company.name", lambda _: "Initech", operator, "Initrode", "")
    with pytest.raises(PluginError, match="`sounds_like` gave 'yes' for an answer"):
        test.truth(None, Calendar("UTC"))


def test_a_pattern_of_many_stars_is_matched_at_once() -> None:
    long = state(INTERVIEW, position={"title": "a" * 200})
    assert check({"position.title": {"matches": "*a" * 90 + "b"}}, long).result == "false"


# Laws, over random conditions

CALENDAR = Calendar("UTC")
GIVEN = Operator("given", frozenset(), lambda raw, _: raw, lambda value, _operand, _calendar: value)
spans = st.tuples(st.integers(0, 20), st.integers(0, 20)).map(sorted)
values: st.SearchStrategy[bool | Moments | None] = st.one_of(
    st.none(),
    st.booleans(),
    spans.map(lambda pair: between(*pair)),
    st.integers(0, 20).map(since),
    st.integers(0, 20).map(until),
)


def leaf(value: bool | Moments | None) -> Condition:
    return Test("fact", lambda _: value, GIVEN, True, "given")


def elements(parts: list[Condition], quantifier: Any) -> Condition:
    return Elements("list", lambda _: tuple(parts), quantifier, _Itself())


class _Itself:
    """A condition on a list's element that is the element: lets a list hold any conditions."""

    def truth(self, subject: Any, calendar: Calendar) -> Any:
        return subject.truth(None, calendar)


conditions = st.recursive(
    values.map(leaf),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, max_size=3).map(lambda parts: AnyOf(tuple(parts))),
        inner.map(Not),
        st.builds(elements, st.lists(inner, max_size=3), st.sampled_from(["some", "every", "none"])),
    ),
    max_leaves=12,
)


@given(conditions)
def test_what_is_certain_is_possible(condition: Condition) -> None:
    truth = condition.truth(None, CALENDAR)
    assert (truth.certain - truth.possible).is_never


@given(conditions)
def test_denying_twice_changes_nothing(condition: Condition) -> None:
    assert Not(Not(condition)).truth(None, CALENDAR) == condition.truth(None, CALENDAR)


@given(conditions, conditions)
def test_neither_of_two_is_not_either(one: Condition, other: Condition) -> None:
    neither = Not(AnyOf((one, other))).truth(None, CALENDAR)
    assert neither == All((Not(one), Not(other))).truth(None, CALENDAR)


@given(conditions, conditions)
def test_the_order_of_parts_means_nothing(one: Condition, other: Condition) -> None:
    for kind in (All, AnyOf):
        assert kind((one, other)).truth(None, CALENDAR) == kind((other, one)).truth(None, CALENDAR)


@given(st.lists(values.filter(lambda value: value is not None), min_size=1, max_size=5))
def test_where_all_is_known_certain_and_possible_are_one(known: list[Any]) -> None:
    for condition in (All(tuple(map(leaf, known))), AnyOf(tuple(map(leaf, known)))):
        truth = condition.truth(None, CALENDAR)
        assert truth.certain == truth.possible
