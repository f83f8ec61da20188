"""Durations: the table of docs/time.md row by row, and a second, simple-minded reckoning that must agree."""

from __future__ import annotations

import pickle
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whenever import Instant, PlainDateTime, ZonedDateTime

from followup.calendars import Calendar
from followup.durations import UNITS, Duration, add, add_to_day, parse_duration, subtract
from followup.moments import DAY, EARLIEST, HOUR, LATEST, instant

DOCUMENT = Path(__file__).parents[1] / "docs" / "time.md"


def table() -> list[dict[str, str]]:
    lines = DOCUMENT.read_text("utf-8").split("### What each means")[1].split("\n## ")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    return [dict(zip(cells[0], row, strict=True)) for row in cells[2:]]


ROWS = table()


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_the_table_in_the_docs_holds(row: dict[str, str]) -> None:
    calendar = Calendar(*row["calendar"].split(", "))
    sign, duration = row["expression"][0], parse_duration(row["expression"][2:])
    if "T" not in row["start"]:
        result = add_to_day(date.fromisoformat(row["start"]), duration, calendar)
    else:
        start = instant(datetime.fromisoformat(row["start"]))
        result = (add if sign == "+" else subtract)(start, duration, calendar)
    assert calendar.local(result).isoformat() == datetime.fromisoformat(row["result"]).isoformat()


def test_the_table_in_the_docs_names_each_row_once() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS) >= 30


# How durations are written


@given(st.sampled_from(UNITS).flatmap(lambda unit: st.builds(Duration, st.integers(0, 10), st.just(unit))))
def test_a_duration_reads_back_what_it_writes(duration: Duration) -> None:
    assert parse_duration(str(duration)) == duration
    assert parse_duration(f"  {str(duration).upper()} ") == duration
    assert pickle.loads(pickle.dumps(duration)) == duration


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("90 minutes", "90 minutes"),
        ("1 weeks", "1 week"),
        ("2 Business Day", "2 business days"),
        ("0 day", "0 days"),
        ("007 days", "7 days"),
        ("1\tyear", "1 year"),
    ],
)
def test_singular_and_plural_and_case_do_not_matter(text: str, canonical: str) -> None:
    assert str(parse_duration(text)) == canonical


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("2 buisness days", "did you mean `2 business days`?"),
        ("1 working day", "did you mean `1 business day`?"),
        ("3 workdays", "did you mean `3 business days`?"),
        ("1w", "did you mean `1 week`?"),
        ("48h", "did you mean `48 hours`?"),
        ("one week", "did you mean `1 week`?"),
        ("a month", "did you mean `1 month`?"),
        ("week", "did you mean `1 week`?"),
        ("5", "did you mean `5 days`?"),
        ("1.5 hours", "did you mean `90 minutes`?"),
        ("0.5 weeks", "did you mean `84 hours`?"),
        ("1.5 years", "did you mean `18 months`?"),
        ("1.5 months", "write a whole number of a smaller unit"),
        ("1.5 business days", "write a whole number of a smaller unit"),
        ("-1 day", "a duration cannot be negative; leave out the minus sign"),
        ("2 centuries", "known units: second, minute, hour, day, week, month, year, business day"),
        ("1 week 2 days", "such as `24 hours`"),
        ("", "such as `24 hours`"),
        ("١ day", "such as `24 hours`"),
        ("P1W", "such as `24 hours`"),
    ],
)
def test_what_is_no_duration_is_refused_with_a_cure(text: str, cure: str) -> None:
    with pytest.raises(ValueError, match="is not a duration; ") as refusal:
        parse_duration(text)
    assert cure in str(refusal.value)


@pytest.mark.parametrize("text", ["11 years", "121 months", "3661 days", "523 weeks", "87841 hours"])
def test_more_than_ten_years_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=rf"{text} is more than ten years; write at most `[0-9]+ [a-z]+`"):
        parse_duration(text)


def test_a_duration_cannot_be_made_wrong() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        Duration(-1, "day")
    with pytest.raises(ValueError, match="`fortnight` is no unit of time"):
        Duration(1, "fortnight")  # type: ignore[arg-type]


@given(st.text(max_size=80) | st.from_regex(r"-?[0-9.]{0,6} ?[a-z]{0,9} ?[a-z]{0,5}", fullmatch=True))
@example("9" * 10_000 + " days")
@example("0.000000001 hours")
@example("1 " + "a" * 10_000)
@example("1." + " days")
@example(".5 days")
def test_any_text_is_a_duration_or_refused_in_one_line(text: str) -> None:
    try:
        parse_duration(text)
    except ValueError as refusal:
        said = str(refusal)
    else:
        said = ""
    assert len(said) < 400
    assert "\n" not in said


# What durations mean: a second reckoning

