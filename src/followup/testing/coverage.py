"""Coverage: what of the rules, conditions, guards and messages the tests have seen at work, and what not.

The schedules of the tests are made once more and looked into; planning itself knows nothing of this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import msgspec

from followup.choosing import version_for
from followup.conditions import All, AnyOf, Condition, Elements, Not, Test, leaves
from followup.engine import Engine
from followup.errors import Place
from followup.history import History
from followup.moments import Instant, instant
from followup.plan import FollowUp, Plan
from followup.planning import holding
from followup.proposing import Candidate
from followup.rules import Guard, Message, Rule, Scenario
from followup.scheduling import Placement
from followup.scope import Scope
from followup.state import InterviewState
from followup.testing.reading import PreparedTest, Scene
from followup.windows import is_known

__all__ = ["Branch", "Coverage", "FileCoverage", "coverage_of"]


class Branch(msgspec.Struct, frozen=True):
    """One thing in a rule or message file, and which of its outcomes the tests have seen.

    `kind` is `rule`, `condition`, `guard`, `message` or `fact`; the outcomes that count are those of
    `wanted`. `seen` may hold more: the statuses of a rule, or that a condition was unknown.
    """

    kind: str
    name: str
    text: str
    line: int
    wanted: tuple[str, ...]
    seen: tuple[str, ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """The outcomes that no test has seen."""
        return tuple(outcome for outcome in self.wanted if outcome not in self.seen)


class FileCoverage(msgspec.Struct, frozen=True):
    """What the tests reach of one file: its branches in order of line, and how many outcomes of how many."""

    file: str
    reached: int
    total: int
    branches: tuple[Branch, ...]

    @property
    def percent(self) -> float:
        """The share of outcomes that were seen, from 0 to 100."""
        return percent(self.reached, self.total)


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """What the tests reach of all files, in order of their names."""

    files: tuple[FileCoverage, ...]
    reached: int
    total: int

    @property
    def percent(self) -> float:
        """The share of outcomes that were seen, from 0 to 100."""
        return percent(self.reached, self.total)


def percent(reached: int, total: int) -> float:
    """The share, from 0 to 100, rounded down: 100 is said of nothing less than all."""
    return 100.0 if not total else int(1000 * reached / total) / 10


def coverage_of(
    engine: Engine,
    tests: Sequence[PreparedTest],
    scenarios: Iterable[Scenario],
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Coverage:
    """What these tests reach of these scenarios. `told` hears how many of how many tests are done."""
    seen = _Seen(engine)
    for number, test in enumerate(tests, start=1):
        for scene in test.scenes:
            seen.watch(scene)
        told(number, len(tests))
    by_file: dict[str, list[Branch]] = {}
    for scenario in scenarios:
        for place, branch in seen.branches(scenario):
            by_file.setdefault(place.file, []).append(branch)
    files = tuple(
        FileCoverage(
            file,
            sum(len(branch.wanted) - len(branch.missing) for branch in branches),
            sum(len(branch.wanted) for branch in branches),
            tuple(sorted(branches, key=lambda branch: (branch.line, branch.kind, branch.text))),
        )
        for file, branches in sorted(by_file.items())
    )
    return Coverage(
        files=files, reached=sum(file.reached for file in files), total=sum(file.total for file in files)
    )


class _Seen:
    """Which outcomes were seen of what. Conditions are known by identity: the same words may stand twice."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.outcomes: dict[tuple[str, Any], set[str]] = {}

    def mark(self, kind: str, what: Any, outcome: str) -> None:
        self.outcomes.setdefault((kind, what), set()).add(outcome)

    # Watching

    def watch(self, scene: Scene) -> None:
        """Look at everything that one moment of a test makes happen."""
        now = instant(scene.now)
        made = self.engine.schedule(scene.state, scene.now)
        plan = self.engine.plan(scene.state, scene.now)
        followups = {followup.key: followup for followup in plan.followups}
        for placement in made.placements:
            followup = followups[placement.key]
            self.mark("rule", placement.candidate.rule.name, "proposed")
            self.mark("rule", placement.candidate.rule.name, followup.status)
            self._candidate(placement.candidate, now)
            self._guards(placement, now)
            self._message(placement.candidate, followup, plan)
        for candidate in made.silent:
            self.mark("rule", candidate.rule.name, "silent")
            self._candidate(candidate, now)

    def _candidate(self, candidate: Candidate, now: Instant) -> None:
        rule, scope = candidate.rule, candidate.scope
        self._condition(rule.when, scope, scope, now)
        for choice in rule.via:
            self._condition(choice.when, scope, scope, now)
        for guard in self.engine.guards.values():
            if guard.applies_to(rule):
                for condition, subject in _conditions_of(guard, scope):
                    self._condition(condition, subject, scope, now)

    def _condition(self, condition: Condition, subject: Any, scope: Scope, now: Instant) -> None:
        match condition:
            case All() | AnyOf():
                for part in condition.parts:
                    self._condition(part, subject, scope, now)
                return
            case Not():
                self._condition(condition.part, subject, scope, now)
                return
            case Elements():
                for element in condition.get(subject) or ():
                    self._condition(condition.part, element, scope, now)
        truth = condition.truth(subject, scope.calendar)
        outcome = "true" if now in truth.certain else "unknown" if now in truth.possible else "false"
        self.mark("condition", id(condition), outcome)

    def _guards(self, placement: Placement, now: Instant) -> None:
        limits = placement.outlook.window.restrictions
        holding_now = {limit.name for limit in limits if now not in limit.allowed}
        holding_now |= {limit.name for limit in holding(placement)}
        candidate = placement.candidate
        for guard in self.engine.guards.values():
            if guard.applies_to(candidate.rule):
                acts = guard.name in holding_now or _chooses(guard, candidate, now)
                self.mark("guard", guard.name, "acts" if acts else "lets go")

    def _message(self, candidate: Candidate, followup: FollowUp, plan: Plan) -> None:
        host = followup if followup.host is None else plan[followup.host]
        if candidate.rule.message is None or host.draft is None:
            return
        message, scope = version_for(candidate, host.draft.language), candidate.scope
        section = "part" if followup.host is not None and "part" in message.templates else "body"
        self.mark("message", message.place, "written" if followup.host is None else "as a part")
        for path in _optional(message, section):
            known = bool(followup.parts) if path == "parts" else is_known(message.facts[path].get(scope))
            self.mark("fact", (message.place, section, path), "known" if known else "unknown")

    # Telling

    def branches(self, scenario: Scenario) -> Iterator[tuple[Place, Branch]]:
        """Everything in a scenario that tests can reach, with its place."""
        for rule in scenario.rules.values():
            yield self._branch("rule", rule.name, rule.name, rule.title, rule.place, ("proposed", "due"))
            for condition in (rule.when, *(choice.when for choice in rule.via)):
                yield from self._nodes(condition, rule.name, rule.place)
        for guard in scenario.guards.values():
            told = guard.because or guard.title
            yield self._branch("guard", guard.name, guard.name, told, guard.place, ("acts", "lets go"))
            for condition, _ in _conditions_of(guard, None):
                yield from self._nodes(condition, guard.name, guard.place)
        for message in scenario.messages.values():
            for version in (message, *message.translations.values()):
                yield from self._versions(version, _users(scenario, message))

    def _nodes(self, condition: Condition, owner: str, place: Place) -> Iterator[tuple[Place, Branch]]:
        for leaf in leaves(condition):
            if isinstance(leaf, (Test, Elements)):
                where = leaf.place if leaf.place.line else place
                yield self._branch("condition", id(leaf), owner, leaf.text, where, ("true", "false"))
                if isinstance(leaf, Elements):
                    yield from self._nodes(leaf.part, owner, where)

    def _versions(self, message: Message, users: tuple[Rule, ...]) -> Iterator[tuple[Place, Branch]]:
        if not users:
            return
        wanted = ("written", "as a part") if any(rule.join for rule in users) else ("written",)
        yield self._branch("message", message.place, message.name, "", message.place, wanted)
        for section in ("body", "part"):
            for path in _optional(message, section):
                place = replace(message.place, line=_line_of(message, section, path))
                what = (message.place, section, path)
                outcomes = ("known",) if path in _always_known(message, users) else ("known", "unknown")
                if path != "parts" or self._hosts(users):
                    yield self._branch("fact", what, message.name, path, place, outcomes)
        for wording in message.wordings:
            yield from self._versions(wording, users)

    def _hosts(self, users: tuple[Rule, ...]) -> bool:
        """Whether any part may ride in what these rules propose."""
        intents = {rule.intent for rule in users}
        return any(rule.join & intents for rule in self.engine.rules.values())

    def _branch(
        self, kind: str, what: Any, name: str, text: str, place: Place, wanted: tuple[str, ...]
    ) -> tuple[Place, Branch]:
        seen = self.outcomes.get((kind, what), set())
        return place, Branch(kind, name, text, place.line, wanted, tuple(sorted(seen)))


