"""The shape of the files that people write: scenarios, settings, languages, message front matter.

Plain typed data, before any name or duration is looked up. The JSON Schemas of these files are made
from these types (`followup.schemas`), so that an editor and the loader know the same keys.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

__all__ = [
    "EventSource",
    "GuardSource",
    "LanguageSource",
    "ListsSource",
    "MessageSource",
    "ParameterSource",
    "PluginsSource",
    "RepeatSource",
    "RuleSource",
    "ScenarioSource",
    "SettingsSource",
    "WordsSource",
]

Text = Annotated[str, Meta(max_length=4000)]
Format = Annotated[int, Meta(ge=1, description="the version of the file format", examples=[1])]
Duration = Annotated[
    str,
    Meta(
        description="an exact length (`90 minutes`, `24 hours`), calendar units (`1 day`, `2 weeks`, "
        "`3 months`) or `2 business days`; or a parameter, `$name`",
        examples=["1 week", "2 business days", "24 hours", "$inquiry_wait"],
    ),
]
Condition = Annotated[
    dict[str, Any],
    Meta(
        description="fact paths with a test each, all of which must hold; `all`, `any` and `not` combine",
        examples=[{"stage": "awaiting", "company.culture": ["relaxed", "formal"]}],
    ),
]
Pattern = str | dict[str, Any]
Patterns = Annotated[
    str | dict[str, Any] | list[Pattern],
    Meta(
        description="an event type, or `{type: intent}`, or `{type: {field: test}}`; or a list of these",
        examples=["interview", [{"sent": "thanks"}, "interview"]],
    ),
]
Texts = str | list[str]
Advice = Annotated[
    Texts, Meta(description="ids of the advice that it carries out", examples=[["timing.thanks-24h"]])
]


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of all sources: frozen, and unknown keys are refused."""


class RepeatSource(Source, frozen=True, kw_only=True):
    """Do it again: `every` so long after the one before, `times` in all."""

    every: Duration
    times: Annotated[int | str, Meta(description="how often in all, 2 to 100", examples=[4])]


class RuleSource(Source, frozen=True, kw_only=True):
    """After an event, when conditions hold, within a window: one follow-up for each recipient."""

    title: Annotated[Text, Meta(description="its name for people")] = ""
    about: Annotated[
        Text, Meta(description="why this rule exists; shown where a follow-up explains itself")
    ] = ""
    advice: Advice = ()  # type: ignore[assignment]
    intent: Annotated[str, Meta(description="what the follow-up is for", examples=["thanks", "inquiry"])]
    after: Patterns
    anchor: Annotated[
        Literal["each", "first", "last"],
        Meta(description="which of the matching events, one for each occasion, it hangs on"),
    ] = "each"
    from_: Annotated[
        str | None,
        Meta(
            description="the fact with the moment to count from instead of the event",
            examples=["decision_date"],
        ),
    ] = msgspec.field(default=None, name="from")
    wait: Annotated[Duration | None, Meta(description="when the window opens")] = None
    within: Annotated[
        Duration | None, Meta(description="a deadline: when the window closes, held or not")
    ] = None
    open_for: Annotated[
        Duration | None, Meta(description="how long the window stays open from when guards let it open")
    ] = None
    unless: Annotated[Patterns | None, Meta(description="events since the anchor that make it moot")] = None
    when: Annotated[Condition | None, Meta(description="conditions that must hold")] = None
    to: Annotated[
        Texts,
        Meta(
            description="who gets it: `contact`, `each interviewer`, `lead`, `anchor`, `self`, or a role; "
            "a list is a line of which the first who can be reached is taken",
            examples=["contact", "each interviewer", ["hr", "scheduler"]],
        ),
    ]
    via: Annotated[
        str | list[str | dict[str, Any]],
        Meta(
            description="channels in order of preference; `{channel: condition}` only where it suits",
            examples=["email", ["email", {"phone": {"company.culture": "relaxed"}}]],
        ),
    ] = ()  # type: ignore[assignment]
    message: Annotated[
        str | None, Meta(description="messages/NAME.md; the rule's own name where not given")
    ] = None
    join: Annotated[Texts, Meta(description="intents of the follow-ups in which it may ride as a part")] = ()  # type: ignore[assignment]
    repeat: Annotated[RepeatSource | None, Meta(description="do it again")] = None
    late: Annotated[Literal["skip", "send"], Meta(description="what to do once the window has closed")] = (
        "skip"
    )
    priority: Annotated[int | str, Meta(description="the higher goes first; -100 to 100")] = 0
    prefer: Annotated[
        str | None,
        Meta(description="calendar moments that suit best", examples=["business hours", "daytime"]),
    ] = None


