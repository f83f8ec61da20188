"""What differs between two sets of rules: rules and guards that came, went or say something else.

Compared is what they come to, with parameters, overrides and messages in; where they stand means nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Literal, TypeVar

import msgspec

from followup.conditions import TRUE_CONDITION
from followup.describing import guard_effects, pattern_words
from followup.errors import Place
from followup.rules import Guard, Message, Rule

if TYPE_CHECKING:
    from followup.engine import Engine

Named = TypeVar("Named", Rule, Guard)

__all__ = ["KeyChange", "RuleChange", "rule_changes"]


class KeyChange(msgspec.Struct, frozen=True):
    """A key of a rule or guard, with what it says on either side; empty where it is not there."""

    key: str
    old: str
    new: str


class RuleChange(msgspec.Struct, frozen=True, kw_only=True):
    """A rule or guard that is new, gone or changed, and where it stands as `file:line` on either side."""

    kind: Literal["rule", "guard"]
    name: str
    scenario: str
    what: Literal["new", "gone", "changed"]
    title: str = ""
    keys: tuple[KeyChange, ...] = ()
    old_at: str = ""
    new_at: str = ""


def rule_changes(old: Engine, new: Engine) -> tuple[RuleChange, ...]:
    """All rules that differ, then all guards, by name."""
    rules = _changes("rule", old.rules, new.rules, _rule_keys)
    return (*rules, *_changes("guard", old.guards, new.guards, _guard_keys))


def _changes(
    kind: Literal["rule", "guard"],
    old: Mapping[str, Named],
    new: Mapping[str, Named],
    keys: Callable[[Named], Mapping[str, str]],
) -> Iterator[RuleChange]:
    for name in sorted({*old, *new}):
        before, after = old.get(name), new.get(name)
        found = new[name] if name in new else old[name]
        what: Literal["new", "gone", "changed"] = (
            "changed" if before and after else "new" if after else "gone"
        )
        differing = _differing(keys(before), keys(after)) if before and after else ()
        if what != "changed" or differing:
            yield RuleChange(
                kind=kind, name=name, scenario=found.scenario, what=what, title=found.title, keys=differing,
                old_at=_at(before), new_at=_at(after),
            )  # fmt: skip


def _at(found: Rule | Guard | None) -> str:
    place: Place | None = (found.decided_by or found.place) if found else None
    return place.short if place else ""


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[KeyChange, ...]:
    keys = dict.fromkeys([*old, *new])
    return tuple(
        KeyChange(key, old.get(key, ""), new.get(key, "")) for key in keys if old.get(key) != new.get(key)
    )


def _rule_keys(rule: Rule) -> dict[str, str]:
    """What a rule says, by the keys under which its file says it."""
    made = {
        "title": rule.title,
        "about": rule.about,
        "advice": ", ".join(rule.advice),
        "intent": rule.intent,
        "after": ", ".join(map(pattern_words, rule.after)),
        "anchor": rule.anchor,
        "from": rule.origin.path if rule.origin else "",
        "wait": str(rule.wait or ""),
        "within": str(rule.within or ""),
        "open_for": str(rule.open_for or ""),
        "unless": ", ".join(map(pattern_words, rule.unless)),
        "when": "" if rule.when is TRUE_CONDITION else rule.when.text,
        "to": ", ".join(rule.to),
        "via": ", ".join(
            choice.channel if choice.when is TRUE_CONDITION else f"{choice.channel} where {choice.when.text}"
            for choice in rule.via
        ),
        "join": ", ".join(sorted(rule.join)),
        "repeat": f"every {rule.repeat.every}, {rule.repeat.times} times" if rule.repeat else "",
        "late": "send" if rule.late else "skip",
        "priority": str(rule.priority),
        "prefer": rule.prefer or "",
        **(_message_keys(rule.message) if rule.message else {}),
    }
    return {key: value for key, value in made.items() if value}


def _message_keys(message: Message) -> dict[str, str]:
    """The words of a message, in all its wordings and languages."""
    versions = {"": message}
    versions |= {f" {number}": each for number, each in enumerate(message.wordings, 2)}
    for code, translation in message.translations.items():
        versions |= {f" ({code})": translation}
        versions |= {f" {number} ({code})": each for number, each in enumerate(translation.wordings, 2)}
    return {
        f"{section}{mark} of the message": text
        for mark, version in versions.items()
        for section, text in version.templates.items()
    }


def _guard_keys(guard: Guard) -> dict[str, str]:
    """What a guard says."""
    made = {
        "title": guard.title,
        "advice": ", ".join(guard.advice),
        "because": guard.because,
        "for": "" if guard.applies is TRUE_CONDITION else guard.applies.text,
        "when": "" if guard.when is TRUE_CONDITION else guard.when.text,
    }
    for verb, words in guard_effects(guard):
        made[verb] = f"{made[verb]}; {words}" if verb in made else words
    return {key: value for key, value in made.items() if value}
