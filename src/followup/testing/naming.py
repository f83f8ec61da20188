"""Names in a test that nothing has: rules, people, reviews … A test of one could pass for ever."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, get_args

from followup.contacts import key_parts
from followup.documents import Document
from followup.errors import Problem, did_you_mean, or_from_a_plugin
from followup.plan import Status
from followup.proposing import NOBODY, SELF
from followup.test_sources import ExpectationSource, FindingSource, ReviewSource, StepSource, TestSource
from followup.vocabulary import KNOWN_CHANNELS

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.state import InterviewState

BROUGHT = ("unknown-channel", "unknown-review")
"""What a plugin may bring, by the code of a name that is not known."""

__all__ = ["listed", "misnamed", "rule_of"]

Path = tuple[str | int, ...]


def misnamed(
    engine: Engine,
    state: InterviewState,
    document: Document,
    path: Path,
    source: TestSource | StepSource,
) -> Iterator[Problem]:
    """What one moment of a test, at `path`, names that there is not."""
    yield from _Names(engine, state, document).of(source, path)


def listed(texts: str | Iterable[str]) -> tuple[str, ...]:
    """One text or several, as several."""
    return (texts,) if isinstance(texts, str) else tuple(texts)


def rule_of(expected: ExpectationSource) -> str:
    """The rule of which a follow-up is expected."""
    return expected.rule or expected.key.partition(":")[0]


class _Names:
    """The names that a test may use."""

    def __init__(self, engine: Engine, state: InterviewState, document: Document) -> None:
        self.rules = {*engine.rules, *engine.switched_off}
        self.channels = engine.vocabulary.known_channels
        self.installed = engine.vocabulary.channels
        self.intents = engine.vocabulary.intents
        self.reviews = {*engine.vocabulary.reviews, *engine.vocabulary.channels}
        self.languages = engine.languages
        self.people = {*state.people, SELF, NOBODY}
        self.document = document

    def of(self, source: TestSource | StepSource, path: Path) -> Iterator[Problem]:
        for index, expected in enumerate(source.expect):
            yield from self._expected(expected, (*path, "expect", index))
        for index, name in enumerate(listed(source.absent)):
            within: Path = () if isinstance(source.absent, str) else (index,)
            yield from self._one("unknown-rule", name, self.rules, (*path, "absent", *within))
        if source.review is not None:
            yield from self._review(source.review, (*path, "review"))
        elif source.finds is not None:
            told = "`finds` is said of no text"
            cure = "add `review:`, or write it below `expect:`"
            yield Problem("no-review", told, self.document.place((*path, "finds"), key=True), cure)
        yield from self._finds(source.finds, (*path, "finds"))

    def _expected(self, expected: ExpectationSource, path: Path) -> Iterator[Problem]:
        if not expected.rule and not expected.key:
            told, cure = "the expectation names no follow-up", "add `rule:` or `key:`"
            yield Problem("no-rule", told, self.document.place(path), cure)
        if expected.rule:
            yield from self._one("unknown-rule", expected.rule, self.rules, (*path, "rule"))
        if expected.key:
            yield from self._key(expected.key, (*path, "key"))
        if expected.status is not None:
            yield from self._status(expected.status, (*path, "status"))
        if expected.channel is not None:
            yield from self._one("unknown-channel", expected.channel, self.channels, (*path, "channel"))
        if expected.language is not None:
            yield from self._one("unknown-language", expected.language, self.languages, (*path, "language"))
        if expected.to is not None:
            yield from self._one("unknown-person", expected.to, self.people, (*path, "to"))
        hosts = [] if expected.host is None else [(expected.host, (*path, "host"))]
        parts = [(part, (*path, "parts", index)) for index, part in enumerate(expected.parts or ())]
        for name, where in [*hosts, *parts]:
            yield from self._one("unknown-rule", name.partition(":")[0], self.rules, where)
        yield from self._finds(expected.finds, (*path, "finds"))

    def _status(self, status: str, path: Path) -> Iterator[Problem]:
        if status not in get_args(Status):
            told, cure = f"`{status[:60]}` is not a status", did_you_mean(status[:60], get_args(Status))
            yield Problem("not-a-value", told, self.document.place(path), cure)

    def _key(self, key: str, path: Path) -> Iterator[Problem]:
        parts = key_parts(key)
        if parts is None:
            told, cure = f"`{key[:80]}` is no key of a follow-up", "write `RULE:EVENT:PERSON`, in quotes"
            yield Problem("no-rule", told, self.document.place(path), cure)
            return
        yield from self._one("unknown-rule", parts[0], self.rules, path)
        yield from self._one("unknown-person", parts[2], self.people, path)

    def _review(self, review: ReviewSource, path: Path) -> Iterator[Problem]:
        yield from self._one("unknown-person", review.to, self.people, (*path, "to"))
        yield from self._reading_channel(review.channel, (*path, "channel"))
        yield from self._one("unknown-intent", review.intent, self.intents, (*path, "intent"))
        if review.language is not None:
            yield from self._one("unknown-language", review.language, self.languages, (*path, "language"))
        if review.key:
            yield from self._key(review.key, (*path, "key"))

    def _reading_channel(self, name: str, path: Path) -> Iterator[Problem]:
        """A channel reads a text, so it has to be there, and not only known."""
        if name not in KNOWN_CHANNELS or name in self.installed:
            yield from self._one("unknown-channel", name, self.installed, path)
            return
        told, cure = f"the channel `{name}` is not installed", f"install {KNOWN_CHANNELS[name]}"
        yield Problem("unknown-channel", told, self.document.place(path), cure)

    def _finds(self, finds: list[str | FindingSource] | None, path: Path) -> Iterator[Problem]:
        for index, wanted in enumerate(finds or ()):
            at = (*path, index)
            name, where = (wanted, at) if isinstance(wanted, str) else (wanted.review, (*at, "review"))
            if name or isinstance(wanted, str):
                yield from self._one("unknown-review", name, self.reviews, where)

    def _one(self, code: str, name: str, known: Iterable[str], path: Path) -> Iterator[Problem]:
        if name in known:
            return
        shown, kind = name[:60], code.removeprefix("unknown-")
        told = f"no {kind} is named `{shown}`"
        if kind == "person":
            told = f"the test's state has no person `{shown}`"
        cure = did_you_mean(shown, known)
        yield Problem(
            code, told, self.document.place(path), or_from_a_plugin(cure) if code in BROUGHT else cure
        )
