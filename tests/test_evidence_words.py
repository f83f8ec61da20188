"""The words of an answer: promised days, refusals and offers, and what of a mail is somebody's own words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from followup.calendars import Calendar
from followup.evidence import days_in, promises_in, read_mail, sentences

FOLDER = Path(__file__).with_name("corpus") / "mail"
WRITTEN = date(2026, 11, 25)


def corpus(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = yaml.safe_load((FOLDER / name).read_text("utf-8"))
    return found


def human(text: str) -> bytes:
    return f"From: dana@acme.example\nDate: Wed, 25 Nov 2026 10:00:00 -0600\n\n{text}\n".encode()


@pytest.mark.parametrize("case", corpus("promises.yaml"), ids=lambda case: case["text"])
def test_a_promised_day_is_read_from_its_sentence(case: dict[str, Any]) -> None:
    found = promises_in(case["text"], WRITTEN, Calendar("UTC"))
    assert [(one.day, one.sure) for one in found] == (
        [(case["day"], case.get("sure", True))] if case["day"] else []
    )
    assert all(one.words in case["text"] for one in found)


@pytest.mark.parametrize("case", corpus("answers.yaml"), ids=lambda case: case["text"])
def test_refusals_offers_and_questions_for_a_time_are_told_by_their_sentence(case: dict[str, Any]) -> None:
    found = read_mail(human(case["text"]))
    assert found.kind == "human"
    assert {one.kind: one.sure for one in found.said} == case["said"]
    assert all(one.words in case["text"] for one in found.said)


@pytest.mark.parametrize("case", corpus("letters.yaml"), ids=lambda case: case["text"][:60])
def test_a_letter_is_told_for_what_it_says_and_promises(case: dict[str, Any]) -> None:
    head = b"From: dana@acme.example\nDate: Tue, 24 Nov 2026 10:00:00 -0600\n\n"
    found = read_mail(head + case["text"].encode())
    assert {one.kind: one.sure for one in found.said} == case["said"]
    assert [one.day for one in found.promised if one.sure] == ([case["day"]] if "day" in case else [])


def test_business_days_leave_the_holidays_of_the_company_out() -> None:
    text = "We will get back to you within two business days."
    [promised] = promises_in(text, WRITTEN, Calendar("America/Chicago", "US"))
    assert promised.day == date(2026, 11, 30)


def test_what_is_quoted_and_what_stands_in_a_signature_is_not_judged() -> None:
    found = read_mail(
        human(
            "Thanks, that helps!\n\nKind regards\nDana\nWe regret nothing\n\n"
            "On Tue, Nov 24, 2026 at 9:00 AM Ana Souza <ana@souza.example> wrote:\n"
            "> Unfortunately you decided to move forward with another candidate.\n"
        )
    )
    assert (found.text, found.said) == ("Thanks, that helps!", ())


def test_an_html_mail_is_read_without_what_it_quotes() -> None:
    html = (
        "From: dana@acme.example\nDate: Wed, 25 Nov 2026 10:00:00 -0600\nContent-Type: text/html\n\n"
        "<html><head><style>p {color: red}</style></head><body><p>Hi&nbsp;Ana,</p><p>we&#39;ll decide by "
        "<b>Friday</b>.</p><div class='gmail_quote'>On Monday Ana wrote: <blockquote>offer letter attached"
        "</blockquote></div></body></html>"
    )
    found = read_mail(html.encode())
    assert found.text == "Hi Ana,\n\nwe'll decide by Friday."
    assert [one.day for one in found.promised] == [date(2026, 11, 27)]
    assert found.said == ()


def test_a_sentence_is_told_without_greeting_and_not_cut_at_abbreviations() -> None:
    text = "Dear Ana,\nwe met Dr. Lee at 10 a.m. on Nov. 3. It was\ngood.\n\nSee you"
    assert list(sentences(text)) == ["we met Dr. Lee at 10 a.m. on Nov. 3. It was good.", "See you"]


@given(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=400), st.dates(date(1970, 1, 1), date(2100, 1, 1))
)
def test_no_text_breaks_the_reading_of_its_words(text: str, written: date) -> None:
    days_in(text, written, Calendar("UTC"))
    promises_in(text, written, Calendar("UTC"))
    read_mail(human(text))


@pytest.mark.parametrize("charset", [None, "us-ascii", "utf-8", "no-such-charset"])
def test_words_whose_charset_is_missing_or_wrong_are_read_by_their_bytes(charset: str | None) -> None:
    head = b"From: dana@acme.example\nDate: Wed, 25 Nov 2026 10:00:00 -0600\n"
    if charset:
        head += f"Content-Type: text/plain; charset={charset}\n".encode()
    for encoding in ("utf-8", "cp1252"):
        assert read_mail(head + b"\n" + "Schöne Grüße".encode(encoding)).text == "Schöne Grüße"
