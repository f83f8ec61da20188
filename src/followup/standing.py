"""Standing: whether a candidate can still go out, and why not, as `docs/semantics.md` section 6 has it.

Done, skipped, moot, missed, snoozed, blocked: the first that applies. What the other candidates do comes
later, in scheduling.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import Literal

from msgspec import Struct

from followup import wording
from followup.channels import Channel
from followup.gate import forbidden_by, latch
from followup.history import Contact
from followup.moments import Instant
from followup.plan import Reason
from followup.proposing import Candidate, matches
from followup.rules import Guard, Rule
from followup.timeline import Happened, event_people
from followup.vocabulary import KNOWN_CHANNELS
from followup.windows import Window, missing_facts, named

__all__ = ["Outlook", "Standing", "key_parts", "outlook", "outlook_at"]

Standing = Literal["done", "skipped", "moot", "missed", "snoozed", "blocked", "shut", "open"]
"""What is known of a candidate by itself: `shut` is held for good, `open` may become due."""


class Outlook(Struct, frozen=True):
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


def outlook(candidate: Candidate, guards: tuple[Guard, ...], rules: Mapping[str, Rule]) -> Outlook | None:
    """The outlook of a candidate; None if nothing could ever make it a follow-up."""
    history = candidate.scope.history
    window = Window(candidate, guards)
    settled = settled_by(candidate, rules, window)
    if settled is not None:
        return Outlook(candidate, window, "done", settled_by=settled)
    for skip in history.by_type.get("skipped", ()):
        if getattr(skip.event, "key", "") == candidate.key:
            return Outlook(candidate, window, "skipped")
    if candidate.anchor.is_cancelled:
        return Outlook(candidate, window, "moot")
    if (stop := stopped_by(candidate)) is not None:
        return Outlook(candidate, window, "moot", stopped_by=stop)
    if (shut := latch(candidate.rule, candidate.scope)) is not None:
        return Outlook(candidate, window, "moot", latch=shut)
    if (other := _wish_carried(candidate, window, rules)) is not None:
        return Outlook(candidate, window, "moot", said_by=other)
    return None if _is_hopeless(window) else _still_wanted(window, history.now)


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


# What settles a candidate


def settled_by(candidate: Candidate, rules: Mapping[str, Rule], window: Window) -> Contact | None:
    """The contact that did what the candidate proposes, or None."""
    if candidate.rule.to_self:
        return _done_to_self(candidate)
    for contact in candidate.scope.history.contacts:
        if (
            contact.here
            and contact.settles
            and (_settles(contact, candidate, rules) or _carried(contact, candidate, rules, window))
        ):
            return contact
    return None


def _done_to_self(candidate: Candidate) -> Contact | None:
    """Tasks are settled by a `done` event with their key."""
    for happened in candidate.scope.history.of_type("done"):
        if getattr(happened.event, "key", None) == candidate.key:
            return Contact(
                id=happened.id, at=happened.at, to="self", recipient="id:self", intent="task",
                key=candidate.key, parts=None, settles=True, answered=True, here=True,
            )  # fmt: skip
    return None


def _settles(contact: Contact, candidate: Candidate, rules: Mapping[str, Rule]) -> bool:
    rule = candidate.rule
    key = key_parts(contact.key)
    if key is not None and key[0] in rules:
        return _is_key_of(contact.key, candidate)
    if contact.intent != rule.intent:
        return False
    if not rule.one_recipient and contact.recipient != candidate.scope.recipient:
        return False
    if candidate.previous is not None and contact.at <= candidate.previous:
        return False
    return contact.at >= candidate.anchor.event.at and contact.id != candidate.anchor.event.id


def _is_key_of(key: str | None, candidate: Candidate) -> bool:
    """Whether a key is the candidate's; where a rule has one recipient, whoever that was."""
    parts = key_parts(key)
    if parts is None or not candidate.rule.one_recipient:
        return key == candidate.key
    name, occasion, _, attempt = parts
    return (name, occasion, attempt) == (
        candidate.rule.name,
        candidate.anchor.occasion.id,
        candidate.attempt,
    )


def _carried(contact: Contact, candidate: Candidate, rules: Mapping[str, Rule], window: Window) -> bool:
    """Whether a part rode in this contact."""
    if not candidate.rule.join:
        return False
    if contact.parts is not None:
        return any(_is_key_of(part, candidate) for part in contact.parts)
    key = key_parts(contact.key)
    host = rules.get(key[0]) if key else None
    if (
        host is None
        or host.intent not in candidate.rule.join
        or contact.recipient != candidate.scope.recipient
    ):
        return False
    return contact.at in window.natural


def key_parts(key: str | None) -> tuple[str, str, str, int] | None:
    """A follow-up's key as rule, occasion, person and attempt; None for what is no key."""
    parts = (key or "").split(":")
    if len(parts) == 3:
        return parts[0], parts[1], parts[2], 1
    if len(parts) == 4 and parts[3].isdigit():
        return parts[0], parts[1], parts[2], int(parts[3])
    return None


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
    stops = []
    for pattern in candidate.rule.unless:
        events = history.by_type.get(pattern.type, ())
        for happened in events[bisect_right(events, anchor.since, key=_time_of) :]:
            if happened.cancelled or happened is anchor.event:
                continue
            if matches(pattern, happened, history):
                stops.append(happened)
                break
    return min(stops, key=lambda happened: (happened.at, happened.id), default=None)


_time_of = attrgetter("at")


def _said(stop: Happened, candidate: Candidate) -> str:
    when = wording.day(candidate.scope.calendar.day(stop.at))
    people = candidate.scope.history.state.people
    names = [people[p].name or p for p in event_people(stop.event) if p in people]
    by = f", {' and '.join(names)}" if names else ""
    return f"{stop.type} on {when}{by}: it is no longer needed"


def _wish_carried(candidate: Candidate, window: Window, rules: Mapping[str, Rule]) -> Contact | None:
    """A contact of like intent to the same recipient, by another rule, while this could have gone."""
    rule = candidate.rule
    for contact in candidate.scope.history.contacts:
        key = key_parts(contact.key)
        if key is None or key[0] not in rules or key[0] == rule.name or not contact.settles:
            continue
        same = contact.intent == rule.intent and contact.recipient == candidate.scope.recipient
        if same and contact.here and contact.at in window.natural:
            return contact
    return None


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
