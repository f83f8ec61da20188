"""Awakening: which rules a plan looks at, found without looking at the others.

These are the rules that may speak, and those which would have spoken and have been settled or stopped since:
their follow-ups are done, skipped or moot. A rule that asks for another company, position or person than this
never had anything to say here, so nothing settles or stops it, unless one of its keys was used all the same.
`docs/semantics.md`, section 4, has this.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from followup.contacts import Contact, key_parts
from followup.fields import Fact
from followup.history import History
from followup.matching import Matcher, compile_rules
from followup.matching.remaining import set_of
from followup.once import once
from followup.rules import Rule

__all__ = ["Awakening"]

CLOSING = ("rejection", "withdrawal", "declined", "accepted", "no_contact")
"""The events after which the gate shuts: they may stop any rule."""


class Awakening:
    """Finds the rules to look at. Sets of rules are integers, as in the matcher.

    The conditions are compiled when a state is first looked at: not all who load rules go on to do so.
    """

    def __init__(self, rules: Mapping[str, Rule], facts: Mapping[str, Fact]) -> None:
        self.rules = rules
        self._facts = facts

    @once
    def matcher(self) -> Matcher:
        """The conditions of all rules, compiled."""
        return compile_rules(self.rules, self._facts)

    @once
    def _stopped_by(self) -> Mapping[str, int]:
        return self._index(lambda rule: {pattern.type for pattern in rule.unless})

    @once
    def _settled_by(self) -> Mapping[str, int]:
        return self._index(lambda rule: (rule.intent,))

    @once
    def _awaiting(self) -> Mapping[str, int]:
        return self._index(lambda rule: {pattern.type for pattern in rule.after})

    def _index(self, words_of: Callable[[Rule], Iterable[str]]) -> Mapping[str, int]:
        """The rules by what is found of each: the set for every word."""
        numbers: dict[str, list[int]] = defaultdict(list)
        for name, number in self.matcher.numbers.items():
            for word in words_of(self.rules[name]):
                numbers[word].append(number)
        return {word: set_of(those) for word, those in numbers.items()}

    def awakened(self, history: History) -> tuple[Rule, ...]:
        """The rules to look at, in order of name."""
        found = set(self.matcher.match(history))
        over = self._over(history)
        if over:
            found.update(self.matcher.fitting(history, over))
        found.update(name for name in _keyed(history) if name in self.rules)
        return tuple(self.rules[name] for name in sorted(found))

    def asleep(self, history: History, awake: Iterable[Rule]) -> tuple[Rule, ...]:
        """The rules of which an awaited event has happened and that are not awake, in order of name."""
        names = {rule.name for rule in awake}
        awaiting = 0
        for kind in history.by_type:
            awaiting |= self._awaiting.get(kind, 0)
        numbers = self.matcher.numbers
        return tuple(
            rule for name, rule in self.rules.items() if awaiting >> numbers[name] & 1 and name not in names
        )

    def _over(self, history: History) -> int:
        """The rules that something may have settled or stopped."""
        if self._is_shut(history):
            return -1
        over = 0
        for kind in history.by_type:
            over |= self._stopped_by.get(kind, 0)
        for contact in history.contacts:
            if contact.here and contact.intent is not None and not self._has_known_key(contact):
                over |= self._settled_by.get(contact.intent, 0)
        return over

    def _has_known_key(self, contact: Contact) -> bool:
        """Whether a contact names the one rule that it settles."""
        parts = key_parts(contact.key)
        return parts is not None and parts[0] in self.rules

    def _is_shut(self, history: History) -> bool:
        """Whether something has happened that may stop any rule."""
        return (
            history.state.instructions.no_contact
            or any(kind in history.by_type for kind in CLOSING)
            or any(happened.type in CLOSING for happened in history.elsewhere)
            or any(happened.cancelled for happened in history.by_type.get("interview", ()))
        )


def _keyed(history: History) -> Iterator[str]:
    """The names of the rules whose keys what was sent, done or skipped bears."""
    for contact in history.contacts:
        if contact.here:
            yield from contact.rules_named
    for happened in history.of_type("skipped", "done"):
        yield str(getattr(happened.event, "key", "")).partition(":")[0]
