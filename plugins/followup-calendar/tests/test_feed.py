from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from followup import Draft, FollowUp, InterviewState, Plan
from followup.plan import Reason, Recipient
from followup_calendar.entries import entries_of
from followup_calendar.feed import Feed, read_feed

ZONE = "America/Chicago"
NOW = datetime.fromisoformat("2026-11-20T11:30-06:00")
HOSTILE = "Dana\r\nEND:VEVENT\r\nBEGIN:VEVENT\nSUMMARY:mine;X=1,2\\n\u2028\x00\x07\u202eVALARM \ud83d"


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}-06:00")


def state(company: str = "Initech", title: str = "Data Engineer", name: str = "Ana Souza") -> InterviewState:
    return InterviewState.from_dict(
        {
            "candidate": {"name": name, "email": "ana@souza.example", "timezone": ZONE},
            "company": {"name": company},
            "position": {"title": title},
            "people": {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}},
        }
    )


def inquiry(**fields: Any) -> FollowUp:
    lifelike = {
        "key": "inquiry:r1:dana",
        "rule": "inquiry",
        "scenario": "silence",
        "intent": "inquiry",
        "title": "Ask politely for an update",
        "status": "scheduled",
        "to": Recipient("dana", "Dana Whitfield"),
        "channel": "email",
        "opens": at("11-27T11:00"),
        "closes": at("12-11T11:00"),
        "at": at("11-27T11:00"),
        "draft": Draft(
            "Any news?",
            "Hi Dana,\n\nis there any news; yes, or no?\n\nAna",
            open="mailto:dana@initech.example?subject=Any%20news%3F",
        ),
        "reasons": (Reason("window", "inquiry", "1 week after the interview"),),
    }
    return FollowUp(**{**lifelike, **fields})


def written(
    *followups: FollowUp,
    now: datetime = NOW,
    before: str = "",
    of: InterviewState | None = None,
    drafts: bool = True,
    **options: Any,
) -> str:
    """The feed of a plan with these follow-ups, made at `now` after the feed `before`."""
    feed = read_feed(before.encode("utf-8")) if before else Feed()
    plan = Plan(now=now, stage="awaiting", next_change=None, followups=followups)
    entries = entries_of(of or state(), plan, ZONE, feed.slots, drafts=drafts)
    return feed.renewed(entries, now, **options)


def parsed(text: str) -> Calendar:
    """What another library reads; it takes no line ends but its own."""
    return IcsCalendarStream.calendar_from_ics(text.replace("\r\n", "\n"))


def events(text: str) -> Sequence[Event]:
    return parsed(text).events


def only(text: str) -> Event:
    [event] = events(text)
    return event


# What an entry says


def test_a_follow_up_is_a_quarter_of_an_hour_at_its_best_moment_in_utc() -> None:
    text = written(inquiry())
    event = only(text)
    assert event.dtstart == datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    assert event.dtend == datetime(2026, 11, 27, 17, 15, tzinfo=UTC)
    assert "VTIMEZONE" not in text
    assert "TZID" not in text


def test_an_entry_says_what_to_whom_why_until_when_and_with_what_words() -> None:
    event = only(written(inquiry()))
    assert event.summary == "Ask politely for an update: Dana Whitfield, Initech"
    assert event.description is not None
    for words in (
        "To Dana Whitfield by email. Data Engineer at Initech.",
        "until Friday, 11 December 2026, 11:00 (America/Chicago)",
        "- 1 week after the interview",
        "Subject: Any news?",
        "is there any news; yes, or no?",
        "Key: inquiry:r1:dana",
    ):
        assert words in event.description


def test_an_entry_rings_when_it_begins_and_does_not_make_its_owner_busy() -> None:
    event = only(written(inquiry()))
    assert [alarm.trigger for alarm in event.alarm] == [timedelta(0)]
    assert event.transparency == "TRANSPARENT"
    assert event.classification == "PRIVATE"


def test_alarms_ring_as_long_before_as_was_asked_for() -> None:
    event = only(written(inquiry(), alarms=(timedelta(0), timedelta(days=1))))
    assert [alarm.trigger for alarm in event.alarm] == [timedelta(0), timedelta(days=-1)]
    assert only(written(inquiry(), alarms=())).alarm == []


def test_what_is_held_is_a_tentative_day_without_alarm_or_draft() -> None:
    held = inquiry(status="held", at=at("12-02T09:00"), reasons=(Reason("guard", "g", "they named a day"),))
    event = only(written(held))
    assert (event.dtstart, event.dtend) == (date(2026, 12, 2), date(2026, 12, 3))
    assert event.status == "TENTATIVE"
    assert event.alarm == []
    assert "they named a day" in (event.description or "")
    assert "any news" not in (event.description or "")


def test_the_day_of_a_forecast_is_the_candidates_day() -> None:
    late = inquiry(status="held", at=datetime(2026, 12, 3, 4, 0, tzinfo=UTC))
    assert only(written(late)).dtstart == date(2026, 12, 2)


