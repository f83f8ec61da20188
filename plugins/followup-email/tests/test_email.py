from __future__ import annotations

import re
from email import message_from_string
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from followup.channels import Thread
from followup.plan import Draft
from followup.testing import composition, reachable_person
from followup_email import EmailChannel

CHANNEL = EmailChannel()
ODD_TEXT = st.text('=?utf-8Qq ",()<>@é\U0001f469\u200d :;_\r\n\\.x\x00\u202e\ud800', max_size=300) | st.text()
ODD_THREAD = st.builds(
    Thread, message_id=ODD_TEXT | st.just("<1@x>"), references=st.lists(ODD_TEXT).map(tuple), subject=ODD_TEXT
)


def parsed(draft: Draft) -> EmailMessage:
    (attachment,) = draft.attachments
    message = message_from_string(attachment.text, policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize(
    "address",
    [
        "dana@initech.example",
        "dana.whitfield+jobs@mail.initech.example",
        "o'neill@initech.example",
        "dana@xn--bcher-kva.example",
        "dana@bücher.example",
        "DANA@INITECH.EXAMPLE",
        "zoë@bücher.example",
        "用户@initech.example",
    ],
)
def test_it_reaches_one_plain_address(address: str) -> None:
    assert CHANNEL.reaches(reachable_person(email=address))


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "dana",
        "dana@initech",
        "@initech.example",
        "dana@",
        "dana@@initech.example",
        "dana@initech.example, hr@initech.example",
        "dana@initech.example;hr@initech.example",
        "Dana <dana@initech.example>",
        "dana@initech.example\n",
        "dana@initech.example\r\nBcc: all@initech.example",
        " dana@initech.example",
        "da na@initech.example",
        '"dana whitfield"@initech.example',
        ".dana@initech.example",
        "dana..w@initech.example",
        "dana@-initech.example",
        "dana@initech..example",
        "dana@initech.example.",
        "dana@192.0.2.1",
        "dana@[192.0.2.1]",
        "dana@initech.example?bcc=all@initech.example",
        "dana@straße.example",
        "da\u200bna@initech.example",
        "dana@ini\u202etech.example",
        "dana@initech\uff20other.example",
        "\uff44ana@initech.example",
        "zoe\u0308@initech.example",
        "dana\u2026@initech.example",
        "x" * 65 + "@initech.example",
        "dana@" + "x" * 64 + ".example",
        "dana@" + "x." * 200 + "example",
    ],
)
def test_it_does_not_reach_what_is_not_one_plain_address(address: str | None) -> None:
    assert not CHANNEL.reaches(reachable_person(email=address))


def test_the_file_is_a_whole_unsent_message() -> None:
    message = parsed(CHANNEL.compose(composition()))
    assert message["To"] == "Dana Whitfield <dana@initech.example>"
    assert message["From"] == "Ana Souza <ana@souza.example>"
    assert message["Subject"] == "Data Engineer interview: following up"
    assert message["X-Unsent"] == "1"
    assert message.get_content_type() == "text/plain"
    assert message.get_content_charset() == "utf-8"
    assert "Is there any news" in message.get_content()
    assert message["Date"] is None


def test_the_file_is_named_after_the_follow_up() -> None:
    (attachment,) = CHANNEL.compose(composition(key="thank-you:r1:dana")).attachments
    assert attachment.name == "thank-you~r1~dana.eml"
    assert attachment.media_type == "message/rfc822"


def test_the_file_has_the_line_ends_of_mail() -> None:
    (attachment,) = CHANNEL.compose(composition()).attachments
    assert "\n" not in attachment.text.replace("\r\n", "")


def test_the_same_follow_up_keeps_its_message_id_when_reworded() -> None:
    first, second = (parsed(CHANNEL.compose(composition(body=body))) for body in ("Once.", "Better."))
    assert first["Message-ID"] == second["Message-ID"]
    assert first["Message-ID"].endswith("@souza.example>")


def test_the_same_key_at_another_company_is_another_message() -> None:
    facts = {**composition().facts, "company": {"name": "Globex"}}
    here, there = (parsed(CHANNEL.compose(given)) for given in (composition(), composition(facts=facts)))
    assert here["Message-ID"] != there["Message-ID"]


def test_without_the_sender_the_mail_program_fills_it_in() -> None:
    message = parsed(CHANNEL.compose(composition(facts={})))
    assert message["From"] is None
    assert message["Message-ID"] is None


