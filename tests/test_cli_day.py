"""The commands of the day, on a store of their own."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.support import ROOT, invoke, kept_options

from followup import Draft, InDoubtError, Outgoing, Receipt
from followup.delivery import Commit
from followup.sending import Intent, run, send
from followup.store import NewEntry
from followup.store.sqlite import SqliteStore

NOW = "2026-11-20T19:00-06:00"
STATE = """\
format: 1
candidate: {name: Ana Souza, timezone: America/Chicago}
company: {name: Initech, timezone: America/Chicago}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
  lee: {name: Lee Okafor, role: interviewer}
events:
  - {type: interview, id: r1, at: 2026-11-20T10:00-06:00, with: [dana]}
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def add() -> None:
    assert invoke("add", "-", text=STATE).exit_code == 0


def log(words: str, *options: str) -> Result:
    return invoke("log", "initech", *words.split(), "--now", NOW, *options)


def logged(words: str) -> dict[str, Any]:
    done = log(words, "--yes", "--format", "json")
    assert done.exit_code == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)["entries"][0]["data"]
    return found


def today(now: str = NOW) -> dict[str, Any]:
    [found] = json.loads(invoke("today", "--now", now, "--format", "json").stdout)
    return found


def test_an_empty_store_says_how_to_begin() -> None:
    done = invoke("today")
    assert done.exit_code == 0
    assert "followup add" in done.stdout


def test_what_was_added_is_told_with_how_to_undo_it() -> None:
    done = invoke("add", "-", text=STATE)
    assert done.stdout == "added initech: Data Engineer at Initech\nTo undo: followup undo\n"


def test_two_opportunities_at_one_company_have_two_names() -> None:
    add()
    told = invoke("add", "-", text=STATE).stdout
    assert "added initech-2:" in told
    assert "`initech` is that position too" in told


def test_of_several_states_all_are_added_or_none(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.yaml", tmp_path / "bad.yaml"
    good.write_text(STATE, "utf-8")
    bad.write_text("format: 1\n", "utf-8")
    assert invoke("add", str(good), str(bad)).exit_code == 2
    assert invoke("today", "--format", "json").stdout == "[]\n"


@pytest.mark.parametrize(
    ("words", "event"),
    [
        (
            "interview next Tuesday at 10 video with dana and Lee",
            {
                "type": "interview",
                "at": "2026-11-24T10:00:00-06:00",
                "id": "r2",
                "medium": "video",
                "with": ["dana", "lee"],
            },
        ),
        (
            "reply from Dana Whitfield today 15:00 saying We will see by Friday",
            {
                "type": "reply",
                "at": "2026-11-20T15:00:00-06:00",
                "from": "dana",
                "text": "We will see by Friday",
            },
        ),
        (
            "promise from dana by Friday",
            {"type": "promise", "at": "2026-11-20T19:00:00-06:00", "by": "2026-11-27", "who": "dana"},
        ),
        (
            "call to dana yesterday, voicemail",
            {"type": "called", "at": "2026-11-19T12:00:00-06:00", "to": "dana", "outcome": "voicemail"},
        ),
        (
            "promise from dana by the end of next week",
            {"type": "promise", "at": "2026-11-20T19:00:00-06:00", "by": "2026-11-27", "who": "dana"},
        ),
        (
            "promise from dana by the 4th",
            {"type": "promise", "at": "2026-11-20T19:00:00-06:00", "by": "2026-12-04", "who": "dana"},
        ),
        (
            "promise from dana by 4.12.",
            {"type": "promise", "at": "2026-11-20T19:00:00-06:00", "by": "2026-12-04", "who": "dana"},
        ),
        (
            "reply from dana gestern um 14.30 Uhr",
            {"type": "reply", "at": "2026-11-19T14:30:00-06:00", "from": "dana"},
        ),
        (
            "reply from dana 13.11.26",
            {"type": "reply", "at": "2026-11-13T12:00:00-06:00", "from": "dana"},
        ),
        (
            "interview 19. Nov 14 Uhr with dana",
            {"type": "interview", "at": "2026-11-19T14:00:00-06:00", "id": "r2", "with": ["dana"]},
        ),
        (
            "interview tomorrow noon with dana",
            {"type": "interview", "at": "2026-11-21T12:00:00-06:00", "id": "r2", "with": ["dana"]},
        ),
        ("no-contact", {"type": "no_contact", "at": "2026-11-20T19:00:00-06:00"}),
    ],
)
def test_words_become_an_event(words: str, event: dict[str, Any]) -> None:
    add()
    assert logged(words) == event


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("replyy", "did you mean `reply`?"),
        ("reply from bob", "nobody here is `bob`; known are: dana, lee"),
        ("interview Friday", "has no hour"),
        ("interview", "an interview needs its time"),
        ("promise by 3/4", "day and month cannot be told apart"),
        ("promise by 13.11", "may be a day or an hour"),
        ("promise by whenever", "`whenever` is not a time"),
        ("promise", "`promise` needs `by …`"),
        (
            "reply with dana",
            "`reply` has no part `with`; it can have `from`, `saying`; what was said goes after",
        ),
        ("interview was great", "`was great` is not a time"),
        ("interview was great", "what else there is to say goes into a `note`"),
    ],
)
def test_words_that_are_not_understood_are_told_with_their_cure(words: str, told: str) -> None:
    add()
    done = log(words, "--yes")
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_date_in_words_counts_only_after_a_yes() -> None:
    add()
    done = log("promise by Friday")
    assert done.exit_code == 2
    assert "by Friday: Friday 2026-11-27" in done.stderr
    assert "nothing is written" in done.stderr
    assert log("promise by 2026-11-27").exit_code == 0


