"""Expressions: compiled and checked when a rule is read, asked while a state is evaluated.

CEL compiles in an environment of typed variables. Here these are the facts that an expression names and that
stay as they are until something happens. A fact that is not known is left out: CEL then gives an error,
which `&&`, `||`, `exists` and `all` pass over where the rest decides. That is the third value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from followup.calendars import Calendar
from followup.errors import did_you_mean
from followup.fields import Fact, FactType
from followup.hookspecs import Mistake, Question
from followup_cel.tokens import Token, tokens

if TYPE_CHECKING:
    from cel_expr_python.cel import Env, Expression

__all__ = ["LONGEST", "compiled"]

LONGEST = 500
"""Characters. CEL itself bounds the depth, and the steps of each evaluation."""

LONGEST_PATTERN = 100
_HALF = re.compile("[\ud800-\udfff]")
_COSTLY = re.compile(r"\{\s*\d|\\[pPxuU0-9]")
"""In a pattern: what makes it many times as large as it looks, or hides that."""

FUNCTIONS = (
    "all", "contains", "double", "endsWith", "exists", "exists_one", "filter", "int", "matches", "size",
    "startsWith", "string",
)  # fmt: skip
_TIME = "write what hangs on time as a test beside `cel:`, such as `decision_date: {before: now}`"
REFUSED: Mapping[str, str] = {
    "has": "write `{known: true}` as a test of that fact, beside `cel:`",
    "map": "write `exists`, `all` or `filter` over the list itself",
    "dyn": "leave it out; each fact has one type",
    "type": "leave it out; each fact has one type",
    **dict.fromkeys(("timestamp", "duration", "now"), _TIME),
}
"""What CEL or its users know and a rule does not get, with what to write instead."""

_BESIDE: Mapping[str, str] = {
    "moment": "{}: {{before: now}}",
    "elapsed": "{}: {{at_least: 1 week}}",
    "clock": "{}: {{during: business hours}}",
}
_ERROR = re.compile(r"^(?:[A-Z_]+: )?ERROR: <input>:([0-9]+):([0-9]+): (.*?)(?: \[[A-Z_]+\])?$", re.MULTILINE)
_UNDECLARED = re.compile(r"undeclared reference to '([^']*)'")
_MISFIT = re.compile(r"found no matching overload for '([^']*)' applied to '\(?(.*?)\)?'")
_OPERATOR = re.compile(r"_?([^_a-z]+)_")
_TYPES = {"int": "a number", "double": "a fraction", "string": "a text", "bool": "true or false"}


def compiled(expression: str, facts: Mapping[str, Fact]) -> Question | Sequence[Mistake]:
    """What the expression asks, or all that is wrong with it."""
    half = _HALF.search(expression)
    if half:
        cure = "write the whole character, or leave it out"
        return (Mistake("half a character cannot be read", cure, half.start()),)
    words = tuple(tokens(expression))
    calls, hidden = (*_calls(words), *_patterns(words)), tuple(_hidden(words, facts))
    if calls:
        return sorted((*calls, *hidden), key=attrgetter("index"))
    named = {path: _type(facts[path].type) or "DYN" for path in _named(words, facts)}
    try:
        program = _environment(named).compile(expression)
    except RuntimeError as error:
        told = (*hidden, *_told(str(error), expression, facts))
        return sorted(told, key=attrgetter("index"))
    if hidden:
        return hidden
    if _type_name(program) != "BOOL":
        given = _TYPES.get(_type_name(program).lower(), "something else")
        return (Mistake(f"the expression gives {given}; a condition is true or false", "compare it"),)
    reads = tuple(path for path in named if not _compiles(expression, named, without=path))
    if not reads:
        return (Mistake("the expression names no fact, so it is always the same", "name one"),)
    return tuple(_values(words, facts)) or Question(reads, _asking(program))


def _asking(program: Expression) -> Callable[[Mapping[str, Any], Calendar], bool | None]:
    def holds(known: Mapping[str, Any], calendar: Calendar) -> bool | None:
        try:
            value = program.eval(data={path: _plain(value) for path, value in known.items()}).value()
        except RuntimeError:
            return None
        return value if isinstance(value, bool) else None

    return holds


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _type(type_: FactType) -> str:
    """The type in CEL; empty for what an expression cannot see."""
    plain = {"text": "STRING", "number": "INT", "boolean": "BOOL"}
    if type_.kind == "list" and type_.element:
        element = plain.get(type_.element.kind, "")
        return element and f"LIST {element}"
    return plain.get(type_.kind, "")


def _environment(named: Mapping[str, str]) -> Env:
    from cel_expr_python import cel

    def of(name: str) -> cel.Type:
        listed, _, element = name.rpartition(" ")
        type_: cel.Type = getattr(cel.Type, element)
        return cel.Type.List(type_) if listed else type_

    return cel.NewEnv(variables={path: of(type_) for path, type_ in named.items()})


def _compiles(expression: str, named: Mapping[str, str], *, without: str) -> bool:
    try:
        _environment({path: type_ for path, type_ in named.items() if path != without}).compile(expression)
    except RuntimeError:
        return False
    return True


def _type_name(program: Expression) -> str:
    return str(program.return_type().name())


def _named(words: Sequence[Token], facts: Mapping[str, Fact]) -> Iterator[str]:
    """The facts that the expression may name, in order, each once."""
    paths = (path for word in words if word.kind == "name" for path in _beginnings(word.text))
    return (path for path in dict.fromkeys(paths) if path in facts)


def _beginnings(name: str) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def _calls(words: Sequence[Token]) -> Iterator[Mistake]:
    """Functions that there are not: only those are let in whose cost is bounded by what they are given."""
    for word, following in pairwise(words):
        name = word.text.rpartition(".")[2]
        index = word.index + len(word.text) - len(name)
        if word.kind != "name" or (following.text == "(" and name in (*FUNCTIONS, "in")):
            continue
        if following.text == "(":
            cure = REFUSED.get(name) or (_TIME if name.startswith("get") else did_you_mean(name, FUNCTIONS))
            yield Mistake(
                f"no function is named `{name}`", cure or f"there are {', '.join(FUNCTIONS)}", index
            )
        elif following.text == "{":
            yield Mistake(f"`{word.text}` cannot be made here", "compare facts with plain values", word.index)


def _patterns(words: Sequence[Token]) -> Iterator[Mistake]:
    """Patterns that may be costly: CEL compiles a pattern anew for each element that it is asked about."""
    cure = "write `text.matches('…')` with one plain text"
    for at, word in enumerate(words[:-1]):
        if word.text.rpartition(".")[2] != "matches" or words[at + 1].text != "(" or word.kind != "name":
            continue
        given = words[at + 2 : at + 4]
        called_on_a_text = "." in word.text or (at > 0 and words[at - 1].text == ".")
        if not called_on_a_text or [each.kind for each in given] != ["text", "sign"] or given[1].text != ")":
            yield Mistake("`matches` takes a pattern that stands there in full", cure, word.index)
        elif len(given[0].inside) > LONGEST_PATTERN:
            told = f"the pattern is longer than {LONGEST_PATTERN} characters"
            yield Mistake(told, "shorten it, or write several `matches`", given[0].index)
        elif _COSTLY.search(given[0].inside):
            told = "a pattern has no counts (`{3}`), classes of Unicode (`\\pL`) and escapes by number"
            yield Mistake(told, "write out what it stands for, or use `*`, `+` and `.`", given[0].index)


def _hidden(words: Sequence[Token], facts: Mapping[str, Fact]) -> Iterator[Mistake]:
    """Facts that an expression cannot see."""
    for word in words:
        path = next((path for path in _beginnings(word.text) if path in facts), "")
        if word.kind != "name" or not path or _type(facts[path].type):
            continue
        type_ = facts[path].type
        beside = _BESIDE.get(type_.kind)
        if beside is None:
            cure = f"ask it beside `cel:`, as `{path}: {{some: …}}`"
            yield Mistake(f"`{path}` is {type_}, which CEL is not given", cure, word.index)
        else:
            told = f"`{path}` changes as time goes by; CEL says what is so, and cannot say until when"
            cure = f"write it as a test beside `cel:`, such as `{beside.format(path)}`"
            yield Mistake(told, cure, word.index)


def _values(words: Sequence[Token], facts: Mapping[str, Fact]) -> Iterator[Mistake]:
    """Values that the fact they are compared with cannot have."""
    for fact, text in _compared(words):
        values = facts[fact.text].type.values if fact.text in facts else ()
        if values and text.inside not in values:
            cure = did_you_mean(text.inside[:60], values)
            yield Mistake(f"`{text.inside[:60]}` is not a value of `{fact.text}`", cure, text.index)


def _compared(words: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    for left, sign, right in zip(words, words[1:], words[2:], strict=False):
        sides = {left.kind: left, right.kind: right}
        if sign.text in ("==", "!=") and set(sides) == {"name", "text"}:
            yield sides["name"], sides["text"]
    for at, word in enumerate(words[:-2]):
        if word.kind == "name" and words[at + 1].text == "in" and words[at + 2].text == "[":
            yield from ((word, item) for item in _until(words[at + 3 :], "]") if item.kind == "text")


def _until(words: Sequence[Token], sign: str) -> Iterator[Token]:
    for word in words:
        if word.text == sign:
            return
        yield word


def _told(error: str, expression: str, facts: Mapping[str, Fact]) -> Iterator[Mistake]:
    """CEL's messages in the words of the rule language."""
    found = _ERROR.findall(error)
    if not found:
        yield Mistake(
            "the expression is nested too deeply", "use fewer brackets, or several `cel:` under `all:`"
        )
    lines = expression.split("\n")
    for line, column, text in found:
        index = sum(len(each) + 1 for each in lines[: int(line) - 1]) + int(column) - 1
        undeclared, misfit = _UNDECLARED.match(text), _MISFIT.match(text)
        if undeclared:
            name = undeclared[1]
            begins = index - len(name.rpartition(".")[0])
            yield Mistake(f"no fact is named `{name[:60]}`", did_you_mean(name[:60], _visible(facts)), begins)
        elif misfit:
            yield Mistake(*_misfit(misfit[1], misfit[2]), index)
        elif text.startswith("Syntax error"):
            cure = "write it as `rounds >= 2 && company.culture == 'relaxed'`"
            index = max(0, min(index, len(expression) - 1))
            yield Mistake("CEL cannot read the expression from here on", cure, index)
            return
        else:
            yield Mistake(f"CEL: {text[:120]}", "", index)


def _misfit(function: str, types: str) -> tuple[str, str]:
    operator = _OPERATOR.fullmatch(function)
    shown = operator[1] if operator else function.strip("_@")
    sides = [_TYPES.get(type_.strip(), f"`{type_.strip()}`") for type_ in types.split(", ")]
    return f"`{shown}` does not go with {' and '.join(sides)}", "compare values of one type"


def _visible(facts: Mapping[str, Fact]) -> Iterable[str]:
    return [path for path, fact in facts.items() if _type(fact.type)]
