"""Guards that never hold anything back: they concern no rule, never speak, or ask less than the core does."""

from __future__ import annotations

from collections.abc import Iterator

from followup.conditions import Condition, Test
from followup.errors import Place, Problem, did_you_mean
from followup.gate import MOST_UNANSWERED, ONE_DAY
from followup.linting.alternatives import alternatives
from followup.linting.contradictions import contradiction
from followup.linting.lengths import certainly_as_long
from followup.linting.subject import Subject, note, warning
from followup.rules import CHANNEL_FACT, Guard

__all__ = ["lint_guards"]


def lint_guards(subject: Subject) -> Iterator[Problem]:
    """What can never come to bear, guard by guard."""
    for guard in subject.guards:
        strangers = list(_strangers(guard, subject))
        yield from strangers
        if not strangers:
            yield from _without_rules(guard, subject)
        yield from _never_speaks(guard, subject)
        yield from _below_the_floor(guard, subject)


def _strangers(guard: Guard, subject: Subject) -> Iterator[Problem]:
    """Rules and scenarios that its `for` names and that are not there."""
    known = {"rule": {*subject.engine.rules, *subject.engine.switched_off}, "scenario": subject.scenarios}
    for test in _tests(guard.applies):
        names = test.operand if isinstance(test.operand, frozenset) else {test.operand}
        for name in sorted(str(name) for name in names):
            there = known.get(test.path)
            if (
                there is not None
                and test.operator.name in ("is", "not", "in", "not_in")
                and name not in {each.casefold() for each in there}
            ):
                cure = did_you_mean(name, there) or "see `followup rules list`"
                yield warning("guard-without-rule", f"no {test.path} is named `{name}`", test.place, cure)


def _tests(condition: Condition) -> Iterator[Test]:
    for claims in alternatives(condition) or ():
        yield from (claim.test for claim in claims if isinstance(claim.test, Test))


def _without_rules(guard: Guard, subject: Subject) -> Iterator[Problem]:
    if not any(guard.applies_to(rule) for rule in subject.rules):
        text = "the guard concerns no rule that is loaded"
        cure = "see `for`; a guard concerns tasks for yourself only if `for` tests `to`"
        yield warning("guard-without-rule", text, subject.place(guard, "for"), cure)


def _never_speaks(guard: Guard, subject: Subject) -> Iterator[Problem]:
    facts = subject.vocabulary.facts
    never = contradiction(facts, guard.when)
    if never is not None:
        yield _useless(f"the guard never speaks: {never.text}", never.place)
        return
    hold = guard.hold.while_ if guard.hold else None
    if hold is not None and (never := contradiction(facts, hold, guard.when)) is not None:
        yield _useless(f"the guard never holds anything: {never.text}", never.place)
    if guard.forbid_channel is not None:
        facts = {**facts, CHANNEL_FACT.path: CHANNEL_FACT}
        never = contradiction(facts, guard.forbid_channel, guard.when)
        if never is not None:
            yield _useless(f"the guard never forbids a channel: {never.text}", never.place)


def _useless(text: str, place: Place) -> Problem:
    return warning("never-true", text, place, "mend one of them, or leave the guard out")


def _below_the_floor(guard: Guard, subject: Subject) -> Iterator[Problem]:
    """Etiquette that the core keeps anyway, and more strictly."""
    if guard.cap is not None and guard.cap > MOST_UNANSWERED:
        text = (
            f"a cap of {guard.cap} changes nothing: the core lets no more than {MOST_UNANSWERED} unanswered"
        )
        yield note("below-the-floor", text, subject.place(guard, "cap"), f"write {MOST_UNANSWERED} or less")
    person = guard.space.person if guard.space else None
    if person is not None and person.by != ONE_DAY and certainly_as_long(ONE_DAY, person.by):
        text = f"`person: {person.by}` changes nothing: the core keeps {ONE_DAY} between contacts to a person"
        place = subject.place(guard, "space", "person")
        yield note("below-the-floor", text, place, f"write more than {ONE_DAY}, or leave it out")
