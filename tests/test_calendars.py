"""Calendars: days with odd beginnings, days that are worked, and names that are wrong."""

from __future__ import annotations

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from holidays import country_holidays
from hypothesis import given
from hypothesis import strategies as st

from followup.calendars import NAMED, Calendar, check_country, check_zone
from followup.moments import DAY, HOUR, MINUTE, instant

CHICAGO = Calendar("America/Chicago", "US", "IL")
PLACES = (
    CHICAGO,
    Calendar("Europe/Berlin", "DE", "BY"),
    Calendar("Asia/Jerusalem", "IL"),
    Calendar("Asia/Dubai", "AE"),
    Calendar("Pacific/Apia", "WS"),
    Calendar("America/Sao_Paulo", "BR"),
    Calendar("Australia/Lord_Howe"),
    Calendar("UTC"),
)
places = st.sampled_from(PLACES)
days = st.dates(date(1975, 1, 1), date(2036, 1, 1))
instants = st.datetimes(datetime(1975, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)).map(instant)


def at(text: str) -> int:
    return instant(datetime.fromisoformat(text))


# Days


@given(places, instants)
def test_an_instant_lies_between_start_and_end_of_its_day(calendar: Calendar, t: int) -> None:
    day = calendar.day(t)
    assert calendar.start_of(day) <= t < calendar.end_of(day)


@given(places, days)
def test_a_day_starts_at_its_first_instant(calendar: Calendar, day: date) -> None:
    start = calendar.start_of(day)
    assert calendar.day(start) >= day
    assert calendar.day(start - 1) < day


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("America/Chicago", "2026-11-20", "2026-11-20T00:00-06:00"),
        ("America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00-02:00"),
        ("America/Havana", "2026-03-08", "2026-03-08T01:00-04:00"),
        ("America/Havana", "2025-11-02", "2025-11-02T00:00-04:00"),
        ("Pacific/Apia", "2011-12-30", "2011-12-31T00:00+14:00"),
        ("America/Toronto", "1919-03-31", "1919-03-31T00:30-04:00"),
    ],
)
def test_days_with_odd_beginnings(zone: str, day: str, start: str) -> None:
    assert Calendar(zone).start_of(date.fromisoformat(day)) == at(start)


def test_days_have_23_and_25_hours_when_the_clocks_change() -> None:
    for day, hours in ((date(2026, 3, 8), 23), (date(2026, 11, 1), 25), (date(2026, 11, 2), 24)):
        assert CHICAGO.end_of(day) - CHICAGO.start_of(day) == hours * HOUR


def test_a_time_of_day_that_is_skipped_moves_forward_and_one_that_comes_twice_is_the_earlier() -> None:
    assert CHICAGO.at(date(2026, 3, 8), 2, 30) == at("2026-03-08T03:30-05:00")
    assert CHICAGO.at(date(2026, 11, 1), 1, 30) == at("2026-11-01T01:30-05:00")


def test_the_first_and_the_last_days_of_all_raise_nothing() -> None:
    for calendar in PLACES:
        for day in (date.min, date.max):
            assert calendar.start_of(day) <= calendar.end_of(day)
            assert calendar.is_business_day(day) in (True, False)
            assert calendar.business_hours().first(calendar.start_of(day) - DAY) is not None
            assert calendar.business_hours().last(calendar.start_of(day) - 9 * DAY) is None or day == date.max


# Business days


@pytest.mark.parametrize(
    ("calendar", "day", "worked"),
    [
        (CHICAGO, "2026-11-26", False),
        (CHICAGO, "2026-11-27", True),
        (CHICAGO, "2026-11-28", False),
        (Calendar("America/Chicago"), "2026-11-26", True),
        (Calendar("Europe/Berlin", "DE", "BY"), "2026-06-04", False),
        (Calendar("Europe/Berlin", "DE", "BE"), "2026-06-04", True),
        (Calendar("Asia/Jerusalem", "IL"), "2026-11-20", False),
        (Calendar("Asia/Jerusalem", "IL"), "2026-11-22", True),
        (Calendar("Asia/Riyadh", "SA"), "2026-11-20", False),
        (Calendar("Asia/Dubai", "AE"), "2026-11-20", True),
        (Calendar("Asia/Dubai", "AE"), "2026-11-22", False),
        (Calendar("Pacific/Apia"), "2011-12-30", False),
        (Calendar("America/Chicago", "US"), "2021-12-31", False),
    ],
)
def test_weekends_and_public_holidays_of_the_place_are_not_worked(
    calendar: Calendar, day: str, worked: bool
) -> None:
    assert calendar.is_business_day(date.fromisoformat(day)) is worked


@given(places, days, st.integers(1, 300))
def test_counting_business_days_back_undoes_counting_them(calendar: Calendar, day: date, n: int) -> None:
    later = calendar.business_day_after(day, n)
    assert calendar.is_business_day(later)
    between = sum(calendar.is_business_day(day + timedelta(i)) for i in range(1, (later - day).days + 1))
    assert between == n
    earlier = calendar.business_day_before(later, n)
    assert earlier == day or not calendar.is_business_day(day) or n == between
    assert calendar.business_day_after(earlier, n) == later


def test_threads_that_ask_at_the_same_time_get_the_same_answer() -> None:
    asked = [Calendar("Europe/Paris", "FR"), Calendar("Asia/Tokyo", "JP"), Calendar("Asia/Kolkata", "IN")] * 8
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda place: place.business_day_after(date(2030, 1, 1), 400), asked))
    assert answers == [place.business_day_after(date(2030, 1, 1), 400) for place in asked]


