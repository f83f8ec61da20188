"""Sending to a real server on loopback, with everything that can go wrong on the way."""

from __future__ import annotations

import pickle
import re
import socket
from datetime import UTC, datetime
from email import message_from_string
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.parser import HeaderParser
from email.policy import default
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from followup import Deliverer, DeliveryError, Draft, InDoubtError, NotDeliveredError, Receipt
from followup.channels import Thread
from followup.testing import DelivererConformance, composition, reachable_person
from followup.testing.channels import HOSTILE_TEXTS
from followup_email import EmailChannel, SmtpDeliverer
from followup_email.accounts import Account
from followup_email.smtp import smtp_offer

# The test's server would rather not take passwords on what it does not know to be TLS.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")

DRAFT = EmailChannel().compose(composition())
NOW = datetime(2026, 9, 22, 11, 0, tzinfo=UTC)


def deliver(account: Account, draft: Draft = DRAFT, commit: Any = lambda: None) -> Receipt:
    deliverer = SmtpDeliverer(account)
    return deliverer.deliver(deliverer.prepare(draft, "inquiry:r1:dana", NOW), commit=commit)


def received(post: Any) -> EmailMessage:
    (envelope,) = post.seen
    message = message_from_string(envelope.original_content.decode(), policy=default)
    assert isinstance(message, EmailMessage)
    return message


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_what_was_drafted_arrives_once_dated_and_without_the_mark_of_a_draft(
    smtp_server: Any, security: str
) -> None:
    post, account = smtp_server(security=security)
    receipt = deliver(account)
    message = received(post)
    (envelope,) = post.seen
    assert (envelope.mail_from, envelope.rcpt_tos) == ("ana@souza.example", ["dana@initech.example"])
    assert message["Message-ID"] == receipt.identity
    assert message["Date"].datetime == NOW
    assert message["X-Unsent"] is message["Bcc"] is None
    assert message.get_content().replace("\r\n", "\n").strip() == DRAFT.body.strip()
    assert receipt == Receipt(
        channel="email", key="inquiry:r1:dana", identity=message["Message-ID"], answer="250 taken as 4711"
    )


class TestSmtpDeliverer(DelivererConformance):
    draft = DRAFT
    unsendable = (Draft("Any news?", "Dear Dana"),)
    others = (
        EmailChannel().compose(composition(facts={**composition().facts, "company": {"name": "Hooli"}})),
    )

    @pytest.fixture(autouse=True)
    def other_side(self, smtp_server: Any, password_file: Path) -> None:
        self.post, self.account = smtp_server()
        self.secrets = (password_file.read_text("utf-8").strip(),)

    def deliverer(self) -> Deliverer:
        return SmtpDeliverer(self.account)

    def arrived(self) -> list[Any]:
        return list(self.post.seen)

    def refuse(self) -> bool:
        self.post.faults = {"RCPT": f"550 {self.secrets[0]}: no such mailbox"}
        return True

    def vanish(self) -> bool:
        self.post.faults = {"final dot": "cut, taken"}
        return True

    def tries(self) -> int:
        return int(self.post.commands.count("MAIL"))


def test_a_server_that_asks_for_name_and_password_one_by_one_gets_them(smtp_server: Any) -> None:
    post, account = smtp_server(auth_exclude_mechanism=["PLAIN"])
    deliver(account)
    assert len(post.seen) == 1
    _, other = smtp_server(auth_exclude_mechanism=["PLAIN", "LOGIN"])
    with pytest.raises(NotDeliveredError, match="neither AUTH PLAIN nor AUTH LOGIN"):
        deliver(other)


@pytest.mark.parametrize("body", ["Dear Dana,\n.\n..two\n.three\n", ".", "Zoë\n.\n" + "x" * 3000])
def test_dots_and_long_lines_arrive_as_they_are(smtp_server: Any, body: str) -> None:
    post, account = smtp_server()
    deliver(account, EmailChannel().compose(composition(body=body)))
    assert received(post).get_content().replace("\r\n", "\n").rstrip("\n") == body.rstrip("\n")


