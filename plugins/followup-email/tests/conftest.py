"""Real mail servers on loopback, with certificates of an authority made for the run, and faults on demand."""

from __future__ import annotations

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from click.testing import CliRunner

from followup.cli.root import cli
from followup_email.accounts import Account, Password, Server

PASSWORD = "correct hörse battery"
USER = "ana@souza.example"


@dataclass
class Post:
    """What a server got, and what it does wrong: a command's name and the answer to it, or a way to break."""

    faults: dict[str, str] = field(default_factory=dict)
    seen: list[Envelope] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    has_cut: threading.Event = field(default_factory=threading.Event)

    def _answer(self, command: str) -> str | None:
        self.commands.append(command)
        return self.faults.get(command)

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._answer("MAIL")
        if fault:
            return fault
        envelope.mail_from, envelope.mail_options = address, [*options]
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._answer("RCPT")
        if fault:
            return fault
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self._answer("final dot")
        if fault == "cut, taken":
            self.seen.append(envelope)
        if fault in ("cut", "cut, taken"):
            assert server.transport is not None
            server.transport.abort()
        elif fault == "slow":
            await asyncio.sleep(3)
        elif fault:
            return fault
        else:
            self.seen.append(envelope)
        return "250 taken as 4711"


class Faulty(SMTP):
    """A server that answers or breaks as its post says."""

    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        await self._or_fault("EHLO", lambda: super(Faulty, self).smtp_EHLO(hostname))

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        await self._or_fault("AUTH", lambda: super(Faulty, self).smtp_AUTH(arg))

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        await self._or_fault("DATA", lambda: super(Faulty, self).smtp_DATA(arg))

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802
        await self._or_fault("STARTTLS", lambda: super(Faulty, self).smtp_STARTTLS(arg))

    async def smtp_QUIT(self, arg: str) -> None:  # noqa: N802
        await self._or_fault("QUIT", lambda: super(Faulty, self).smtp_QUIT(arg))

    async def _or_fault(self, command: str, usual: Callable[[], Any]) -> None:
        fault = self.event_handler._answer(command)
        if fault == "cut":
            assert self.transport is not None
            self.transport.abort()
        elif fault == "cut after 354":
            await self.push("354 go ahead")
            assert self.transport is not None
            self.transport.abort()
            await asyncio.sleep(0)
            self.event_handler.has_cut.set()
        elif fault:
            await self.push(fault)
        else:
            await usual()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture(scope="session")
def trusted(authority: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("trust") / "authority.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


@pytest.fixture(scope="session")
def loopback() -> Iterator[asyncio.AbstractEventLoop]:
    """The loop in which all servers of the run live, in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join(timeout=20)
    loop.close()


@pytest.fixture
def password_file(tmp_path: Path) -> Path:
    path = tmp_path / "password"
    path.touch(0o600)
    path.write_text(PASSWORD + "\n", "utf-8")
    return path


StartServer = Callable[..., tuple[Post, Account]]


@pytest.fixture
def smtp_server(
    loopback: asyncio.AbstractEventLoop, authority: trustme.CA, trusted: Path, password_file: Path
) -> Iterator[StartServer]:
    """Starts a server and gives what it gets, and an account of it."""
    running: list[asyncio.Server] = []
    connections: list[SMTP] = []

    async def close() -> None:
        for server in running:
            server.close()
        for connection in connections:
            if connection.transport is not None and not connection.transport.is_closing():
                connection.transport.abort()
        await asyncio.sleep(0)

    def start(
        faults: dict[str, str] | None = None,
        *,
        security: str = "tls",
        certified_for: str = "localhost",
        smtputf8: bool = True,
        trust: bool = True,
        timeout: int = 20,
        **options: Any,
    ) -> tuple[Post, Account]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert(certified_for).configure_cert(context)
        post = Post(faults or {})

        def authenticate(
            server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
        ) -> AuthResult:
            wanted = LoginPassword(USER.encode(), PASSWORD.encode())
            return AuthResult(success=data == wanted, handled=False)

        def factory() -> SMTP:
            server = Faulty(
                post,
                loop=loopback,
                tls_context=context if security == "starttls" else None,
                require_starttls=security == "starttls",
                auth_require_tls=security == "starttls",
                enable_SMTPUTF8=smtputf8,
                authenticator=authenticate,
                auth_required=True,
                **options,
            )
            connections.append(server)
            return server

        begun = loopback.create_server(factory, "127.0.0.1", 0, ssl=context if security == "tls" else None)
        listening = asyncio.run_coroutine_threadsafe(begun, loopback).result(timeout=20)
        running.append(listening)
        port = listening.sockets[0].getsockname()[1]
        server = Server(
            host="localhost",
            port=port,
            security="starttls" if security != "tls" else "tls",
            trust=str(trusted) if trust else None,
            timeout=timeout,
        )
        return post, Account(address=USER, password=Password(file=str(password_file)), smtp=server)

    yield start
    asyncio.run_coroutine_threadsafe(close(), loopback).result(timeout=20)


@pytest.fixture
def accounts(smtp_server: StartServer, tmp_path: Path) -> Callable[..., Post]:
    """Starts a server, writes an accounts file of it, `email.yaml`, and gives what the server gets."""

    def start(faults: dict[str, str] | None = None, **options: Any) -> Post:
        post, account = smtp_server(faults, **options)
        smtp = account.smtp
        assert smtp is not None
        (tmp_path / "email.yaml").write_text(
            f"""\
format: 1
accounts:
  home:
    address: ana@souza.example
    password: {{file: {account.password.file}}}
    smtp: {{host: localhost, port: {smtp.port}, trust: {smtp.trust}, timeout: {smtp.timeout}}}
""",
            "utf-8",
        )
        return post

    return start


@pytest.fixture
def store_of(
    accounts: Callable[..., Post], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Post]:
    """Starts a server that is yours, with an opportunity, `initech`, in a new store; gives what comes in."""

    def start(state: str, faults: dict[str, str] | None = None) -> Post:
        post = accounts(faults)
        monkeypatch.setenv("FOLLOWUP_EMAIL_ACCOUNTS", str(tmp_path / "email.yaml"))
        monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
        monkeypatch.setenv("FOLLOWUP_CONFIG", str(tmp_path / "config"))
        (tmp_path / "initech.yaml").write_text(state, "utf-8")
        assert CliRunner().invoke(cli, ["add", str(tmp_path / "initech.yaml")]).exit_code == 0
        return post

    return start
