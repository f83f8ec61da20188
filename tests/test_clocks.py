"""Clocks in integers: they show what the time zone database says, also on the days when they are changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from followup.clocks import shown_at, wall_at
from followup.moments import DAY, MINUTE, instant

NAIVE_EPOCH = datetime(1970, 1, 1)
CHANGES = {
    "Africa/Freetown": "1939-09-05",
    "America/Chicago": "2026-11-01",
    "America/Juneau": "1867-10-18",
    "Asia/Manila": "1844-12-31",
    "Australia/Lord_Howe": "2026-10-03",
    "Europe/Dublin": "2026-03-29",
    "Pacific/Apia": "2011-12-30",
    "Pacific/Kwajalein": "1993-08-21",
}
"""Days about which clocks were changed: by a part of an hour, an hour, a day, forward and back."""

zones = st.sampled_from([*CHANGES, "Asia/Kathmandu", "UTC"])
instants = st.integers(-130 * 365 * DAY, 130 * 365 * DAY)


def by_database(wall: int, zone: str) -> int:
    return instant((NAIVE_EPOCH + timedelta(microseconds=wall)).replace(tzinfo=ZoneInfo(zone)))


@given(zones, instants)
def test_clocks_show_at_any_instant_what_the_database_says(zone: str, t: int) -> None:
    local = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=t)).astimezone(ZoneInfo(zone))
    assert wall_at(t, zone) == (local.replace(tzinfo=None) - NAIVE_EPOCH) // timedelta(microseconds=1)


@given(zones, instants)
def test_a_time_is_shown_when_the_database_says(zone: str, wall: int) -> None:
    assert shown_at(wall, zone) == by_database(wall, zone)


@pytest.mark.parametrize(("zone", "day"), CHANGES.items())
def test_a_time_is_shown_when_the_database_says_also_about_a_change(zone: str, day: str) -> None:
    noon = (datetime.fromisoformat(day) - NAIVE_EPOCH) // timedelta(microseconds=1) + DAY // 2
    walls = range(noon - 3 * DAY, noon + 3 * DAY, 10 * MINUTE)
    assert [shown_at(wall, zone) for wall in walls] == [by_database(wall, zone) for wall in walls]
