"""Rules and states from a seed: the same rules for followup, for hand-written Python and for each peer.

A rule awaits events and tests three to five facts. Of all tests that make sense the generator knows how
often each holds, in a sample of states; it draws them so that about five rules match a state, however many
rules there are. All facts are static, and known in the states.
"""

from __future__ import annotations

import random
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from math import prod
from operator import itemgetter
from typing import Any

from benchmarks.facts import AWAITED, Facts, facts_of
from benchmarks.states import NOW, random_states

from followup import InterviewState

__all__ = [
    "FLAG", "LISTS", "LISTS_OF_TEXTS", "NUMBERS", "OPERATORS", "TEXTS", "WORDS", "Elements", "Rule", "Test",
    "Workload", "holds", "matching", "value_of",
]  # fmt: skip

MATCHING = 5
SAMPLE = 600


@dataclass(frozen=True, slots=True)
class Test:
    """A fact's value against an operand, by one of followup's operators."""

    path: str
    operator: str
    operand: Any


@dataclass(frozen=True, slots=True)
class Elements:
    """Tests that some, every or none of a list's elements passes."""

    path: str
    quantifier: str
    tests: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """After one of these events, when all tests hold."""

    name: str
    after: tuple[str, ...]
    tests: tuple[Test | Elements, ...]


OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "is": lambda value, operand: value == operand,
    "in": lambda value, operand: value in operand,
    "contains": lambda value, operand: operand in value,
    "at_least": lambda value, operand: value >= operand,
    "at_most": lambda value, operand: value <= operand,
    "more_than": lambda value, operand: value > operand,
    "less_than": lambda value, operand: value < operand,
}


def value_of(facts: Facts, path: str) -> Any:
    """The value at a path; None where it is not known."""
    value: Any = facts
    for step in path.split("."):
        value = value.get(step)
        if value is None:
            return None
    return value


def holds(test: Test | Elements, facts: Facts) -> bool:
    """Whether a test holds, said as plainly as can be. What is not known does not hold."""
    value = value_of(facts, test.path)
    if value is None:
        return False
    if isinstance(test, Test):
        return OPERATORS[test.operator](value, test.operand)
    passed = [all(holds(part, element) for part in test.tests) for element in value]
    return {"some": any(passed), "every": all(passed), "none": not any(passed)}[test.quantifier]


def matching(rules: Sequence[Rule], facts: Facts) -> list[str]:
    """The names of the rules that match: the answer that everybody must give."""
    count = facts["count"]
    return [
        rule.name
        for rule in rules
        if any(count[kind] for kind in rule.after) and all(holds(test, facts) for test in rule.tests)
    ]