@pytest.mark.parametrize("ending", ["\n", "\r"])
def test_no_other_line_end_than_the_protocols_goes_out(smtp_server: Any, ending: str) -> None:
    post, account = smtp_server()
    deliverer = SmtpDeliverer(account)
    outgoing = deliverer.prepare(
        EmailChannel().compose(composition(body="Dear Dana,\n.\nMAIL FROM:<eve@x>")), "inquiry:r1:dana", NOW
    )
    kept = replace(outgoing, content=outgoing.content.replace("\r\n", ending))
    deliverer.deliver(kept, commit=lambda: None)
    (envelope,) = post.seen
    assert b"\r\n.\r\nMAIL" in envelope.original_content
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", envelope.original_content)


def test_html_comes_after_the_plain_text_and_only_if_the_account_asks_for_it(smtp_server: Any) -> None:
    post, account = smtp_server()
    deliver(replace(account, html=True))
    assert [p.get_content_type() for p in received(post).iter_parts()] == ["text/plain", "text/html"]


# The point of no return


def test_commit_is_asked_once_after_the_server_is_ready_and_before_a_word_has_left(smtp_server: Any) -> None:
    post, account = smtp_server()
    seen: list[list[str]] = []
    deliver(account, commit=lambda: seen.append([*post.commands]))
    assert seen == [["EHLO", "AUTH", "MAIL", "RCPT", "DATA"]]
    assert len(post.seen) == 1


def test_if_commit_raises_nothing_is_sent_and_its_error_is_told(smtp_server: Any) -> None:
    post, account = smtp_server()

    def commit() -> None:
        raise LookupError("a refusal came in")

    with pytest.raises(LookupError, match="a refusal came in"):
        deliver(account, commit=commit)
    assert (post.seen, "final dot" in post.commands) == ([], False)
    deliver(account)
    assert len(post.seen) == 1


# What goes wrong


