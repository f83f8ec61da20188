"""Windows that contradict themselves: closed before they open, open for no time, open for ever."""

from __future__ import annotations

from collections.abc import Iterator

from followup.conditions import TRUE_CONDITION, AnyOf, Test
from followup.errors import Problem
from followup.linting.alternatives import Claim, alternatives
from followup.linting.lengths import certainly_as_long
from followup.linting.subject import Subject, warning
from followup.rules import Rule

__all__ = ["lint_windows"]

APART = {
    "business hours": ("weekends",),
    "business days": ("weekends",),
    "weekends": ("business days", "business hours"),
}
"""Calendar moments that hardly ever meet: only where a country works on a day of the weekend."""
DAY_SLACK = 26
TIMED = ("older_than", "within", "before", "after", "at_least", "at_most", "more_than", "less_than")


def lint_windows(subject: Subject) -> Iterator[Problem]:
    """What is wrong with the windows of rules."""
    for rule in subject.rules:
        yield from _closed(rule, subject)
        yield from _preferred(rule, subject)
        yield from _open_for_ever(rule, subject)


def _closed(rule: Rule, subject: Subject) -> Iterator[Problem]:
    """Windows that are over before they begin. With `late: send` a rule goes out all the same."""
    if rule.late:
        return
    for key, length in (("within", rule.within), ("open_for", rule.open_for)):
        if length is not None and length.amount == 0:
            text = f"`{key}: {length}` leaves no time at all, so the rule can never propose anything"
            yield warning("no-window", text, subject.place(rule, key), "write how long, such as `1 week`")
            return
    slack = 0 if rule.origin is None else DAY_SLACK
    if rule.within and rule.wait and certainly_as_long(rule.wait, rule.within, slack):
        text = (
            f"the window closes {rule.within} after the anchor, before it opens {rule.wait} after it, so the "
            f"rule can never propose anything"
        )
        cure = "make `wait` shorter, or write `open_for` for a length that begins when it opens"
        yield warning("no-window", text, subject.place(rule, "within"), cure)


def _preferred(rule: Rule, subject: Subject) -> Iterator[Problem]:
    """A preference that the rule's own conditions on `now` hardly ever meet."""
    if rule.prefer is None:
        return
    channels = AnyOf(tuple(choice.when for choice in rule.via)) if rule.via else TRUE_CONDITION
    apart = APART.get(rule.prefer, ())
    clashes = [
        next((name for name in _during(claims) if name in apart), None)
        for claims in alternatives(rule.when, channels) or [()]
    ]
    if None not in clashes:
        text = f"`prefer: {rule.prefer}` hardly ever meets `now: {{during: {clashes[0]}}}`"
        cure = "prefer moments that lie inside, or leave one of the two out"
        yield warning("never-preferred", text, subject.place(rule, "prefer"), cure)


def _during(claims: tuple[Claim, ...]) -> Iterator[str]:
    for claim in claims:
        if isinstance(claim.test, Test) and claim.test.operator.name == "during" and claim.holds:
            yield claim.test.operand


def _open_for_ever(rule: Rule, subject: Subject) -> Iterator[Problem]:
    """A message to the employer that may still go out in a year."""
    if rule.to_self or rule.join or rule.within is not None or rule.open_for is not None:
        return
    if _ends_by_time(rule):
        return
    text = "the window never closes, so a message could still go out in a year"
    cure = "add `open_for: 2 weeks`, say, or a deadline with `within`"
    yield warning("open-for-ever", text, subject.place(rule), cure)


def _ends_by_time(rule: Rule) -> bool:
    """Whether some alternative of `when` depends on time, which may end the window."""
    found = alternatives(rule.when) or []
    return any(
        claim.test.operator.name in TIMED and not isinstance(claim.test.operand, int)
        for claims in found
        for claim in claims
        if isinstance(claim.test, Test)
    )
