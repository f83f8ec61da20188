"""In calendar programs: what is written is read as it was meant by ical.js, with which Thunderbird reads.

`tox -e clients` installs it and runs these; elsewhere they are skipped unless it is there. Where libical is
installed, with which GNOME and KDE read, it reads too.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import os
import shutil
import subprocess
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from followup import Draft, FollowUp, InterviewState, Plan
from followup.plan import Reason, Recipient
from followup_calendar.entries import entries_of
from followup_calendar.feed import Feed, read_feed

CLIENT = Path(__file__).parent / "client"
NOW = datetime.fromisoformat("2026-11-20T11:30-06:00")
ODD = (
    'Dana "D." Field; Initech, Inc.\r\nEND:VEVENT\r\nBEGIN:VEVENT\nSUMMARY:mine \\n C:\\new é\U0001f389 ' * 3
)

if os.environ.get("FOLLOWUP_CLIENTS") != "required" and not (
    (CLIENT / "node_modules").exists() and shutil.which("node")
):
    pytest.skip("ical.js is not installed; run `tox -e clients`", allow_module_level=True)


def read(text: str) -> Any:
    """The calendar as the client reads it."""
    done = subprocess.run(
        ["node", str(CLIENT / "read.js")], input=text.encode("utf-8"), capture_output=True, check=True
    )
    return json.loads(done.stdout)


def followup(**fields: Any) -> FollowUp:
    lifelike = {
        "key": "inquiry:r1:dana",
        "rule": "inquiry",
        "scenario": "silence",
        "intent": "inquiry",
        "title": "Ask politely for an update",
        "status": "scheduled",
        "to": Recipient("dana", "Dana Whitfield"),
        "channel": "email",
        "at": datetime.fromisoformat("2026-11-27T09:00-06:00"),
        "draft": Draft("Any news?", "Hi Dana,\n\nis there any news; yes, or no?"),
    }
    return FollowUp(**{**lifelike, **fields})


def written(*followups: FollowUp, before: str = "", now: datetime = NOW, name: str = "Follow-ups") -> str:
    state = InterviewState.from_dict(
        {
            "candidate": {"name": "Ana Souza"},
            "company": {"name": "Initech"},
            "position": {"title": "Data Engineer"},
        }
    )
    feed = read_feed(before.encode("utf-8")) if before else Feed()
    plan = Plan(now=now, stage="awaiting", next_change=None, followups=followups)
    entries = entries_of(state, plan, "America/Chicago", feed.slots)
    return feed.renewed(entries, now, name=name, alarms=(timedelta(minutes=30), timedelta(0)))


def test_it_reads_an_entry_as_it_was_meant() -> None:
    [event] = read(written(followup()))["events"]
    assert event["summary"] == "Ask politely for an update: Dana Whitfield, Initech"
    assert "Hi Dana,\n\nis there any news; yes, or no?" in event["description"]
    assert (event["start"], event["zone"], event["minutes"]) == ("2026-11-27T15:00:00Z", "UTC", 15)
    assert event["alarms"] == [-30, 0]


def test_it_reads_a_forecast_as_a_day() -> None:
    [event] = read(written(followup(status="held")))["events"]
    assert (event["start"], event["minutes"], event["status"]) == ("2026-11-27", 24 * 60, "TENTATIVE")


def test_it_reads_an_update_and_a_cancellation_of_the_same_entry() -> None:
    first = written(followup())
    second = written(followup(title="Ask"), before=first, now=NOW + timedelta(hours=1))
    third = written(before=second, now=NOW + timedelta(hours=2))
    seen = [read(text)["events"] for text in (first, second, third)]
    assert [[(event["sequence"], event["status"]) for event in each] for each in seen] == [
        [(0, "CONFIRMED")],
        [(1, "CONFIRMED")],
        [(2, "CANCELLED")],
    ]
    assert len({event["uid"] for each in seen for event in each}) == 1


def test_it_reads_hostile_words_as_words() -> None:
    hostile = followup(
        title=ODD,
        to=Recipient("dana", ODD),
        draft=Draft(ODD, ODD),
        reasons=(Reason("window", "inquiry", ODD),),
    )
    calendar = read(written(hostile, name=ODD))
    [event] = calendar["events"]
    assert calendar["parts"] == ["vevent"]
    one_line = " ".join(ODD.split())
    assert "\n" not in calendar["name"]
    assert event["summary"] == f"{one_line}: {one_line}, Initech"
    assert ODD.replace("\r\n", "\n").strip() in event["description"]


@pytest.mark.skipif(ctypes.util.find_library("ical") is None, reason="libical is not installed")
@pytest.mark.parametrize("status", ["scheduled", "held", "blocked"])
def test_libical_finds_no_fault(status: str) -> None:
    library = ctypes.CDLL(ctypes.util.find_library("ical"))
    library.icalparser_parse_string.restype = ctypes.c_void_p
    first = written(followup(status=status, title=ODD, draft=Draft(ODD, ODD)), name=ODD)
    for text in (first, written(before=first)):
        calendar = ctypes.c_void_p(library.icalparser_parse_string(text.encode("utf-8")))
        assert library.icalrestriction_check(calendar) == 1
        assert library.icalcomponent_count_errors(calendar) == 0
        assert library.icalcomponent_count_components(calendar, 4) == 1  # events
        library.icalcomponent_free(calendar)
