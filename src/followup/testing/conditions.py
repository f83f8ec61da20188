"""The suite of checks that every kind of condition must pass, as a class to subclass.

    from followup.testing import ConditionConformance
    from followup_total import KIND

    class TestTotal(ConditionConformance):
        kind = KIND
        holds = (({"of": ["rounds", "unanswered"], "at_least": 3}, {"rounds": 2, "unanswered": 1}),)
        fails = (({"of": ["rounds", "unanswered"], "at_least": 3}, {"rounds": 2, "unanswered": 0}),)
        unknown = (({"of": ["rounds", "unanswered"], "at_least": 3}, {"rounds": 2}),)
        refuses = ({"of": ["rouns"], "at_least": 3},)

pytest then runs each check below; every one says what broke and how to mend it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, islice
from typing import Any

from followup.contributions import CONTRIBUTIONS, ContractError
from followup.fields import Fact
from followup.hookspecs import ConditionKind, Mistake, Question
from followup.moments import Moments
from followup.testing.answering import check_same_again, check_threads, is_no
from followup.testing.samples import CALENDAR, SAID, VALUES, refused_in_a_rule
from followup.vocabulary import core_fact_table

__all__ = ["ConditionConformance"]

Known = Mapping[str, Any]
_CHANGES_WITH_TIME = ("moment", "elapsed")
_SUBSETS = 64
"""How many ways to leave facts out are tried, of each example."""


class ConditionConformance:
    """Every check of a kind of condition. Subclass it as `Test…`, name your `kind`, run pytest.

    `holds`, `fails` and `unknown` are pairs of what a rule says and the facts that are known then, for which
    it must give yes, no (for moments: some and none) and None. `refuses` is what a rule may not say.
    `facts` are those that a rule may name beside the core's.
    """

    kind: ConditionKind
    holds: Sequence[tuple[Any, Known]] = ()
    fails: Sequence[tuple[Any, Known]] = ()
    unknown: Sequence[tuple[Any, Known]] = ()
    refuses: Sequence[Any] = ()
    facts: Mapping[str, Fact] = {}

    def test_it_is_a_kind_of_condition(self) -> None:
        try:
            name = CONTRIBUTIONS["followup_conditions"].name_of(self.kind)
        except ContractError as refusal:
            raise AssertionError(f"an engine refuses it: {refusal}") from None
        taken = name in CONTRIBUTIONS["followup_conditions"].reserved()
        assert not taken, f"the name `{name}` is a word of the rule language; choose another name"

    def test_it_says_what_it_asks(self) -> None:
        title: object = self.kind.title
        fits = isinstance(title, str) and title and title.strip() == title and title.isprintable()
        assert fits, f"title is {title!r}; say on one line what it asks: `several numbers come to so much`"

    def test_what_it_accepts_fits_its_schema(self) -> None:
        for raw in self._accepted():
            assert self._fits(raw), (
                f"its schema refuses {raw!r:.60}, which stands among the examples; mend one of the two"
            )

    def test_compile_gives_a_question_or_mistakes(self) -> None:
        for raw in (*self._accepted(), *filter(self._fits, (*SAID, *self.refuses))):
            compiled = self._compiled(raw)
            assert isinstance(compiled, Question) or _are_mistakes(compiled), (
                f"compile gave {compiled!r:.60} for {raw!r:.60}; give a `Question`, or a list of `Mistake`s "
                "with at least one in it"
            )

    def test_it_accepts_its_examples(self) -> None:
        for raw in self._accepted():
            self._question(raw)

    def test_it_refuses_what_it_should(self) -> None:
        for raw in self.refuses:
            assert not self._fits(raw) or not isinstance(self._compiled(raw), Question), (
                f"compile takes {raw!r:.60}, which stands in `refuses`; give a `Mistake` with what to write"
            )

    def test_it_refuses_in_sentences_at_a_place(self) -> None:
        for raw in filter(self._fits, (*SAID, *self.refuses)):
            compiled = self._compiled(raw)
            for mistake in () if isinstance(compiled, Question) else compiled:
                assert len(mistake.text.split()) >= 3, (
                    f"it refuses {raw!r:.60} with `{mistake.text}`; say in one sentence what is wrong"
                )
                most = len(raw) if isinstance(raw, str) else 0
                assert 0 <= mistake.index <= most, (
                    f"a mistake in {raw!r:.60} stands at {mistake.index}; give the character, counted from "
                    "0, and 0 in what is no text"
                )

    def test_compile_leaves_what_the_rule_says_alone(self) -> None:
        for raw in self._accepted():
            given = copy.deepcopy(raw)
            self.kind.compile(given, self._facts())
            assert given == raw, f"compile changed {raw!r:.60}; copy what you want to change"

    def test_it_reads_facts_that_there_are(self) -> None:
        for raw in self._accepted():
            reads: object = self._question(raw).reads
            strange = (
                [path for path in reads if path not in self._facts()] if isinstance(reads, tuple) else []
            )
            assert isinstance(reads, tuple) and not strange, (  # noqa: PT018
                f"for {raw!r:.60} it reads {strange or reads!r}; give a tuple of paths of facts, and a "
                "`Mistake` for what is none"
            )

    def test_it_holds_where_it_should(self) -> None:
        for raw, known in self.holds:
            answer = self._asked(raw, known)
            assert answer is not None and not is_no(answer), (  # noqa: PT018
                f"it gives {answer!r:.60} for {_case(raw, known)}, which stand in `holds`; "
                "mend it or the list"
            )

    def test_it_fails_where_it_should(self) -> None:
        for raw, known in self.fails:
            answer = self._asked(raw, known)
            assert answer is not None and is_no(answer), (  # noqa: PT018
                f"it gives {answer!r:.60} for {_case(raw, known)}, which stand in `fails`; "
                "mend it or the list"
            )

    def test_it_gives_none_where_it_cannot_know(self) -> None:
        for raw, known in self.unknown:
            answer = self._asked(raw, known)
            assert answer is None, (
                f"it gives {answer!r:.60} for {_case(raw, known)}, which stand in `unknown`; "
                "give None, and the plan asks for what is missing"
            )

    def test_it_answers_yes_no_when_or_none(self) -> None:
        for raw, known in self._questions():
            answer: object = self._asked(raw, known)
            assert answer is None or isinstance(answer, (bool, Moments)), (
                f"holds gave {answer!r:.60} for {raw!r:.60}; answer True, False, None or "
                "`followup.moments.Moments`"
            )

    def test_it_never_guesses(self) -> None:
        for raw, known in (*self.holds, *self.fails):
            whole = self._asked(raw, known)
            for part in _parts(known):
                answer = self._asked(raw, part)
                assert answer is None or answer == whole, (
                    f"holds gave {answer!r:.60} for {raw!r:.60} when only {dict(part)!r:.60} was known, and "
                    f"{whole!r:.60} when all was; answer None as long as what is missing could change it"
                )

    def test_what_changes_with_time_is_answered_by_moments(self) -> None:
        facts = self._facts()
        for raw, known in (*self.holds, *self.fails):
            timed = [p for p in self._question(raw).reads if facts[p].type.kind in _CHANGES_WITH_TIME]
            answer = self._asked(raw, known) if timed else None
            assert answer is None or isinstance(answer, Moments), (
                f"holds gave {answer!r:.60} for {raw!r:.60}, which hangs on `{timed[0]}`; that changes by "
                "itself: answer `Moments`, or refuse such facts by a `Mistake`"
            )

    def test_it_answers_the_same_again(self) -> None:
        check_same_again(self._asked, self._questions())

    def test_it_works_in_threads(self) -> None:
        check_threads(self._asked, self._questions())

    def test_a_rule_can_use_it(self) -> None:
        core = core_fact_table()
        for raw in self._accepted():
            if all(path in core for path in self._question(raw).reads):
                refused = refused_in_a_rule("followup_conditions", self.kind, {self.kind.name: raw})
                assert not refused, f"a rule that says `{self.kind.name}: {raw}` cannot be used: {refused}"
                return

    def _facts(self) -> Mapping[str, Fact]:
        return {**core_fact_table(), **self.facts}

    def _accepted(self) -> list[Any]:
        """What a rule may say: the examples of the tests, and those of the schema."""
        said = [raw for raw, _ in (*self.holds, *self.fails, *self.unknown)]
        return [*said, *self.kind.schema.get("examples", ())]

    def _fits(self, raw: Any) -> bool:
        from jsonschema import Draft7Validator

        return bool(Draft7Validator(self.kind.schema).is_valid(raw))

    def _compiled(self, raw: Any) -> Question | Sequence[Mistake]:
        try:
            return self.kind.compile(copy.deepcopy(raw), self._facts())
        except Exception as error:
            raise AssertionError(
                f"compile raised {error!r:.120} for {raw!r:.60}, which the schema lets through; a rule may "
                "say anything: give a `Mistake`"
            ) from error

    def _question(self, raw: Any) -> Question:
        compiled = self._compiled(raw)
        if isinstance(compiled, Question):
            return compiled
        told = "; ".join(mistake.text for mistake in compiled)
        raise AssertionError(f"compile refuses {raw!r:.60} of an example ({told}); mend compile or the list")

    def _questions(self) -> Iterator[tuple[Any, Known]]:
        """The examples, and what a rule may say when its facts have odd values, or are not known."""
        yield from (*self.holds, *self.fails, *self.unknown)
        facts = self._facts()
        for raw in self._accepted():
            yield raw, {}
            kinds = {path: facts[path].type.kind for path in self._question(raw).reads}
            if all(kind in VALUES for kind in kinds.values()):
                for number in range(max((len(VALUES[kind]) for kind in kinds.values()), default=0)):
                    yield raw, {p: VALUES[kind][number % len(VALUES[kind])] for p, kind in kinds.items()}

    def _asked(self, raw: Any, known: Known) -> Any:
        question = self._question(raw)
        try:
            return question.holds({p: known[p] for p in question.reads if p in known}, CALENDAR)
        except Exception as error:
            raise AssertionError(
                f"holds raised {error!r:.120} for {_case(raw, known)}; a fact may have every "
                "value of its kind, or not be known: answer None then"
            ) from error


def _case(raw: Any, known: Known) -> str:
    return f"{raw!r:.60} and {dict(known)!r:.60}"


def _are_mistakes(compiled: object) -> bool:
    fits = isinstance(compiled, Sequence) and all(isinstance(each, Mistake) for each in compiled)
    return fits and bool(compiled)


def _parts(known: Known) -> Iterator[Known]:
    """What is known with some of it left out."""
    fewer = (kept for size in range(len(known)) for kept in combinations(known, size))
    yield from ({path: known[path] for path in kept} for kept in islice(fewer, _SUBSETS))
