"""Comparisons: stories side by side, true to their simulations, as rows, lanes and a picture."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import EXAMPLES, INTERVIEW, Plain, builtin_engine, engine_of, rule, state, time

from followup import InputError, InterviewState
from followup.comparing import Comparison, entries_of
from followup.lanes import lanes_of
from followup.pictures import comparison_svg

ENGINE = builtin_engine()
SOON = "2026-09-15T11:00"
HEARD: Plain = {**INTERVIEW, "with": ["dana"]}
PROMISE: Plain = {"type": "promise", "at": "2026-09-15T11:00Z", "by": "2026-09-25", "who": "dana"}
STORIES = ["silence", "reply on day 9", "absence", "rejection"]


def compared(
    *stories: str, given_state: InterviewState | None = None, until: str | None = None
) -> Comparison:
    return ENGINE.compare(
        given_state or state(HEARD), time(SOON), time(until) if until else None, stories or STORIES
    )


def test_it_plays_six_weeks_where_nothing_else_is_said() -> None:
    assert compared().end - compared().start == timedelta(weeks=6)


def test_each_story_is_what_a_simulation_of_its_events_is() -> None:
    whole = compared("silence", "rejection")
    events = state(*({"type": "rejection", "at": "2026-09-24T11:00Z", "from": "dana"},)).events
    for played, given_events in zip(whole.stories, ((), events), strict=True):
        alone = ENGINE.simulate(state(HEARD), time(SOON), whole.end, events=given_events)
        assert played.simulation == alone


def test_a_day_that_is_as_in_the_first_story_does_not_differ() -> None:
    rows = {row.day: row.cells for row in compared("silence", "rejection").rows}
    assert not rows[date(2026, 9, 15)][1].differs
    assert rows[date(2026, 9, 24)][1].differs
    [event, *_] = rows[date(2026, 9, 24)][1].entries
    assert (event.kind, event.title) == ("event", "Dana Whitfield turns you down")


def test_what_an_event_stops_is_told_with_why() -> None:
    [_, refused] = compared("silence", "rejection on day 3").stories
    stopped = [entry for entry in entries_of(refused.simulation) if entry.kind == "stopped"]
    assert "inquiry:r1:dana" in [entry.key for entry in stopped]
    assert all(entry.why for entry in stopped)


def test_how_it_ends_counts_messages_to_the_employer_only() -> None:
    [silence, refused] = compared("silence", "rejection on day 3").stories
    outward = [m for m in silence.simulation.messages if m.to.id != "self"]
    assert silence.ending.messages == len(outward) == 3
    assert silence.ending.words.startswith("they have not decided")
    assert refused.ending.words.startswith("they said no")


def test_a_date_that_they_named_is_known_beforehand() -> None:
    known = compared("silence", given_state=state(HEARD, PROMISE)).known
    assert [(each.day, each.words) for each in known] == [(date(2026, 9, 25), "they decide by then")]


def test_a_lane_shows_until_when_something_is_held() -> None:
    [lane] = lanes_of(compared("silence", given_state=state(HEARD, PROMISE)))
    held = [bar for track in lane.tracks for bar in track.bars if bar.kind == "held"]
    assert held
    assert all(bar.start < bar.end for bar in held)


def test_a_play_that_goes_through_too_many_moments_is_cut_off_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("followup.simulating.MOST_STEPS", 10)
    engine = engine_of({"ask": rule(intent="keep-in-touch", repeat={"every": "1 week", "times": 20})})
    played = engine.simulate(state(HEARD), time(SOON), time("2027-09-16T10:00"))
    assert 0 < len(played.messages) < 20
    assert played.cut_off is not None
    assert played.steps[-1].at <= played.cut_off


# The picture


def parsed(compared_stories: Comparison, title: str = "Data Engineer at Initech") -> ElementTree.Element:
    return ElementTree.fromstring(comparison_svg(compared_stories, title))


def texts(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_the_picture_names_every_story_and_message() -> None:
    whole = compared()
    shown = " ".join(texts(parsed(whole)))
    for played in whole.stories:
        assert played.name in shown
        for message in played.simulation.messages:
            assert message.title in shown


def test_the_picture_tells_itself_to_those_who_do_not_see_it() -> None:
    root = parsed(compared())
    labels = (root.get("aria-labelledby") or "").split()
    named = {element.get("id"): element.text for element in root.iter()}
    assert root.get("role") == "img"
    assert [bool(named.get(label)) for label in labels] == [True, True]


def test_the_picture_is_the_same_bytes_each_time() -> None:
    assert comparison_svg(compared(), "x") == comparison_svg(compared(), "x")


def test_words_from_outside_cannot_become_part_of_the_drawing() -> None:
    people = {
        "dana": {"name": "<script>x</script>", "role": "hiring manager", "email": "dana@initech.example"}
    }
    drawn = comparison_svg(compared(given_state=state(HEARD, people=people)), "</title><script>")
    assert "<script" not in drawn
    ElementTree.fromstring(drawn)


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(EXAMPLES), st.integers(0, 30), st.integers(1, 80))
def test_no_two_labels_of_a_band_overlap(path: Any, days: int, weeks: int) -> None:
    given_state = InterviewState.from_yaml(path)
    now = max(event.at for event in given_state.events) + timedelta(days=days)
    whole = ENGINE.compare(given_state, now, now + timedelta(weeks=weeks))
    boxes: list[tuple[float, float, float]] = []
    for element in parsed(whole).iter("{http://www.w3.org/2000/svg}text"):
        x, y = float(element.get("x", 0)), float(element.get("y", 0))
        # A careful guess of the width, less than the picture's own.
        width = len(element.text or "") * float(element.get("font-size", 0)) * 0.5
        left = x - width if element.get("text-anchor") == "end" else x
        boxes.append((y, left, left + width))
    for index, (y, left, right) in enumerate(boxes):
        for other_y, other_left, other_right in boxes[index + 1 :]:
            assert abs(y - other_y) > 9 or right <= other_left or other_right <= left


@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(EXAMPLES),
    st.integers(0, 30),
    st.lists(st.sampled_from(sorted(ENGINE.stories)), unique=True),
)
def test_whatever_is_played_keeps_the_law(path: Any, days: int, names: list[str]) -> None:
    """In order, each key once, one unanswered message a person a day, only courtesy after a refusal."""
    given_state = InterviewState.from_yaml(path)
    now = max(event.at for event in given_state.events) + timedelta(days=days)
    try:
        whole = ENGINE.compare(given_state, now, None, names)
    except InputError as problem:
        # A story may need somebody whom the state does not have.
        assert {each.code for each in problem.problems} <= {"unknown-person"}  # noqa: PT017
        return
    for played in whole.stories:
        messages = [m for m in played.simulation.messages if m.to.id != "self"]
        heard = [
            event.at
            for event in played.simulation.events
            if event.type in ("reply", "promise", "offer", "rejection", "interview")
        ]
        assert [m.at for m in messages] == sorted(m.at for m in messages)
        assert len({m.key for m in messages}) == len(messages)
        for first, second in pairwise(messages):
            answered = any(first.at <= at <= second.at for at in heard)
            same = first.to.id == second.to.id
            assert not same or answered or second.at - first.at >= timedelta(hours=23)
        refused = [event.at for event in played.simulation.events if event.type in ("rejection", "accepted")]
        courtesy = {"thanks", "decline", "feedback", "connect", "congratulate", "keep-in-touch", "task"}
        assert all(m.intent in courtesy or not refused or m.at <= min(refused) for m in messages)
