"""Assembling: one rule or guard, from what its file says to frozen, resolved data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from followup.calendars import NAMED
from followup.compiling import Compiler, Path, Report, candidate_facts, channel_facts
from followup.conditions import TRUE_CONDITION, Condition
from followup.durations import Duration
from followup.errors import Place, did_you_mean
from followup.fields import Fact
from followup.rules import (
    ChannelChoice,
    Distance,
    Guard,
    Hold,
    Message,
    Repeat,
    Rule,
    Space,
)
from followup.sources import GuardSource, RuleSource
from followup.vocabulary import ALONE, SELECTORS, Vocabulary

if TYPE_CHECKING:
    from followup.hookspecs import GuardKind

__all__ = ["assemble_guard", "assemble_rule"]


def assemble_rule(
    name: str,
    source: RuleSource,
    scenario: str,
    vocabulary: Vocabulary,
    report: Report,
    path: Path,
    messages: Mapping[str, Message],
    decided_by: Place | None = None,
) -> Rule:
    """The rule; what does not fit is reported and left out."""
    compiler = Compiler(vocabulary, report)
    after = compiler.patterns(source.after, (*path, "after"))
    facts = vocabulary.facts_for(pattern.type for pattern in after)
    compiler.known(source.intent, vocabulary.intents, "unknown-intent", "intent", (*path, "intent"))
    to = _selectors(source.to, compiler, (*path, "to"))
    origin = None if source.from_ is None else _moment_fact(source.from_, compiler, (*path, "from"), facts)
    if source.within is not None and source.open_for is not None:
        report.error(
            "within-and-open-for", (*path, "open_for"), "a rule has `within` or `open_for`, not both",
            "`within` is a deadline from the anchor, `open_for` a length from when guards let it open",
            key=True,
        )  # fmt: skip
    prefer = source.prefer
    if prefer is not None and not compiler.known(
        prefer, NAMED, "unknown-calendar", "calendar set", (*path, "prefer")
    ):
        prefer = None
    join = _names(source.join)
    for index, intent in enumerate(join):
        compiler.known(
            intent, vocabulary.intents, "unknown-intent", "intent", _item(source.join, path, "join", index)
        )
    return Rule(
        name=name,
        scenario=scenario,
        place=report.document.place(path, key=True),
        decided_by=decided_by,
        title=source.title or name.replace("-", " "),
        about=source.about,
        advice=_names(source.advice),
        intent=source.intent,
        after=after,
        anchor=source.anchor,
        origin=origin,
        wait=compiler.duration(source.wait, (*path, "wait")),
        within=compiler.duration(source.within, (*path, "within")),
        open_for=compiler.duration(source.open_for, (*path, "open_for")),
        unless=compiler.patterns(source.unless, (*path, "unless")),
        when=compiler.condition(source.when, facts, (*path, "when")),
        to=to,
        via=_via(source, to, facts, compiler, path),
        message=_message(name, source, messages, report, path),
        join=frozenset(join),
        repeat=_repeat(source, compiler, path),
        late=source.late == "send",
        priority=_integer(source.priority, -100, 100, "priority", compiler, (*path, "priority")),
        prefer=prefer,
    )


def _names(raw: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (raw,) if isinstance(raw, str) else tuple(raw)


def _item(raw: Any, path: Path, key: str, index: int) -> Path:
    return (*path, key) if isinstance(raw, str) else (*path, key, index)


def _selectors(raw: str | list[str], compiler: Compiler, path: Path) -> tuple[str, ...]:
    selectors = _names(raw)
    known = [_is_recipient(selector, compiler, path) for selector in selectors]
    alone = [s for s in ALONE if s in selectors]
    if alone and len(selectors) > 1:
        compiler.report.error(
            "recipient", path, f"`{alone[0]}` cannot stand in a line with others", "write it alone"
        )
    if not selectors:
        compiler.report.error("recipient", path, "the rule goes to nobody", "write `to: contact`, say")
    return selectors if all(known) else ("contact",)


def _is_recipient(name: str, compiler: Compiler, path: Path) -> bool:
    if name in SELECTORS:
        return True
    near = did_you_mean(name[:60], SELECTORS)
    general = (
        f"a rule names no person but a part, such as `contact`, or `anchor` for whom its event names; {near}"
    )
    cure = near if near.startswith("did you mean") else general
    compiler.report.error("unknown-recipient", path, f"no recipient is named `{name[:60]}`", cure)
    return False


def _via(
    source: RuleSource, to: tuple[str, ...], facts: Mapping[str, Fact], compiler: Compiler, path: Path
) -> tuple[ChannelChoice, ...]:
    raw = source.via if isinstance(source.via, (list, tuple)) else [source.via]
    if not raw:
        if to == ("self",):
            return (ChannelChoice("self"),)
        compiler.report.error(
            "missing-key", path, "`via` is missing", "add the channels, as in `via: [email]`"
        )
    choices = []
    for index, item in enumerate(raw):
        place: Path = (*path, "via", index) if isinstance(source.via, list) else (*path, "via")
        if isinstance(item, str):
            name, condition = item, TRUE_CONDITION
        elif len(item) == 1:
            name, when = next(iter(item.items()))
            condition = compiler.condition(when, facts, (*place, name))
        else:
            compiler.report.error(
                "channel", place, "one channel a line", "write `- phone: {company.culture: relaxed}`"
            )
            continue
        if compiler.known_channel(name, place):
            _check_channel(name, source, to, compiler, place)
            choices.append(ChannelChoice(name, condition))
    return tuple(choices)


def _check_channel(
    name: str, source: RuleSource, to: tuple[str, ...], compiler: Compiler, path: Path
) -> None:
    channel = compiler.vocabulary.channels.get(name)
    if channel is None:
        return
    wanted = "self" if to == ("self",) else "employer"
    if channel.direction != wanted:
        goes = "to yourself" if channel.direction == "self" else "to the employer"
        compiler.report.error("channel", path, f"the channel `{name}` goes {goes}, the rule does not")
    intents = channel.limits.intents
    if intents and source.intent not in intents:
        carried = ", ".join(sorted(intents))
        compiler.report.error(
            "channel", path, f"`{name}` cannot carry `{source.intent}`", f"it carries {carried}"
        )


def _message(
    name: str, source: RuleSource, messages: Mapping[str, Message], report: Report, path: Path
) -> Message | None:
    wanted = source.message or name
    found = messages.get(wanted)
    if found is None:
        at = (*path, "message") if source.message else path
        cure = (
            did_you_mean(wanted, messages)
            if source.message
            else f"write `messages/{wanted}.md` beside this file"
        )
        report.error(
            "no-message", at, f"there is no message `{wanted[:60]}`", cure, key=source.message is None
        )
    return found


def _repeat(source: RuleSource, compiler: Compiler, path: Path) -> Repeat | None:
    if source.repeat is None:
        return None
    every = compiler.duration(source.repeat.every, (*path, "repeat", "every"))
    times = _integer(source.repeat.times, 2, 100, "times", compiler, (*path, "repeat", "times"))
    if every is not None and every.amount == 0:
        compiler.report.error(
            "duration",
            (*path, "repeat", "every"),
            "a repetition needs some time between",
            "write `3 months`, say",
        )
        return None
    return None if every is None else Repeat(every, times)


def _integer(raw: Any, least: int, most: int, name: str, compiler: Compiler, path: Path) -> int:
    try:
        number = int(raw)
    except (ValueError, TypeError):
        number = most + 1
    if not least <= number <= most:
        told = f"`{str(raw)[:20]}` cannot be `{name}`"
        cure = f"write a whole number from {least} to {most}, such as `{min(most, max(least, 3))}`"
        compiler.report.error("value", path, told, cure)
        return least
    return number


def assemble_guard(
    name: str,
    source: GuardSource,
    scenario: str,
    vocabulary: Vocabulary,
    report: Report,
    path: Path,
    decided_by: Place | None = None,
) -> Guard:
    """The guard; what does not fit is reported and left out."""
    compiler = Compiler(vocabulary, report)
    facts = vocabulary.facts
    verbs = (source.hold, source.space, source.cap, source.forbid, source.route, source.custom)
    if all(verb is None for verb in verbs):
        report.error(
            "guard",
            path,
            "the guard does nothing",
            "add `hold`, `space`, `cap`, `forbid` or `route`",
            key=True,
        )
    forbid, forbid_channel = _forbid(source.forbid, compiler, (*path, "forbid"), facts)
    return Guard(
        name=name,
        scenario=scenario,
        place=report.document.place(path, key=True),
        decided_by=decided_by,
        title=source.title or name.replace("-", " "),
        advice=_names(source.advice),
        because=source.because,
        applies=_applies(source.for_, compiler, (*path, "for")),
        when=compiler.condition(source.when, facts, (*path, "when")),
        hold=_hold(source.hold, compiler, (*path, "hold"), facts),
        space=_space(source.space, compiler, (*path, "space")),
        cap=_cap(source.cap, compiler, (*path, "cap")),
        forbid=forbid,
        forbid_channel=forbid_channel,
        route=_route(source.route, compiler, (*path, "route"), facts),
        custom=_custom(source.custom, compiler, (*path, "custom")),
        for_self="to" in source.for_,
    )


def _applies(raw: dict[str, Any], compiler: Compiler, path: Path) -> Condition:
    return compiler.condition(raw, candidate_facts(compiler.vocabulary), path)


def _keys(raw: Any, known: tuple[str, ...], compiler: Compiler, path: Path, what: str) -> bool:
    if not isinstance(raw, dict) or not raw:
        compiler.report.error("guard", path, f"`{what}` is a mapping", f"its keys: {', '.join(known)}")
        return False
    found = [
        compiler.lookup(key, dict.fromkeys(known, key), "unknown-key", "key here", (*path, key), key=True)
        for key in raw
    ]
    return None not in found


def _hold(raw: Any, compiler: Compiler, path: Path, facts: Mapping[str, Fact]) -> Hold | None:
    if raw is None or not _keys(raw, ("until", "plus", "while", "outside"), compiler, path, "hold"):
        return None
    ways = [key for key in ("until", "while", "outside") if key in raw]
    if len(ways) != 1:
        compiler.report.error("guard", path, "a hold has one of `until`, `while` and `outside`")
        return None
    plus: Duration | None = None
    if "plus" in raw:
        if ways != ["until"]:
            compiler.report.error("guard", (*path, "plus"), "`plus` goes with `until`", key=True)
        plus = compiler.duration(str(raw["plus"]), (*path, "plus"))
    if "until" in raw:
        fact = _moment_fact(str(raw["until"]), compiler, (*path, "until"), facts)
        return Hold(until=fact, plus=plus) if fact else None
    if "while" in raw:
        return Hold(while_=compiler.condition(raw["while"], facts, (*path, "while")))
    name = str(raw["outside"])
    known = compiler.known(name, NAMED, "unknown-calendar", "calendar set", (*path, "outside"))
    return Hold(outside=name) if known else None


def _moment_fact(name: str, compiler: Compiler, path: Path, facts: Mapping[str, Fact]) -> Fact | None:
    fact = facts.get(name)
    if fact is None and name[:1].isdigit():
        cure = "name a fact with a day or time, such as `decision_date`"
        compiler.report.error("operand", path, f"`{name[:60]}` names no fact", cure)
        return None
    fact = compiler.lookup(name, facts, "unknown-fact", "fact", path)
    if fact is None or fact.type.kind == "moment":
        return fact
    moments = sorted(f.path for f in facts.values() if f.type.kind == "moment" and "." not in f.path)
    compiler.report.error(
        "operand", path, f"`{name}` is {fact.type}, no day or time", "name one, such as " + ", ".join(moments)
    )
    return None


def _space(raw: Any, compiler: Compiler, path: Path) -> Space | None:
    if raw is None or not _keys(raw, ("person", "company"), compiler, path, "space"):
        return None
    return Space(
        _distance(raw.get("person"), compiler, (*path, "person")),
        _distance(raw.get("company"), compiler, (*path, "company")),
    )


def _distance(raw: Any, compiler: Compiler, path: Path) -> Distance | None:
    """A duration, or `by:` with one and `except:` with intents."""
    if not isinstance(raw, dict):
        by = None if raw is None else compiler.duration(str(raw), path)
        return None if by is None else Distance(by)
    if not _keys(raw, ("by", "except"), compiler, path, str(path[-1])):
        return None
    names = raw.get("except") or []
    exempt = frozenset(
        str(name)
        for name in (names if isinstance(names, list) else [names])
        if compiler.known(
            str(name), compiler.vocabulary.intents, "unknown-intent", "intent", (*path, "except")
        )
    )
    if raw.get("by") is None:
        compiler.report.error("missing-key", path, "`by` is missing", "add `by: 2 business days`, say")
        return None
    by = compiler.duration(str(raw["by"]), (*path, "by"))
    return None if by is None else Distance(by, exempt)


def _cap(raw: Any, compiler: Compiler, path: Path) -> int | None:
    if raw is None or not _keys(raw, ("unanswered",), compiler, path, "cap"):
        return None
    return _integer(raw["unanswered"], 0, 100, "unanswered", compiler, (*path, "unanswered"))


def _forbid(
    raw: Any, compiler: Compiler, path: Path, facts: Mapping[str, Fact]
) -> tuple[bool, Condition | None]:
    if raw is None or str(raw).lower() == "false":
        return False, None
    if str(raw).lower() == "true":
        return True, None
    if not _keys(raw, ("channel",), compiler, path, "forbid"):
        return False, None
    condition = compiler.condition(raw, {**facts, **channel_facts(compiler.vocabulary)}, path)
    return False, condition


def _route(raw: Any, compiler: Compiler, path: Path, facts: Mapping[str, Fact]) -> Fact | None:
    if raw is None or not _keys(raw, ("to",), compiler, path, "route"):
        return None
    people = {p: f for p, f in facts.items() if p in ("instructions.contact", "promise.who")}
    return compiler.lookup(str(raw["to"]), people, "unknown-fact", "person's id", (*path, "to"))


def _custom(raw: Any, compiler: Compiler, path: Path) -> tuple[tuple[GuardKind, Any], ...]:
    if raw is None:
        return ()
    if not raw:
        compiler.report.error("guard", path, "`custom` is empty", "name a kind of guard that a plugin brings")
    kinds = compiler.vocabulary.guard_kinds
    made = []
    for name, operand in raw.items():
        kind = compiler.lookup(name, kinds, "unknown-guard", "kind of guard", (*path, name), key=True)
        if kind is not None:
            read = compiler.declared(operand, kind.schema, (*path, name))
            made.append((kind, read))
    return tuple(made)
