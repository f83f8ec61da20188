"""Expressions: what a condition asks, written out as Python.

Of a condition two things can be asked: whether it may hold, and whether it surely does. They differ where
a fact is unknown. Only facts with a `Reading` are written out, and only tests whose answer does not depend
on time; whatever else a condition asks may hold and is never sure. What rules say stands there as literals.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from followup.conditions import All, AnyOf, Condition, Elements, Not, Test
from followup.fields import Fact, Reading

__all__ = ["FALSE", "MARK", "TRUE", "Local", "Writer", "conjoined", "literal", "local_name"]

TRUE, FALSE = "True", "False"
MARK = "\0"
_SIGNS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<", "is": "==", "not": "!="}
_ELEMENT = Reading("each", always=True)


@dataclass(frozen=True, slots=True)
class Local:
    """A local variable that holds a fact: its name, what it is made from, and whether it is never None.

    In an expression it stands between two marks, which no literal can contain, until the function is written.
    Without an owner it is no variable: the value itself is written.
    """

    name: str
    owner: str
    value: str
    always: bool = False

    @property
    def text(self) -> str:
        return f"{MARK}{self.name}{MARK}" if self.owner else self.value


def local_name(path: str) -> str:
    """A name for a local: `last.offer.terms` as `last_offer_terms`."""
    return re.sub(r"\W+", "_", path).strip("_")


def literal(values: Iterable[object]) -> str:
    """A set of plain values as Python, always in the same order."""
    return "{" + ", ".join(sorted({repr(value) for value in values})) + "}"


def conjoined(texts: Iterable[str], word: str) -> str:
    """Expressions joined by `and` or `or`, without those that decide nothing."""
    neutral, final = (TRUE, FALSE) if word == "and" else (FALSE, TRUE)
    kept = [text for text in dict.fromkeys(texts) if text != neutral]
    if final in kept:
        return final
    return f"({f' {word} '.join(kept)})" if len(kept) > 1 else kept[0] if kept else neutral


class Writer:
    """Writes conditions over the facts of one subject, and collects the locals that they read, by name."""

    def __init__(self, facts: Mapping[str, Fact], *, inline: bool = False) -> None:
        self._facts = facts
        self._inline = inline
        self.locals: dict[str, Local] = {}

    def may(self, condition: Condition) -> str:
        """An expression that is true where the condition may hold."""
        return self._written(condition, sure=False)

    def fact(self, path: str) -> Fact | None:
        """The fact of that path, if it can be written out."""
        fact = self._facts.get(path)
        return fact if fact is not None and fact.reading is not None else None

    def local(self, fact: Fact, *, folded: bool = False) -> Local:
        """The local that holds a fact, as it stands in the state or `folded`, as it is compared.

        Folded, a text is without case, and None if it is blank; of a list of texts there is the set.
        """
        reading = fact.reading
        assert reading is not None
        value, name, always = reading.value, local_name(fact.path), reading.always
        if folded and fact.type.kind == "list":
            value, name = (
                f"(texts := {value}) and {{{{text.casefold() for text in texts}}}}",
                f"{name}_folded",
            )
        elif folded and not all(text == text.casefold() for text in fact.type.values or ("?A",)):
            value = f"text.casefold() if (text := {value}) and not text.isspace() else None"
            name, always = f"{name}_folded", False
        if self._inline:
            text = value.format(it=reading.owner)
            return Local(name, "", text if text.replace(".", "").isidentifier() else f"({text})", always)
        return self.locals.setdefault(name, Local(name, reading.owner, value, always))

    def _written(self, condition: Condition, *, sure: bool) -> str:
        match condition:
            case All(parts=parts):
                return conjoined((self._written(part, sure=sure) for part in parts), "and")
            case AnyOf(parts=parts):
                return conjoined((self._written(part, sure=sure) for part in parts), "or")
            case Not(part=part):
                inner = self._written(part, sure=not sure)
                return {TRUE: FALSE, FALSE: TRUE}.get(inner, f"not {inner}")
            case Test(operand_get=None) if (fact := self.fact(condition.path)) is not None:
                text = self._test(fact, condition.operator.name, condition.operand, sure)
            case Elements() if (fact := self.fact(condition.path)) is not None:
                text = self._elements(fact, condition, sure)
            case _:
                text = None
        return text or (FALSE if sure else TRUE)

    def _elements(self, fact: Fact, condition: Elements, sure: bool) -> str:
        element = fact.type.element
        assert element is not None
        facts = element.fields or {"it": Fact("it", element, "", _itself, reading=_ELEMENT)}
        negated = condition.quantifier == "none"
        part = Writer(facts, inline=True)._written(condition.part, sure=sure is not negated)
        ask = "all" if condition.quantifier == "every" else "any"
        elements = self.local(fact)
        text = f"{'not ' if negated else ''}{ask}({part} for each in {elements.text})"
        return _where_known(elements, text, sure)

    def _test(self, fact: Fact, operator: str, operand: object, sure: bool) -> str | None:
        """A test of the core's operators; None for one whose answer depends on time, or is another's."""
        kind = fact.type.kind
        if operator == "known":
            return self._known(fact, bool(operand))
        if kind == "list":
            return self._list_test(fact, operator, operand, sure)
        if kind not in ("text", "number", "boolean"):
            return None
        value = self.local(fact, folded=kind == "text")
        if operator in ("is", "in", "not", "not_in"):
            values = operand if isinstance(operand, frozenset) else {operand}
            return _among(value, values, operator.startswith("not"), sure)
        if operator == "contains":
            return _where_known(value, f"{operand!r} in {value.text}", sure)
        if operator == "contains_any":
            found = conjoined((f"{text!r} in {value.text}" for text in sorted(operand)), "or")  # type: ignore[call-overload]
            return _where_known(value, found, sure)
        if operator == "matches":
            return _where_known(value, f"matches({value.text}, {operand!r})", sure)
        if operator in _SIGNS and kind == "number":
            return _where_known(value, f"{value.text} {_SIGNS[operator]} {operand!r}", sure)
        return None

    def _known(self, fact: Fact, wanted: bool) -> str:
        value = self.local(fact, folded=fact.type.kind == "text")
        if fact.type.kind == "list":
            return f"bool({value.text}) is {wanted}"
        if value.always:
            return TRUE if wanted else FALSE
        return f"{value.text} is {'not ' if wanted else ''}None"

    def _list_test(self, fact: Fact, operator: str, operand: object, sure: bool) -> str | None:
        if operator == "count" and isinstance(operand, tuple):
            elements = self.local(fact)
            tests = (f"len({elements.text}) {_SIGNS[name]} {number!r}" for name, number in operand)
            return _where_known(elements, conjoined(tests, "and"), sure)
        if operator not in ("contains", "contains_any") or fact.type.element is None:
            return None
        values = operand if isinstance(operand, frozenset) else {operand}
        elements = self.local(fact, folded=True)
        return _where_known(elements, f"not {literal(values)}.isdisjoint({elements.text})", sure)


def _itself(subject: object) -> object:
    return subject


def _among(value: Local, values: Iterable[object], negated: bool, sure: bool) -> str:
    """Whether a value is (not) one of these; None, which is unknown, counts as what is asked for."""
    known = frozenset(values)
    with_unknown = not value.always and sure is negated
    wanted = known | {None} if with_unknown else known
    if len(wanted) == 1 and not with_unknown:
        return f"{value.text} {'!=' if negated else '=='} {next(iter(wanted))!r}"
    return f"{value.text} {'not ' if negated else ''}in {literal(wanted)}"


def _where_known(value: Local, text: str, sure: bool) -> str:
    """A test that only a known value can answer."""
    if value.always:
        return text
    return (
        conjoined((f"{value.text} is not None", text), "and") if sure else f"({value.text} is None or {text})"
    )
