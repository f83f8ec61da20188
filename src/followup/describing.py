"""Rules and guards in words: pairs for who reads the source beside them, sentences for everybody else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from followup.condition_words import condition_words
from followup.conditions import TRUE_CONDITION, All, Condition, Test
from followup.fact_words import general_name
from followup.rules import INTENTS, ChannelChoice, Distance, Guard, Pattern, Rule
from followup.telling import message_words

__all__ = [
    "NOUNS",
    "RECIPIENTS",
    "detail_words",
    "either",
    "event_words",
    "guard_effects",
    "guard_words",
    "matched_intents",
    "opening",
    "pattern_words",
    "rule_sentences",
    "rule_words",
]

Words = tuple[tuple[str, str], ...]

NOUNS: Mapping[str, str] = {
    "absence": "an absence",
    "accepted": "your acceptance",
    "bounce": "a bounced message",
    "called": "a call",
    "cancelled": "a cancelled interview",
    "declined": "your declining the offer",
    "done": "a task done",
    "interview": "an interview",
    "news": "news about them",
    "no_contact": "a wish not to be contacted",
    "note": "a note",
    "offer": "an offer",
    "promise": "a promise of a date",
    "rejection": "a rejection",
    "rescheduled": "a moved interview",
    "reply": "a reply",
    "sent": "a message",
    "skipped": "a follow-up skipped",
    "snoozed": "a follow-up put off",
    "withdrawal": "your withdrawal",
}
"""The built-in event types as people name them."""

RECIPIENTS: Mapping[str, str] = {
    "anchor": "the same person",
    "contact": "your contact",
    "hiring manager": "the hiring manager",
    "hr": "HR",
    "lead": "whoever led it",
    "recruiter": "the recruiter",
    "scheduler": "the scheduler",
    "self": "yourself",
}
"""The selectors of `to`, where a sentence needs another word."""


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
    pairs.append(("after", f"{either(map(pattern_words, rule.after))}, {_occasion(rule)}"))
    pairs.append(("opens", f"{opening(rule)} after {_origin(rule)}"))
    pairs.append(("closes", _closing(rule)))
    if rule.unless:
        pairs.append(("unless", f"{either(map(pattern_words, rule.unless))} since then makes it moot"))
    if rule.when is not TRUE_CONDITION:
        pairs.append(("when", rule.when.text))
    pairs.append(("to", ", else ".join(rule.to)))
    if rule.via:
        pairs.append(("via", ", else ".join(_choice(choice) for choice in rule.via)))
    if rule.join:
        pairs.append(("join", f"rides in a message of {either(sorted(rule.join))} to the same person"))
    if rule.repeat:
        pairs.append(("repeat", f"every {rule.repeat.every}, {rule.repeat.times} times in all"))
    if rule.prefer:
        pairs.append(("prefers", rule.prefer))
    if rule.priority:
        pairs.append(("priority", str(rule.priority)))
    return tuple(pairs)


def rule_sentences(rule: Rule) -> tuple[str, ...]:
    """What a rule means, in plain sentences; names of files and facts stand in backticks."""
    return tuple(_sentences(rule))


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
    pairs += guard_effects(guard)
    return tuple(pairs)


def guard_effects(guard: Guard, titles: Mapping[str, str] | None = None) -> Iterator[tuple[str, str]]:
    """What a guard does: pairs of a verb and the rest of the sentence.

    With the `titles` of rules by name in the words of everybody, else in those of a rule file.
    """

    def asked(condition: Condition) -> str:
        return condition.text if titles is None else condition_words(condition, titles)

    def named(path: str) -> str:
        return path if titles is None else general_name(path)

    hold = guard.hold
    if hold and hold.until:
        later = f"{hold.plus} after " if hold.plus else ""
        yield "holds", f"until {later}{named(hold.until.path)}"
    if hold and hold.while_:
        yield "holds", f"while {asked(hold.while_)}"
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
        yield "forbids", f"a channel where {asked(guard.forbid_channel)}"
    if guard.route:
        yield "routes", f"to {named(guard.route.path)}"
    for kind, operand in guard.custom:
        yield kind.name, str(operand)


def pattern_words(pattern: Pattern) -> str:
    """The events that a pattern matches, as a rule writer names them: `sent: inquiry or final`."""
    details = [either(sorted(pattern.intents))] if pattern.intents else []
    if pattern.condition is not TRUE_CONDITION:
        details += [_plain_test(part) for part in _parts(pattern.condition)]
    return f"{pattern.type}: {', '.join(details)}" if details else pattern.type


def event_words(pattern: Pattern) -> str:
    """The events that a pattern matches, as everybody names them: `an inquiry by phone (voicemail)`."""
    noun = NOUNS.get(pattern.type, f"an event `{pattern.type}`")
    intents, rest = matched_intents(pattern), detail_words(pattern)
    if intents:
        noun = message_words(intents)
        noun += " by phone" if pattern.type == "called" else ""
    return f"{noun} ({rest})" if rest else noun


def detail_words(pattern: Pattern) -> str:
    """What a pattern asks of an event beside its type and intent: `spoke or voicemail`."""
    rest = [
        part for part in _parts(pattern.condition) if not (isinstance(part, Test) and part.path == "intent")
    ]
    return ", ".join(map(_plain_test, rest))


def matched_intents(pattern: Pattern) -> frozenset[str]:
    """The intents that a pattern of `sent` or `called` names; none where it takes any."""
    named = set(pattern.intents)
    for part in _parts(pattern.condition):
        if isinstance(part, Test) and part.path == "intent" and part.operator.name in ("is", "in"):
            named |= {part.operand} if isinstance(part.operand, str) else set(part.operand)
    return frozenset(named)


def opening(rule: Rule) -> str:
    """How long after its origin the window opens."""
    return str(rule.wait) if rule.wait and rule.wait.amount else "at once"


def either(words: Iterable[str]) -> str:
    """`a, b or c`."""
    *most, last = [*words] or [""]
    return f"{', '.join(most)} or {last}" if most else last


def _sentences(rule: Rule) -> Iterator[str]:
    nouns = [event_words(pattern) for pattern in rule.after]
    first, *others = [noun.partition(" ")[2] if noun.startswith(("a ", "an ")) else noun for noun in nouns]
    begin = f"After {rule.anchor if rule.anchor == 'each' else f'the {rule.anchor}'} {first}"
    if others:
        begin += f" (else {', else '.join(others)})"
    yield f"{begin}: {_window(rule, 'its end' if rule.after[0].type == 'interview' else 'it')}."
    yield f"{_recipient(rule)}{_by(rule)}."
    if rule.when is not TRUE_CONDITION:
        yield f"Only where {condition_words(rule.when)}."
    if rule.unless:
        yield f"Not if there has since been {either(map(event_words, rule.unless))}."
    if rule.join:
        yield (
            f"It rides in a message to the same person that is still to go out "
            f"({either(sorted(rule.join))}); without one it goes alone."
        )
    if rule.repeat:
        yield f"Again every {rule.repeat.every}, {rule.repeat.times} times in all."
    if rule.prefer:
        yield f"Best in {rule.prefer}." if rule.prefer != "daytime" else "Best in the daytime."


def _window(rule: Rule, event: str) -> str:
    origin = general_name(rule.origin.path) if rule.origin else event
    opens = (
        f"from {rule.wait} after {origin}" if rule.wait and rule.wait.amount else f"at once after {origin}"
    )
    late = "; later if need be" if rule.late else ""
    if rule.within:
        return f"{opens} until {rule.within} after {origin}, whatever holds it back{late}"
    if rule.open_for:
        return f"{opens}, for {rule.open_for} from when it may go out{late}"
    return f"{opens}, without an end"


def _recipient(rule: Rule) -> str:
    if rule.to_self:
        return "A note to yourself"
    if rule.to == ("each interviewer",):
        return "To each interviewer, a message each"
    return f"To {', else '.join(RECIPIENTS.get(name, name) for name in rule.to)}"


def _by(rule: Rule) -> str:
    if rule.to_self or not rule.via:
        return ""
    ways = [
        choice.channel
        if choice.when is TRUE_CONDITION
        else f"{choice.channel} (only where {condition_words(choice.when)})"
        for choice in rule.via
    ]
    return f", by {', else by '.join(ways)}"


def _distance(distance: Distance, whom: str) -> str:
    exempt = f", but for {either(sorted(distance.exempt))}" if distance.exempt else ""
    return f"{distance.by} between unanswered contacts to {whom}{exempt}"


def _closing(rule: Rule) -> str:
    late = "; may go late" if rule.late else ""
    if rule.within:
        return f"{rule.within} after {_origin(rule)}, held or not{late}"
    if rule.open_for:
        return f"{rule.open_for} after guards let it open{late}"
    return "never"


def _origin(rule: Rule) -> str:
    return rule.origin.path if rule.origin else "the event"


def _occasion(rule: Rule) -> str:
    return {"each": "each occasion", "first": "the first occasion", "last": "the last occasion"}[rule.anchor]


def _choice(choice: ChannelChoice) -> str:
    return choice.channel if choice.when is TRUE_CONDITION else f"{choice.channel} if {choice.when.text}"


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.parts if isinstance(condition, All) else (condition,)


def _plain_test(condition: Condition) -> str:
    """Of a test for one of some texts the texts alone, of one for yes or no the name; else the condition."""
    if isinstance(condition, Test) and isinstance(condition.operand, bool):
        wanted = condition.operand if condition.operator.name == "is" else not condition.operand
        if condition.operator.name in ("is", "not"):
            return condition.path if wanted else f"not {condition.path}"
    if isinstance(condition, Test) and condition.operator.name in ("is", "in") and not condition.operand_path:
        operand = condition.operand
        if isinstance(operand, str):
            return operand
        if isinstance(operand, (tuple, list, frozenset)) and all(isinstance(each, str) for each in operand):
            return either(sorted(operand))
    return condition.text
