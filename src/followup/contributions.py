"""What each hook may give: the type of its records, what names them, and what must hold of each.

A record that is not as it must be is refused in a sentence that says what to give instead.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from operator import attrgetter
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from followup.errors import did_you_mean

if TYPE_CHECKING:
    from followup.fields import Fact
    from followup.hookspecs import ConditionKind, GuardKind
    from followup.rules import EventType

__all__ = ["CONTRIBUTIONS", "WORD", "ContractError", "Contribution", "check_name", "claim_of", "shown"]


class ContractError(Exception):
    """A plugin does not keep the contract; the text says how, and how to mend it. The loader catches it."""


WORD = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_DOTTED = re.compile(rf"{_IDENTIFIER.pattern}(?:\.{_IDENTIFIER.pattern})+")
_SCHEME = re.compile(r"[a-z][a-z0-9]*(?:[+-][a-z0-9]+)*")
_TARGET = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*")
_CURES = {
    WORD: "write lower-case letters and digits, parted by `-` or `_`, such as `cover-letter`",
    _IDENTIFIER: "write lower-case letters and digits, parted by `_`, such as `at_least`",
    _SCHEME: "write the scheme of its URLs in lower-case letters, such as `postgresql`",
    _DOTTED: "write a namespace of the plugin's own, a dot and a name, such as `visa.expires`",
}


def check_name(name: object, pattern: re.Pattern[str], what: str) -> str:
    """The name, if it is spelt by the pattern; `what` says in the error whose name it is."""
    if isinstance(name, str) and pattern.fullmatch(name):
        return name
    raise ContractError(f"{what} is {shown(name)}; {_CURES[pattern]}")


def claim_of(name: str) -> str:
    """What a record's name occupies: the whole namespace of a fact, of anything else the name itself."""
    return name.partition(".")[0]


def shown(value: object) -> str:
    """A value that a plugin gave, short enough for a message."""
    return f"the class `{value.__name__}`" if isinstance(value, type) else f"`{value!r:.60}`"


_CHANNEL = "followup.channels:Channel"
_DELIVERER = "followup.delivery:Deliverer"


class Contribution(Struct, frozen=True):
    """The records of one hook: their type, what names them, what must hold, which names the core keeps.

    `table` is where the registry holds them, `record_type` their type as `module:name`, imported only when a
    plugin gives some; `other_types` are as good. `check` says what is wrong with a record of that type, or
    nothing.
    """

    word: str
    table: str
    record_type: str
    check: Callable[[Any], str] = lambda record: ""
    spelling: re.Pattern[str] = WORD
    name: Callable[[Any], object] = attrgetter("name")
    reserved: Callable[[], Iterable[str]] = tuple
    other_types: Callable[[], tuple[type, ...]] = tuple

    def name_of(self, record: object) -> str:
        """The name of a record that is as it must be; refuses any other."""
        type_: type = resolve_name(self.record_type)
        if isinstance(record, type) or not isinstance(record, (type_, *self.other_types())):
            raise ContractError(f"gave {shown(record)}; {self._cure(type_, record)}")
        name = check_name(self.name(record), self.spelling, f"the {self.word}'s name")
        complaint = self.check(record)
        if complaint:
            raise ContractError(f"the {self.word} `{name}`: {complaint}")
        return name

    def _cure(self, type_: type, record: object) -> str:
        wanted = self.record_type.replace(":", ".")
        if isinstance(record, type):
            return f"give an object made from it: `{record.__name__}(…)`"
        if self.record_type in (_CHANNEL, _DELIVERER):
            missing = [f"`{n}`" for n in vars(type_) if not n.startswith("_") and not hasattr(record, n)]
            return f"it is no `{wanted}` without {', '.join(missing)}"
        return f"give an object of `{wanted}`"


def _callables(*attributes: str) -> Callable[[Any], str]:
    def check(record: Any) -> str:
        wrong = [f"`{a}` must be a function" for a in attributes if not callable(getattr(record, a))]
        return "; ".join(wrong)

    return check


def _check_channel(channel: Any) -> str:
    from followup.channels import Limits

    if not isinstance(channel.label, str) or not channel.label.strip():
        return "`label` must be the name that people read, such as `Email`"
    if channel.direction not in ("employer", "self"):
        return f"`direction` is {shown(channel.direction)}; it must be `employer` or `self`"
    if not isinstance(channel.limits, Limits):
        return f"`limits` is {shown(channel.limits)}; it must be a `followup.channels.Limits`"
    return _callables("reaches", "compose", "review")(channel)


def _folder_with(file: str) -> Callable[[Any], str]:
    def check(folder: Path) -> str:
        if not folder.is_absolute():
            return f"`{folder}` is not absolute; start from `Path(__file__).parent`"
        if not (folder / file).is_file():
            return f"`{folder}` holds no `{file}`; see that the distribution installs its files"
        return ""

    return check


