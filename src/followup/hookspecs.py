"""The hooks: what a plugin may add. This file documents them; `docs/plugins.md` has an example of each.

Every hook is called once, while an engine loads, without arguments. It returns frozen records: a list or
tuple of them, or it yields them; None or an empty one adds nothing. Evaluating a state calls no hook.

Every record is checked as it comes in: its type, its name, and that nobody has the name already. A plugin
comes in whole or not at all: with one wrong record it adds nothing. What comes out is sorted by name, so
that the order in which plugins were installed means nothing.

A plugin is a module or an object named in the entry-point group `followup`; the entry point's name is
the plugin's public name. It says `FOLLOWUP_API = 1`. A complete one:

    from followup.hookspecs import hookimpl
    from followup_postcard.channel import PostcardChannel

    FOLLOWUP_API = 1

    @hookimpl
    def followup_channels():
        return [PostcardChannel()]
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

import pluggy
from msgspec import Struct

if TYPE_CHECKING:
    import click

    from followup.calendars import Calendar
    from followup.channels import Channel
    from followup.conditions import Operator
    from followup.delivery import Deliverer
    from followup.fields import Fact
    from followup.languages import Language
    from followup.moments import Moments
    from followup.plan import Draft, Finding
    from followup.rules import EventType
    from followup.store import Store

__all__ = [
    "API_VERSION",
    "PROJECT",
    "Command",
    "ConditionKind",
    "Filter",
    "GuardKind",
    "Mistake",
    "OtherText",
    "Question",
    "Review",
    "ReviewContext",
    "StoreKind",
    "hookimpl",
    "hookspec",
]

PROJECT = "followup"
API_VERSION = 1
"""The version of this interface. Arguments and hooks are only ever added to a version."""

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


class OtherText(Struct, frozen=True):
    """Another text to the same employer: a draft of the same plan, or one that was `sent` (the day in words).

    `to` is the name of whom it goes to.
    """

    to: str
    text: str
    sent: str = ""


class ReviewContext(Struct, frozen=True):
    """What a review may know beside the draft: intent, channel, known facts, and the draft's language.

    `people` are the names of everybody known at the company, `known` the words and phrases that stand in
    the state (a name or topic is no slang and no misspelling), `others` the texts that the draft should
    not resemble, `elsewhere` the names of companies and people of other opportunities.
    """

    intent: str
    channel: str
    facts: Mapping[str, Any] = {}
    language: Language | None = None
    people: tuple[str, ...] = ()
    known: tuple[str, ...] = ()
    others: tuple[OtherText, ...] = ()
    elsewhere: tuple[str, ...] = ()


class Review(Struct, frozen=True):
    """A check of a draft, under a name that its findings carry. `check` is pure.

    `intents` and `channels` say what it reads of what goes to the employer; empty means all.
    """

    name: str
    check: Callable[[Draft, ReviewContext], Sequence[Finding]]
    title: str = ""
    advice: tuple[str, ...] = ()
    intents: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()


class Filter(Struct, frozen=True):
    """A filter for messages: a pure function from plain values to text (`{{ company.name | shout }}`)."""

    name: str
    apply: Callable[..., str]
    title: str = ""


class GuardKind(Struct, frozen=True):
    """A kind of guard that rule files may use under `custom:`.

    `schema` is the JSON Schema of its operand. `allowed` gets the operand and the facts of the candidate
    by dotted name, and gives the moments at which the follow-up may go out: it can only hold back.
    """

    name: str
    schema: Mapping[str, Any]
    allowed: Callable[[Any, Mapping[str, Any]], Moments]
    title: str = ""


class Question(Struct, frozen=True):
    """What a condition of a plugin's kind asks: the paths of the facts that it reads, and whether it holds.

    `holds` gets the values of those that are known, by path, and the calendar of the person concerned. It
    gives True, False, the moments at which it holds, or None where that hangs on what is not known.
    """

    reads: tuple[str, ...]
    holds: Callable[[Mapping[str, Any], Calendar], bool | Moments | None]


class Mistake(Struct, frozen=True):
    """What is wrong with a condition of a plugin's kind, how to mend it, and at which character, from 0."""

    text: str
    cure: str = ""
    index: int = 0


class ConditionKind(Struct, frozen=True):
    """A kind of condition: a word that stands in a condition as a fact does, with a value that you read.

    `schema` is the JSON Schema of that value. `compile` is called when a rule is read, with the value and the
    facts that may be named there, by path. It gives what is asked, or all that is wrong.
    """

    name: str
    schema: Mapping[str, Any]
    compile: Callable[[Any, Mapping[str, Fact]], Question | Sequence[Mistake]]
    title: str = ""


class StoreKind(Struct, frozen=True):
    """A kind of store. `name` is the scheme of its URLs: `--home postgresql://…` opens `postgresql`.

    `open` gets the URL and gives the store there, made where it is missing. It raises UsageError where that
    cannot be. No password of the URL may stand in what it raises, nor in the store's `place`.
    """

    name: str
    open: Callable[[str], Store]
    title: str = ""