def test_what_lacks_something_is_tentative_and_says_what() -> None:
    event = only(written(inquiry(status="blocked", at=None, needs=("people.dana.email",), draft=None)))
    assert event.status == "TENTATIVE"
    assert event.dtstart == at("11-27T11:00")
    assert "It needs: people.dana.email." in (event.description or "")


@pytest.mark.parametrize("status", ["done", "moot", "missed", "skipped"])
def test_what_is_over_has_no_entry(status: str) -> None:
    assert events(written(inquiry(status=status))) == []


def test_what_is_held_for_good_has_no_entry() -> None:
    assert events(written(inquiry(status="held", at=None))) == []


def test_a_part_stands_in_the_entry_of_its_host() -> None:
    part = inquiry(key="concern:r1:dana", title="Speak to a doubt", host="inquiry:r1:dana")
    event = only(written(inquiry(parts=("concern:r1:dana",)), part))
    assert "In the same message: Speak to a doubt." in (event.description or "")


def test_a_task_names_nobody() -> None:
    task = inquiry(to=Recipient("self", "yourself"), channel="self", title="Look at the case again")
    assert only(written(task)).summary == "Look at the case again: Initech"


def test_no_address_stands_in_it_but_what_the_draft_says() -> None:
    assert "@" not in written(inquiry())


def test_without_drafts_no_word_of_them_stands_in_it() -> None:
    text = written(inquiry(), drafts=False)
    assert "any news" not in text
    assert "1 week after the interview" in text


# The same, updated, cancelled


def test_where_nothing_changed_every_byte_is_kept() -> None:
    first = written(inquiry())
    assert written(inquiry(), now=NOW + timedelta(hours=5), before=first) == first


def test_what_changed_keeps_its_uid_and_gets_the_next_number_and_a_new_stamp() -> None:
    first = written(inquiry())
    moved = inquiry(at=at("11-30T09:00"))
    second = written(moved, now=NOW + timedelta(days=1), before=first)
    assert only(second).uid == only(first).uid
    assert (only(first).sequence, only(second).sequence) == (0, 1)
    assert only(second).dtstart == at("11-30T09:00")
    assert only(second).dtstamp == NOW + timedelta(days=1)
    third = written(inquiry(at=at("11-30T09:00"), title="Ask"), now=NOW + timedelta(days=2), before=second)
    assert only(third).sequence == 2


@pytest.mark.parametrize("status", ["done", "moot", "missed", "skipped"])
def test_what_is_over_is_cancelled_once_with_the_reason(status: str) -> None:
    first = written(inquiry())
    over = inquiry(status=status, reasons=(Reason("event", "reply", "a reply came"),))
    second = written(over, before=first, now=NOW + timedelta(hours=1))
    event = only(second)
    assert event.uid == only(first).uid
    assert (event.status, event.sequence, event.alarm) == ("CANCELLED", 1, [])
    assert event.description == f"{status.capitalize()}: a reply came."
    assert written(over, before=second, now=NOW + timedelta(days=2)) == second


def test_what_the_plan_no_longer_speaks_of_is_cancelled() -> None:
    event = only(written(before=written(inquiry())))
    assert (event.status, event.sequence) == ("CANCELLED", 1)
    assert "any news" not in (event.description or "")


def test_what_comes_back_is_confirmed_with_a_higher_number() -> None:
    second = written(before=written(inquiry()))
    event = only(written(inquiry(), before=second))
    assert (event.status, event.sequence, len(event.alarm)) == ("CONFIRMED", 2, 1)


def test_a_cancelled_entry_is_left_out_after_a_month() -> None:
    cancelled = written(before=written(inquiry()))
    assert len(events(written(before=cancelled, now=NOW + timedelta(days=29)))) == 1
    assert events(written(before=cancelled, now=NOW + timedelta(days=30))) == []


def test_the_same_key_at_another_company_or_for_another_candidate_is_another_entry() -> None:
    uids = {
        only(written(inquiry(), of=opportunity)).uid
        for opportunity in (state(), state("Globex"), state(title="Analyst"), state(name="Bea Lima"))
    }
    assert len(uids) == 4


def test_spaces_and_capitals_make_no_other_opportunity() -> None:
    assert only(written(inquiry(), of=state("INITECH "))).uid == only(written(inquiry())).uid


# What is due


def due(now: datetime, closes: datetime | None = None) -> FollowUp:
    return inquiry(status="due", at=now, closes=closes or at("12-11T11:00"))


def test_what_is_due_stands_at_the_next_quarter_of_an_hour() -> None:
    now = at("11-30T10:07")
    assert only(written(due(now), now=now)).dtstart == at("11-30T10:15")


def test_what_is_due_stays_where_it_is_all_day() -> None:
    morning, evening = at("11-30T10:07"), at("11-30T21:44")
    first = written(due(morning), now=morning)
    assert written(due(evening), now=evening, before=first) == first


def test_what_was_not_done_moves_on_to_the_same_time_of_the_next_day() -> None:
    first = written(due(at("11-30T10:07")), now=at("11-30T10:07"))
    night = at("12-01T00:05")
    event = only(written(due(night), now=night, before=first))
    assert (event.dtstart, event.sequence) == (at("12-01T10:15"), 1)


