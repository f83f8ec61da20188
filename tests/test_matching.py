"""The matcher: which rules may speak, found by compiled code instead of by asking each."""

from __future__ import annotations

from datetime import timedelta
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from tests.support import (
    INTERVIEW,
    PEOPLE,
    Plain,
    builtin_engine,
    engine_of,
    rule,
    sent,
    state,
    statuses,
    time,
)

from followup import Engine, InterviewState
from followup.errors import UsageError
from followup.glance import glance_at
from followup.history import History
from followup.matching import compile_rules
from followup.moments import instant
from followup.scope import Scope

UNSHRUNK = (Phase.explicit, Phase.generate)
"""A failing case is shown as it is: to make it smaller would take too long."""
NOW = time("2026-10-15T12:00Z")
Strategy = st.SearchStrategy[Any]

words = st.sampled_from(
    ["US", "de", "Engineer", "engineer ", "hr", "recruiter", "mail", "IT'S \\ {odd}", "any"]
)
numbers = st.integers(0, 4)
culture = st.sampled_from(["formal", "relaxed"])


def values(of: Strategy) -> Strategy:
    """Tests of one value."""
    some = st.lists(of, min_size=1, max_size=3, unique=True)
    named = [st.builds(lambda given, name=name: {name: given}, of) for name in ("is", "not")]
    listed = [st.builds(lambda given, name=name: {name: given}, some) for name in ("in", "not_in")]
    return st.one_of(of, some, *named, *listed, known)


def measures(of: Strategy) -> Strategy:
    """Tests of a number."""
    names = st.sampled_from(["at_least", "at_most", "more_than", "less_than"])
    return st.one_of(values(of), st.dictionaries(names, of, min_size=1, max_size=2))


known = st.booleans().map(lambda given: {"known": given})
texts = st.one_of(
    values(words), st.builds(lambda word: {"contains": word}, words), st.just({"matches": "*e*"})
)
lists = st.one_of(
    st.builds(lambda word: {"contains": word}, words),
    st.builds(lambda some: {"contains_any": some}, st.lists(words, min_size=1, max_size=3)),
    st.builds(lambda number: {"count": {"at_least": number}}, numbers),
    known,
)
fields = {"role": texts, "rapport": values(st.sampled_from(["friendly", "distant"])), "phone": known}
quantifiers = st.sampled_from(["some", "none", "every"])


def elements(of: dict[str, Strategy]) -> Strategy:
    """Tests of a list's elements."""
    part = st.fixed_dictionaries({}, optional=of).filter(bool)
    return st.builds(lambda quantifier, given: {quantifier: given}, quantifiers, part)


entries: dict[str, Strategy] = {
    "stage": values(st.sampled_from(["new", "invited", "awaiting", "offer", "rejected"])),
    "company.culture": values(culture),
    "company.country": texts,
    "position.title": texts,
    "position.reference": texts,
    "relaxed": values(st.booleans()),
    "rounds": measures(numbers),
    "unanswered": measures(numbers),
    "count.reply": measures(numbers),
    "last.interview.round": measures(numbers),
    "last.offer.terms": texts,
    "last.offer.deadline": known,
    "strengths": lists,
    "instructions.channels": lists,
    "people": st.one_of(elements(fields), st.builds(lambda number: {"count": number}, numbers)),
    "candidate.library": elements({"title": texts, "tags": lists}),
}
plain = (
    st.fixed_dictionaries({}, optional=entries).filter(bool).map(lambda found: dict(list(found.items())[:3]))
)
conditions = st.one_of(
    plain,
    st.builds(lambda one, other: {**one, "any": other}, plain, st.lists(plain, min_size=1, max_size=3)),
    st.builds(lambda one, other: {"all": [one, {"not": other}]}, plain, plain),
)
awaited = st.sampled_from(["interview", "reply", {"sent": "thanks"}, ["offer", {"called": "inquiry"}]])
packs = st.lists(
    st.builds(lambda when, after: rule(when=when, after=after), conditions, awaited), min_size=6, max_size=9
)

