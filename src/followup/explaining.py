"""Why a rule proposes what it proposes, or nothing: its conditions, its windows, its guards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec

from followup import wording
from followup.conditions import TRUE_CONDITION, All, AnyOf, Condition, Custom, Elements, Not, Test
from followup.gate import Restriction
from followup.moments import Instant, moment
from followup.plan import Plan, Question, Reason, Recipient
from followup.planning import Planner, recipient_of
from followup.proposing import Candidate
from followup.records import Record
from followup.rules import Rule
from followup.scheduling import Placement, Schedule, whole_schedule
from followup.scope import Scope
from followup.state import InterviewState
from followup.timepoints import Timepoint

__all__ = ["CandidateExplanation", "Check", "Explanation", "Guarding", "explain"]

LARGEST_NUMBER = 10**9
"""Above this a whole number is an instant: facts count people and contacts."""


class Check(msgspec.Struct, frozen=True):
    """One node of a condition: `kind` is `all`, `any`, `not` or `test`.

    `result` is its value now; `changes` is when it next changes by time alone.
    """

    kind: str
    text: str
    result: Literal["true", "false", "unknown"]
    wanted: str = ""
    actual: str = ""
    changes: datetime | None = None
    at: str = ""
    children: tuple[Check, ...] = ()


class Guarding(msgspec.Struct, frozen=True):
    """What one guard (or the gate) says to a candidate: `holds` now, and until when."""

    name: str
    holds: bool
    lifts: datetime | None
    text: str
    at: str = ""


class CandidateExplanation(msgspec.Struct, frozen=True, kw_only=True):
    """One follow-up that the rule could make: its anchor, its windows, its conditions and its guards."""

    key: str
    to: Recipient | None
    status: str
    anchor: str
    opens: datetime | None
    closes: datetime | None
    at: datetime | None
    lifts: datetime | None
    condition: Check | None
    guards: tuple[Guarding, ...]
    reasons: tuple[Reason, ...]


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A rule explained for one state at one moment. Without candidates, `silent` says why."""

    rule: str
    scenario: str
    title: str
    at: str
    decided_by: str
    advice: tuple[Reason, ...]
    now: datetime
    candidates: tuple[CandidateExplanation, ...]
    silent: tuple[Reason, ...]
    questions: tuple[Question, ...]
    next_change: datetime | None = None


def explain(
    planner: Planner, state: InterviewState, now: Instant, names: Sequence[str]
) -> tuple[Explanation, ...]:
    """The explanation of each named rule."""
    made = whole_schedule(state, now, planner.rules)
    plan = planner.plan(state, now, drafts=False, reasons=True)
    return tuple(_Explainer(planner, made, plan).rule(planner.rules.rules[name]) for name in names)


