"""The kit for authors of operators: a sound one passes, and each check catches the fault that it is for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from followup.conditions import Operator
from followup.fields import FactType
from followup.moments import ALWAYS, NEVER
from followup.operators import core_operators
from followup.testing import OperatorConformance
from followup.testing.conformance import checks_of


def operand(raw: Any, fact_type: FactType) -> Any:
    if not isinstance(raw, str) or not raw.strip():
        raise ValueError("a text is expected here; write the first letters")
    return raw.casefold()


SOUND = Operator(
    "starts_with", frozenset({"text"}), operand, lambda value, start, _: value.casefold().startswith(start),
    about="begins with this",
)  # fmt: skip


class Sound(OperatorConformance):
    operator = SOUND
    holds = (("Data Engineer", "data"),)
    fails = (("Data Engineer", "engineer"),)
    refuses = ("", ["data"])


def changed(**fields: Any) -> Sound:
    """The sound kit with an operator that differs in these fields."""
    kit = Sound()
    kit.operator = replace(SOUND, **fields)
    return kit


def with_(**examples: Any) -> Sound:
    """The sound operator with other examples."""
    kit = Sound()
    vars(kit).update(examples)
    return kit


def changing(first: Any, later: Any) -> Callable[..., Any]:
    """A function that gives one value at first, then another."""
    calls: list[None] = []

    def function(*_: Any) -> Any:
        calls.append(None)
        return first if len(calls) == 1 else later

    return function


def raises(*_: Any) -> Any:
    raise KeyError("x")


def short(raw: Any, fact_type: FactType) -> Any:
    if not isinstance(raw, str):
        raise ValueError("no")
    return raw


def eats(raw: Any, fact_type: FactType) -> Any:
    if not isinstance(raw, list) or not all(isinstance(each, str) for each in raw):
        raise ValueError("a list of texts is expected here")
    words = tuple(raw)
    raw.clear()
    return words


def counting() -> Callable[..., Any]:
    numbers = iter(range(10**9))
    return lambda *_: next(numbers) > 50


@pytest.mark.parametrize("check", checks_of(Sound()))
def test_a_sound_operator_passes(check: str) -> None:
    getattr(Sound(), check)()


@pytest.mark.parametrize("operator", list(core_operators()), ids=lambda operator: operator.name)
def test_the_cores_own_operators_say_what_they_ask_and_refuse_in_sentences(operator: Operator) -> None:
    kit = with_(operator=operator, holds=(), fails=(), refuses=())
    kit.test_its_kinds_are_kinds_of_facts()
    kit.test_it_says_what_it_asks()
    kit.test_operand_refuses_in_a_sentence()


FAULTS: list[tuple[str, Sound, str]] = [
    ("it_is_an_operator", with_(operator="starts_with"), "an engine refuses it: gave `'starts_with'`"),
    ("it_is_an_operator", changed(name="starts-with"), "lower-case letters and digits, parted by `_`"),
    ("it_is_an_operator", changed(name="is"), "is a word of the rule language"),
    ("its_kinds_are_kinds_of_facts", changed(kinds=frozenset({"string"})), "a frozenset of text, number"),
    ("it_says_what_it_asks", changed(about=""), "say on one line what it asks"),
    ("it_holds_where_it_should", changed(holds=lambda *_: False), "which stand in `holds`"),
    ("it_holds_where_it_should", changed(holds=lambda *_: NEVER), "which stand in `holds`"),
    ("it_fails_where_it_should", changed(holds=lambda *_: ALWAYS), "which stand in `fails`"),
    ("it_refuses_what_it_should", with_(refuses=("data",)), "raise ValueError with a sentence"),
    ("operand_refuses_in_a_sentence", changed(operand=short), "say in one sentence what is wrong"),
    ("operand_refuses_in_a_sentence", changed(operand=raises), "operand raised KeyError('x')"),
    ("operand_gives_the_same_again", changed(operand=changing("a", "b")), "two different values of 'data'"),
    (
        "operand_leaves_what_the_rule_says_alone",
        with_(operator=replace(SOUND, operand=eats), holds=(("Data", ["data"]),), fails=()),
        "copy what you want to change",
    ),
    ("holds_answers_yes_no_or_when", changed(holds=lambda *_: "yes"), "answer True, False or"),
    ("holds_answers_yes_no_or_when", changed(holds=raises), "for every value of its kind"),
    ("holds_answers_the_same_again", changed(holds=counting()), "use no clock, counter or chance"),
    ("holds_works_in_threads", changed(holds=counting()), "keep nothing between calls"),
    ("a_total_operator_answers_for_the_unknown", changed(total=True), "holds raised AttributeError"),
    ("a_total_operator_answers_for_the_unknown", changed(total=True, holds=lambda *_: None), "leave `total`"),
    ("a_rule_can_use_it", changed(name="is"), "cannot be used: plugin `under-test`"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "kit", "sentence"), FAULTS)
def test_a_broken_operator_hears_what_broke(check: str, kit: Sound, sentence: str) -> None:
    with pytest.raises(AssertionError, match=re.escape(sentence)):
        getattr(kit, f"test_{check}")()


def test_every_check_has_an_operator_that_it_catches() -> None:
    assert {f"test_{check}" for check, _, _ in FAULTS} == set(checks_of(Sound()))


def test_an_example_that_the_operator_refuses_is_told() -> None:
    with pytest.raises(AssertionError, match="operand refuses `` of an example"):
        with_(holds=(("Data", ""),)).test_it_holds_where_it_should()


def test_the_type_of_the_fact_may_be_said() -> None:
    kit = with_(fact_type=FactType("text", values=("relaxed", "formal")))
    seen = []
    kit.operator = replace(SOUND, operand=lambda raw, fact_type: seen.append(fact_type) or raw)
    kit.test_operand_refuses_in_a_sentence()
    assert {fact_type.values for fact_type in seen} == {("relaxed", "formal")}
