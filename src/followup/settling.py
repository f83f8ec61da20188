"""Settling: which contact did already what a candidate proposes, as `docs/semantics.md` section 6 has it.

The contacts are sorted once a state by what they may settle, so that no candidate looks at all of them.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from operator import attrgetter
from typing import TypeAlias

from followup.contacts import Contact, key_parts
from followup.history import History
from followup.proposing import Candidate
from followup.rules import Rule
from followup.timeline import Happened
from followup.windows import Window

__all__ = ["Deeds"]

Name: TypeAlias = str | tuple[str, str, int]
"""What names a follow-up: its key; or rule, occasion and attempt, whoever it went to."""


class Deeds:
    """What was done: the contacts that count for this opportunity, by what they may settle.

    `skipped` are the keys of what was decided against.
    """

    def __init__(self, history: History, rules: Mapping[str, Rule]) -> None:
        self._rules = rules
        self._tasks: dict[str, Contact] = {}
        self._by_key: dict[Name, Contact] = {}
        self._by_part: dict[Name, Contact] = {}
        self._by_intent: dict[tuple[str | None, str | None], list[Contact]] = {}
        self._named: set[str] = set()
        self._intents: set[str | None] = set()
        self.skipped = {getattr(happened.event, "key", "") for happened in history.by_type.get("skipped", ())}
        self._by_rules: dict[str, list[tuple[Rule, Contact]]] = {}
        for happened in history.by_type.get("done", ()):
            if key := getattr(happened.event, "key", None):
                self._tasks.setdefault(key, _task(key, happened))
        for contact in history.contacts:
            if contact.here and contact.settles:
                self._add(contact)

    def _add(self, contact: Contact) -> None:
        key = key_parts(contact.key)
        rule = self._rules.get(key[0]) if key else None
        if rule is not None:
            for name in _names(str(contact.key)):
                self._by_key.setdefault(name, contact)
            self._by_rules.setdefault(contact.recipient, []).append((rule, contact))
        else:
            self._intents.add(contact.intent)
            for recipient in (None, contact.recipient):
                self._by_intent.setdefault((contact.intent, recipient), []).append(contact)
        for part in contact.parts or ():
            for name in _names(part):
                self._by_part.setdefault(name, contact)
        self._named.update(contact.rules_named)

    def settling(self, candidate: Candidate, window: Window) -> Contact | None:
        """The first contact that did what the candidate proposes, or carried it."""
        rule = candidate.rule
        if rule.to_self:
            return self._tasks.get(candidate.key)
        if not (rule.join or rule.name in self._named or rule.intent in self._intents):
            return None
        return min(self._settling(candidate, window), key=_by_time, default=None)

    def _settling(self, candidate: Candidate, window: Window) -> Iterator[Contact]:
        rule, recipient = candidate.rule, candidate.scope.recipient
        if rule.name in self._named:
            yield from self._naming(candidate)
        if rule.one_recipient or recipient is not None:
            alike = self._by_intent.get((rule.intent, None if rule.one_recipient else recipient))
            if alike:
                yield from _first_since(alike, candidate)
        if rule.join:
            yield from self._perhaps_with_parts(candidate, window)

    def _naming(self, candidate: Candidate) -> Iterator[Contact]:
        """The first contact that bears the candidate's key, and the first in which it rode."""
        rule = candidate.rule
        names: list[Name] = [candidate.key]
        if rule.one_recipient:
            names.append((rule.name, candidate.anchor.occasion.id, candidate.attempt))
        for name in names:
            if name in self._by_key:
                yield self._by_key[name]
            if rule.join and name in self._by_part:
                yield self._by_part[name]

    def _perhaps_with_parts(self, candidate: Candidate, window: Window) -> Iterator[Contact]:
        """Contacts of which it is not told what rode in them, and in which the candidate could have."""
        for rule, contact in self._by_rules.get(candidate.scope.recipient or "", ()):
            if (
                contact.parts is None
                and rule.intent in candidate.rule.join
                and window.could_go_at(contact.at)
            ):
                yield contact
                return

    def saying_the_same(self, candidate: Candidate, window: Window) -> Contact | None:
        """A contact of like intent to the same recipient, by another rule, while this could have gone."""
        for rule, contact in self._by_rules.get(candidate.scope.recipient or "", ()):
            if (
                contact.intent == candidate.rule.intent
                and rule.name != candidate.rule.name
                and window.could_go_at(contact.at)
            ):
                return contact
        return None


_by_time = attrgetter("at", "id")


def _first_since(contacts: list[Contact], candidate: Candidate) -> Iterator[Contact]:
    """The first of these contacts since the anchor, and after the repetition before this one."""
    earliest, anchor = candidate.anchor.event.at, candidate.anchor.event.id
    if candidate.previous is not None:
        earliest = max(earliest, candidate.previous + 1)
    for contact in contacts[bisect_left(contacts, earliest, key=attrgetter("at")) :]:
        if contact.id != anchor:
            yield contact
            return


def _names(key: str) -> Iterator[Name]:
    yield key
    parts = key_parts(key)
    if parts is not None:
        rule, occasion, _, attempt = parts
        yield rule, occasion, attempt


def _task(key: str, happened: Happened) -> Contact:
    """A task that was done: a `done` event with its key."""
    return Contact(
        happened=happened, at=happened.at, to="self", recipient="id:self", intent="task",
        key=key, parts=None, settles=True, answered=True, here=True,
    )  # fmt: skip
