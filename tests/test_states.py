"""Interview states: what is read, what is refused and where, and that nothing is lost on the way."""

from __future__ import annotations

import copy
import json
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.corpus_files import CORPUS, GOOD, files, name

from followup.engine import Engine
from followup.errors import InputError, Problem, StateError
from followup.events import EVENT_TYPES, Concern, Custom, Event, Interview, Promise, Reply, Sent, Snoozed
from followup.fields import Fact, FactType
from followup.hookspecs import hookimpl
from followup.records import DayOrTime
from followup.rules import EventType
from followup.state import Candidate, Company, Instructions, InterviewState, LibraryItem, Person, Position
from followup.states import Reading, read_data, read_file, read_text

NOW = datetime(2026, 11, 27, 16, tzinfo=UTC)
BUILTIN = Engine.load(plugins=False)
STATE = """\
format: 1
candidate: {name: Ana Souza, timezone: America/Chicago}
company: {name: Initech}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
  lee: {name: Lee Okafor}
events:
  - {type: interview, id: r1, at: 2026-11-20T10:00-06:00, with: [dana]}
"""


def problems(text: str, **more: Any) -> tuple[Problem, ...]:
    with pytest.raises(StateError) as caught:
        read_text(text, name="state.yaml", **more)
    return caught.value.problems


def only(text: str, **more: Any) -> Problem:
    found = problems(text, **more)
    assert len(found) == 1, [str(problem) for problem in found]
    return found[0]


def with_event(line: str) -> str:
    return f"{STATE}  - {line}\n"


# What is read


@pytest.mark.parametrize("path", files("state", GOOD), ids=name)
def test_a_good_state_survives_every_way_of_writing_it(path: Path) -> None:
    state = read_file(path).state
    assert InterviewState.from_text(state.to_yaml()) == state
    assert InterviewState.from_text(state.to_json().decode(), name="state.json") == state
    assert InterviewState.from_dict(state.to_dict()) == state
    assert pickle.loads(pickle.dumps(state)) == state


def test_json_and_yaml_of_the_same_state_are_equal() -> None:
    data = {
        "format": 1,
        "candidate": {"name": "Ana"},
        "company": {"name": "Initech"},
        "position": {"title": "Engineer"},
        "people": {"no": {"name": "Åsa"}},
        "instructions": {"no_contact": True, "wait_until": "2026-12-04"},
        "events": [{"type": "interview", "at": "2026-11-20T10:00Z", "minutes": 45, "with": ["no"]}],
    }
    yaml = """\
format: 1
candidate: {name: Ana}
company: {name: Initech}
position: {title: Engineer}
people: {no: {name: Åsa}}
instructions: {no_contact: true, wait_until: 2026-12-04}
events: [{type: interview, at: 2026-11-20T10:00Z, minutes: 45, with: [no]}]
"""
    assert read_text(json.dumps(data), name="a.json").state == read_text(yaml).state == read_data(data).state


def test_a_time_without_offset_is_taken_in_the_candidates_zone_and_a_note_says_so() -> None:
    reading = read_text(with_event("{type: reply, at: 2026-11-24T09:00}"), name="state.yaml")
    assert reading.state.events[1].at == datetime(2026, 11, 24, 15, tzinfo=UTC)
    assert [(note.code, note.severity, note.place.line) for note in reading.notes] == [
        ("time-assumed", "note", 10)
    ]
    assert "America/Chicago" in reading.notes[0].text


def test_a_time_without_offset_and_without_a_zone_is_refused() -> None:
    found = only(with_event("{type: reply, at: 2026-11-24T09:00}").replace(", timezone: America/Chicago", ""))
    assert found.code == "time"
    assert "candidate.timezone" in found.cure


def test_an_hour_that_the_clocks_skip_is_moved_as_the_calendar_moves_it() -> None:
    reading = read_text(with_event("{type: reply, at: 2026-03-08T02:30}"))
    assert reading.state.events[1].at == datetime(2026, 3, 8, 8, 30, tzinfo=UTC)


def test_a_person_without_a_word_about_them_is_a_person() -> None:
    text = STATE.replace("lee: {name: Lee Okafor}", "lee:").replace("with: [dana]", "with: [lee]")
    state = read_text(text).state
    assert state.people["lee"] == Person()
    assert BUILTIN.plan(state, NOW).stage == "awaiting"


def test_a_key_without_a_value_counts_as_absent() -> None:
    assert read_text(STATE.replace("name: Initech", "name: Initech, culture: ")).state.company.culture is None


