"""Rules and guards in words, and the lines of the file in which they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from followup.conditions import TRUE_CONDITION
from followup.durations import Duration
from followup.errors import Place
from followup.rules import INTENTS, Distance, Guard, Pattern, Rule

__all__ = ["excerpt", "find_file", "guard_words", "rule_row", "rule_words"]

Row = dict[str, Any]
Words = tuple[tuple[str, str], ...]


def rule_row(rule: Rule) -> Row:
    """A rule as `followup rules list` shows it."""
    return {
        "rule": rule.name,
        "scenario": rule.scenario,
        "title": rule.title,
        "intent": rule.intent,
        "after": [_pattern(pattern) for pattern in rule.after],
        "advice": list(rule.advice),
        "at": _at(rule.place),
        "decided_by": _at(rule.decided_by or rule.place),
    }


def rule_words(rule: Rule, advice: Mapping[str, Any]) -> Words:
    """What a rule means: pairs of a word and a sentence, in the order of its life."""
    pairs: list[tuple[str, str]] = []
    if rule.about:
        pairs.append(("why", rule.about))
    for name in rule.advice:
        known = advice.get(name)
        pairs.append(("advice", f"{name}: {known.says}" if known else name))
    pairs.append(
        ("intent", f"{rule.intent}: {INTENTS[rule.intent]}" if rule.intent in INTENTS else rule.intent)
    )
    pairs.append(("after", f"{_or(_pattern(each) for each in rule.after)}, {_anchor(rule)}"))
    pairs.append(("opens", _opening(rule)))
    pairs.append(("closes", _closing(rule)))
    if rule.unless:
        pairs.append(("unless", f"{_or(_pattern(each) for each in rule.unless)} since then makes it moot"))
    if rule.when is not TRUE_CONDITION:
        pairs.append(("when", rule.when.text))
    pairs.append(("to", ", else ".join(rule.to)))
    if rule.via:
        pairs.append(("via", ", else ".join(_choice(choice) for choice in rule.via)))
    if rule.join:
        pairs.append(("join", f"rides in a message of {_or(sorted(rule.join))} to the same person"))
    if rule.repeat:
        pairs.append(("repeat", f"every {rule.repeat.every}, {rule.repeat.times} times in all"))
    if rule.prefer:
        pairs.append(("prefers", rule.prefer))
    if rule.priority:
        pairs.append(("priority", str(rule.priority)))
    return tuple(pairs)


def guard_words(guard: Guard) -> Words:
    """What a guard means: pairs of a word and a sentence."""
    pairs: list[tuple[str, str]] = []
    if guard.because:
        pairs.append(("because", guard.because))
    pairs += [("advice", name) for name in guard.advice]
    applies = "every follow-up" if guard.applies is TRUE_CONDITION else guard.applies.text
    pairs.append(("for", applies))
    if guard.when is not TRUE_CONDITION:
        pairs.append(("when", guard.when.text))
    pairs += _effects(guard)
    return tuple(pairs)


def excerpt(place: Place, folders: Sequence[str] = ()) -> str:
    """The lines of the file from `place` on that belong to what stands there; empty if not to be had."""
    file = find_file(place.file, folders)
    if file is None or not place.line:
        return ""
    try:
        lines = file.read_text("utf-8").splitlines()[place.line - 1 :]
    except (OSError, UnicodeDecodeError):
        return ""
    if not lines:
        return ""
    margin = len(lines[0]) - len(lines[0].lstrip())
    taken = [lines[0]]
    for line in lines[1:]:
        if line.strip() and len(line) - len(line.lstrip()) <= margin:
            break
        taken.append(line)
    return "\n".join(line[margin:] for line in taken).rstrip()


def _distance(distance: Distance, whom: str) -> str:
    exempt = f", but for {_or(sorted(distance.exempt))}" if distance.exempt else ""
    return f"{distance.by} between unanswered contacts to {whom}{exempt}"


def _effects(guard: Guard) -> Iterator[tuple[str, str]]:
    hold = guard.hold
    if hold and hold.until:
        yield "holds", f"until {hold.until.path}{f' plus {hold.plus}' if hold.plus else ''}"
    if hold and hold.while_:
        yield "holds", f"while {hold.while_.text}"
    if hold and hold.outside:
        yield "holds", f"outside {hold.outside}"
    if guard.space and guard.space.person:
        yield "spaces", _distance(guard.space.person, "one person")
    if guard.space and guard.space.company:
        yield "spaces", _distance(guard.space.company, "the company")
    if guard.cap is not None:
        yield "caps", f"at {guard.cap} unanswered contacts"
    if guard.forbid:
        yield "forbids", "it"
    if guard.forbid_channel is not None:
        yield "forbids", f"channels where {guard.forbid_channel.text}"
    if guard.route:
        yield "routes", f"to {guard.route.path}"
    for kind, operand in guard.custom:
        yield kind.name, str(operand)


def _pattern(pattern: Pattern) -> str:
    words = pattern.type
    if pattern.intents:
        words += f" ({', '.join(sorted(pattern.intents))})"
    if pattern.condition is not TRUE_CONDITION:
        words += f" with {pattern.condition.text}"
    return words


def _anchor(rule: Rule) -> str:
    return {"each": "each occasion", "first": "the first occasion", "last": "the last occasion"}[rule.anchor]


def _origin(rule: Rule) -> str:
    return rule.origin.path if rule.origin else "the event"


def _opening(rule: Rule) -> str:
    start = _origin(rule)
    return f"{_duration(rule.wait)} after {start}" if rule.wait else f"at once after {start}"


def _closing(rule: Rule) -> str:
    late = "; may go late" if rule.late else ""
    if rule.within:
        return f"{_duration(rule.within)} after {_origin(rule)}, held or not{late}"
    if rule.open_for:
        return f"{_duration(rule.open_for)} after guards let it open{late}"
    return "never"


def _duration(duration: Duration) -> str:
    return str(duration)


def _choice(choice: Any) -> str:
    return choice.channel if choice.when is TRUE_CONDITION else f"{choice.channel} if {choice.when.text}"


def _or(words: Iterator[str] | Sequence[str]) -> str:
    return " or ".join(words)


def _at(place: Place) -> str:
    return f"{place.file}:{place.line}" if place.line else place.file


def find_file(name: str, folders: Sequence[str] = ()) -> Path | None:
    """The file that people are shown under this name; None if it is not to be had."""
    from followup.resources import rules_folder

    candidates = [Path(name), rules_folder() / name, rules_folder().parent / name]
    candidates += [Path(folder) / name for folder in folders] + [
        Path(folder).parent / name for folder in folders
    ]
    return next((path for path in candidates if path.is_file()), None)
