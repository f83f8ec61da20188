"""The shape of `tests.yaml`, before any name or time in it is looked up."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta

from followup.sources import Advice, Format, Source, Text, Texts

__all__ = ["ExpectationSource", "FindingSource", "ReviewSource", "StepSource", "TestSource", "TestsSource"]


class FindingSource(Source, frozen=True, kw_only=True):
    """What a test expects of one finding of a review; what is given is compared."""

    review: Annotated[str, Meta(description="the review that finds it", examples=["proofread"])] = ""
    severity: Annotated[Literal["error", "warning", "note"] | None, Meta(description="how grave it is")] = (
        None
    )
    where: Annotated[
        str | None,
        Meta(
            description="its place; `body` is met by any in the body, `body:3` by any in its third line",
            examples=["subject", "body", "body:3:14"],
        ),
    ] = None
    text: Annotated[Texts, Meta(description="texts that the finding contains")] = ()  # type: ignore[assignment]
    suggestion: Annotated[Texts, Meta(description="texts that its suggestion contains")] = ()  # type: ignore[assignment]


Language = Annotated[
    str | None, Meta(description="ISO 639 code of the language that it is in", examples=["de"])
]


class ReviewSource(Source, frozen=True, kw_only=True):
    """A text that a test gives the reviews to read, as if it were about to go out."""

    to: Annotated[str, Meta(description="the person's id in the state, or `self`")]
    intent: Annotated[str, Meta(description="what the text is for")]
    channel: Annotated[str, Meta(description="the channel's name")]
    subject: Annotated[Text, Meta(description="its subject")] = ""
    body: Annotated[str, Meta(max_length=40_000, description="the words")] = ""
    key: Annotated[str, Meta(description="the follow-up whose draft it is")] = ""
    language: Language = None


Names = Annotated[Texts, Meta(description="rules that must propose nothing that could still go out")]
StateKeys = Annotated[dict[str, Any], Meta(description="replaces keys of the state, one level deep")]
MoreEvents = Annotated[
    list[Any],
    Meta(description="events added to the state's; one without `at` happens at this moment"),
]
Silence = Annotated[bool, Meta(description="nothing is due")]
Read = Annotated[ReviewSource | None, Meta(description="a text that the reviews read; `finds` says what")]
Finds = Annotated[
    list[str | FindingSource] | None,
    Meta(
        description="findings that there must be, by the review's name or more closely; `[]`: none at all",
        examples=[["proofread", {"review": "subject", "severity": "error"}], []],
    ),
]


class ExpectationSource(Source, frozen=True, kw_only=True):
    """What a test expects of one follow-up: `rule` or `key` says which; the rest is compared."""

    rule: Annotated[str, Meta(description="the rule's name")] = ""
    key: Annotated[str, Meta(description="the follow-up's key")] = ""
    to: Annotated[str | None, Meta(description="the person's id")] = None
    status: Annotated[str | None, Meta(description="one of the plan's statuses")] = None
    channel: Annotated[str | None, Meta(description="the channel's name")] = None
    opens: Annotated[str | None, Meta(description="a time, a day, or `never`")] = None
    closes: Annotated[str | None, Meta(description="a time, a day, or `never`")] = None
    at: Annotated[str | None, Meta(description="a time, a day, or `never`")] = None
    lifts: Annotated[str | None, Meta(description="a time, a day, or `never`")] = None
    host: Annotated[str | None, Meta(description="key or rule of the follow-up in which it rides")] = None
    parts: Annotated[list[str] | None, Meta(description="keys or rules of what rides in it")] = None
    says: Annotated[Texts, Meta(description="texts that the draft must contain")] = ()  # type: ignore[assignment]
    omits: Annotated[Texts, Meta(description="texts that the draft must not contain")] = ()  # type: ignore[assignment]
    language: Language = None
    finds: Finds = None
    needs: Annotated[list[str] | None, Meta(description="what the plan says is missing")] = None
    because: Annotated[str | None, Meta(description="a text that one of the reasons contains")] = None


class StepSource(Source, frozen=True, kw_only=True):
    """A later moment of a test: what has changed since the one before, and what is expected then."""

    at: Annotated[
        str,
        Meta(
            description="a time, or how long after the moment before",
            examples=["2026-11-27T09:00-06:00", "in 5 days", "in 2 business days"],
        ),
    ]
    state: StateKeys = {}
    events: MoreEvents = []
    expect: Annotated[list[ExpectationSource], Meta(description="what the plan must hold")] = []
    absent: Names = ()  # type: ignore[assignment]
    silent: Silence = False
    review: Read = None
    finds: Finds = None


class TestSource(Source, frozen=True, kw_only=True):
    """A state at a moment, and what is expected of its plan; and, perhaps, how it goes on."""

    __test__ = False

    name: Annotated[Text, Meta(description="what it shows, a sentence")]
    advice: Annotated[Advice, Meta(description="the advice that the test shows at work")] = ()  # type: ignore[assignment]
    now: Annotated[
        str, Meta(description="the moment, in ISO 8601; without an offset in the candidate's time zone")
    ]
    state: StateKeys = {}
    events: MoreEvents = []
    expect: Annotated[list[ExpectationSource], Meta(description="what the plan must hold")] = []
    absent: Names = ()  # type: ignore[assignment]
    silent: Silence = False
    review: Read = None
    finds: Finds = None
    then: Annotated[list[StepSource], Meta(description="later moments, in order of time")] = []


class TestsSource(Source, frozen=True, kw_only=True):
    """The tests of a scenario, `tests.yaml` beside it."""

    __test__ = False

    format: Format
    state: Annotated[dict[str, Any], Meta(description="the state that the tests start from")] = {}
    tests: Annotated[list[TestSource], Meta(description="in the order in which they run")]
