"""Packing: a pack as plain data, in which every fact, operator and kind stands by its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
from msgspec import Raw

from followup import packed as data
from followup.conditions import TRUE_CONDITION, All, AnyOf, Condition, Custom, Elements, Not, Test
from followup.durations import Duration
from followup.errors import Place
from followup.fields import Fact
from followup.pack import Pack
from followup.rules import Distance, Guard, Hold, Message, Pattern, Rule, Scenario, Space

__all__ = ["packed"]


def packed(pack: Pack) -> bytes:
    """The pack as data."""
    encode = msgspec.msgpack.encode
    scenarios = pack.scenarios.values()
    languages = (data.Spoken(s.language, str(s.folder), s.shown) for s in pack.languages.values())
    contents = (Raw(encode(_Packer().contents(scenario))) for scenario in scenarios)
    return encode(
        data.Pack(
            tuple(languages),
            tuple(map(_declared, scenarios)),
            tuple(contents),
            dict(pack.switched_off),
            pack.warnings,
        )
    )


def _declared(scenario: Scenario) -> data.Scenario:
    return data.Scenario(
        scenario.name, scenario.place, str(scenario.folder), scenario.title, scenario.about,
        dict(scenario.parameters), scenario.intents, dict(scenario.events),
    )  # fmt: skip


class _Packer:
    """Writes the contents of one scenario, with the names of files each once."""

    def __init__(self) -> None:
        self.files: dict[str, int] = {}

    def contents(self, scenario: Scenario) -> data.Contents:
        rules = tuple(map(self.rule, scenario.rules.values()))
        guards = tuple(map(self.guard, scenario.guards.values()))
        messages = tuple(map(self.message, scenario.messages.values()))
        return data.Contents(tuple(self.files), rules, guards, messages)

    def spot(self, place: Place) -> data.Spot:
        number = self.files.setdefault(place.file, len(self.files))
        return data.Spot(number, place.line, place.column, place.path)

    def spot_or_none(self, place: Place | None) -> data.Spot | None:
        return None if place is None else self.spot(place)

    def rule(self, rule: Rule) -> data.Rule:
        repeat = rule.repeat
        return data.Rule(
            rule.name, self.spot(rule.place), self.spot_or_none(rule.decided_by), rule.title, rule.about,
            rule.advice, rule.intent, tuple(map(self.pattern, rule.after)), rule.anchor, _path(rule.origin),
            _length(rule.wait), _length(rule.within), _length(rule.open_for),
            tuple(map(self.pattern, rule.unless)), self.condition_or_none(rule.when), rule.to,
            tuple(data.Choice(via.channel, self.condition_or_none(via.when)) for via in rule.via),
            rule.message.name if rule.message else None, tuple(sorted(rule.join)),
            _length(repeat.every) if repeat else None, repeat.times if repeat else 0,
            rule.late, rule.priority, rule.prefer,
        )  # fmt: skip

    def guard(self, guard: Guard) -> data.Guard:
        space = guard.space or Space()
        return data.Guard(
            guard.name, self.spot(guard.place), self.spot_or_none(guard.decided_by), guard.title,
            guard.advice, guard.because, self.condition_or_none(guard.applies),
            self.condition_or_none(guard.when), None if guard.hold is None else self.hold(guard.hold),
            guard.space is not None, _distance(space.person), _distance(space.company), guard.cap,
            guard.forbid, None if guard.forbid_channel is None else self.condition(guard.forbid_channel),
            _path(guard.route), tuple((kind.name, operand) for kind, operand in guard.custom),
            guard.for_self,
        )  # fmt: skip

    def hold(self, hold: Hold) -> data.Hold:
        meanwhile = None if hold.while_ is None else self.condition(hold.while_)
        return data.Hold(_path(hold.until), _length(hold.plus), meanwhile, hold.outside)

    def message(self, message: Message) -> data.Message:
        return data.Message(
            message.name, self.spot(message.place), dict(message.templates), dict(message.lines),
            _in_order(message.needs), _in_order(message.uses), tuple(message.facts), message.about,
            message.advice, message.language, tuple(map(self.message, message.wordings)),
            {code: self.message(version) for code, version in message.translations.items()},
        )  # fmt: skip

    def pattern(self, pattern: Pattern) -> data.Pattern:
        return data.Pattern(
            pattern.type, tuple(sorted(pattern.intents)), self.condition_or_none(pattern.condition)
        )

    def condition_or_none(self, condition: Condition) -> data.Condition | None:
        return None if condition is TRUE_CONDITION else self.condition(condition)

    def condition(self, condition: Condition) -> data.Condition:
        match condition:
            case Test():
                refers = condition.operand_get is not None
                at = self.spot(condition.place)
                return data.Test(condition.path, condition.operator.name, condition.raw, refers, at)
            case All() | AnyOf():
                word: Literal["all", "any"] = "all" if isinstance(condition, All) else "any"
                at_or_none = None if condition is TRUE_CONDITION else self.spot(condition.place)
                return data.Parts(word, tuple(map(self.condition, condition.parts)), at_or_none)
            case Not():
                return data.Not(self.condition(condition.part), self.spot(condition.place))
            case Elements():
                part, at = self.condition(condition.part), self.spot(condition.place)
                return data.Elements(condition.path, condition.quantifier, part, at)
            case Custom():
                return data.Custom(condition.kind, condition.raw, self.spot(condition.place))
        raise TypeError(f"{condition!r:.60} is no condition of the rule language")


def _in_order(names: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    return {section: tuple(sorted(found)) for section, found in names.items()}


def _path(fact: Fact | None) -> str | None:
    return None if fact is None else fact.path


def _length(duration: Duration | None) -> str | None:
    return None if duration is None else str(duration)


def _distance(distance: Distance | None) -> data.Distance | None:
    return None if distance is None else data.Distance(str(distance.by), tuple(sorted(distance.exempt)))
