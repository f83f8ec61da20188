"""Stories: what may happen on the way, told once and played for any state.

A story's events name people by id or by what they are (`contact`, `recruiter` …), and times as lengths:
`in` counts from the beginning of the play or, with `after: RULE`, from when that rule's message goes out.
*Casting* a story for a state finds the people and checks every event against the state; what comes out
can be played.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from followup.checking import check_format, checked
from followup.compiling import Compiler, Report
from followup.conditions import TRUE_CONDITION, Condition
from followup.documents import Document, read_document, read_path
from followup.durations import Duration, add, parse_duration
from followup.errors import InputError, Place, Problem, StateError, UsageError, did_you_mean
from followup.events import Event
from followup.history import History, person_calendar
from followup.moments import Instant, moment
from followup.proposing import people_for
from followup.scope import Scope, is_reached
from followup.states import read_data
from followup.story_sources import StoriesSource, StorySource
from followup.vocabulary import ROLES

if TYPE_CHECKING:
    from followup.scheduling import Rules
    from followup.state import InterviewState
    from followup.vocabulary import Vocabulary

__all__ = [
    "Cast",
    "Cue",
    "Story",
    "StoryEvent",
    "builtin_stories",
    "cast",
    "find_story",
    "fits",
    "read_stories",
]

PARTS = ("contact", "lead", *ROLES)
"""What a person may be called in a story; in an event `after` a message also `recipient`, who got it."""
RECIPIENT = "recipient"
_MOVED = re.compile(r"(?P<name>.+?) on day (?P<day>[0-9]{1,3})")
_DAYS = ("by", "until", "deadline")
MOST_STORIES = 20


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One event of a story as it is told: its fields; its time `in` so long, or left to the field `at`.

    With `after`, it counts from when the message of that rule goes out, each time it does.
    """

    fields: Mapping[str, Any]
    wait: Duration | None = None
    after: str | None = None
    places: Mapping[str, Place] = field(default_factory=dict, compare=False)

    def place(self, key: str = "") -> Place:
        """Where a field of it stands."""
        return self.places.get(key) or self.places.get("") or Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Something that may happen, under a name. `when` says for which states it makes sense."""

    name: str
    title: str = ""
    usual: bool = False
    when: Condition = TRUE_CONDITION
    events: tuple[StoryEvent, ...] = ()
    place: Place = field(default_factory=Place, compare=False)

    def on_day(self, day: int) -> Story:
        """The same story with its first event so many days after the beginning, the others as far behind."""
        counted = [event.wait for event in self.events if event.wait is not None and event.after is None]
        if not counted or not all(wait.unit in _IN_DAYS for wait in counted):
            return self
        moved = day - min(_IN_DAYS[wait.unit] * wait.amount for wait in counted)
        events = tuple(
            event if event.wait is None or event.after is not None
            else replace(event, wait=Duration(_IN_DAYS[event.wait.unit] * event.wait.amount + moved, "day"))
            for event in self.events
        )  # fmt: skip
        return replace(self, name=f"{self.name} on day {day}", events=events)


_IN_DAYS = {"day": 1, "week": 7}


@dataclass(frozen=True, slots=True)
class Cue:
    """An event that awaits a message of one rule, so long after it; whom it concerns may be the recipient."""

    rule: str
    wait: Duration
    told: StoryEvent
    people: Mapping[str, str]
    vocabulary: Vocabulary | None = None

    def event(self, state: InterviewState, sent: Instant, to: str) -> Event:
        """The event that follows a message to this person, which went out then."""
        calendar = person_calendar(state, state.people.get(to))
        at = add(sent, self.wait, calendar)
        return _read(self.told, {**self.people, RECIPIENT: to}, state, sent, at, self.vocabulary)


@dataclass(frozen=True, slots=True)
class Cast:
    """A story made ready for one state: its events with their people and times, and what awaits a message."""

    story: Story
    events: tuple[Event, ...] = ()
    cues: tuple[Cue, ...] = ()


# Reading


def builtin_stories(vocabulary: Vocabulary) -> Mapping[str, Story]:
    """The stories that come with followup, in their order."""
    text = files("followup").joinpath("stories.yaml").read_text("utf-8")
    return _stories(read_document(text, "stories.yaml"), vocabulary)


def read_stories(path: str | Path, vocabulary: Vocabulary) -> Mapping[str, Story]:
    """The stories of a file, in their order. Raises InputError with every problem and its place."""
    return _stories(read_path(path), vocabulary)


def _stories(document: Document, vocabulary: Vocabulary) -> Mapping[str, Story]:
    report = Report(document)
    value = document.value
    if not isinstance(value, dict):
        cure = "begin with `format: 1` and `stories:`"
        report.error("wrong-type", (), "a file of stories is a mapping", cure)
        raise InputError(report.problems)
    check_format(document, report.problems)
    source = checked(document, (), value, StoriesSource, report.problems)
    if source is None or report.problems:
        raise InputError(report.problems)
    if len(source.stories) > MOST_STORIES:
        cure = f"keep at most {MOST_STORIES} in a file"
        report.error("too-many", ("stories",), f"there are {len(source.stories)} stories", cure)
    compiler = Compiler(vocabulary, report)
    made = {
        name: _story(name, told, compiler)
        for name, told in source.stories.items()
        if len(source.stories) <= MOST_STORIES
    }
    if report.problems:
        raise InputError(report.problems)
    return made


def _story(name: str, told: StorySource, compiler: Compiler) -> Story:
    path = ("stories", name)
    report = compiler.report
    return Story(
        name=name,
        title=told.title,
        usual=told.usual,
        when=compiler.condition(told.when or None, compiler.vocabulary.facts, (*path, "when")),
        events=tuple(
            story_event(fields, partial(_place_of, report, (*path, "events", index)), report.problems)
            for index, fields in enumerate(told.events)
        ),
        place=report.document.place(path, key=True),
    )


def _place_of(report: Report, path: tuple[str | int, ...], key: str) -> Place:
    return report.document.place((*path, key) if key else path)


def story_event(fields: Mapping[str, Any], place: Any, problems: list[Problem]) -> StoryEvent:
    """One event as it is told; `place` gives the place of a field (of the whole for ``""``)."""
    rest = {key: value for key, value in fields.items() if key not in ("in", "after")}
    wait, after = fields.get("in"), fields.get("after")
    duration = None
    if wait is not None:
        try:
            duration = parse_duration(str(wait))
        except ValueError as error:
            text, _, cure = str(error).partition("; ")
            problems.append(Problem("duration", text, place("in"), cure))
    if "type" not in fields:
        problems.append(Problem("missing-key", "`type` is missing", place(""), "add `type: reply`, say"))
    if wait is None and "at" not in fields:
        cure = "add `in: 5 days`, counted from the beginning, or `at:` with a time"
        problems.append(Problem("missing-key", "the event has no time", place(""), cure))
    elif wait is not None and "at" in fields:
        problems.append(
            Problem("two-times", "the event has both `at` and `in`", place("in"), "keep one of the two")
        )
    if after is not None and wait is None:
        cure = "add `in: 2 days`, counted from that message"
        problems.append(Problem("missing-key", "`after` needs `in`", place("after"), cure))
    places = {key: place(key) for key in ("", *fields)}
    return StoryEvent(rest, duration, None if after is None else str(after), places)


# Finding


def find_story(name: str, known: Mapping[str, Story]) -> Story | None:
    """The story of that name; `reply on day 9` is the story `reply`, begun on the ninth day."""
    if name in known:
        return known[name]
    moved = _MOVED.fullmatch(name)
    if moved is None or moved["name"] not in known:
        return None
    return known[moved["name"]].on_day(int(moved["day"]))


# Casting


def cast_all(
    stories: Iterable[Story | str],
    known: Mapping[str, Story],
    state: InterviewState,
    now: Instant,
    rules: Rules,
    vocabulary: Vocabulary,
) -> tuple[Cast, ...]:
    """Stories, or the known ones of these names, made ready; of none given, the usual ones that make sense.

    Raises UsageError for a name that is not known, and InputError with what does not fit.
    """
    chosen = []
    for story in stories:
        found = find_story(story, known) if isinstance(story, str) else story
        if found is None:
            raise UsageError(f"no story is named `{story}`; {did_you_mean(str(story), known)}")
        chosen.append(found)
    if not chosen:
        chosen = [story for story in known.values() if story.usual and fits(story, state, now, rules)]
    return tuple(cast(story, state, now, rules, vocabulary) for story in chosen)


def fits(story: Story, state: InterviewState, now: Instant, rules: Rules) -> bool:
    """Whether a story makes sense for a state: its `when` holds, and everybody in it is there."""
    scope = _scope(state, now, rules)
    if now not in story.when.truth(scope, scope.calendar).certain:
        return False
    parts = {part for event in story.events for _, part in _people_of(event, state)} - {RECIPIENT}
    after = {event.after for event in story.events} - {None}
    return after <= rules.rules.keys() and all(_person(part, scope) is not None for part in parts)


def cast(
    story: Story, state: InterviewState, now: Instant, rules: Rules, vocabulary: Vocabulary | None = None
) -> Cast:
    """A story made ready for a state. Raises InputError with what does not fit, at its place."""
    scope = _scope(state, now, rules)
    problems: list[Problem] = []
    events: list[Event] = []
    cues: list[Cue] = []
    for told in story.events:
        people, missing = _cast_people(told, state, scope)
        problems += missing
        if told.after is not None and told.after not in rules.rules:
            cure = did_you_mean(told.after, rules.rules)
            problems.append(
                Problem("unknown-rule", f"no rule is named `{told.after[:60]}`", told.place("after"), cure)
            )
            continue
        if missing:
            continue
        at = None if told.wait is None else add(now, told.wait, scope.calendar)
        try:
            stand_in = {**people, RECIPIENT: next(iter(state.people), "")} if told.after else people
            event = _read(told, stand_in, state, now, at, vocabulary)
        except StateError as error:
            problems += error.problems
            continue
        if told.after is None:
            events.append(event)
        elif told.wait is not None:
            # It may come several times: each gets an id of its own.
            nameless = replace(told, fields={key: told.fields[key] for key in told.fields if key != "id"})
            cues.append(Cue(told.after, told.wait, nameless, people, vocabulary))
    if problems:
        raise InputError(problems)
    return Cast(story, tuple(events), tuple(cues))


def _scope(state: InterviewState, now: Instant, rules: Rules) -> Scope:
    history = History(state, now)
    met = history.held_interviews[-1] if history.held_interviews else history.last("interview")
    return Scope(history, rules.channels, person_calendar(state, None), None, met)


def _cast_people(
    told: StoryEvent, state: InterviewState, scope: Scope
) -> tuple[dict[str, str], list[Problem]]:
    """Who plays which part of an event, and the parts for which there is nobody."""
    people: dict[str, str] = {}
    problems = []
    for key, part in _people_of(told, state):
        if part == RECIPIENT and told.after is not None:
            continue
        person = _person(part, scope)
        if person is None:
            text = f"nobody in the state could be `{part}`"
            problems.append(Problem("unknown-person", text, told.place(key), "name a person by id"))
        else:
            people[part] = person
    return people, problems


def _people_of(told: StoryEvent, state: InterviewState) -> Iterator[tuple[str, str]]:
    """The parts that an event names, each with its key; ids of people are none."""
    for key, value in told.fields.items():
        if key in ("type", "key"):
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str) and item in (*PARTS, RECIPIENT) and item not in state.people:
                yield key, item


def _person(part: str, scope: Scope) -> str | None:
    """Who plays a part: the first in line whom a channel reaches, else the first."""
    line = list(people_for(part, scope))
    reached = (
        person for person in line
        if any(is_reached(scope.of(person), channel) for channel in scope.channels.values())
    )  # fmt: skip
    return next(reached, line[0] if line else None)


def _read(
    told: StoryEvent,
    people: Mapping[str, str],
    state: InterviewState,
    start: Instant,
    at: Instant | None,
    vocabulary: Vocabulary | None,
) -> Event:
    """The event as the state's reader makes it. Raises StateError, each problem at its place in the story."""
    calendar = person_calendar(state, None)
    fields = {key: _acted(value, people) for key, value in told.fields.items()}
    if at is not None:
        fields["at"] = moment(at, calendar.tzinfo).isoformat()
        for key in (*_DAYS, "arranged"):
            length = _length(fields.get(key))
            if length is not None and key == "arranged":
                fields[key] = moment(add(start, length, calendar), calendar.tzinfo).isoformat()
            elif length is not None:
                fields[key] = calendar.day(add(at, length, calendar)).isoformat()
    data = state.to_dict()
    known = len(data.get("events", ()))
    data["events"] = [*data.get("events", ()), fields]
    try:
        return read_data(data, vocabulary).state.events[known]
    except StateError as error:
        raise StateError(_at_home(problem, told, known) for problem in error.problems) from None


def _acted(value: Any, people: Mapping[str, str]) -> Any:
    if isinstance(value, list):
        return [_acted(item, people) for item in value]
    return people.get(value, value) if isinstance(value, str) else value


def _length(value: Any) -> Duration | None:
    try:
        return parse_duration(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _at_home(problem: Problem, told: StoryEvent, known: int) -> Problem:
    inner = re.match(rf"events\[{known}\]\.?(\w*)", problem.place.path)
    if inner is None:
        return problem
    place = told.place(inner[1])
    if not place.line:
        place = Place(place.file, path=inner[1] or place.path)
    return replace(problem, place=place)
