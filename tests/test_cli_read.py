"""`followup read`: mail that somebody has, and what it adds to the store."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from followup.cli.options import Options
from followup.cli.root import cli
from followup.engine import Engine

NOW = "2026-11-27T10:00-06:00"
STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: America/Chicago}
company: {name: Initech Inc., timezone: America/Chicago}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
  hr: {name: Priya Raman, role: hr, email: priya@initech.example}
events:
  - {type: interview, id: r1, at: 2026-11-20T10:00-06:00, with: [dana]}
  - {type: sent, at: 2026-11-20T15:10-06:00, to: dana, intent: thanks, key: "thank-you:r1:dana",
     channel: email, message_id: <t1@souza.example>}
"""
OTHER = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: America/Chicago}
company: {name: Umbra}
position: {title: Analyst}
people:
  agent: {name: Kit Moss, role: recruiter, email: kit@agency.example}
events:
  - {type: interview, id: r1, at: 2026-11-19T10:00-06:00}
"""
DEFAULTS = {
    "From": "Dana Whitfield <dana@initech.example>",
    "To": "ana@souza.example",
    "Subject": "Re: Thank you",
    "Date": "Tue, 24 Nov 2026 10:00:00 -0600",
    "Message-ID": "<m1@initech.example>",
}


ENGINE = Engine.load()


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    assert invoke("add", "-", text=STATE).exit_code == 0
    assert invoke("add", "-", text=OTHER).exit_code == 0


def invoke(*arguments: str, text: str | bytes | None = None) -> Result:
    """The command in this process, with an engine that is loaded once."""
    return CliRunner().invoke(cli, list(arguments), input=text, obj=Options(_engine=ENGINE))


def mail(body: str = "Thanks, we will see.", **headers: str) -> str:
    given = DEFAULTS | {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"{name}: {value}" for name, value in given.items() if value]
    return "\n".join([*lines, "", body, ""])


def read(text: str, *options: str, now: str = NOW) -> dict[str, Any]:
    done = invoke("read", "-", "--now", now, "--format", "json", *options, text=text.encode())
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def bounce(status: str = "5.1.1", date: str = DEFAULTS["Date"], words: str = "550 no such person") -> str:
    address = "dana@initech.example"
    report = f"""\
--b
Content-Type: text/plain

It did not arrive.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; {address}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {words}

--b
Content-Type: text/rfc822-headers

Message-ID: <t1@souza.example>
To: {address}