class GuardSource(Source, frozen=True, kw_only=True):
    """Holds back, spaces, caps, routes or forbids follow-ups, whatever rule proposed them."""

    title: Annotated[Text, Meta(description="its name for people")] = ""
    advice: Advice = ()  # type: ignore[assignment]
    for_: Annotated[
        dict[str, Any],
        Meta(
            description="which follow-ups: tests of `intent`, `rule`, `scenario`, `to` (`employer`, `self`)",
            examples=[{"intent": ["inquiry", "final"]}, {"to": "employer"}],
        ),
    ] = msgspec.field(default_factory=dict, name="for")
    when: Annotated[Condition | None, Meta(description="conditions that must hold")] = None
    hold: Annotated[
        dict[str, Any] | None,
        Meta(
            description="`until: FACT` with `plus: DURATION`; `while: CONDITION`; or `outside: NAME`",
            examples=[{"until": "decision_date", "plus": "1 business day"}, {"outside": "business hours"}],
        ),
    ] = None
    space: Annotated[
        dict[str, Any] | None,
        Meta(
            description=(
                "the least time between contacts that nobody answered: `person`, `company`; "
                "each a duration, or `by` one, `except` for intents that do not count"
            ),
            examples=[
                {"person": "5 business days", "company": {"by": "2 business days", "except": ["thanks"]}}
            ],
        ),
    ] = None
    cap: Annotated[
        dict[str, Any] | None, Meta(description="how many may stay unanswered", examples=[{"unanswered": 3}])
    ] = None
    forbid: Annotated[
        bool | str | dict[str, Any] | None,
        Meta(
            description="`true`, or `channel:` with a test: these channels are not used",
            examples=[True, {"channel": {"not_in": "instructions.channels"}}],
        ),
    ] = None
    route: Annotated[
        dict[str, Any] | None,
        Meta(description="send it to that person instead", examples=[{"to": "instructions.contact"}]),
    ] = None
    custom: Annotated[
        dict[str, Any] | None, Meta(description="guards that plugins bring: `{kind: operand}`")
    ] = None
    because: Annotated[Text, Meta(description="the reason, in words for the job seeker")] = ""


class ParameterSource(Source, frozen=True, kw_only=True):
    """A number or word of the scenario that a user may set."""

    default: Annotated[Any, Meta(description="the value where the user sets none")]
    about: Annotated[Text, Meta(description="what it decides")] = ""
    source: Annotated[Text, Meta(description="where the default comes from")] = ""


class EventSource(Source, frozen=True, kw_only=True):
    """An event type that a scenario declares."""

    title: Annotated[Text, Meta(description="its name for people")] = ""
    stage: Annotated[str | None, Meta(description="the stage that it enters")] = None
    fields: Annotated[
        dict[str, Any],
        Meta(description="its fields, a JSON Schema each", examples=[{"host": {"type": "string"}}]),
    ] = {}
    required: Annotated[list[str], Meta(description="fields that every such event has")] = []
    people: Annotated[list[str], Meta(description="the fields that hold a person's id")] = []


class ScenarioSource(Source, frozen=True, kw_only=True):
    """One situation: its rules, guards, event types, intents and parameters. Messages stand beside it."""

    format: Format
    scenario: Annotated[
        str, Meta(pattern=r"^[a-z][a-z0-9-]*$", description="the scenario's name", examples=["my-rules"])
    ]
    title: Annotated[Text, Meta(description="its name for people")] = ""
    about: Annotated[Text, Meta(description="what it is for")] = ""
    parameters: Annotated[
        dict[str, Any],
        Meta(description="values that users may set, by name: the value, or `{default, about, source}`"),
    ] = {}
    intents: Annotated[list[str], Meta(description="intents that it adds to the built-in ones")] = []
    events: Annotated[dict[str, EventSource], Meta(description="event types that it adds, by name")] = {}
    rules: Annotated[dict[str, RuleSource], Meta(description="by name")] = {}
    guards: Annotated[dict[str, GuardSource], Meta(description="by name")] = {}
    overrides: Annotated[
        dict[str, Any],
        Meta(description="rules and guards of other scenarios, by name: keys to replace, or `off`"),
    ] = {}


class PluginsSource(Source, frozen=True, kw_only=True):
    """Which plugins are not loaded, as in `plugins: {deny: [followup-phone]}`."""

    deny: Annotated[list[str], Meta(description="names of plugins")] = []


