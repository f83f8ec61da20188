"""`init` and `add`: who you are, and an opportunity by options, by questions, or from a file."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.support import invoke

INIT = ("init", "--name", "Ana Souza", "--email", "ana@souza.example", "--timezone", "America/Chicago")
DANA = "Dana Whitfield, hiring manager, dana@initech.example, +1 312 555 0100"
ADD = (
    "add", "--company", "Initech", "--position", "Data Engineer", "--country", "us", "--person", DANA,
    "--person", "Priya Raman, hr, linkedin.com/in/priya", "--now", "2026-11-20T19:00-06:00",
)  # fmt: skip


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def state(name: str = "initech") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(invoke("show", name, "--format", "json").stdout)["state"]
    return found


def test_who_you_are_is_told_with_the_next_step() -> None:
    done = invoke(*INIT)
    assert done.exit_code == 0
    assert "You are Ana Souza, ana@souza.example, times in America/Chicago." in done.stdout
    assert "Next: followup add" in done.stdout
    assert "To undo: followup undo" in done.stdout
    assert "Ana Souza already" in invoke(*INIT).stdout
    assert "Good to see you, Ana Souza" in invoke("today").stdout


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ((), "give at least `--name`"),
        (("--name", "Ana", "--timezone", "America/Chicgo"), "did you mean `America/Chicago`?"),
        (("--name", "Ana", "--email", "ana"), "`ana` is no mail address"),
        (("--name", "Ana", "--email", "ana@souza"), "`ana@souza` is no mail address"),
        (("--name", "Ana", "--phone", "ana@souza.example"), "`ana@souza.example` is no phone number"),
        (("--name", "Ana", "--linkedin", "+1 312 555 0100"), "`+1 312 555 0100` is no page"),
        (("--email", "ana@souza.example"), "add `--name`"),
    ],
)
def test_what_you_cannot_be_is_told_with_its_cure(options: tuple[str, ...], told: str) -> None:
    done = invoke("init", *options)
    assert done.exit_code == 2
    assert told in done.stderr


def test_where_german_is_spoken_add_says_how_to_write_it() -> None:
    invoke(*INIT)
    told = "in German: followup set initech company.language=de"
    assert told not in invoke(*ADD).stdout
    invoke("undo")
    assert told in invoke(*ADD, "--country", "de").stdout


def test_an_opportunity_by_options() -> None:
    invoke(*INIT)
    done = invoke(*ADD, "--interview", "2026-11-20T10:00")
    assert done.exit_code == 0, done.stderr
    assert "added initech: Data Engineer at Initech" in done.stdout
    assert "interview: Friday, 20 November 2026, 10:00, America/Chicago, with dana" in done.stdout
    found = state()
    assert found["candidate"]["name"] == "Ana Souza"
    assert found["company"] == {"name": "Initech", "country": "US"}
    assert found["people"] == {
        "dana": {
            "name": "Dana Whitfield",
            "role": "hiring manager",
            "email": "dana@initech.example",
            "phone": "+1 312 555 0100",
        },
        "hr": {"name": "Priya Raman", "role": "hr", "linkedin": "https://linkedin.com/in/priya"},
    }


def test_an_interview_in_words_counts_only_after_a_yes() -> None:
    invoke(*INIT)
    done = invoke(*ADD, "--interview", "next Tuesday 10:00")
    assert done.exit_code == 2
    assert "Tuesday 2026-11-24 10:00 -06:00" in done.stderr
    assert invoke(*ADD, "--interview", "next Tuesday 10:00", "--with", "Priya", "--yes").exit_code == 0
    [event] = state()["events"]
    assert (event["at"], event["with"]) == ("2026-11-24T10:00:00-06:00", ["hr"])


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add",), "give `--company` and `--position`"),
        (("add", "--company", "Initech"), "add `--position`"),
        ((*ADD, "--person", "dana@initech.example"), "has no name at its beginning"),
        ((*ADD, "--person", "dana=Dana Scully"), "two people have the id `dana`"),
        ((*ADD, "--country", "UK"), "GB"),
        ((*ADD, "--interview", "2026-11-20"), "has no hour"),
        ((*ADD, "--with", "dana"), "add `--interview`"),
        ((*ADD, "--interview", "2026-11-20T10:00", "--with", "bob"), "nobody here is `bob`"),
        ((*ADD, "initech.yaml"), "leave out the other options"),
    ],
)
def test_what_is_no_opportunity_is_told_with_its_cure(arguments: tuple[str, ...], told: str) -> None:
    invoke(*INIT)
    done = invoke(*arguments)
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_stranger_is_told_to_say_who_they_are() -> None:
    done = invoke(*ADD)
    assert done.exit_code == 2
    assert "followup init" in done.stderr


def test_what_you_change_about_yourself_changes_your_opportunities() -> None:
    invoke(*INIT)
    invoke(*ADD)
    invoke("init", "--phone", "+1 312 555 0188")
    assert state()["candidate"]["phone"] == "+1 312 555 0188"
    invoke("undo")
    assert "phone" not in state()["candidate"]


def test_on_a_terminal_it_asks_and_reads_the_time_back(home: Path) -> None:
    answers = [
        "Ana Souza", "ana@souza.example", "", "", "America/Chicago", "Initech", "Data Engineer", "US", "",
        DANA, "Priya Raman, hr", "", "today 10:00", "y", "",
    ]  # fmt: skip
    ours, theirs = pty.openpty()
    program = "from followup.cli.root import main; main()"
    command = [sys.executable, "-c", program, "--no-plugins", "add", "--now", "2026-11-20T19:00-06:00"]
    asking = subprocess.Popen(
        command, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env={**os.environ, "TERM": "dumb"}
    )
    os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
    told, _ = asking.communicate(timeout=60)
    shown = os.read(ours, 100_000).decode()
    os.close(theirs)
    os.close(ours)
    assert asking.returncode == 0, shown
    assert "Friday 2026-11-20 10:00 -06:00. Is that so?" in shown
    assert b"added initech: Data Engineer at Initech" in told
    assert state()["events"][0]["with"] == ["dana"]


INVITATION = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Google Inc//Google Calendar 70.9054//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:abc@google.com
SEQUENCE:0
DTSTAMP:20261119T120000Z
DTSTART:20261124T160000Z
DTEND:20261124T170000Z
SUMMARY:Interview: Data Engineer
ORGANIZER;CN=Priya Raman:mailto:priya@initech.example
ATTENDEE;CN=Dana Whitfield;PARTSTAT=ACCEPTED:mailto:dana@initech.example
ATTENDEE;CN=Ana Souza;PARTSTAT=NEEDS-ACTION:mailto:ana@souza.example
END:VEVENT
END:VCALENDAR
"""


