"""What became of messages and of the dates that they named."""

from __future__ import annotations

import pytest
from tests.support import INTERVIEW, Plain, sent, state, time

from followup.history import History
from followup.moments import DAY, instant
from followup.retrospect.answers import Message, Pledge, messages_of, pledges_of

REPLY: Plain = {"type": "reply", "at": "2026-09-18T12:00Z", "from": "dana"}
NOW = "2026-10-01T12:00"


def messages(*events: Plain, now: str = NOW) -> list[Message]:
    return list(messages_of(History(state(*events), instant(time(now)))))


def fates(*events: Plain, now: str = NOW) -> list[str]:
    return [message.fate for message in messages(*events, now=now)]


def pledge(*events: Plain, by: str = "2026-09-22", now: str = NOW) -> Pledge:
    promise = {"type": "promise", "id": "p", "at": "2026-09-15T11:00Z", "who": "hr", "by": by}
    [found] = pledges_of(History(state(promise, *events), instant(time(now))))
    return found


def test_a_reply_answers_the_message_before_it() -> None:
    [found] = messages(sent("2026-09-16T12:00"), REPLY)
    assert (found.fate, found.by) == ("answered", "reply-dana-20260918T1200Z")
    assert found.settled is not None
    assert found.settled - found.at == 2 * DAY


def test_without_a_reply_a_message_waits() -> None:
    assert fates(sent("2026-09-16T12:00")) == ["waiting"]


def test_what_has_not_happened_yet_answers_nothing() -> None:
    assert fates(sent("2026-09-16T12:00"), REPLY, now="2026-09-17T12:00") == ["waiting"]


def test_an_answer_is_counted_for_the_last_message_alone() -> None:
    assert fates(sent("2026-09-10T12:00"), sent("2026-09-16T12:00", intent="inquiry"), REPLY) == [
        "overtaken",
        "answered",
    ]


def test_two_replies_answer_one_message_once() -> None:
    assert fates(sent("2026-09-16T12:00"), REPLY, {**REPLY, "at": "2026-09-19T12:00Z"}) == ["answered"]


def test_a_reply_of_somebody_else_answers_nothing() -> None:
    assert fates(sent("2026-09-16T12:00", to="lee"), REPLY) == ["waiting"]


def test_a_reply_of_nobody_in_particular_answers_the_last_message_to_anybody() -> None:
    reply = {"type": "reply", "at": "2026-09-18T12:00Z"}
    assert fates(sent("2026-09-15T12:00", to="lee"), sent("2026-09-16T12:00"), reply) == [
        "waiting",
        "answered",
    ]


@pytest.mark.parametrize("type_", ["promise", "offer", "rejection"])
def test_other_words_of_theirs_answer_too(type_: str) -> None:
    who = "who" if type_ == "promise" else "from"
    more = {"by": "2026-09-25"} if type_ == "promise" else {}
    event = {"type": type_, "at": "2026-09-18T12:00Z", who: "dana", **more}
    assert fates(sent("2026-09-16T12:00"), event) == ["answered"]


def test_an_invitation_is_an_answer() -> None:
    invited = {**INTERVIEW, "id": "r2", "at": "2026-09-25T10:00Z", "arranged": "2026-09-18T10:00Z"}
    assert fates(sent("2026-09-16T12:00"), invited) == ["answered"]


def test_whoever_is_met_again_owes_no_answer() -> None:
    assert fates(sent("2026-09-16T12:00"), {**INTERVIEW, "id": "r2", "at": "2026-09-25T10:00Z"}) == [
        "overtaken"
    ]


def test_a_decision_overtakes_what_still_waits() -> None:
    rejection = {"type": "rejection", "at": "2026-09-18T12:00Z", "from": "hr"}
    assert fates(sent("2026-09-16T12:00"), rejection) == ["overtaken"]


def test_a_call_in_which_they_spoke_waits_for_nothing() -> None:
    call = {"type": "called", "at": "2026-09-16T12:00Z", "to": "dana", "outcome": "spoke"}
    assert fates(call, {**call, "at": "2026-09-17T12:00Z", "outcome": "voicemail"}) == ["spoken", "waiting"]


def test_a_mail_that_came_back_waits_for_nothing() -> None:
    bounce = {"type": "bounce", "at": "2026-09-16T13:00Z", "to": "dana"}
    assert fates(sent("2026-09-16T12:00", channel="email"), bounce) == ["returned"]


@pytest.mark.parametrize(
    ("heard", "fate"),
    [("2026-09-22T20:00Z", "kept"), ("2026-09-24T10:00Z", "late"), (None, "broken")],
)
def test_a_named_date_is_kept_late_or_broken(heard: str | None, fate: str) -> None:
    events = [{"type": "reply", "at": heard}] if heard else []
    assert pledge(*events).fate == fate


def test_a_named_date_is_open_until_its_day_is_over() -> None:
    assert pledge(now="2026-09-22T23:00").fate == "open"


def test_a_date_that_they_named_is_settled_by_your_withdrawal() -> None:
    assert pledge({"type": "withdrawal", "at": "2026-09-18T12:00Z"}).fate == "overtaken"
