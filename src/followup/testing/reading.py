"""A `tests.yaml` read: each test as moments with a state, in order of time; or every problem with its place.

A test begins with the file's state, in which it replaces keys and to which it adds events. Each later
moment goes on from the state before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from os import PathLike
from typing import TYPE_CHECKING, Any

from followup.calendars import Calendar
from followup.checking import check_format, checked
from followup.documents import Document, read_path
from followup.durations import add, parse_duration
from followup.errors import InputError, Place, Problem, RuleError, StateError
from followup.history import person_calendar
from followup.moments import instant, moment
from followup.states import read_data
from followup.test_sources import StepSource, TestSource, TestsSource
from followup.testing.naming import misnamed
from followup.times import parse_time

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.state import InterviewState

__all__ = ["NEVER", "PreparedTest", "Scene", "prepared_tests", "read_tests", "time_of"]

Path = tuple[str | int, ...]

NEVER = "never"
"""What an expected time says when there must be none."""
AFTER = "in "
"""How the time of a step begins that is counted from the moment before."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One moment of a test: when it is, the state as it is then, and what is expected."""

    now: datetime
    state: InterviewState
    source: TestSource | StepSource
    path: Path

    @property
    def calendar(self) -> Calendar:
        """The candidate's calendar, in which the test's times are read."""
        return person_calendar(self.state, None)


@dataclass(frozen=True, slots=True)
class PreparedTest:
    """One test as it can be run: what it says, where it stands, and its moments in order of time."""

    source: TestSource
    document: Document
    place: Place
    scenes: tuple[Scene, ...]

    @property
    def state(self) -> InterviewState:
        """The state at the test's first moment."""
        return self.scenes[0].state

    @property
    def now(self) -> datetime:
        """The test's first moment."""
        return self.scenes[0].now


def prepared_tests(engine: Engine, path: str | PathLike[str]) -> tuple[PreparedTest, ...]:
    """The tests of a `tests.yaml` in its order, each with its states and moments; none is run.

    Raises RuleError with all that is wrong with the file.
    """
    document, source = read_tests(path)
    problems: list[Problem] = []
    prepared = []
    for number, test in enumerate(source.tests):
        story = _Story(engine, document, source, test)
        scenes = tuple(story.scenes(number))
        problems += story.problems
        prepared.append(PreparedTest(test, document, document.place(("tests", number)), scenes))
    if problems:
        raise RuleError(sorted(problems, key=lambda problem: problem.place))
    return tuple(prepared)


def time_of(text: str, calendar: Calendar) -> datetime:
    """The moment that `text` names; on this calendar's clocks where it has no offset. A day is its start.

    Raises ValueError with a sentence and a cure.
    """
    if len(text.strip()) == 10:
        return calendar.local(calendar.start_of(date.fromisoformat(text.strip()))).astimezone(UTC)
    return parse_time(text, calendar.zone)[0]


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