def test_done_takes_a_follow_up_off_the_list_and_undo_puts_it_back() -> None:
    add()
    key = "thank-you:r1:dana"
    if not any(each["key"] == key for each in today()["due"]):
        pytest.skip("the email channel is not installed")
    assert "done" not in invoke("done", "initech", key, "--now", NOW).stderr
    assert key not in [each["key"] for each in today()["due"]]
    assert "already" in invoke("done", "initech", key, "--now", NOW).stderr
    invoke("undo")
    assert key in [each["key"] for each in today()["due"]]


@pytest.mark.parametrize("command", [["skip"], ["snooze"]])
def test_a_follow_up_is_skipped_or_put_off(command: list[str]) -> None:
    add()
    key = "thank-you:r1:dana"
    if not any(each["key"] == key for each in today()["due"]):
        pytest.skip("the email channel is not installed")
    until = ["2026-11-23"] if command == ["snooze"] else []
    done = invoke(*command, "initech", key, *until, "--now", NOW)
    assert done.exit_code == 0
    assert "To undo: followup undo" in done.stdout
    assert key not in [each["key"] for each in today()["due"]]


def test_an_unknown_key_is_told() -> None:
    add()
    done = invoke("done", "initech", "thank-yuo:r1:dana", "--now", NOW)
    assert done.exit_code == 2
    assert "did you mean" in done.stderr


def test_undo_says_what_it_took_back() -> None:
    add()
    log("no-contact")
    assert invoke("undo").stdout == "undone: initech: happened no_contact\n"
    assert invoke("undo", "2").exit_code == 2


def test_a_backup_is_restored_and_that_is_undone(home: Path, tmp_path: Path) -> None:
    add()
    copy = str(tmp_path / "copy.db")
    assert copy in invoke("backup", copy).stdout
    assert invoke("backup", copy).exit_code == 2
    log("no-contact")
    done = json.loads(invoke("restore", copy, "--format", "json").stdout)
    assert done["entries"] == 1
    assert invoke(*done["undo"].split()[1:]).exit_code == 0
    assert "no_contact" in invoke("undo").stdout


def test_an_erased_person_whom_a_backup_brings_back_is_not_contacted(home: Path, tmp_path: Path) -> None:
    add()
    copy = str(tmp_path / "copy.db")
    invoke("backup", copy)
    invoke("erase", "initech", "dana", "--yes")
    assert "initech: `dana` was erased before and is not contacted" in invoke("restore", copy).stdout
    assert "was erased before" in invoke("restore", copy).stdout
    assert "Dana Whitfield by email" not in invoke("today", *NOW).stdout


def test_an_erased_person_is_not_contacted_even_when_added_again(home: Path) -> None:
    add()
    assert "needs a yes" in invoke("erase", "initech", "dana").stderr
    assert "cannot be undone" in invoke("erase", "initech", "dana", "--yes").stdout
    assert all(b"Whitfield" not in path.read_bytes() for path in home.iterdir())
    assert invoke("undo").exit_code == 2
    again = invoke("add", "-", text=STATE)
    assert "initech-2: `dana` was erased before and is not contacted" in again.stdout


