"""Drafts in the Drafts folder of a real IMAP server. `tox -e imap` installs and starts Dovecot for it."""

from __future__ import annotations

import os
import shutil
import ssl
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from click.testing import CliRunner, Result
from imap_tools import MailBox
from msgspec.structs import replace

from followup.channels import Thread
from followup.cli.root import cli
from followup.errors import NotDeliveredError, UsageError
from followup.testing import composition, reachable_person
from followup_email import EmailChannel
from followup_email.accounts import Account, Password, Server
from followup_email.drafts import drafts_of
from followup_email.message import Mail
from followup_email.smtp import mail_of

sys.path.insert(0, str(Path(__file__).parent))
from dovecot import WAY, Dovecot, dovecot

if os.environ.get("FOLLOWUP_IMAP") != "required" and not shutil.which("dovecot", path=WAY):
    pytest.skip("Dovecot is not installed; `tox -e imap` installs it", allow_module_level=True)

NOW = datetime(2026, 9, 22, 11, 0, tzinfo=UTC)
PASSWORD = "correct hörse battery"
DRAFTS = "Entwürfe & mehr"


@pytest.fixture(scope="session")
def server(authority: trustme.CA) -> Iterator[Dovecot]:
    issued = authority.issue_cert("localhost")
    users = {f"{name}@souza.example": PASSWORD for name in ("ana", "ben")}
    with dovecot(
        users,
        issued.cert_chain_pems[0].bytes(),
        issued.private_key_pem.bytes(),
        {DRAFTS: True, "Other": False},
    ) as running:
        yield running


@pytest.fixture
def account(server: Dovecot, trusted: Path, password_file: Path) -> Account:
    imap = Server(host="localhost", port=server.tls, trust=str(trusted), timeout=20)
    return Account(address="ana@souza.example", password=Password(file=str(password_file)), imap=imap)