def _check_schema(schema: object) -> str:
    from followup.shapes import schema_complaint

    if not isinstance(schema, Mapping):
        return f"{shown(schema)} is not a JSON Schema; write a mapping such as `{{'type': 'string'}}`"
    complaint = schema_complaint(schema)
    return f"{shown(schema)} is not a JSON Schema of draft 7: {complaint}" if complaint else ""


def _check_event_type(event: EventType) -> str:
    from followup.shapes import field_complaint

    for name, schema in event.fields.items():
        complaint = field_complaint(schema)
        if complaint:
            return f"the field `{name}`: {complaint}"
    for name in (*event.required, *event.people):
        if name not in event.fields:
            return f"`{name}` is not among its fields; {did_you_mean(name, event.fields)}"
    return ""


def _check_fact(fact: Fact) -> str:
    from followup.fields import FactType

    if not isinstance(fact.type, FactType):
        return f"`type` is {shown(fact.type)}; it must be a `followup.facts.FactType`"
    return _callables("get")(fact)


def _check_guard_kind(kind: GuardKind) -> str:
    return _callables("allowed")(kind) or _check_schema(kind.schema)


def _check_condition_kind(kind: ConditionKind) -> str:
    return _callables("compile")(kind) or _check_schema(kind.schema)


def _check_command(command: Any) -> str:
    target = getattr(command, "target", "module:name")
    if isinstance(target, str) and _TARGET.fullmatch(target):
        return ""
    return f"`target` is {shown(target)}; write `module:name`, such as `followup_letter.command:letter`"


def _click_commands() -> tuple[type, ...]:
    # Whoever gives a click command has imported click.
    click = sys.modules.get("click")
    return (click.Command,) if click else ()


@cache
def _core_namespaces() -> frozenset[str]:
    from followup.state import InterviewState
    from followup.vocabulary import core_fact_table

    return frozenset({*map(claim_of, core_fact_table()), "anchor", *InterviewState.__struct_fields__})


def _core_events() -> Iterable[str]:
    from followup.events import EVENT_TYPES

    return EVENT_TYPES


@cache
def _core_operators() -> frozenset[str]:
    from followup.operators import core_operators

    names = (operator.name for operator in core_operators())
    return frozenset({*names, "all", "any", "not", "some", "every", "none"})


def _core_words() -> frozenset[str]:
    return _core_operators() | _core_namespaces()


def _core_filters() -> set[str]:
    from followup.phrasing import PHRASING_FILTERS
    from followup.templates import FILTERS

    return {*FILTERS, *PHRASING_FILTERS}


def _core_commands() -> Iterable[str]:
    from followup.commands import COMMANDS

    return COMMANDS


CONTRIBUTIONS: Mapping[str, Contribution] = {
    "followup_channels": Contribution("channel", "channels", _CHANNEL, _check_channel),
    "followup_deliverers": Contribution(
        "deliverer",
        "deliverers",
        _DELIVERER,
        _callables("prepare", "deliver"),
        name=attrgetter("channel"),
    ),
    "followup_scenarios": Contribution(
        "scenario", "scenarios", "pathlib:Path", _folder_with("scenario.yaml")
    ),
    "followup_languages": Contribution(
        "language", "languages", "pathlib:Path", _folder_with("language.yaml")
    ),
    "followup_facts": Contribution(
        "fact",
        "facts",
        "followup.fields:Fact",
        _check_fact,
        _DOTTED,
        name=attrgetter("path"),
        reserved=_core_namespaces,
    ),
    "followup_event_types": Contribution(
        "event type", "event_types", "followup.rules:EventType", _check_event_type, reserved=_core_events
    ),
    "followup_operators": Contribution(
        "operator",
        "operators",
        "followup.conditions:Operator",
        _callables("operand", "holds"),
        _IDENTIFIER,
        reserved=_core_operators,
    ),
    "followup_conditions": Contribution(
        "condition kind",
        "condition_kinds",
        "followup.hookspecs:ConditionKind",
        _check_condition_kind,
        _IDENTIFIER,
        reserved=_core_words,
    ),
    "followup_guards": Contribution(
        "guard kind", "guard_kinds", "followup.hookspecs:GuardKind", _check_guard_kind
    ),
    "followup_reviews": Contribution("review", "reviews", "followup.hookspecs:Review", _callables("check")),
    "followup_filters": Contribution(
        "filter",
        "filters",
        "followup.hookspecs:Filter",
        _callables("apply"),
        _IDENTIFIER,
        reserved=_core_filters,
    ),
    "followup_stores": Contribution(
        "kind of store", "stores", "followup.hookspecs:StoreKind", _callables("open"), _SCHEME
    ),
    "followup_commands": Contribution(
        "command",
        "commands",
        "followup.hookspecs:Command",
        _check_command,
        reserved=_core_commands,
        other_types=_click_commands,
    ),
}
