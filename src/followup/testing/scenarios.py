"""Rule tests as data: `tests.yaml` beside a scenario holds states at moments and what their plans must hold.

No clock is read: each test says its `now`. A test that expects nothing asserts that nothing is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from os import PathLike
from typing import TYPE_CHECKING, Any

from followup.calendars import Calendar
from followup.checking import check_format, checked
from followup.documents import Document, read_path
from followup.errors import InputError, Place, Problem, RuleError, StateError, did_you_mean
from followup.history import person_calendar
from followup.moments import instant
from followup.plan import PENDING, FollowUp, Plan
from followup.sources import ExpectationSource, TestSource, TestsSource
from followup.states import read_data
from followup.testing.expectations import NEVER, impossible
from followup.times import parse_time

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.state import InterviewState

__all__ = ["PreparedTest", "TestResult", "prepared_tests", "read_tests", "run_tests"]


@dataclass(frozen=True, slots=True)
class TestResult:
    """One test: whether it passed, and what was wanted and found where it did not.

    `rules` are the rules that the test speaks of, `advice` the ids of the advice that it shows at work.
    """

    __test__ = False

    name: str
    passed: bool
    failures: tuple[str, ...] = ()
    place: Place = Place()
    rules: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PreparedTest:
    """One test as it can be run: what it says, its own state, its moment, and where it stands."""

    source: TestSource
    state: InterviewState
    now: datetime
    place: Place = Place()


@dataclass(frozen=True, slots=True)
class _Difference:
    """One point in which a follow-up is not as expected."""

    field: str
    wanted: str
    found: str

    def __str__(self) -> str:
        return f"{self.field}: wanted {self.wanted}, found {self.found}"


def run_tests(engine: Engine, path: str | PathLike[str]) -> tuple[TestResult, ...]:
    """Run every test of a `tests.yaml`, in its order.

    Raises RuleError when the file itself cannot be used: its form, or a rule, state or time that it names.
    """
    return tuple(
        _run(engine, test.source, test.state, test.now, test.place) for test in prepared_tests(engine, path)
    )


def prepared_tests(engine: Engine, path: str | PathLike[str]) -> tuple[PreparedTest, ...]:
    """The tests of a `tests.yaml` in its order, each with its state and moment; none is run.

    Raises RuleError as `run_tests` does.
    """
    document, source = read_tests(path)
    problems: list[Problem] = []
    prepared: list[PreparedTest] = []
    for number, test in enumerate(source.tests):
        problems += _unknown_rules(engine, document, number, test)
        try:
            state = _state(engine, document, source, number)
            problems += _impossible(engine, document, number, test, state)
            now = _moment(document, number, test, state)
            prepared.append(PreparedTest(test, state, now, document.place(("tests", number))))
        except InputError as error:
            problems += error.problems
    if problems:
        raise RuleError(problems)
    return tuple(prepared)


def read_tests(path: str | PathLike[str]) -> tuple[Document, TestsSource]:
    """A `tests.yaml` as it is written; its states and times are not looked at. Raises RuleError."""
    try:
        document = read_path(path)
    except InputError as error:
        raise RuleError(error.problems) from None
    problems: list[Problem] = []
    if not isinstance(document.value, dict):
        cure = "begin with `format: 1` and `tests:`"
        raise RuleError([Problem("wrong-type", "a test file is a mapping", document.place(()), cure)])
    check_format(document, problems)
    source = checked(document, (), document.value, TestsSource, problems)
    if problems or source is None:
        raise RuleError(problems)
    return document, source


def _state(engine: Engine, document: Document, source: TestsSource, number: int) -> InterviewState:
    """The file's state with the keys that the test replaces, and its events added."""
    test = source.tests[number]
    merged: dict[str, Any] = {"format": "1", **source.state, **test.state}
    kept = merged.get("events") or []
    merged["events"] = [*kept, *test.events] if isinstance(kept, list) else kept
    try:
        return read_data(merged, vocabulary=engine.vocabulary).state
    except StateError as error:
        known = len(kept) if isinstance(kept, list) else 0
        raise RuleError(
            _placed(document, test, number, known, problem) for problem in error.problems
        ) from None


