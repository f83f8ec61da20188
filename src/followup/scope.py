"""A `Scope`: what has happened, as seen for one person and one event that a rule hangs on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from followup.calendars import Calendar
from followup.channels import Channel
from followup.events import Interview
from followup.history import History, person_calendar
from followup.roles import has_role
from followup.timeline import Happened

__all__ = ["Scope", "is_reached", "lead_of", "reachable_by", "scope_at"]


class Scope:
    """The history as seen for one person (None: the candidate) and one anchor event. Immutable.

    All rules that hang on one event share its scopes. What is asked of a scope for one of them and is
    the same for the others is `kept` there.
    """

    __slots__ = (
        "_others", "anchor", "calendar", "channel", "channels", "history", "interview", "kept", "occasion",
        "person", "person_id", "recipient",
    )  # fmt: skip

    def __init__(
        self,
        history: History,
        channels: Mapping[str, Channel],
        calendar: Calendar,
        person_id: str | None = None,
        anchor: Happened | None = None,
        channel: str | None = None,
    ) -> None:
        self.history = history
        self.channels = channels
        self.calendar = calendar
        self.person_id = person_id
        self.anchor = anchor
        self.channel = channel
        self.person = None if person_id is None else history.state.people.get(person_id)
        self.recipient = None if person_id is None else history.recipient(person_id)
        self.occasion = None if anchor is None else history.occasion_of(anchor)
        occasion = None if self.occasion is None else self.occasion.event
        self.interview = occasion if isinstance(occasion, Interview) else None
        self.kept: dict[Any, Any] = {}
        self._others: dict[str | None, Scope] = {}

    def of(self, person_id: str | None) -> Scope:
        """The same for another person."""
        scope = self._others.get(person_id)
        if scope is None:
            person = None if person_id is None else self.history.state.people.get(person_id)
            calendar = person_calendar(self.history.state, person)
            scope = Scope(self.history, self.channels, calendar, person_id, self.anchor)
            scope._others = self._others
            self._others[person_id] = scope
        return scope

    def by(self, channel: str) -> Scope:
        """The same for a message by this channel."""
        return Scope(self.history, self.channels, self.calendar, self.person_id, self.anchor, channel)


def scope_at(
    history: History, channels: Mapping[str, Channel], anchor: Happened, *, to_self: bool = False
) -> Scope:
    """The scope of an event before anybody is chosen: on the company's calendar, or the candidate's."""
    key = anchor.id, to_self
    scope: Scope | None = history.scopes.get(key)
    if scope is None or scope.channels is not channels:
        calendar = person_calendar(history.state, None) if to_self else history.calendar
        scope = history.scopes[key] = Scope(history, channels, calendar, None, anchor)
    return scope


def is_reached(scope: Scope, channel: Channel) -> bool:
    """Whether a channel reaches the scope's person, with an address that works."""
    person, reached = scope.person, scope.history.reached
    if person is None or channel.direction != "employer":
        return False
    key = str(scope.person_id), channel.name
    if key not in reached:
        works = channel.address_field != "email" or scope.history.mail_works(key[0])
        reached[key] = works and channel.reaches(person)
    return reached[key]


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
