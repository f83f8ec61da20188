"""What follows from the events of a plain state as of an hour: sections 1 and 2 of `docs/semantics.md`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.reference.grid import Day, Exact, Moment, hour_of, local_date, moment_of, time_of
from tests.reference.truth import UNKNOWN

from followup.calendars import Calendar

_NAMES = ("with", "to", "from", "who")
EXEMPT = ("thanks", "decline", "connect", "congratulate", "keep-in-touch", "task")
SPOKEN = ("spoke", "call back")
CLOSING = ("offer", "rejection", "withdrawal", "accepted", "declined")


@dataclass(eq=False)
class Happening:
    """An event with its derived parts. `at` and `end` are hours of the grid."""

    type: str
    at: int
    fields: Mapping[str, Any]
    id: str = ""
    end: int = 0
    cancelled: bool = False
    occasion: str = ""

    def get(self, name: str) -> Any:
        return self.fields.get(name)

    @property
    def people(self) -> list[str]:
        for name in _NAMES:
            value = self.get(name)
            if value is not None and not (name == "to" and self.type == "rescheduled"):
                return value if isinstance(value, list) else [value]
        return []


@dataclass
class Past:
    """The state as of `now`. `events` are the state's own, `all_events` those of `elsewhere` too."""

    state: Mapping[str, Any]
    now: int
    events: list[Happening] = field(init=False)
    all_events: list[Happening] = field(init=False)
    bounced: set[int] = field(init=False)
    dead: set[tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        self.people: Mapping[str, Any] = self.state.get("people", {})
        self.events = self._happened(self.state.get("events", []))
        elsewhere = self._happened(self.state.get("elsewhere", []))
        self.all_events = sorted(self.events + elsewhere, key=_order)
        self._bounce()
        for event in self.events:
            event.occasion = self._occasion(event)
        self.contacts = [
            e
            for e in self.all_events
            if e.type in ("sent", "called") and self.counts(e) and e.get("to") != "self"
        ]
        self.heard = [e for e in self.all_events if self._is_heard(e)]

    def calendar(self, person: str | None) -> Calendar:
        """The calendar of a person, of the company (None), or of the candidate (`self`)."""
        company, candidate = self.state["company"], self.state["candidate"]
        zones = [company.get("timezone"), candidate.get("timezone")]
        if person == "self":
            zones.reverse()
        elif person is not None:
            zones.insert(0, self.people.get(person, {}).get("timezone"))
        zone = next((zone for zone in zones if zone), "UTC")
        return Calendar(zone, company.get("country"), company.get("region"))

    def recipient(self, person: str) -> tuple[str, str]:
        email = "".join((self.people.get(person, {}).get("email") or "").split()).casefold()
        return ("email", email) if email else ("id", person)

    def counts(self, event: Happening) -> bool:
        """Whether a contact was really made."""
        return id(event) not in self.bounced

    def find(self, name: str) -> Happening | None:
        return next((event for event in self.events if event.id == name), None)

    def interviews(self, *, over: bool | None = None) -> list[Happening]:
        """Interviews that were not called off; those that are over, or those that are not."""
        found = [e for e in self.events if e.type == "interview" and not e.cancelled]
        return [e for e in found if over is None or (e.end <= self.now) == over]

    def heard_from(self, recipient: tuple[str, str] | None) -> Iterator[int]:
        for event in self.heard:
            if recipient is None or not event.people or recipient in map(self.recipient, event.people):
                yield event.end

    def unanswered(self, recipient: tuple[str, str] | None = None) -> list[Happening]:
        """Contacts to a recipient that they did not answer; of the whole company without one."""
        last = max(self.heard_from(recipient), default=-1)
        return [
            c for c in self.contacts
            if c.get("outcome") not in SPOKEN
            and last <= c.at
            and (recipient is None or self.recipient(c.get("to")) == recipient)
        ]  # fmt: skip

    def promises(self) -> list[Happening]:
        """The open promises; the first leads."""
        newest: dict[Any, Happening] = {}
        for event in self.events:
            if event.type == "promise":
                if event.get("who") is None:
                    newest.clear()
                newest.pop(None, None)
                newest[event.get("who")] = event
        still = [event for event in newest.values() if not self._settled(event)]
        return sorted(still, key=lambda e: (self._day(e.get("by")), *_order(e)))

    def promised_day(self, which: int) -> Moment | None:
        promises = self.promises()
        return Day(self._day(promises[which].get("by"))) if promises else None

    def stage(self) -> str:
        types = {event.type for event in self.events}
        if "rejection" in types:
            return "rejected"
        if "withdrawal" in types:
            return "withdrawn"
        if "declined" in types:
            return "declined"
        if "accepted" in types:
            return "withdrawn" if self.accepted_elsewhere() else "accepted"
        if "offer" in types:
            return "offer"
        if self.interviews(over=False):
            return "invited"
        return "awaiting" if self.interviews(over=True) else "new"

    def accepted_elsewhere(self) -> bool:
        return any(e.type == "accepted" and e.get("elsewhere") for e in self.events)

    def asked_for_silence(self, person: str | None) -> bool:
        """Whether somebody asked that this person, or anybody, be left alone."""
        named = [event.get("who") for event in self.events if event.type == "no_contact"]
        mine = None if person is None else self.recipient(person)
        return any(who is None or self.recipient(who) == mine for who in named)

    def last(self, kind: str, field_name: str, value: str) -> Happening | None:
        """The newest event of a type whose field has this value."""
        found = [e for e in self.events if e.type == kind and e.get(field_name) == value]
        return found[-1] if found else None

    def fact(self, path: str, person: str | None, anchor: Happening | None) -> Any:
        """The value of a fact, UNKNOWN where it is not known."""
        area, _, name = path.rpartition(".")
        value: Any = None
        if area == "promise":
            value = self._derived(path, person, anchor)
        elif area == "company":
            value = self.state["company"].get(name)
        elif area == "candidate":
            value = tuple(self.state["candidate"].get(name, ()))
        elif area == "instructions":
            value = self.state.get("instructions", {}).get(name)
            if name == "wait_until" and value is not None:
                value = moment_of(value, by=False)
            elif name == "channels" and value is not None:
                value = tuple(value)
        elif area == "anchor":
            value = None if anchor is None else anchor.get(name)
        elif area == "person":
            value = None if person is None else self._of_person(name, person)
        else:
            value = self._derived(path, person, anchor)
        return UNKNOWN if value is None else value

    def lead(self, occasion: str) -> str | None:
        interview = self._interview(occasion)
        named = [] if interview is None else interview.people
        managers = [p for p in named if self.role(p) == "hiring manager"]
        return next(iter(managers + named), None)

    def role(self, person: str) -> str:
        return (self.people.get(person, {}).get("role") or "").casefold()

    def _of_person(self, name: str, person: str) -> Any:
        contacts = [c for c in self.contacts if self.recipient(c.get("to")) == self.recipient(person)]
        if name == "absent_until":
            away = [e for e in self.events if e.type == "absence"]
            away = [e for e in away if self.recipient(e.get("who")) == self.recipient(person)]
            absence = away[-1] if away else None
            return None if absence is None else moment_of(absence.get("until"))
        if name == "unanswered":
            return len(self.unanswered(self.recipient(person)))
        if name == "last_contact":
            return Exact(contacts[-1].at) if contacts else None
        return self.people.get(person, {}).get(name)

    def _derived(self, path: str, person: str | None, anchor: Happening | None) -> Any:
        interview = None if anchor is None else self._interview(anchor.occasion)
        if path == "topics":
            return tuple(((interview and interview.get("topics")) or {}).get(person, ()))
        if path == "questions":
            leads = interview is not None and person is not None and person == self.lead(interview.id)
            return tuple((leads and interview is not None and interview.get("questions")) or ())
        heard = max(self.heard_from(None), default=None)
        derived: dict[str, Any] = {
            "stage": self.stage(),
            "rounds": len(self.interviews(over=True)),
            "decision_date": self.promised_day(0),
            "promise.latest": self.promised_day(-1),
            "silence": None if heard is None else Exact(heard),
            "last_heard": None if heard is None else Exact(heard),
            "last_contact": Exact(self.contacts[-1].at) if self.contacts else None,
            "unanswered": len(self.unanswered()),
        }
        return derived[path]

    def _interview(self, occasion: str) -> Happening | None:
        event = self.find(occasion)
        return event if event is not None and event.type == "interview" else None

    def _happened(self, events: list[Mapping[str, Any]]) -> list[Happening]:
        made = [self._made(event) for event in events]
        _name(made)
        known = [e for e in made if e.at <= self.now or (e.type == "interview" and self._arranged(e))]
        for change in sorted(known, key=lambda e: (e.at, e.type, e.id)):
            for interview in known:
                if interview.id == change.get("interview") and interview.type == "interview":
                    interview.cancelled = change.type == "cancelled"
                    if change.type == "rescheduled":
                        interview.end += hour_of(change.get("to")) - interview.at
                        interview.at = hour_of(change.get("to"))
                        if change.get("minutes") is not None:
                            interview.end = interview.at + change.get("minutes") // 60
        return sorted(known, key=_order)

    def _made(self, event: Mapping[str, Any]) -> Happening:
        at = hour_of(event["at"])
        end = at + (event.get("minutes", 60) // 60 if event["type"] == "interview" else 0)
        return Happening(event["type"], at, event, event.get("id", ""), end)

    def _arranged(self, interview: Happening) -> bool:
        return interview.get("arranged") is None or hour_of(interview.get("arranged")) <= self.now

    def _bounce(self) -> None:
        self.bounced, self.dead = set(), set()
        for bounce in self.all_events:
            if bounce.type != "bounce":
                continue
            to = self.recipient(bounce.get("to"))
            address = "".join((bounce.get("address") or "").split()).casefold()
            if not bounce.get("passing") and (not address or ("email", address) == to):
                self.dead.add(to)
            mails = [
                e for e in self.all_events
                if e.type == "sent" and e.get("channel") in ("email", None) and self.counts(e)
                and e.at <= bounce.at and self.recipient(e.get("to")) == to
            ]  # fmt: skip
            if mails:
                self.bounced.add(id(mails[-1]))

    def _occasion(self, event: Happening) -> str:
        if event.type not in ("sent", "called"):
            return event.id
        parts = (event.get("key") or "").split(":")
        if len(parts) in (3, 4) and self.find(parts[1]) is not None:
            return parts[1]
        begun = [e for e in self.interviews() if e.at <= event.at]
        return begun[-1].id if begun else event.id

    def _is_heard(self, event: Happening) -> bool:
        if event.type == "interview":
            return not event.cancelled and event.end <= self.now
        if event.type == "called":
            return event.get("outcome") in SPOKEN
        return event.type in ("reply", "promise", "offer", "rejection")

    def _settled(self, promise: Happening) -> bool:
        day, company = self._day(promise.get("by")), self.calendar(None)
        return any(
            (event.type in CLOSING and event.at >= promise.at)
            or (event.type == "interview" and not event.cancelled and event.at > promise.at)
            or (event.type == "reply" and event.at > promise.at and local_date(event.at, company) >= day)
            for event in self.events
        )

    def _day(self, text: str) -> Any:
        moment = moment_of(text)
        return moment.date if isinstance(moment, Day) else local_date(moment.hour, self.calendar(None))


def _order(event: Happening) -> tuple[int, str]:
    return event.at, event.id


def _name(events: list[Happening]) -> None:
    """Gives ids to the events that have none."""
    taken: Counter[str] = Counter()
    for event in events:
        if not event.id:
            stamp = time_of(event.at)
            assert stamp is not None
            event.id = "-".join([event.type, *event.people, f"{stamp:%Y%m%dT%H%MZ}"])
            taken[event.id] += 1
            if taken[event.id] > 1:
                event.id += f"-{taken[event.id]}"