@pytest.mark.parametrize("command", ["EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "final dot"])
@pytest.mark.parametrize(("code", "permanent"), [("451 come back later", False), ("554 no", True)])
def test_a_refusal_delivers_nothing_and_says_whether_to_try_again(
    smtp_server: Any, command: str, code: str, permanent: bool
) -> None:
    post, account = smtp_server({command: code}, security="starttls" if command == "STARTTLS" else "tls")
    with pytest.raises(NotDeliveredError, match=code) as refused:
        deliver(account)
    assert refused.value.permanent is permanent
    assert post.seen == []


@pytest.mark.parametrize("answer", ["cut", "554 no"])
def test_how_they_part_after_the_message_was_taken_changes_nothing(smtp_server: Any, answer: str) -> None:
    post, account = smtp_server({"QUIT": answer})
    assert deliver(account).answer == "250 taken as 4711"
    assert len(post.seen) == 1


@pytest.mark.parametrize("command", ["EHLO", "AUTH", "DATA"])
def test_a_line_that_breaks_before_the_words_delivers_nothing(smtp_server: Any, command: str) -> None:
    post, account = smtp_server({command: "cut"})
    committed: list[str] = []
    with pytest.raises(NotDeliveredError) as broken:
        deliver(account, commit=lambda: committed.append("yes"))
    assert (broken.value.permanent, committed, post.seen) == (False, [], [])


@pytest.mark.parametrize("lines", [1, 20_000])
def test_a_line_that_breaks_while_the_words_go_out_delivers_nothing(smtp_server: Any, lines: int) -> None:
    post, account = smtp_server({"DATA": "cut after 354"})
    draft = EmailChannel().compose(composition(body="Thank you for your time.\n" * lines))
    with pytest.raises(NotDeliveredError, match="before the message was whole") as broken:
        deliver(account, draft, commit=lambda: post.has_cut.wait(timeout=20))
    assert (broken.value.permanent, post.seen) == (False, [])


@pytest.mark.parametrize(("fault", "arrived"), [("cut", 0), ("cut, taken", 1), ("slow", 0)])
def test_silence_after_the_final_dot_is_doubt_whether_it_arrived_or_not(
    smtp_server: Any, fault: str, arrived: int
) -> None:
    post, account = smtp_server({"final dot": fault}, timeout=1 if fault == "slow" else 20)
    with pytest.raises(InDoubtError, match="may have arrived") as doubt:
        deliver(account)
    assert len(post.seen) == arrived
    assert doubt.value.identity in DRAFT.attachments[0].text


def test_an_answer_that_says_nothing_is_doubt(smtp_server: Any) -> None:
    _, account = smtp_server({"final dot": "299 hm"})
    with pytest.raises(InDoubtError):
        deliver(account)


def test_without_starttls_nothing_is_told_to_the_server(smtp_server: Any) -> None:
    post, account = smtp_server(security="none")
    with pytest.raises(NotDeliveredError, match="does not offer STARTTLS") as refused:
        deliver(account)
    assert (refused.value.permanent, post.commands) == (True, ["EHLO"])


@pytest.mark.parametrize("security", ["tls", "starttls"])
@pytest.mark.parametrize("wrong", [{"certified_for": "other.example"}, {"trust": False}])
def test_a_certificate_that_is_not_to_be_trusted_ends_it(
    smtp_server: Any, security: str, wrong: dict[str, Any]
) -> None:
    post, account = smtp_server(security=security, **wrong)
    with pytest.raises(NotDeliveredError, match="certificate is not to be trusted") as refused:
        deliver(account)
    assert refused.value.permanent
    assert "AUTH" not in post.commands


def test_tls_to_a_server_without_it_ends_in_words(smtp_server: Any) -> None:
    _, account = smtp_server(security="none")
    with pytest.raises(NotDeliveredError):
        deliver(replace(account, smtp=replace(account.smtp, security="tls")))


def test_a_server_that_is_not_there_may_be_there_later() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    account = account_without_server(port)
    with pytest.raises(NotDeliveredError, match="connection refused") as failed:
        deliver(account)
    assert not failed.value.permanent


def account_without_server(port: int) -> Account:
    from followup_email.accounts import Password, Server

    server = Server(host="localhost", port=port, timeout=1)
    return Account(address="ana@souza.example", password=Password(environment="PATH"), smtp=server)


def test_a_server_that_never_speaks_is_given_up(smtp_server: Any) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(NotDeliveredError, match="in time"):
            deliver(account_without_server(silent.getsockname()[1]))


def test_a_message_over_the_servers_limit_is_not_begun(smtp_server: Any) -> None:
    post, account = smtp_server(data_size_limit=500)
    with pytest.raises(NotDeliveredError, match="no more than 500 bytes"):
        deliver(account, EmailChannel().compose(composition(body="Thank you.\n" * 100)))
    assert "MAIL" not in post.commands


# Addresses of any script


def test_an_address_in_another_script_goes_out_where_the_server_carries_it(smtp_server: Any) -> None:
    post, account = smtp_server()
    deliver(account, EmailChannel().compose(composition(to=reachable_person(email="zoë@bücher.example"))))
    (envelope,) = post.seen
    assert envelope.rcpt_tos == ["zoë@xn--bcher-kva.example"]
    assert "SMTPUTF8" in envelope.mail_options
    assert [a.addr_spec for a in received(post)["To"].addresses] == ["zoë@xn--bcher-kva.example"]


@pytest.mark.parametrize(
    "name",
    [
        "Żółć Gęślą-Jaźńska Wójcikiewicz-Brzęczyszczykiewicz",
        "面接 太郎様 株式会社例え人事部採用担当者",
        "Dr. Maximiliane Überlinger-Österreicher, Personalabteilung",
        "Ann Example, PhD",
    ],
)
def test_a_name_of_any_length_arrives_as_it_is(smtp_server: Any, name: str) -> None:
    post, account = smtp_server()
    facts = {"candidate": {"name": name, "email": "ana@souza.example"}}
    deliver(account, EmailChannel().compose(composition(to=reachable_person(name=name), facts=facts)))
    (envelope,) = post.seen
    raw = HeaderParser().parsestr(envelope.original_content.decode())
    for header in ("To", "From"):
        encoded, _ = parseaddr(" ".join(raw[header].split()))
        assert str(make_header(decode_header(encoded))) == name


def test_elsewhere_it_is_refused_before_anything_is_told(smtp_server: Any) -> None:
    post, account = smtp_server(smtputf8=False)
    draft = EmailChannel().compose(composition(to=reachable_person(email="zoë@bücher.example")))
    with pytest.raises(NotDeliveredError, match="offer SMTPUTF8, which zoë@xn") as refused:
        deliver(account, draft)
    assert refused.value.permanent
    assert "MAIL" not in post.commands


def test_what_a_server_offers_is_found_out_without_sending(smtp_server: Any) -> None:
    post, account = smtp_server(data_size_limit=5_000)
    assert account.smtp is not None
    offer = smtp_offer(account, account.smtp)
    assert (offer.smtputf8, offer.size, post.commands) == (True, 5_000, ["EHLO", "AUTH", "QUIT"])


# What may not go out


@pytest.mark.parametrize(
    ("draft", "told"),
    [
        (Draft("News?", "Dear Dana"), "no file to send"),
        (replace(DRAFT, body="Something else."), "words differ"),
        (replace(DRAFT, subject="Something else"), "words differ"),
        (replace(DRAFT, attachments=DRAFT.attachments * 2), "no file to send"),
        (EmailChannel().compose(composition(facts={})), "does not say who writes"),
        (
            EmailChannel().compose(composition(facts={"candidate": {"email": "eve@other.example"}})),
            "from eve@other.example",
        ),
    ],
)
def test_a_draft_that_is_not_what_it_seems_is_not_sent(smtp_server: Any, draft: Draft, told: str) -> None:
    post, account = smtp_server()
    with pytest.raises(NotDeliveredError, match=told):
        deliver(account, draft)
    assert post.commands == []


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("To: ", "Cc: all@initech.example\r\nTo: "),
        ("To: ", "Bcc: all@initech.example\r\nTo: "),
        ("<dana@initech.example>", "<dana@initech.example>, all@initech.example"),
        ("To: ", "To: all@initech.example\r\nTo: "),
        ("<dana@initech.example>", "<dana@initech.example\x00>"),
        ("Subject: ", "Subject: other\r\nSubject: "),
        ("Content-Type: text/plain", "Content-Type: text/html"),
    ],
)
def test_a_file_that_was_tampered_with_is_not_sent(smtp_server: Any, was: str, becomes: str) -> None:
    post, account = smtp_server()
    (file,) = DRAFT.attachments
    forged = replace(file, text=file.text.replace(was, becomes, 1))
    with pytest.raises(NotDeliveredError):
        deliver(account, replace(DRAFT, attachments=(forged,)))
    assert post.commands == []


