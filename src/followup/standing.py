"""Standing: whether a candidate can still go out, and why not, as `docs/semantics.md` section 6 has it.

Done, skipped, moot, missed, snoozed, blocked: the first that applies. What the other candidates do comes
later, in scheduling.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter
from typing import Literal

from msgspec import Struct

from followup import wording
from followup.channels import Channel
from followup.gate import forbidden_by, latch
from followup.history import Contact, History
from followup.moments import Instant
from followup.plan import Reason
from followup.proposing import Anchor, Candidate, matches
from followup.rules import Guards, Pattern
from followup.settling import Deeds
from followup.timeline import Happened, event_people
from followup.vocabulary import KNOWN_CHANNELS
from followup.windows import Window, missing_facts, named

__all__ = ["Outlook", "Standing", "outlook", "outlook_at"]

Standing = Literal["done", "skipped", "moot", "missed", "snoozed", "blocked", "shut", "open"]
"""What is known of a candidate by itself: `shut` is held for good, `open` may become due."""


class Outlook(Struct, frozen=True, gc=False):
    """A candidate with its window and where it stands.

    What it `needs`; the contact that settled it; or what stopped it: an event, the gate by `latch`, or a
    contact that said the same.
    """

    candidate: Candidate
    window: Window
    standing: Standing
    needs: tuple[str, ...] = ()
    settled_by: Contact | None = None
    stopped_by: Happened | None = None
    latch: tuple[str, Happened | None] | None = None
    said_by: Contact | None = None

    @property
    def is_over(self) -> bool:
        """Whether it will not go out any more, whatever time it is."""
        return self.standing in OVER

    @property
    def may_go(self) -> bool:
        """Whether it may still go out by itself: nothing is missing, and nothing stops it for good."""
        return self.standing == "open" or (self.standing == "snoozed" and bool(self.window.usable))

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why it stands so."""
        match self.standing:
            case "done":
                return (_settled_reason(self.candidate, self.settled_by),) if self.settled_by else ()
            case "skipped":
                return (Reason("event", "skipped", "you skipped it"),)
            case "moot":
                return (_moot_reason(self),)
            case "missed":
                return (Reason("window", self.candidate.rule.name, "its time has passed"),)
            case "snoozed":
                return (Reason("event", "snoozed", "you put it off"),)
            case "blocked" | "shut":
                found = tuple(_needs(self.window))
                if self.standing == "shut" or any(need for need, _ in found):
                    return tuple(reason for _, reason in found)
                text = "it depends on what is not known: " + ", ".join(self.needs)
                return (Reason("need", self.candidate.rule.name, text),)
        return ()


OVER = frozenset({"done", "skipped", "moot", "missed"})


def outlook(candidate: Candidate, guards: Guards, deeds: Deeds) -> Outlook | None:
    """The outlook of a candidate; None if nothing could ever make it a follow-up."""
    window = Window(candidate, guards)
    settled = deeds.settling(candidate, window)
    if settled is not None:
        return Outlook(candidate, window, "done", settled_by=settled)
    if candidate.key in deeds.skipped:
        return Outlook(candidate, window, "skipped")
    if candidate.anchor.is_cancelled:
        return Outlook(candidate, window, "moot")
    if (stop := stopped_by(candidate)) is not None:
        return Outlook(candidate, window, "moot", stopped_by=stop)
    if (shut := latch(candidate.rule, candidate.scope)) is not None:
        return Outlook(candidate, window, "moot", latch=shut)
    if (other := deeds.saying_the_same(candidate, window)) is not None:
        return Outlook(candidate, window, "moot", said_by=other)
    return None if _is_hopeless(window) else _still_wanted(window, candidate.scope.history.now)


def _is_hopeless(window: Window) -> bool:
    """Whether its conditions never hold while it is open."""
    return window.condition.possible.is_never or window.possible.is_never


def outlook_at(later: Instant, seen: Outlook) -> Outlook:
    """The same outlook at a later moment, if nothing has happened until then."""
    return seen if seen.is_over else _still_wanted(seen.window, later)