def test_blank_texts_are_read_and_are_not_known() -> None:
    state = read_text(STATE.replace("name: Lee Okafor", "name: ' ', email: '  '")).state
    facts = BUILTIN.vocabulary.facts
    assert state.people["lee"].email == "  "
    blank = InterviewState.from_dict({**state.to_dict(), "company": {"name": " "}})
    assert facts["company.name"].get(_Subject(blank)) is None


class _Subject:
    """As much of a scope as the facts of the company want."""

    def __init__(self, state: InterviewState) -> None:
        self.history = self
        self.state = state


def test_events_elsewhere_may_name_people_of_other_opportunities() -> None:
    text = f"{STATE}elsewhere: [{{type: sent, at: 2026-11-21T10:00Z, to: somebody, intent: inquiry}}]\n"
    state = read_text(text).state
    assert BUILTIN.plan(state, NOW).stage == "awaiting"


def test_typed_objects_and_tuples_may_stand_in_the_data() -> None:
    data = read_text(STATE).state.to_dict()
    data["events"] = (Reply(at=NOW, from_="dana"), {"type": "promise", "at": NOW, "by": date(2026, 12, 1)})
    state = read_data(data).state
    assert state.events == (Reply(at=NOW, from_="dana"), Promise(at=NOW, by=DayOrTime(date(2026, 12, 1))))


# What is refused


def test_all_problems_are_told_at_once_in_order_of_place() -> None:
    text = """\
format: 1
candidate: {nam: Ana, timezone: Amerca/Chicago}
company: {name: Initech, culture: relaxd}
position: {title: }
events:
  - {type: replied}
  - {type: reply, at: 2026-02-30T10:00Z, from: dan}
"""
    found = problems(text)
    assert [(each.place.line, each.code) for each in found] == [
        (2, "unknown-key"),
        (2, "timezone"),
        (3, "not-a-value"),
        (4, "missing-key"),
        (6, "unknown-event"),
        (7, "time"),
        (7, "unknown-person"),
    ]


@pytest.mark.parametrize(
    ("event", "column", "words"),
    [
        ("{type: replyy, at: 2026-11-21T10:00Z}", 12, "did you mean `reply`?"),
        ("{type: reply, at: 2026-11-21T10:00Z, form: dana}", 42, "did you mean `from`?"),
        ("{type: reply, at: 2026-11-21T10:00Z, from: dna}", 48, "did you mean `dana`?"),
        ("{type: called, at: 2026-11-21T10:00Z, to: lee, outcome: spke}", 61, "did you mean `spoke`?"),
        ("{type: interview, at: 2026-11-21T10:00Z, minutes: 0}", 55, "at least 1 is expected"),
        ("{type: interview, at: 2026-11-21T10:00Z, with: [null]}", 53, "text is expected"),
        ("{type: cancelled, at: 2026-11-21T10:00Z, interview: r2}", 57, "known: r1"),
    ],
)
def test_a_mistake_is_told_at_its_place_with_its_cure(event: str, column: int, words: str) -> None:
    found = only(with_event(event))
    assert (found.place.line, found.place.column) == (10, column)
    assert words in str(found)


TIMES = [
    "2026-02-30T10:00Z", "2025-02-29T10:00Z", "9999-01-01T00:00Z", "0001-01-01T00:00Z", "1969-12-31T10:00Z",
    "2026-11-20T10:00+25:00", "2026-11-20T25:00Z", "2026-13-01T10:00Z", "1700000000", "2026-11-20", "today",
    "''", "true", "1e9", "٢٠٢٦-11-20T10:00Z", "2026-11-20T10:00 CET", "-2026-11-20T10:00Z",
]  # fmt: skip


@pytest.mark.parametrize("time", TIMES)
def test_what_is_no_time_is_refused_where_it_stands(time: str) -> None:
    found = only(with_event(f"{{type: reply, at: {time}}}"))
    assert (found.code, found.place.line, found.place.column) == ("time", 10, 23)


@pytest.mark.parametrize(
    "day", ["2026-02-29", "2026-13-01", "9999-01-01", "2026/12/01", "01.12.2026", "Friday"]
)
def test_what_is_no_day_is_refused_where_it_stands(day: str) -> None:
    found = only(with_event(f"{{type: promise, at: 2026-11-21T10:00Z, by: {day}}}"))
    assert (found.code, found.place.line, found.place.column) == ("time", 10, 48)


def test_more_problems_than_a_person_can_use_are_counted() -> None:
    found = problems(STATE + "  - {type: replied}\n" * 500)
    assert len(found) == 51
    assert found[-1].code == "more-problems"