def test_an_invitation_gives_the_people_and_the_interview(tmp_path: Path) -> None:
    pytest.importorskip("icalendar")
    invoke(*INIT)
    file = tmp_path / "invite.ics"
    file.write_text(INVITATION.replace("\n", "\r\n"), "utf-8")
    new = ("add", "--company", "Initech", "--position", "Data Engineer", "--now", "2026-11-20T19:00-06:00")
    done = invoke(*new, "--person", "Priya Raman, hr, priya@initech.example", "--invitation", str(file))
    assert done.exit_code == 0, done.stderr
    found = state()
    assert found["people"] == {
        "hr": {"name": "Priya Raman", "role": "hr", "email": "priya@initech.example"},
        "dana": {"name": "Dana Whitfield", "email": "dana@initech.example"},
    }
    [event] = found["events"]
    assert event["at"].startswith("2026-11-24T")
    assert (event["uid"], event["with"]) == ("abc@google.com", ["dana"])
    cancelled = INVITATION.replace("REQUEST", "CANCEL").replace("SEQUENCE:0", "SEQUENCE:1\nSTATUS:CANCELLED")
    file.write_text(cancelled.replace("\n", "\r\n"), "utf-8")
    assert "no invitation with a time" in invoke(*new, "--invitation", str(file)).stderr
    assert "cannot read" in invoke(*new, "--invitation", str(tmp_path / "none.ics")).stderr
