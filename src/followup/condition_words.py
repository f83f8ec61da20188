"""Conditions in the words of everybody, for pages and pictures: `at least 2 of your strengths are noted`.

What has no words here is told as the rule file has it, in backticks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from followup.conditions import All, AnyOf, Condition, Elements, Not, Test
from followup.fact_words import general_name, general_value
from followup.telling import intent_words, listed, message_words, stage_words

__all__ = ["condition_words"]

_COUNTED: Mapping[str, tuple[str, str]] = {
    "concerns": ("doubt that they raised", "doubts that they raised"),
    "insights": ("fitting thing of yours to share", "fitting things of yours to share"),
    "interviewers": ("interviewer", "interviewers"),
    "mistakes": ("mistake of yours", "mistakes of yours"),
    "questions": ("question that was left open", "questions that were left open"),
    "strengths": ("strength of yours", "strengths of yours"),
    "topics": ("topic that you talked about", "topics that you talked about"),
    "unclear": ("unclear point of the offer", "unclear points of the offer"),
    "wishes": ("point that you would negotiate", "points that you would negotiate"),
    "without_email": ("interviewer without a working address", "interviewers without a working address"),
}
_ELEMENTS: Mapping[str, str] = {
    "correction known true": "you know how to put it right",
    "evidence known true": "you have something to say against it",
    "evidence known false": "you have nothing to say against it yet",
    "gap is true": "it is a real gap",
    "gap not true": "it is no real gap",
}
_WHOLE: Mapping[str, tuple[str, str]] = {
    "anchor.id is promise.id": ("it is the promise that counts now", "it is not the promise that counts now"),
    "channel not_in instructions.channels": (
        "they did not name it as a way to reach them",
        "they named it as a way to reach them",
    ),
    "person.id not instructions.contact": (
        "they asked candidates to write to somebody else",
        "they asked candidates to write to this person",
    ),
    "person.unanswered at_least 1": (
        "you have written to the person and have no answer",
        "nothing to the person stands unanswered",
    ),
    "last.called.outcome is call back": (
        "they asked you on the phone to call back",
        "they did not ask you on the phone to call back",
    ),
    "to is employer": ("it goes to them", "it does not go to them"),
    "to is self": ("it is for yourself", "it is not for yourself"),
}
_AS_NOTED = ", as far as is noted"
_QUANTITIES = {"some": "at least one", "every": "each", "none": "none"}
_MEASURES = {"at_least": "at least", "at_most": "at most", "more_than": "more than", "less_than": "less than"}


def condition_words(condition: Condition, titles: Mapping[str, str] | None = None) -> str:
    """A condition as a clause; `titles` are those of rules by name."""
    return _clause(condition, titles or {}, so=True)


def _clause(condition: Condition, titles: Mapping[str, str], *, so: bool) -> str:
    match condition:
        case All(parts=parts) | AnyOf(parts=parts) if not parts:
            return "always" if isinstance(condition, All) is so else "never"
        case All() | AnyOf():
            return _compound(condition, titles, so=so)
        case Not(part=part):
            return _clause(part, titles, so=not so)
        case Elements(path=path, quantifier=quantifier, part=part) if so:
            of = _COUNTED.get(path.rpartition(".")[2], ("", f"`{path}`"))[1]
            return f"for {_QUANTITIES[quantifier]} of the {of}, {_element(part)}"
        case Test():
            return _test(condition, titles, so=so)
    return f"{'' if so else 'it is not so that '}`{condition.text.replace('`', chr(39))}`"


def _compound(condition: All | AnyOf, titles: Mapping[str, str], *, so: bool) -> str:
    """Parts with `and` or `or`; a compound of the other kind inside says where it begins."""
    parts = _flat(condition)
    together = isinstance(condition, All) is so
    if together and so:
        parts = _without_implied(parts)
    elif so and len(parts) == 2 and (shown := _as_far_as_noted(parts)) is not None:
        return f"{_clause(shown, titles, so=True)}{_AS_NOTED}"
    told = []
    for part in parts:
        words = _clause(part, titles, so=so)
        inner = part.part if isinstance(part, Not) else part
        nested = inner.part if isinstance(inner, Elements) and not together else inner
        compound = isinstance(nested, All | AnyOf) and len(nested.parts) > 1
        if compound and not words.endswith(_AS_NOTED) and (", and " in words or " or " in words):
            words = f"either {words}" if together else f"({words})"
        told.append(words)
    return (", and " if together and len(told) > 1 else " or ").join(told)


def _flat(condition: All | AnyOf) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for part in condition.parts:
        same = isinstance(part, All | AnyOf) and isinstance(part, All) is isinstance(condition, All)
        found += _flat(part) if same and isinstance(part, All | AnyOf) else [part]
    return tuple(found)


def _without_implied(parts: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Without the tests that a fact is known where another test asks more of it."""
    asked = {part.path for part in parts if isinstance(part, Test) and not _asks_known(part, True)}
    return tuple(p for p in parts if not (_asks_known(p, True) and isinstance(p, Test) and p.path in asked))