@pytest.mark.parametrize(
    "data",
    [
        None, 3, "text", [], {"candidate": None}, {1: 2}, {"candidate": {1: "x"}}, {"events": [object()]},
        {"format": float("nan")}, {"people": {"a": {"name": b"bytes"}}}, {"events": {"type": "reply"}},
        {"candidate": {"name": object()}}, {"events": [{"type": ["reply"]}]}, {"events": [{"type": {}}]},
    ],
)  # fmt: skip
def test_data_that_is_no_state_is_refused_with_paths_for_places(data: Any) -> None:
    with pytest.raises(StateError) as caught:
        read_data(data)
    assert all(problem.place.line == 0 for problem in caught.value.problems)


def test_data_that_holds_itself_is_refused() -> None:
    deep: list[Any] = []
    deep.append(deep)
    wide: dict[str, Any] = {}
    wide.update(a=wide, b=wide)
    for data in ({"people": deep}, {"candidate": wide}):
        with pytest.raises(StateError, match=r"inside one another|more than 100000"):
            read_data(data)


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02", b"\xff\xfe\x00a", b"\x89PNG\r\n", b"{", b"%", b"\xf0\x9f"]
)
def test_a_file_that_is_no_text_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "state.yaml"
    path.write_bytes(content)
    with pytest.raises(StateError) as caught:
        read_file(path)
    assert caught.value.problems[0].place.file == str(path)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    for path, code in ((tmp_path, "file-unreadable"), (tmp_path / "none.yaml", "file-missing")):
        with pytest.raises(StateError) as caught:
            read_file(path)
        assert [problem.code for problem in caught.value.problems] == [code]


# What plugins declare


class Visits:
    """A plugin with an event type of each kind of field, and a namespace."""

    FOLLOWUP_API = 1

    @hookimpl
    def followup_event_types(self) -> list[EventType]:
        fields = {
            "host": {"type": "string", "maxLength": 20},
            "guests": {"type": "array", "items": {"type": "string"}},
            "hours": {"type": "integer", "minimum": 1},
            "paid": {"type": "boolean"},
        }
        return [EventType(name="visit", fields=fields, required=("host",), people=("host", "guests"))]

    @hookimpl
    def followup_facts(self) -> list[Fact]:
        return [
            Fact("visa.expires", FactType("text"), "when", lambda scope: None),
            Fact("visa.sponsor", FactType("boolean"), "whether they sponsor visas", lambda scope: None),
            Fact("visa.years", FactType("number"), "for how long", lambda scope: None),
        ]


@pytest.fixture(scope="module")
def visits() -> Engine:
    return Engine.load(plugins=False, extra_plugins=[("visits", Visits())])


def test_a_declared_event_is_read_with_its_types_and_survives_writing(visits: Engine) -> None:
    text = with_event(
        "{type: visit, id: v1, at: 2026-11-21T10:00Z, host: dana, guests: [lee], hours: 3, paid: true}"
    )
    state = read_text(text, vocabulary=visits.vocabulary).state
    event = state.events[1]
    assert isinstance(event, Custom)
    assert event.fields == {"host": "dana", "guests": ["lee"], "hours": 3, "paid": True}
    assert read_text(state.to_yaml(), vocabulary=visits.vocabulary).state == state
    assert read_data(state.to_dict(), visits.vocabulary).state == state
    assert visits.plan(state, NOW).stage == "awaiting"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ("", "missing-key"),
        ("host: dan", "unknown-person"),
        ("host: dana, guests: [bob]", "unknown-person"),
        ("host: dana, guests: lee", "wrong-type"),
        ("host: dana, hours: 0", "value"),
        ("host: dana, hours: some", "wrong-type"),
        ("host: dana, paid: perhaps", "wrong-type"),
        ("host: dana, hots: lee", "unknown-key"),
        ("host: dana, id: a b", "pattern"),
        ("host: [dana]", "wrong-type"),
    ],
)
def test_a_declared_event_is_held_to_its_fields(visits: Engine, fields: str, code: str) -> None:
    event = f"{{type: visit, at: 2026-11-21T10:00Z, {fields}}}"
    assert only(with_event(event), vocabulary=visits.vocabulary).code == code


def test_a_namespace_of_a_plugin_is_kept_and_without_the_plugin_refused(visits: Engine) -> None:
    text = STATE + "visa: {expires: 2027-01-01}\n"
    state = read_text(text, vocabulary=visits.vocabulary).state
    assert state.extensions == {"visa": {"expires": "2027-01-01"}}
    assert read_text(state.to_yaml(), vocabulary=visits.vocabulary).state == state
    problem = only(text)
    assert problem.code == "unknown-key"
    assert problem.cure.endswith("if a plugin brings it, install or enable that")
    assert "extensions" not in problem.cure


