"""Writes docs/rules-reference.md from the types and tables that the loader itself uses.

python docs/generate_reference.py             writes the page
python docs/generate_reference.py --check     exits 1 if the page is stale
"""

from __future__ import annotations

import argparse
import sys
import types
import typing
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from reference_words import COMBINING

from followup import Engine, sources, test_sources
from followup.calendars import NAMED
from followup.events import EVENT_TYPES, Concern, Mistake
from followup.fields import FactType
from followup.records import DayOrTime
from followup.rules import CANDIDATE_FACTS
from followup.vocabulary import KNOWN_CHANNELS, SELECTORS, Vocabulary

PAGE = Path(__file__).parent / "rules-reference.md"

HEAD = """# Rules reference

Every key, operator, fact, event type, intent and recipient of the core. This page is made by
`python docs/generate_reference.py` from the types that the loader itself reads; do not edit it. What plugins
add, `followup plugins show NAME` tells. What it all means is said in [semantics](semantics.md); how to begin,
in [Write your first rule](write-a-rule.md).

"""

WORDS: tuple[tuple[Any, str], ...] = (
    (sources.Duration, "duration"),
    (sources.Condition, "condition"),
    (sources.Patterns, "event patterns"),
    (sources.Texts, "text, or a list of texts"),
    (sources.Advice, "text, or a list of texts"),
    (sources.Text, "text"),
    (sources.RuleSource, "a [rule](#rules)"),
    (sources.GuardSource, "a [guard](#guards)"),
    (sources.EventSource, "an [event type](#events)"),
    (sources.RepeatSource, "a [repetition](#repeat)"),
    (sources.PluginsSource, "`deny:` and a list of names of plugins"),
    (test_sources.TestSource, "a [test](#tests)"),
    (test_sources.ExpectationSource, "an [expectation](#expect)"),
    (test_sources.StepSource, "a [later moment](#then)"),
    (test_sources.ReviewSource, "a [text to read](#review)"),
    (test_sources.Finds, "list: a review's name, or a [finding](#finds)"),
    (Concern, "a [concern](#interview)"),
    (Mistake, "a [mistake](#interview)"),
    (DayOrTime, "day or time"),
    (datetime, "time"),
    (str, "text"),
    (int, "whole number"),
    (bool, "`true` or `false`"),
    (Any, "anything"),
    (dict[str, Any], "mapping"),
    (int | str, "whole number, or `$name`"),
    (bool | str | dict[str, Any] | None, "`true`, or a mapping"),
    (str | list[str | dict[str, Any]], "channel, or a list of channels"),
)
"""What stands in a file where the types say this; the first that fits."""

KINDS = {"moment": "day or time", "elapsed": "time gone by", "boolean": "true or false"}


