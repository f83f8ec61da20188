"""Which candidates a rule has: section 4 of `docs/semantics.md`, anchors, people, channels and keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.reference.grid import ALL, HOURS, Exact, Moment, between, has, later, since
from tests.reference.past import Happening, Past
from tests.reference.truth import UNKNOWN, Truth, entries_of, passes, paths_of, static, truth

from followup.calendars import Calendar

Plain = Mapping[str, Any]

CHANNELS: Plain = {
    "email": {"address": "email"},
    "phone": {"address": "phone"},
    "linkedin": {"address": "linkedin", "intents": ["connect", "share", "inquiry"]},
    "self": {"address": None},
}
"""The channels of the tests: the field with the address (None: always there) and what they carry."""

GIVEN = {"company.culture", "candidate.strengths", "instructions.channels", "instructions.contact"}
"""The facts of the tests that no event changes; moments are left out."""
UTC = Calendar("UTC")


@dataclass(eq=False)
class Candidate:
    """One rule for one anchor, person and repetition. Sets of moments are grid integers."""

    name: str
    rule: Plain
    anchor: Happening
    since: int
    person: str | None
    start: int
    origin: Moment
    calendar: Calendar
    key: str
    number: int = 1
    before: int = -1
    true: int = 0
    possible: int = 0
    allowed: int = 0
    unforbidden: int = ALL
    usable: list[tuple[str, Truth]] = field(default_factory=list)
    unreached: bool = False
    end: int = HOURS
    natural: int = 0
    free: int = 0
    open: int = 0
    status: str = ""
    may_go: bool = False
    sent: int | None = None
    needs: str = ""
    snoozed_until: int = 0
    spaces: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    person_spaces: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    at: int | None = None
    lifts: int | None = None
    channel: str | None = None
    host: Candidate | None = None

    @property
    def intent(self) -> str:
        return str(self.rule["intent"])

    @property
    def late(self) -> bool:
        return bool(self.rule.get("late") == "send")

    @property
    def to_self(self) -> bool:
        return bool(self.rule["to"] == "self")

    @property
    def one_recipient(self) -> bool:
        return bool(self.rule["to"] != "each interviewer")

    @property
    def rank(self) -> tuple[int, int, str]:
        return -self.rule.get("priority", 0), self.start, self.key

    @property
    def shown(self) -> bool:
        over = self.status in ("done", "skipped", "moot")
        return over or bool(self.possible & between(self.start, None if self.late else self.end))


class Proposals:
    """The candidates of a pack for a past."""

    def __init__(self, pack: Plain, past: Past, now: int, channels: Plain) -> None:
        self.scenario, self.past, self.now, self.channels = pack["scenario"], past, now, channels
        self.rules: Mapping[str, Plain] = pack["rules"]
        self.guards = [guard for _, guard in sorted(pack.get("guards", {}).items())]
        self.own = [e for e in past.events if e.type in ("sent", "called") and past.counts(e)]

    def _firsts(self, name: str, rule: Plain) -> Iterator[Candidate]:
        if self._is_for_another_case(rule) and name not in self._used_keys():
            return
        anchors = []
        for events in self._occasions().values():
            for pattern in patterns(rule["after"]):
                matching = [event for event in events if self._matches(pattern, event)]
                if matching:
                    anchors.append((matching[-1], matching[0].at))
                    break
        anchors.sort(key=lambda pair: (pair[0].at, pair[0].id))
        standing = [pair for pair in anchors if not self._is_off(pair[0])] or anchors
        kept = {"each": anchors, "first": standing[:1], "last": standing[-1:]}[rule.get("anchor", "each")]
        for anchor, start in kept:
            seen = set()
            for person in self._people(name, rule, anchor):
                c = self._candidate(name, rule, anchor, start, person)
                if c is not None and c.key not in seen:
                    seen.add(c.key)
                    yield c

    def _is_for_another_case(self, rule: Plain) -> bool:
        """Whether an entry of `when` asks only about what no event changes, and never holds."""
        return any(
            set(paths) <= GIVEN and not ALL & ~truth(entry, lambda path: self._fact(path, None, None), UTC)[1]
            for entry in entries_of(rule.get("when"))
            if (paths := list(paths_of(entry)))
        )

    def _used_keys(self) -> set[str]:
        """The names of the rules whose keys some event bears."""
        keys = [key for event in self.own for key in (event.get("key"), *(event.get("parts") or ()))]
        keys += [event.get("key") for event in self.past.events if event.type in ("skipped", "done")]
        return {str(key).split(":")[0] for key in keys}

    def _is_off(self, anchor: Happening) -> bool:
        """Whether the interview that an event belongs to was cancelled."""
        occasion = self.past.find(anchor.occasion)
        return occasion is not None and occasion.cancelled

    def _occasions(self) -> dict[str, list[Happening]]:
        groups: dict[str, list[Happening]] = {}
        for event in self.past.events:
            if event.type not in ("sent", "called") or self.past.counts(event):
                groups.setdefault(event.occasion, []).append(event)
        return groups

    def _matches(self, pattern: Any, event: Happening) -> bool:
        if isinstance(pattern, str):
            return event.type == pattern
        ((kind, test),) = pattern.items()
        if event.type != kind:
            return False
        tests = test if isinstance(test, Mapping) else {"intent": test}
        return all(passes(one, field_of(event, name)) for name, one in tests.items())

    def _candidate(
        self,
        name: str,
        rule: Plain,
        anchor: Happening,
        start: int,
        person: str | None,
    ) -> Candidate | None:
        calendar = self.past.calendar("self" if rule["to"] == "self" else person)
        origin: Moment = Exact(anchor.end)
        if "from" in rule:
            origin = self._fact(rule["from"], person, anchor)
            if origin is UNKNOWN:
                return None
        opens = later(origin, rule.get("wait"), calendar)
        key = ":".join([name, anchor.occasion, person or "-"])
        return Candidate(name, rule, anchor, start, person, opens, origin, calendar, key)

    def _again(self, c: Candidate) -> Candidate | None:
        """The repetition after this one, which was sent or could have been."""
        if c.number >= c.rule.get("repeat", {}).get("times", 1):
            return None
        before = c.start if c.sent is None else c.sent
        start = later(Exact(before), c.rule["repeat"]["every"], c.calendar)
        number = c.number + 1
        key = ":".join([*c.key.split(":")[:3], str(number)])
        return Candidate(
            c.name, c.rule, c.anchor, c.since, c.person, start, Exact(start), c.calendar, key, number, before
        )

    def _fact(self, path: str, person: str | None, anchor: Happening | None) -> Any:
        return self.past.fact(path, None if person == "self" else person, anchor)

    def _people(self, name: str, rule: Plain, anchor: Happening) -> list[str | None]:
        selectors = [rule["to"]] if isinstance(rule["to"], str) else rule["to"]
        line = [
            self._routed(name, rule, p, anchor)
            for selector in selectors
            for p in self._select(selector, anchor)
        ]
        if rule["to"] == "each interviewer":
            first = {self.past.recipient(p): p for p in reversed(line)}
            return [p for p in dict.fromkeys(line) if p in first.values()] or [None]
        reached = (p for p in line if self._reachable(name, rule, p, anchor))
        return [next(reached, line[0] if line else None)]

    def _select(self, selector: str, anchor: Happening) -> list[str]:
        past = self.past
        occasion = past.find(anchor.occasion)
        if selector == "self":
            return ["self"]
        if selector == "each interviewer":
            return list(occasion.people) if occasion is not None and occasion.type == "interview" else []
        if selector == "lead":
            lead = past.lead(anchor.occasion)
            return [] if lead is None else [lead]
        if selector == "anchor":
            return anchor.people[:1]
        if selector != "contact":
            return [p for p in past.people if past.role(p) == selector]
        named = past.state.get("instructions", {}).get("contact")
        promises = past.promises()
        line = [named, promises[0].get("who") if promises else None]
        line += [event.get("from") for event in past.events if event.type == "offer"][-1:]
        line += self._select("recruiter", anchor) + self._select("hiring manager", anchor)
        over = past.interviews(over=True)
        line += over[-1].people[:1] if over else []
        line += self._select("hr", anchor) + self._select("scheduler", anchor)
        return [p for p in line if p is not None]

    def _reachable(self, name: str, rule: Plain, person: str, anchor: Happening) -> bool:
        def fact(path: str) -> Any:
            return self._fact(path, person, anchor)

        calendar, when = self.past.calendar(person), dict(via(rule))
        return not self.past.asked_for_silence(person) and any(
            self._reach(channel, person) and since(self.now) & ~truth(when[channel], fact, calendar)[1]
            for channel in self._open_channels(name, rule, person, anchor)
        )

    def _open_channels(self, name: str, rule: Plain, person: str | None, anchor: Happening) -> list[str]:
        """The channels of `via` that no guard strikes out and that carry the intent."""

        def fact(path: str) -> Any:
            return self._fact(path, person, anchor)

        tests = [
            guard["forbid"]["channel"] for guard in self._applying(name, rule, person, anchor)
            if isinstance(guard.get("forbid"), Mapping) and "channel" in guard["forbid"]
        ]  # fmt: skip
        return [
            channel for channel, _ in via(rule)
            if rule["intent"] in self.channels[channel].get("intents", [rule["intent"]])
            and not any(static(test, channel, fact) for test in tests)
        ]  # fmt: skip

    def _reach(self, channel: str, person: str | None) -> bool:
        address = self.channels[channel]["address"]
        if address is None or person is None:
            return person is not None
        if not self.past.people.get(person, {}).get(address):
            return False
        return address != "email" or self.past.recipient(person) not in self.past.dead

    def _routed(self, name: str, rule: Plain, person: str, anchor: Happening) -> str:
        if rule["to"] == "self":
            return person
        for guard in self._applying(name, rule, person, anchor):
            if "route" in guard:
                there = self._fact(guard["route"]["to"], person, anchor)
                if there is not UNKNOWN:
                    return str(there)
        return person

    def _concerns(self, guard: Plain, name: str, rule: Plain) -> bool:
        about = {"intent": rule["intent"], "rule": name, "scenario": self.scenario}
        about["to"] = "self" if rule["to"] == "self" else "employer"
        if rule["to"] == "self" and "to" not in guard.get("for", {}):
            return False
        return all(passes(test, about[key]) for key, test in guard.get("for", {}).items())

    def _applying(self, name: str, rule: Plain, person: str | None, anchor: Happening) -> list[Plain]:
        """The guards for a candidate whose `when` is true now."""

        def fact(path: str) -> Any:
            return self._fact(path, person, anchor)

        calendar = self.past.calendar("self" if rule["to"] == "self" else person)
        concerned = [guard for guard in self.guards if self._concerns(guard, name, rule)]
        return [guard for guard in concerned if has(truth(guard.get("when"), fact, calendar)[0], self.now)]


def field_of(event: Happening, name: str) -> Any:
    value = event.get(name)
    return UNKNOWN if value is None else tuple(value) if isinstance(value, list) else value


def patterns(patterns: Any) -> list[Any]:
    return patterns if isinstance(patterns, list) else [patterns]


def texts(texts: Any) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def via(rule: Plain) -> list[tuple[str, Plain | None]]:
    entries = rule["via"] if isinstance(rule["via"], list) else [rule["via"]]
    return [(e, None) if isinstance(e, str) else next(iter(e.items())) for e in entries]


def distance(space: Any) -> tuple[str, tuple[str, ...]]:
    """The least time between two contacts, and the intents that do not count."""
    if isinstance(space, str):
        return space, ()
    return space["by"], tuple(space.get("except", ()))
