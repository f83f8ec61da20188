"""Imagining: the suppositions that could make a rule's follow-up happen, read off the rule and what holds it.

They come from the events that it waits for, the facts that its conditions ask for, the addresses and facts
that are missing, the guards that hold it and the follow-up that goes before it. Whether one of them helps
is not decided here: `followup.why_not` plans with each.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from followup.channels import Channel
from followup.conditions import All, AnyOf, Condition, Elements, Not, Test
from followup.events import Event, Skipped
from followup.fact_words import fact_name, fact_value
from followup.foreseeing import foreseen
from followup.gate import forbidden_by
from followup.moments import Instant, moment
from followup.records import Record
from followup.rules import Pattern
from followup.sampling import SAMPLE, sample_of, values_for
from followup.scope import Scope
from followup.supposing import Kind, Option, Subject, Supposition
from followup.telling import person_name
from followup.vocabulary import ROLES

__all__ = ["options_for"]

MOST_OPTIONS = 40
ADDRESSES = {
    "email": "{}@found.example",
    "phone": "+1 202 555 0100",
    "linkedin": "https://www.linkedin.com/in/{}",
}
STAGE_EVENTS = {
    "invited": "interview", "awaiting": "interview", "offer": "offer", "accepted": "accepted",
    "declined": "declined", "rejected": "rejection", "withdrawn": "withdrawal",
}  # fmt: skip
DERIVED = {
    "decision_date": "promise", "promise": "promise", "rounds": "interview", "silence": "reply",
    "last_heard": "reply", "unanswered": "reply", "occasion": "interview", "interviewers": "interview",
}  # fmt: skip
"""The events on which a derived fact depends, by the first word of its path."""


def options_for(subject: Subject) -> tuple[Option, ...]:
    """What might help, the likeliest first; at most `MOST_OPTIONS`."""
    found: dict[str, Option] = {}
    imagination = _Imagination(subject)
    for option in imagination.everything():
        each = option.supposition
        found.setdefault(repr((each.path, each.value, each.event, each.kind)), option)
    return tuple(sorted(found.values(), key=lambda option: option.rank)[:MOST_OPTIONS])


class _Imagination:
    """Reads suppositions off one subject."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.rule = subject.rule
        self.scope = subject.scope
        self.state = subject.scope.history.state
        self.now = subject.now
        self.calendar = subject.scope.history.calendar
        types = [pattern.type for pattern in self.rule.after]
        self.facts = subject.vocabulary.facts_for(types)

    def everything(self) -> Iterator[Option]:
        yield from self._choices()
        yield from self._needs()
        yield from self._wanted(self.rule.when, True, self.scope, "")
        for choice in self.rule.via:
            yield from self._wanted(choice.when, True, self.scope, "")
        yield from self._guards()
        # What happens anew makes another follow-up; of use where this one cannot go out any more.
        if not self.subject.is_alive:
            for pattern in self.rule.after:
                yield from foreseen(self.subject, pattern)

    # Own decisions

    def _choices(self) -> Iterator[Option]:
        placement = self.subject.placement
        if placement is None:
            return
        for index, event in enumerate(self.state.events):
            if event.type in ("skipped", "snoozed") and getattr(event, "key", None) == placement.key:
                done = "skip it" if isinstance(event, Skipped) else "put it off"
                words = f"you took back your decision to {done}"
                yield Option(
                    Supposition(kind="choice", words=words, path=("events", index)), f"choice {event.type}"
                )
        if placement.displaced_by is not None:
            other = self.subject.rules.rules.get(placement.displaced_by.split(":")[0])
            title = other.title if other and other.title else placement.displaced_by
            plain = {"type": "skipped", "key": placement.displaced_by, "at": self._iso(self.now)}
            words = f"you decided to skip “{title}”"
            yield Option(Supposition(kind="choice", words=words, event=plain), "skip")

    # What is missing

    def _needs(self) -> Iterator[Option]:
        placement = self.subject.placement
        for need in placement.outlook.needs if placement is not None else ():
            if need == "people":
                yield from self._somebody()
            elif not need.startswith("channel "):
                yield from self._noted(need)
        person = self.scope.person
        if person is None or self.rule.to_self:
            return
        for choice in self.rule.via:
            channel = self.scope.channels.get(choice.channel)
            if channel is not None and not channel.reaches(person):
                yield from self._address(channel)
        for choice in self.rule.via:
            if forbidden_by(self.scope, self.subject.guards, choice.channel) is not None:
                allowed = list(self.state.instructions.channels or ())
                words = f"{self.state.company.name} allowed {choice.channel} too (instructions.channels)"
                yield self._set(
                    ("instructions", "channels"),
                    [*allowed, choice.channel],
                    "correction",
                    f"it turned out that {words}",
                )

    def _address(self, channel: Channel) -> Iterator[Option]:
        field = channel.address_field or channel.name
        sample = ADDRESSES.get(field)
        who = self.scope.person_id
        if sample is not None and who is not None:
            words = f"you noted {fact_name(f'people.{who}.{field}', self.state)}"
            yield self._set(("people", who, field), sample.format(who.lower()), "fact", words, sample=True)

    def _somebody(self) -> Iterator[Option]:
        roles = [selector for selector in self.rule.to if selector in ROLES] or ["recruiter"]
        reach: dict[str, str] = {}
        for choice in self.rule.via:
            channel = self.scope.channels.get(choice.channel)
            field = channel.address_field if channel is not None else ""
            if field in ADDRESSES:
                reach = {field: ADDRESSES[field].format("somebody")}
                break
        person = {"name": "Somebody There", "role": roles[0], **reach}
        words = f"you noted somebody there to write to, such as a {roles[0]}, with an address (people)"
        yield self._set(("people", "somebody"), person, "fact", words, sample=True)

    def _noted(self, path: str) -> Iterator[Option]:
        """A fact that is needed, whatever it is."""
        home = self._home(path, self.scope)
        parts = path.split(".")
        general = f"person.{'.'.join(parts[2:])}" if parts[0] == "people" and len(parts) > 2 else path
        fact = self.facts.get(general)
        if home is None or fact is None:
            return
        words = f"you noted {fact_name(path, self.state, self.scope.person_id, self.facts)}"
        value = (
            ADDRESSES[parts[-1]].format(parts[1]) if parts[-1] in ADDRESSES and parts[0] == "people" else None
        )
        value = value or sample_of(fact.type, self._iso(self.now)[:10])
        if value is not None:
            yield self._set(home, value, "fact", words, sample=True)

    # What conditions ask for

    def _wanted(self, condition: Condition, so: bool, subject: Any, base: str) -> Iterator[Option]:
        """What could make a condition certainly true (or false, where not `so`), as far as it is not."""
        truth = condition.truth(subject, self.scope.calendar)
        if (self.now in truth.certain) if so else (self.now not in truth.possible):
            return
        match condition:
            case All(parts=parts) | AnyOf(parts=parts):
                for part in parts:
                    yield from self._wanted(part, so, subject, base)
            case Not(part=part):
                yield from self._wanted(part, not so, subject, base)
            case Test():
                yield from self._tested(condition, so, subject)
            case Elements():
                yield from self._listed(condition, so, subject)

    def _tested(self, test: Test, so: bool, subject: Any) -> Iterator[Option]:
        path = test.path
        scope = subject if isinstance(subject, Scope) else self.scope
        if test.operand_get is not None:
            yield from self._operand(test, so, subject)
        first = path.split(".")[0]
        if path == "stage" and so:
            yield from self._stages(test)
        elif path.endswith("absent_until"):
            yield from foreseen(self.subject, Pattern("absence"), past=False)
        elif first in DERIVED:
            yield from foreseen(self.subject, Pattern(DERIVED[first]))
        elif first in ("last", "count"):
            kind = path.split(".")[1]
            if kind in self.subject.vocabulary.event_names:
                yield from foreseen(self.subject, Pattern(kind))
        home = self._home(path, scope)
        fact = self.facts.get(path) or self.facts.get(f"person.{path}")
        if home is None or fact is None:
            return
        person = scope.person_id
        shown = path if path in self.facts else f"people.{person}.{path}"
        known = test.get(subject) not in (None, ())
        for value in values_for(test, fact.type, so, test.get(subject)):
            words, sample = self._so_words(shown, value, person, known=known, test=test)
            yield self._set(home, value, "correction" if known else "fact", words, sample=sample, group=shown)

    def _so_words(
        self, path: str, value: Any, person: str | None, *, known: bool, test: Test
    ) -> tuple[str, bool]:
        sample = value in (SAMPLE, [SAMPLE]) or test.operator.name in ("known", "count")
        if sample:
            return f"you noted {fact_name(path, self.state, person, self.facts)}", True
        shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
        shown = shown.lower() if isinstance(value, bool) else shown
        holds = fact_value(path, shown, self.state, person)
        return (f"it turned out that {holds}" if known else f"you learned that {holds}"), False

    def _operand(self, test: Test, so: bool, subject: Any) -> Iterator[Option]:
        """The other side of a test of two facts: set to what this side is, where they are to be alike."""
        home = self._home(test.operand_path, self.scope)
        value = test.get(subject)
        alike = (test.operator.name in ("is", "in", "contains")) == so
        if home is None or value is None or not alike or not isinstance(value, str):
            return
        kind: Kind = "fact" if test.operand_get is None or test.operand_get(subject) is None else "correction"
        holds = fact_value(test.operand_path, value, self.state, self.scope.person_id)
        words = f"you learned that {holds}" if kind == "fact" else f"it turned out that {holds}"
        yield self._set(home, value, kind, words)

    def _stages(self, test: Test) -> Iterator[Option]:
        operand = test.operand
        wanted = sorted(operand) if isinstance(operand, frozenset) else [operand]
        for stage in wanted:
            kind = STAGE_EVENTS.get(str(stage))
            if kind is not None and test.operator.name in ("is", "in"):
                yield from foreseen(self.subject, Pattern(kind))

    def _listed(self, elements: Elements, so: bool, subject: Any) -> Iterator[Option]:
        found = elements.get(subject) or ()
        home = self._home(elements.path, self.scope)
        for index, element in enumerate(found):
            if isinstance(element, Scope):
                yield from self._wanted(elements.part, so and elements.quantifier != "none", element, "")
            elif home is not None and isinstance(element, Record):
                place = self._index_in(home, element, index)
                for path in elements.part.unknown(element, self.scope.calendar):
                    words = f"you noted {fact_name(elements.path, self.state, None, self.facts)}: {path}"
                    yield self._set((*home, place, path), SAMPLE, "fact", words, sample=True)
        if not found and home is not None and so and elements.quantifier == "some":
            fact = self.facts.get(elements.path)
            record = sample_of(fact.type, self._iso(self.now)[:10]) if fact is not None else None
            if record is not None:
                words = f"you noted {fact_name(elements.path, self.state, None, self.facts)}"
                yield self._set(home, record, "fact", words, sample=True)

    def _index_in(self, home: tuple[str | int, ...], element: Record, index: int) -> int:
        """The place of an element in the state's own list, of which a fact may show only some."""
        event = self.state.events[home[1]] if home[0] == "events" and isinstance(home[1], int) else None
        for place, each in enumerate(getattr(event, str(home[-1]), ())):
            if each is element:
                return place
        return index

    # What guards hold

    def _guards(self) -> Iterator[Option]:
        placement = self.subject.placement
        if placement is None:
            return
        holding = {
            limit.name for limit in placement.outlook.window.restrictions if self.now not in limit.allowed
        }
        for guard in self.subject.guards:
            if guard.name not in holding:
                continue
            yield from self._wanted(guard.when, False, self.scope, "")
            hold = guard.hold
            if hold is not None and hold.until is not None:
                yield from self._lifted(hold.until.path)
            if hold is not None and hold.while_ is not None:
                yield from self._wanted(hold.while_, False, self.scope, "")
        if holding:
            yield from foreseen(self.subject, Pattern("reply"), past=False)

    def _lifted(self, path: str) -> Iterator[Option]:
        """What could let go a hold until a moment: that it is another one."""
        today = self._iso(self.now)[:10]
        first = path.split(".", maxsplit=1)[0]
        if path == "person.absent_until" and self.scope.person_id is not None:
            who = self.scope.person_id
            event = {"type": "absence", "who": who, "at": self._iso(self.now), "until": self._iso(self.now)}
            words = f"you learned that {person_name(self.state, who)} is back"
            yield Option(Supposition(kind="fact", words=words, event=event), "back")
        elif first in DERIVED:
            yield from foreseen(self.subject, Pattern(DERIVED[first]))
        else:
            home = self._home(path, self.scope)
            if home is not None:
                words = f"it turned out that {fact_value(path, 'today', self.state, self.scope.person_id)}"
                yield self._set(home, today, "correction", words)

    # Where facts live

    def _home(self, path: str, scope: Scope) -> tuple[str | int, ...] | None:
        """Where a fact stands in the state; None for what follows from other things."""
        parts: list[str] = path.split(".")
        first, rest = parts[0], tuple(parts[1:])
        match first:
            case "company" | "candidate" | "position" | "instructions":
                return (first, *rest) if len(rest) == 1 else None
            case "strengths":
                return ("candidate", "strengths")
            case "people" if len(rest) == 2:
                return ("people", rest[0], rest[1])
            case "person" if scope.person_id is not None and len(rest) == 1:
                name = "name" if rest[0] == "first_name" else rest[0]
                return ("people", scope.person_id, name) if name in PERSON_FIELDS else None
            case "anchor" if scope.anchor is not None and len(rest) == 1:
                return self._in_event(scope.anchor.event, rest[0])
            case "occasion" | "questions" | "concerns" | "mistakes" if scope.interview is not None:
                return self._in_event(scope.interview, rest[0] if rest else first)
            case "topics" if scope.interview is not None and scope.person_id is not None:
                found = self._in_event(scope.interview, "topics")
                return None if found is None else (*found, scope.person_id)
            case "last" if len(rest) == 2:
                last = scope.history.last(rest[0])
                return None if last is None else self._in_event(last.event, rest[1])
            case _ if first in PERSON_FIELDS and not rest and scope.person_id is not None:
                return ("people", scope.person_id, first)
            case _ if first in self.subject.vocabulary.namespaces and rest:
                return (first, *rest)
        return None

    def _in_event(self, event: Event, field: str) -> tuple[str | int, ...] | None:
        for index, each in enumerate(self.state.events):
            if each is event and field not in ("type", "id", "at"):
                return ("events", index, field)
        return None

    def _set(
        self,
        home: tuple[str | int, ...],
        value: Any,
        kind: Kind,
        words: str,
        *,
        sample: bool = False,
        group: str = "",
    ) -> Option:
        made = Supposition(kind=kind, words=words, path=home, value=value, sample=sample)
        return Option(made, group or repr(home))

    def _iso(self, at: Instant) -> str:
        return moment(at, self.calendar.tzinfo).isoformat()


PERSON_FIELDS = ("name", "role", "email", "phone", "linkedin", "timezone", "rapport")
