from __future__ import annotations

from datetime import datetime

import pytest

from followup.calendars import Calendar
from followup.languages import Language, read_language
from followup.resources import rules_folder
from followup_phone.days import read_when

CHICAGO = Calendar("America/Chicago", "US", "IL")
FRIDAY = datetime.fromisoformat("2026-11-27T10:30-06:00")


def language(code: str) -> Language:
    found = read_language(rules_folder() / "languages" / code, None, [])
    assert found is not None
    return found


LANGUAGES = (language("de"), language("en"))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01T15:00", "2026-12-01T15:00:00-06:00"),
        ("today", "2026-11-27"),
        ("tomorrow", "2026-11-28"),
        ("tomorrow at 3pm", "2026-11-28T15:00:00-06:00"),
        ("Tuesday", "2026-12-01"),
        ("by Tuesday", "2026-12-01"),
        ("friday", "2026-12-04"),
        ("Tue", "2026-12-01"),
        ("monday 14:00", "2026-11-30T14:00:00-06:00"),
        ("15:00", "2026-11-27T15:00:00-06:00"),
        ("12:30 pm", "2026-11-27T12:30:00-06:00"),
        ("1 December", "2026-12-01"),
        ("Dec 1", "2026-12-01"),
        ("December 1, 2026", "2026-12-01"),
        ("the 3rd of March", "2027-03-03"),
        ("Tuesday, 1 December", "2026-12-01"),
        ("in 2 weeks", "2026-12-11"),
        ("3 business days", "2026-12-02"),
        ("in 2 hours", "2026-11-27T12:30:00-06:00"),
        ("Dienstag", "2026-12-01"),
        ("Di", "2026-12-01"),
        ("morgen um 15 Uhr", "2026-11-28T15:00:00-06:00"),
        ("bis zum 1. Dezember", "2026-12-01"),
        ("4.12.", "2026-12-04"),
        ("4.12.2026 um 9:30", "2026-12-04T09:30:00-06:00"),
    ],
)
def test_a_day_is_read_as_it_was_said(said: str, meant: str) -> None:
    assert str(read_when(said, FRIDAY, CHICAGO, LANGUAGES)) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "next Tuesday",
        "5/12",
        "05/12/2026",
        "December",
        "soon",
        "Monday, 1 December",
        "31 February",
        "1 December at 25:00",
        "13 pm",
        "mar",
        "1 December 2 December",
        "x" * 10_000,
    ],
)
def test_what_may_be_one_of_two_days_or_none_is_asked_again(said: str) -> None:
    with pytest.raises(ValueError, match="not understood"):
        read_when(said, FRIDAY, CHICAGO, LANGUAGES)


@pytest.mark.parametrize("said", ["2026-11-26", "9 am", "2026-11-27T10:29-06:00"])
def test_what_has_passed_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="has passed"):
        read_when(said, FRIDAY, CHICAGO, LANGUAGES)
