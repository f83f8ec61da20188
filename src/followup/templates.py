"""Templates for messages, by people who are not trusted: texts, `{{ fact }}`, `{% if %}` and `{% for %}`.

Rendering is done by minijinja. What could reach for more than words is not there: no functions, no
macros, no includes, no variables of one's own, no multiplication (which can fill the memory), few
filters; loops run on bounded fuel, and both what goes in and what comes out is bounded.

A *phrase* is a template with a name, which stands in others as `{{ name }}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from typing import Any

import minijinja

from followup.errors import or_from_a_plugin

__all__ = ["MAX_OUTPUT", "TemplateProblem", "Templates", "Unknown"]

MAX_TEMPLATE = 20_000
MAX_OUTPUT = 20_000
"""The most characters that a rendered text may have."""
FUEL = 20_000
MAX_ITEMS = 50
MAX_TEXT = 2_000
TAGS = frozenset({"if", "elif", "else", "endif", "for", "endfor"})
FILTERS = frozenset(
    {"capitalize", "default", "first", "join", "last", "length", "lower", "sort", "title", "trim", "unique",
     "upper"}
)  # fmt: skip
_TAG = {"{{": "}}", "{%": "%}", "{#": "#}"}
_OPENING = re.compile("|".join(map(re.escape, _TAG)))


class Unknown(Exception):  # noqa: N818 (a fact that is not known is no error)
    """The text needs a fact that is not known, at this line of it (from 1)."""

    def __init__(self, text: str, line: int = 1) -> None:
        super().__init__(text)
        self.line = line


@dataclass
class TemplateProblem(Exception):  # noqa: N818 (it carries a problem)
    """What is wrong with a template, at which line of it (from 1)."""

    text: str
    cure: str
    line: int = 1


class Templates:
    """Checks templates, keeps them compiled, and renders them, with a set of filters and phrases."""

    def __init__(
        self, filters: Mapping[str, Callable[..., str]], phrases: Mapping[str, str] | None = None
    ) -> None:
        self.phrases: Mapping[str, str] = {name: _on_one_line(text) for name, text in (phrases or {}).items()}
        self._filters = tuple(sorted({*FILTERS, *filters}))
        self._compiled: set[str] = set()
        self._environment = self._made(filters)

    def _made(self, filters: Mapping[str, Callable[..., str]]) -> minijinja.Environment:
        environment = minijinja.Environment(trim_blocks=True, lstrip_blocks=True)
        environment.undefined_behavior = "semi_strict"  # type: ignore[assignment]  # newer than its types
        environment.debug = False
        environment.pycompat = False
        environment.auto_escape_callback = lambda _: False
        environment.fuel = FUEL
        for name in list(environment.globals):
            environment.remove_global(name)
        for name in _ALL_FILTERS - FILTERS:
            environment.remove_filter(name)
        for name, function in filters.items():
            environment.add_filter(name, _careful(name, function))
        return environment

    def variables(self, template: str) -> frozenset[str]:
        """The dotted names that a template uses. Raises TemplateProblem for what is not allowed."""
        self._compile(template)
        return frozenset(self._environment.undeclared_variables_in_template(template, nested=True))

    def _compile(self, template: str) -> None:
        """Take a template in, named by its own text. Raises TemplateProblem for what is not allowed."""
        if template in self._compiled:
            return
        if len(template) > MAX_TEMPLATE:
            raise TemplateProblem(f"the text is longer than {MAX_TEMPLATE} characters", "shorten it")
        for start, kind, code in _tags(template):
            _refuse(kind, code, template.count("\n", 0, start) + 1)
            self._refuse_hidden_phrase(code, template.count("\n", 0, start) + 1)
        try:
            self._environment.add_template(template, self._with_phrases(template))
        except minijinja.TemplateError as error:
            raise _grammar_problem(template, error) from None
        self._compiled.add(template)

    def unknown_filters(self, template: str) -> Iterator[TemplateProblem]:
        """A problem for each filter that a template names and that is none."""
        for start, kind, code in _tags(template):
            for match in _FILTER.finditer(code) if kind != "{#" else ():
                if match[1] not in self._filters:
                    line = template.count("\n", 0, start) + 1
                    yield TemplateProblem(f"filter {match[1][:40]} is unknown", self._near(match[1]), line)

    def _near(self, name: str) -> str:
        near = get_close_matches(name, self._filters, n=1)
        if near:
            return f"did you mean `{near[0]}`?"
        return or_from_a_plugin("known filters: " + ", ".join(self._filters))

    def _refuse_hidden_phrase(self, code: str, line: int) -> None:
        """Refuse a loop whose variable has the name of a phrase, which would stand in its place."""
        head, _, _ = code.strip("-+ \n\t").partition(" in ")
        first, *names = head.replace(",", " ").split() or [""]
        for name in names if first == "for" else ():
            if name in self.phrases:
                cure = "give the loop's variable another name"
                raise TemplateProblem(f"`{name}` is a phrase of the language", cure, line)

    def _with_phrases(self, template: str) -> str:
        """The template with its phrases put in, each on the line on which it is named."""

        def put(match: re.Match[str]) -> str:
            before, name, after = match.groups()
            phrase = self.phrases.get(name)
            if phrase is None:
                return match[0]
            # The empty texts keep what stands around it from being trimmed as it is around a tag.
            opening, closing = f'{{{{{before} "" }}}}', f'{{{{ "" {after}}}}}'
            return f"{opening}{{% filter trim %}}{phrase}{{% endfilter %}}{closing}"

        return _ALONE.sub(put, template)

    def render(self, template: str, facts: Mapping[str, Any]) -> str:
        """The text of a template, which is compiled when it is first asked for.

        Raises Unknown if a fact is missing, TemplateProblem if it cannot be rendered.
        """
        self._compile(template)
        try:
            text = self._environment.render_template(template, **facts)
        except _FilterFailed as failure:
            line = _line_of_filter(template, failure.name)
            if failure.told is None:
                raise Unknown(f"the filter `{failure.name}` got nothing", line) from None
            told = f"the filter `{failure.name}` cannot take this: {failure.told}"
            raise TemplateProblem(told, "check what stands before the `|`", line) from None
        except minijinja.TemplateError as error:
            if error.kind == "UndefinedError":
                raise Unknown(str(error.message), error.line or 1) from None
            if error.kind in ("UnknownFilter", "UnknownTest"):
                name = re.search(r"(?:filter|test) (\w+)", str(error.detail or ""))
                cure = self._near(name[1] if name else "")
                raise TemplateProblem(str(error.detail or error.kind), cure, error.line or 1) from None
            reason = (
                "the text loops too much" if error.kind == "OutOfFuel" else str(error.detail or error.kind)
            )
            raise TemplateProblem(reason, "simplify it", error.line or 1) from None
        if len(text) > MAX_OUTPUT:
            raise TemplateProblem(f"the text comes out longer than {MAX_OUTPUT} characters", "shorten it")
        return text


def _grammar_problem(template: str, error: minijinja.TemplateError) -> TemplateProblem:
    """What is wrong with the grammar of a template, in the words that help to mend it."""
    line, said = error.line or 1, str(error.detail or error.message)
    if "end of input" in said and (opened := _never_closed(template)) is not None:
        kind, at = opened
        return TemplateProblem(
            f"this `{{% {kind} %}}` is never closed", f"write `{{% end{kind} %}}` where it ends", at
        )
    if "end of variable block" in said:
        told = "a `{{` is not closed by `}}`"
        return TemplateProblem(told, "write `{{ fact }}`, two braces on each side and one name between", line)
    cure = "tags are `{{ fact }}`, `{% if fact %}…{% endif %}` and `{% for x in list %}…{% endfor %}`"
    return TemplateProblem(said, cure, line)


def _never_closed(template: str) -> tuple[str, int] | None:
    """The last `if` or `for` that lacks its end, and its line."""
    stack: list[tuple[str, int]] = []
    for start, kind, code in _tags(template):
        word = (code.strip("-+ \n\t").split() or [""])[0]
        if kind == "{%" and word in ("if", "for"):
            stack.append((word, template.count("\n", 0, start) + 1))
        elif kind == "{%" and word in ("endif", "endfor") and stack:
            stack.pop()
    return stack[-1] if stack else None


_ALONE = re.compile(r"\{\{(-?)\s*(\w+)\s*(-?)\}\}")


def _on_one_line(phrase: str) -> str:
    """The same template without line breaks: those that it prints are written as texts."""
    lines = [line.strip() for line in phrase.strip().splitlines()]
    ends = [line.endswith(("%}", "#}")) for line in lines]
    return "".join(line if end else line + '{{ "\\n" }}' for line, end in zip(lines, ends, strict=True))


@dataclass
class _FilterFailed(Exception):  # noqa: N818 (it is turned into a problem)
    """A filter could not be applied, and what it told; None where it got nothing."""

    name: str
    told: str | None = None


def _line_of_filter(template: str, name: str) -> int:
    found = re.search(rf"\|\s*{re.escape(name)}\b", template)
    return template.count("\n", 0, found.start()) + 1 if found else 1


def _careful(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, which is not asked about what is not known, and whose failure is a problem of the text."""

    def apply(value: Any, *arguments: Any, **named: Any) -> Any:
        if value is None:
            raise _FilterFailed(name)
        try:
            return function(value, *arguments, **named)
        except Exception as error:  # noqa: BLE001 (a filter may be anybody's)
            raise _FilterFailed(name, " ".join(str(error).split())[:80]) from None

    return apply


