"""Linking: a pack made of plain data again, with what its names stand for in the engine at hand.

Nothing in the data can be run. They are read as typed records, one scenario at a time, so that data of
another form are no pack; and what they name has to be there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import msgspec

from followup import packed as data
from followup.checking import as_declared
from followup.compiling import candidate_facts, channel_facts, item_fact, pattern_facts
from followup.conditions import TRUE_CONDITION, All, AnyOf, Condition, Custom, Elements, Not, Test
from followup.durations import Duration, parse_duration
from followup.errors import Place
from followup.fields import Fact
from followup.hookspecs import Question
from followup.messages import PARTS
from followup.pack import Pack
from followup.rules import (
    ChannelChoice,
    Distance,
    Guard,
    Hold,
    Message,
    Pattern,
    Repeat,
    Rule,
    Scenario,
    Space,
)
from followup.speaking import Spoken
from followup.templates import Templates
from followup.vocabulary import Vocabulary

__all__ = ["linked"]

Facts = Mapping[str, Fact]

_PACK = msgspec.msgpack.Decoder(data.Pack)
_CONTENTS = msgspec.msgpack.Decoder(data.Contents)


def linked(raw: bytes, vocabulary: Vocabulary) -> Pack:
    """The pack that the data say, linked to a vocabulary without what its scenarios declare.

    Raises ValueError, KeyError or whatever a plugin raises, where the data do not fit this engine.
    """
    pack = _PACK.decode(raw)
    filters = {name: filter_.apply for name, filter_ in vocabulary.filters.items()}
    languages = {
        spoken.language.code: Spoken(
            spoken.language,
            Templates({**filters, **spoken.language.filters}, spoken.language.phrases),
            Path(spoken.folder),
            spoken.shown,
        )
        for spoken in pack.languages
    }
    for each in pack.scenarios:
        vocabulary = vocabulary.joined(each.name, each.intents, each.events)
    rules: dict[str, Rule] = {}
    guards: dict[str, Guard] = {}
    scenarios: dict[str, Scenario] = {}
    for each, inside in zip(pack.scenarios, pack.contents, strict=True):
        contents = _CONTENTS.decode(inside)
        link = _Linker(each.name, contents.files, vocabulary)
        messages = link.messages(contents)
        own_rules = {rule.name: link.rule(rule, messages) for rule in contents.rules}
        own_guards = {guard.name: link.guard(guard) for guard in contents.guards}
        scenarios[each.name] = Scenario(
            name=each.name, place=each.place, folder=Path(each.folder), title=each.title, about=each.about,
            parameters=each.parameters, intents=each.intents,
            events={name: vocabulary.events[name] for name in each.events},
            rules=own_rules, guards=own_guards, messages=messages,
        )  # fmt: skip
        rules |= own_rules
        guards |= own_guards
    return Pack(
        scenarios, dict(sorted(rules.items())), dict(sorted(guards.items())), vocabulary, languages,
        pack.switched_off, pack.warnings,
    )  # fmt: skip


class _Linker:
    """Links the contents of one scenario to what its names stand for."""

    def __init__(self, scenario: str, files: tuple[str, ...], vocabulary: Vocabulary) -> None:
        self.scenario = scenario
        self.files = files
        self.vocabulary = vocabulary
        self.known: dict[tuple[data.Pattern, ...] | tuple[data.Choice, ...], Any] = {}
        """What was linked that hangs on no facts: most rules wait for the same few events and channels."""
        self.words: dict[Any, Any] = {}
        """Names, and lists of them, that stand in many rules."""

    def place(self, spot: data.Spot) -> Place:
        return Place(self.files[spot.file], spot.line, spot.column, spot.path)

    def place_or_none(self, spot: data.Spot | None) -> Place | None:
        return None if spot is None else self.place(spot)

    def rule(self, rule: data.Rule, messages: Mapping[str, Message]) -> Rule:
        facts = self.vocabulary.facts_for(pattern.type for pattern in rule.after)
        every, shared = _duration(rule.every), self.words.setdefault
        return Rule(
            name=rule.name, scenario=self.scenario, place=self.place(rule.at),
            decided_by=self.place_or_none(rule.decided_by), title=rule.title, about=rule.about,
            advice=shared(rule.advice, rule.advice), intent=shared(rule.intent, rule.intent),
            after=self.patterns(rule.after), anchor=rule.anchor,
            origin=None if rule.origin is None else facts[rule.origin],
            wait=_duration(rule.wait), within=_duration(rule.within), open_for=_duration(rule.open_for),
            unless=self.patterns(rule.unless), when=self.condition(rule.when, facts),
            to=shared(rule.to, rule.to), via=self.choices(rule.via, facts),
            message=None if rule.message is None else messages[rule.message], join=frozenset(rule.join),
            repeat=None if every is None else Repeat(every, rule.times), late=rule.late,
            priority=rule.priority, prefer=rule.prefer,
        )  # fmt: skip

    def guard(self, guard: data.Guard) -> Guard:
        facts, kinds = self.vocabulary.facts, self.vocabulary.guard_kinds
        forbid = guard.forbid_channel
        return Guard(
            name=guard.name, scenario=self.scenario, place=self.place(guard.at),
            decided_by=self.place_or_none(guard.decided_by), title=guard.title, advice=guard.advice,
            because=guard.because, applies=self.condition(guard.applies, candidate_facts(self.vocabulary)),
            when=self.condition(guard.when, facts),
            hold=None if guard.hold is None else self.hold(guard.hold),
            space=Space(_spacing(guard.person), _spacing(guard.company)) if guard.spaced else None,
            cap=guard.cap, forbid=guard.forbid,
            forbid_channel=None if forbid is None else self.condition(
                forbid, {**facts, **channel_facts(self.vocabulary)}
            ),
            route=None if guard.route is None else facts[guard.route],
            custom=tuple((kinds[kind], operand) for kind, operand in guard.custom), for_self=guard.for_self,
        )  # fmt: skip

    def hold(self, hold: data.Hold) -> Hold:
        facts = self.vocabulary.facts
        until = None if hold.until is None else facts[hold.until]
        meanwhile = None if hold.while_ is None else self.condition(hold.while_, facts)
        return Hold(until, _duration(hold.plus), meanwhile, hold.outside)

    def messages(self, contents: data.Contents) -> dict[str, Message]:
        anchors: dict[str, set[str]] = {message.name: set() for message in contents.messages}
        for rule in contents.rules:
            if rule.message is not None:
                anchors[rule.message].update(pattern.type for pattern in rule.after)
        return {
            message.name: self.message(
                message, {**self.vocabulary.facts_for(anchors[message.name]), PARTS.path: PARTS}
            )
            for message in contents.messages
        }

    def message(self, message: data.Message, facts: Facts) -> Message:
        return Message(
            name=message.name, place=self.place(message.at), templates=message.templates, lines=message.lines,
            needs=_as_sets(message.needs), uses=_as_sets(message.uses),
            facts={name: facts[name] for name in message.facts},
            about=message.about, advice=message.advice, language=message.language,
            wordings=tuple(self.message(wording, facts) for wording in message.wordings),
            translations={code: self.message(each, facts) for code, each in message.translations.items()},
        )  # fmt: skip

    def patterns(self, patterns: tuple[data.Pattern, ...]) -> tuple[Pattern, ...]:
        if any(pattern.condition is not None for pattern in patterns):
            return tuple(map(self.pattern, patterns))
        found: tuple[Pattern, ...] | None = self.known.get(patterns)
        if found is None:
            found = self.known[patterns] = tuple(map(self.pattern, patterns))
        return found

    def pattern(self, pattern: data.Pattern) -> Pattern:
        intents = frozenset(pattern.intents)
        if pattern.condition is None:
            return Pattern(pattern.type, intents)
        facts = pattern_facts(self.vocabulary, pattern.type)
        return Pattern(pattern.type, intents, self.condition(pattern.condition, facts))

    def choices(self, choices: tuple[data.Choice, ...], facts: Facts) -> tuple[ChannelChoice, ...]:
        def link(choice: data.Choice) -> ChannelChoice:
            return ChannelChoice(choice.channel, self.condition(choice.when, facts))

        if any(choice.when is not None for choice in choices):
            return tuple(map(link, choices))
        found: tuple[ChannelChoice, ...] | None = self.known.get(choices)
        if found is None:
            found = self.known[choices] = tuple(map(link, choices))
        return found

    def condition(self, condition: data.Condition | None, facts: Facts) -> Condition:
        match condition:
            case data.Test():
                return self.test(condition, facts)
            case None:
                return TRUE_CONDITION
            case data.Parts():
                if condition.at is None:
                    return TRUE_CONDITION
                kind = All if condition.word == "all" else AnyOf
                return kind(self.conditions(condition.parts, facts), self.place(condition.at))
            case data.Not():
                return Not(self.condition(condition.part, facts), self.place(condition.at))
            case data.Elements():
                fact = facts[condition.fact]
                element = fact.type.element
                if element is None:
                    raise ValueError(f"{condition.fact} is no list")
                inner = element.fields if element.kind == "record" else {"it": item_fact(element)}
                part = self.condition(condition.part, inner)
                return Elements(fact.path, fact.get, condition.quantifier, part, self.place(condition.at))
            case data.Custom():
                return self.custom(condition, facts)

    def conditions(self, parts: Iterable[data.Condition], facts: Facts) -> tuple[Condition, ...]:
        return tuple([self.condition(part, facts) for part in parts])

    def test(self, test: data.Test, facts: Facts) -> Test:
        fact, place = facts[test.fact], self.place(test.at)
        operator = self.vocabulary.operators[test.operator]
        if not test.refers:
            raw, operand = self.vocabulary.operand(operator, test.raw, fact)
            return Test(fact.path, fact.get, operator, operand, raw, place)
        other = facts[test.raw]
        return Test(
            fact.path, fact.get, operator, True, test.raw, place,
            operand_get=other.get, operand_path=other.path,
        )  # fmt: skip

    def custom(self, custom: data.Custom, facts: Facts) -> Custom:
        kind = self.vocabulary.condition_kinds[custom.kind]
        question = kind.compile(as_declared(custom.raw, kind.schema), facts)
        if not isinstance(question, Question):
            raise ValueError(f"{custom.kind} does not take this any more")
        reads = tuple((name, facts[name].get) for name in question.reads)
        return Custom(kind.name, custom.raw, reads, question.holds, self.place(custom.at))


def _duration(text: str | None) -> Duration | None:
    return None if text is None else parse_duration(text)


def _as_sets(names: Mapping[str, tuple[str, ...]]) -> dict[str, frozenset[str]]:
    return {section: frozenset(found) for section, found in names.items()}


def _spacing(distance: data.Distance | None) -> Distance | None:
    return None if distance is None else Distance(parse_duration(distance.by), frozenset(distance.exempt))