@pytest.fixture
def box(server: Dovecot, authority: trustme.CA) -> Iterator[MailBox]:
    """The person's own mail program, with an empty Drafts folder."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    with MailBox("localhost", server.tls, ssl_context=context).login_utf8(
        "ana@souza.example", PASSWORD
    ) as box:
        box.folder.set(DRAFTS)
        box.delete(box.uids())
        yield box
        box.folder.set(DRAFTS)
        box.delete(box.uids())


def mail(**fields: object) -> Mail:
    return mail_of(EmailChannel().compose(composition(**fields)))


def texts(box: MailBox) -> list[str]:
    box.folder.set(DRAFTS)
    return [message.text.replace("\r\n", "\n").strip() for message in box.fetch(mark_seen=False)]


def test_a_draft_lies_in_the_folder_that_the_server_marks(account: Account, box: MailBox) -> None:
    with drafts_of(account) as drafts:
        assert drafts.name == DRAFTS
        assert drafts.put(mail(body="Once."), NOW) == "new"
    box.folder.set(DRAFTS)
    [message] = box.fetch(mark_seen=False)
    assert message.text.strip() == "Once."
    assert message.to == ("dana@initech.example",)
    assert message.date == NOW
    assert {r"\Draft", r"\Seen"} <= set(message.flags)
    assert message.headers["message-id"] == (mail().identity,)
    assert "x-unsent" not in message.headers


def test_one_draft_a_follow_up_is_replaced_and_never_a_second_one(account: Account, box: MailBox) -> None:
    for number, body in enumerate(["Once.", "Twice.", "Thrice."]):
        with drafts_of(account) as drafts:
            assert drafts.put(mail(body=body), NOW) == ("replaced" if number else "new")
    assert texts(box) == ["Thrice."]
    with drafts_of(account) as drafts:
        assert drafts.put(mail(body="Thrice."), NOW + timedelta(days=1)) == "unchanged"
        assert drafts.put(mail(key="inquiry:r2:dana", body="Another."), NOW) == "new"
    assert texts(box) == ["Thrice.", "Another."]


def test_what_a_broken_line_left_over_is_taken_away(account: Account, box: MailBox) -> None:
    with drafts_of(account) as drafts:
        drafts.put(mail(body="Once."), NOW)
    box.folder.set(DRAFTS)
    [message] = box.fetch(mark_seen=False)
    box.append(message, DRAFTS)
    assert texts(box) == ["Once.", "Once."]
    with drafts_of(account) as drafts:
        assert drafts.put(mail(body="Once."), NOW) == "replaced"
    assert texts(box) == ["Once."]


def test_a_draft_that_the_person_edited_is_not_overwritten_unasked(account: Account, box: MailBox) -> None:
    with drafts_of(account) as drafts:
        drafts.put(mail(body="Once."), NOW)
    box.folder.set(DRAFTS)
    [message] = box.fetch(mark_seen=False)
    box.append(message.obj.as_bytes().replace(b"Once.", b"My own words."), DRAFTS)
    box.delete([message.uid or ""])
    with drafts_of(account) as drafts:
        with pytest.raises(UsageError, match="was edited since followup wrote it"):
            drafts.put(mail(body="Twice."), NOW)
        assert drafts.remove(mail().identity) == 0
    assert texts(box) == ["My own words."]
    with drafts_of(account) as drafts:
        assert drafts.put(mail(body="Twice."), NOW, overwrite=True) == "replaced"
    assert texts(box) == ["Twice."]


def test_other_drafts_and_what_is_marked_as_deleted_are_left_alone(account: Account, box: MailBox) -> None:
    box.append(b"Subject: mine\r\n\r\nMine.", DRAFTS)
    box.append(b"Subject: old\r\n\r\nOld.", DRAFTS, flag_set=[r"\Deleted"])
    box.append(b"Message-ID: <x" + mail().identity.encode()[1:] + b"\r\n\r\nNearly.", DRAFTS)
    with drafts_of(account) as drafts:
        drafts.put(mail(body="Once."), NOW)
        drafts.put(mail(body="Twice."), NOW)
        assert drafts.remove(mail().identity) == 1
    assert texts(box) == ["Mine.", "Old.", "Nearly."]


def test_threads_html_and_addresses_of_any_script_arrive_whole(account: Account, box: MailBox) -> None:
    thread = Thread(message_id="<2@x>", references=("<1@x>",), subject="Über Freitag")
    to = reachable_person(name="Zoë Ünal, PhD", email="zoë@bücher.example")
    with drafts_of(replace(account, html=True)) as drafts:
        assert drafts.put(mail(to=to, thread=thread, body="Schöne Grüße."), NOW) == "new"
        assert drafts.put(mail(to=to, thread=thread, body="Schöne Grüße."), NOW) == "unchanged"
    box.folder.set(DRAFTS)
    [message] = box.fetch(mark_seen=False)
    assert message.subject == "Re: Über Freitag"
    assert message.headers["references"] == ("<1@x>\r\n <2@x>",)
    assert message.text.strip() == "Schöne Grüße."
    assert "<p>Schöne Grüße.</p>" in message.html


def test_starttls_and_a_folder_by_name(
    account: Account, server: Dovecot, trusted: Path, box: MailBox
) -> None:
    by_name = Server(
        host="localhost", port=server.starttls, security="starttls", trust=str(trusted), drafts="Other"
    )
    with drafts_of(replace(account, imap=by_name)) as drafts:
        assert drafts.name == "Other"
        assert drafts.put(mail(), NOW) in ("new", "unchanged")
    with (
        pytest.raises(UsageError, match="did you mean `Other`"),
        drafts_of(replace(account, imap=replace(by_name, drafts="Othr"))),
    ):
        pass


@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_is_not_to_be_trusted_ends_it(
    account: Account, server: Dovecot, security: str
) -> None:
    port = server.tls if security == "tls" else server.starttls
    untrusted = replace(account.imap, trust=None, security=security, port=port)
    with (
        pytest.raises(NotDeliveredError, match="certificate is not to be trusted"),
        drafts_of(replace(account, imap=untrusted)),
    ):
        pass


def test_a_wrong_password_is_told_and_not_shown(
    account: Account, password_file: Path, server: Dovecot
) -> None:
    password_file.write_text("hunter2", "utf-8")
    with (
        pytest.raises(NotDeliveredError, match="Authentication failed") as refused,
        drafts_of(replace(account, address="ben@souza.example")),
    ):
        pass
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in server.log.read_text("utf-8")


def test_an_account_without_imap_has_no_drafts(account: Account) -> None:
    with pytest.raises(UsageError, match="has no `imap`"), drafts_of(replace(account, imap=None)):
        pass


# The command


STATE = """\
format: 1
candidate: {name: Ana Souza, email: ana@souza.example, timezone: America/Chicago}
company: {name: Initech, culture: relaxed, country: US, timezone: America/Chicago}
position: {title: Data Engineer}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
events:
  - {type: interview, id: r1, at: 2026-09-15T10:00-05:00, with: [dana]}
  - {type: sent, at: 2026-09-15T15:00-05:00, to: dana, intent: thanks}
"""


@pytest.fixture
def run(
    smtp_server: Any, server: Dovecot, trusted: Path, password_file: Path, tmp_path: Path
) -> Callable[..., Result]:
    """`followup email` with a state and an account that has both servers."""
    _, account = smtp_server()
    (tmp_path / "initech.yaml").write_text(STATE, "utf-8")
    (tmp_path / "email.yaml").write_text(
        f"""\
format: 1
accounts:
  home:
    address: ana@souza.example
    password: {{file: {password_file}}}
    smtp: {{host: localhost, port: {account.smtp.port}, trust: {trusted}}}
    imap: {{host: localhost, port: {server.tls}, trust: {trusted}}}
""",
        "utf-8",
    )

    def run(command: str, *words: str, now: str = "2026-09-23T09:30-05:00") -> Result:
        if command != "check":
            words = (str(tmp_path / "initech.yaml"), "inquiry:r1:dana", "--now", now, *words)
        return CliRunner().invoke(cli, ["email", command, *words, "--accounts", str(tmp_path / "email.yaml")])

    return run


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
def test_the_command_drafts_and_sends_and_takes_the_draft_away(
    run: Callable[..., Result], box: MailBox
) -> None:
    found = run("check")
    assert f"imap localhost: authenticated; drafts go to {DRAFTS}" in found.output
    early = run("draft", now="2026-09-18T09:30-05:00")
    assert f"inquiry:r1:dana: written in {DRAFTS} of ana@souza.example" in early.output
    assert "Do not send it yet: is scheduled" in early.output
    assert "there already" in run("draft").output
    assert len(texts(box)) == 1
    sent = run("send", "--yes")
    assert sent.exit_code == 0, sent.output
    assert f"The draft of it is gone from {DRAFTS}." in sent.output
    assert texts(box) == []