def test_without_a_usable_address_there_are_only_words() -> None:
    draft = CHANNEL.compose(
        composition(to=reachable_person(email="dana@initech.example, hr@initech.example"))
    )
    assert draft.body
    assert draft.open == ""
    assert draft.attachments == ()


def test_line_breaks_add_no_header() -> None:
    subject = "News?\r\nBcc: all@initech.example"
    person = reachable_person(name="Dana\r\nCc: all@initech.example")
    draft = CHANNEL.compose(composition(to=person, subject=subject))
    message = parsed(draft)
    assert message["Bcc"] is None
    assert message["Cc"] is None
    assert draft.subject == message["Subject"] == "News? Bcc: all@initech.example"


def test_a_subject_too_long_for_its_line_is_written_whole() -> None:
    subject = "Final follow-up on the Senior Site Reliability Engineer, Payments position"
    draft = CHANNEL.compose(composition(subject=subject))
    assert draft.subject == parsed(draft)["Subject"].lstrip() == subject


@given(
    st.lists(st.sampled_from(["Dana", "für", "Hörgeräte", "\U0001f389", "x" * 40]), min_size=1, max_size=30)
)
def test_a_subject_keeps_its_spaces_however_it_is_encoded(words: list[str]) -> None:
    draft = CHANNEL.compose(composition(subject=" ".join(words)))
    assert parsed(draft)["Subject"] == draft.subject
    assert max(map(len, draft.attachments[0].text.split("\r\n"))) <= 998


@pytest.mark.parametrize(
    "name", ["Whitfield, Dana", "Dana (HR)", "Zoë Müller, PhD", "=?utf-8?q?x=2C?=", "a <b@c.d>"]
)
def test_no_name_makes_a_second_recipient(name: str) -> None:
    message = parsed(CHANNEL.compose(composition(to=reachable_person(name=name))))
    assert [address.addr_spec for address in message["To"].addresses] == ["dana@initech.example"]


# Addresses that are not ASCII


def test_an_address_in_another_script_stands_in_the_file_as_it_is() -> None:
    draft = CHANNEL.compose(composition(to=reachable_person(name="Zoë Ünal", email="zoë@bücher.example")))
    message = parsed(draft)
    assert [address.addr_spec for address in message["To"].addresses] == ["zoë@xn--bcher-kva.example"]
    assert "To: Zoë Ünal <zoë@xn--bcher-kva.example>\r\n" in draft.attachments[0].text
    assert draft.open.startswith("mailto:zo%C3%AB@xn--bcher-kva.example?")


def test_review_says_that_such_an_address_needs_a_server_for_it() -> None:
    to = reachable_person(name="Zoë", email="zoë@bücher.example")
    draft = CHANNEL.compose(composition(to=to, body="Thank you. " * 300))
    (finding,) = CHANNEL.review(draft)
    assert CHANNEL.review(CHANNEL.compose(composition(to=reachable_person(name="Zoë")))) == ()
    assert (finding.severity, "SMTPUTF8" in finding.text) == ("warning", True)


# Threads

THREAD = Thread(
    message_id="<3@initech.example>",
    references=("<1@souza.example>", "<2@initech.example>"),
    subject="Interview on Friday",
)


def test_a_follow_up_belongs_in_the_thread_of_the_last_mail() -> None:
    draft = CHANNEL.compose(composition(thread=THREAD))
    message = parsed(draft)
    assert draft.subject == message["Subject"] == "Re: Interview on Friday"
    assert message["In-Reply-To"] == "<3@initech.example>"
    assert message["References"].split() == [
        "<1@souza.example>",
        "<2@initech.example>",
        "<3@initech.example>",
    ]
    assert parse_qs(urlsplit(draft.open).query)["in-reply-to"] == ["<3@initech.example>"]


@pytest.mark.parametrize("subject", ["Re: Interview", "RE: Interview", "AW: Interview", "Re[2]: Interview"])
def test_the_subject_of_an_answer_is_kept_as_it_is(subject: str) -> None:
    assert CHANNEL.compose(composition(thread=replace(THREAD, subject=subject))).subject == subject


def test_without_a_subject_to_keep_the_message_has_its_own() -> None:
    draft = CHANNEL.compose(composition(thread=replace(THREAD, subject="")))
    assert draft.subject == "Data Engineer interview: following up"
    assert parsed(draft)["In-Reply-To"] == "<3@initech.example>"


def test_all_references_are_kept_on_lines_that_every_program_reads() -> None:
    references = tuple(f"<{'x' * 200}{number}@mail.initech.example>" for number in range(60))
    draft = CHANNEL.compose(composition(thread=replace(THREAD, references=references)))
    raw = draft.attachments[0].text
    assert "=?" not in raw
    assert max(map(len, raw.split("\r\n"))) < 998
    assert tuple(parsed(draft)["References"].split()) == (*references, "<3@initech.example>")


