"""Rules, guards, messages and scenarios as loaded: frozen data, every name and duration resolved."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct

from followup.calendars import Calendar
from followup.conditions import TRUE_CONDITION, Condition
from followup.durations import Duration
from followup.errors import Place
from followup.fields import Fact, FactType
from followup.moments import ALWAYS
from followup.once import once
from followup.scope import Scope

if TYPE_CHECKING:
    from followup.hookspecs import GuardKind

__all__ = [
    "ASKING_EXEMPT",
    "CANDIDATE_FACTS",
    "CHANNEL_FACT",
    "INTENTS",
    "ChannelChoice",
    "Distance",
    "EventType",
    "Guard",
    "Guards",
    "Hold",
    "Message",
    "Parameter",
    "Pattern",
    "Repeat",
    "Rule",
    "Scenario",
    "Space",
]

UTC_CALENDAR = Calendar("UTC")

INTENTS: Mapping[str, str] = {
    "thanks": "thank them",
    "inquiry": "ask politely for an update",
    "final": "ask once more, for the last time",
    "answer": "answer what was left open",
    "clarify": "make something clear, or ask about it",
    "correct": "put a mistake right",
    "connect": "connect on a professional network",
    "share": "share something worth their time",
    "offer": "respond to an offer",
    "negotiate": "discuss the terms of an offer",
    "decline": "decline an offer",
    "feedback": "ask for feedback",
    "congratulate": "congratulate them",
    "keep-in-touch": "stay in touch",
    "ask-contact": "ask how to reach somebody",
    "task": "a task for yourself",
}
"""The built-in intents and what each is for. A scenario may declare more."""

ASKING_EXEMPT: frozenset[str] = frozenset(
    {"thanks", "decline", "connect", "congratulate", "keep-in-touch", "task"}
)
"""The intents that ask for nothing and so do not count against the cap on unanswered contacts."""


class Pattern(Struct, frozen=True):
    """Events of one type, with an intent (for `sent` and `called`) or fields that pass a condition."""

    type: str
    intents: frozenset[str] = frozenset()
    condition: Condition = TRUE_CONDITION


class ChannelChoice(Struct, frozen=True):
    """One entry of `via`: a channel, and the condition under which it suits."""

    channel: str
    when: Condition = TRUE_CONDITION


class Repeat(Struct, frozen=True):
    """Again `every` so long after the one before, `times` in all."""

    every: Duration
    times: int


class Rule(Struct, frozen=True, kw_only=True, dict=True):
    """After an event, when conditions hold, within a window: one follow-up for each recipient."""

    name: str
    scenario: str
    place: Place
    decided_by: Place | None = None
    title: str = ""
    about: str = ""
    advice: tuple[str, ...] = ()
    intent: str
    after: tuple[Pattern, ...]
    anchor: Literal["each", "first", "last"] = "each"
    origin: Fact | None = None
    wait: Duration | None = None
    within: Duration | None = None
    open_for: Duration | None = None
    unless: tuple[Pattern, ...] = ()
    when: Condition = TRUE_CONDITION
    to: tuple[str, ...] = ()
    via: tuple[ChannelChoice, ...] = ()
    message: Message | None = None
    join: frozenset[str] = frozenset()
    repeat: Repeat | None = None
    late: bool = False
    priority: int = 0
    prefer: str | None = None

    @once
    def to_self(self) -> bool:
        return self.to == ("self",)

    @once
    def one_recipient(self) -> bool:
        return self.to != ("each interviewer",)

    @once
    def stops(self) -> frozenset[str]:
        """The types of the events that may make its follow-ups moot."""
        return frozenset(pattern.type for pattern in self.unless)

    @once
    def hangs_on(self) -> Hashable:
        """The same for all rules that hang on the same events."""
        return tuple((pattern.type, pattern.intents, id(pattern.condition)) for pattern in self.after)


class Hold(Struct, frozen=True):
    """One kind of hold: until a fact's moment (plus a duration), while a condition, or outside moments."""

    until: Fact | None = None
    plus: Duration | None = None
    while_: Condition | None = None
    outside: str | None = None


class Distance(Struct, frozen=True):
    """The least time between two contacts; those of an exempt intent neither wait nor are waited for."""

    by: Duration
    exempt: frozenset[str] = frozenset()


class Space(Struct, frozen=True):
    """The least time between contacts that stay unanswered, to one recipient and to the company."""

    person: Distance | None = None
    company: Distance | None = None


