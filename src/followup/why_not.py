"""Why not: in one paragraph why a follow-up does not go out now, and the fewest changes with which it would.

The changes are found by search: sets of suppositions (`followup.imagining`), the smallest first, each put
into the state and planned with. What is claimed was seen in a plan.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from typing import TYPE_CHECKING, Literal

import msgspec

from followup.contacts import key_parts
from followup.errors import StateError
from followup.gate import latch
from followup.history import History, person_calendar
from followup.imagining import options_for
from followup.moments import WEEK, moment
from followup.plan import PENDING, Recipient
from followup.planning import Planner, recipient_of
from followup.proposing import Candidate, people_for
from followup.reasoning import Outcome, paragraph_of
from followup.rules import Rule
from followup.scheduling import Placement, Schedule, whole_schedule
from followup.scope import Scope
from followup.simulating import Simulation, simulate
from followup.supposing import ChangeSet, Option, Subject, suppose

if TYPE_CHECKING:
    from followup.moments import Instant
    from followup.state import InterviewState
    from followup.vocabulary import Vocabulary

__all__ = ["WhyNot", "why_not"]

MOST_TOGETHER = 3
MOST_PLANS = 400
"""How many plans are made at most in search of one answer."""
MOST_SETS = 5
"""How many sets are told at most; the likeliest of the smallest."""
FAR = 26 * WEEK
"""How far is looked for when it goes out."""
PLANS_OF_A_PLAY = 10
"""What playing a plan forward counts for."""
GOING = ("due", "scheduled", "held", "snoozed")
ORDER = ("due", "held", "scheduled", "blocked", "snoozed", "moot", "missed", "skipped", "done")


class WhyNot(msgspec.Struct, frozen=True, kw_only=True):
    """Why a follow-up does not go out now. `status` is `silent` where nothing calls for it.

    `when` is the moment at which it goes out if what is due is sent and nothing else happens; None if never.
    The `changes` are the smallest sets that make it `due` now or, where none does, `planned` for later
    (`goal`); each was planned with. `final` says that nothing could: it is due or done, or the gate is shut
    for good. `complete` is false where the search was given up before all sets of that size were seen.
    """

    format: int = 1
    rule: str
    title: str
    key: str | None
    to: Recipient | None
    status: str
    now: datetime
    paragraph: str
    when: datetime | None = None
    goal: Literal["due", "planned"] = "due"
    changes: tuple[ChangeSet, ...] = ()
    final: bool = False
    complete: bool = True


def why_not(
    planner: Planner,
    state: InterviewState,
    now: Instant,
    rule: Rule,
    vocabulary: Vocabulary,
    *,
    key: str | None = None,
    person: str | None = None,
) -> WhyNot:
    """Why this rule's follow-up (of a key, or to a person, if given) does not go out at `now`."""
    made = whole_schedule(state, now, planner.rules)
    placement = _placement(made, rule, key, person)
    candidate = placement.candidate if placement is not None else _asleep(made, rule, key, person)
    subject = Subject(
        rule,
        _scope(made, rule, candidate, planner, key, person),
        planner.rules,
        vocabulary,
        placement,
        candidate,
    )
    search = _Search(planner, state, made, subject)
    alone = search.by_itself()
    when = alone.when
    status = "silent" if placement is None else placement.status
    shut = latch(rule, subject.scope)
    final = status in ("due", "done") or shut is not None
    goal: Literal["due", "planned"] = "due"
    changes: tuple[ChangeSet, ...] = ()
    if not final:
        changes = search.smallest(due=True, most=MOST_TOGETHER if when is None else MOST_TOGETHER - 1)
        if not changes and when is None:
            goal, changes = "planned", search.smallest(due=False, most=MOST_TOGETHER)
    zone = person_calendar(state, None).tzinfo
    answer = WhyNot(
        rule=rule.name,
        title=rule.title or rule.name,
        key=placement.key if placement is not None else None,
        to=recipient_of(candidate) if candidate is not None else None,
        status=status,
        now=moment(now, zone),
        paragraph="",
        when=when,
        goal=goal,
        changes=changes,
        final=final,
        complete=search.complete,
    )
    told = paragraph_of(subject, alone, goal, changes, shut[0] if shut else None, made, search.complete)
    return msgspec.structs.replace(answer, paragraph=told)


