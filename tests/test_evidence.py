"""Mail as evidence: what each kind of mail is told to be, and that no mail breaks the reading."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from followup.evidence import mails_of_mbox, read_mail

CORPUS = Path(__file__).with_name("corpus") / "mail"


def corpus(*names: str) -> list[dict[str, Any]]:
    return [case for name in names for case in yaml.safe_load((CORPUS / name).read_text("utf-8"))]


MAILS = corpus("mails.yaml", "bounces.yaml", "automatic.yaml")


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("case", MAILS, ids=lambda case: case["name"])
def test_each_mail_of_the_corpus_is_told_for_what_it_is(case: dict[str, Any], line_end: str) -> None:
    expect = case["expect"]
    found = read_mail(case["mail"].replace("\n", line_end).encode())

    assert found.kind == expect["kind"], found.why
    assert found.why
    addresses = [one.address for one in found.bounced]
    assert addresses == ([expect["address"]] if "address" in expect else [])
    assert all(one.hard is expect["hard"] for one in found.bounced)
    assert str(found.absent.day if found.absent else None) == str(expect.get("day"))
    if "answers" in expect:
        assert found.answers[0] == expect["answers"]
    if found.absent:
        assert found.absent.back is expect["back"]
        assert found.absent.words in " ".join(f"{found.subject} {found.text}".split())
    if "text" in expect:
        assert found.text == expect["text"]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("case", corpus("invitations.yaml"), ids=lambda case: case["name"])
def test_each_calendar_entry_is_read_as_its_calendar_meant_it(case: dict[str, Any], line_end: str) -> None:
    found = read_mail(case["entry"].replace("\n", line_end).encode(), "America/Chicago")
    assert found.kind == "calendar", found.why
    [entry] = found.invitations
    start = entry.start.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if entry.start else None
    told = {
        "kind": entry.kind,
        "start": start,
        "minutes": entry.minutes,
        "day": str(entry.day),
        "sequence": entry.sequence,
        "floating": entry.floating,
        "repeats": bool(entry.repeats),
        "doubts": bool(entry.doubts),
        "organizer": entry.organizer.address if entry.organizer else None,
        "attendees": len(entry.attendees),
        "status": entry.attendees[0].status if entry.attendees else None,
        "medium": entry.medium,
        "link": entry.link,
    }
    assert {key: told[key] for key in case["expect"]} == case["expect"]


def test_one_name_for_two_zones_in_two_files_is_each_time_what_the_file_says() -> None:
    first, second = (case["entry"] for case in corpus("invitations.yaml")[5:7])
    starts = [read_mail(each.encode()).invitations[0].start for each in (first, second, first)]
    assert starts[0] == starts[2] != starts[1]


def test_a_calendar_file_that_is_too_deep_or_has_too_much_in_it_is_called_unreadable() -> None:
    head = b"BEGIN:VCALENDAR\n"
    for inner in (b"BEGIN:VEVENT\n" * 600, b"BEGIN:X\n" * 50, b"X:1\n" * 60_000, b"X:" + b"1" * 6_000_000):
        found = read_mail(head + inner + b"END:VCALENDAR\n")
        assert (found.kind, found.invitations) == ("unreadable", ())


def test_a_day_without_a_year_is_not_guessed_where_the_mail_has_no_date() -> None:
    found = read_mail(
        b"From: dana@acme.example\nSubject: Automatic reply: Hi\n\nI am out of the office until November 30."
    )
    assert (found.kind, found.at, found.absent) == ("out-of-office", None, None)


def test_a_mail_that_is_too_long_or_has_too_many_or_too_deep_parts_is_called_unreadable() -> None:
    sender = b"From: dana@acme.example\n"
    wide = (
        sender + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nwords\n" * 5_000 + b"--b--\n"
    )
    deep = sender + b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(3_000)
    )
    for content in (sender + b"\n" + b"x" * 41_000_000, wide, deep):
        found = read_mail(content)
        assert found.kind == "unreadable"
        assert found.why


def test_a_sender_of_comments_within_comments_is_called_unreadable() -> None:
    assert read_mail(b"From: " + b"(" * 100_000 + b"\n\nwords").kind == "unreadable"


@given(
    st.binary(max_size=300), st.sampled_from([case["mail"].encode() for case in MAILS]), st.integers(0, 900)
)
def test_no_bytes_break_the_reading(noise: bytes, mail: bytes, where: int) -> None:
    read_mail(noise)
    read_mail(mail[:where] + noise + mail[where:])


def test_what_a_server_says_below_each_of_several_addresses_counts_for_that_address() -> None:
    found = read_mail(
        b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.vale.example\nSubject: failure notice\n"
        b"Date: Wed, 25 Nov 2026 10:00:00 +0100\n\n"
        b"Hi. This is the qmail-send program at mx.vale.example.\n\n"
        b"<dana@acme.example>:\nRemote host said: 550 No such user here\n\n"
        b"<kim@acme.example>:\nuser is over quota\n\n"
        b"--- Below this line is a copy of the message.\n\nTo: dana@acme.example\n"
    )
    assert {one.address: one.hard for one in found.bounced} == {
        "dana@acme.example": True,
        "kim@acme.example": False,
    }


def test_a_zone_with_a_name_of_100000_letters_breaks_nothing() -> None:
    found = read_mail(
        b"From: dana@acme.example\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\n"
        b"DTSTART;TZID=" + b"A" * 100_000 + b":20261202T140000\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    assert found.kind == "calendar"
    assert "cannot be read" in found.why


def test_a_byte_order_mark_before_a_mail_is_no_part_of_it() -> None:
    found = read_mail(b"\xef\xbb\xbfFrom: dana@acme.example\nSubject: Hi\n\nThanks.")
    assert (found.kind, found.sender, found.text) == ("human", "dana@acme.example", "Thanks.")


@pytest.mark.parametrize("field", ["DTSTAMP:00010101T000000Z", "DURATION:P500000W", "DTEND:99991231T235959Z"])
def test_a_time_at_the_end_or_the_beginning_of_time_is_left_out_of_an_entry(field: str) -> None:
    found = read_mail(
        b"BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:1\nDTSTART:20261202T140000Z\n"
        + field.encode()
        + b"\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    [entry] = found.invitations
    assert entry.start is not None
    assert (entry.stamped, entry.end) == (None, None)


def test_a_sentence_that_begins_with_from_parts_no_mail_of_an_mbox() -> None:
    first = b"From: a@acme.example\n\nHi,\n\nFrom Monday on I am here, until 2026\n\nFrom Dana\n\nBye\n\n"
    second = b"Subject: x\n\nHi\n"
    box = b"From a@acme.example Tue Nov 24 10:00:00 2026\n%sFrom - Tue Nov 24 2026\n%s" % (first, second)
    assert list(mails_of_mbox(box.splitlines(keepends=True), 1_000)) == [first, second]


def test_a_bounce_above_a_long_copy_of_the_mail_is_judged_by_its_beginning() -> None:
    found = read_mail(
        b"Return-Path: <>\nFrom: MAILER-DAEMON@mx.vale.example\nSubject: failure notice\n\n"
        b"Hi. This is the qmail-send program at mx.vale.example.\n\n<dana@acme.example>:\nno such user\n\n"
        + b"".join(b"<d%d@acme.example>:\nno such user\n\n" % number for number in range(10_000))
    )
    assert found.kind == "bounce"
    assert "dana@acme.example" in {one.address for one in found.bounced}
    assert len(found.bounced) < 5_000