def main() -> int:
    """Write or check the page; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="exit 1 if the page is stale; write nothing")
    check = parser.parse_args().check
    wanted = page(Engine.load(plugins=False, builtin=False).vocabulary)
    if check:
        if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == wanted:
            return 0
        sys.stderr.write(f"{PAGE.name} is stale; run `python docs/generate_reference.py`\n")
        return 1
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


def page(vocabulary: Vocabulary) -> str:
    """The whole page."""
    return HEAD + "\n".join(
        (
            *_files(),
            *_operators(vocabulary),
            *_facts(vocabulary),
            *_events(),
            *_names(vocabulary),
        )
    )


def _files() -> Iterator[str]:
    yield from _keys("## `scenario.yaml`", sources.ScenarioSource)
    yield from _keys("### `rules`", sources.RuleSource)
    yield from _keys("### `repeat`", sources.RepeatSource)
    yield from _keys("### `guards`", sources.GuardSource)
    yield "A guard has at least one of `hold`, `space`, `cap`, `forbid`, `route` and `custom`. `for` tests:\n"
    yield from _table(
        ("of a follow-up", "meaning"), ((f"`{n}`", f.about) for n, f in CANDIDATE_FACTS.items())
    )
    yield from _keys("### `parameters`", sources.ParameterSource)
    yield from _keys("### `events`", sources.EventSource)
    yield from _keys("## `settings.yaml`", sources.SettingsSource)
    yield from _keys("## `tests.yaml`", test_sources.TestsSource)
    yield from _keys("### `tests`", test_sources.TestSource)
    yield from _keys("### `then`", test_sources.StepSource)
    yield from _keys("### `expect`", test_sources.ExpectationSource)
    yield from _keys("### `review`", test_sources.ReviewSource)
    yield from _keys("### `finds`", test_sources.FindingSource)
    yield from _keys("## Front matter of `messages/NAME.md`", sources.MessageSource)


def _keys(heading: str, struct: type[msgspec.Struct]) -> Iterator[str]:
    yield f"{heading}\n"
    yield f"{_doc(struct)}\n"
    yield from _table(("key", "value", "meaning"), _fields(struct))


def _fields(struct: type[msgspec.Struct], skip: Iterable[str] = ()) -> Iterator[tuple[str, str, str]]:
    """Key, value and meaning of each field; the ones that must be there are marked."""
    hints = typing.get_type_hints(struct, include_extras=True)
    for item in msgspec.structs.fields(struct):
        if item.name in skip:
            continue
        about = _needed(_described(hints[item.name]), f"{struct.__name__}.{item.encode_name}")
        if item.required:
            about = f"**required**; {about}"
        elif item.default not in (msgspec.NODEFAULT, None, "", (), {}) and item.default is not False:
            about = f"{about}; `{item.default}` where not given"
        yield f"`{item.encode_name}`", _value(hints[item.name]), about


def _value(hint: Any) -> str:
    for known, words in WORDS:
        if hint == known:
            return words
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is typing.Annotated:
        return _value(arguments[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in arguments)
    if origin in (typing.Union, types.UnionType):
        choices = [_value(choice) for choice in arguments if choice is not type(None)]
        return ", or ".join(dict.fromkeys(choices))
    if origin in (list, tuple):
        return f"list: {_value(arguments[0])}"
    if origin is dict:
        return f"mapping: name to {_value(arguments[1])}"
    raise TypeError(f"no words for {hint}")


def _described(hint: Any) -> str:
    """The description of an annotation: the last one is the closest to the field."""
    if typing.get_origin(hint) is typing.Annotated:
        found = [meta.description for meta in typing.get_args(hint)[1:] if getattr(meta, "description", None)]
        if found:
            return str(found[-1])
        return _described(typing.get_args(hint)[0])
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = [_described(choice) for choice in typing.get_args(hint) if choice is not type(None)]
        return next(filter(None, inner), "") if len(inner) == 1 else ""
    return ""


def _needed(about: str, name: str) -> str:
    if not about:
        raise LookupError(
            f"nothing says what `{name}` is; describe it with `Meta(description=…)` at its type"
        )
    return about


def _operators(vocabulary: Vocabulary) -> Iterator[str]:
    yield "## Operators\n"
    yield (
        "A condition is a mapping of facts to tests. `stage: awaiting` means `{is: awaiting}`, "
        "`stage: [awaiting, offer]` means `{in: [awaiting, offer]}`. An operator marked with * may also name "
        "another fact. Texts are compared without case.\n"
    )
    rows = []
    for name, operator in sorted(vocabulary.operators.items()):
        kinds = ", ".join(KINDS.get(kind, kind) for kind in sorted(operator.kinds)) or "every kind"
        rows.append((f"`{name}`{'*' if operator.refers else ''}", kinds, operator.about))
    yield from _table(("operator", "fits facts that are", "the fact"), rows)
    rows = [(f"`{name}`", takes, about) for name, takes, about in COMBINING]
    yield from _table(("word", "takes", "meaning"), rows)


def _facts(vocabulary: Vocabulary) -> Iterator[str]:
    yield "## Facts\n"
    yield (
        "What is not in the state is not known. `person` is whom the follow-up is for, `occasion` the "
        "interview that it belongs to.\n"
    )
    plain = [f for f in vocabulary.facts.values() if f.path.partition(".")[0] not in ("last", "count")]
    rows = ((f"`{fact.path}`", _kind(fact.type), _needed(fact.about, fact.path)) for fact in plain)
    yield from _table(("fact", "type", "meaning"), rows)
    records = {_shape(f.type): f for f in plain if f.type.element is not None and f.type.element.fields}
    for shape, fact in records.items():
        same = [f"`{other.path}`" for other in plain if _shape(other.type) == shape]
        yield f"Facts of one element of {', '.join(same)}:\n"
        assert fact.type.element is not None
        elements = fact.type.element.fields.values()
        rows = (
            (f"`{inner.path}`", _kind(inner.type), _needed(inner.about, inner.path)) for inner in elements
        )
        yield from _table(("fact", "type", "meaning"), rows)
    yield "### Facts of events\n"
    yield (
        "The last event of a type, how many of them there are, and, for a rule that hangs on that type, its "
        "anchor. What each field holds stands under [Events](#events-1).\n"
    )
    events: list[tuple[str, str, str]] = []
    for name in vocabulary.event_names:
        fields = vocabulary.fields_of(name)
        last = ", ".join(f"`{p}`" for p in vocabulary.facts if p.startswith(f"last.{name}."))
        events.append((f"`count.{name}`", last, ", ".join(f"`anchor.{field}`" for field in fields)))
    yield from _table(("how many", "of the last", "of the anchor"), events)
    yield "Every anchor has `anchor.type` and `anchor.id` as well.\n"


def _shape(type_: FactType) -> tuple[str, ...]:
    return tuple(type_.element.fields) if type_.element is not None else ()


def _kind(type_: FactType) -> str:
    if type_.values:
        return ", ".join(f"`{value}`" for value in type_.values)
    if type_.kind == "list":
        return f"list: {_kind(type_.element)}" if type_.element else "list"
    return KINDS.get(type_.kind, type_.kind)


def _events() -> Iterator[str]:
    yield "## Events\n"
    yield (
        "Each has a `type`, the time `at` which it happened, and an `id` where others should name it. Times "
        "are ISO 8601; without an offset they are taken in the candidate's time zone.\n"
    )
    for name, kind in EVENT_TYPES.items():
        yield f"### `{name}`\n"
        yield f"{_doc(kind)}\n"
        rows = list(_fields(kind, skip=("at", "id")))
        if rows:
            yield from _table(("field", "value", "meaning"), rows)
        for record in (Concern, Mistake) if name == "interview" else ():
            yield f"A {record.__name__.lower()}: {_doc(record)}\n"
            yield from _table(("field", "value", "meaning"), _fields(record))


def _names(vocabulary: Vocabulary) -> Iterator[str]:
    yield "## Intents\n"
    yield "`sent` and `called` events carry one too. A scenario may add more under `intents:`.\n"
    rows: Iterable[tuple[str, ...]] = ((f"`{name}`", about) for name, about in vocabulary.intents.items())
    yield from _table(("intent", "what it is for"), rows)
    yield "## Recipients\n"
    yield (
        "What stands in `to:`. A list is a line, of which the first is taken whom an allowed channel "
        "reaches; `each interviewer` and `self` stand alone. A role is found in the state's own words: a "
        '"Senior Recruiter" is a recruiter.\n'
    )
    yield from _table(("`to`", "who"), ((f"`{name}`", about) for name, about in SELECTORS.items()))
    yield "## Channels\n"
    yield (
        "What stands in `via:`. These may be named without being installed; the plan then says what to "
        "install.\n"
    )
    rows = [("`self`", "the core")] + [(f"`{n}`", f"`{package}`") for n, package in KNOWN_CHANNELS.items()]
    yield from _table(("channel", "comes with"), rows)
    yield "## Calendars\n"
    yield "What `prefer:` and `hold: {outside: …}` may name.\n"
    yield from _table(("name", "moments"), ((f"`{name}`", about) for name, about in NAMED.items()))


def _doc(kind: type) -> str:
    return " ".join((kind.__doc__ or "").split())


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in row) + " |"
    yield ""


if __name__ == "__main__":
    sys.exit(main())
