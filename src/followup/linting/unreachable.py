"""Rules that can never propose anything, and patterns and channels that can never come to bear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec.structs import replace

from followup.conditions import All, AnyOf, Condition, Elements, Not, Test
from followup.errors import Problem
from followup.events import EVENT_TYPES
from followup.facts import STAGES
from followup.fields import Fact
from followup.gate import AFTER_ACCEPTANCE, COURTESY
from followup.linting.contradictions import Contradiction, contradiction, restricted
from followup.linting.subject import Subject, note, warning
from followup.rules import Pattern, Rule

__all__ = ["lint_rules", "of_anchor", "rule_facts", "rule_never"]

DECIDED: Mapping[str, tuple[str, ...]] = {
    "rejection": ("rejected",),
    "withdrawal": ("rejected", "withdrawn"),
    "declined": ("rejected", "withdrawn", "declined"),
    "accepted": ("rejected", "withdrawn", "declined", "accepted"),
    "offer": ("rejected", "withdrawn", "declined", "accepted", "offer"),
}
"""The stages in which an opportunity can be once such an event has happened."""
CLOSED = ("rejected", "withdrawn", "declined")
PEOPLE_IN = ("to", "from_", "who", "with_")
"""The fields of built-in events that name people."""


def lint_rules(subject: Subject) -> Iterator[Problem]:
    """What can never happen, rule by rule."""
    proposed = {rule.intent for rule in subject.rules}
    for rule in subject.rules:
        yield from _patterns(rule, subject, proposed)
        if (never := rule_never(rule, subject)) is not None:
            text = f"the rule can never propose anything: {never.text}"
            yield warning("never-true", text, never.place, "mend one of them, or leave the rule out")
            continue
        yield from _shut(rule, subject)
        yield from _moot_by_itself(rule, subject)
        yield from _to_nobody(rule, subject)
        yield from _channels(rule, subject)
        yield from _hosts(rule, subject)


def rule_facts(rule: Rule, subject: Subject) -> Mapping[str, Fact]:
    """The facts that a rule may name, with the stages and anchor types that there can be once it is asked."""
    facts = restricted(subject.facts(rule), "stage", _stages(rule, subject))
    return restricted(facts, "anchor.type", {pattern.type for pattern in rule.after})


def rule_never(rule: Rule, subject: Subject) -> Contradiction | None:
    """Why a rule's `when`, together with what its anchor must have, can never be true."""
    return contradiction(rule_facts(rule, subject), rule.when, *of_anchor(rule))


def _stages(rule: Rule, subject: Subject) -> tuple[str, ...]:
    entered = {event.stage for event in subject.vocabulary.events.values()}
    talks = STAGES if "new" in entered else tuple(stage for stage in STAGES if stage != "new")
    allowed: set[str] = set()
    for pattern in rule.after:
        allowed |= set(talks if pattern.type == "interview" else DECIDED.get(pattern.type, STAGES))
    return tuple(stage for stage in STAGES if stage in allowed)


def of_anchor(rule: Rule) -> tuple[Condition, ...]:
    """What the one pattern of a rule asks of its anchor, as a condition on `anchor.…`."""
    return (_on_anchor(rule.after[0].condition),) if len(rule.after) == 1 else ()


def _on_anchor(condition: Condition) -> Condition:
    match condition:
        case Test() | Elements():
            return replace(condition, path=f"anchor.{condition.path}")
        case All(parts) | AnyOf(parts):
            return replace(condition, parts=tuple(_on_anchor(part) for part in parts))
        case Not(part):
            return replace(condition, part=_on_anchor(part))
    return condition


def _patterns(rule: Rule, subject: Subject, proposed: set[str]) -> Iterator[Problem]:
    for key, patterns in (("after", rule.after), ("unless", rule.unless)):
        for pattern in patterns:
            fields = subject.vocabulary.fields_of(pattern.type)
            if (never := contradiction(fields, pattern.condition)) is not None:
                text = f"no `{pattern.type}` event can ever match this: {never.text}"
                yield warning("never-true", text, never.place, "mend one of them, or leave the event out")
        if key == "after" and (unsent := _never_sent(patterns, proposed)):
            text = f"no rule proposes {unsent}, so the rule waits for what you log by hand only"
            cure = "see that the intent is the one that is meant"
            yield note("nothing-sends", text, subject.place(rule, key), cure)


