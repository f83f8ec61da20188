"""Windows: when a candidate may go out, and whether it still can, as `docs/semantics.md` sections 5 and 6.

For each candidate the whole future is worked out as sets of moments; nothing here depends on what the
other candidates do.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from followup import wording
from followup.channels import Channel
from followup.conditions import Truth
from followup.durations import add
from followup.events import Snoozed
from followup.gate import Restriction, Usable, forbidden_by, latch, restrictions, usable_channels
from followup.history import Contact
from followup.moments import ALWAYS, NEVER, Instant, Moments, between, since
from followup.plan import Reason
from followup.proposing import Candidate, matching
from followup.rules import Guard, Rule
from followup.timeline import Happened, event_people
from followup.timepoints import from_day
from followup.vocabulary import KNOWN_CHANNELS

__all__ = ["Outlook", "is_known", "key_parts", "named", "outlook", "settled_by", "stopped_by"]

Standing = Literal["done", "skipped", "moot", "missed", "snoozed", "blocked", "shut", "open"]
"""What is known of a candidate by itself: `shut` is held for good, `open` may become due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A candidate with its window and all the moments that bear on it.

    `natural` are the moments of its window at which its conditions and those of a channel hold;
    `free` those of them that guards and gate allow. `end` is None where the window stays open. A part
    may ride in another message at the `rideable` ones: a message more is not sent, so only what forbids it
    counts.
    """

    candidate: Candidate
    standing: Standing
    end: Instant | None
    natural: Moments
    free: Moments
    condition: Truth
    usable: tuple[Usable, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    needs: tuple[str, ...] = ()
    snoozed_until: Instant | None = None
    settled_by: Contact | None = None
    rideable: Moments = NEVER
    reasons: tuple[Reason, ...] = ()

    @property
    def may_go(self) -> bool:
        """Whether it may still go out by itself: nothing is missing, and nothing stops it for good."""
        return self.standing == "open" or (self.standing == "snoozed" and bool(self.usable))

    @property
    def window(self) -> Moments:
        """From the start to the end."""
        start = self.candidate.start
        return since(start) if self.end is None else between(start, self.end)

    def channel_at(self, at: Instant | None) -> str | None:
        """The channel at a moment: the first usable one that suits then, else the first."""
        for usable in self.usable:
            if at is not None and at in usable.certain:
                return usable.name
        return self.usable[0].name if self.usable else None


def outlook(candidate: Candidate, guards: tuple[Guard, ...], rules: Mapping[str, Rule]) -> Outlook | None:
    """The outlook of a candidate; None if nothing could ever make it a follow-up."""
    rule, scope = candidate.rule, candidate.scope
    now = scope.history.now
    when = rule.when.truth(scope, scope.calendar)
    usable = () if candidate.is_to_nobody else usable_channels(rule, scope, guards)
    channels = _suits(usable) if usable else Truth(ALWAYS, ALWAYS)
    condition = Truth(when.certain & channels.certain, when.possible & channels.possible)
    limits = tuple(restrictions(rule, scope, guards))
    allowed: Moments = ALWAYS
    for limit in limits:
        allowed = allowed & limit.allowed
    snooze = _snoozed_until(candidate)
    if snooze is not None:
        allowed = allowed & since(snooze)
    end = _end(candidate, condition.certain & allowed)
    open_end = None if rule.late else end
    window = since(candidate.start) if open_end is None else between(candidate.start, open_end)
    natural = window & condition.certain
    standing, needs, settled, reasons = _standing(
        candidate, end=end, natural=natural, possible=window & condition.possible,
        allowed=allowed, usable=usable, snooze=snooze, guards=guards, rules=rules,
    )  # fmt: skip
    if standing not in ("done", "skipped", "moot") and (window & condition.possible).is_never:
        return None
    return Outlook(
        candidate=candidate, standing=standing, end=end, natural=natural, free=natural & allowed,
        condition=condition, usable=usable, restrictions=limits, needs=needs, settled_by=settled,
        reasons=reasons,
        snoozed_until=snooze if snooze is not None and snooze > now else None,
        rideable=_rideable(candidate, natural, limits),
    )  # fmt: skip


def _rideable(candidate: Candidate, natural: Moments, limits: tuple[Restriction, ...]) -> Moments:
    if not candidate.rule.join or candidate.is_to_nobody or _missing_facts(candidate, ("part",)):
        return NEVER
    for limit in limits:
        if limit.forbids:
            natural = natural & limit.allowed
    return natural


def _suits(usable: tuple[Usable, ...]) -> Truth:
    certain: Moments = NEVER
    possible: Moments = NEVER
    for channel in usable:
        certain, possible = certain | channel.certain, possible | channel.possible
    return Truth(certain, possible)


def _end(candidate: Candidate, allowed: Moments) -> Instant | None:
    """When the window closes: a deadline, or a length from when it may really open."""
    rule, calendar = candidate.rule, candidate.scope.calendar
    if rule.within is not None:
        return candidate.origin.plus(rule.within, calendar)
    if rule.open_for is not None:
        first = allowed.first(candidate.start)
        return None if first is None else add(first, rule.open_for, calendar)
    return None


def _snoozed_until(candidate: Candidate) -> Instant | None:
    for happened in reversed(candidate.scope.history.by_type.get("snoozed", [])):
        event = happened.event
        if isinstance(event, Snoozed) and event.key == candidate.key:
            return from_day(event.until, candidate.scope.calendar).reached
    return None


def _standing(
    candidate: Candidate,
    *,
    end: Instant | None,
    natural: Moments,
    possible: Moments,
    allowed: Moments,
    usable: tuple[Usable, ...],
    snooze: Instant | None,
    guards: tuple[Guard, ...],
    rules: Mapping[str, Rule],
) -> tuple[Standing, tuple[str, ...], Contact | None, tuple[Reason, ...]]:
    """Where the candidate stands, what it needs, what settled it, and why: the first that applies."""
    scope, now = candidate.scope, candidate.scope.history.now
    settled = settled_by(candidate, rules, natural)
    if settled is not None:
        return "done", (), settled, (_settled_reason(candidate, settled),)
    if any(getattr(h.event, "key", "") == candidate.key for h in scope.history.of_type("skipped")):
        return "skipped", (), None, (Reason("event", "skipped", "you skipped it"),)
    moot = _moot(candidate, natural, rules)
    if moot is not None:
        return "moot", (), None, (moot,)
    if end is not None and now >= end and not candidate.rule.late:
        return "missed", (), None, (Reason("window", candidate.rule.name, "its time has passed"),)
    if snooze is not None and now < snooze:
        return "snoozed", (), None, (Reason("event", "snoozed", "you put it off"),)
    needs, reasons = _needs(candidate, usable, guards)
    if needs:
        return "blocked", needs, None, reasons
    if natural.first(now) is None and possible.first(now) is not None:
        unknown = tuple(dict.fromkeys(_unknown(candidate)))
        text = "it depends on what is not known: " + ", ".join(unknown)
        return "blocked", unknown, None, (Reason("need", candidate.rule.name, text),)
    if not usable:
        return "shut", (), None, reasons
    if (allowed & since(now)).first(now) is None:
        return "shut", (), None, ()
    return "open", (), None, ()


def _unknown(candidate: Candidate) -> Iterator[str]:
    scope = candidate.scope
    for condition in (candidate.rule.when, *(choice.when for choice in candidate.rule.via)):
        for path in condition.unknown(scope, scope.calendar):
            yield named(path, candidate)


def named(path: str, candidate: Candidate) -> str:
    """A fact's path as a person would find it in the state: `person.rapport` as `people.dana.rapport`."""
    if path.startswith("person.") and candidate.scope.person_id is not None:
        return f"people.{candidate.scope.person_id}.{path.removeprefix('person.')}"
    return path


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
    return contact.at >= candidate.anchor.event.at


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
    candidate: Candidate, usable: tuple[Usable, ...], guards: tuple[Guard, ...]
) -> tuple[tuple[str, ...], tuple[Reason, ...]]:
    """The facts and addresses that are missing, and why no channel can be used."""
    rule, scope = candidate.rule, candidate.scope
    if candidate.is_to_nobody:
        whom = " or ".join(rule.to)
        return ("people",), (Reason("need", "people", f"there is nobody to send it to: {whom}"),)
    needs: list[str] = []
    reasons: list[Reason] = []
    if not usable:
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
    for path in _missing_facts(candidate, ("subject", "body")):
        needs.append(path)
        reasons.append(Reason("need", path, f"the message needs {path}", at))
    return tuple(dict.fromkeys(needs)), tuple(reasons)


def _missing_facts(candidate: Candidate, sections: tuple[str, ...]) -> tuple[str, ...]:
    """The facts that these sections of the message cannot do without and that are not known."""
    message = candidate.rule.message
    if message is None:
        return ()
    needed = sorted({path for section in sections for path in message.needs.get(section, ())})
    return tuple(
        named(path, candidate) for path in needed if not is_known(message.facts[path].get(candidate.scope))
    )


def is_known(value: object) -> bool:
    """Whether a message can print a fact's value: it is known, and a list is not empty."""
    return value is not None and value != () and value != []


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