# Which follow-up is meant


def _placement(made: Schedule, rule: Rule, key: str | None, person: str | None) -> Placement | None:
    """The follow-up that is meant: of that key, else the one that is nearest to going out."""
    found = [p for p in made.placements if p.candidate.rule.name == rule.name]
    if key is not None:
        return next((p for p in found if p.key == key), None)
    found = [p for p in found if person is None or p.candidate.to == person]
    never = 2**62
    return min(
        found,
        key=lambda p: (ORDER.index(p.status), p.at if p.at is not None else never, -p.candidate.start, p.key),
        default=None,
    )


def _asleep(made: Schedule, rule: Rule, key: str | None, person: str | None) -> Candidate | None:
    found = [c for c in made.silent if c.rule.name == rule.name]
    if key is not None:
        return next((c for c in found if c.key == key), None)
    found = [c for c in found if person is None or c.to == person]
    return max(found, key=lambda c: (c.start, c.key), default=None)


def _scope(
    made: Schedule,
    rule: Rule,
    candidate: Candidate | None,
    planner: Planner,
    key: str | None,
    person: str | None,
) -> Scope:
    """The history as the follow-up sees it or, where nothing calls for one, as it would be seen."""
    if candidate is not None:
        return candidate.scope
    history: History = made.history
    calendar = person_calendar(history.state, None) if rule.to_self else history.calendar
    met = history.held_interviews[-1] if history.held_interviews else history.last("interview")
    scope = Scope(history, planner.rules.channels, calendar, None, met)
    parts = key_parts(key)
    who = person or (parts[2] if parts is not None else None)
    if rule.to_self or who == "self":
        return scope
    if who is None:
        # Whose event it will be is not known yet; each interviewer stands for the first.
        known = {"anchor": "contact", "each interviewer": "lead"}
        selectors = [known.get(selector, selector) for selector in rule.to]
        line = [p for selector in selectors for p in people_for(selector, scope)]
        who = line[0] if line else None
    return scope.of(who) if who in history.state.people else scope


# The search


