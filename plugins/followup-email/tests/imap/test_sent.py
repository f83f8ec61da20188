"""Looking for what was sent in the mailbox of a real IMAP server. `tox -e imap` installs Dovecot for it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme
from msgspec.structs import replace

from followup.errors import NotDeliveredError
from followup.testing import composition
from followup_email import EmailChannel
from followup_email.accounts import Account, Password, Server
from followup_email.mailboxes import mailbox_of
from followup_email.message import written
from followup_email.sent import found_in_sent
from followup_email.smtp import mail_of

sys.path.insert(0, str(Path(__file__).parent))
from dovecot import WAY, dovecot

if os.environ.get("FOLLOWUP_IMAP") != "required" and not shutil.which("dovecot", path=WAY):
    pytest.skip("Dovecot is not installed; `tox -e imap` installs it", allow_module_level=True)

NOW = datetime(2026, 9, 22, 11, 0, tzinfo=UTC)
PASSWORD = "correct hörse battery"


@pytest.fixture(scope="module")
def port(authority: trustme.CA) -> Iterator[int]:
    issued = authority.issue_cert("localhost")
    certificate, key = issued.cert_chain_pems[0].bytes(), issued.private_key_pem.bytes()
    with dovecot({"ana@souza.example": PASSWORD}, certificate, key, {"Gesendet": False}) as running:
        yield running.tls


@pytest.fixture
def account(port: int, trusted: Path, password_file: Path) -> Account:
    imap = Server(host="localhost", port=port, trust=str(trusted), timeout=20, sent="Gesendet")
    return Account(address="ana@souza.example", password=Password(file=str(password_file)), imap=imap)


def test_a_message_is_found_where_the_provider_put_it_and_nothing_else_is(account: Account) -> None:
    mail = mail_of(EmailChannel().compose(composition()))
    assert account.imap is not None
    assert found_in_sent(account, mail.identity) == ""
    with mailbox_of(account, account.imap) as mailbox:
        mailbox.append(written(mail, unsent=False, date=NOW).encode(), "Gesendet", NOW)
    assert found_in_sent(account, mail.identity) == "in Gesendet of ana@souza.example"
    assert found_in_sent(account, mail.identity.replace("followup.", "followup.1")) == ""


def test_where_one_cannot_look_that_is_told(account: Account) -> None:
    assert account.imap is not None
    with pytest.raises(NotDeliveredError, match="marks no folder as the one for sent mail"):
        found_in_sent(replace(account, imap=replace(account.imap, sent=None)), "<1@x>")
    with pytest.raises(NotDeliveredError, match="has no `imap`"):
        found_in_sent(replace(account, imap=None), "<1@x>")