def test_holidays_are_not_imported_without_a_country() -> None:
    program = (
        "import sys, datetime; from followup.calendars import Calendar;"
        "Calendar('America/Chicago').is_business_day(datetime.date(2026, 1, 1));"
        "assert 'holidays' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("country", ["US", "GU", "DE", "GB", "SA", "HK"])
def test_a_country_has_the_holidays_of_the_package(country: str) -> None:
    table = country_holidays(country, years=[2025, 2026, 2027])
    days = [date(2026, 1, 1) + timedelta(days) for days in range(365)]
    calendar = Calendar("UTC", country)
    assert [calendar.is_business_day(day) for day in days] == [table.is_working_day(day) for day in days]


def test_the_holidays_of_other_countries_are_not_imported() -> None:
    program = (
        "import sys, datetime; from followup.calendars import Calendar;"
        "Calendar('America/Chicago', 'US').is_business_day(datetime.date(2026, 1, 1));"
        "print(*(name for name in sys.modules if name.startswith('holidays.countries')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


# Sets of moments


def test_business_hours_leave_out_nights_weekends_and_holidays() -> None:
    hours = [
        (CHICAGO.local(start).isoformat(" ", "minutes"), (end - start) // HOUR)
        for start, end in CHICAGO.business_hours().spans(
            at("2026-11-24T12:00-06:00"), at("2026-11-30T12:00-06:00")
        )
    ]
    assert hours == [
        ("2026-11-24 12:00-06:00", 5),
        ("2026-11-25 09:00-06:00", 8),
        ("2026-11-27 09:00-06:00", 8),
        ("2026-11-30 09:00-06:00", 3),
    ]


@given(places, instants)
def test_named_sets_hold_what_their_names_say(calendar: Calendar, t: int) -> None:
    local = calendar.local(t)
    worked = calendar.is_business_day(local.date())
    assert (t in calendar.named("business days")) is worked
    assert (t in calendar.named("business hours")) is (worked and 9 <= local.hour < 17)
    assert (t in calendar.named("daytime")) is (8 <= local.hour < 20)
    assert (t in calendar.named("weekends")) is calendar.is_weekend(local.date())


@pytest.mark.parametrize("name", NAMED)
def test_a_named_set_is_made_once_and_can_be_pickled(name: str) -> None:
    moments = CHICAGO.named(name)
    assert moments is Calendar("America/Chicago", "US", "IL").named(name)
    assert pickle.loads(pickle.dumps(moments)) == moments
    assert pickle.loads(pickle.dumps(CHICAGO)) == CHICAGO


def test_business_hours_and_weekends_never_meet() -> None:
    assert (CHICAGO.business_hours() & CHICAGO.weekends()).first(at("2026-11-20T10:00-06:00")) is None


def test_daytime_skips_what_the_zone_skipped() -> None:
    apia = Calendar("Pacific/Apia")
    spans = list(apia.daytime().spans(at("2011-12-29T00:00-10:00"), at("2012-01-01T00:00+14:00")))
    assert [apia.local(start).isoformat() for start, _ in spans] == [
        "2011-12-29T08:00:00-10:00",
        "2011-12-31T08:00:00+14:00",
    ]


def test_an_unknown_name_of_moments_is_refused_with_a_cure() -> None:
    with pytest.raises(ValueError, match="`busines hours` names no moments; did you mean `business hours`"):
        CHICAGO.named("busines hours")


# Wrong names


@pytest.mark.parametrize("zone", ["America/Chicago", "UTC", "Europe/Kyiv", "Asia/Calcutta", "Etc/GMT+5"])
def test_a_known_zone_is_no_problem(zone: str) -> None:
    assert check_zone(zone) is None
    assert Calendar(zone).at(date(2026, 1, 1)) % MINUTE == 0


@pytest.mark.parametrize(
    ("zone", "cure"),
    [
        ("America/Chcago", "did you mean `America/Chicago`?"),
        ("america/chicago", "did you mean `America/Chicago`?"),
        ("Berlin", "did you mean `Europe/Berlin`?"),
        ("new york", "did you mean `America/New_York`?"),
        ("../../etc/passwd", "use a name such as"),
        ("/etc/passwd", "use a name such as"),
        ("/usr/share/zoneinfo/UTC", "is not a time zone"),
        ("zone.tab", "is not a time zone"),
        ("America", "is not a time zone"),
        ("localtime", "is not a time zone"),
        ("", "is not a time zone"),
        ("UTC\0", "is not a time zone"),
        ("x" * 100_000, "use a name such as"),
    ],
)
def test_an_unknown_zone_is_a_sentence_and_never_a_file(zone: str, cure: str) -> None:
    problem = check_zone(zone)
    assert problem is not None
    assert cure in problem
    assert len(problem) < 300
    with pytest.raises(ValueError, match="is not a time zone"):
        Calendar(zone)


@pytest.mark.parametrize(
    ("country", "region", "problem"),
    [
        ("US", None, None),
        ("US", "IL", None),
        ("DE", "BY", None),
        ("us", None, "'us' is not a country code; did you mean `US`?"),
        ("USA", None, "'USA' is not a country code; did you mean `US`?"),
        ("Germany", None, "'Germany' is not a country code; did you mean `DE`?"),
        ("../x", None, "'../x' is not a country code; use a code of two letters, such as `US`"),
        ("", None, "'' is not a country code; use a code of two letters, such as `US`"),
        ("DE", "by", "'by' is not a region of DE; did you mean `BY`?"),
        ("SG", "1", "'1' is not a region of SG; none are known there, so leave it out"),
    ],
)
def test_countries_and_regions_are_checked(country: str, region: str | None, problem: str | None) -> None:
    assert check_country(country, region) == problem


def test_an_unknown_country_is_refused_when_it_is_needed() -> None:
    with pytest.raises(ValueError, match="is not a country code"):
        Calendar("UTC", "XX").is_business_day(date(2026, 1, 1))