ZONES = (
    "America/Chicago", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia", "America/Sao_Paulo",
    "Asia/Tehran", "Africa/Casablanca", "America/St_Johns", "Asia/Kolkata", "Pacific/Chatham",
    "UTC", "Antarctica/Troll",
)  # fmt: skip
calendars = st.builds(Calendar, st.sampled_from(ZONES))
times = st.datetimes(datetime(1975, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC)).map(instant)
amounts = st.integers(0, 40)
CHANGES = (
    datetime(2026, 3, 8, 8), datetime(2026, 11, 1, 7), datetime(2026, 3, 29, 1), datetime(2026, 10, 25, 1),
    datetime(2026, 4, 4, 15), datetime(2026, 10, 3, 15, 30), datetime(2011, 12, 30, 10),
    datetime(2018, 11, 4, 3),
)  # fmt: skip
minutes_from_a_change = st.integers(-3 * 24 * 60, 3 * 24 * 60).map(lambda minutes: timedelta(minutes=minutes))
near_changes = st.builds(lambda change, away: change + away, st.sampled_from(CHANGES), minutes_from_a_change)
instants = times | near_changes.map(lambda naive: instant(naive.replace(tzinfo=UTC)))


def whenever_at(t: int, zone: str) -> ZonedDateTime:
    return Instant.from_timestamp(t * 1000, unit="nanosecond").to_tz(zone)


def resolved(wall: PlainDateTime, zone: str) -> int:
    return wall.assume_tz(zone, disambiguation="compatible").timestamp(unit="nanosecond") // 1000


@given(
    instants,
    amounts,
    st.sampled_from(["days", "weeks", "months", "years"]),
    calendars,
    st.sampled_from([1, -1]),
)
def test_calendar_units_agree_with_another_library(
    t: int, amount: int, units: str, calendar: Calendar, sign: int
) -> None:
    amount = amount % 10 if units == "years" else amount
    wall = whenever_at(t, calendar.zone).to_plain()
    moved = wall.add(**{units: sign * amount})  # type: ignore[call-overload]
    expected = resolved(moved, calendar.zone) if amount else t
    duration = parse_duration(f"{amount} {units}")
    assert (add if sign == 1 else subtract)(t, duration, calendar) == expected


@given(instants, amounts, st.sampled_from(["hours", "minutes", "seconds"]), calendars)
def test_exact_units_agree_with_another_library(t: int, amount: int, units: str, calendar: Calendar) -> None:
    later = whenever_at(t, calendar.zone).add(**{units: amount})  # type: ignore[call-overload]
    later = later.timestamp(unit="nanosecond") // 1000
    assert add(t, parse_duration(f"{amount} {units}"), calendar) == later
    assert subtract(later, parse_duration(f"{amount} {units}"), calendar) == t


PLACES = (
    Calendar("America/Chicago", "US", "IL"), Calendar("Europe/Berlin", "DE", "BY"),
    Calendar("Asia/Jerusalem", "IL"), Calendar("Asia/Dubai", "AE"), Calendar("Asia/Shanghai",
    "CN"), Calendar("Pacific/Apia"),
)  # fmt: skip


@given(instants, st.integers(1, 40), st.sampled_from(PLACES), st.sampled_from([1, -1]))
def test_business_days_agree_with_stepping_day_by_day(
    t: int, amount: int, calendar: Calendar, sign: int
) -> None:
    wall = whenever_at(t, calendar.zone).to_plain()
    left = amount
    while left:
        wall = wall.add(days=sign)
        left -= calendar.is_business_day(wall.date().to_stdlib())
    duration = Duration(amount, "business day")
    assert (add if sign == 1 else subtract)(t, duration, calendar) == resolved(wall, calendar.zone)


@given(instants, st.integers(0, 40), st.sampled_from(UNITS), st.sampled_from(PLACES))
def test_adding_never_leads_back_and_more_never_leads_less_far(
    t: int, amount: int, unit: str, calendar: Calendar
) -> None:
    amount = amount % 10 if unit == "year" else amount
    duration, longer = parse_duration(f"{amount} {unit}"), parse_duration(f"{amount + 1} {unit}")
    assert t <= add(t, duration, calendar) <= add(t, longer, calendar)
    assert subtract(t, longer, calendar) <= subtract(t, duration, calendar)


@given(st.dates(date(1975, 1, 1), date(2036, 1, 1)), st.integers(0, 40), st.sampled_from(PLACES))
def test_counted_from_a_day_the_result_starts_a_day(day: date, amount: int, calendar: Calendar) -> None:
    for unit in ("day", "week", "month", "business day"):
        start = add_to_day(day, parse_duration(f"{amount} {unit}"), calendar)
        assert start == calendar.start_of(calendar.day(start))
    assert add_to_day(day, Duration(amount, "hour"), calendar) == calendar.end_of(day) + amount * HOUR


def test_results_stop_at_the_borders_of_what_a_date_can_say() -> None:
    calendar = Calendar("Pacific/Kiritimati")
    for unit in UNITS:
        duration = parse_duration(f"9 {unit}")
        assert add(LATEST, duration, calendar) <= LATEST
        assert add_to_day(date.max, duration, calendar) <= LATEST
        assert subtract(EARLIEST, duration, calendar) >= EARLIEST - DAY
        assert calendar.local(subtract(EARLIEST, duration, calendar)).year == 1
        assert calendar.day(add_to_day(date.min, duration, calendar)) >= date.min