@pytest.mark.parametrize(
    "name", ["", "<>", "<a b@c>", "<1@x>\r\nBcc: a@b.example", "<1@x> <2@x>", "<é@x>", "<\x00@x>", "x" * 1000]
)
def test_what_is_no_message_id_makes_no_thread(name: str) -> None:
    draft = CHANNEL.compose(composition(thread=replace(THREAD, message_id=name)))
    assert parsed(draft)["In-Reply-To"] is parsed(draft)["References"] is None
    assert draft.subject == "Data Engineer interview: following up"
    odd = CHANNEL.compose(composition(thread=replace(THREAD, references=(name,))))
    assert parsed(odd)["References"] == "<3@initech.example>"


# HTML


def test_there_is_html_only_if_it_was_asked_for_and_the_plain_text_comes_first() -> None:
    body = "Dear Dana,\n\nis 1 < 2 & <b>bold</b>?\nYes.\n"
    assert not parsed(CHANNEL.compose(composition(body=body))).is_multipart()
    draft = EmailChannel(html=True).compose(composition(body=body))
    plain, html = parsed(draft).iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().replace("\r\n", "\n") == body
    assert "<p>is 1 &lt; 2 &amp; &lt;b&gt;bold&lt;/b&gt;?<br>" in html.get_content()
    assert draft == EmailChannel(html=True).compose(composition(body=body))


# Whatever comes


@given(subject=ODD_TEXT, body=ODD_TEXT, name=ODD_TEXT, sender=ODD_TEXT, thread=ODD_THREAD)
def test_whatever_is_written_reads_back_to_one_recipient(
    subject: str, body: str, name: str, sender: str, thread: Thread
) -> None:
    facts = {"candidate": {"name": sender, "email": "ana@bücher.example"}}
    draft = CHANNEL.compose(
        composition(to=reachable_person(name=name), subject=subject, body=body, facts=facts, thread=thread)
    )
    message = parsed(draft)
    assert [address.addr_spec for address in message["To"].addresses] == ["dana@initech.example"]
    assert message["Subject"] == draft.subject
    assert set(message.keys()) <= {
        "From", "To", "Subject", "Message-ID", "X-Unsent", "In-Reply-To", "References",
        "MIME-Version", "Content-Type", "Content-Transfer-Encoding",
    }  # fmt: skip


def test_the_link_carries_the_same_words() -> None:
    draft = CHANNEL.compose(composition(subject="50% & more?", body="One.\n\nTwo & three."))
    link = urlsplit(draft.open)
    assert (link.scheme, link.path) == ("mailto", "dana@initech.example")
    assert parse_qs(link.query) == {"subject": ["50% & more?"], "body": ["One.\r\n\r\nTwo & three."]}


def test_an_address_adds_no_field_to_the_link() -> None:
    draft = CHANNEL.compose(composition(to=reachable_person(email="a?bcc=x&y+z@initech.example")))
    assert draft.open.startswith("mailto:a%3Fbcc%3Dx%26y%2Bz@initech.example?subject=")


def test_a_link_that_is_too_long_is_left_out_and_the_file_stays() -> None:
    draft = CHANNEL.compose(composition(body="Thank you. " * 200))
    assert draft.open == ""
    assert draft.attachments


def test_its_own_draft_has_no_findings() -> None:
    assert CHANNEL.review(CHANNEL.compose(composition())) == ()


@pytest.mark.parametrize(
    ("draft", "severity", "where"),
    [
        (Draft("", "Dear Dana"), "error", "subject"),
        (Draft(" ", "Dear Dana"), "error", "subject"),
        (Draft("Thanks\nBcc: all", "Dear Dana"), "error", "subject"),
        (Draft("Thank you " * 8, "Dear Dana"), "warning", "subject"),
        (Draft("Thank you: Data Engineer", " "), "error", "body"),
        (Draft("Thank you: Data Engineer", "Dear\nDa\x00na"), "error", "body:2:3"),
    ],
)
def test_review_says_what_is_wrong_and_where(draft: Draft, severity: str, where: str) -> None:
    (finding,) = CHANNEL.review(draft)
    assert (finding.severity, finding.where) == (severity, where)


def test_the_readme_shows_real_output(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")
    code, output = re.findall(r"```(?:python|text)\n(.*?)```", readme, re.DOTALL)
    exec(code, {})
    assert capsys.readouterr().out == output
