from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event

from followup.cli.options import Options
from followup.cli.root import cli
from followup_calendar.command import calendar

NOW = "2026-11-20T11:30-06:00"
STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: America/Chicago}
company: {name: Initech, timezone: America/Chicago}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
events:
  - {type: interview, id: r1, at: 2026-11-20T10:00-06:00, with: [dana]}
"""
SENT = "  - {type: sent, at: 2026-11-20T12:00-06:00, to: dana, key: 'thank-you:r1:dana'}\n"
THANKS = "Thank each interviewer: Dana Whitfield, Initech"


@pytest.fixture(scope="module")
def options() -> Options:
    """The options before the command; its engine is loaded once for all tests of this file."""
    pytest.importorskip("followup_email")
    return Options(deny=("proofreading",))


@pytest.fixture
def initech(tmp_path: Path) -> Path:
    path = tmp_path / "initech.yaml"
    path.write_text(STATE, "utf-8")
    return path


def run(options: Options, *words: object, now: str = NOW) -> Result:
    return CliRunner().invoke(calendar, [*map(str, words), "--now", now], obj=options)


def events(text: str) -> dict[str, Event]:
    found = IcsCalendarStream.calendar_from_ics(text.replace("\r\n", "\n")).events
    return {event.summary or "": event for event in found}


def feed(path: Path) -> dict[str, Event]:
    return events(path.read_bytes().decode("utf-8"))


def test_export_prints_a_calendar(options: Options, initech: Path) -> None:
    done = run(options, "export", initech)
    assert done.exit_code == 0
    assert THANKS in events(done.stdout_bytes.decode("utf-8"))
    assert b"\r\r\n" not in done.stdout_bytes


def test_a_feed_is_updated_in_place_and_cancels_what_was_sent(options: Options, initech: Path) -> None:
    file = initech.parent / "public" / "followups.ics"
    assert run(options, "feed", initech, "-o", file).stdout == f"{file}: 4 entries\n"
    before = feed(file)[THANKS]
    initech.write_text(STATE + SENT, "utf-8")
    done = run(options, "feed", initech, "-o", file, now="2026-11-20T13:00-06:00")
    assert done.stdout == f"{file}: 4 entries, 1 of them cancelled\n"
    after = feed(file)[THANKS]
    assert (before.uid, before.status, before.sequence) == (after.uid, "CONFIRMED", 0)
    assert (after.status, after.sequence) == ("CANCELLED", 1)
    assert after.description == "Done on Friday, 20 November 2026."


def test_where_nothing_changed_the_file_is_left_alone(options: Options, initech: Path) -> None:
    file = initech.parent / "followups.ics"
    run(options, "feed", initech, "-o", file)
    before = file.stat()
    again = run(options, "feed", initech, "-o", file, now="2026-11-20T11:40-06:00")
    assert (again.exit_code, again.output) == (0, "")
    after = file.stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_a_feed_holds_many_opportunities_and_cancels_those_not_named(options: Options, initech: Path) -> None:
    globex = initech.parent / "globex.yaml"
    globex.write_text(STATE.replace("Initech", "Globex"), "utf-8")
    file = initech.parent / "followups.ics"
    run(options, "feed", initech, globex, "-o", file)
    assert {event.status for event in feed(file).values() if "Globex" in (event.summary or "")} == {
        "CONFIRMED"
    }
    run(options, "feed", initech, "-o", file)
    assert feed(file)[THANKS].status == "CONFIRMED"
    assert feed(file)[THANKS.replace("Initech", "Globex")].status == "CANCELLED"


def test_a_state_that_cannot_be_read_leaves_the_feed_as_it_was(options: Options, initech: Path) -> None:
    file = initech.parent / "followups.ics"
    run(options, "feed", initech, "-o", file)
    before = file.read_bytes()
    initech.write_text(STATE.replace("candidate", "candidat"), "utf-8")
    done = run(options, "feed", initech, "-o", file)
    assert done.exit_code == 2
    assert "did you mean `candidate`?" in done.stderr
    assert "nothing was written" in done.stderr
    assert file.read_bytes() == before


def told(options: Options, *words: object) -> Result:
    """The whole command line, as it tells what is wrong."""
    return CliRunner().invoke(cli, ["calendar", *map(str, words), "--now", NOW], obj=options)


def test_a_file_that_is_no_feed_is_never_written_over(options: Options, initech: Path) -> None:
    file = initech.parent / "family.ics"
    file.write_bytes(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Family//EN\r\nEND:VCALENDAR\r\n")
    before = file.read_bytes()
    done = told(options, "feed", initech, "-o", file)
    assert done.exit_code == 2
    assert "family.ics is no feed that can be brought up to date: it was not made by followup" in done.stderr
    assert file.read_bytes() == before


def test_one_opportunity_named_twice_is_told(options: Options, initech: Path) -> None:
    done = told(options, "export", initech, initech)
    assert done.exit_code == 2
    assert "are one opportunity" in done.stderr


def test_without_drafts_and_alarms_there_are_none(options: Options, initech: Path) -> None:
    done = run(options, "export", initech, "--no-drafts", "--no-alarms", "--name", "Job search")
    assert "Best regards" not in done.stdout
    assert "VALARM" not in done.stdout
    assert "X-WR-CALNAME:Job search" in done.stdout


def test_alarms_are_asked_for_in_minutes(options: Options, initech: Path) -> None:
    done = run(options, "export", initech, "--alarm", "30", "--alarm", "0")
    found = events(done.stdout_bytes.decode("utf-8"))[THANKS]
    assert sorted(alarm.trigger.total_seconds() / 60 for alarm in found.alarm) == [-30, 0]


def test_the_readme_shows_what_its_commands_print() -> None:
    pytest.importorskip("followup_email")
    root = Path(__file__).parents[3]
    page = root / "plugins" / "followup-calendar" / "README.md"
    ran = subprocess.run([sys.executable, root / "docs" / "console.py", "--check", page], check=False)
    assert ran.returncode == 0, "run `python docs/console.py plugins/followup-calendar/README.md`"