# Passwords


@pytest.mark.parametrize("form", ["{password}", "{plain}"])
def test_no_error_shows_the_password_even_if_the_server_repeats_it(
    smtp_server: Any, password_file: Any, form: str
) -> None:
    import base64

    password = password_file.read_text("utf-8").strip()
    plain = base64.b64encode(f"\0ana@souza.example\0{password}".encode()).decode()
    told = form.format(password=password, plain=plain).encode("ascii", "replace").decode()
    password_file.write_text(told if form == "{password}" else password, "utf-8")
    _, account = smtp_server({"AUTH": f"535 I do not know {told}"})
    with pytest.raises(DeliveryError) as refused:
        deliver(account)
    assert told not in str(refused.value) + repr(refused.value) + str(pickle.dumps(refused.value))
    assert "I do not know …" in str(refused.value)
    assert refused.value.__cause__ is None


# Whatever stands in names and subjects


@pytest.mark.parametrize("text", HOSTILE_TEXTS.values(), ids=HOSTILE_TEXTS)
def test_hostile_names_and_subjects_add_no_header_and_no_recipient(smtp_server: Any, text: str) -> None:
    post, account = smtp_server()
    facts = {
        "candidate": {"name": text, "email": "ana@souza.example"},
        "company": {"name": text},
        "position": {"title": text},
    }
    thread = Thread(message_id="<1@x>", references=(text, "<0@x>"), subject=text)
    for given in (None, thread):
        person = reachable_person(name=text)
        draft = EmailChannel(html=True).compose(
            composition(to=person, subject=text, body=f"Dear {text}\n\n{text}", facts=facts, thread=given)
        )
        post.seen.clear()
        deliver(replace(account, html=True), draft)
        (envelope,) = post.seen
        message = received(post)
        assert (envelope.mail_from, envelope.rcpt_tos) == ("ana@souza.example", ["dana@initech.example"])
        assert set(message.keys()) <= {
            "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version",
            "Content-Type", "X-Peer", "X-MailFrom", "X-RcptTo",
        }  # fmt: skip
        assert str(message["Subject"]).strip() == draft.subject
