"""A `Scope`: what has happened, as seen for one person and one event that a rule hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from followup.calendars import Calendar
from followup.channels import Channel
from followup.events import Interview
from followup.history import History, Recipient, person_calendar
from followup.roles import has_role
from followup.state import Person
from followup.timeline import Happened

__all__ = ["Scope", "is_reached", "lead_of", "reachable_by"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The history as seen for one person (None: the candidate) and one anchor event."""

    history: History
    channels: Mapping[str, Channel]
    calendar: Calendar
    person_id: str | None = None
    anchor: Happened | None = None
    channel: str | None = None

    @property
    def person(self) -> Person | None:
        return None if self.person_id is None else self.history.state.people.get(self.person_id)

    @property
    def recipient(self) -> Recipient | None:
        return None if self.person_id is None else self.history.recipient(self.person_id)

    @property
    def occasion(self) -> Happened | None:
        return None if self.anchor is None else self.history.occasion_of(self.anchor)

    @property
    def interview(self) -> Interview | None:
        occasion = self.occasion
        return occasion.event if occasion and isinstance(occasion.event, Interview) else None

    def of(self, person_id: str | None) -> Scope:
        """The same for another person."""
        person = None if person_id is None else self.history.state.people.get(person_id)
        calendar = person_calendar(self.history.state, person)
        return Scope(self.history, self.channels, calendar, person_id, self.anchor)


def is_reached(scope: Scope, channel: Channel) -> bool:
    """Whether a channel reaches the scope's person, with an address that works."""
    person = scope.person
    return (
        person is not None
        and channel.direction == "employer"
        and channel.reaches(person)
        and (channel.address_field != "email" or scope.history.mail_works(str(scope.person_id)))
    )


def reachable_by(scope: Scope) -> tuple[str, ...] | None:
    """The channels to the employer that reach the scope's person, by name."""
    if scope.person_id is None:
        return None
    return tuple(name for name, channel in scope.channels.items() if is_reached(scope, channel))


def lead_of(scope: Scope) -> str | None:
    """Who leads the occasion's interview: the hiring manager among them, else the first named."""
    interview = scope.interview
    if interview is None or not interview.with_:
        return None
    people = scope.history.state.people
    managers = [id_ for id_ in interview.with_ if has_role(people[id_], "hiring manager")]
    return (managers or list(interview.with_))[0]
