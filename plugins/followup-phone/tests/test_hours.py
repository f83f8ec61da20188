from __future__ import annotations

from datetime import datetime

import pytest

from followup.calendars import Calendar
from followup_phone.hours import Hours, Span, hours_to_call

CHICAGO = Calendar("America/Chicago", "US", "IL")
BERLIN = Calendar("Europe/Berlin", "DE", "BE")


def hours(now: str, there: Calendar = CHICAGO, here: Calendar = BERLIN) -> Hours:
    return hours_to_call(there, here, datetime.fromisoformat(now))


def shown(span: Span | None) -> str:
    if span is None:
        return ""
    return (
        f"{span.starts:%a %d %H:%M}-{span.ends:%H:%M} = {span.starts_here:%a %d %H:%M}-{span.ends_here:%H:%M}"
    )


def test_in_the_middle_of_the_morning_there_it_is_a_good_time() -> None:
    found = hours("2026-11-24T17:30+01:00")
    assert found.answer == "good"
    assert shown(found.current) == "Tue 24 10:00-12:00 = Tue 24 17:00-19:00"
    assert found.zones == ("America/Chicago", "Europe/Berlin")


@pytest.mark.parametrize(
    ("now", "answer"),
    [
        ("2026-11-24T09:59-06:00", "possible"),
        ("2026-11-24T10:00-06:00", "good"),
        ("2026-11-24T12:00-06:00", "possible"),
        ("2026-11-24T12:59-06:00", "possible"),
        ("2026-11-24T13:00-06:00", "no"),
        ("2026-11-28T10:30-06:00", "no"),
    ],
)
def test_other_business_hours_will_do_and_the_rest_will_not(now: str, answer: str) -> None:
    assert hours(now).answer == answer


def test_the_next_good_hours_leave_out_holidays_and_weekends_there() -> None:
    found = hours("2026-11-25T20:00-06:00")
    assert [shown(span) for span in found.following] == [
        "Fri 27 10:00-12:00 = Fri 27 17:00-19:00",
        "Mon 30 10:00-12:00 = Mon 30 17:00-19:00",
        "Tue 01 10:00-12:00 = Tue 01 17:00-19:00",
    ]


def test_good_hours_are_cut_to_those_of_your_own_day() -> None:
    found = hours("2026-11-24T08:00+05:30", here=Calendar("Europe/Moscow", "RU"))
    assert shown(found.following[0]) == "Tue 24 10:00-11:00 = Tue 24 19:00-20:00"
    assert all(span.starts.hour == 10 for span in found.following)


def test_where_the_best_hours_never_meet_your_day_other_business_hours_do() -> None:
    found = hours("2026-11-24T08:00+05:30", here=Calendar("Asia/Dubai", "AE"))
    assert shown(found.following[0]) == "Tue 24 09:00-10:00 = Tue 24 19:00-20:00"


def test_where_these_do_not_either_your_evening_will_do() -> None:
    found = hours("2026-11-24T08:00+05:30", here=Calendar("Asia/Kolkata", "IN"))
    assert not found.odd
    assert shown(found.following[0]) == "Tue 24 10:00-10:30 = Tue 24 21:30-22:00"


def test_where_nothing_meets_your_day_it_says_that_the_hours_are_odd() -> None:
    found = hours("2026-11-24T12:00Z", Calendar("Australia/Sydney", "AU"), Calendar("Europe/London"))
    assert found.odd
    assert shown(found.following[0]) == "Wed 25 10:00-12:00 = Tue 24 23:00-01:00"


def test_on_the_day_on_which_clocks_change_both_zones_are_right() -> None:
    found = hours("2026-10-25T20:00+01:00")
    assert shown(found.following[0]) == "Mon 26 10:00-12:00 = Mon 26 16:00-18:00"
    found = hours("2026-11-01T20:00+01:00")
    assert shown(found.following[0]) == "Mon 02 10:00-12:00 = Mon 02 17:00-19:00"


def test_without_a_zone_of_theirs_the_clocks_are_the_same() -> None:
    found = hours("2026-11-24T11:00+01:00", there=BERLIN)
    assert found.current is not None
    assert found.current.same_clocks
