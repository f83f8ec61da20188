from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.calendars import Calendar
from followup.cli.times import Clock, moment_after, read_moment
from followup.errors import UsageError

CHICAGO = Calendar("America/Chicago")
NOW = datetime.fromisoformat("2026-11-20T19:00-06:00")
CLOCK = Clock(NOW, "America/Chicago")


@pytest.mark.parametrize(
    ("text", "meant", "noted"),
    [
        ("2026-11-20T19:00-06:00", "2026-11-21T01:00+00:00", False),
        ("2026-11-21T01:00Z", "2026-11-21T01:00+00:00", False),
        ("2026-11-21T01:00z", "2026-11-21T01:00+00:00", False),
        ("2026-11-20T19:00", "2026-11-21T01:00+00:00", True),
        ("2026-11-20 19:00", "2026-11-21T01:00+00:00", True),
        (" 2026-11-20 ", "2026-11-20T06:00+00:00", True),
        ("2026-03-08T02:30", "2026-03-08T08:30+00:00", True),  # skipped by the clocks
        ("2026-11-01T01:30", "2026-11-01T06:30+00:00", True),  # shown twice; the earlier
    ],
)
def test_a_time_is_read_and_a_zone_taken_for_granted_is_said(text: str, meant: str, noted: bool) -> None:
    moment, note = read_moment(text, CHICAGO, "--now")
    assert moment == datetime.fromisoformat(meant)
    assert ("America/Chicago" in note) is noted


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "0001-01-01", "9999-12-31T23:59-12:00", "12:00"])
def test_what_is_no_time_is_refused_with_the_option_and_an_example(text: str) -> None:
    with pytest.raises(UsageError, match=r"--now.*; "):
        read_moment(text, CHICAGO, "--now")


def test_a_duration_counts_from_the_start_on_the_calendar() -> None:
    start = datetime.fromisoformat("2026-10-30T10:00-05:00")
    assert moment_after(start, "+3 days", CHICAGO, "--until") == datetime.fromisoformat(
        "2026-11-02T10:00-06:00"
    )
    assert moment_after(start, "72 hours", CHICAGO, "--until") == start + timedelta(hours=72)
    with pytest.raises(UsageError, match="--until"):
        moment_after(start, "3 fortnights", CHICAGO, "--until")


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        ("2026-11-20T19:00-06:00", "Fri 20 Nov, 19:00 (now)"),
        ("2026-11-20T19:20-06:00", "Fri 20 Nov, 19:20 (in 20 minutes)"),
        ("2026-11-20T15:00:30-06:00", "Fri 20 Nov, 15:00:30 (4 hours ago)"),
        ("2026-11-21T11:00-06:00", "Sat 21 Nov, 11:00 (in 16 hours)"),
        ("2026-11-23T00:00-06:00", "Mon 23 Nov, 00:00 (in 3 days)"),
        ("2026-11-10T09:00-06:00", "Tue 10 Nov, 09:00 (10 days ago)"),
        ("2027-02-20T19:00-06:00", "Sat 20 Feb 2027, 19:00 (in 3 months)"),
        ("2029-11-20T19:00-06:00", "Tue 20 Nov 2029, 19:00 (in 3 years)"),
    ],
)
def test_a_moment_is_shown_with_weekday_and_distance(moment: str, shown: str) -> None:
    assert CLOCK.both(datetime.fromisoformat(moment)) == shown


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))
def test_what_is_read_is_the_moment_that_was_written(moment: datetime) -> None:
    assert read_moment(moment.isoformat(), CHICAGO, "--now") == (moment, "")


@given(st.datetimes(datetime(1971, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)))
def test_the_past_is_ago_and_the_future_is_in(moment: datetime) -> None:
    words = CLOCK.relative(moment)
    if words != "now":
        assert words.startswith("in ") is (moment > NOW)
        assert words.endswith(" ago") is (moment < NOW)
