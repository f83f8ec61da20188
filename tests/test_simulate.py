"""Simulation: a plan played forward, with what happens on the way."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support import EXAMPLES, INTERVIEW, PEOPLE, Plain, builtin_engine, engine_of, rule, state, time

from followup import InterviewState, UsageError
from followup.simulating import Simulation

ENGINE = builtin_engine()
SOON = "2026-09-15T11:00"
HEARD: Plain = {**INTERVIEW, "with": ["dana"]}


def play(*events: Plain, until: str = "2026-12-01T00:00", replies: Any = None, **changes: Any) -> Simulation:
    """Dana's interview played forward from its end; `events` happen on the way."""
    return ENGINE.simulate(
        state(HEARD, **changes), time(SOON), time(until), events=state(*events).events, replies=replies
    )


def when(played: Simulation, title: str) -> list[datetime]:
    """When a follow-up of this title went out."""
    return [step.at for step in played.steps for text in step.happened if text.startswith(f"{title} →")]


def to_them(played: Simulation) -> list[str]:
    """The rules that sent something to somebody else, in order."""
    return [key.split(":")[0] for key in played.sent if not key.endswith(":self")]


def test_the_whole_cadence_is_a_thank_you_an_inquiry_a_last_question_and_a_farewell() -> None:
    played = play()
    assert to_them(played) == ["thank-you", "inquiry", "final"]
    assert played.sent[-1] == "move-on:r1:self"
    thanks, inquiry, final, farewell = [
        when(played, ENGINE.rules[name].title)[0] for name in (*to_them(played), "move-on")
    ]
    assert thanks - time(SOON) == timedelta(minutes=15)
    assert inquiry - thanks == timedelta(weeks=1)
    assert final - inquiry == timedelta(weeks=1)
    assert farewell - final == timedelta(weeks=2)


def test_a_reply_on_day_five_ends_the_cadence() -> None:
    played = play({"type": "reply", "at": "2026-09-20T09:00Z", "from": "dana"})
    assert to_them(played) == ["thank-you"]
    change = next(c for s in played.steps for c in s.changes if c.rule == "inquiry" and c.after == "moot")
    assert "reply" in change.why


def test_a_reply_to_the_inquiry_spares_them_the_last_question() -> None:
    played = play(replies={"inquiry": "2 business days"})
    assert to_them(played) == ["thank-you", "inquiry"]


def test_an_absence_puts_the_inquiry_off_until_they_are_back() -> None:
    played = play({"type": "absence", "at": "2026-09-18T09:00Z", "who": "dana", "until": "2026-10-02"})
    [inquiry] = when(played, ENGINE.rules["inquiry"].title)
    assert time("2026-10-03T00:00") <= inquiry <= time("2026-10-06T00:00")


def test_an_offer_ends_all_questions() -> None:
    played = play({"type": "offer", "at": "2026-09-20T09:00Z", "from": "dana"})
    assert not {"inquiry", "final"} & {key.split(":")[0] for key in played.sent}


def test_nothing_is_sent_after_the_end() -> None:
    played = play(until="2026-09-22T11:14")
    assert to_them(played) == ["thank-you"]
    assert all(step.at <= time("2026-09-22T11:14") for step in played.steps)
    assert to_them(play(until="2026-09-22T11:15")) == ["thank-you", "inquiry"]


def test_events_after_the_end_do_not_happen() -> None:
    reply = {"type": "reply", "at": "2026-11-01T09:00Z", "from": "dana"}
    assert play(reply, until="2026-10-01T00:00") == play(until="2026-10-01T00:00")


def test_a_call_is_made_where_only_a_number_is_known() -> None:
    people = {"dana": {**PEOPLE["dana"], "email": None, "phone": "+1 312 555 0123", "rapport": "friendly"}}
    people["dana"].pop("email")
    engine = engine_of({"ask": rule(via=["email", "phone"])})
    given = state(HEARD, people=people)
    assert engine.simulate(given, time(SOON), time("2026-10-01T00:00")).sent == ("ask:r1:dana",)


def test_a_follow_up_that_repeats_goes_out_so_often() -> None:
    engine = engine_of({"ask": rule(intent="keep-in-touch", repeat={"every": "1 week", "times": 3})})
    played = engine.simulate(state(HEARD), time(SOON), time("2027-01-01T00:00"))
    assert played.sent == ("ask:r1:dana", "ask:r1:dana:2", "ask:r1:dana:3")
    assert when(played, "ask") == [time(SOON) + timedelta(weeks=n) for n in range(3)]


def test_the_state_that_was_handed_over_stays_as_it_was() -> None:
    given = state(HEARD)
    ENGINE.simulate(given, time(SOON), time("2026-12-01T00:00"))
    assert given == state(HEARD)


def test_it_cannot_end_before_it_begins() -> None:
    with pytest.raises(UsageError, match="until"):
        play(until="2026-09-01T00:00")


@pytest.mark.parametrize("replies", [{"inquirry": "1 day"}, {"inquiry": "soon"}])
def test_a_reply_that_makes_no_sense_is_refused(replies: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        play(replies=replies)


@settings(max_examples=15)
@given(st.sampled_from(EXAMPLES), st.integers(0, 60))
def test_an_example_played_forward_is_in_order_and_sends_each_key_once(path: Any, days: int) -> None:
    given = InterviewState.from_yaml(path)
    now = max(event.at for event in given.events)
    played = ENGINE.simulate(given, now, now + timedelta(days=days))
    times = [step.at for step in played.steps]
    assert times == sorted(times)
    assert len(set(played.sent)) == len(played.sent)
    assert all(now <= at <= now + timedelta(days=days) for at in times)