def test_the_commands_of_the_page_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if "email" not in kept_options().engine().channels:
        pytest.skip("the email channel is not installed")
    page = (ROOT / "docs" / "day.md").read_text("utf-8")
    for name, text in re.findall(r'^```\w+ title="(.*?)"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    ran = set()
    for block in re.findall(r"^```sh\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        for line in block.splitlines():
            done = invoke(*shlex.split(line)[1:])
            assert done.exit_code == 0, f"{line}: {done.stderr}"
            ran.add(line.split()[1])
    assert ran >= {
        "add",
        "today",
        "done",
        "snooze",
        "log",
        "undo",
        "backup",
        "restore",
        "erase",
        "show",
        "edit",
        "open",
        "retire",
        "reopen",
        "init",
        "agenda",
        "set",
        "skip",
    }


def test_today_begins_with_what_is_most_urgent_and_names_what_is_missing() -> None:
    add()
    other = STATE.replace("Initech", "Hooli").replace("2026-11-20T10:00", "2026-11-19T20:00")
    invoke("add", "-", text=other.replace(", email: dana@initech.example", ""))
    told = invoke("today", "--now", NOW).stdout
    assert told.index("hooli reflect:r1:self") < told.index("initech reflect:r1:self")
    if "email" in kept_options().engine().channels:
        blocked = told.partition("Blocked")[2]
        assert "hooli thank-you:r1:dana" in blocked
        assert "email of Dana Whitfield" in blocked


def test_the_agenda_goes_through_the_days_of_all_opportunities() -> None:
    add()
    invoke("add", "-", text=STATE.replace("Initech", "Hooli"))
    invoke("log", "hooli", "interview", "2026-11-24T10:00", "with", "dana", "--now", NOW)
    invoke("log", "initech", "promise", "by", "2026-11-30", "--now", NOW)
    told = invoke("agenda", "--now", NOW).stdout
    assert told.index("Tue 24 Nov (in 4 days)") < told.index("Mon 30 Nov (in 10 days)")
    assert "You have an interview with Dana Whitfield · Data Engineer at Hooli" in told
    rows = json.loads(invoke("agenda", "--until", "5 days", "--now", NOW, "--format", "json").stdout)
    assert {row["kind"] for row in rows} >= {"due", "interview"}
    assert all(row["day"] <= "2026-11-25" for row in rows if row["day"] and row["kind"] != "blocked")
    assert "Welcome" not in told
    assert "until Tue 24 Nov, 23:59" in invoke("agenda", "--until", "Tuesday", "--now", NOW).stdout
    assert invoke("agenda", "--until", "yesterdayish").exit_code == 2


def test_the_agenda_of_an_empty_store_says_how_to_begin() -> None:
    assert "followup add" in invoke("agenda").stdout


def test_log_tells_what_it_changes_in_the_plan() -> None:
    add()
    invoke("done", "initech", "thank-you:r1:dana", "--now", NOW)
    done = log("rejection from dana saying We chose somebody else")
    assert "Look at the case again → yourself: scheduled" in done.stdout
    told = json.loads(log("rejection", "--format", "json").stdout)
    assert "plan" in told


def test_a_name_that_may_be_several_is_told_with_all_of_them() -> None:
    add()
    add()
    told = invoke("show", "init").stderr
    assert "`init` may be `initech` or `initech-2`; give more of it" in told


def test_what_stands_as_before_after_another_event_is_no_change() -> None:
    add()
    first = log("promise by 2026-11-27").stdout
    assert "initech: promise, at Fri 20 Nov, 19:00, by Fri 27 Nov" in first
    assert "scheduled Mon 30 Nov" in first
    again = log("promise by 2026-11-27").stdout
    assert "⇒" not in again
    assert "saying “They will call”" in log("note saying They will call").stdout
    assert "saying “They call by Friday”" in log("note They call by Friday").stdout
    later = log("promise by 2026-12-04").stdout
    assert "scheduled Fri 18 Dec, 08:00 ⇒ scheduled Fri 25 Dec, 08:00" in later
    assert "not planned" not in later


def test_an_interview_is_moved_or_called_off() -> None:
    add()
    event = logged("interview next Tuesday 10:00 with lee")
    assert event["id"] == "r2"
    moved = logged("rescheduled to next Wednesday at 15:00")
    assert (moved["interview"], moved["to"]) == ("r2", "2026-11-25T15:00:00-06:00")
    assert logged("cancelled r2")["interview"] == "r2"
    assert logged("cancelled")["interview"] == "r1"
    assert "there is none" in log("cancelled").stderr
    assert "`r9` is no interview" in log("cancelled r9").stderr


def test_a_key_that_may_be_several_is_told_with_all_of_them() -> None:
    add()
    done = invoke("done", "initech", "", "--now", NOW)
    assert done.exit_code == 2
    log("interview 2026-11-20T12:00 with dana and lee")
    several = invoke("show", "initech", "reflect", "--now", NOW)
    assert "`reflect` may be `reflect:" in several.stderr


def test_what_is_over_cannot_be_put_off() -> None:
    add()
    late = ("--now", "2026-11-22T09:00-06:00")
    done = invoke("snooze", "initech", "reflect:r1:self", "2026-11-25", *late)
    assert done.exit_code == 2
    assert "nothing is left to put off" in done.stderr
    assert (
        "its time is over Sat 21 Nov, 11:00"
        in invoke("snooze", "initech", "reflect:r1:self", "2026-11-25", "--now", NOW).stderr
    )


def test_who_accepted_an_offer_is_told_how_to_bow_out_of_the_others() -> None:
    add()
    invoke("add", "-", text=STATE.replace("Initech", "Hooli"))
    invoke("add", "-", text=STATE.replace("Initech", "Globex"))
    invoke("log", "globex", "rejection", "--now", NOW)
    told = log("accepted").stdout
    assert "globex" not in told
    assert "hooli is still open; to bow out there: followup log hooli accepted elsewhere" in told
    assert invoke("log", "hooli", "accepted", "elsewhere", "--now", NOW).exit_code == 0
    assert "withdrawn" in invoke("show", "hooli", "--now", NOW).stdout


def test_an_opportunity_that_cannot_be_read_stops_no_other(home: Path) -> None:
    add()
    broken = NewEntry(kind="opened", opportunity="broken", data={"company": {"name": "Hooli"}})
    store = SqliteStore(home / "followup.db")
    store.change(lambda _: [broken], datetime(2026, 11, 20, tzinfo=UTC))
    store.close()
    for command in ("today", "agenda"):
        done = invoke(command, "--now", NOW)
        assert done.exit_code == 2
        assert "broken: " in done.stderr
        assert "initech" in done.stdout or "1 due" in done.stdout


def test_a_time_zone_taken_for_granted_is_told_once() -> None:
    add()
    invoke("add", "-", text=STATE.replace("Initech", "Hooli"))
    assert invoke("today", "--now", "2026-11-20T19:00").stderr.count("note:") == 1


def test_what_a_refusal_made_needless_says_so() -> None:
    add()
    logged("rejection from dana")
    told = invoke("open", "initech", "look-again:r1:self", "--now", NOW)
    assert "is moot: rejection on Friday, 20 November" in told.output
    assert "interview r1" not in told.output


class BreaksOff:
    """Takes the words and hangs up."""

    channel = "email"

    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        return Outgoing(channel="email", key=key, content=draft.body)

    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        commit()
        raise InDoubtError("the line broke", identity="")


def leave_in_doubt(home: Path, key: str, channel: str = "email") -> None:
    now = datetime.fromisoformat(NOW)
    outgoing = Outgoing(channel=channel, key=key, content="Thank you.")
    event = {"type": "sent", "to": "dana", "intent": "thanks", "key": key, "channel": "email"}
    intent = Intent(outgoing=outgoing, digest="", event=event)
    store = SqliteStore(home / "followup.db")
    with pytest.raises(InDoubtError), run(store, lambda: now) as outbox:
        send(outbox, "initech", intent, BreaksOff(), lambda _entries, _now: "")
    store.close()


def test_a_message_that_may_have_left_is_told_wherever_it_could_be_written_again(home: Path) -> None:
    add()
    key = "thank-you:r1:dana"
    assert today()["in_doubt"] == []
    leave_in_doubt(home, key)
    assert today()["in_doubt"] == [key]
    for words in (["today"], ["show", "initech", key], ["open", "initech", key, "--print"]):
        told = invoke(*words, "--now", NOW).output
        assert "may have been sent already: `followup outbox`" in " ".join(told.split())
    shown = json.loads(invoke("show", "initech", key, "--now", NOW, "--format", "json").stdout)
    assert shown["in_doubt"]
    assert invoke("open", "initech", key, "--print", "--now", NOW).exit_code == 2
    assert invoke("open", "initech", key, "--print", "--anyway", "--now", NOW).exit_code == 0
    assert invoke("outbox", "settle", "initech", key, "--not-sent").exit_code == 0
    assert today()["in_doubt"] == []


def test_where_nothing_can_look_for_a_message_in_doubt_that_is_told(home: Path) -> None:
    add()
    leave_in_doubt(home, "thank-you:r1:dana", "pigeon")
    looked = invoke("outbox", "look")
    assert "what sends by pigeon is not here, or is disabled" in looked.stderr
    assert "followup outbox settle initech thank-you:r1:dana --sent" in looked.stdout


def test_what_is_done_says_when_it_was_done() -> None:
    add()
    assert invoke("done", "initech", "thank-you", "--now", NOW).exit_code == 0
    told = invoke("open", "initech", "thank-you:r1:dana", "--now", NOW)
    assert "is done: done on " in told.output
