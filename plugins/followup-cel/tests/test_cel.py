from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from followup import Engine, InterviewState, RuleError
from followup.hookspecs import Question
from followup.plugins import list_plugins
from followup.testing import ConditionConformance
from followup_cel import followup_conditions
from followup_cel.expressions import compiled

FACTS_OF_THE_CORE = Engine.load(plugins=False, builtin=False).vocabulary.facts
OTHERS = tuple(plugin.name for plugin in list_plugins() if plugin.name not in ("cel", "email"))
ROOT = Path(__file__).parents[3]
NOW = datetime(2026, 9, 16, 12, tzinfo=UTC)
PACK = """\
format: 1
scenario: own
title: Rules in CEL
rules:
  ask:
    intent: inquiry
    after: interview
    to: lead
    via: email
    message: ask
    when:
"""


class TestCel(ConditionConformance):
    [kind] = followup_conditions()
    holds = (
        ("rounds >= 2 && company.culture == 'relaxed'", {"rounds": 2, "company.culture": "relaxed"}),
        ("rounds >= 2 || company.culture == 'relaxed'", {"rounds": 1, "company.culture": "relaxed"}),
    )
    fails = (("rounds >= 2 && company.culture == 'relaxed'", {"rounds": 1, "company.culture": "relaxed"}),)
    unknown = (("rounds >= 2 && company.culture == 'relaxed'", {"rounds": 2}),)
    refuses = ("", "rouns >= 2", "decision_date < now", "company.culture + 1", "rounds >=", ["rounds"])


@pytest.fixture
def engine(tmp_path: Path) -> Callable[[str], Engine]:
    """An engine with one rule, whose condition is given as the lines of YAML."""

    def load(condition: str) -> Engine:
        folder = tmp_path / "own"
        (folder / "messages").mkdir(parents=True, exist_ok=True)
        (folder / "messages" / "ask.md").write_text("---\nsubject: A question\n---\nSome words.\n")
        (folder / "scenario.yaml").write_text(PACK + indent(condition, "      ") + "\n", encoding="utf-8")
        return Engine.load([folder], builtin=False, deny=OTHERS)

    return load


def state(*more: dict[str, Any], **changes: Any) -> InterviewState:
    interview = {"type": "interview", "id": "r1", "at": "2026-09-15T10:00Z", "with": ["dana"]}
    return InterviewState.from_dict(
        {
            "format": 1,
            "candidate": {"name": "Ana Souza", "timezone": "UTC"},
            "company": {"name": "Initech", "timezone": "UTC", "culture": "relaxed"},
            "position": {"title": "Data Engineer"},
            "people": {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}},
            "events": [{**interview, "topics": {"dana": ["Kafka", "on-call"]}}, *more],
            **changes,
        }
    )


def result(engine: Engine, case: InterviewState) -> str:
    (explained,) = engine.explain(case, NOW)
    (candidate,) = explained.candidates
    assert candidate.condition is not None
    return candidate.condition.result


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rounds == 1 && company.culture == 'relaxed'", "true"),
        ("rounds > 1 || company.culture == 'formal'", "false"),
        ("topics.exists(t, t.startsWith('on-'))", "true"),
        ("topics.all(t, t.startsWith('on-'))", "false"),
        ("size(topics) > rounds", "true"),
        ("'Kafka' in topics && !('Rust' in topics)", "true"),
        ("position.title.matches('(?i)data .*')", "true"),
        ("relaxed ? rounds < 3 : rounds < 2", "true"),
        ("last.interview.round == 2", "unknown"),
        ("last.interview.round == 2 || rounds == 1", "true"),
        ("rounds == 2 && last.interview.round == 2", "false"),
        ("last.interview.round == 2 && rounds == 1", "unknown"),
        ("!(last.interview.round == 2)", "unknown"),
        ("topics.exists(t, t == position.reference)", "unknown"),
        ("rounds / (rounds - 1) == 1", "unknown"),
    ],
)
def test_an_expression_is_true_false_or_unknown(
    engine: Callable[[str], Engine], expression: str, expected: str
) -> None:
    assert result(engine(f'cel: "{expression}"'), state()) == expected