def bounded(value: Any) -> Any:
    """A plain value cut to what a template may get: the first items of a list, the beginning of a text."""
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else value[: MAX_TEXT - 1] + "…"
    if isinstance(value, Mapping):
        return {str(key): bounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [bounded(item) for item in value[:MAX_ITEMS]]
    return value


@lru_cache(maxsize=16)
def _tags(template: str) -> tuple[tuple[int, str, str], ...]:
    """The tags of a template: where each starts, how it opens, and what stands in it, quotes emptied."""
    tags: list[tuple[int, str, str]] = []
    at = 0
    while found := _OPENING.search(template, at):
        start, opening = found.start(), found[0]
        at, code, quote = start + 2, [], ""
        while at < len(template):
            character = template[at]
            if quote:
                at += 1 if character != "\\" else 2
                if character == quote:
                    quote = ""
                continue
            if template.startswith(_TAG[opening], at):
                break
            if character in "\"'" and opening != "{#":
                quote = character
            else:
                code.append(character)
            at += 1
        tags.append((start, opening, "".join(code)))
        at += 2
    return tuple(tags)


def _refuse(kind: str, code: str, line: int) -> None:
    words = code.strip("-+ \n\t").split()
    if kind == "{%" and (not words or words[0] not in TAGS):
        name = words[0] if words else ""
        cure = f"write `{{% end{words[1]} %}}`" if name == "end" and words[1:] else "only `if` and `for` are"
        raise TemplateProblem(f"the tag `{name[:40]}` is not allowed", cure, line)
    if kind == "{%" and words[:2] == ["else", "if"]:
        raise TemplateProblem("`else if` is written in one word", "write `{% elif fact %}`", line)
    if kind != "{#" and "*" in code:
        raise TemplateProblem("multiplication is not allowed in messages", "write the words out", line)
    if kind != "{#" and _SLICE.search(code):
        raise TemplateProblem("slices are not allowed in messages", "use `first`, or a loop", line)


_FILTER = re.compile(r"\|\s*([A-Za-z_]\w*)")
_SLICE = re.compile(r"\[[^\[\]]*:")

_ALL_FILTERS = frozenset(
    """
    abs attr batch bool capitalize chain count d default dictsort e escape filesizeformat first float format
    groupby indent int items join last length lines list lower map max min pluralize pprint reject rejectattr
    replace reverse round safe select selectattr slice sort split string striptags sum title tojson trim
    truncate unique upper urlencode wordwrap zip
    """.split()  # noqa: SIM905 (sixty names read better as words)
)