@dataclass(slots=True)
class _Search:
    """Looks for the smallest sets of suppositions that bring a follow-up about; counts its plans."""

    planner: Planner
    state: InterviewState
    made: Schedule
    subject: Subject
    plans: int = 0
    complete: bool = True
    tried: dict[tuple[int, ...], Schedule | None] = field(default_factory=dict)

    def by_itself(self) -> Outcome:
        """What becomes of it if nothing happens but what the plan itself sends."""
        placement = self.subject.placement
        if placement is not None and placement.status not in PENDING:
            return Outcome()
        played = simulate(self.planner, self.state, self.subject.now, self.subject.now + FAR)
        when = self._sent(played, placement.key if placement is not None else None)
        if when is not None or placement is None:
            return Outcome(when, first=when is None or all(message.at >= when for message in played.messages))
        for step in played.steps:
            for change in step.changes:
                if (
                    change.key == placement.key
                    and change.before in PENDING
                    and change.after in ("moot", "missed")
                ):
                    instead = self._instead(placement, played, step.at)
                    return Outcome(None, step.at, instead if change.after == "moot" else "")
        return Outcome()

    def _instead(self, placement: Placement, played: Simulation, at: datetime) -> str:
        """The title of the message at that moment that makes it needless; of several the likeliest."""
        rule, to = placement.candidate.rule, placement.candidate.to
        stops = frozenset[str]().union(*(pattern.intents for pattern in rule.unless))
        found = [m for m in played.messages if m.at == at and m.channel is not None]
        best = min(
            found, key=lambda m: (m.intent not in stops, m.intent != rule.intent, m.to.id != to), default=None
        )
        return (best.title or best.rule) if best is not None else ""

    def _sent(self, played: Simulation, key: str | None) -> datetime | None:
        """When the follow-up of a key (None: any that is meant) goes out in a play, alone or in another."""
        person = None if self.subject.rule.one_recipient else self.subject.scope.person_id
        for message in played.messages:
            for each in (message.key, *message.parts):
                parts = key_parts(each)
                if each == key:
                    return message.at
                meant = parts is not None and parts[0] == self.subject.rule.name
                if key is None and meant and (person is None or parts is None or parts[2] == person):
                    return message.at
        return None

    def _is_meant(self, placement: Placement) -> bool:
        """Whether a follow-up is of the rule in question, and to the person where there is one for each."""
        rule, to = self.subject.rule, self.subject.scope.person_id
        same = rule.one_recipient or to is None or placement.candidate.to == to
        return placement.candidate.rule.name == rule.name and same

    def smallest(self, *, due: bool, most: int) -> tuple[ChangeSet, ...]:
        """All sets of the smallest size that bring it about, the likeliest first; `MOST_SETS` at most."""
        options = options_for(self.subject)
        for size in range(1, most + 1):
            found: list[tuple[int, int, ChangeSet]] = []
            groups: set[frozenset[str]] = set()
            for number, indexes in enumerate(combinations(range(len(options)), size)):
                chosen = [options[index] for index in indexes]
                group = frozenset(option.group for option in chosen)
                if len(group) < size or group in groups:
                    continue
                made = self._planned(indexes, chosen)
                for change in self._changes(made, chosen, due=due):
                    groups.add(group)
                    found.append((sum(option.rank for option in chosen), number, change))
                    break
                if not self.complete:
                    break
            if found or not self.complete:
                return tuple(change for _, _, change in sorted(found, key=lambda each: each[:2])[:MOST_SETS])
        return ()

    def _planned(self, indexes: tuple[int, ...], chosen: Sequence[Option]) -> Schedule | None:
        """The schedule with these supposed; None where the state cannot be so, or enough was planned."""
        if indexes in self.tried:
            return self.tried[indexes]
        if self.plans >= MOST_PLANS:
            self.complete = False
            return None
        self.plans += 1
        try:
            state = self._supposed(chosen)
        except StateError:
            self.tried[indexes] = None
            return None
        made = whole_schedule(state, self.subject.now, self.planner.rules)
        self.tried[indexes] = made
        return made

    def _supposed(self, chosen: Sequence[Option]) -> InterviewState:
        return suppose(self.state, (option.supposition for option in chosen), self.subject.vocabulary)

    def _changes(self, made: Schedule | None, chosen: Sequence[Option], *, due: bool) -> Iterator[ChangeSet]:
        """What these suppositions bring about, as far as it is what is looked for."""
        already = {p.key for p in self.made.placements if due and p.status == "due"}
        zone = person_calendar(self.state, None).tzinfo
        for placement in made.placements if made is not None else ():
            if placement.key in already or not self._is_meant(placement):
                continue
            if due:
                if placement.status == "due" and self._is_written(placement, chosen):
                    yield self._change(chosen, placement, moment(self.subject.now, zone))
            elif placement.status in GOING:
                self.plans += PLANS_OF_A_PLAY
                played = simulate(
                    self.planner, self._supposed(chosen), self.subject.now, self.subject.now + FAR
                )  # fmt: skip
                when = self._sent(played, placement.key)
                if when is not None and self._is_written(placement, chosen):
                    yield self._change(chosen, placement, when)

    def _change(self, chosen: Sequence[Option], placement: Placement, when: datetime) -> ChangeSet:
        return ChangeSet(
            suppositions=tuple(option.supposition for option in chosen),
            key=placement.key,
            when=when,
            due=placement.status == "due",
        )

    def _is_written(self, placement: Placement, chosen: Sequence[Option]) -> bool:
        """Whether it stays so in the plan itself, with its draft."""
        state = self._supposed(chosen)
        plan = self.planner.plan(state, self.subject.now, drafts=True, reasons=False)
        return plan[placement.key].status == placement.status
