"""The naive reference engine: what `docs/semantics.md` says, sections 5 to 7, as directly as can be.

It works on plain dictionaries, without the loader, compiler, conditions, history or moments of the
product; only durations and calendars are shared, which have a check of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from tests.reference.grid import (
    ALL,
    HOURS,
    Exact,
    between,
    first,
    has,
    hour_of,
    later,
    moment_of,
    named,
    reached,
    since,
    time_of,
)
from tests.reference.past import EXEMPT, Happening, Past
from tests.reference.proposing import CHANNELS, Candidate, Plain, Proposals, distance, patterns, texts, via
from tests.reference.truth import UNKNOWN, truth

COURTESY = (*EXEMPT, "feedback")
HIRED = (*EXEMPT, "clarify", "answer", "share")


def plan(pack: Plain, state: Plain, now: datetime, channels: Plain = CHANNELS) -> dict[str, Any]:
    """The plan as plain data: `stage`, `followups` by key, and the names of the `silent` rules."""
    hour = hour_of(now.isoformat())
    found = Planner(pack, Past(state, hour), hour, channels).run()
    shown = {c.key: _record(c, found) for c in found if c.shown}
    speaking = {c.name for c in found if c.shown}
    return {
        "stage": Past(state, hour).stage(),
        "followups": shown,
        "silent": sorted(set(pack["rules"]) - speaking),
    }


def statuses(pack: Plain, state: Plain, now: datetime) -> dict[str, str]:
    """What `next_change` watches."""
    return {key: f["status"] for key, f in plan(pack, state, now)["followups"].items()}


def next_change(pack: Plain, state: Plain, now: datetime, hours: int) -> datetime | None:
    """The first full hour after `now` at which the statuses differ, looked for in so many hours."""
    before = statuses(pack, state, now)
    later_on = (now + timedelta(hours=hour) for hour in range(1, hours + 1))
    return next((moment for moment in later_on if statuses(pack, state, moment) != before), None)


def _record(c: Candidate, found: list[Candidate]) -> dict[str, Any]:
    source = c.host or c
    opens = first(c.natural)
    return {
        "rule": c.name,
        "status": source.status,
        "to": c.person,
        "channel": source.channel,
        "opens": time_of(c.start if opens is None else opens),
        "closes": time_of(c.end),
        "at": time_of(source.at),
        "lifts": time_of(source.lifts),
        "host": c.host.key if c.host else None,
        "parts": sorted(part.key for part in found if part.host is c),
    }


class Planner(Proposals):
    """Windows, statuses, parts and times of the candidates."""

    def run(self) -> list[Candidate]:
        found = [c for name, rule in sorted(self.rules.items()) for c in self._attempts(name, rule)]
        whole = [c for c in found if not c.rule.get("join")]
        for part in found:
            self._ride(part, whole)
        before: list[Candidate] = []
        for part in sorted((c for c in found if c.rule.get("join") and not c.host), key=lambda c: c.rank):
            self._ride(part, before)
            before += [part] if part.host is None else []
        alone = [c for c in found if c.host is None]
        self._displace(alone)
        self._place(alone)
        return found

    def _attempts(self, name: str, rule: Plain) -> Iterator[Candidate]:
        """The candidates of a rule, and the repetitions whose turn it is."""
        for candidate in self._firsts(name, rule):
            c: Candidate | None = candidate
            while c is not None:
                self._evaluate(c)
                yield c
                over = c.status == "done" or (c.status == "missed" and c.shown)
                c = self._again(c) if over else None

    # Section 5: what is allowed, and the window

    def _evaluate(self, c: Candidate) -> None:
        """Everything but displacement, which comes when all are known."""
        self._allow(c)
        c.true, false = truth(
            c.rule.get("when"), lambda path: self._fact(path, c.person, c.anchor), c.calendar
        )
        c.possible = ALL & ~false
        if c.usable:
            c.true &= reduce(or_, (true for _, (true, _) in c.usable))
            c.possible &= reduce(or_, (ALL & ~false for _, (_, false) in c.usable))
        c.end = HOURS
        if "within" in c.rule:
            c.end = later(c.origin, c.rule["within"], c.calendar)
        elif "open_for" in c.rule:
            free = first(c.true & c.allowed, c.start)
            c.end = HOURS if free is None else later(Exact(free), c.rule["open_for"], c.calendar)
        window = between(c.start, None if c.late else c.end)
        c.natural = window & c.true
        c.open = c.free = c.natural & c.allowed
        c.status = self._status(c, window)
        c.may_go = c.status == "open" or (c.status == "snoozed" and bool(c.usable))

    def _displace(self, candidates: list[Candidate]) -> None:
        """Takes from each the moments of those before it by rank, and says who may go now."""
        before: list[Candidate] = []
        for c in sorted(candidates, key=lambda c: c.rank):
            for other in before:
                if self._spaces(c, other):
                    c.free &= ~other.free
            if c.may_go:
                before.append(c)
            if c.status == "open":
                c.status = self._turn(c)

    def _allow(self, c: Candidate) -> None:
        """What guards, gate and snoozes allow, and the channels that may be used."""

        def fact(path: str) -> Any:
            return self._fact(path, c.person, c.anchor)

        c.allowed, c.unforbidden = ALL, ALL
        for guard in self.guards:
            if not self._concerns(guard, c.name, c.rule):
                continue
            applies = truth(guard.get("when"), fact, c.calendar)[0]
            c.allowed &= self._holds(guard, c, fact) | ALL & ~applies
            if guard.get("forbid") is True:
                c.unforbidden &= ~applies
            if "space" in guard and has(applies, self.now):
                self._note_spaces(guard["space"], c)
        c.allowed &= c.unforbidden
        if not c.to_self:
            if c.person is not None:
                c.allowed &= self._spaced("1 day", c, self.past.recipient(c.person))
            if c.intent not in EXEMPT and len(self._asking()) >= 3:
                c.allowed = 0
        snooze = self.past.last("snoozed", "key", c.key)
        if snooze is not None:
            c.snoozed_until = reached(moment_of(snooze.get("until"), by=False), c.calendar)
            c.allowed &= since(c.snoozed_until)
        spared = self._open_channels(c.name, c.rule, c.person, c.anchor)
        when = dict(via(c.rule))
        c.usable = [(ch, truth(when[ch], fact, c.calendar)) for ch in spared if self._reach(ch, c.person)]
        c.unreached = bool(spared) and not c.usable

    def _holds(self, guard: Plain, c: Candidate, fact: Any) -> int:
        """What `hold`, `space` and `cap` allow where the guard's `when` is true."""
        allowed, hold, space = ALL, guard.get("hold", {}), guard.get("space", {})
        if "until" in hold:
            moment = fact(hold["until"])
            if moment is not UNKNOWN:
                allowed &= since(later(moment, hold.get("plus"), c.calendar))
        if "while" in hold:
            allowed &= ~truth(hold["while"], fact, c.calendar)[0]
        if "outside" in hold:
            allowed &= named(hold["outside"], c.calendar)
        if "cap" in guard and len(self._asking()) >= guard["cap"]["unanswered"]:
            return 0
        if "person" in space and c.person is not None:
            allowed &= self._spaced(space["person"], c, self.past.recipient(c.person))
        if "company" in space:
            allowed &= self._spaced(space["company"], c, None)
        return allowed

    def _spaced(self, space: Any, c: Candidate, recipient: tuple[str, str] | None) -> int:
        by, exempt = distance(space)
        counted = [e for e in self.past.unanswered(recipient) if e.get("intent") not in exempt]
        if not counted or c.intent in exempt:
            return ALL
        return since(later(Exact(counted[-1].at), by, c.calendar))

    def _note_spaces(self, space: Plain, c: Candidate) -> None:
        if "person" in space:
            c.person_spaces.append(distance(space["person"]))
        if "company" in space:
            c.spaces.append(distance(space["company"]))

    def _asking(self) -> list[Happening]:
        return [e for e in self.past.unanswered() if e.get("intent") not in EXEMPT]

    def _spaces(self, c: Candidate, other: Candidate) -> list[str]:
        """The durations that lie between a candidate and one before it; none if they do not conflict."""
        if c.to_self or other.to_self or c.person is None or other.person is None:
            return []
        same = self._same(c.person, other.person)
        spaces = [*c.spaces, ("1 day", ()), *c.person_spaces] if same else c.spaces
        return [by for by, exempt in spaces if c.intent not in exempt and other.intent not in exempt]

    def _same(self, one: str, other: str) -> bool:
        return self.past.recipient(one) == self.past.recipient(other)

    # Section 6: the status

    def _status(self, c: Candidate, window: int) -> str:
        now, ahead = self.now, since(self.now)
        settled = self._settling(c)
        if settled is not None:
            c.sent = settled
            return "done"
        if self.past.last("skipped", "key", c.key):
            return "skipped"
        if self._moot(c):
            return "moot"
        if not c.possible & window & ahead:
            return "missed"
        waits = not c.true & window & ahead and bool(c.possible & window & ahead)
        c.needs = "a fact" if waits else "an address" if c.unreached or c.person is None else ""
        if now < c.snoozed_until:
            return "snoozed"
        if c.needs:
            return "blocked"
        return "open" if c.usable and c.allowed & ahead else "held"

    def _turn(self, c: Candidate) -> str:
        if has(c.free, self.now):
            return "due"
        opens, would = first(c.open, self.now), first(c.natural, self.now)
        if has(c.open, self.now) or opens is None or (would is not None and opens > would):
            return "held"
        return "scheduled"

    def _settling(self, c: Candidate) -> int | None:
        if c.to_self:
            return next((e.at for e in self.past.events if e.type == "done" and e.get("key") == c.key), None)
        for contact in self.own:
            if contact.get("outcome") != "call back" and self._settles(c, contact):
                return contact.at
        return None

    def _settles(self, c: Candidate, contact: Happening) -> bool:
        key, carrier = contact.get("key"), self.rules.get((contact.get("key") or "").split(":")[0])
        if key is not None and self._names(c, key):
            return True
        joins = texts(c.rule.get("join", []))
        to, parts = contact.get("to"), contact.get("parts")
        mine = c.person is not None and self._same(to, c.person)
        if joins and parts is not None and any(self._names(c, part) for part in parts):
            return True
        rides = joins and parts is None and carrier is not None and carrier["intent"] in joins and mine
        if rides and has(c.natural, contact.at):
            return True
        if carrier is not None or contact.get("intent") != c.intent or contact.at < c.anchor.at:
            return False
        if contact.at <= c.before or contact is c.anchor:
            return False
        return mine or c.one_recipient

    def _names(self, c: Candidate, key: str) -> bool:
        if not c.one_recipient or key == c.key:
            return key == c.key
        parts = key.split(":")
        number = parts[3:] or ["1"]
        return len(parts) in (3, 4) and parts[:2] == [c.name, c.anchor.occasion] and number == [str(c.number)]

    def _moot(self, c: Candidate) -> bool:
        if self._is_off(c.anchor):
            return True
        for event in self.past.events:
            if event.at <= c.since or event is c.anchor or event.cancelled or not self.past.counts(event):
                continue
            if any(self._matches(pattern, event) for pattern in patterns(c.rule.get("unless", []))):
                return True
        return self._latched(c) or any(self._overtakes(contact, c) for contact in self.own)

    def _latched(self, c: Candidate) -> bool:
        if c.to_self:
            return False
        events, types = self.past.events, {event.type for event in self.past.events}
        elsewhere = self.past.accepted_elsewhere()
        if types & {"rejection", "withdrawal", "declined"} or elsewhere:
            if c.intent not in COURTESY:
                return True
            if c.intent == "feedback" and any(contact.get("intent") == "feedback" for contact in self.own):
                return True
        if any(e.type == "accepted" and not e.get("elsewhere") for e in events) and c.intent not in HIRED:
            return True
        if self.past.state.get("instructions", {}).get("no_contact"):
            return True
        return self.past.asked_for_silence(c.person)

    def _overtakes(self, contact: Happening, c: Candidate) -> bool:
        """Whether this contact of another rule did what the candidate would have done."""
        carrier = (contact.get("key") or "").split(":")[0]
        if carrier not in self.rules or carrier == c.name or c.person is None:
            return False
        alike = (
            contact.get("outcome") != "call back"
            and contact.get("intent") == c.intent
            and self._same(contact.get("to"), c.person)
        )
        return alike and has(c.natural, contact.at)

    # Section 7: parts and times

    def _ride(self, part: Candidate, hosts: list[Candidate]) -> None:
        over = ("done", "skipped", "moot", "missed", "snoozed")
        if part.status in over or part.needs == "a fact" or part.person is None:
            return
        joins, ahead = texts(part.rule.get("join", [])), since(self.now)
        fitting = [
            (first(host.open, self.now), host.rank[0], host.key, host) for host in hosts
            if host.intent in joins and host.may_go
            and host.person is not None and self._same(host.person, part.person)
            and part.natural & part.unforbidden & host.open & ahead
        ]  # fmt: skip
        if fitting:
            part.host = min(fitting, key=lambda entry: entry[:3])[3]

    def _place(self, candidates: list[Candidate]) -> None:
        waiting = [c for c in candidates if c.may_go and c.open & since(self.now)]
        placed: list[Candidate] = []
        for c in sorted(waiting, key=lambda c: (first(c.open, self.now), c.rank)):
            earliest = self.now
            for other in placed:
                assert other.at is not None
                for duration in self._spaces(c, other):
                    earliest = max(earliest, later(Exact(other.at), duration, c.calendar))
            c.at = first(c.open, earliest)
            if c.at is not None:
                if c.rule.get("prefer"):
                    liked = first(c.open & named(c.rule["prefer"], c.calendar), c.at)
                    c.at = c.at if liked is None else liked
                c.channel = next(channel for channel, (true, _) in c.usable if has(true, c.at))
                placed.append(c)
        for c in candidates:
            if c.status == "snoozed":
                c.lifts = c.snoozed_until
            elif c.status == "held" and c.may_go:
                c.lifts = c.at if has(c.open, self.now) else first(c.open, self.now + 1)
