"""The history: a state's events as they stand at a moment, in order, with what follows from them.

An event later than `now` has not happened yet and is left out, except that an interview is known
before it takes place. All rules of this reading stand in `docs/semantics.md`, section 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from operator import attrgetter
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
    EVENT_TYPES,
    Absence,
    Accepted,
    Bounce,
    Called,
    Custom,
    Event,
    Promise,
    Sent,
    Written,
)
from followup.moments import Instant
from followup.once import once
from followup.state import InterviewState, Person
from followup.timeline import NOTHING, Happened, Timeline, event_people
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
        self._here = Timeline(state.events, now)
        self._elsewhere = Timeline(state.elsewhere, now) if state.elsewhere else NOTHING
        self.events, self.elsewhere = self._here.happened, self._elsewhere.happened
        self.by_type = self._here.by_type
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
            for by_type in (self.by_type, self._elsewhere.by_type)
            for kind in types
            for happened in by_type.get(kind, ())
        ]

    def last(self, kind: str) -> Happened | None:
        """The last event of this type."""
        events = self.by_type.get(kind)
        return events[-1] if events else None

    @once
    def happened(self) -> Mapping[str, list[Event]]:
        """The events by type, each in order of time."""
        return {kind: [happened.event for happened in those] for kind, those in self.by_type.items()}

    @once
    def latest(self) -> Mapping[str, Event]:
        """Of each type what happened last."""
        return {kind: those[-1].event for kind, those in self.by_type.items()}

    @property
    def rounds(self) -> int:
        """How many interviews are over."""
        return len(self.held_interviews)

    @property
    def waiting(self) -> int:
        """How many contacts were made since anybody spoke."""
        return len(self.unanswered)

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
        return tuple([happened for happened in self.by_type.get("interview", ()) if not happened.cancelled])

    @once
    def held_interviews(self) -> tuple[Happened, ...]:
        """The interviews that are over, in order of time."""
        return tuple([happened for happened in self.interviews if happened.end <= self.now])

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
        if not isinstance(happened.event, (Sent, Called)):
            return happened
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
        made = [contact_of(h, self.recipient) for h in self.events if isinstance(h.event, (Sent, Called))]
        if self.elsewhere:
            theirs = [h for h in self.elsewhere if isinstance(h.event, (Sent, Called))]
            made += [contact_of(happened, self.recipient, here=False) for happened in theirs]
            made.sort(key=attrgetter("at", "id"))
        if self._lost:
            made = [contact for contact in made if (contact.here, contact.id) not in self._lost]
        return tuple(made)

    @once
    def _heard(self) -> list[Happened]:
        """The events in which the other side spoke."""
        return [happened for happened in self._everywhere(*HEARD) if is_heard(happened, self.now)]

    @once
    def _last_heard(self) -> Mapping[Recipient | None, Instant]:
        """When each recipient last spoke, and (None) somebody who was not named: it may be anybody."""
        last: dict[Recipient | None, Instant] = {}
        for happened in sorted(self._heard, key=attrgetter("end")):
            people = event_people(happened.event)
            last.update(dict.fromkeys(map(self.recipient, people) if people else (None,), happened.end))
        return last

    def last_heard(self, recipient: Recipient | None = None) -> Instant | None:
        """When this recipient last spoke; anybody, for None."""
        if recipient is None:
            return max((happened.end for happened in self._heard), default=None)
        named, unnamed = self._last_heard.get(recipient), self._last_heard.get(None)
        return unnamed if named is None else named if unnamed is None else max(named, unnamed)

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
        for happened in self.by_type.get("accepted", ()):
            if isinstance(happened.event, Accepted) and happened.event.elsewhere:
                return happened
        return next(iter(self._elsewhere.by_type.get("accepted", ())), None)

    @once
    def accepted(self) -> Happened | None:
        """The acceptance of this opportunity's offer."""
        for happened in self.by_type.get("accepted", ()):
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
    def _entered(self) -> Mapping[str, Happened]:
        """The last of the declared events that enter a stage, by stage."""
        if self.by_type.keys() <= EVENT_TYPES.keys():
            return {}
        return {h.event.stage: h for h in self.events if isinstance(h.event, Custom) and h.event.stage}

    @once
    def stage(self) -> str:
        """Where the opportunity stands: the first of the decisions that was made, else where talks are."""
        by_type, entered = self.by_type, self._entered
        if entered or self.elsewhere or not by_type.keys().isdisjoint(DECISIONS):
            decided = (
                ("rejected", "rejection" in by_type),
                ("withdrawn", "withdrawal" in by_type),
                ("declined", "declined" in by_type),
                ("withdrawn", self.accepted_elsewhere is not None),
                ("accepted", self.accepted is not None),
                ("offer", "offer" in by_type),
            )
            for stage, is_decided in decided:
                if is_decided or stage in entered:
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
        turns = (self._here.next_turning_point(), self._elsewhere.next_turning_point())
        return min((turn for turn in turns if turn is not None), default=None)


DECISIONS = ("offer", "rejection", "withdrawal", "accepted", "declined")
"""The event types with which an opportunity is decided."""