class SettingsSource(Source, frozen=True, kw_only=True):
    """What one user sets: parameters, overrides, folders with scenarios of their own, plugins."""

    format: Format
    rules: Annotated[Texts, Meta(description="folders with more scenarios, relative to this file")] = ()  # type: ignore[assignment]
    parameters: Annotated[
        dict[
            str,
            Annotated[
                dict[str, Any],
                Meta(description="by name below the scenario, as in `silence: {wait: 1 week}`"),
            ],
        ],
        Meta(description="by scenario", examples=[{"silence": {"inquiry_wait": "10 days"}}]),
    ] = {}
    overrides: Annotated[dict[str, Any], Meta(description="by rule or guard: keys to replace, or `off`")] = {}
    plugins: Annotated[
        PluginsSource,
        Meta(description="which plugins are not loaded"),
    ] = PluginsSource()


class MessageSource(Source, frozen=True, kw_only=True):
    """The front matter of a message file; the body is the text below it.

    `part` is the text with which the message rides in another one.
    """

    subject: Annotated[Text, Meta(description="the subject, one line")] = ""
    part: Annotated[
        Text, Meta(description="the words with which it rides in another message; the body where not given")
    ] = ""
    purpose: Annotated[Text, Meta(description="one spoken sentence: why you call")] = ""
    question: Annotated[Text, Meta(description="the one question to ask on the phone")] = ""
    short: Annotated[Text, Meta(description="the words for channels with little room")] = ""
    about: Annotated[Text, Meta(description="what it is for")] = ""
    advice: Advice = ()  # type: ignore[assignment]


class ListsSource(Source, frozen=True, kw_only=True):
    """How a list stands in a sentence."""

    between: Annotated[Text, Meta(description="what parts its items", examples=[", "])] = ", "
    last: Annotated[Text, Meta(description="what stands before the last one", examples=[" and "])]
    before_last: Annotated[
        Text, Meta(description="what stands before that where an item holds it too", examples=[","])
    ] = ""


class WordsSource(Source, frozen=True, kw_only=True):
    """Words that tell how a text which the job seeker noted stands in a sentence."""

    small: Annotated[
        list[Text],
        Meta(description="begin small inside a sentence; `*` stands for any letters", examples=[["the"]]),
    ] = []
    subjects: Annotated[
        list[Text], Meta(description="a text that begins with one is a whole sentence", examples=[["we"]])
    ] = []
    verbs: Annotated[
        list[Text], Meta(description="a text with one of them is a whole sentence", examples=[["is"]])
    ] = []
    links: Annotated[
        list[Text], Meta(description="but not after one of these", examples=[["how", "that"]])
    ] = []
    asking: Annotated[
        list[Text],
        Meta(description="the first or second word of a direct question", examples=[["do", "does"]]),
    ] = []


class LanguageSource(Source, frozen=True, kw_only=True):
    """A language: `language.yaml` in a folder that has the language's code as its name."""

    format: Format
    language: Annotated[str, Meta(pattern=r"^[a-z]{2,3}$", description="ISO 639 code", examples=["en", "de"])]
    name: Annotated[Text, Meta(min_length=1, description="the language's name in English")]
    weekdays: Annotated[list[Text], Meta(min_length=7, max_length=7, description="their names, Monday first")]
    months: Annotated[list[Text], Meta(min_length=12, max_length=12, description="their names")]
    day: Annotated[
        Text,
        Meta(
            description="how a day is written, of `{weekday}`, `{day}` and `{month}`",
            examples=["{weekday}, {day} {month}"],
        ),
    ]
    time: Annotated[
        Text,
        Meta(
            description="how a time is written, of `{day}`, `{hour}` and `{minute}`",
            examples=["{day} at {hour}:{minute}"],
        ),
    ]
    date: Annotated[
        Text,
        Meta(
            description="how the date of a letter is written, of `{day}`, `{month}` and `{year}`",
            examples=["{day}. {month} {year}"],
        ),
    ] = "{day} {month} {year}"
    lists: Annotated[ListsSource, Meta(description="how a list is written")]
    words: Annotated[WordsSource, Meta(description="how a noted text stands in a sentence")] = WordsSource()
    phrases: Annotated[
        dict[str, Text],
        Meta(
            description="templates that messages use by name: `greeting`, `signature` and more",
            examples=[{"greeting": "Dear {{ person.name }},"}],
        ),
    ]
    reviews: Annotated[
        dict[str, list[Text]],
        Meta(
            description="what the reviews look for in this language, lists of texts by name",
            examples=[{"closings": ["Kind regards"]}],
        ),
    ] = {}