optional_word = st.none() | words
country = st.sampled_from([None, "US", "DE"])
events = st.lists(
    st.sampled_from(
        [
            {**INTERVIEW, "round": 2},
            {"type": "interview", "at": "2026-10-10T10:00Z", "with": ["hr"]},
            {"type": "interview", "at": "2026-10-20T10:00Z", "with": ["hr"]},
            {"type": "reply", "at": "2026-10-11T10:00Z", "from": "hr"},
            {"type": "offer", "at": "2026-10-12T10:00Z", "from": "hr", "terms": "engineer"},
            {"type": "offer", "at": "2026-10-13T10:00Z", "from": "hr", "deadline": "2026-10-30"},
            {
                "type": "called",
                "at": "2026-10-12T11:00Z",
                "to": "hr",
                "outcome": "voicemail",
                "intent": "inquiry",
            },
            sent("2026-10-12T12:00Z"),
            sent("2026-10-13T12:00Z", intent="inquiry"),
            {"type": "rejection", "at": "2026-10-16T10:00Z"},
            {"type": "accepted", "at": "2026-10-14T10:00Z"},
            {"type": "accepted", "at": "2026-10-14T11:00Z", "elsewhere": True},
            {"type": "interview", "at": "2026-10-25T10:00Z", "arranged": "2026-10-12T09:00Z"},
            {"type": "interview", "at": "2026-10-26T10:00Z", "arranged": "2026-10-24T10:00-05:00"},
        ]
    ),
    max_size=6,
    unique_by=repr,
)


@st.composite
def states(draw: st.DrawFn) -> InterviewState:
    """States in which any fact may be unknown."""

    def known_of(fields: Plain) -> Plain:
        return {name: value for name, value in fields.items() if value is not None}

    people = {
        name: {
            "name": name.title(),
            **known_of({"role": draw(optional_word), "rapport": draw(st.sampled_from([None, "friendly"]))}),
        }
        for name in PEOPLE
    }
    items = draw(st.lists(st.tuples(words, st.lists(words, max_size=2)), max_size=2))
    library = [{"title": title, "url": "https://souza.example", "tags": tags} for title, tags in items]
    found = draw(events)
    return state(
        *(sorted(found, key=itemgetter("at")) if draw(st.booleans()) else found),
        people=people,
        candidate={
            "name": "Ana Souza",
            "timezone": "UTC",
            "strengths": draw(st.lists(words, max_size=3)),
            "library": library,
        },
        company={
            "name": "Initech",
            **known_of(
                {"culture": draw(st.none() | culture), "country": draw(st.sampled_from([None, "US", "DE"]))}
            ),
        },
        position=known_of({"title": draw(words), "reference": draw(optional_word | st.just("  "))}),
        instructions=known_of({"channels": draw(st.none() | st.lists(words, max_size=2))}),
    )


def asked_one_by_one(engine: Engine, given: InterviewState) -> list[str]:
    """The same, as directly as can be: each rule is asked."""
    history = History(given, instant(NOW))
    scope = Scope(history, engine.channels, history.calendar)
    return [
        name
        for name, found in sorted(engine.rules.items())
        if any(
            not pattern.intents or getattr(happened.event, "intent", None) in pattern.intents
            for pattern in found.after
            for happened in history.of_type(pattern.type)
        )
        and not found.when.truth(scope, scope.calendar).possible.is_never
    ]


@settings(max_examples=40, phases=UNSHRUNK, suppress_health_check=list(HealthCheck), deadline=None)
@given(packs, st.lists(states(), min_size=4, max_size=8))
def test_compiled_rules_say_what_each_rule_says_when_asked(
    rules: list[Plain], given: list[InterviewState]
) -> None:
    engine = engine_of({f"rule{number}": found for number, found in enumerate(rules)})
    forms = [compile_rules(engine.rules, engine.vocabulary.facts, most_branches=most) for most in (0, 100)]
    for each in given:
        history = History(each, instant(NOW))
        expected = asked_one_by_one(engine, each)
        for form in forms:
            assert form.match(history) == expected, form.source
        columns, branches = (form.fitting(history, 0b101010101) for form in forms)
        assert columns == branches


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(states())
def test_a_fact_reads_the_same_by_its_reading_and_by_its_getter(given: InterviewState) -> None:
    history = History(given, instant(NOW))
    scope = Scope(history, {}, history.calendar)
    for fact in builtin_engine().vocabulary.facts.values():
        if fact.reading is None or fact.type.kind == "moment":
            continue
        owner = eval(fact.reading.owner, {"history": history})
        read = eval(fact.reading.value.format(it="owner"), {"owner": owner})
        if fact.path == "people":
            assert [person.name for person in read] == [each.person.name for each in fact.get(scope)]
        elif not (isinstance(read, str) and not read.strip()):
            assert read == fact.get(scope), fact.path
        assert read is not None or not fact.reading.always