def test_an_event_type_of_a_plugin_that_is_gone_is_told_as_such() -> None:
    problem = only(with_event("{type: visit, at: 2026-11-21T10:00Z, host: dana}"))
    assert problem.code == "unknown-event"
    assert problem.cure.endswith("if a plugin brings it, install or enable that")


def test_a_value_in_the_namespace_of_a_plugin_has_the_type_of_its_fact(visits: Engine) -> None:
    text = STATE + "visa: {expires: 2027-01-01, sponsor: true, years: 3, note: true}\n"
    state = read_text(text, vocabulary=visits.vocabulary).state
    assert state.extensions == {
        "visa": {"expires": "2027-01-01", "sponsor": True, "years": 3, "note": "true"}
    }
    assert (
        read_text(state.to_yaml(), vocabulary=visits.vocabulary).state.extensions["visa"]["sponsor"] is True
    )
    assert read_data(state.to_dict(), visits.vocabulary).state == state


@pytest.mark.parametrize("told", ["{sponsor: perhaps}", "{years: some}"])
def test_a_value_that_cannot_be_what_the_fact_is_is_told_with_its_place(visits: Engine, told: str) -> None:
    problem = only(STATE + f"visa: {told}\n", vocabulary=visits.vocabulary)
    assert problem.code == "wrong-type"
    assert problem.place.column > len("visa: {")


# Laws

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc", "Cn", "Co")), min_size=1, max_size=20)
MAYBE = st.none() | TEXT
IDS = st.sampled_from(("dana", "lee", "hr.1"))
ZONES = st.sampled_from((None, "America/Chicago", "Asia/Kolkata", "UTC"))
OFFSETS = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
TIMES_OF_DAY = st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 31), timezones=OFFSETS)
DAYS = st.dates(date(1971, 1, 1), date(2099, 12, 31))
WHEN = st.builds(DayOrTime, DAYS | TIMES_OF_DAY)
TUPLES = st.lists(TEXT, max_size=2).map(tuple)
CONCERNS = st.builds(Concern, about=TEXT, evidence=MAYBE, gap=st.booleans(), with_=st.none() | IDS)


def is_ahead(promise: Promise) -> bool:
    """Whether the promised day is not before the day of the promise."""
    by = promise.by.value
    return (by.date() if isinstance(by, datetime) else by) >= promise.at.date()


EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.builds(
        Interview,
        at=TIMES_OF_DAY,
        minutes=st.none() | st.integers(1, 600),
        with_=st.lists(IDS, max_size=3).map(tuple),
        topics=st.dictionaries(IDS, TUPLES, max_size=2),
        concerns=st.lists(CONCERNS, max_size=2).map(tuple),
        arranged=st.none() | TIMES_OF_DAY,
    ),
    st.builds(Sent, at=TIMES_OF_DAY, to=IDS, intent=MAYBE, key=MAYBE, parts=st.none() | TUPLES),
    st.builds(Reply, at=TIMES_OF_DAY, from_=st.none() | IDS, text=MAYBE),
    st.builds(Promise, at=TIMES_OF_DAY, by=WHEN, who=st.none() | IDS, words=MAYBE).filter(is_ahead),
    st.builds(Snoozed, at=TIMES_OF_DAY, key=TEXT, until=WHEN),
)
STATES = st.builds(
    InterviewState,
    candidate=st.builds(
        Candidate,
        name=TEXT,
        email=MAYBE,
        timezone=ZONES,
        strengths=TUPLES,
        library=st.lists(st.builds(LibraryItem, title=TEXT, tags=TUPLES), max_size=2).map(tuple),
    ),
    company=st.builds(Company, name=TEXT, timezone=ZONES, country=st.sampled_from((None, "US", "JP"))),
    position=st.builds(Position, title=TEXT, reference=MAYBE),
    people=st.fixed_dictionaries(
        {id_: st.builds(Person, name=MAYBE, role=MAYBE, email=MAYBE) for id_ in ("dana", "lee", "hr.1")}
    ),
    instructions=st.builds(
        Instructions,
        channels=st.none() | TUPLES,
        contact=st.none() | IDS,
        wait_until=st.none() | WHEN,
        no_contact=st.booleans(),
    ),
    events=st.lists(EVENTS, max_size=5).map(tuple),
    elsewhere=st.lists(EVENTS, max_size=2).map(tuple),
)


@given(STATES)
def test_writing_a_state_and_reading_it_loses_nothing(state: InterviewState) -> None:
    assert InterviewState.from_dict(state.to_dict()) == state
    assert InterviewState.from_text(state.to_yaml()) == state
    assert InterviewState.from_text(state.to_json().decode(), name="state.json") == state