class Command(Struct, frozen=True):
    """A command that is imported when it is called: `target` is where the click command stands.

    It is written as `module:name`, such as `followup_letter.command:letter`.
    """

    name: str
    target: str

    def load(self) -> click.Command:
        """The click command. Raises PluginError if there is none."""
        import click

        from followup.errors import PluginError

        told = f"the command `{self.name}` cannot be loaded from `{self.target}`"
        try:
            command = resolve_name(self.target)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # SystemExit too
            raised = " ".join(f"{type(error).__name__}: {error}".split())
            raise PluginError(f"{told}: raised {raised}") from error
        if not isinstance(command, click.Command):
            raise PluginError(f"{told}: that is {command!r:.60}; name a click command")
        return command


@hookspec
def followup_channels() -> Sequence[Channel]:  # type: ignore[empty-body]
    """Channels: objects that have all of the protocol `followup.channels.Channel`.

    `name` is what rules write in `via` and states in `instructions.channels`: `cover-letter`. Its methods
    are called while a state is evaluated, from any thread, so they must be pure. `followup.testing` has the
    suite of tests that every channel must pass. Since version 1.
    """


@hookspec
def followup_deliverers() -> Sequence[Deliverer]:  # type: ignore[empty-body]
    """Deliverers: objects that have all of the protocol `followup.delivery.Deliverer`, one a channel.

    `channel` names the channel whose drafts it sends, this plugin's or another's. Loading one must cost and
    open nothing: its methods are called only when a person or their policy sends something, never while a
    state is evaluated. Since version 1.
    """


@hookspec
def followup_scenarios() -> Sequence[Path]:  # type: ignore[empty-body]
    """Scenarios: absolute folders inside the plugin's package that hold a `scenario.yaml` each.

    The folder's name is the scenario's. A plugin that adds nothing else needs no Python: an entry point
    that names a package without `__init__.py` adds each folder in it that holds a `scenario.yaml`.
    Since version 1.
    """


@hookspec
def followup_languages() -> Sequence[Path]:  # type: ignore[empty-body]
    """Languages: absolute folders inside the plugin's package that hold a `language.yaml` each.

    The folder's name is the language's code. What stands in it beside that file are messages, as
    `SCENARIO/NAME.md`. Since version 1.
    """


@hookspec
def followup_facts() -> Sequence[Fact]:  # type: ignore[empty-body]
    """Facts that rules and messages may name: `followup.fields.Fact`, under a namespace of the plugin's own.

    The namespace is the first part of the path: `visa` in `visa.expires`. It belongs to one plugin, and
    states may hold a key of that name. `get` is pure and gives None for what is not known. Since version 1.
    """


@hookspec
def followup_event_types() -> Sequence[EventType]:  # type: ignore[empty-body]
    """Event types: `followup.rules.EventType`, with their fields as JSON Schemas of draft 7.

    `required` and `people` name some of those fields. States may then hold such events and rules may hang
    on them. The core's own event types keep their names. Since version 1.
    """


@hookspec
def followup_operators() -> Sequence[Operator]:  # type: ignore[empty-body]
    """Operators for conditions: `followup.conditions.Operator`.

    `operand` is called when a rule is read, and `holds` while a state is evaluated; both are pure. The core's
    operators and the words of the language (`all`, `any`, `not` …) keep their names. Since version 1.
    """


@hookspec
def followup_conditions() -> Sequence[ConditionKind]:  # type: ignore[empty-body]
    """Kinds of conditions, for what one fact and one operator cannot say: `ConditionKind`. Since version 1.

    What `compile` gives is asked while a state is evaluated, so it is pure. The core's operators, the words
    of the language and the first words of the core's facts keep their names.
    """


@hookspec
def followup_guards() -> Sequence[GuardKind]:  # type: ignore[empty-body]
    """Kinds of guards, to be used in rule files under `custom:`: `GuardKind`. Since version 1.

    A guard of a plugin's kind can hold a follow-up back; it cannot let one out that another guard holds.
    """


@hookspec
def followup_reviews() -> Sequence[Review]:  # type: ignore[empty-body]
    """Reviews, which read every draft to the employer and return findings: `Review`. Since version 1."""


@hookspec
def followup_filters() -> Sequence[Filter]:  # type: ignore[empty-body]
    """Filters for messages: `Filter`. The name is written in templates, so it has no `-`. Since version 1."""


@hookspec
def followup_stores() -> Sequence[StoreKind]:  # type: ignore[empty-body]
    """Kinds of stores, for a store that is not a file on this machine: `StoreKind`. Since version 1.

    `open` is called when a command uses a store at such a URL, and never while a state is evaluated.
    `followup.testing.StoreConformance` is the suite of tests that every store must pass.
    """


@hookspec
def followup_commands() -> Sequence[Command | click.Command]:  # type: ignore[empty-body]
    """Commands for the command line; `followup NAME …` runs one. Since version 1.

    A `Command` says where a click command stands, which is imported when it is called. A click command itself
    may be given too; it costs the import of click wherever rules are loaded. The core's commands keep their
    names.
    """