def test_the_plan_asks_for_the_fact_that_leaves_it_open_and_for_no_other(
    engine: Callable[[str], Engine],
) -> None:
    loaded = engine("cel: last.interview.round == 2 && rounds == 1")
    assert [question.fact for question in loaded.plan(state(), NOW).questions] == ["last.interview.round"]
    decided = engine("cel: last.interview.round == 2 && rounds == 2")
    assert decided.plan(state(), NOW).questions == ()


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (
            "cel: company.cultur == 'x'",
            "12:12: no fact is named `company.cultur`; did you mean",
        ),
        (
            "cel: company.culture == 'relaxd'",
            "12:31: `relaxd` is not a value of `company.culture`",
        ),
        ("cel: \"company.culture in ['formel']\"", "12:33: `formel` is not a value"),
        ("cel: rounds > 'a'", "12:19: `>` does not go with a number and a text"),
        ("cel: rounds > 1.5", "12:19: `>` does not go with a number and a fraction"),
        ("cel: rounds", "12:12: the expression gives a number; a condition is true or false"),
        ("cel: topics.exist(t, t == 'x')", "12:19: no function is named `exist`; did you mean `exists`"),
        ("cel: rounds === 1", "12:21: CEL cannot read the expression from here on"),
        ("cel: 1 == 1", "12:12: the expression names no fact"),
        ("cel: |\n  rounds > 1 &&\n    companyy.name == 'x'", "14:11: no fact is named `companyy.name`"),
        ("cel: [rounds > 1]", "12:12: `cel` is a list; text is expected"),
        (f"cel: {'(' * 50}relaxed{')' * 50}", "12:12: the expression is nested too deeply"),
        (f"cel: {'relaxed && ' * 50}relaxed", "12:12: `cel` is longer than 500 characters"),
        ("cell: rounds > 1", "did you mean `cel`"),
    ],
)
def test_what_is_wrong_is_told_where_it_stands(
    engine: Callable[[str], Engine], condition: str, told: str
) -> None:
    with pytest.raises(RuleError) as caught:
        engine(condition)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "cure"),
    [
        ("decision_date < now", "decision_date: {before: now}"),
        ("silence > 3", "silence: {at_least: 1 week}"),
        ("now.getHours() > 8", "beside `cel:`"),
        ("now > 8", "now: {during: business hours}"),
        ("timestamp('2026-12-01T00:00:00Z') > timestamp('2026-11-01T00:00:00Z')", "beside `cel:`"),
        ("duration('1h') > duration('2h')", "beside `cel:`"),
        ("last.interview.at == '2026-09-15'", "last.interview.at: {before: now}"),
        ("has(company.culture)", "{known: true}"),
        ("dyn(rounds) == 'a'", "each fact has one type"),
        ("topics.map(t, t + t).size() > 1", "exists"),
        ("interviewers.size() > 1", "interviewers: {some: …}"),
    ],
)
def test_what_would_be_answered_wrongly_is_refused_with_what_to_write_instead(
    engine: Callable[[str], Engine], expression: str, cure: str
) -> None:
    with pytest.raises(RuleError) as caught:
        engine(f'cel: "{expression}"')
    assert cure in str(caught.value)


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        (r"topics.all(t, t.matches(r'\pL\pL\pL'))", "classes of Unicode"),
        (r"topics.all(t, t.matches('\\pL'))", "classes of Unicode"),
        (r"topics.all(t, t.matches('\x5cpL'))", "escapes by number"),
        ("position.title.matches('[^a]{999}')", "counts"),
        ("position.title.matches('[^a]' + position.title)", "stands there in full"),
        ("matches(position.title, 'a')", "stands there in full"),
        ("position.title.matches(('a'))", "stands there in full"),
        (f"position.title.matches('{'a' * 101}')", "longer than 100 characters"),
    ],
)
def test_a_pattern_that_could_keep_everybody_waiting_is_refused(
    engine: Callable[[str], Engine], expression: str, told: str
) -> None:
    with pytest.raises(RuleError) as caught:
        engine(f"cel: |\n  {expression}")
    assert told in str(caught.value)


def test_all_that_is_wrong_is_told_at_once(engine: Callable[[str], Engine]) -> None:
    with pytest.raises(RuleError) as caught:
        engine("cel: companyy.name == 'x' && silence == 3 && topic == 'y'")
    assert [problem.place.column for problem in caught.value.problems] == [12, 36, 52]


def test_a_test_on_time_beside_an_expression_keeps_the_next_change_exact(
    engine: Callable[[str], Engine],
) -> None:
    promise = {"type": "promise", "at": "2026-09-15T12:00Z", "by": "2026-09-22", "who": "dana"}
    loaded = engine("decision_date: {before: now}\ncel: rounds == 1 && relaxed")
    plan = loaded.plan(state(promise), NOW)
    assert not plan.due
    assert plan.next_change == datetime(2026, 9, 23, tzinfo=UTC)
    assert loaded.plan(state(promise), plan.next_change).due