def _chooses(guard: Guard, candidate: Candidate, now: Instant) -> bool:
    """Whether a guard strikes out a channel of this candidate, or says whom to write to."""
    scope = candidate.scope
    if not guard.speaks(scope):
        return False
    if guard.route is not None and guard.route.get(scope) is not None:
        return True
    struck = guard.forbid_channel
    return struck is not None and any(
        now in struck.truth(scope.by(choice.channel), scope.calendar).certain for choice in candidate.rule.via
    )


def _conditions_of(guard: Guard, scope: Scope | None) -> Iterator[tuple[Condition, Any]]:
    """The conditions of a guard, each with what it is asked of."""
    yield guard.when, scope
    if guard.hold is not None and guard.hold.while_ is not None:
        yield guard.hold.while_, scope
    if guard.forbid_channel is not None:
        for channel in scope.channels if scope is not None else ("",):
            yield guard.forbid_channel, scope and scope.by(channel)


def _users(scenario: Scenario, message: Message) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in scenario.rules.values()
        if rule.message is not None and rule.message.name == message.name
    )


def _optional(message: Message, section: str) -> list[str]:
    """The facts that a section names itself and can do without; phrases of the language name more."""
    needed = frozenset().union(*message.needs.values())
    named = message.uses.get(section, frozenset()) - needed
    return sorted(path for path in named if path in message.facts and path in message.templates[section])


