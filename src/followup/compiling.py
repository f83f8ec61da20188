"""Compiling: from what a rule file says of conditions and events to typed, checked nodes.

Every path, operator, value, event type and intent is looked up in the vocabulary; what does not fit
is reported with its place and a cure, and compiling goes on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from followup.checking import as_declared
from followup.complaints import schema_problems
from followup.conditions import TRUE_CONDITION, All, AnyOf, Condition, Custom, Elements, Not, Test
from followup.documents import MAX_PROBLEMS, Document
from followup.durations import Duration, parse_duration
from followup.errors import Place, Problem, did_you_mean, or_from_a_plugin
from followup.events import EVENT_TYPES
from followup.fields import Fact, FactType, itself
from followup.hookspecs import ConditionKind, Question
from followup.operators import NOW
from followup.rules import CANDIDATE_FACTS, CHANNEL_FACT, Pattern
from followup.synonyms import meant_by, with_operator
from followup.vocabulary import KNOWN_CHANNELS, Vocabulary

__all__ = [
    "LIST_OPERATORS",
    "Compiler",
    "Patched",
    "Path",
    "Report",
    "candidate_facts",
    "channel_facts",
    "item_fact",
    "pattern_facts",
]

Path = tuple[str | int, ...]
Known = TypeVar("Known")
QUANTIFIERS = ("some", "every", "none")
LIST_OPERATORS = ("in", "not_in", "contains_any")
COMBINATORS = ("all", "any", "not")
DECLARED = {
    "unknown-intent": "a scenario adds its own under `intents:`",
    "unknown-event": "a scenario adds its own under `events:`",
}
"""How names come to be of which a scenario may add some, by the code of one that is not known."""
BROUGHT = ("unknown-channel", "unknown-event", "unknown-fact", "unknown-guard")
"""What a plugin may bring, by the code of a name that is not known."""
LONGEST_OPERAND = 500
MANY = 2_000
"""Among so many names the one that was meant is not looked for."""
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")
_DOTTED = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(?:\.[A-Za-z][A-Za-z0-9_-]*)+")


@dataclass(frozen=True, slots=True)
class Patched:
    """A document of which some values came from elsewhere, by path: what stands there has its place there."""

    base: Document | Patched
    elsewhere: Mapping[Path, Callable[[Path, bool], Place]]

    @property
    def value(self) -> Any:
        return self.base.value

    def place(self, path: Path, key: bool = False) -> Place:
        for length in range(len(path), 0, -1):
            found = self.elsewhere.get(path[:length])
            if found is not None:
                return found(path[length:], key)
        return self.base.place(path, key)

    def place_within(self, path: Path, index: int) -> Place:
        if any(path[:length] in self.elsewhere for length in range(len(path), 0, -1)):
            return self.place(path)
        return self.base.place_within(path, index)


@dataclass(slots=True)
class Report:
    """The problems found so far in one document."""

    document: Document | Patched
    problems: list[Problem] = field(default_factory=list)

    def error(self, code: str, path: Path, text: str, cure: str = "", *, key: bool = False) -> None:
        """Note a problem at the value at `path`, or with `key` at its key."""
        self.problems.append(Problem(code, text, self.document.place(path, key=key), cure))

    def check_name(self, name: str, path: Path, *, key: bool = False) -> bool:
        """Whether a name may be given to a rule, a parameter or an event; else a problem."""
        good = _NAME.fullmatch(name) is not None
        if not good:
            plain = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")
            general = "use at most 60 letters from a to z, digits, `-` and `_`; begin with a letter"
            cure = f"did you mean `{plain}`?" if _NAME.fullmatch(plain) else general
            self.error("pattern", path, f"`{name[:60]}` cannot be a name", cure, key=key)
        return good

    def warn(self, code: str, path: Path, text: str, cure: str = "") -> None:
        """Note a warning."""
        place = self.document.place(path)
        self.problems.append(Problem(code, text, place, cure, severity="warning"))


@dataclass(frozen=True, slots=True)
class Compiler:
    """Compiles the conditions and patterns of one document; problems go to the report."""

    vocabulary: Vocabulary
    report: Report

    def lookup(
        self, name: str, known: Mapping[str, Known], code: str, what: str, path: Path, *, key: bool = False
    ) -> Known | None:
        """The entry of that name, or a problem and None."""
        found = known.get(name)
        if found is None:
            many = len(self.report.problems) > MAX_PROBLEMS or len(known) > MANY
            cure = "" if many else did_you_mean(name[:60], known)
            if code in BROUGHT and not many:
                cure = or_from_a_plugin(cure)
            if code in DECLARED and not cure.startswith("did"):
                cure = "; ".join(filter(None, (cure, DECLARED[code])))
            self.report.error(code, path, f"no {what} is named `{name[:60]}`", cure, key=key)
        return found

    def known(self, name: str, names: Collection[str], code: str, what: str, path: Path) -> bool:
        """Whether the name is known; else a problem."""
        return name in names or self.lookup(name, dict.fromkeys(names, True), code, what, path) is not None

    def known_channel(self, name: str, path: Path) -> bool:
        """Whether a channel is installed, or known without that; else a problem."""
        if name in self.vocabulary.channels or name in KNOWN_CHANNELS:
            return True
        return self.known(name, self.vocabulary.known_channels, "unknown-channel", "channel", path)

    def duration(self, raw: str | None, path: Path) -> Duration | None:
        """A duration, or a problem and None."""
        if raw is None:
            return None
        try:
            return parse_duration(raw)
        except ValueError as error:
            self.report.error("duration", path, str(error))
            return None

    def declared(self, raw: Any, schema: Mapping[str, Any], path: Path) -> Any:
        """What stands there for a plugin, read by its schema; in what it differs goes to the report."""
        value = as_declared(raw, schema)
        self.report.problems += schema_problems(self.report.document, path, value, dict(schema))
        return value

    def condition(self, raw: Any, facts: Mapping[str, Fact], path: Path) -> Condition:
        """A mapping of fact paths to tests, all of which must hold."""
        if raw is None:
            return TRUE_CONDITION
        if not isinstance(raw, dict):
            self.report.error(
                "condition",
                path,
                "a condition is a mapping of facts to tests",
                "write it as `stage: awaiting`",
            )
            return TRUE_CONDITION
        parts = tuple(self._entry(name, value, facts, (*path, name)) for name, value in raw.items())
        return parts[0] if len(parts) == 1 else All(parts, self.report.document.place(path))

    def _entry(self, name: str, value: Any, facts: Mapping[str, Fact], path: Path) -> Condition:
        if name in COMBINATORS:
            return self._combined(name, value, facts, path)
        kinds = self.vocabulary.condition_kinds
        if name in kinds and name not in facts:
            return self._custom(kinds[name], value, facts, path)
        if name not in facts and (meant := meant_by(name, COMBINATORS)) is not None:
            told, cure = f"no fact is named `{name}`", f"did you mean `{meant}`?"
            self.report.error("unknown-fact", path, told, cure, key=True)
            return self._combined(meant, value, facts, path)
        known = facts if name in facts else {**facts, **dict.fromkeys(kinds)}
        fact = self.lookup(name, known, "unknown-fact", "fact", path, key=True)
        return TRUE_CONDITION if fact is None else self._tests(fact, value, facts, path)

    def _custom(self, kind: ConditionKind, raw: Any, facts: Mapping[str, Fact], path: Path) -> Condition:
        report, before = self.report, len(self.report.problems)
        value = self.declared(raw, kind.schema, path)
        if len(report.problems) > before:
            return TRUE_CONDITION
        question = kind.compile(value, facts)
        if not isinstance(question, Question):
            for mistake in question:
                place = report.document.place_within(path, mistake.index)
                report.problems.append(Problem("condition", mistake.text, place, mistake.cure))
            return TRUE_CONDITION
        reads = tuple((name, facts[name].get) for name in question.reads)
        return Custom(kind.name, raw, reads, question.holds, report.document.place(path))

    def _combined(self, name: str, value: Any, facts: Mapping[str, Fact], path: Path) -> Condition:
        place = self.report.document.place(path, key=True)
        if isinstance(value, dict):
            if not value:
                self.report.error(
                    "condition", path, f"`{name}` is empty", "write a condition, or leave it out"
                )
                return TRUE_CONDITION
            if name != "any":
                inner = self.condition(value, facts, path)
                return Not(inner, place) if name == "not" else inner
            parts = tuple(self._entry(key, item, facts, (*path, key)) for key, item in value.items())
        elif isinstance(value, list) and value:
            parts = tuple(self.condition(item, facts, (*path, i)) for i, item in enumerate(value))
        else:
            self.report.error(
                "condition",
                path,
                f"`{name}` takes conditions",
                f"write `{name}:` and a list of mappings below it",
            )
            return TRUE_CONDITION
        if name == "any":
            return AnyOf(parts, place)
        return Not(All(parts, place), place) if name == "not" else All(parts, place)

    def _tests(self, fact: Fact, value: Any, facts: Mapping[str, Fact], path: Path) -> Condition:
        if value is None or isinstance(value, dict):
            if not value:
                self.report.error(
                    "condition", path, f"`{fact.path}` has no test", "write one, such as `{known: true}`"
                )
                return TRUE_CONDITION
            parts = tuple(
                self._test(fact, name, operand, facts, (*path, name)) for name, operand in value.items()
            )
            return parts[0] if len(parts) == 1 else All(parts, self.report.document.place(path))
        if isinstance(value, str) and (cure := with_operator(value, fact.path, fact.type.kind)):
            told = f"`{fact.path}` is {fact.type}, which is compared by an operator"
            self.report.error("operator-type", path, told, cure)
            return TRUE_CONDITION
        return self._test(fact, "in" if isinstance(value, list) else "is", value, facts, path)

    def _test(self, fact: Fact, name: str, raw: Any, facts: Mapping[str, Fact], path: Path) -> Condition:
        if raw is None or (isinstance(raw, list) and None in raw):
            self.report.error("operand", path, f"`{name}` has no value", "write one, or leave the test out")
            return TRUE_CONDITION
        if name in QUANTIFIERS:
            return self._elements(fact, name, raw, path)
        operator = self.vocabulary.operators.get(name)
        if operator is None:
            element = fact.type.element
            cure = or_from_a_plugin(did_you_mean(name, (*self.vocabulary.operators, *QUANTIFIERS)))
            if element is not None and name in element.fields:
                cure = f"ask it of the elements: `{fact.path}: {{some: {{{name}: …}}}}`"
            told = f"no operator is named `{name[:60]}`"
            self.report.error("unknown-operator", path, told, cure, key=True)
            return TRUE_CONDITION
        if operator.kinds and fact.type.kind not in operator.kinds:
            fitting = [
                each.name
                for each in self.vocabulary.operators.values()
                if not each.kinds or fact.type.kind in each.kinds
            ]
            if fact.type.kind == "list":
                fitting += QUANTIFIERS
            self.report.error(
                "operator-type", path, f"`{name}` does not fit `{fact.path}`, which is {fact.type}",
                "use " + ", ".join(sorted(fitting)),
            )  # fmt: skip
            return TRUE_CONDITION
        place = self.report.document.place(path)
        if operator.refers and _is_reference(raw, fact, facts):
            other = self.lookup(raw, facts, "unknown-fact", "fact", path)
            listed = name in LIST_OPERATORS
            if other is not None and (_kind(other) != _kind(fact) or listed != (other.type.kind == "list")):
                told = f"`{raw}`, which is {other.type}, does not go with `{fact.path}`, which is {fact.type}"
                cure = f"name a fact that is {'a list of such values' if listed else 'such a value'}"
                self.report.error("operand", path, told, cure)
                other = None
            if other is None:
                return TRUE_CONDITION
            return Test(
                fact.path, fact.get, operator, True, raw, place, operand_get=other.get, operand_path=raw
            )
        if isinstance(raw, str) and len(raw) > LONGEST_OPERAND:
            told = f"the value is longer than {LONGEST_OPERAND} characters"
            self.report.error("operand", path, told, "shorten it")
            return TRUE_CONDITION
        try:
            raw, operand = self.vocabulary.operand(operator, raw, fact)
        except ValueError as error:
            self.report.error("operand", path, " ".join(str(error).split()))
            return TRUE_CONDITION
        return Test(fact.path, fact.get, operator, operand, raw, place)

    def _elements(self, fact: Fact, name: str, raw: Any, path: Path) -> Condition:
        element = fact.type.element
        if element is None:
            self.report.error("operator-type", path, f"`{name}` needs a list; `{fact.path}` is {fact.type}")
            return TRUE_CONDITION
        if element.kind == "record":
            part = self.condition(raw, element.fields, path)
        else:
            part = self._tests(item_fact(element), raw, {}, path)
        return Elements(fact.path, fact.get, name, part, self.report.document.place(path))  # type: ignore[arg-type]

    def patterns(self, raw: Any, path: Path) -> tuple[Pattern, ...]:
        """Event patterns: one, or a list of them."""
        if raw is None:
            return ()
        if isinstance(raw, list):
            if not raw:
                self.report.error("pattern", path, "the list is empty", "name an event, such as `interview`")
            found = [self._pattern(item, (*path, index)) for index, item in enumerate(raw)]
        else:
            found = [self._pattern(raw, path)]
        return tuple(pattern for group in found for pattern in group)

    def _pattern(self, raw: Any, path: Path) -> tuple[Pattern, ...]:
        if isinstance(raw, str):
            return (Pattern(raw),) if self._event(raw, path) else ()
        if not isinstance(raw, dict) or len(raw) != 1:
            self.report.error(
                "pattern", path, "an event is written as its type, or as one type with what it must have",
                "write `interview` or `{sent: thanks}`",
            )  # fmt: skip
            return ()
        kind, wanted = next(iter(raw.items()))
        if not self._event(kind, (*path, kind)):
            return ()
        if wanted is None:
            return (Pattern(kind),)
        if isinstance(wanted, dict):
            condition = self.condition(wanted, pattern_facts(self.vocabulary, kind), (*path, kind))
            return (Pattern(kind, condition=condition),)
        if kind not in ("sent", "called"):
            self.report.error(
                "pattern", (*path, kind), f"a `{kind}` event has no intent",
                f"write `{kind}`, or `{kind}: {{field: test}}`",
            )  # fmt: skip
            return ()
        intents = [str(item) for item in (wanted if isinstance(wanted, list) else [wanted])]
        good = [
            self.known(i, self.vocabulary.intents, "unknown-intent", "intent", (*path, kind)) for i in intents
        ]
        return (Pattern(kind, frozenset(intents)),) if all(good) else ()

    def _event(self, name: str, path: Path) -> bool:
        if name in EVENT_TYPES:
            return True
        return self.known(name, self.vocabulary.event_names, "unknown-event", "event type", path)


def pattern_facts(vocabulary: Vocabulary, event: str) -> Mapping[str, Fact]:
    """What a pattern may test of an event of this type."""
    fields = vocabulary.fields_of(event)
    if "intent" not in fields or event in vocabulary.events:
        return fields
    return {**fields, "intent": fields["intent"].one_of(vocabulary.intents)}


def candidate_facts(vocabulary: Vocabulary) -> Mapping[str, Fact]:
    """What a guard's `for` may test of a follow-up."""
    return {**CANDIDATE_FACTS, "intent": CANDIDATE_FACTS["intent"].one_of(vocabulary.intents)}


def channel_facts(vocabulary: Vocabulary) -> Mapping[str, Fact]:
    """What a guard's `forbid` may test beside the facts of a state."""
    return {"channel": CHANNEL_FACT.one_of(vocabulary.known_channels)}


def item_fact(element: FactType) -> Fact:
    """An item of a list of plain values, as its condition tests it."""
    return Fact("it", element, "", itself)


def _is_reference(raw: Any, fact: Fact, facts: Mapping[str, Fact]) -> bool:
    """Whether an operand names a fact: it is one's path, or looks like a path under a known owner."""
    if not isinstance(raw, str):
        return False
    if fact.type.kind == "moment":
        return raw in facts and raw != NOW
    owner, dot, _ = raw.partition(".")
    return bool(dot and _DOTTED.fullmatch(raw)) and any(path.startswith(f"{owner}.") for path in facts)


def _kind(fact: Fact) -> str:
    """The kind of a fact, of a list that of its elements."""
    element = fact.type.element if fact.type.kind == "list" else None
    return element.kind if element else fact.type.kind
