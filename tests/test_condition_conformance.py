"""The kit for kinds of conditions: a sound one passes, and each check catches the fault that it is for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from followup.errors import did_you_mean
from followup.fields import Fact
from followup.hookspecs import ConditionKind, Mistake, Question
from followup.testing import ConditionConformance
from followup.testing.conformance import checks_of

SCHEMA = {
    "type": "object",
    "properties": {"of": {"type": "array", "items": {"type": "string"}}, "at_least": {"type": "integer"}},
    "required": ["of", "at_least"],
    "additionalProperties": False,
}
RAW = {"of": ["rounds", "unanswered"], "at_least": 3}
MISSPELT = {"of": ["rouns"], "at_least": 3}
Compile = Callable[[Any, Mapping[str, Fact]], Question | Sequence[Mistake]]


def compiled(value: Any, facts: Mapping[str, Fact]) -> Question | Sequence[Mistake]:
    numbers = [path for path, fact in facts.items() if fact.type.kind == "number"]
    wrong = [path for path in value["of"] if path not in numbers]
    if wrong:
        return [Mistake(f"no number is named `{path}`", did_you_mean(path, numbers)) for path in wrong]
    paths = tuple(value["of"])

    def holds(known: Mapping[str, Any], _: object) -> bool | None:
        return None if len(known) < len(paths) else sum(known.values()) >= value["at_least"]

    return Question(paths, holds)


SOUND = ConditionKind("total", SCHEMA, compiled, title="several numbers come to so much")


class Sound(ConditionConformance):
    kind = SOUND
    holds = ((RAW, {"rounds": 2, "unanswered": 1}),)
    fails = ((RAW, {"rounds": 2, "unanswered": 0}),)
    unknown = ((RAW, {"rounds": 2}),)
    refuses = (MISSPELT, {"of": "rounds"})


def changed(**fields: Any) -> Sound:
    """The sound kit with a kind that differs in these fields."""
    kit = Sound()
    kit.kind = replace(SOUND, **fields)
    return kit


def with_(**examples: Any) -> Sound:
    """The sound kind with other examples."""
    kit = Sound()
    vars(kit).update(examples)
    return kit


def answering(answer: Callable[[Mapping[str, Any]], Any], **examples: Any) -> Sound:
    """The sound kit with a kind that reads what it should and answers so."""

    def compile_(value: Any, facts: Mapping[str, Fact]) -> Question | Sequence[Mistake]:
        question = compiled(value, facts)
        return (
            replace(question, holds=lambda known, _: answer(known))
            if isinstance(question, Question)
            else question
        )

    kit = changed(compile=compile_)
    vars(kit).update(examples)
    return kit


def reading(*paths: str) -> Compile:
    return lambda value, facts: Question(paths, lambda known, _: True)


def mistaken(*mistakes: Any) -> Sound:
    """The sound kit with a kind that refuses the misspelt example so."""
    return changed(compile=lambda value, facts: mistakes if value == MISSPELT else compiled(value, facts))


def raises(*_: Any) -> Any:
    raise KeyError("x")


def eats(value: Any, facts: Mapping[str, Fact]) -> Question | Sequence[Mistake]:
    question = compiled(value, facts)
    value["of"] = []
    return question


def counting() -> Callable[..., Any]:
    numbers = iter(range(10**9))
    return lambda _: next(numbers) > 8


@pytest.mark.parametrize("check", checks_of(Sound()))
def test_a_sound_kind_passes(check: str) -> None:
    getattr(Sound(), check)()


EARLIER = (({"of": ["decision_date"], "at_least": 1}, {"decision_date": 1}),)
FAULTS: list[tuple[str, Sound, str]] = [
    ("it_is_a_kind_of_condition", with_(kind="total"), "an engine refuses it: gave `'total'`"),
    ("it_is_a_kind_of_condition", changed(name="in-total"), "lower-case letters and digits, parted by `_`"),
    ("it_is_a_kind_of_condition", changed(name="company"), "is a word of the rule language"),
    ("it_says_what_it_asks", changed(title=""), "say on one line what it asks"),
    ("what_it_accepts_fits_its_schema", changed(schema={"type": "string"}), "its schema refuses"),
    ("compile_gives_a_question_or_mistakes", mistaken(), "with at least one in it"),
    ("compile_gives_a_question_or_mistakes", changed(compile=raises), "compile raised KeyError('x')"),
    ("it_accepts_its_examples", with_(holds=((MISSPELT, {}),)), "(no number is named `rouns`)"),
    ("it_accepts_its_examples", changed(schema={**SCHEMA, "examples": [MISSPELT]}), "mend compile"),
    ("it_refuses_what_it_should", with_(refuses=(RAW,)), "give a `Mistake` with what to write"),
    ("it_refuses_in_sentences_at_a_place", mistaken(Mistake("no")), "say in one sentence what is wrong"),
    ("it_refuses_in_sentences_at_a_place", mistaken(Mistake("no number here", "", 9)), "stands at 9"),
    ("compile_leaves_what_the_rule_says_alone", changed(compile=eats), "copy what you want to change"),
    ("it_reads_facts_that_there_are", changed(compile=reading("rouns")), "it reads ['rouns']"),
    ("it_holds_where_it_should", answering(lambda _: False), "which stand in `holds`"),
    ("it_fails_where_it_should", answering(lambda _: True), "which stand in `fails`"),
    ("it_gives_none_where_it_cannot_know", answering(lambda _: False), "which stand in `unknown`"),
    ("it_answers_yes_no_when_or_none", answering(lambda _: "yes"), "answer True, False, None or"),
    ("it_answers_yes_no_when_or_none", answering(raises), "or not be known: answer None then"),
    ("it_never_guesses", answering(lambda known: sum(known.values()) >= 3), "when only {} was known"),
    (
        "what_changes_with_time_is_answered_by_moments",
        with_(kind=replace(SOUND, compile=reading("decision_date")), holds=EARLIER, fails=()),
        "which hangs on `decision_date`; that changes by itself",
    ),
    ("it_answers_the_same_again", answering(counting()), "use no clock, counter or chance"),
    ("it_works_in_threads", answering(counting()), "keep nothing between calls"),
    ("a_rule_can_use_it", changed(schema={**SCHEMA, "required": ["of", "at_least", "so"]}), "cannot be used"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "kit", "sentence"), FAULTS)
def test_a_broken_kind_hears_what_broke(check: str, kit: Sound, sentence: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(sentence)):
        getattr(kit, f"test_{check}")()


def test_every_check_has_a_kind_that_it_catches() -> None:
    assert {f"test_{check}" for check, _, _ in FAULTS} == set(checks_of(Sound()))