class _Story:
    """Tells one test: holds the state as it grows, and where in the file each of its values stands."""

    def __init__(self, engine: Engine, document: Document, source: TestsSource, test: TestSource) -> None:
        self.engine = engine
        self.document = document
        self.test = test
        self.problems: list[Problem] = []
        self.state: dict[str, Any] = {"format": "1"}
        self.homes: dict[str, Path] = {}
        self.events: list[tuple[Any, Path]] = []
        self._replace(source.state, ("state",))

    def scenes(self, number: int) -> Iterator[Scene]:
        """The moments of the test, up to the first that cannot be told."""
        now: datetime | None = None
        home: Path = ("tests", number)
        for path, source in [(home, self.test), *self._steps(home)]:
            self._replace(source.state, (*path, "state"))
            calendar = self._calendar()
            now = self._moment(source, path, now, calendar)
            if now is None:
                return
            self._add(source.events, (*path, "events"), now)
            state = self._read()
            if state is None:
                return
            self.problems += misnamed(self.engine, state, self.document, path, source)
            self.problems += self._bad_times(source, path, calendar)
            yield Scene(now, state, source, path)

    def _steps(self, home: Path) -> list[tuple[Path, TestSource | StepSource]]:
        return [((*home, "then", index), step) for index, step in enumerate(self.test.then)]

    def _replace(self, keys: dict[str, Any], path: Path) -> None:
        for key, value in keys.items():
            if key == "events" and isinstance(value, list):
                self.events = [(event, (*path, key, index)) for index, event in enumerate(value)]
            else:
                self.state[key] = value
                self.homes[key] = (*path, key)

    def _add(self, events: list[Any], path: Path, now: datetime) -> None:
        for index, event in enumerate(events):
            timeless = isinstance(event, dict) and event.get("at") is None
            self.events.append(({**event, "at": now.isoformat()} if timeless else event, (*path, index)))

    def _calendar(self) -> Calendar:
        """The candidate's calendar; any, where the state cannot be read, which is told when it is."""
        try:
            return person_calendar(read_data(self.state, vocabulary=self.engine.vocabulary).state, None)
        except InputError:
            return Calendar("UTC")

    def _moment(
        self, source: TestSource | StepSource, path: Path, before: datetime | None, calendar: Calendar
    ) -> datetime | None:
        """When the moment is; None, and a problem, where its time cannot be used."""
        text, key = (source.at, "at") if isinstance(source, StepSource) else (source.now, "now")
        try:
            if before is None or not text.startswith(AFTER):
                now = time_of(text, calendar)
            else:
                after = add(instant(before), parse_duration(text.removeprefix(AFTER)), calendar)
                now = moment(after, calendar.tzinfo)
        except ValueError as error:
            self._problem("bad-time", str(error), (*path, key))
            return None
        if before is not None and now < before:
            told = "this moment is before the one above it; put them in order of time"
            self._problem("bad-time", told, (*path, key))
            return None
        return now

    def _bad_times(
        self, source: TestSource | StepSource, path: Path, calendar: Calendar
    ) -> Iterator[Problem]:
        for index, expected in enumerate(source.expect):
            for field in ("opens", "closes", "at", "lifts"):
                wanted: str | None = getattr(expected, field)
                if wanted is None or wanted.strip() == NEVER:
                    continue
                try:
                    time_of(wanted, calendar)
                except ValueError:
                    text = f"`{wanted[:60]}` is no day or time"
                    cure = f"write `2026-11-20T10:00`, `2026-11-20`, or `{NEVER}`"
                    place = self.document.place((*path, "expect", index, field))
                    yield Problem("bad-time", text, place, cure)

    def _read(self) -> InterviewState | None:
        merged = {**self.state, "events": [event for event, _ in self.events]}
        try:
            return read_data(merged, vocabulary=self.engine.vocabulary).state
        except StateError as error:
            self.problems += map(self._placed, error.problems)
            return None

    def _placed(self, problem: Problem) -> Problem:
        """A problem of the state, at the place of the test file where its value stands."""
        path = _path_of(problem.place.path)
        home: Path = ("state", *path)
        if path[:1] == ("events",) and len(path) > 1 and isinstance(path[1], int):
            home = (*self.events[path[1]][1], *path[2:])
        elif path and path[0] in self.homes:
            home = (*self.homes[str(path[0])], *path[1:])
        text = f"in the state of the test `{self.test.name}`: {problem.text}"
        return Problem(problem.code, text, self.document.place(home), problem.cure, problem.severity)

    def _problem(self, code: str, told: str, path: Path) -> None:
        text, _, cure = told.partition("; ")
        self.problems.append(Problem(code, text, self.document.place(path), cure))


def _path_of(path: str) -> Path:
    """`events[2].at` as ("events", 2, "at")."""
    words = path.replace("[", ".").replace("]", "").replace('"', "").split(".")
    return tuple(int(word) if word.isdigit() else word for word in words if word)