--b--
"""
    kind = 'multipart/report; report-type=delivery-status; boundary="b"'
    headers = {"From": "MAILER-DAEMON@mx.example", "Message_ID": "<b1@mx.example>", "Date": date}
    return mail(report, Content_Type=kind, Auto_Submitted="auto-replied", **headers)


def test_an_answer_is_shown_with_what_it_changes_and_written_only_after_a_yes() -> None:
    done = invoke("read", "-", "--now", NOW, text=mail(In_Reply_To="<t1@souza.example>"))
    assert done.exit_code == 0
    assert "An answer from Dana Whitfield" in done.stdout
    assert "it answers what you sent" in done.stdout
    assert "“Thanks, we will see.”" in done.stdout
    assert "⇒ moot" in done.stdout
    assert "Nothing is written" in done.stdout
    assert read(mail())["mails"][0]["proposals"][0]["known"] is False


def test_nothing_is_added_twice_and_undo_makes_it_new_again() -> None:
    first = read(mail(), "--yes")
    assert [event["type"] for event in first["added"]] == ["reply"]
    assert first["added"][0] | {"text": "", "subject": ""} == {
        "type": "reply",
        "at": "2026-11-24T10:00:00-06:00",
        "message_id": "<m1@initech.example>",
        "from": "dana",
        "subject": "",
        "text": "",
    }
    again = read(mail(), "--yes")
    assert again["change"] is None
    assert again["mails"][0]["proposals"][0]["known"] is True
    assert invoke("undo").exit_code == 0
    assert read(mail(), "--yes")["change"] is not None


def test_a_mail_without_a_message_id_is_not_added_twice_either() -> None:
    assert read(mail(Message_ID=""), "--yes")["change"]
    assert read(mail(Message_ID=""), "--yes")["change"] is None


SURE, UNSURE = ("initech-inc", "dana", True), ("initech-inc", "dana", False)
BY_DOMAIN, BY_NAME = ("initech-inc", None, True), ("initech-inc", None, False)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"From": "dana@initech.example"}, [SURE]),
        ({"From": "dana@initech.example", "Authentication_Results": "mx; dmarc=fail"}, [UNSURE]),
        ({"From": "Careers <jobs@careers.initech.example>"}, [BY_DOMAIN]),
        ({"From": "x@elsewhere.example", "In_Reply_To": "<t1@souza.example>"}, [BY_DOMAIN]),
        ({"From": "Initech Careers <no-reply@greenhouse-mail.io>"}, [BY_NAME]),
        ({"From": "friend@gmail.com", "Subject": "Umbra or Initech"}, [BY_NAME, ("umbra", None, False)]),
        ({"From": "friend@gmail.com", "Subject": "Dinner"}, []),
    ],
)
def test_a_mail_is_matched_by_thread_address_domain_and_name_and_never_by_a_guess(
    headers: dict[str, str], expected: list[tuple[str, str | None, bool]]
) -> None:
    [found] = read(mail(**headers))["mails"]
    assert [(m["opportunity"], m["person"], m["sure"]) for m in found["matches"]] == expected
    if not all(sure for _, _, sure in expected):
        assert read(mail(**headers), "--yes")["change"] is None


def test_a_recruiter_of_two_opportunities_is_asked_about_unless_one_is_named() -> None:
    assert (
        invoke("add", "-", text=OTHER.replace("Umbra", "Verdant").replace("Analyst", "Planner")).exit_code
        == 0
    )
    sender = {"From": "Kit Moss <kit@agency.example>"}
    [found] = read(mail("They liked you.", **sender), "--yes")["mails"]
    assert [match["opportunity"] for match in found["matches"]] == ["umbra", "verdant"]
    assert found["opportunity"] is None
    [found] = read(mail("They liked you for the role of planner.", **sender), "--yes")["mails"]
    assert found["opportunity"] == "verdant"
    [found] = read(mail("They liked you.", **sender), "--yes", "--opportunity", "umbra")["mails"]
    assert (found["opportunity"], found["matches"][0]["person"]) == ("umbra", "agent")


def test_a_bounce_unsettles_what_was_sent_and_its_address_is_not_used_again() -> None:
    found = read(bounce(), "--yes")
    assert found["added"] == [
        {
            "type": "bounce",
            "at": "2026-11-24T10:00:00-06:00",
            "message_id": "<b1@mx.example>",
            "to": "dana",
            "address": "dana@initech.example",
        }
    ]
    assert found["mails"][0]["proposals"][0]["quote"] == "550 no such person"


def test_a_full_mailbox_did_not_get_the_mail_though_its_address_works() -> None:
    evening = "2026-11-20T20:00-06:00"
    found = read(
        bounce(status="5.2.2", date="Fri, 20 Nov 2026 16:00:00 -0600", words="552 mailbox full"),
        "--yes",
        now=evening,
    )
    assert found["added"][0]["passing"] is True
    plan = json.loads(invoke("today", "--now", evening, "--format", "json").stdout)
    keys = [each["key"] for one in plan if one["opportunity"] == "initech-inc" for each in one["due"]]
    assert "thank-you:r1:dana" in keys


def test_an_absence_holds_what_would_go_to_that_person() -> None:
    away = mail(
        "I am back on Monday, 30 November.", Subject="Automatic reply: Hi", Auto_Submitted="auto-replied"
    )
    [event] = read(away, "--yes")["added"]
    assert (event["type"], event["who"], event["until"]) == ("absence", "dana", "2026-11-29")


def test_somebody_who_left_is_asked_about() -> None:
    found = read(mail("Dana no longer works at Initech. Please write to Lee.", Auto_Submitted="auto-replied"))
    [proposal] = found["mails"][0]["proposals"]
    assert (proposal["event"]["type"], proposal["event"]["to"], proposal["sure"]) == ("bounce", "dana", False)
    assert proposal["quote"] == "Dana no longer works at Initech"


@pytest.mark.parametrize("sender", ["Ana <ana@souza.example>", "Ana Souza <ana@elsewhere.example>"])
def test_mail_of_your_own_is_no_answer(sender: str) -> None:
    own = mail(From=sender, To="dana@initech.example", In_Reply_To="<t1@souza.example>")
    [found] = read(own)["mails"]
    assert (found["own"], found["proposals"]) == (True, [])


def test_a_stranger_in_a_thread_may_be_you_where_your_address_is_not_known() -> None:
    nameless = (
        STATE.replace("email: ana@souza.example, ", "")
        .replace("t1@", "t9@")
        .replace("Initech Inc.", "Globex")
    )
    assert invoke("add", "-", text=nameless).exit_code == 0
    found = read(mail(From="a.s@elsewhere.example", In_Reply_To="<t9@souza.example>"), "--yes")
    assert found["change"] is None
    assert "your own address is not known" in found["mails"][0]["matches"][0]["why"]


def test_a_mail_of_tomorrow_is_asked_about() -> None:
    [proposal] = read(mail(Date="Tue, 24 Nov 2099 10:00:00 -0600"), "--yes")["mails"][0]["proposals"]
    assert proposal["sure"] is False
    assert "is still to come" in proposal["why"]


def test_an_mbox_is_read_to_its_end_though_some_of_its_mails_cannot_be(tmp_path: Path) -> None:
    wide = 'Content-Type: multipart/mixed; boundary="b"\n\n' + "--b\n\nwords\n" * 5_000
    mails = [mail("One", Message_ID="<1@x.example>"), wide, mail(">From me\nTwo", Message_ID="<2@x.example>")]
    box = tmp_path / "inbox.mbox"
    box.write_text("".join(f"From - Fri Nov 20 10:00:00 2026\n{each}\n" for each in mails), "utf-8")
    done = invoke("read", str(box), "absent.eml", "--yes", "--format", "json", "--now", NOW)
    assert done.exit_code == 2
    assert (
        f"{box}, mail 2: it cannot be read as a mail: it has more than 200 parts [mail-unreadable]"
        in done.stderr
    )
    assert "absent.eml: there is no such file" in done.stderr
    found = json.loads(done.stdout)
    assert [each["text"] for each in found["added"]] == ["One", "From me\nTwo"]
    assert len(found["problems"]) == 2


def test_a_maildir_and_a_folder_of_files_are_read(tmp_path: Path) -> None:
    for folder, name in (
        ("Maildir/new", "1"),
        ("Maildir/cur", "2:2,S"),
        ("Maildir/tmp", "3"),
        ("kept", "4.eml"),
    ):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / name).write_text(mail(Message_ID=f"<{name[0]}@x.example>"), "utf-8")
    (tmp_path / "kept" / "notes.txt").write_text("nothing", "utf-8")
    done = invoke("read", "Maildir", "kept", "--dry-run", "--format", "json", "--now", NOW)
    found = json.loads(done.stdout)["mails"]
    assert sorted(each["message_id"] for each in found) == ["<1@x.example>", "<2@x.example>", "<4@x.example>"]


def test_files_that_hold_no_mail_are_told_with_their_cure(tmp_path: Path) -> None:
    (tmp_path / "a.msg").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99)
    (tmp_path / "b.eml").write_bytes(b"")
    (tmp_path / "c.eml").write_bytes(b"\0\1\2 no mail at all")
    (tmp_path / "none").mkdir()
    done = invoke("read", "a.msg", "b.eml", "c.eml", "none", "--now", NOW)
    assert done.exit_code == 2
    assert "a.msg: it is in Outlook's own format; save the mail as .eml [mail-file]" in done.stderr
    assert "b.eml: it is empty" in done.stderr
    assert "c.eml: it cannot be read as a mail" in done.stderr
    assert "none: there is no mail in this folder" in done.stderr


def test_a_dry_run_writes_nothing() -> None:
    assert read(mail(), "--dry-run")["change"] is None
    assert read(mail(), "--yes")["change"] is not None


# Invitations


def calendar(
    start: str = "TZID=Central Standard Time:20261202T100000", method: str = "REQUEST", sequence: int = 0,
    stamp: str = "20261124T160000Z", uid: str = "u1@initech.example", more: str = "",
) -> str:  # fmt: skip
    return f"""\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//EN