def _never_sent(patterns: tuple[Pattern, ...], proposed: set[str]) -> str:
    """The intents that the patterns wait for, if no rule sends any of them and nothing else is waited for."""
    wanted = [p.intents for p in patterns if p.type in ("sent", "called")]
    if len(wanted) < len(patterns) or not all(wanted):
        return ""
    intents = sorted(frozenset().union(*wanted))
    return "" if proposed & set(intents) else " or ".join(f"`{intent}`" for intent in intents)


def _shut(rule: Rule, subject: Subject) -> Iterator[Problem]:
    """An intent that the core's gate never lets out at the stages in which the rule speaks."""
    if rule.to_self:
        return
    by_event = any(event.stage in (*CLOSED, "accepted") for event in subject.vocabulary.events.values())
    stages = set(_stages(rule, subject))
    if not by_event:
        stages = {stage for stage in stages if _may_be(rule, subject, stage)}
    elif not {pattern.type for pattern in rule.after} <= {"rejection", "withdrawal", "declined", "accepted"}:
        return
    if not stages or stages - {*CLOSED, "accepted"}:
        return
    allowed = COURTESY if stages & {*CLOSED} else frozenset[str]()
    allowed |= AFTER_ACCEPTANCE if "accepted" in stages else frozenset()
    if rule.intent not in allowed:
        after = " or ".join(sorted(stages))
        text = f"the rule can never propose anything: once {after}, the gate lets no `{rule.intent}` out"
        cure = "take an intent that it lets out: " + ", ".join(sorted(allowed - {"task"}))
        yield warning("gate-shut", text, subject.place(rule, "intent"), cure)


def _may_be(rule: Rule, subject: Subject, stage: str) -> bool:
    facts = restricted(rule_facts(rule, subject), "stage", (stage,))
    return contradiction(facts, rule.when, *of_anchor(rule)) is None


def _moot_by_itself(rule: Rule, subject: Subject) -> Iterator[Problem]:
    """A stage that only an event brings which makes the rule moot, unless it came before the interview."""
    anchors = {(pattern.type, pattern.intents) for pattern in rule.after}
    if not anchors <= {("interview", frozenset()), ("sent", frozenset({"thanks"}))}:
        return
    stages = [stage for stage in _stages(rule, subject) if _may_be(rule, subject, stage)]
    brings = {"offer": "offer", "accepted": "accepted", "declined": "declined", "rejected": "rejection"}
    declared = {event.stage for event in subject.vocabulary.events.values()}
    if len(stages) != 1 or stages[0] not in brings or stages[0] in declared:
        return
    event = brings[stages[0]]
    if Pattern(event) in rule.unless:
        text = (
            f"the rule wants the stage `{stages[0]}`, but a `{event}` after the interview makes it moot; "
            f"only one from before the interview lets it speak"
        )
        cure = f"leave `{event}` out of `unless`, or hang the rule on `after: {event}`"
        yield warning("moot-by-itself", text, subject.place(rule, "unless"), cure)


def _to_nobody(rule: Rule, subject: Subject) -> Iterator[Problem]:
    if rule.to == ("anchor",) and not any(_names_people(pattern.type, subject) for pattern in rule.after):
        types = " or ".join(f"`{pattern.type}`" for pattern in rule.after)
        text = f"no {types} event names a person, so the rule goes to nobody"
        yield warning("to-nobody", text, subject.place(rule, "to"), "write `to: contact`, say")


def _names_people(kind: str, subject: Subject) -> bool:
    declared = subject.vocabulary.events.get(kind)
    if declared is not None:
        return bool(declared.people)
    return any(name in EVENT_TYPES[kind].__struct_fields__ for name in PEOPLE_IN) and kind != "rescheduled"


def _channels(rule: Rule, subject: Subject) -> Iterator[Problem]:
    facts = rule_facts(rule, subject)
    for choice in rule.via:
        never = contradiction(facts, choice.when, rule.when)
        if never is not None:
            text = f"the channel `{choice.channel}` never suits this rule: {never.text}"
            yield warning("never-true", text, never.place, "mend one of them, or leave the channel out")


def _hosts(rule: Rule, subject: Subject) -> Iterator[Problem]:
    if rule.join and not any(r.intent in rule.join and not r.join and not r.to_self for r in subject.rules):
        intents = " or ".join(f"`{intent}`" for intent in sorted(rule.join))
        text = f"no rule proposes {intents}, so there is nothing in which it could ride"
        yield warning(
            "no-host", text, subject.place(rule, "join"), "name the intent of a rule without `join`"
        )
