"""IMAP servers that do not keep to the protocol, or do not permit what a draft needs."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import pytest
import trustme

from followup.errors import FollowupError, NotDeliveredError, UsageError
from followup.testing import composition
from followup_email import EmailChannel
from followup_email.accounts import Account, Password, Server
from followup_email.drafts import drafts_of
from followup_email.smtp import mail_of

MAIL = mail_of(EmailChannel().compose(composition(body="Once.")))
OTHER = mail_of(EmailChannel().compose(composition(body="Twice.")))
NOW = datetime(2026, 9, 22, 11, 0, tzinfo=UTC)
EDITED = f"Message-ID: {MAIL.identity}\r\n\r\nMy own words.\r\n".encode()
Answer = bytes | Callable[["Raw", socket.socket, bytes], None]


@dataclass
class Raw:
    """A server with one folder. At the commands that `answers` names it says that, with its tag for `TAG`."""

    answers: Mapping[str, Answer]
    context: ssl.SSLContext
    encrypted: bool = True
    drafts: dict[int, bytes] = field(default_factory=dict)

    def serve(self, listening: socket.socket) -> None:
        with suppress(OSError), listening:
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(20)
                line = (
                    self.context.wrap_socket(connection, server_side=True) if self.encrypted else connection
                )
                with line, line.makefile("rb") as stream:
                    line.sendall(b"* OK hi\r\n")
                    while words := stream.readline().split():
                        self._answer(line, stream, words)

    def keep(self, text: bytes) -> None:
        self.drafts[max(self.drafts, default=0) + 1] = text

    def _answer(self, line: socket.socket, stream: IO[bytes], words: list[bytes]) -> None:
        tag, command = words[0], words[2 if words[1] == b"UID" else 1].decode()
        said = self.answers.get(command)
        if said is None:
            line.sendall(self._usual(command, line, stream, words) + tag + b" OK done\r\n")
        elif isinstance(said, bytes):
            line.sendall(said.replace(b"TAG", tag))
        else:
            said(self, line, tag)

    def _usual(self, command: str, line: socket.socket, stream: IO[bytes], words: list[bytes]) -> bytes:
        if command == "CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 AUTH=PLAIN UIDPLUS\r\n"
        if command == "LIST":
            return b'* LIST (\\Drafts) "/" Drafts\r\n'
        if command == "SEARCH":
            return b"* SEARCH " + b" ".join(b"%d" % uid for uid in sorted(self.drafts)) + b"\r\n"
        if command == "FETCH":
            text = self.drafts[int(words[3])]
            return b"* 1 FETCH (BODY[] {%d}\r\n%s)\r\n" % (len(text), text)
        if command in ("AUTHENTICATE", "APPEND"):
            line.sendall(b"+ go on\r\n")
            size = re.search(rb"\{(\d+)\}", words[-1])
            if size:
                self.keep(stream.read(int(size[1])))
            stream.readline()
        if command == "STORE":
            for uid in words[3].split(b","):
                self.drafts.pop(int(uid), None)
        return b""


@pytest.fixture(scope="module")
def context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


StartRaw = Callable[..., tuple[Raw, Account]]


@pytest.fixture
def raw(context: ssl.SSLContext, trusted: Path, password_file: Path) -> Iterator[StartRaw]:
    """Starts a server for one session, and gives it and an account of it; `again` keeps the drafts."""
    threads: list[threading.Thread] = []

    def start(
        answers: Mapping[str, Answer], *, again: Raw | None = None, security: Any = "tls", timeout: int = 20
    ) -> tuple[Raw, Account]:
        listening = socket.create_server(("127.0.0.1", 0))
        server = Raw(answers, context, security == "tls", {} if again is None else again.drafts)
        threads.append(threading.Thread(target=server.serve, args=(listening,), daemon=True))
        threads[-1].start()
        port = listening.getsockname()[1]
        imap = Server(host="localhost", port=port, security=security, trust=str(trusted), timeout=timeout)
        return server, Account(
            address="ana@souza.example", password=Password(file=str(password_file)), imap=imap
        )

    yield start
    for thread in threads:
        thread.join(timeout=20)


def put(account: Account, mail: Any = MAIL) -> str:
    with drafts_of(account) as drafts:
        return drafts.put(mail, NOW)


def drip(_: Raw, line: socket.socket, __: bytes) -> None:
    """A byte now and then, each in time, and never an answer."""
    with suppress(OSError):
        while True:
            line.sendall(b"*")
            time.sleep(0.2)


def flood(_: Raw, line: socket.socket, __: bytes) -> None:
    with suppress(OSError):
        while True:
            line.sendall(b"* 1 EXISTS\r\n" * 500)


@pytest.mark.parametrize("answer", [drip, flood], ids=["byte by byte", "without end"])
def test_an_answer_that_never_ends_is_given_up(raw: StartRaw, answer: Answer) -> None:
    _, account = raw({"LIST": answer}, timeout=1)
    with pytest.raises(NotDeliveredError, match=r"in time|more than can be meant"):
        put(account)


@pytest.mark.parametrize(
    ("command", "answer", "told"),
    [
        ("FETCH", b"* 1 FETCH (BODY[] {99999999999}\r\n", "more than can be meant"),
        ("SEARCH", b"* SEARCH a b c\r\nTAG OK x\r\n", "cannot be understood"),
        ("SEARCH", b"* SEARCH {" + b"9" * 5_000 + b"}\r\n", "cannot be understood"),
        ("SEARCH", b"* SEARCH " + b"1 " * 200 + b"\r\nTAG OK x\r\n", "finds 200 messages"),
        ("LIST", b'* LIST (\\Drafts) "/" "&AAAA-"\r\nTAG OK x\r\n', "cannot be understood"),
        ("LIST", b"\xff\x00\r\n", "cannot be understood"),
        ("CAPABILITY", b"TAG OK x\r\n", "."),
        ("SELECT", b"* OK\r\nTAG OK [READ-ONLY] x\r\n", "nothing may be written"),
        ("SELECT", b"* BYE too many of you\r\n", "it hung up: .*too many of you"),
        ("APPEND", b"TAG NO [OVERQUOTA] the mailbox is full\r\n", "it refused: .*the mailbox is full"),
    ],
)
def test_what_a_server_may_answer_is_told_in_words(
    raw: StartRaw, command: str, answer: bytes, told: str
) -> None:
    server, account = raw({command: answer})
    if command == "FETCH":
        server.keep(EDITED)
    with pytest.raises(NotDeliveredError, match=told):
        put(account)


def test_a_server_that_marks_no_folder_and_shows_none_is_told(raw: StartRaw) -> None:
    _, account = raw({"LIST": b"TAG NO not for you\r\n"})
    with pytest.raises(UsageError, match="marks no folder as the one for drafts"):
        put(account)


def test_without_starttls_nothing_is_told_to_the_server(raw: StartRaw) -> None:
    _, account = raw({}, security="starttls")
    with pytest.raises(NotDeliveredError, match="does not offer STARTTLS"):
        put(account)


@pytest.mark.parametrize("command", ["LIST", "SELECT", "SEARCH", "APPEND"])
@pytest.mark.parametrize("status", [b"NO", b"BAD"])
def test_a_server_that_repeats_the_password_is_not_repeated(
    raw: StartRaw, password_file: Path, command: str, status: bytes
) -> None:
    password = password_file.read_text("utf-8").strip()
    _, account = raw({command: b"TAG " + status + b" was it " + password.encode() + b"?\r\n"})
    with pytest.raises(FollowupError) as refused:
        put(account)
    assert "battery" not in str(refused.value)


# One draft a follow-up


def test_where_nothing_may_be_deleted_no_second_draft_is_made(raw: StartRaw) -> None:
    server, account = raw({})
    assert put(account) == "new"
    kept, account = raw(
        {"SELECT": b"* OK [PERMANENTFLAGS (\\Seen \\Draft)] x\r\nTAG OK [READ-WRITE] x\r\n"}, again=server
    )
    with pytest.raises(NotDeliveredError, match="nothing may be deleted in Drafts"):
        put(account, OTHER)
    assert len(kept.drafts) == 1


def test_where_deleting_is_refused_the_drafts_do_not_pile_up(raw: StartRaw) -> None:
    server, account = raw({})
    put(account)
    for _ in range(3):
        server, account = raw({"STORE": b"TAG NO [NOPERM] no\r\n"}, again=server)
        with pytest.raises(NotDeliveredError, match="refused STORE"):
            put(account, OTHER)
    assert len(server.drafts) == 2


def test_what_the_person_edits_while_a_draft_is_written_stays(raw: StartRaw) -> None:
    def edited_meanwhile(server: Raw, line: socket.socket, tag: bytes) -> None:
        line.sendall(b"+ go on\r\n")
        received = b""
        while not received.endswith(b"\r\n\r\nOnce.\r\n\r\n"):
            received += line.recv(16_384)
        server.keep(EDITED)
        server.keep(received[:-2])
        line.sendall(tag + b" OK done\r\n")

    server, account = raw({"APPEND": edited_meanwhile})
    assert put(account) == "new"
    assert EDITED in server.drafts.values()
