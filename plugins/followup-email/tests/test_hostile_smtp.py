"""Servers that do not keep to the protocol: too slow, too much, too early, or repeating a password."""

from __future__ import annotations

import base64
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

from followup import DeliveryError, InDoubtError, NotDeliveredError, Receipt
from followup.testing import composition
from followup_email import EmailChannel, SmtpDeliverer
from followup_email.accounts import Account, Password, Server
from followup_email.passwords import Secret

DRAFT = EmailChannel().compose(composition())
NOW = datetime(2026, 9, 22, 11, 0, tzinfo=UTC)
USUAL = {
    "greeting": b"220 hi\r\n",
    "EHLO": b"250-localhost\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n",
    "STARTTLS": b"220 go\r\n",
    "AUTH": b"235 welcome\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go\r\n",
    "final dot": b"250 taken\r\n",
    "QUIT": b"221 bye\r\n",
}
Answer = bytes | Callable[[socket.socket, bytes], None]


@dataclass
class Raw:
    """A server that says at each step what it is told to, be it an answer or not."""

    answers: Mapping[str, Answer]
    context: ssl.SSLContext
    encrypted: bool = True
    steps: list[str] = field(default_factory=list)

    def serve(self, listening: socket.socket) -> None:
        with suppress(OSError), listening:
            connection, _ = listening.accept()
            with connection:
                connection.settimeout(20)
                line = (
                    self.context.wrap_socket(connection, server_side=True) if self.encrypted else connection
                )
                with line, line.makefile("rb") as stream:
                    self._say(line, "greeting", b"")
                    self._talk(line, stream)

    def _talk(self, line: socket.socket, stream: IO[bytes]) -> None:
        credentials = b""
        while words := stream.readline().split():
            step = words[0].decode("ascii", "replace").upper()
            if step == "AUTH":
                credentials = words[-1]
            self._say(line, step, credentials)
            if step == "STARTTLS":
                with self.context.wrap_socket(line, server_side=True) as line, line.makefile("rb") as stream:
                    self._talk(line, stream)
                return
            if step == "DATA":
                if b".\r\n" not in iter(stream.readline, b""):
                    return
                self._say(line, "final dot", credentials)

    def _say(self, line: socket.socket, step: str, credentials: bytes) -> None:
        self.steps.append(step)
        answer = self.answers.get(step, USUAL.get(step, b"500 what\r\n"))
        line.sendall(answer) if isinstance(answer, bytes) else answer(line, credentials)


StartRaw = Callable[..., tuple[Raw, Account]]


@pytest.fixture(scope="module")
def context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@pytest.fixture
def raw(context: ssl.SSLContext, trusted: Path, password_file: Path) -> Iterator[StartRaw]:
    """Starts a server that says what it is told, and gives it and an account of it."""
    threads: list[threading.Thread] = []

    def start(
        answers: Mapping[str, Answer], *, security: Any = "tls", timeout: int = 20
    ) -> tuple[Raw, Account]:
        listening = socket.create_server(("127.0.0.1", 0))
        server = Raw(answers, context, encrypted=security == "tls")
        threads.append(threading.Thread(target=server.serve, args=(listening,), daemon=True))
        threads[-1].start()
        smtp = Server(
            host="localhost",
            port=listening.getsockname()[1],
            security=security,
            trust=str(trusted),
            timeout=timeout,
        )
        return server, Account(
            address="ana@souza.example", password=Password(file=str(password_file)), smtp=smtp
        )

    yield start
    for thread in threads:
        thread.join(timeout=20)


def deliver(account: Account) -> Receipt:
    deliverer = SmtpDeliverer(account)
    return deliverer.deliver(deliverer.prepare(DRAFT, "inquiry:r1:dana", NOW), commit=lambda: None)


def drip(line: socket.socket, _: bytes) -> None:
    """A byte now and then, each in time, and never an answer."""
    with suppress(OSError):
        while True:
            line.sendall(b"2")
            time.sleep(0.2)


def flood(line: socket.socket, _: bytes) -> None:
    with suppress(OSError):
        while True:
            line.sendall(b"250-and more\r\n" * 500)