@settings(max_examples=150, suppress_health_check=list(HealthCheck), deadline=None)
@given(states(), st.integers(0, 60))
def test_a_glance_sees_what_a_history_says(given: InterviewState, days: int) -> None:
    now = time("2026-09-10T12:00Z") + timedelta(days=days)
    seen, history = glance_at(given, now), History(given, instant(now))
    if seen is None:
        event("a history is needed")
        return
    assert (seen.happened, seen.latest) == (history.happened, history.latest)
    assert (seen.stage, seen.rounds, seen.waiting) == (history.stage, history.rounds, history.waiting)


def test_what_a_rule_says_is_never_run() -> None:
    title = "'); __import__('os').abort() #"
    engine = engine_of({"odd": rule(when={"position.title": title})})
    assert engine.match(state(INTERVIEW, position={"title": title}), NOW) == ("odd",)
    assert engine.match(state(INTERVIEW), NOW) == ()
    assert repr(title) in engine.compiled()


def test_a_condition_that_rules_share_stands_there_once() -> None:
    when = {"company.country": "us", "stage": "awaiting"}
    engine = engine_of({f"rule{number}": rule(when={**when, "rounds": number}) for number in range(9)})
    assert engine.compiled().partition("def fitting")[0].count("'us'") == 1


@pytest.mark.parametrize("many", [5, 400])
def test_rules_that_do_not_apply_are_not_looked_at_however_many(many: int) -> None:
    others = {f"other{n}": rule(when={"position.title": f"Job {n}"}, unless="reply") for n in range(many)}
    engine = engine_of({**others, "ours": rule(when={"position.title": "Data Engineer"}, unless="reply")})
    reply = {"type": "reply", "at": "2026-10-11T10:00Z", "from": "hr"}
    assert engine.match(state(INTERVIEW, reply), NOW) == ("ours",)
    plan = engine.plan(state(INTERVIEW, reply), NOW)
    assert statuses(plan) == {"ours:r1:dana": "moot"}
    assert len(plan.silent) == many
    assert plan.silent[3].reasons[0].text.startswith("it asks for: position.title is Job ")


def test_a_rule_for_another_case_is_looked_at_once_its_key_was_used() -> None:
    engine = engine_of({"ask": rule(when={"company.culture": "relaxed"})})
    asked = sent("2026-10-12T12:00Z", intent="inquiry", key="ask:r1:dana")
    formal = {"name": "Initech", "timezone": "UTC", "culture": "formal"}
    plan = engine.plan(state(INTERVIEW, asked, company=formal), NOW)
    assert statuses(plan) == {"ask:r1:dana": "done"}


def test_a_rule_for_other_strengths_than_the_candidates_is_about_another_case() -> None:
    engine = engine_of({"ask": rule(when={"candidate.strengths": {"none": "kafka"}}, unless="reply")})
    reply = {"type": "reply", "at": "2026-10-11T10:00Z", "from": "hr"}
    person = {"name": "Ana Souza", "timezone": "UTC", "strengths": ["kafka"]}
    assert statuses(engine.plan(state(INTERVIEW, reply, candidate=person), NOW)) == {}


def test_many_states_are_matched_in_order() -> None:
    engine = engine_of({"ask": rule(when={"company.culture": "relaxed"})})
    cultures = [{"name": "Initech", "culture": each} for each in ("relaxed", "formal", "relaxed")]
    found = engine.match_many((state(INTERVIEW, company=company) for company in cultures), NOW)
    assert list(found) == [("ask",), (), ("ask",)]


def test_the_compiled_rules_can_be_read() -> None:
    engine = builtin_engine()
    assert "    if stage == 'awaiting':\n" in engine.compiled()
    assert "speaks('summary')" in engine.compiled("summary")
    assert "speaks('inquiry')" not in engine.compiled("summary")
    with pytest.raises(UsageError, match="did you mean `summary`"):
        engine.compiled("sumary")
