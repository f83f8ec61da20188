"""The history: a state's events as they stand at a moment, in order, with what follows from them.

An event later than `now` has not happened yet and is left out, except that an interview is known
before it takes place. All rules of this reading stand in `docs/semantics.md`, section 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any

from followup.calendars import Calendar
from followup.contacts import (
    HEARD,
    Contact,
    Recipient,
    address_of,
    contact_of,
    is_heard,
    lost_messages,
    unanswered_since,
)
from followup.events import (
    Absence,
    Accepted,
    Bounce,
    Custom,
    Event,
    Interview,
    Promise,
    Sent,
    Written,
)
from followup.moments import Instant, instant
from followup.once import once
from followup.state import InterviewState, Person
from followup.timeline import Happened, event_people, timeline
from followup.timepoints import Timepoint, by_day

__all__ = [
    "Contact", "Happened", "History", "Recipient", "address_of", "event_people", "message_id_of",
    "person_calendar",
]  # fmt: skip


def message_id_of(event: Written) -> str | None:
    """The Message-ID under which a mail can be answered."""
    return event.message_id or (event.thread if isinstance(event, Sent) else None)


def person_calendar(state: InterviewState, person: Person | None) -> Calendar:
    """The calendar of a person at the company; of the candidate, for None."""
    company, candidate = state.company, state.candidate
    if person is None:
        zone = candidate.timezone or company.timezone or "UTC"
    else:
        zone = person.timezone or company.timezone or candidate.timezone or "UTC"
    return _calendar(zone, company.country, company.region)


_calendar = lru_cache(maxsize=1024)(Calendar)


class History:
    """What a state says at `now`. Immutable once made; what is derived is computed when first asked."""

    def __init__(self, state: InterviewState, now: Instant) -> None:
        self.state = state
        self.now = now
        self._times = [instant(event.at) for event in state.all_events()]
        here = len(state.events)
        self.events = timeline(state.events, self._times[:here], now)
        self.elsewhere = timeline(state.elsewhere, self._times[here:], now)
        self.by_type: Mapping[str, list[Happened]] = _by_type(self.events)
        self._elsewhere_by_type: Mapping[str, list[Happened]] = _by_type(self.elsewhere)
        self.scopes: dict[tuple[str, bool], Any] = {}
        self.reached: dict[tuple[str, str], bool] = {}
        """What `followup.scope` keeps here: what is seen from each event; which channels reach whom."""
        self.kept: dict[Any, Any] = {}
        """What was worked out for one rule and is the same for others."""

    def of_type(self, *types: str) -> Iterator[Happened]:
        """The events of these types, one type after the other, each in order of time."""
        for name in types:
            yield from self.by_type.get(name, ())

    def _everywhere(self, *types: str) -> list[Happened]:
        """The events of these types, those of other opportunities too."""
        return [
            happened
            for by_type in (self.by_type, self._elsewhere_by_type)
            for kind in types
            for happened in by_type.get(kind, ())
        ]

    def last(self, kind: str) -> Happened | None:
        """The last event of this type."""
        events = self.by_type.get(kind)
        return events[-1] if events else None

    def latest(self, kind: str) -> Event | None:
        """What happened last of this type."""
        events = self.by_type.get(kind)
        return events[-1].event if events else None

    @once
    def by_id(self) -> Mapping[str, Happened]:
        """The events by id."""
        return {happened.id: happened for happened in self.events}

    @once
    def calendar(self) -> Calendar:
        """The company's calendar."""
        return person_calendar(self.state, Person())

    @once
    def interviews(self) -> tuple[Happened, ...]:
        """The interviews that were not cancelled, those ahead included, in order of time."""
        return tuple(happened for happened in self.of_type("interview") if not happened.cancelled)

    @once
    def held_interviews(self) -> tuple[Happened, ...]:
        """The interviews that are over, in order of time."""
        return tuple(happened for happened in self.interviews if happened.end <= self.now)

    @once
    def _recipients(self) -> Mapping[str, Recipient]:
        return {
            id_: address_of(person.email) if person.email and person.email.strip() else f"id:{id_}"
            for id_, person in self.state.people.items()
        }

    def recipient(self, person_id: str) -> Recipient:
        """Who receives what goes to this person."""
        return self._recipients.get(person_id) or f"id:{person_id}"

    def occasion_of(self, happened: Happened) -> Happened:
        """The event that began what this one belongs to: the interview that was thanked for, say."""
        return self.by_id.get(happened.occasion, happened)

    # Contacts and answers

    @once
    def bounced(self) -> frozenset[str]:
        """The ids of this opportunity's messages that came back."""
        return frozenset(id_ for here, id_ in self._lost if here)

    @once
    def _lost(self) -> frozenset[tuple[bool, str]]:
        """The messages that came back: whether they went out here, and their ids."""
        return lost_messages(self._bounces, self.events, self.elsewhere, self.recipient)

    @once
    def _bounces(self) -> tuple[Happened, ...]:
        return tuple(self._everywhere("bounce"))

    @once
    def contacts(self) -> tuple[Contact, ...]:
        """What went to people at the company and did not bounce, in order of time."""
        made = [
            contact_of(happened, self.recipient, here=here)
            for here, by_type in ((True, self.by_type), (False, self._elsewhere_by_type))
            for happened in (*by_type.get("sent", ()), *by_type.get("called", ()))
        ]
        if self._lost:
            made = [contact for contact in made if (contact.here, contact.id) not in self._lost]
        return tuple(sorted(made, key=attrgetter("at", "id")))

    @once
    def heard(self) -> tuple[tuple[Instant, frozenset[Recipient] | None], ...]:
        """When the other side spoke, and who; None is everybody. In order of time."""
        spoke = [
            (happened.end, frozenset(map(self.recipient, people)) if people else None)
            for happened in self._everywhere(*HEARD)
            if is_heard(happened, self.now)
            for people in [event_people(happened.event)]
        ]
        return tuple(sorted(spoke, key=itemgetter(0)))

    @once
    def _last_heard(self) -> Mapping[Recipient | None, Instant]:
        """When each recipient last spoke by name, and (None) when anybody did."""
        last: dict[Recipient | None, Instant] = {}
        for at, who in self.heard:
            last[None] = at
            last.update(dict.fromkeys(who or (), at))
        return last

    @once
    def _last_heard_of_all(self) -> Instant | None:
        """When the other side last spoke without a name, which is everybody."""
        return next((at for at, who in reversed(self.heard) if who is None), None)

    def last_heard(self, recipient: Recipient | None = None) -> Instant | None:
        """When this recipient last spoke; anybody, for None."""
        by_name, of_all = self._last_heard.get(recipient), self._last_heard_of_all
        return of_all if by_name is None or (of_all is not None and of_all > by_name) else by_name

    @once
    def _contacts_to(self) -> Mapping[Recipient, list[Contact]]:
        """The contacts to each recipient, in order of time."""
        to_each: dict[Recipient, list[Contact]] = {}
        for contact in self.contacts:
            to_each.setdefault(contact.recipient, []).append(contact)
        return to_each

    def last_contact(self, recipient: Recipient | None = None) -> Instant | None:
        """When this recipient was last contacted; anybody, for None."""
        contacts = self.contacts if recipient is None else self._contacts_to.get(recipient)
        return contacts[-1].at if contacts else None

    def unanswered_by(self, recipient: Recipient) -> tuple[Contact, ...]:
        """The contacts to this recipient since they last spoke, in order of time."""
        found = self._unanswered_by.get(recipient)
        if found is None:
            contacts = self._contacts_to.get(recipient, ())
            found = self._unanswered_by[recipient] = unanswered_since(contacts, self.last_heard(recipient))
        return found

    @once
    def _unanswered_by(self) -> dict[Recipient, tuple[Contact, ...]]:
        return {}

    @once
    def unanswered(self) -> tuple[Contact, ...]:
        """The contacts to anybody since anybody spoke, in order of time."""
        return unanswered_since(self.contacts, self.last_heard())

    def last_written(self, recipient: Recipient) -> Written | None:
        """The last mail to or from this recipient whose Message-ID is known; not one that came back."""
        for happened in reversed(self.events):
            event = happened.event
            if (
                isinstance(event, Written)
                and message_id_of(event)
                and recipient in map(self.recipient, event_people(event))
                and happened.id not in self.bounced
            ):
                return event
        return None

    def mail_works(self, person_id: str) -> bool:
        """Whether nothing that went to the person's present address came back."""
        person = self.state.people.get(person_id)
        if person is None or not person.email:
            return False
        if not self._bounces:
            return True
        address = address_of(person.email)
        for happened in self._bounces:
            bounce = happened.event
            assert isinstance(bounce, Bounce)
            if bounce.passing:
                continue
            returned = address_of(bounce.address) if bounce.address else self.recipient(bounce.to)
            if returned == address:
                return False
        return True

    # Promises and absences

    @once
    def open_promises(self) -> tuple[Happened, ...]:
        """The promises that still stand, the earliest date first.

        Of one person only the newest counts; one that names nobody is anybody's.
        """
        newest: dict[str | None, Happened] = {}
        for happened in self.of_type("promise"):
            who = getattr(happened.event, "who", None)
            if who is None:
                newest.clear()
            newest.pop(None, None)
            newest[who] = happened
        still_open = [happened for happened in newest.values() if self._is_open(happened)]
        return tuple(sorted(still_open, key=lambda h: (self.promised_day(h).reached, h.at, h.id)))

    @property
    def promise(self) -> Happened | None:
        """The open promise that leads: the one with the earliest date."""
        return self.open_promises[0] if self.open_promises else None

    def promised_day(self, promise: Happened, calendar: Calendar | None = None) -> Timepoint:
        """The day by which a promise said that they would be in touch; a time counts as its day.

        The day begins and ends by a calendar, the company's where none is given.
        """
        event = promise.event
        assert isinstance(event, Promise)
        calendar, point = calendar or self.calendar, by_day(event.by, self.calendar)
        day = point.day or self.calendar.day(point.reached)
        return Timepoint(calendar.start_of(day), calendar.end_of(day), day)

    def _is_open(self, promise: Happened) -> bool:
        if any(interview.at > promise.at for interview in self.interviews):
            return False
        if any(h.at >= promise.at for h in self.of_type(*DECISIONS)):
            return False
        due = self.promised_day(promise).start
        return not any(h.at >= due and h.at > promise.at for h in self.of_type("reply"))

    def absent_until(self, person_id: str) -> Timepoint | None:
        """When this person is back, by their newest absence."""
        for happened in reversed(self.by_type.get("absence", [])):
            event = happened.event
            if isinstance(event, Absence) and self.recipient(event.who) == self.recipient(person_id):
                return by_day(event.until, person_calendar(self.state, self.state.people.get(person_id)))
        return None

    # What stops

    @once
    def accepted_elsewhere(self) -> Happened | None:
        """An offer of somebody else's that was accepted."""
        for happened in self.of_type("accepted"):
            if isinstance(happened.event, Accepted) and happened.event.elsewhere:
                return happened
        return next(iter(self._elsewhere_by_type.get("accepted", ())), None)

    @once
    def accepted(self) -> Happened | None:
        """The acceptance of this opportunity's offer."""
        for happened in self.of_type("accepted"):
            if isinstance(happened.event, Accepted) and not happened.event.elsewhere:
                return happened
        return None

    @once
    def closed_by(self) -> Happened | None:
        """The refusal, withdrawal or decline with which it ended, or the acceptance of another offer."""
        return next(self.of_type("rejection", "withdrawal", "declined"), None) or self.accepted_elsewhere

    @once
    def closed_at(self) -> Instant | None:
        """When it came to its end, by their decision or the candidate's; None while it is open."""
        ends = [h.at for h in self.of_type("rejection", "withdrawal", "declined", "accepted")]
        ends += [self.accepted_elsewhere.at] if self.accepted_elsewhere else []
        return min(ends, default=None)

    def asked_not_to_contact(self, recipient: Recipient | None) -> Happened | None:
        """The event by which this recipient (None: nobody in particular), or everybody, asked for silence."""
        for happened in self._wishes_for_silence:
            who = getattr(happened.event, "who", None)
            if who is None or self.recipient(who) == recipient:
                return happened
        return None

    @once
    def _wishes_for_silence(self) -> tuple[Happened, ...]:
        return tuple(self._everywhere("no_contact"))

    @once
    def stage(self) -> str:
        """Where the opportunity stands: the first of the decisions that was made, else where talks are."""
        entered = {h.event.stage: h for h in self.events if isinstance(h.event, Custom) and h.event.stage}
        decided = (
            ("rejected", self.last("rejection")),
            ("withdrawn", self.last("withdrawal")),
            ("declined", self.last("declined")),
            ("withdrawn", self.accepted_elsewhere),
            ("accepted", self.accepted),
            ("offer", self.last("offer")),
        )
        for stage, happened in decided:
            if happened is not None or stage in entered:
                return stage
        talks = [h for h in entered.values() if not self.interviews or h.at > self.interviews[-1].at]
        if talks:
            return str(max(talks, key=lambda h: (h.at, h.id)).event.stage)  # type: ignore[attr-defined]
        if len(self.interviews) > len(self.held_interviews):
            return "invited"
        return "awaiting" if self.held_interviews else "new"

    @once
    def next_turning_point(self) -> Instant | None:
        """The first moment after `now` at which what has happened changes: an event to come, one over."""
        later = [*self._times]
        for event in self.state.all_events():
            if isinstance(event, Interview) and event.arranged is not None:
                later.append(instant(event.arranged))
        for happened in (*self.events, *self.elsewhere):
            if isinstance(happened.event, Interview):
                later += (happened.at, happened.end)
        return min((point for point in later if point > self.now), default=None)


DECISIONS = ("offer", "rejection", "withdrawal", "accepted", "declined")
"""The event types with which an opportunity is decided."""


def _by_type(events: Iterable[Happened]) -> dict[str, list[Happened]]:
    found: dict[str, list[Happened]] = {}
    for happened in events:
        found.setdefault(happened.event.type, []).append(happened)
    return found