@pytest.mark.parametrize(
    ("step", "error"),
    [("greeting", NotDeliveredError), ("AUTH", NotDeliveredError), ("final dot", InDoubtError)],
)
@pytest.mark.parametrize(("answer", "told"), [(drip, "in time"), (flood, "says more than can be meant")])
def test_an_answer_that_never_ends_is_given_up(
    raw: StartRaw, step: str, error: type[DeliveryError], answer: Answer, told: str
) -> None:
    _, account = raw({step: answer}, timeout=1)
    with pytest.raises(error, match=told):
        deliver(account)


@pytest.mark.parametrize("step", ["MAIL", "final dot"])
@pytest.mark.parametrize("answer", [b"\xff\x00 hello\r\n", b"25\r\n", b"\r\n", b"2500 ok"])
def test_what_is_no_answer_is_no_consent(raw: StartRaw, step: str, answer: bytes) -> None:
    def cut_short(line: socket.socket, _: bytes) -> None:
        line.sendall(answer)
        if not answer.endswith(b"\n"):
            line.shutdown(socket.SHUT_RDWR)

    _, account = raw({step: cut_short})
    with pytest.raises(InDoubtError if step == "final dot" else NotDeliveredError):
        deliver(account)


@pytest.mark.parametrize("step", ["greeting", "AUTH", "MAIL", "RCPT", "DATA"])
def test_an_answer_that_nobody_asked_for_is_not_taken_for_the_next_one(raw: StartRaw, step: str) -> None:
    server, account = raw({step: USUAL[step] + b"250 taken\r\n"})
    with pytest.raises(NotDeliveredError, match="it spoke"):
        deliver(account)
    assert server.steps[-1] == step


def test_what_is_said_in_the_clear_is_not_taken_for_what_is_said_under_encryption(raw: StartRaw) -> None:
    server, account = raw({"STARTTLS": b"220 go\r\n250 AUTH PLAIN\r\n"}, security="starttls")
    with pytest.raises(NotDeliveredError):
        deliver(account)
    assert server.steps == ["greeting", "EHLO", "STARTTLS"]


# Passwords


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "final dot"])
@pytest.mark.parametrize(
    "form",
    [
        lambda sent: sent,
        lambda sent: sent.rstrip(b"="),
        lambda sent: sent[:-6],
        lambda sent: sent[:20] + b"\r\n554-" + sent[20:],
        base64.b64decode,
    ],
    ids=["as sent", "without padding", "cut", "broken", "decoded"],
)
def test_a_server_that_repeats_what_was_sent_to_log_in_is_not_repeated(
    raw: StartRaw, password_file: Path, step: str, form: Callable[[bytes], bytes]
) -> None:
    def repeat(line: socket.socket, credentials: bytes) -> None:
        line.sendall(b"554-you said\r\n554-" + form(credentials) + b"\r\n554 did you not\r\n")

    _, account = raw({step: repeat})
    with pytest.raises(NotDeliveredError, match=r"you said .* did you not") as refused:
        deliver(account)
    assert_hidden(str(refused.value), password_file)


def test_not_even_in_the_answer_of_a_server_that_took_the_message(raw: StartRaw, password_file: Path) -> None:
    _, account = raw({"final dot": lambda line, sent: line.sendall(b"250 taken from " + sent + b"\r\n")})
    assert deliver(account).answer == "250 taken from …"


def test_nor_at_the_next_greeting(raw: StartRaw, password_file: Path) -> None:
    password = password_file.read_text("utf-8").strip()
    _, account = raw({"greeting": f"554 not you again, {password}\r\n".encode()})
    with pytest.raises(NotDeliveredError, match="not you again, …") as refused:
        deliver(account)
    assert_hidden(str(refused.value), password_file)


def assert_hidden(told: str, password_file: Path) -> None:
    password = password_file.read_text("utf-8").strip()
    sent = base64.b64encode(f"\0ana@souza.example\0{password}".encode()).decode()
    assert password not in told
    assert all(sent[at : at + 12] not in told for at in range(len(sent) - 12))


def test_the_form_that_python_shows_of_bytes_is_hidden_too() -> None:
    password = "hör\\se'"
    shown = Secret(password, "ana").taken_out_of(f"refused: {password.encode()!r} {password.upper()}")
    assert "rse" not in shown.lower()
    assert "xc3" not in shown