class Guard(Struct, frozen=True, kw_only=True):
    """Holds back, spaces, caps, routes or forbids follow-ups, whatever rule proposed them.

    `applies` is a condition on the follow-up: `intent`, `rule`, `scenario` and `direction`.
    """

    name: str
    scenario: str
    place: Place
    decided_by: Place | None = None
    title: str = ""
    advice: tuple[str, ...] = ()
    because: str = ""
    applies: Condition = TRUE_CONDITION
    when: Condition = TRUE_CONDITION
    hold: Hold | None = None
    space: Space | None = None
    cap: int | None = None
    forbid: bool = False
    forbid_channel: Condition | None = None
    route: Fact | None = None
    custom: tuple[tuple[GuardKind, Any], ...] = ()
    for_self: bool = False

    def applies_to(self, rule: Rule) -> bool:
        """Whether it concerns this rule's follow-ups; those to yourself only if its `for` tests `to`."""
        if rule.to_self and not self.for_self:
            return False
        return self.applies.truth(rule, UTC_CALENDAR).certain == ALWAYS

    def speaks(self, scope: Scope) -> bool:
        """Whether its `when` is certainly true now."""
        return scope.history.now in self.when.truth(scope, scope.calendar).certain


class Guards(tuple[Guard, ...]):
    """The guards that apply to a rule, in order of name; and of these those that do one thing."""

    @once
    def routing(self) -> tuple[Guard, ...]:
        """Those that choose another person."""
        return tuple(guard for guard in self if guard.route is not None)

    @once
    def striking(self) -> tuple[Guard, ...]:
        """Those that strike out channels."""
        return tuple(guard for guard in self if guard.forbid_channel is not None)

    @once
    def spacing(self) -> tuple[Guard, ...]:
        """Those that keep follow-ups apart."""
        return tuple(guard for guard in self if guard.space is not None)


class Message(Struct, frozen=True, kw_only=True):
    """A message file: its templates by section (`subject`, `body`, `part` …), and the facts they name.

    `needs` are the facts without which a section cannot be rendered; `uses` all that it names;
    `lines` is where each section begins in the file. `wordings` are further wordings in the same language,
    `translations` the message in other languages, by code; each is a message file of its own.
    """

    name: str
    place: Place
    templates: Mapping[str, str]
    lines: Mapping[str, int] = {}
    needs: Mapping[str, frozenset[str]] = {}
    uses: Mapping[str, frozenset[str]] = {}
    facts: Mapping[str, Fact] = {}
    about: str = ""
    advice: tuple[str, ...] = ()
    language: str = "en"
    wordings: tuple[Message, ...] = ()
    translations: Mapping[str, Message] = {}


class EventType(Struct, frozen=True, kw_only=True):
    """An event type that a scenario or plugin declares: its fields as JSON Schemas, by name."""

    name: str
    title: str = ""
    stage: str | None = None
    fields: Mapping[str, Any] = {}
    required: tuple[str, ...] = ()
    people: tuple[str, ...] = ()


class Parameter(Struct, frozen=True, kw_only=True):
    """A value of a scenario that a user may set: what it is, its default, and where the default comes from.

    `decided_by` is the line of the settings that set it; None where the default stands.
    """

    name: str
    value: Any
    default: Any
    about: str = ""
    source: str = ""
    place: Place = Place()
    decided_by: Place | None = None


class Scenario(Struct, frozen=True, kw_only=True):
    """A folder of rules, guards, event types and messages for one situation.

    `place` is where it is named, as people are shown it; `folder` is where its files lie.
    """

    name: str
    place: Place
    folder: Path
    title: str = ""
    about: str = ""
    parameters: Mapping[str, Parameter] = {}
    intents: tuple[str, ...] = ()
    events: Mapping[str, EventType] = {}
    rules: Mapping[str, Rule] = {}
    guards: Mapping[str, Guard] = {}
    messages: Mapping[str, Message] = {}


def _direction(rule: Rule) -> str:
    return "self" if rule.to_self else "employer"


CANDIDATE_FACTS: Mapping[str, Fact] = {
    fact.path: fact
    for fact in (
        Fact("intent", FactType("text"), "what the follow-up is for", attrgetter("intent")),
        Fact("rule", FactType("text"), "the rule that proposes it", attrgetter("name")),
        Fact("scenario", FactType("text"), "the scenario of that rule", attrgetter("scenario")),
        Fact("to", FactType("text", values=("employer", "self")), "to whom it goes", _direction),
    )
}
"""What a guard's `for` may test of a follow-up."""

CHANNEL_FACT = Fact("channel", FactType("text"), "the name of a channel", attrgetter("channel"))
"""What a guard's `forbid` tests beside the facts."""