def _placed(document: Document, test: TestSource, number: int, known: int, problem: Problem) -> Problem:
    """A problem of the merged state, at the place of the test file where its value stands."""
    path = _steps(problem.place.path)
    home: tuple[str | int, ...] = ("state", *path)
    if path[:1] == ("events",) and len(path) > 1 and isinstance(path[1], int) and path[1] >= known:
        home = ("tests", number, "events", path[1] - known, *path[2:])
    elif path and path[0] in test.state:
        home = ("tests", number, "state", *path)
    text = f"in the state of the test `{test.name}`: {problem.text}"
    return Problem(problem.code, text, document.place(home), problem.cure, problem.severity)


def _steps(path: str) -> tuple[str | int, ...]:
    """`events[2].at` as ("events", 2, "at")."""
    words = path.replace("[", ".").replace("]", "").replace('"', "").split(".")
    return tuple(int(word) if word.isdigit() else word for word in words if word)


def _moment(document: Document, number: int, test: TestSource, state: InterviewState) -> datetime:
    try:
        return _time(test.now, person_calendar(state, None))
    except ValueError as error:
        text, _, cure = str(error).partition("; ")
        raise RuleError([Problem("bad-time", text, document.place(("tests", number, "now")), cure)]) from None


def _unknown_rules(engine: Engine, document: Document, number: int, test: TestSource) -> Iterator[Problem]:
    """Misspelt names: a test of a rule that does not exist would pass for ever."""
    for index, expected in enumerate(test.expect):
        place = ("tests", number, "expect", index)
        if not expected.rule and not expected.key:
            yield Problem(
                "no-rule",
                "the expectation names no follow-up",
                document.place(place),
                "add `rule:` or `key:`",
            )
        name, field = (expected.rule, "rule") if expected.rule else (expected.key.partition(":")[0], "key")
        if name and name not in engine.rules:
            yield _no_such_rule(name, engine, document.place((*place, field)))
    for index, name in enumerate(_listed(test.absent)):
        if name not in engine.rules:
            within = () if isinstance(test.absent, str) else (index,)
            yield _no_such_rule(name, engine, document.place(("tests", number, "absent", *within)))


def _impossible(
    engine: Engine, document: Document, number: int, test: TestSource, state: InterviewState
) -> Iterator[Problem]:
    for index, expected in enumerate(test.expect):
        yield from impossible(expected, ("tests", number, "expect", index), document, engine, state)


def _no_such_rule(name: str, engine: Engine, place: Place) -> Problem:
    return Problem("unknown-rule", f"no rule is named `{name}`", place, did_you_mean(name, engine.rules))


def _run(engine: Engine, test: TestSource, state: InterviewState, now: datetime, place: Place) -> TestResult:
    plan = engine.plan(state, now)
    calendar = person_calendar(state, None)
    failures = [failure for expected in test.expect for failure in _compared(plan, expected, calendar)]
    absent = _listed(test.absent)
    failures += [failure for name in absent for failure in _present(plan, name)]
    if test.silent or not (test.expect or absent):
        failures += [f"wanted nothing due, found {_shown(followup)}" for followup in plan.due]
    spoken = {expected.rule or expected.key.partition(":")[0] for expected in test.expect} | set(absent)
    return TestResult(
        test.name, not failures, tuple(failures), place, tuple(sorted(spoken)), _listed(test.advice)
    )


def _present(plan: Plan, rule: str) -> Iterator[str]:
    for followup in plan.followups:
        if followup.rule == rule and followup.status in PENDING:
            yield f"{rule}: wanted nothing that could still go out, found {_shown(followup)}"


def _compared(plan: Plan, expected: ExpectationSource, calendar: Calendar) -> Iterator[str]:
    """What is wrong with the follow-up that comes nearest to what is expected; nothing if one fits."""
    named = [
        followup
        for followup in plan.followups
        if (not expected.rule or followup.rule == expected.rule)
        and (not expected.key or followup.key == expected.key)
    ]
    name = expected.key or expected.rule
    if not named:
        yield f"{name}: wanted a follow-up, found none{_why_silent(plan, expected)}"
        return
    found = [(tuple(_differences(followup, expected, calendar)), followup) for followup in named]
    differences, nearest = min(found, key=lambda pair: (_weight(pair[0]), pair[1].key))
    if differences:
        others = f" (the nearest of {len(named)})" if len(named) > 1 else ""
        lines = [f"  {difference}" for difference in differences]
        why = [f"  because {r.text}" for r in nearest.reasons if r.kind not in ("advice", "rule")]
        yield "\n".join([f"{nearest.key}{others}:", *lines, *why])


