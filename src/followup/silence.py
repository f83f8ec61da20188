"""Silence: why rules propose nothing."""

from __future__ import annotations

from collections.abc import Iterator

from followup.history import History
from followup.plan import Reason, Silent
from followup.proposing import Candidate
from followup.rules import Pattern, Rule
from followup.scheduling import Rules, Schedule, silent_candidates

__all__ = ["silent"]


def silent(made: Schedule, rules: Rules) -> Iterator[Silent]:
    """The rules that propose nothing, each with why."""
    proposing = {placement.candidate.rule.name for placement in made.placements}
    asleep = {candidate.rule.name: candidate for candidate in silent_candidates(made, rules)}
    for name, rule in rules.rules.items():
        if name not in proposing:
            yield Silent(name, rule.scenario, (_why(rule, asleep.get(name), made.history),))


def _why(rule: Rule, candidate: Candidate | None, history: History) -> Reason:
    if candidate is not None:
        return _asleep(candidate)
    if any(history.by_type.get(pattern.type) for pattern in rule.after) and rule.origin is not None:
        return Reason("event", rule.name, f"{rule.origin.path} is not known", rule.place.short)
    waits = " or ".join(map(_in_words, rule.after))
    return Reason("event", rule.name, f"it waits for {waits}", rule.place.short)


def _asleep(candidate: Candidate) -> Reason:
    """Why nothing could make a candidate a follow-up: its conditions, its channels', or its window."""
    rule, scope = candidate.rule, candidate.scope
    if rule.when.truth(scope, scope.calendar).possible.is_never:
        place = rule.when.place.short if rule.when.place.line else rule.place.short
        return Reason("when", rule.name, f"it asks for: {rule.when.text}", place)
    suits = [choice for choice in rule.via if not choice.when.truth(scope, scope.calendar).possible.is_never]
    if not suits:
        asked = "; ".join(f"{choice.channel} where {choice.when.text}" for choice in rule.via)
        return Reason("channel", rule.name, f"no channel suits: {asked}", rule.place.short)
    return Reason("window", rule.name, "its conditions and its window never meet", rule.place.short)


def _in_words(pattern: Pattern) -> str:
    return f"{pattern.type} ({', '.join(sorted(pattern.intents))})" if pattern.intents else pattern.type