def test_a_day_promised_before_the_promise_was_made_is_refused() -> None:
    found = only(with_event("{type: promise, at: 2026-11-17T11:00Z, by: 2026-11-10}"))
    assert found.code == "promise-before"


def test_more_events_than_anybody_has_are_refused_in_a_sentence() -> None:
    note = "  - {type: note, at: 2026-11-17T11:00Z, text: x}\n"
    found = only(STATE + note * 2_000)
    assert found.code == "too-many"
    assert "2001 events; at most 2000 fit" in found.text


def test_a_text_that_a_comma_parted_is_put_together_and_told() -> None:
    reading = read_text(with_event("{type: note, at: 2026-11-17T11:00Z, text: five, with no downtime}"))
    assert (
        reading.state.events[-1]
        == read_text(
            with_event("{type: note, at: 2026-11-17T11:00Z, text: 'five, with no downtime'}")
        ).state.events[-1]
    )
    assert [note.code for note in reading.notes] == ["comma-in-text"]


WORDS = ("reply", "dana", "2026-02-30", "2026-12-01T10:00", "$x", "{{ x }}", "UTC", "r1")
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
JUNK = st.recursive(
    LEAVES | st.text(max_size=8) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
WHOLE: dict[str, Any] = read_file(CORPUS / "state" / GOOD / "every-event.yaml").state.to_dict()


def mutated(data: st.DataObject, value: Any, junk: st.SearchStrategy[Any]) -> Any:
    """The same value with something in it replaced, left out or added."""
    if not isinstance(value, (dict, list)) or not value or data.draw(st.integers(0, 4)) == 0:
        return data.draw(junk)
    value = copy.copy(value)
    keys = sorted(value) if isinstance(value, dict) else range(len(value))
    key = data.draw(st.sampled_from(keys))
    match data.draw(st.integers(0, 5)):
        case 0:
            del value[key]
        case 1 if isinstance(value, dict):
            value[data.draw(st.text(max_size=6))] = value[key]
        case _:
            value[key] = mutated(data, value[key], junk)
    return value


def problems_or_state(read: Callable[[], Reading]) -> tuple[tuple[Problem, ...], InterviewState | None]:
    try:
        return (), read().state
    except InputError as error:
        return error.problems, None


@settings(max_examples=300)
@given(st.data())
def test_a_spoilt_state_is_read_and_planned_or_refused(data: st.DataObject) -> None:
    spoilt: Any = WHOLE
    for _ in range(data.draw(st.integers(1, 3))):
        spoilt = mutated(data, spoilt, JUNK)
    as_json = data.draw(st.booleans())
    found, state = problems_or_state(lambda: read_text(json.dumps(spoilt)) if as_json else read_data(spoilt))
    assert bool(found) == (state is None)
    assert all(problem.code and problem.text and "\n" not in str(problem) for problem in found)
    if state is not None:
        assert BUILTIN.plan(state, NOW).stage


PIECES = (": ", "- ", "{", "]", "'", "\n", "&a", "*a", "!!x ", "\t")


@settings(max_examples=200)
@given(st.data())
def test_a_spoilt_text_is_read_or_refused(data: st.DataObject) -> None:
    text = with_event("{type: promise, at: 2026-11-21T10:00Z, by: 2026-12-01, who: dana}")
    for _ in range(data.draw(st.integers(1, 4))):
        start, length = data.draw(st.integers(0, len(text))), data.draw(st.integers(0, 12))
        put = data.draw(st.text(max_size=4) | st.sampled_from(PIECES))
        text = text[:start] + put + text[start + length :]
    found, state = problems_or_state(lambda: read_text(text))
    assert bool(found) == (state is None)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("9/15/2026 10:00", "`2026-09-15T10:00-06:00`"),
        ("15.09.2026", "`2026-09-15T10:00-06:00`"),
        ("2026/9/15", "`2026-09-15T10:00-06:00`"),
        ("9/10/2026 10:00", "`2026-11-20T10:00-06:00`"),  # in September or in October: an example instead
    ],
)
def test_a_date_in_another_form_is_told_in_iso_where_it_means_one_day(written: str, meant: str) -> None:
    found = problems(STATE.replace("2026-11-20T10:00-06:00", written))
    assert [problem.code for problem in found] == ["time"]
    assert f"write it as {meant}" in str(found[0])


def test_every_event_type_of_the_core_stands_in_the_corpus() -> None:
    assert {event["type"] for event in WHOLE["events"]} == set(EVENT_TYPES)