@dataclass(frozen=True, slots=True)
class _Explainer:
    """Explains rules from a schedule and its plan."""

    planner: Planner
    made: Schedule
    plan: Plan

    def rule(self, rule: Rule) -> Explanation:
        placements = [p for p in self.made.placements if p.candidate.rule.name == rule.name]
        candidates = [self._placed(placement) for placement in placements]
        candidates += [self._asleep(c) for c in self.made.silent if c.rule.name == rule.name]
        silent = next((entry.reasons for entry in self.plan.silent if entry.rule == rule.name), ())
        advice = self.planner.advice()
        return Explanation(
            rule=rule.name,
            scenario=rule.scenario,
            title=rule.title,
            at=rule.place.short,
            decided_by=rule.decided_by.short if rule.decided_by else "",
            advice=tuple(Reason("advice", id_, advice[id_].says) for id_ in rule.advice if id_ in advice),
            now=self.plan.now,
            candidates=tuple(candidates),
            silent=silent,
            questions=tuple(q for q in self.plan.questions if rule.name in q.rules),
            next_change=self.plan.next_change,
        )

    def _placed(self, placement: Placement) -> CandidateExplanation:
        followup = self.plan[placement.key]
        return CandidateExplanation(
            key=followup.key,
            to=followup.to,
            status=followup.status,
            anchor=_anchor(placement.candidate),
            opens=followup.opens,
            closes=followup.closes,
            at=followup.at,
            lifts=followup.lifts,
            condition=self._condition(placement.candidate),
            guards=tuple(self._guard(limit) for limit in placement.outlook.window.restrictions),
            reasons=followup.reasons,
        )

    def _asleep(self, candidate: Candidate) -> CandidateExplanation:
        return CandidateExplanation(
            key=candidate.key,
            to=recipient_of(candidate),
            status="silent",
            anchor=_anchor(candidate),
            opens=self._moment(candidate.start),
            closes=None,
            at=None,
            lifts=None,
            condition=self._condition(candidate),
            guards=(),
            reasons=(),
        )

    def _condition(self, candidate: Candidate) -> Check | None:
        if candidate.rule.when == TRUE_CONDITION:
            return None
        return self._check(candidate.rule.when, candidate.scope, candidate.scope)

    def _check(self, condition: Condition, subject: Any, scope: Scope) -> Check:
        """One node of a condition, with its value now and its parts."""
        now = self.made.history.now
        truth = condition.truth(subject, scope.calendar)
        result: Literal["true", "false", "unknown"] = "true" if now in truth.certain else "unknown"
        if now not in truth.possible:
            result = "false"
        changes = [edge for edge in (truth.certain.next_change(now), truth.possible.next_change(now)) if edge]
        parts: tuple[Condition, ...] = ()
        wanted = actual = ""
        kind = "test"
        match condition:
            case All() | AnyOf():
                kind, parts = ("all" if isinstance(condition, All) else "any"), condition.parts
            case Not():
                kind, parts = "not", (condition.part,)
            case Test():
                wanted, actual = condition.wanted, _shown(condition.get(subject), scope)
            case Custom():
                wanted, actual = condition.wanted, _known(condition, subject, scope)
            case Elements():
                wanted, actual = condition.quantifier, _shown(condition.get(subject), scope)
        return Check(
            kind=kind,
            text=condition.text,
            result=result,
            wanted=wanted,
            actual=actual,
            changes=self._moment(min(changes, default=None)),
            at=condition.place.short if condition.place.line else "",
            children=tuple(self._check(part, subject, scope) for part in parts),
        )

    def _guard(self, limit: Restriction) -> Guarding:
        now = self.made.history.now
        holds = now not in limit.allowed
        lifts = limit.allowed.first(now) if holds else None
        return Guarding(limit.name, holds, self._moment(lifts), limit.text, limit.at)

    def _moment(self, at: Instant | None) -> datetime | None:
        return None if at is None else moment(at, self.plan.now.tzinfo or UTC)


def _known(condition: Custom, subject: Any, scope: Scope) -> str:
    """What a condition of a plugin's kind reads, each fact with its value."""
    values = condition.known(subject)
    return ", ".join(f"{path}: {_shown(values.get(path), scope)}" for path, _ in condition.facts)


def _anchor(candidate: Candidate) -> str:
    event = candidate.anchor.event
    return f"{event.type} {event.id} on {wording.day_and_time(candidate.scope.calendar.local(event.at))}"


def _shown(value: Any, scope: Scope) -> str:
    """A fact's value as a person would write it."""
    match value:
        case None:
            return "not known"
        case Timepoint():
            local = scope.calendar.local(value.start)
            return wording.day_and_year(local) if value.day is not None else wording.day_and_time(local)
        case Scope():
            return value.person_id or ""
        case Record():
            return str(getattr(value, value.__struct_fields__[0]))
        case tuple() | list():
            return ", ".join(_shown(item, scope) for item in value) or "none"
        case bool():
            return "true" if value else "false"
        case int() if abs(value) > LARGEST_NUMBER:
            return f"since {wording.day_and_time(scope.calendar.local(value))}"
        case _:
            return str(value)