def test_what_was_not_done_comes_before_its_window_closes() -> None:
    first = written(due(at("11-30T10:07")), now=at("11-30T10:07"))
    night = at("12-01T00:05")
    event = only(written(due(night, closes=at("12-01T09:00")), now=night, before=first))
    assert event.dtstart == at("12-01T07:00")


def test_an_entry_ends_when_its_window_closes() -> None:
    now = at("11-30T10:07")
    event = only(written(due(now, closes=at("11-30T10:20")), now=now))
    assert (event.dtstart, event.dtend) == (at("11-30T10:15"), at("11-30T10:20"))


def test_a_moment_that_moves_with_the_clock_moves_by_days_only() -> None:
    """As that of a second message, which comes a week after one that is due now."""
    morning, evening = at("11-23T10:07"), at("11-23T21:44")
    first = written(inquiry(at=morning + timedelta(days=7)), now=morning)
    assert written(inquiry(at=evening + timedelta(days=7)), now=evening, before=first) == first


def test_a_new_time_on_the_same_day_is_a_change() -> None:
    first = written(inquiry())
    assert only(written(inquiry(at=at("11-27T15:00")), before=first)).dtstart == at("11-27T15:00")


# Hostile texts, hostile files


def test_hostile_names_add_no_line_and_no_entry() -> None:
    hostile = inquiry(
        key="inquiry:r1:da\r\nna",
        title=HOSTILE,
        to=Recipient("dana", HOSTILE),
        draft=Draft(HOSTILE, HOSTILE),
        reasons=(Reason("window", "inquiry", HOSTILE),),
        needs=(HOSTILE,),
    )
    text = written(hostile, of=state(HOSTILE.replace("\ud83d", "")), name=HOSTILE)
    event = only(text)
    assert event.summary is not None
    assert "\n" not in event.summary
    assert event.summary.startswith("Dana END:VEVENT BEGIN:VEVENT SUMMARY:mine;X=1,2\\n VALARM")
    lines = text.split("\r\n")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 1
    assert_is_well_formed(text)
    assert written(hostile, of=state(HOSTILE.replace("\ud83d", "")), name=HOSTILE, before=text) == text


def assert_is_well_formed(text: str) -> None:
    """Lines as RFC 5545 wants them: ended by CR LF, of 75 bytes at most, without control characters."""
    assert text.endswith("\r\n")
    for line in text.split("\r\n"):
        assert len(line.encode("utf-8")) <= 75
        assert not any((ord(letter) < 32 and letter != "\t") or ord(letter) == 127 for letter in line)


@given(st.text("\r\n;,:\\\"BEGIN\t é\U0001f469\u2028\x0b^n'", max_size=200) | st.text())
def test_whatever_a_text_holds_it_is_read_back_and_stays_the_same(words: str) -> None:
    found = inquiry(title=words, draft=Draft(words, words))
    text = written(found)
    assert_is_well_formed(text)
    assert len(events(text)) == 1
    assert written(found, before=text, now=NOW + timedelta(hours=1)) == text


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:rubbish",
        "SEQUENCE:-5\r\nDTSTART:20261127T170000Z\r\nDTEND:20261127T171500Z",
        "SEQUENCE:many\r\nDTSTART;TZID=Nowhere/Here:20261127T170000\r\nDTEND;VALUE=DATE:20261128",
        "DTSTAMP:20261127T170000\r\nDTSTART:20261127T170000\r\nDTEND:20261127T171500",
        "STATUS:CANCELLED\r\nDTSTAMP:yesterday",
    ],
)
def test_a_feed_that_somebody_changed_is_mended(lines: str) -> None:
    uid = only(written(inquiry())).uid
    whole = written()
    changed = f"BEGIN:VEVENT\r\nUID:{uid}\r\n{lines}\r\nEND:VEVENT\r\n"
    before = whole.replace("END:VCALENDAR", f"{changed}END:VCALENDAR")
    event = only(written(inquiry(), before=before))
    assert (event.status, event.sequence, event.dtstart) == ("CONFIRMED", 1, at("11-27T11:00"))
    assert len(events(written(before=before))) <= 1


@pytest.mark.parametrize(
    "data", [b"", b"garbage", b"\xff\xfe", b"BEGIN:VCALENDAR\r\nPRODID:other\r\nEND:VCALENDAR\r\n"]
)
def test_what_is_no_feed_of_ours_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (the words are the library's)
        read_feed(data)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        Feed().renewed([], datetime(2026, 11, 20, 11, 30))


def test_the_readme_shows_real_output(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("followup_email")
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    [code] = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    output = readme.split(code)[1].split("```text\n")[1].split("```")[0]
    exec(code, {})
    assert capsys.readouterr().out == output


def test_loading_the_plugin_does_not_import_the_calendar_library() -> None:
    code = "import sys, followup_calendar as it; it.followup_commands(); print('icalendar' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
