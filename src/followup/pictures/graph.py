"""The graph of rules: what happens, what each rule proposes after it, and what that leads to.

A node is an event from outside or a rule. An edge leads from an event to the rule that waits for it; from a
rule to the one that waits for its message; from a part to the message in which it may ride. The value knows
nothing of how it is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from followup.conditions import All, Test
from followup.describing import (
    RECIPIENTS,
    detail_words,
    either,
    event_words,
    matched_intents,
    opening,
    pattern_words,
)
from followup.errors import Place
from followup.fact_words import general_name
from followup.gate import COURTESY
from followup.rules import Guard, Pattern, Rule, Scenario

__all__ = ["Edge", "Graph", "Node", "graph_of"]

MESSAGES = ("sent", "called")
"""The event types that a rule's own message becomes."""
ENDINGS = frozenset({"rejection", "withdrawal", "accepted", "declined"})
"""The event types with which a case ends; the four together are one word in a picture."""
CLOSING = ENDINGS - {"accepted"}
"""Those after which only courtesy remains, whatever else is so."""

CLOSED_STAGES = frozenset({"accepted", "declined", "rejected", "withdrawn"})
"""The stages that a case does not leave by a message of yours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """An event, a rule that goes to the employer, or a rule that is a task for yourself.

    `lines` say to whom, by what and how long; `stops` are the events that make it moot, as a rule file
    names them, and `brief_stops` the same in few words. `guards` are the names of the guards that hold,
    space, cap, forbid or route it, `guards_elsewhere` of those in scenarios that the graph does not show.
    """

    id: str
    kind: Literal["event", "rule", "task"]
    title: str
    scenario: str = ""
    intent: str = ""
    lines: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    brief_stops: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()
    guards_elsewhere: tuple[str, ...] = ()
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How one node leads to another.

    `after`: the rule waits for it. `else`: it waits for it where nothing better has happened. `joins`: it
    rides in that message. `repeats`: it does itself again. `wait` says how long, `detail` from what.
    """

    source: str
    target: str
    kind: Literal["after", "else", "joins", "repeats"]
    wait: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and edges in the order of the rules, under a title."""

    title: str
    about: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def graph_of(
    scenarios: Iterable[Scenario], guards: Mapping[str, Guard], title: str = "", about: str = ""
) -> Graph:
    """The graph of the rules of these scenarios, with those of `guards` that apply to them.

    One scenario gives its own title and what it is about.
    """
    scenarios = tuple(scenarios)
    rules = [rule for scenario in scenarios for rule in scenario.rules.values()]
    if len(scenarios) == 1:
        title, about = title or scenarios[0].title or scenarios[0].name, about or scenarios[0].about
    edges = tuple(edge for rule in rules for edge in _edges(rule, rules))
    reached = {edge.source for edge in edges}
    events: dict[str, Node] = {}
    for rule in rules:
        for node in _events(rule):
            if node.id in reached:
                events.setdefault(node.id, node)
    shown = {scenario.name for scenario in scenarios}
    nodes = (*events.values(), *(_rule_node(rule, guards.values(), shown) for rule in rules))
    return Graph(title or either(scenario.name for scenario in scenarios), about, nodes, edges)


def _rule_node(rule: Rule, guards: Iterable[Guard], shown: set[str]) -> Node:
    holding = [guard for guard in guards if guard.applies_to(rule)]
    return Node(
        id=_rule_id(rule),
        kind="task" if rule.to_self else "rule",
        title=rule.title or rule.name,
        scenario=rule.scenario,
        intent=rule.intent,
        lines=tuple(_lines(rule)),
        stops=tuple(dict.fromkeys(pattern_words(pattern) for pattern in rule.unless)),
        brief_stops=tuple(_brief(rule.unless)),
        guards=tuple(guard.name for guard in holding if guard.scenario in shown),
        guards_elsewhere=tuple(guard.name for guard in holding if guard.scenario not in shown),
        place=rule.place,
    )


def _lines(rule: Rule) -> Iterator[str]:
    if not rule.to_self:
        people = either(RECIPIENTS.get(name, name) for name in rule.to)
        channels = either(choice.channel for choice in rule.via)
        yield f"to {people}, by {channels}" if channels else f"to {people}"
    else:
        yield "a note to yourself"
    if rule.within:
        yield f"until {rule.within} after {general_name(rule.origin.path) if rule.origin else 'it'}"
    elif rule.open_for:
        yield f"open for {rule.open_for}"
    if rule.join:
        yield f"rides in {either(sorted(rule.join))}"
    if rule.repeat:
        yield f"again every {rule.repeat.every}, {rule.repeat.times} times in all"


def _brief(patterns: Iterable[Pattern]) -> Iterator[str]:
    """The stops in few words: all four endings as one, and a call with the message that it repeats."""
    patterns = tuple(patterns)
    types = {pattern.type for pattern in patterns}
    written = {matched_intents(pattern) for pattern in patterns if pattern.type == "sent"} - {frozenset()}
    ended = False
    for pattern in patterns:
        if pattern.type in ENDINGS and types >= ENDINGS:
            if not ended:
                yield "any ending"
            ended = True
        elif pattern.type == "sent" and matched_intents(pattern):
            yield f"{either(sorted(matched_intents(pattern)))} sent"
        elif pattern.type != "called" or matched_intents(pattern) not in written:
            yield pattern_words(pattern)


def _events(rule: Rule) -> Iterator[Node]:
    for pattern in rule.after:
        words = event_words(pattern)
        yield Node(id=_event_id(pattern), kind="event", title=_capital(words))


def _edges(rule: Rule, rules: Iterable[Rule]) -> Iterator[Edge]:
    """What leads to a rule, best first; where it rides along; and that it repeats."""
    seen: set[str] = set()
    made: set[frozenset[str]] = set()
    for number, pattern in enumerate(rule.after):
        makers = [_rule_id(other) for other in rules if _makes(other, pattern) and not _ends(other, rule)]
        if makers:
            made.add(matched_intents(pattern))
        elif pattern.type in MESSAGES and matched_intents(pattern) in made:
            continue  # another way of what a rule here already sends
        detail = (
            f"after {general_name(rule.origin.path)}" if rule.origin else _sending(pattern) if makers else ""
        )
        for source in makers or [_event_id(pattern)]:
            if source not in seen:
                seen.add(source)
                kind: Literal["after", "else"] = "else" if number and not _alike(pattern, rule) else "after"
                yield Edge(
                    source=source, target=_rule_id(rule), kind=kind, wait=opening(rule),
                    detail=detail or ("without that" if kind == "else" else ""),
                )  # fmt: skip
    for other in rules:
        if other.intent in rule.join and not other.join:
            yield Edge(source=_rule_id(rule), target=_rule_id(other), kind="joins")
    if rule.repeat:
        again = str(rule.repeat.every)
        yield Edge(source=_rule_id(rule), target=_rule_id(rule), kind="repeats", wait=again)


def _makes(rule: Rule, pattern: Pattern) -> bool:
    """Whether a message of this rule is an event that the pattern waits for; on the phone it is a call."""
    if rule.to_self or rule.intent not in matched_intents(pattern):
        return False
    phones = [choice.channel == "phone" for choice in rule.via]
    return any(phones) if pattern.type == "called" else pattern.type == "sent" and not all(phones)


def _ends(maker: Rule, rule: Rule) -> bool:
    """Whether the case is over when the maker speaks, and the gate or its stage lets no such rule follow."""
    if {pattern.type for pattern in maker.after} <= CLOSING and rule.intent not in COURTESY:
        return True
    spoken, asked = _stages(maker), _stages(rule)
    return bool(spoken and asked and spoken <= CLOSED_STAGES and not spoken & asked)


def _stages(rule: Rule) -> frozenset[str]:
    """The stages for which alone a rule speaks; none where it names none."""
    for part in rule.when.parts if isinstance(rule.when, All) else (rule.when,):
        if isinstance(part, Test) and part.path == "stage" and part.operator.name in ("is", "in"):
            return frozenset([part.operand]) if isinstance(part.operand, str) else frozenset(part.operand)
    return frozenset()


def _sending(pattern: Pattern) -> str:
    words = "after the call" if pattern.type == "called" else "after sending"
    return f"{words} ({detail})" if (detail := detail_words(pattern)) else words


def _alike(pattern: Pattern, rule: Rule) -> bool:
    """Whether it is but another way of what the first pattern waits for: a call instead of a message."""
    first = rule.after[0]
    return pattern.type in MESSAGES and matched_intents(pattern) == matched_intents(first)


def _rule_id(rule: Rule) -> str:
    return f"rule:{rule.name}"


def _event_id(pattern: Pattern) -> str:
    """A message and a call of one intent are one event here."""
    intents = matched_intents(pattern)
    if pattern.type in MESSAGES and intents:
        return f"event:contact:{','.join(sorted(intents))}"
    return f"event:{pattern_words(pattern)}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
