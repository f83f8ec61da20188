"""Standing: whether a candidate can still go out, and why not, as `docs/semantics.md` section 6 has it.

Done, skipped, moot, missed, snoozed, blocked: the first that applies. What the other candidates do comes
later, in scheduling.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from followup import wording
from followup.channels import Channel
from followup.gate import forbidden_by, latch
from followup.history import Contact
from followup.moments import Instant, Moments, since
from followup.plan import Reason
from followup.proposing import Candidate, matching
from followup.rules import Guard, Rule
from followup.timeline import Happened, event_people
from followup.vocabulary import KNOWN_CHANNELS
from followup.windows import Window, missing_facts, named, window_of

__all__ = ["Outlook", "Standing", "key_parts", "outlook", "outlook_at"]

Standing = Literal["done", "skipped", "moot", "missed", "snoozed", "blocked", "shut", "open"]
"""What is known of a candidate by itself: `shut` is held for good, `open` may become due."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """A candidate with its window, where it stands and why; what it needs, and what settled it."""

    candidate: Candidate
    window: Window
    standing: Standing
    reasons: tuple[Reason, ...] = ()
    needs: tuple[str, ...] = ()
    settled_by: Contact | None = None

    @property
    def is_over(self) -> bool:
        """Whether it will not go out any more, whatever time it is."""
        return self.standing in ("done", "skipped", "moot", "missed")

    @property
    def may_go(self) -> bool:
        """Whether it may still go out by itself: nothing is missing, and nothing stops it for good."""
        return self.standing == "open" or (self.standing == "snoozed" and bool(self.window.usable))


def outlook(candidate: Candidate, guards: tuple[Guard, ...], rules: Mapping[str, Rule]) -> Outlook | None:
    """The outlook of a candidate; None if nothing could ever make it a follow-up."""
    window = window_of(candidate, guards)
    settled = settled_by(candidate, rules, window.natural)
    if settled is not None:
        return Outlook(candidate, window, "done", (_settled_reason(candidate, settled),), settled_by=settled)
    skips = candidate.scope.history.of_type("skipped")
    if any(getattr(skip.event, "key", "") == candidate.key for skip in skips):
        return Outlook(candidate, window, "skipped", (Reason("event", "skipped", "you skipped it"),))
    moot = _moot(candidate, window.natural, rules)
    if moot is not None:
        return Outlook(candidate, window, "moot", (moot,))
    if window.possible.is_never:
        return None
    return _still_wanted(candidate, window, guards, candidate.scope.history.now)


def outlook_at(later: Instant, seen: Outlook, guards: tuple[Guard, ...]) -> Outlook:
    """The same outlook at a later moment, if nothing has happened until then."""
    return seen if seen.is_over else _still_wanted(seen.candidate, seen.window, guards, later)


def _still_wanted(candidate: Candidate, window: Window, guards: tuple[Guard, ...], now: Instant) -> Outlook:
    """The outlook at `now` of a candidate that nothing has made superfluous."""
    if window.possible.first(now) is None:
        reason = Reason("window", candidate.rule.name, "its time has passed")
        return Outlook(candidate, window, "missed", (reason,))
    if window.snoozed_until is not None and window.snoozed_until > now:
        return Outlook(candidate, window, "snoozed", (Reason("event", "snoozed", "you put it off"),))
    needs, reasons = _needs(candidate, window, guards)
    if needs:
        return Outlook(candidate, window, "blocked", reasons, needs)
    if window.natural.first(now) is None and window.possible.first(now) is not None:
        unknown = tuple(dict.fromkeys(_unknown(candidate)))
        text = "it depends on what is not known: " + ", ".join(unknown)
        return Outlook(candidate, window, "blocked", (Reason("need", candidate.rule.name, text),), unknown)
    if not window.usable or (window.allowed & since(now)).first(now) is None:
        return Outlook(candidate, window, "shut", reasons)
    return Outlook(candidate, window, "open")


def _unknown(candidate: Candidate) -> Iterator[str]:
    scope = candidate.scope
    for condition in (candidate.rule.when, *(choice.when for choice in candidate.rule.via)):
        for path in condition.unknown(scope, scope.calendar):
            yield named(path, candidate)


# What settles a candidate


def settled_by(candidate: Candidate, rules: Mapping[str, Rule], natural: Moments) -> Contact | None:
    """The contact that did what the candidate proposes, or None."""
    if candidate.rule.to_self:
        return _done_to_self(candidate)
    for contact in candidate.scope.history.contacts:
        if (
            contact.here
            and contact.settles
            and (_settles(contact, candidate, rules) or _carried(contact, candidate, rules, natural))
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


def _carried(contact: Contact, candidate: Candidate, rules: Mapping[str, Rule], natural: Moments) -> bool:
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
    return contact.at in natural


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


def _moot(candidate: Candidate, natural: Moments, rules: Mapping[str, Rule]) -> Reason | None:
    anchor = candidate.anchor
    if anchor.is_cancelled:
        return Reason("event", "cancelled", "the interview was cancelled")
    stop = stopped_by(candidate)
    if stop is not None:
        return Reason("event", stop.type, _said(stop, candidate))
    shut = latch(candidate.rule, candidate.scope)
    if shut is not None:
        text, event = shut
        return Reason("gate", event.type if event else "instructions", text)
    other = _wish_carried(candidate, natural, rules)
    return None if other is None else Reason("event", str(other.key), "another follow-up said it already")


def stopped_by(candidate: Candidate) -> Happened | None:
    """The first event since the anchor that makes the candidate moot."""
    history, anchor = candidate.scope.history, candidate.anchor
    stops = [
        happened
        for pattern in candidate.rule.unless
        for happened in matching(pattern, history)
        if happened.at > anchor.since and happened is not anchor.event and not happened.cancelled
    ]
    return min(stops, key=lambda happened: (happened.at, happened.id), default=None)


def _said(stop: Happened, candidate: Candidate) -> str:
    when = wording.day(candidate.scope.calendar.day(stop.at))
    people = candidate.scope.history.state.people
    names = [people[p].name or p for p in event_people(stop.event) if p in people]
    by = f", {' and '.join(names)}" if names else ""
    return f"{stop.type} on {when}{by}: it is no longer needed"


def _wish_carried(candidate: Candidate, natural: Moments, rules: Mapping[str, Rule]) -> Contact | None:
    """A contact of like intent to the same recipient, by another rule, while this could have gone."""
    rule = candidate.rule
    for contact in candidate.scope.history.contacts:
        key = key_parts(contact.key)
        if key is None or key[0] not in rules or key[0] == rule.name or not contact.settles:
            continue
        same = contact.intent == rule.intent and contact.recipient == candidate.scope.recipient
        if same and contact.here and contact.at in natural:
            return contact
    return None


# What it needs


def _needs(
    candidate: Candidate, window: Window, guards: tuple[Guard, ...]
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The facts and addresses that are missing, and why no channel can be used."""
    rule, scope = candidate.rule, candidate.scope
    if candidate.is_to_nobody:
        whom = " or ".join(rule.to)
        return ("people",), (Reason("need", "people", f"there is nobody to send it to: {whom}"),)
    needs: list[str] = []
    reasons: list[Reason] = []
    if not window.usable:
        for choice in rule.via:
            guard = forbidden_by(scope, guards, choice.channel)
            if guard is not None:
                text = guard.because or f"{choice.channel} is not allowed"
                reasons.append(Reason("guard", guard.name, text, guard.place.short))
                continue
            need, text = _missing_address(choice.channel, scope.channels.get(choice.channel), candidate)
            needs.append(need)
            reasons.append(Reason("need", choice.channel, text))
    at = rule.message.place.short if rule.message else ""
    for path in missing_facts(candidate, ("subject", "body")):
        needs.append(path)
        reasons.append(Reason("need", path, f"the message needs {path}", at))
    return tuple(dict.fromkeys(needs)), tuple(reasons)


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
