"""The suite of checks that every operator must pass, as a class to subclass.

    from followup.testing import OperatorConformance
    from followup_prefix import OPERATOR

    class TestStartsWith(OperatorConformance):
        operator = OPERATOR
        holds = (("Data Engineer", "data"),)
        fails = (("Data Engineer", "engineer"),)
        refuses = ("", ["data"])

pytest then runs each check below; every one says what broke and how to mend it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from typing import Any, get_args

from followup.conditions import Operator
from followup.contributions import CONTRIBUTIONS, ContractError
from followup.fields import FactType, Kind
from followup.moments import Moments
from followup.testing.answering import check_same_again, check_threads, is_no
from followup.testing.samples import CALENDAR, SAID, VALUES, refused_in_a_rule
from followup.vocabulary import core_fact_table

__all__ = ["OperatorConformance"]


class OperatorConformance:
    """Every check of an operator. Subclass it as `Test…`, name your `operator`, run pytest.

    `holds` and `fails` are pairs of a fact's value and what the rule says, for which it must give yes and
    no (for moments: some and none); `refuses` is what a rule may not say. `fact_type` is the type of the
    fact that they are tried on; where it is not given, one of the operator's first kind.
    """

    operator: Operator
    holds: Sequence[tuple[Any, Any]] = ()
    fails: Sequence[tuple[Any, Any]] = ()
    refuses: Sequence[Any] = ()
    fact_type: FactType | None = None

    def test_it_is_an_operator(self) -> None:
        try:
            name = CONTRIBUTIONS["followup_operators"].name_of(self.operator)
        except ContractError as refusal:
            raise AssertionError(f"an engine refuses it: {refusal}") from None
        taken = name in CONTRIBUTIONS["followup_operators"].reserved()
        assert not taken, f"the name `{name}` is a word of the rule language; choose another name"

    def test_its_kinds_are_kinds_of_facts(self) -> None:
        kinds: object = self.operator.kinds
        known = get_args(Kind)
        assert isinstance(kinds, frozenset) and kinds <= set(known), (  # noqa: PT018
            f"kinds is {kinds!r}; give a frozenset of {', '.join(known)}, empty for all"
        )

    def test_it_says_what_it_asks(self) -> None:
        about: object = self.operator.about
        fits = isinstance(about, str) and about and about.strip() == about and about.isprintable()
        assert fits, (
            f"about is {about!r}; say on one line what it asks of a fact: `begins with this, without case`"
        )

    def test_it_holds_where_it_should(self) -> None:
        for value, raw in self.holds:
            assert not is_no(self._answer(value, raw)), (
                f"it does not hold for {value!r} and `{raw}`, which stand in `holds`; mend it or the list"
            )

    def test_it_fails_where_it_should(self) -> None:
        for value, raw in self.fails:
            assert is_no(self._answer(value, raw)), (
                f"it holds for {value!r} and `{raw}`, which stand in `fails`; mend it or the list"
            )

    def test_it_refuses_what_it_should(self) -> None:
        for raw in self.refuses:
            try:
                operand = self.operator.operand(raw, self._type())
            except ValueError:
                continue
            raise AssertionError(
                f"operand made {operand!r:.60} of {raw!r}, which stands in `refuses`; raise ValueError "
                "with a sentence for the rule writer"
            )

    def test_operand_refuses_in_a_sentence(self) -> None:
        for raw in (*SAID, *self.refuses):
            try:
                self.operator.operand(copy.deepcopy(raw), self._type())
            except ValueError as refusal:
                text = str(refusal)
                assert len(text.split()) >= 3, (
                    f"operand refuses {raw!r:.60} with `{text}`; say in one sentence what is wrong and what "
                    "to write"
                )
            except Exception as error:
                raise AssertionError(
                    f"operand raised {error!r:.120} for {raw!r:.60}; a rule may say anything: raise "
                    "ValueError with a sentence"
                ) from error

    def test_operand_gives_the_same_again(self) -> None:
        for raw, operand in self._accepted():
            again = self.operator.operand(copy.deepcopy(raw), self._type())
            assert again == operand, (
                f"operand made two different values of {raw!r:.60}; use no clock or chance, and give a value "
                "that equals its like"
            )

    def test_operand_leaves_what_the_rule_says_alone(self) -> None:
        for raw, _ in self._accepted():
            given = copy.deepcopy(raw)
            self.operator.operand(given, self._type())
            assert given == raw, f"operand changed {raw!r:.60}; copy what you want to change"

    def test_holds_answers_yes_no_or_when(self) -> None:
        for value, operand in self._questions():
            answer = self._asked(value, operand)
            assert isinstance(answer, (bool, Moments)), (
                f"holds gave {answer!r:.60} for {value!r:.60}; answer True, False or "
                "`followup.moments.Moments`"
            )

    def test_holds_answers_the_same_again(self) -> None:
        check_same_again(self._asked, self._questions())

    def test_holds_works_in_threads(self) -> None:
        check_threads(self._asked, self._questions())

    def test_a_total_operator_answers_for_the_unknown(self) -> None:
        for _, operand in self._accepted() if self.operator.total else ():
            answer = self._asked(None, operand)
            assert isinstance(answer, (bool, Moments)), (
                f"it is `total`, and holds gave {answer!r:.60} for a fact that is not known; answer True or "
                "False for None, or leave `total` out"
            )

    def test_a_rule_can_use_it(self) -> None:
        for raw, _ in self._accepted():
            fact = self._fact_of_the_kind()
            when = {fact: {self.operator.name: raw}}
            refused = fact and refused_in_a_rule("followup_operators", self.operator, when)
            assert not refused, f"a rule that says `{self.operator.name}: {raw}` cannot be used: {refused}"
            return

    def _type(self) -> FactType:
        if self.fact_type is not None:
            return self.fact_type
        kind = (
            "text" if not self.operator.kinds or "text" in self.operator.kinds else min(self.operator.kinds)
        )
        element = FactType("text") if kind == "list" else None
        return FactType(kind, element=element)  # type: ignore[arg-type]

    def _fact_of_the_kind(self) -> str:
        """A fact that may have any value of that kind; empty where the core has none."""
        known = core_fact_table().values()
        kind = self._type().kind
        return min((f.path for f in known if f.type.kind == kind and not f.type.values), default="")

    def _accepted(self) -> Iterator[tuple[Any, Any]]:
        """What the examples say, and the operand made of it."""
        for _, raw in (*self.holds, *self.fails):
            yield raw, self._operand(raw)

    def _questions(self) -> Iterator[tuple[Any, Any]]:
        for value, raw in (*self.holds, *self.fails):
            yield value, self._operand(raw)
        for _, operand in self._accepted():
            for value in VALUES.get(self._type().kind, ()):
                yield value, operand

    def _operand(self, raw: Any) -> Any:
        try:
            return self.operator.operand(copy.deepcopy(raw), self._type())
        except Exception as error:
            raise AssertionError(
                f"operand refuses `{raw}` of an example ({error}); mend operand or the list"
            ) from error

    def _answer(self, value: Any, raw: Any) -> Any:
        return self._asked(value, self._operand(raw))

    def _asked(self, value: Any, operand: Any) -> Any:
        try:
            return self.operator.holds(value, operand, CALENDAR)
        except Exception as error:
            raise AssertionError(
                f"holds raised {error!r:.120} for {value!r:.60}; answer True or False for every value of "
                "its kind"
            ) from error