def _weight(differences: tuple[_Difference, ...]) -> int:
    """To whom it goes says more than anything else about which follow-up is meant."""
    return sum(100 if difference.field == "to" else 1 for difference in differences)


def _why_silent(plan: Plan, expected: ExpectationSource) -> str:
    rule = expected.rule or expected.key.partition(":")[0]
    keys = [followup.key for followup in plan.followups if followup.rule == rule]
    if keys:
        return f"; the rule's follow-ups are {', '.join(keys)}"
    reasons = [reason.text for silent in plan.silent if silent.rule == rule for reason in silent.reasons]
    return f"; the rule is silent: {'; '.join(reasons)}" if reasons else ""


def _differences(
    followup: FollowUp, expected: ExpectationSource, calendar: Calendar
) -> Iterator[_Difference]:
    to = followup.to.id if followup.to else None
    for field, wanted, found in (
        ("to", expected.to, to),
        ("status", expected.status, followup.status),
        ("channel", expected.channel, followup.channel),
    ):
        if wanted is not None and wanted != found:
            yield _Difference(field, wanted, found or "none")
    if expected.host is not None and expected.host not in (
        followup.host,
        (followup.host or "").partition(":")[0],
    ):
        yield _Difference("host", expected.host, followup.host or "none")
    for field in ("opens", "closes", "at", "lifts"):
        wanted_time: str | None = getattr(expected, field)
        if wanted_time is not None:
            yield from _time_difference(field, wanted_time, getattr(followup, field), calendar)
    yield from _list_differences(followup, expected)
    yield from _word_differences(followup, expected)


def _time_difference(
    field: str, wanted: str, found: datetime | None, calendar: Calendar
) -> Iterator[_Difference]:
    shown = found.astimezone(calendar.tzinfo).isoformat() if found else NEVER
    if wanted.strip() == NEVER:
        fits = found is None
    else:
        words = wanted.strip()
        day = date.fromisoformat(words) if len(words) == 10 else None
        fits = found is not None and (
            calendar.day(instant(found)) == day if day else found == _time(words, calendar)
        )
    if not fits:
        yield _Difference(field, wanted, shown)


def _list_differences(followup: FollowUp, expected: ExpectationSource) -> Iterator[_Difference]:
    if expected.parts is not None:
        # A part may be named by its key or by its rule alone.
        rules = {key: key.partition(":")[0] for key in followup.parts}
        named = sorted(key if key in expected.parts else rule for key, rule in rules.items())
        if named != sorted(expected.parts):
            yield _Difference("parts", _joined(expected.parts), _joined(followup.parts))
    if expected.needs is not None and sorted(expected.needs) != sorted(followup.needs):
        yield _Difference("needs", _joined(expected.needs), _joined(followup.needs))


def _word_differences(followup: FollowUp, expected: ExpectationSource) -> Iterator[_Difference]:
    draft = followup.draft
    words = _flat(f"{draft.subject}\n{draft.body}") if draft else ""
    shown = f"`{words[:400]}`" if draft else "no draft"
    for text in _listed(expected.says):
        if _flat(text) not in words:
            yield _Difference("says", f"`{text}`", shown)
    for text in _listed(expected.omits):
        if _flat(text) in words:
            yield _Difference("omits", f"nothing like `{text}`", shown)
    if expected.because is not None:
        reasons = [reason.text for reason in followup.reasons]
        if not any(_flat(expected.because).casefold() in _flat(reason).casefold() for reason in reasons):
            yield _Difference(
                "because", f"`{expected.because}`", _joined(f"`{reason}`" for reason in reasons)
            )


def _time(text: str, calendar: Calendar) -> datetime:
    """The moment that `text` names; on the candidate's clocks where it has no offset. A day is its start."""
    if len(text.strip()) == 10:
        return calendar.local(calendar.start_of(date.fromisoformat(text.strip()))).astimezone(UTC)
    return parse_time(text, calendar.zone)[0]


def _listed(texts: str | Iterable[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def _joined(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


def _flat(text: str) -> str:
    """White space as single spaces: where lines break is not compared."""
    return " ".join(text.split())


def _shown(followup: FollowUp) -> str:
    return f"{followup.key}, {followup.status}"
