"""Events put into a state's file: what stands there stays, and the file reads as the state with them."""

from __future__ import annotations

import difflib
import json

import pytest
from tests.support import EXAMPLES, time

from followup import InterviewState
from followup.authoring.recording import with_events
from followup.authoring.yaml_text import CannotInsertError
from followup.errors import StateError
from followup.events import Called, Event, Note, Promise
from followup.records import DayOrTime

HEAD = """\
format: 1
candidate: {name: Ana Souza, timezone: UTC}
company: {name: Initech}
position: {title: Data Engineer}
people: {dana: {name: Dana Whitfield}}
"""
CALLED = Called(at=time("2026-09-21T10:00"), to="dana", outcome="spoke", key="inquiry:r1:dana")
PROMISE = Promise(at=time("2026-09-21T10:00"), by=DayOrTime(time("2026-09-30").date()), who="dana")
LONG = Note(at=time("2026-09-21T10:00"), text="They said: 'no', \"yes\" and # perhaps. " * 5)


def added(text: str, *events: Event) -> list[str]:
    """The lines that are new. All that was there is still there, in its order."""
    made = with_events(text, events)
    assert InterviewState.from_text(made) == InterviewState.from_text(text).adding(*events)
    rest = iter(made)
    assert all(character in rest for character in text), "something that stood there is gone"
    compared = difflib.ndiff(text.splitlines(), made.splitlines())
    return [line[2:] for line in compared if line.startswith("+ ")]


def test_an_event_goes_to_the_end_of_the_list_and_comments_stay() -> None:
    text = HEAD + (
        "events:  # what happened\n"
        "  - {type: interview, id: r1, at: 2026-09-15T10:00Z, with: [dana]}  # the first\n"
        "  # to be continued\n"
        "instructions: {channels: [phone]}  # they like calls\n"
    )
    assert added(text, CALLED, PROMISE) == [
        "  - {type: called, at: 2026-09-21T10:00:00+00:00, to: dana, outcome: spoke, key: inquiry:r1:dana}",
        "  - {type: promise, at: 2026-09-21T10:00:00+00:00, by: 2026-09-30, who: dana}",
    ]


@pytest.mark.parametrize(
    "events",
    [
        "",
        "events:\n",
        "events: []\n",
        "events: [{type: note, at: 2026-09-15T10:00Z, text: it's fine}]\n",
        "events: [\n  {type: note, at: 2026-09-15T10:00Z, text: a},\n]\n",
        "events:\n- type: note\n  at: 2026-09-15T10:00Z\n  text: a\n",
        "events:\n    - type: note\n      at: 2026-09-15T10:00Z\n      text: |\n        a\n        b\n\n",
        "events:\n  - type: note\n    at: 2026-09-15T10:00Z\n    text: >-\n      a\n\n# the end\n",
        "events:\n  - type: note\n    at: 2026-09-15T10:00Z\n    text: 'a\n      b'",
        'events:\n  - {type: note, at: 2026-09-15T10:00Z, text: "a"}\nelsewhere: []\n',
        "events:\n  - type: interview\n    at: 2026-09-15T10:00Z\n    with:\n      - dana\n",
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_however_the_list_is_written_there_is_a_place_in_it(events: str, line_end: str) -> None:
    text = (HEAD + events).replace("\n", line_end)
    assert added(text, CALLED, LONG)
    if line_end == "\r\n":
        assert "\n" not in with_events(text, [CALLED, LONG]).replace("\r\n", "")


@pytest.mark.parametrize("events", [None, [], [{"type": "note", "at": "2026-09-15T10:00Z", "text": "ä\t"}]])
@pytest.mark.parametrize("indent", [None, 2, "\t"])
def test_json_stays_json(events: list[object] | None, indent: int | str | None) -> None:
    data = {
        "format": 1,
        "candidate": {"name": "Ana Souza"},
        "company": {"name": "Initech"},
        "position": {"title": "Engineer {x: ]"},
        "people": {"dana": {}},
        **({} if events is None else {"events": events}),
    }
    text = json.dumps(data, indent=indent)
    assert added(text, CALLED, LONG)
    assert len(json.loads(with_events(text, [CALLED, LONG]))["events"]) == len(events or ()) + 2


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_takes_one_more_event(path: object) -> None:
    text = path.read_text("utf-8")  # type: ignore[attr-defined]
    assert added(text, LONG)
    assert added("\ufeff" + text, LONG)


def test_where_there_is_no_place_it_says_so_and_changes_nothing() -> None:
    with pytest.raises(CannotInsertError, match="leaves no place for another"):
        with_events(HEAD + "...\n", [CALLED])


def test_what_is_no_state_is_refused_with_its_problems() -> None:
    with pytest.raises(StateError, match="company"):
        with_events("format: 1\n", [CALLED])


def test_an_event_that_does_not_fit_the_state_is_not_written() -> None:
    with pytest.raises(StateError, match="no person has the id `nobody`"):
        with_events(HEAD, [Called(at=time("2026-09-21T10:00"), to="nobody")])