METHOD:{method}
BEGIN:VEVENT
UID:{uid}
SEQUENCE:{sequence}
DTSTAMP:{stamp}
DTSTART;{start}
DURATION:PT45M
SUMMARY:Interview with Initech
ORGANIZER;CN=Priya Raman:mailto:priya@initech.example
ATTENDEE;CN=Dana Whitfield;PARTSTAT=ACCEPTED:mailto:dana@initech.example
ATTENDEE;CN=Ana Souza;PARTSTAT=NEEDS-ACTION:mailto:ana@souza.example
LOCATION:https://teams.microsoft.com/l/meetup-join/1
{more}END:VEVENT
END:VCALENDAR
"""


INVITED = {
    "type": "interview",
    "id": "r2",
    "at": "2026-12-02T10:00:00-06:00",
    "uid": "u1@initech.example",
    "sequence": 0,
    "stamped": "2026-11-24T16:00:00+00:00",
    "place": "https://teams.microsoft.com/l/meetup-join/1",
    "minutes": 45,
    "medium": "video",
    "with": ["dana"],
    "arranged": "2026-11-24T16:00:00+00:00",
}


def stage() -> str:
    done = invoke("plan", "initech-inc", "--now", NOW, "--format", "json")
    return str(json.loads(done.stdout)["stage"])


def test_an_invitation_becomes_an_interview_that_is_ahead() -> None:
    assert read(calendar(), "--yes")["added"] == [INVITED]
    assert stage() == "invited"
    assert read(calendar(), "--yes")["change"] is None


def test_an_invitation_in_a_mail_counts_once_though_it_is_attached_as_well() -> None:
    part = calendar().replace("METHOD:REQUEST\n", "")
    body = (
        f'--b\nContent-Type: text/calendar; method=REQUEST; charset="utf-8"\n\n{part}\n'
        f'--b\nContent-Type: application/ics; name="invite.ics"\n\n{part}\n--b--\n'
    )
    found = read(mail(body, Content_Type='multipart/mixed; boundary="b"'), "--yes")
    assert found["added"] == [INVITED | {"arranged": "2026-11-24T10:00:00-06:00"}]


def test_a_higher_sequence_moves_the_interview_and_an_older_one_changes_nothing() -> None:
    read(calendar(), "--yes")
    later = calendar("TZID=America/Chicago:20261203T150000", sequence=1, stamp="20261125T160000Z")
    [event] = read(later, "--yes")["added"]
    assert (event["type"], event["interview"], event["to"]) == (
        "rescheduled",
        "r2",
        "2026-12-03T15:00:00-06:00",
    )
    again = read(calendar(stamp="20261126T160000Z"), "--yes")
    assert again["change"] is None
    assert "older than what the store has" in again["mails"][0]["proposals"][0]["why"]


def test_a_later_stamp_with_the_same_sequence_replaces() -> None:
    read(calendar(), "--yes")
    later = calendar("TZID=America/Chicago:20261203T150000", stamp="20261125T160000Z")
    assert read(later, "--yes")["added"][0]["type"] == "rescheduled"


def test_a_cancellation_withdraws_the_interview_and_undo_brings_it_back() -> None:
    read(calendar(), "--yes")
    [event] = read(calendar(method="CANCEL", sequence=1, stamp="20261125T160000Z"), "--yes")["added"]
    assert (event["type"], event["interview"]) == ("cancelled", "r2")
    assert stage() == "awaiting"
    invoke("undo")
    assert stage() == "invited"


def test_a_stranger_who_knows_an_invitation_cannot_cancel_it_unasked() -> None:
    read(calendar(), "--yes")
    cancelled = calendar(method="CANCEL", sequence=1, stamp="20261125T160000Z")
    given = {"Content_Type": "text/calendar; method=CANCEL; charset=utf-8"}
    found = read(mail(cancelled, From="Priya Raman <priya@elsewhere.example>", **given), "--yes")
    assert found["change"] is None
    assert "nobody known there sent it" in found["mails"][0]["matches"][0]["why"]
    assert stage() == "invited"
    assert read(mail(cancelled, From="Desk <desk@mail.initech.example>", **given), "--yes")["change"]


def test_an_invitation_and_its_changes_in_one_mailbox_are_taken_in_their_order(tmp_path: Path) -> None:
    files = {
        "a.ics": calendar(method="CANCEL", sequence=2, stamp="20261126T160000Z"),
        "b.ics": calendar("TZID=America/Chicago:20261203T150000", sequence=1, stamp="20261125T160000Z"),
        "c.ics": calendar(),
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    done = invoke("read", *files, "--yes", "--format", "json", "--now", NOW)
    assert [event["type"] for event in json.loads(done.stdout)["added"]] == [
        "interview",
        "rescheduled",
        "cancelled",
    ]
    assert stage() == "awaiting"


def test_an_interview_that_was_logged_by_hand_gets_its_invitation_and_no_double() -> None:
    logged = ("interview", "2026-12-02T10:00-06:00", "with", "dana")
    assert invoke("log", "initech-inc", *logged, "--now", "2026-11-23T10:00-06:00").exit_code == 0
    [event] = read(calendar(), "--yes")["added"]
    assert (event["type"], event["interview"], event["minutes"]) == ("rescheduled", "r2", 45)
    [event] = read(calendar(method="CANCEL", sequence=1, stamp="20261125T160000Z"), "--yes")["added"]
    assert (event["type"], event["interview"]) == ("cancelled", "r2")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (calendar(more="RRULE:FREQ=WEEKLY;COUNT=4\n"), "it repeats (FREQ=WEEKLY;COUNT=4)"),
        (calendar("X-ODD=1:20261202T100000"), "its time has no zone; taken in America/Chicago"),
        (
            calendar().replace("Interview with Initech", "Winter party").replace("teams", "x"),
            "nothing in it says",
        ),
    ],
)
def test_what_is_odd_about_an_invitation_is_asked_about(content: str, told: str) -> None:
    found = read(content, "--yes")
    assert found["change"] is None
    assert told in found["mails"][0]["proposals"][0]["why"]


def test_another_time_that_is_proposed_is_an_answer_and_moves_nothing_by_itself() -> None:
    read(calendar(), "--yes")
    proposed = calendar("TZID=America/Chicago:20261204T090000", method="COUNTER", stamp="20261125T160000Z")
    found = read(mail(f"{proposed}", Content_Type="text/calendar; method=COUNTER"), "--yes")
    assert [event["type"] for event in found["added"]] == ["reply"]
    kinds = [(each["event"]["type"], each["sure"]) for each in found["mails"][0]["proposals"]]
    assert kinds == [("reply", True), ("rescheduled", False)]


def test_a_whole_day_is_no_interview_by_itself() -> None:
    done = invoke("read", "-", "--now", NOW, text=calendar("VALUE=DATE:20261202"))
    assert "it is about the whole day 2026-12-02; an interview needs its hour" in done.stdout
    assert "with nothing sure to add" in done.stdout


# Words


def events(found: dict[str, Any]) -> list[tuple[str, bool]]:
    return [(each["event"]["type"], each["sure"]) for each in found["mails"][0]["proposals"]]


def test_a_promised_day_is_dated_from_the_mail_in_the_zone_of_its_sender() -> None:
    late = mail("You will hear from us tomorrow.", Date="Tue, 24 Nov 2026 23:30:00 -0600")
    found = read(late, "--yes")
    assert [event["type"] for event in found["added"]] == ["reply", "promise"]
    assert (found["added"][1]["by"], found["added"][1]["who"]) == ("2026-11-25", "dana")
    assert found["added"][1]["words"] == "You will hear from us tomorrow."
    utc = mail(
        "You will hear from us tomorrow.", Date="Wed, 25 Nov 2026 05:30:00 +0000", Message_ID="<2@x.example>"
    )
    assert read(utc, "--yes")["added"][1]["by"] == "2026-11-25"


def test_a_refusal_closes_the_opportunity_and_one_that_is_left_open_is_asked_about() -> None:
    maybe = read(mail("It was a hard decision. All the best for your search!"), "--yes")
    assert events(maybe) == [("reply", True), ("rejection", False)]
    assert [event["type"] for event in maybe["added"]] == ["reply"]
    found = read(mail("We have decided to go with another candidate.", Message_ID="<2@x.example>"), "--yes")
    assert [event["type"] for event in found["added"]] == ["rejection"]
    assert found["added"][0]["reason"] == "We have decided to go with another candidate."
    assert stage() == "rejected"


def test_an_offer_is_read_with_the_day_by_which_they_want_an_answer() -> None:
    text = "We are pleased to offer you the position of Data Engineer. Please let us know by 4 December."
    [event] = read(mail(text), "--yes")["added"]
    assert (event["type"], event["from"], event["deadline"]) == ("offer", "dana", "2026-12-04")


def test_what_a_machine_wrote_is_asked_about() -> None:
    found = read(
        mail("Unfortunately the position has been filled.", Auto_Submitted="auto-generated"), "--yes"
    )
    assert events(found) == [("rejection", False)]
    assert found["change"] is None


def test_an_interview_called_off_or_moved_in_words_is_asked_about() -> None:
    read(calendar(), "--yes")
    off = read(mail("Sorry, I have to cancel our interview.", Message_ID="<2@x.example>"), "--dry-run")
    assert events(off) == [("reply", True), ("cancelled", False)]
    moved = mail("Can we move our interview to Friday, 4 December, 14:00?", Message_ID="<3@x.example>")
    found = read(moved, "--dry-run")
    assert events(found) == [("reply", True), ("rescheduled", False)]
    assert found["mails"][0]["proposals"][1]["event"]["to"] == "2026-12-04T14:00:00-06:00"


def test_an_erasure_takes_out_what_was_read_from_the_person(tmp_path: Path) -> None:
    text = "We are pleased to offer you the position of Data Engineer, says Dana. Let us know by 4 December."
    read(mail(text), "--yes")
    read(calendar(), "--yes")
    assert invoke("erase", "initech-inc", "dana", "--yes").exit_code == 0
    kept = (tmp_path / "home" / "followup.db").read_bytes()
    for words in (b"pleased to offer", b"Dana", b"dana@initech.example", b"m1@initech.example"):
        assert words not in kept


def test_a_mail_from_the_end_of_time_has_no_date() -> None:
    [found] = read(mail(Date="Fri, 31 Dec 9999 23:59:59 -2359"))["mails"]
    assert "no date" in found["proposals"][0]["why"]