def _always_known(message: Message, users: tuple[Rule, ...]) -> frozenset[str]:
    """The facts of a message that are known in any case in which one of these rules speaks."""
    scope = _bare_scope()
    known = {path for path, fact in message.facts.items() if is_known(fact.get(scope))}
    if {pattern.type for rule in users for pattern in rule.after} != {"interview"}:
        known = {path for path in known if path.partition(".")[0] not in ("anchor", "occasion")}
    return frozenset(known)


@cache
def _bare_scope() -> Scope:
    """A person who interviewed the candidate, and of whom nothing is known."""
    bare = {
        "format": 1,
        "candidate": {"name": "A"},
        "company": {"name": "B"},
        "position": {"title": "C"},
        "people": {"x": {}},
        "events": [{"type": "interview", "at": "2026-09-15T10:00Z", "with": ["x"]}],
    }
    history = History(InterviewState.from_dict(bare), instant(datetime(2026, 9, 16, tzinfo=UTC)))
    return Scope(history, {}, history.calendar, None, next(history.of_type("interview"))).of("x")


def _line_of(message: Message, section: str, path: str) -> int:
    """The first line of a section that names a fact."""
    start = message.lines.get(section, message.place.line)
    lines = message.templates[section].splitlines()
    return start + next((index for index, line in enumerate(lines) if path in line), 0)