@pytest.mark.parametrize(
    ("expression", "plain"),
    [
        ("cel: rounds >= 2", "rounds: {at_least: 2}"),
        ("cel: unanswered < 1 || rounds > 1", "any: {unanswered: {less_than: 1}, rounds: {more_than: 1}}"),
    ],
)
def test_an_expression_plans_as_the_same_condition_without_cel_does(
    engine: Callable[[str], Engine], expression: str, plain: str
) -> None:
    ahead = {"type": "interview", "id": "r2", "at": "2026-09-18T10:00Z", "with": ["dana"]}
    sent = {"type": "sent", "at": "2026-09-16T09:00Z", "to": "dana", "intent": "thanks"}
    for case in (state(), state(ahead), state(sent, ahead)):
        in_cel, without = engine(expression).plan(case, NOW), engine(plain).plan(case, NOW)
        assert in_cel.next_change == without.next_change
        assert [(f.key, f.status, f.at) for f in in_cel.followups] == [
            (f.key, f.status, f.at) for f in without.followups
        ]


FACTS = ("relaxed", "rounds > 1", "company.culture == 'formal'", "topics.exists(t, t == 'x')")
EXPRESSIONS = st.recursive(
    st.sampled_from(FACTS),
    lambda inner: (
        st.builds("({} && {})".format, inner, inner)
        | st.builds("({} || {})".format, inner, inner)
        | st.builds("!({})".format, inner)
    ),
    max_leaves=6,
)
KNOWN: dict[str, Any] = {
    "relaxed": True,
    "rounds": 2,
    "company.culture": "relaxed",
    "topics": ("x",),
}


@given(EXPRESSIONS, st.sets(st.sampled_from(sorted(KNOWN))), st.booleans(), st.integers(0, 3))
def test_what_is_certain_without_a_fact_stays_so_whatever_the_fact_turns_out_to_be(
    expression: str, missing: set[str], relaxed: bool, rounds: int
) -> None:
    question = compiled(expression, FACTS_OF_THE_CORE)
    assert isinstance(question, Question)
    whole = {path: {**KNOWN, "relaxed": relaxed, "rounds": rounds}[path] for path in question.reads}
    calendar: Any = None
    answer = question.holds({path: value for path, value in whole.items() if path not in missing}, calendar)
    assert answer is None or answer is question.holds(whole, calendar)
    assert question.holds(whole, calendar) is not None


@given(st.text(max_size=120) | st.text("ab.()[]{}'\"&|!<>=+ \\\n0rounds", max_size=80))
def test_no_text_brings_it_down(expression: str) -> None:
    found = compiled(expression, FACTS_OF_THE_CORE)
    assert isinstance(found, Question) or all(
        0 <= mistake.index <= len(expression) and mistake.text for mistake in found
    )


@pytest.mark.parametrize("value", [10**30, "a\x00b", "\ud800", ("a",) * 20_000])
def test_a_value_that_cel_cannot_hold_is_not_known(value: Any) -> None:
    path = {int: "rounds", str: "person.role", tuple: "topics"}[type(value)]
    expressions = {"rounds": "rounds > 1", "person.role": "person.role == 'x'"}
    expression = expressions.get(path, "topics.all(a, topics.all(b, a == b))")
    question = compiled(expression, FACTS_OF_THE_CORE)
    assert isinstance(question, Question)
    calendar: Any = None
    assert question.holds({path: value}, calendar) in (None, False)


def test_an_editor_knows_of_expressions(engine: Callable[[str], Engine]) -> None:
    whole = engine("cel: rounds > 1").schema("scenario")
    condition = Draft7Validator({"$ref": "#/definitions/condition", "definitions": whole["definitions"]})
    assert condition.is_valid({"cel": "rounds > 1"})
    assert not condition.is_valid({"cel": 3})


def test_the_readme_shows_real_output(tmp_path: Path) -> None:
    shown = (ROOT / "plugins" / "followup-cel" / "README.md").read_text("utf-8")
    page = tmp_path / "README.md"
    page.write_text(shown, "utf-8")
    subprocess.run([sys.executable, ROOT / "docs" / "console.py", page], check=True)
    # The lines of the built-in scenarios move.
    lines = re.compile(r"silence/scenario\.yaml:\d+")
    assert lines.sub("", page.read_text("utf-8")) == lines.sub("", shown)
