"""The records of a pack on disk: plain data, in which every fact, operator and kind stands by its name."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Raw, Struct

from followup.errors import Place, Problem
from followup.languages import Language
from followup.rules import EventType, Parameter


class Data(Struct, frozen=True, array_like=True, gc=False):
    """The base of what is written: the values alone, in their order."""


class Spot(Data, frozen=True):
    """A place, with its file by number."""

    file: int
    line: int
    column: int
    path: str


class Test(Data, frozen=True, tag=1):
    """A fact, an operator and its operand as written; with `refers` the operand is the path of a fact."""

    fact: str
    operator: str
    raw: Any
    refers: bool
    at: Spot


class Parts(Data, frozen=True, tag=2):
    """`all` or `any` of some conditions; without a place the one that always holds."""

    word: Literal["all", "any"]
    parts: tuple[Condition, ...]
    at: Spot | None


class Not(Data, frozen=True, tag=3):
    """`not`, and what is not to hold."""

    part: Condition
    at: Spot


class Elements(Data, frozen=True, tag=4):
    """A condition on some, every or none of a list."""

    fact: str
    quantifier: Literal["some", "every", "none"]
    part: Condition
    at: Spot


class Custom(Data, frozen=True, tag=5):
    """A condition of a kind that a plugin brings, as written."""

    kind: str
    raw: Any
    at: Spot


Condition = Test | Parts | Not | Elements | Custom


class Pattern(Data, frozen=True):
    """Events of one type; without a condition any of them."""

    type: str
    intents: tuple[str, ...]
    condition: Condition | None


class Choice(Data, frozen=True):
    """A channel, and when it suits; without a condition always."""

    channel: str
    when: Condition | None


class Rule(Data, frozen=True):
    """A rule; facts by path, lengths in words, the message by name. Without `every` nothing is repeated."""

    name: str
    at: Spot
    decided_by: Spot | None
    title: str
    about: str
    advice: tuple[str, ...]
    intent: str
    after: tuple[Pattern, ...]
    anchor: Literal["each", "first", "last"]
    origin: str | None
    wait: str | None
    within: str | None
    open_for: str | None
    unless: tuple[Pattern, ...]
    when: Condition | None
    to: tuple[str, ...]
    via: tuple[Choice, ...]
    message: str | None
    join: tuple[str, ...]
    every: str | None
    times: int
    late: bool
    priority: int
    prefer: str | None


class Hold(Data, frozen=True):
    """How a guard holds back."""

    until: str | None
    plus: str | None
    while_: Condition | None
    outside: str | None


class Distance(Data, frozen=True):
    """The least time between two contacts, in words."""

    by: str
    exempt: tuple[str, ...]


class Guard(Data, frozen=True):
    """A guard; with `spaced` it has a space, which may be one of a person, of the company, or both."""

    name: str
    at: Spot
    decided_by: Spot | None
    title: str
    advice: tuple[str, ...]
    because: str
    applies: Condition | None
    when: Condition | None
    hold: Hold | None
    spaced: bool
    person: Distance | None
    company: Distance | None
    cap: int | None
    forbid: bool
    forbid_channel: Condition | None
    route: str | None
    custom: tuple[tuple[str, Any], ...]
    for_self: bool


class Message(Data, frozen=True):
    """A message with its versions, and what was found out about it; facts by path."""

    name: str
    at: Spot
    templates: dict[str, str]
    lines: dict[str, int]
    needs: dict[str, tuple[str, ...]]
    uses: dict[str, tuple[str, ...]]
    facts: tuple[str, ...]
    about: str
    advice: tuple[str, ...]
    language: str
    wordings: tuple[Message, ...]
    translations: dict[str, Message]


class Scenario(Data, frozen=True):
    """What a scenario declares, which other scenarios may name."""

    name: str
    place: Place
    folder: str
    title: str
    about: str
    parameters: dict[str, Parameter]
    intents: tuple[str, ...]
    events: dict[str, EventType]


class Contents(Data, frozen=True):
    """What stands in a scenario; rules and messages in the order of its files."""

    files: tuple[str, ...]
    rules: tuple[Rule, ...]
    guards: tuple[Guard, ...]
    messages: tuple[Message, ...]


class Spoken(Data, frozen=True):
    """A language, its folder, and the name under which that is shown."""

    language: Language
    folder: str
    shown: str | None


class Pack(Data, frozen=True):
    """All of an engine. Of each scenario first what it declares, then its contents, in the same order."""

    languages: tuple[Spoken, ...]
    scenarios: tuple[Scenario, ...]
    contents: tuple[Raw, ...]
    switched_off: dict[str, Place]
    warnings: tuple[Problem, ...]
