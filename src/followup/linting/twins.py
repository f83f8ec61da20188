"""Rules that always propose the same together: of the two only one is sent."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from followup.conditions import TRUE_CONDITION, Condition
from followup.errors import Problem
from followup.linting.lengths import longest, shortest
from followup.linting.subject import Subject, warning
from followup.rules import Rule

__all__ = ["lint_twins"]


def lint_twins(subject: Subject) -> Iterator[Problem]:
    """Pairs of rules with one wish to one person, after the same events, open at the same time."""
    groups: dict[object, list[Rule]] = {}
    for rule in subject.rules:
        if not rule.to_self and not rule.join:
            groups.setdefault(_wish(rule), []).append(rule)
    for rules in groups.values():
        for pair in combinations(rules, 2):
            if _always_together(*pair):
                first, second = sorted(
                    pair, key=lambda rule: (-rule.priority, shortest(rule.wait), rule.name)
                )
                text = (
                    f"`{second.name}` wants the same as `{first.name}`, of the same people, after the same "
                    f"events; where both are open `{first.name}` goes first, and once it is sent "
                    f"`{second.name}` is moot"
                )
                cure = "give the two different conditions or intents, or leave one out"
                yield warning("same-wish", text, subject.place(second), cure)


def _wish(rule: Rule) -> object:
    """What makes two rules alike, as text: the order in which events of `after` stand counts, too."""
    after = [(p.type, sorted(p.intents), _said(p.condition)) for p in rule.after]
    origin = rule.origin.path if rule.origin else ""
    return rule.intent, rule.to, rule.anchor, origin, repr(after)


def _said(condition: Condition) -> str:
    return "" if condition == TRUE_CONDITION else condition.text


def _always_together(one: Rule, other: Rule) -> bool:
    """Whether both speak wherever the pickier of the two does, and their windows meet."""
    conditions = {_said(one.when), _said(other.when)}
    if len(conditions) > 1 and "" not in conditions:
        return False
    if {choice.channel for choice in one.via} != {choice.channel for choice in other.via}:
        return False
    if any(choice.when != TRUE_CONDITION for rule in (one, other) for choice in rule.via):
        return False
    return not _over_before(one, other) and not _over_before(other, one)


def _over_before(one: Rule, other: Rule) -> bool:
    """Whether the first may be over before the second opens."""
    start = longest(other.wait)
    if one.within is not None:
        return shortest(one.within) <= start
    return one.open_for is not None and shortest(one.wait) + shortest(one.open_for) <= start