@dataclass(frozen=True)
class Workload:
    """Rules, and states that they are run against at `now`."""

    rules: tuple[Rule, ...]
    states: tuple[InterviewState, ...]

    now = NOW

    @classmethod
    def of(cls, rules: int, states: int, seed: int) -> Workload:
        variety = max(10, min(500, rules // 20))
        catalogue = Catalogue.of(seed, variety)
        draw = random.Random(f"rules {seed} {rules}")
        width = len(str(rules - 1))
        made = (catalogue.rule(draw, f"rule{number:0{width}}", MATCHING / rules) for number in range(rules))
        return cls(tuple(made), random_states(states, seed, variety))

    @cached_property
    def facts(self) -> tuple[Facts, ...]:
        """The facts of each state."""
        return tuple(facts_of(state, self.now) for state in self.states)

    @cached_property
    def answers(self) -> tuple[list[str], ...]:
        """The names of the rules that match, for each state."""
        return tuple(matching(self.rules, facts) for facts in self.facts)


@dataclass(frozen=True)
class Catalogue:
    """The tests that rules are made of, the rarest first, each with how often it holds, and the events."""

    tests: tuple[tuple[float, Test | Elements], ...]
    events: tuple[tuple[float, str], ...]

    @classmethod
    def of(cls, seed: int, variety: int) -> Catalogue:
        """Count in a sample of states, of another seed than those that are timed."""
        sample = [facts_of(state, NOW) for state in random_states(SAMPLE, seed + 1, variety)]

        def often(passed: Iterator[bool]) -> float:
            return max(sum(passed), 0.5) / SAMPLE

        tests = [(often(holds(test, facts) for facts in sample), test) for test in _tests(sample)]
        events = [(often(facts["count"][kind] > 0 for facts in sample), kind) for kind in AWAITED]
        ordered = sorted((pair for pair in tests if pair[0] < 1), key=itemgetter(0))
        return cls(tuple(ordered), tuple(events))

    def rule(self, draw: random.Random, name: str, wanted: float) -> Rule:
        """A rule that matches about so often."""
        after = tuple(draw.sample([kind for _, kind in self.events], draw.choice((1, 1, 2, 3))))
        often = 1 - prod(1 - often for often, kind in self.events if kind in after)
        parts = draw.choice((3, 4, 4, 5))
        shares = [draw.expovariate(1) for _ in range(parts)]
        tests: list[Test | Elements] = []
        left = min(1.0, wanted / often)
        for number, share in enumerate(shares):
            target = left ** (share / sum(shares[number:]))
            found, test = self._near(draw, target, {test.path for test in tests})
            left = min(1.0, left / found)
            tests.append(test)
        return Rule(name, after, tuple(_guarded(tests)))

    def _near(self, draw: random.Random, target: float, taken: set[str]) -> tuple[float, Test | Elements]:
        """A test of a fact not taken yet that holds about so often: one fact is as good as another."""
        room = 1.3
        while True:
            near = [
                (often, test)
                for often, test in self._by_often(target / room, target * room)
                if test.path not in taken
            ]
            if near:
                path = draw.choice(sorted({test.path for _, test in near}))
                return draw.choice([pair for pair in near if pair[1].path == path])
            room *= 1.5

    def _by_often(self, least: float, most: float) -> tuple[tuple[float, Test | Elements], ...]:
        first = bisect_left(self.tests, least, key=itemgetter(0))
        return self.tests[first : bisect_right(self.tests, most, key=itemgetter(0))]


def _guarded(tests: list[Test | Elements]) -> Iterator[Test | Elements]:
    """What only an offer says is tested where there is one, so that it is known wherever it counts."""
    if any(test.path.startswith("last.offer.") for test in tests):
        yield Test("stage", "is", "offer")
        tests = [test for test in tests if test.path != "stage"]
    yield from tests


TEXTS = (
    "stage", "company.name", "company.culture", "company.country", "company.timezone", "company.language",
    "position.title", "position.reference", "candidate.timezone", "candidate.language",
    "instructions.contact", "last.interview.medium", "last.sent.intent", "last.sent.channel", "last.sent.to",
    "last.called.outcome", "last.called.to", "last.reply.from", "last.promise.words", "last.promise.who",
    "last.news.about", "last.news.who", "last.offer.terms",
)  # fmt: skip
NUMBERS = (
    "rounds", "unanswered", "last.interview.minutes", "last.interview.round", "count.interview",
    "count.sent", "count.reply", "count.note",
)  # fmt: skip
WORDS = ("candidate.distinction", "last.sent.subject", "last.reply.subject", "last.note.text")
LISTS_OF_TEXTS = (
    "candidate.strengths", "instructions.channels", "last.interview.with", "last.interview.questions",
)  # fmt: skip
FLAG = "instructions.no_contact"


def _tests(sample: Sequence[Facts]) -> Iterator[Test | Elements]:
    for path in TEXTS:
        yield from _text_tests(path, _seen(value_of(facts, path) for facts in sample))
    for path in NUMBERS:
        for value in sorted(_seen(value_of(facts, path) for facts in sample)):
            for operator in ("is", "at_least", "at_most", "more_than", "less_than"):
                yield Test(path, operator, value)
    for path in (*WORDS, *LISTS_OF_TEXTS):
        for word in _seen(word for facts in sample for word in _words(value_of(facts, path))):
            yield Test(path, "contains", word)
    for flag in (True, False):
        yield Test(FLAG, "is", flag)
    yield from _element_tests(sample)


def _seen(values: Iterator[Any]) -> list[Any]:
    """The values that there are, the most frequent first."""
    count: dict[Any, int] = {}
    for value in values:
        if value is not None:
            count[value] = count.get(value, 0) + 1
    return sorted(count, key=lambda value: (-count[value], value))


def _words(value: Any) -> list[str]:
    return [word.strip(",") for word in value.split()] if isinstance(value, str) else value


def _text_tests(path: str, values: list[Any]) -> Iterator[Test]:
    for value in values:
        yield Test(path, "is", value)
    for width in (2, 3, 5, 8, 13):
        for first in range(min(len(values) - width, 40)):
            yield Test(path, "in", tuple(values[first : first + width]))
    if 2 < len(values) < 40:
        for missing in range(len(values)):
            yield Test(path, "in", tuple(values[:missing] + values[missing + 1 :]))


LISTS = {
    "people": ("role", "rapport", "language", "timezone"),
    "last.interview.concerns": ("gap", "about"),
    "last.interview.mistakes": ("said", "correction"),
    "candidate.library": ("title", "tags"),
}
QUANTIFIERS = ("some", "none", "every")


def _element_tests(sample: Sequence[Facts]) -> Iterator[Elements]:
    for path, fields in LISTS.items():
        elements = [element for facts in sample for element in value_of(facts, path)]
        tests = [list(_field_tests(elements, field)) for field in fields]
        for quantifier, of_field in product(QUANTIFIERS, tests):
            yield from (Elements(path, quantifier, (test,)) for test in of_field)
        for quantifier, pair in product(QUANTIFIERS[:2], product(tests[0][:8], tests[1][:8])):
            yield Elements(path, quantifier, pair)


def _field_tests(elements: Sequence[Facts], field: str) -> Iterator[Test]:
    values = [element[field] for element in elements]
    if isinstance(values[0], list):
        yield from (Test(field, "contains", word) for word in _seen(word for v in values for word in v))
    else:
        yield from (Test(field, "is", value) for value in _seen(iter(values))[:60])
