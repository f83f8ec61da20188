"""Stories: told once, cast for any state, and read strictly."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support import INTERVIEW, PEOPLE, Plain, builtin_engine, state, time

from followup import InputError, UsageError
from followup.cli.simulate import command
from followup.comparing import Comparison

ENGINE = builtin_engine()
SOON = "2026-09-15T11:00"
HEARD: Plain = {**INTERVIEW, "with": ["dana"]}


def told(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "mine.yaml"
    path.write_text(f"format: 1\nstories:\n{text}", "utf-8")
    return path


def play(*stories: str, given: object = None) -> Comparison:
    return ENGINE.compare(given or state(HEARD), time(SOON), None, stories)  # type: ignore[arg-type]


def events(compared: Comparison, name: str) -> list[str]:
    [played] = [played for played in compared.stories if played.name == name]
    return [event.words for event in played.simulation.events]


def test_where_none_is_named_the_usual_ones_are_compared() -> None:
    assert [played.name for played in play().stories] == ["silence", "reply", "absence", "elsewhere"]


def test_stories_that_make_no_sense_are_left_out() -> None:
    refused = state(HEARD, {"type": "rejection", "at": "2026-09-15T11:00Z"})
    assert [played.name for played in play(given=refused).stories] == ["silence"]


def test_where_nobody_is_known_nobody_answers_or_is_away() -> None:
    alone = state({**INTERVIEW, "with": []}, people={})
    assert [played.name for played in play(given=alone).stories] == ["silence", "elsewhere"]


def test_a_story_may_begin_on_another_day() -> None:
    compared = play("reply on day 9")
    [event] = compared.stories[0].simulation.events
    assert event.at == time("2026-09-24T11:00")


def test_the_person_who_would_answer_is_the_contact() -> None:
    promised = state(HEARD, {"type": "promise", "at": "2026-09-15T11:00Z", "by": "2026-09-25", "who": "hr"})
    assert events(play("reply", given=promised), "reply") == ["Priya Raman answers"]


@pytest.mark.parametrize("name", sorted(ENGINE.stories))
def test_every_story_that_is_ready_can_be_played(name: str) -> None:
    promise = {"type": "promise", "at": "2026-09-15T11:00Z", "by": "2026-09-25", "who": "dana"}
    compared = play("silence", name) if name != "silence" else play("silence")
    again = play(name, given=state(HEARD, promise))
    assert compared.stories[-1].name == again.stories[0].name == name


def test_the_help_names_every_story_that_is_ready() -> None:
    text = command.help or ""
    assert [name for name in ENGINE.stories if f"      {name} " not in text] == []


def test_an_answer_follows_the_message_that_it_answers() -> None:
    compared = play("answer")
    asked = next(m for m in compared.stories[0].simulation.messages if m.rule == "inquiry")
    [event] = compared.stories[0].simulation.events
    assert (event.at - asked.at).days == 2
    assert not any(m.rule == "final" for m in compared.stories[0].simulation.messages)


def test_an_interview_is_known_from_when_it_is_arranged() -> None:
    words = events(play("next round"), "next round")
    assert words == [
        "an interview is arranged for Thursday, 24 September",
        "you have an interview with Dana Whitfield",
    ]


def test_own_stories_are_read_from_a_file(tmp_path: Path) -> None:
    path = told(
        tmp_path,
        "  slow:\n    title: They take their time\n    events:\n"
        "      - {type: promise, who: contact, in: 2 days, by: 3 weeks}\n"
        "      - {type: reply, from: dana, after: broken-promise, in: 1 day}\n",
    )
    stories = ENGINE.read_stories(path)
    compared = ENGINE.compare(state(HEARD), time(SOON), None, stories.values())
    assert events(compared, "slow") == [
        "Dana Whitfield promises to decide by Thursday, 8 October",
        "Dana Whitfield answers",
    ]


@pytest.mark.parametrize(
    ("text", "line", "code"),
    [
        ("  a: {events: [{from: dana, in: 1 day}]}\n", 3, "missing-key"),
        ("  a: {events: [{type: reply, from: dana}]}\n", 3, "missing-key"),
        ("  a: {events: [{type: reply, in: soon}]}\n", 3, "duration"),
        ("  a: {events: [{type: reply, in: 1 day, at: 2026-09-20T10:00Z}]}\n", 3, "two-times"),
        ("  a: {events: [{type: reply, after: inquiry, at: 2026-09-20T10:00Z}]}\n", 3, "missing-key"),
        ("  a: {when: {stag: awaiting}}\n", 3, "unknown-fact"),
        ("  a: {title: x, event: []}\n", 3, "unknown-key"),
    ],
)
def test_a_file_that_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, line: int, code: str) -> None:
    with pytest.raises(InputError) as caught:
        ENGINE.read_stories(told(tmp_path, text))
    [problem] = caught.value.problems
    assert (problem.place.line, problem.code) == (line, code)
    assert problem.cure


@pytest.mark.parametrize(
    ("event", "code"),
    [
        ("{type: reply, from: nobody, in: 1 day}", "unknown-person"),
        ("{type: reply, from: scheduler, in: 1 day}", "unknown-person"),
        ("{type: replly, in: 1 day}", "unknown-event"),
        ("{type: reply, frm: dana, in: 1 day}", "unknown-key"),
        ("{type: reply, after: inquirry, in: 1 day}", "unknown-rule"),
        ("{type: promise, by: soon, in: 1 day}", "time"),
    ],
)
def test_an_event_that_does_not_fit_the_state_is_told_with_its_place(
    tmp_path: Path, event: str, code: str
) -> None:
    stories = ENGINE.read_stories(told(tmp_path, f"  a:\n    events:\n      - {event}\n"))
    with pytest.raises(InputError) as caught:
        ENGINE.compare(state(HEARD), time(SOON), None, stories.values())
    [problem] = caught.value.problems
    assert (problem.place.line, problem.code) == (5, code)


def test_a_story_that_there_is_not_is_named_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean `silence`"):
        play("silense")


def test_more_stories_than_anybody_would_read_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="at most"):
        ENGINE.read_stories(told(tmp_path, "".join(f"  s{n}: {{}}\n" for n in range(21))))


def test_a_persons_id_comes_before_what_somebody_is_called(tmp_path: Path) -> None:
    people = {
        **PEOPLE,
        "recruiter": {"name": "Sam Ortiz", "email": "sam@initech.example"},
        "ada": {"name": "Ada Reyes", "role": "recruiter", "email": "ada@initech.example"},
    }
    stories = ENGINE.read_stories(
        told(tmp_path, "  a: {events: [{type: reply, from: recruiter, in: 1 day}]}\n")
    )
    compared = ENGINE.compare(state(HEARD, people=people), time(SOON), None, stories.values())
    assert events(compared, "a") == ["Sam Ortiz answers"]