def _still_wanted(window: Window, now: Instant) -> Outlook:
    """The outlook at `now` of a candidate that nothing has made superfluous."""
    candidate = window.candidate
    if window.possible.first(now) is None:
        return Outlook(candidate, window, "missed")
    if window.snoozed_until is not None and window.snoozed_until > now:
        return Outlook(candidate, window, "snoozed")
    needs = tuple(dict.fromkeys(need for need, _ in _needs(window) if need))
    if needs:
        return Outlook(candidate, window, "blocked", needs)
    if window.natural.first(now) is None:
        return Outlook(candidate, window, "blocked", tuple(dict.fromkeys(_unknown(candidate))))
    if not window.usable or window.allowed.first(now) is None:
        return Outlook(candidate, window, "shut")
    return Outlook(candidate, window, "open")


def _unknown(candidate: Candidate) -> Iterator[str]:
    scope = candidate.scope
    for condition in (candidate.rule.when, *(choice.when for choice in candidate.rule.via)):
        for path in condition.unknown(scope, scope.calendar):
            yield named(path, candidate)


def _settled_reason(candidate: Candidate, contact: Contact) -> Reason:
    when = wording.day_and_year(candidate.scope.calendar.day(contact.at))
    return Reason("event", contact.key or "sent", f"done on {when}")


# What makes it moot


def _moot_reason(seen: Outlook) -> Reason:
    if seen.stopped_by is not None:
        return Reason("event", seen.stopped_by.type, _said(seen.stopped_by, seen.candidate))
    if seen.latch is not None:
        text, event = seen.latch
        return Reason("gate", event.type if event else "instructions", text)
    if seen.said_by is not None:
        return Reason("event", str(seen.said_by.key), "another follow-up said it already")
    return Reason("event", "cancelled", "the interview was cancelled")


def stopped_by(candidate: Candidate) -> Happened | None:
    """The first event since the anchor that makes the candidate moot."""
    history, anchor = candidate.scope.history, candidate.anchor
    if candidate.rule.stops.isdisjoint(history.by_type):
        return None
    stops = [
        stop
        for pattern in candidate.rule.unless
        if pattern.type in history.by_type
        if (stop := _first_since(anchor, pattern, history)) is not None
    ]
    return min(stops, key=lambda happened: (happened.at, happened.id), default=None)


def _first_since(anchor: Anchor, pattern: Pattern, history: History) -> Happened | None:
    events = history.by_type[pattern.type]
    for happened in events[bisect_right(events, anchor.since, key=_time_of) :]:
        if happened.cancelled or happened is anchor.event:
            continue
        if matches(pattern, happened, history):
            return happened
    return None


_time_of = attrgetter("at")


def _said(stop: Happened, candidate: Candidate) -> str:
    when = wording.day(candidate.scope.calendar.day(stop.at))
    people = candidate.scope.history.state.people
    names = [people[p].name or p for p in event_people(stop.event) if p in people]
    by = f", {' and '.join(names)}" if names else ""
    return f"{stop.type} on {when}{by}: it is no longer needed"


# What it needs


def _needs(window: Window) -> Iterator[tuple[str, Reason]]:
    """The facts and addresses that are missing, each with why; beside a forbidden channel stands no need."""
    candidate = window.candidate
    rule, scope = candidate.rule, candidate.scope
    if candidate.is_to_nobody:
        whom = " or ".join(rule.to)
        yield "people", Reason("need", "people", f"there is nobody to send it to: {whom}")
        return
    for choice in () if window.usable else rule.via:
        guard = forbidden_by(scope, window.guards, choice.channel)
        if guard is not None:
            text = guard.because or f"{choice.channel} is not allowed"
            yield "", Reason("guard", guard.name, text, guard.place.short)
        else:
            need, text = _missing_address(choice.channel, scope.channels.get(choice.channel), candidate)
            yield need, Reason("need", choice.channel, text)
    for path in missing_facts(candidate, ("subject", "body")):
        at = rule.message.place.short if rule.message else ""
        yield path, Reason("need", path, f"the message needs {path}", at)


def _missing_address(name: str, channel: Channel | None, candidate: Candidate) -> tuple[str, str]:
    if channel is None:
        package = KNOWN_CHANNELS.get(name, f"followup-{name}")
        return f"channel {name}", f"the channel {name} is not installed; install {package}"
    person_id = candidate.scope.person_id
    person = candidate.scope.person
    who = (person.name if person else None) or person_id
    field = channel.address_field or name
    if person is not None and getattr(person, field, None):
        return f"people.{person_id}.{field}", f"the {field} of {who} cannot be used, or mail to it came back"
    return f"people.{person_id}.{field}", f"{channel.label} needs the {field} of {who}"