def _as_far_as_noted(parts: tuple[Condition, ...]) -> Condition | None:
    """Of `it is not known, or it is so` the second."""
    first, second = parts
    same = isinstance(first, Test) and isinstance(second, Test) and first.path == second.path
    return second if same and _asks_known(first, False) else None


def _asks_known(condition: Condition, wanted: bool) -> bool:
    return isinstance(condition, Test) and condition.operator.name == "known" and condition.operand is wanted


def _element(part: Condition) -> str:
    if isinstance(part, All | AnyOf):
        return (" and " if isinstance(part, All) else " or ").join(map(_element, part.parts))
    return _ELEMENTS.get(part.text.lower(), f"`{part.text}`")


def _test(test: Test, titles: Mapping[str, str], *, so: bool) -> str:
    if test.text in _WHOLE:
        return _WHOLE[test.text][0 if so else 1]
    name, operator, operand = general_name(test.path), test.operator.name, test.operand
    negative = operator in ("not", "not_in")
    wanted = so is not negative
    values = _values(operand)
    match operator:
        case "is" | "in" | "not" | "not_in" if not test.operand_path:
            told = _equal(test.path, values, titles, wanted=wanted)
            if told:
                return told
        case "known":
            return _noted(name, wanted=operand is so)
        case "count" if so:
            return _counted(test.path, operand)
        case "during":
            return f"it is {'' if so else 'not '}{operand} there"
        case "older_than":
            return f"{name} was {'' if so else 'not '}more than {operand} ago"
        case "within":
            return f"{name} is {'' if so else 'not '}at most {operand} ahead"
        case "after" | "before" if test.operand_path:
            return f"{name} was {'' if so else 'not '}{operator} {general_name(test.operand_path)}"
        case "after" | "before" if operand == "now":
            return f"{name} {'has passed' if (operator == 'before') is so else 'has not passed'}"
        case "contains" if test.path == "person.written_for":
            return f"you have {'' if so else 'not '}written to the person{intent_words(str(operand))}"
        case "at_least" | "at_most" | "more_than" | "less_than" if so:
            measure = f"{_MEASURES[operator]} {'one' if str(operand) == '1' else operand}"
            if test.path == "rounds":
                return f"you have had {measure} interview{'' if str(operand) == '1' else 's'}"
            return f"{name} is {measure}"
    return f"{'' if so else 'it is not so that '}`{test.text.replace('`', chr(39))}`"


def _values(operand: Any) -> tuple[str, ...]:
    if isinstance(operand, bool):
        return (str(operand).lower(),)
    return (
        tuple(sorted(map(str, operand))) if isinstance(operand, frozenset | tuple | list) else (str(operand),)
    )


def _equal(path: str, values: Iterable[str], titles: Mapping[str, str], *, wanted: bool) -> str:
    """That a fact has one of these values, or none of them; empty where there are no words for it."""
    values = list(values)
    if path == "stage":
        stages = listed([stage_words(value) for value in values], "or")
        return stages if wanted else f"it is not so that {stages}"
    if path == "rule":
        rules = listed([f"“{titles.get(value) or value}”" for value in values], "or")
        return f"it is {rules}" if wanted else f"it is not {rules}"
    if path == "intent":
        return f"it is {'' if wanted else 'not '}{message_words(values)}"
    told = [general_value(path, value) for value in values]
    if not all(told):
        return ""
    if wanted:
        return listed(told, "or")
    denied = [words.replace(" is ", " is not ", 1) for words in told]
    if all(" is not " in words for words in denied):
        return listed(denied)
    return f"it is not so that {listed(told, 'or')}"


def _noted(name: str, *, wanted: bool) -> str:
    if name.startswith(("whether ", "how ", "who", "which ", "until ", "what ", "why ")):
        return f"it is {'' if wanted else 'not '}noted {name}"
    return f"{name} is {'' if wanted else 'not '}noted"


def _counted(path: str, operand: Iterable[tuple[str, int]]) -> str:
    one, many = _COUNTED.get(path.rpartition(".")[2], (f"entry of `{path}`", f"entries of `{path}`"))
    told = []
    for operator, number in operand:
        noun = one if number in (0, 1) else many
        if number == 0 and operator == "is":
            told.append(f"no {noun} is noted")
        else:
            size = f"{_MEASURES.get(operator, 'just')} {number if number != 1 else 'one'} {noun}"
            told.append(f"{size} {'is' if number == 1 else 'are'} noted")
    return " and ".join(told)
