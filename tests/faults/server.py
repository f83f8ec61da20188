"""A real mail server on loopback, over TLS, that keeps what it takes and breaks on demand."""

from __future__ import annotations

import asyncio
import os
import signal
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from email import message_from_bytes
from pathlib import Path
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

__all__ = ["PASSWORD", "PAUSE", "Post", "accounts_file"]

PASSWORD = "correct horse"
PAUSE = 0.01
"""Seconds before each answer, so that a kill at a random moment hits every step."""
BREAKS = ("cut", "killed", "cut, taken", "killed, taken")


class Post:
    """The server. `arrived` are the Message-IDs that it took; `faults` say what it does at a command.

    A fault is an answer (`451 later`), or `cut` (the line), or `killed` (the process of the sender,
    `victim`); at the final dot `…, taken` takes the message first. `wakes` is called at each command.
    """

    def __init__(self) -> None:
        self.arrived: list[str] = []
        self.faults: dict[str, str] = {}
        self.victim = 0
        self.wakes: Callable[[str], None] = lambda command: None
        self.authority = trustme.CA()
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True).start()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.authority.issue_cert("localhost").configure_cert(context)
        begun = self._loop.create_server(self._connection, "127.0.0.1", 0, ssl=context)
        listening = asyncio.run_coroutine_threadsafe(begun, self._loop).result(timeout=20)
        self.port = listening.sockets[0].getsockname()[1]

    def _connection(self) -> SMTP:
        def authenticated(*_: Any) -> AuthResult:
            return AuthResult(success=True, handled=False)

        return _Faulty(
            self, loop=self._loop, authenticator=authenticated, auth_required=True, auth_require_tls=False
        )

    async def struck(self, command: str, server: Any) -> str:
        """What to answer to a command instead of yes; empty for yes."""
        await asyncio.sleep(PAUSE)
        self.wakes(command)
        fault = self.faults.get(command, "")
        if fault.startswith("killed") and self.victim:
            with suppress(ProcessLookupError):
                os.kill(self.victim, signal.SIGKILL)
        if fault in BREAKS:
            server.transport.abort()
        return fault

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        return await self.struck("MAIL", server) or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        return await self.struck("RCPT", server) or "250 OK"

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fault = self.faults.get("final dot", "")
        if not fault or fault.endswith("taken"):
            content = envelope.original_content or b""
            self.arrived.append(str(message_from_bytes(content)["Message-ID"]))
        return await self.struck("final dot", server) or "250 taken"


class _Faulty(SMTP):
    async def smtp_EHLO(self, hostname: str) -> None:  # noqa: N802
        if not await self._fault("EHLO"):
            await super().smtp_EHLO(hostname)

    async def smtp_AUTH(self, arg: str) -> None:  # noqa: N802
        if not await self._fault("AUTH"):
            await super().smtp_AUTH(arg)

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        if not await self._fault("DATA"):
            await super().smtp_DATA(arg)

    async def _fault(self, command: str) -> bool:
        fault = await self.event_handler.struck(command, self)
        if fault and fault not in BREAKS:
            await self.push(fault)
        return bool(fault)


def accounts_file(post: Post, folder: Path) -> Path:
    """The accounts of somebody who sends by that server."""
    trust, password, accounts = folder / "trust.pem", folder / "password", folder / "email.yaml"
    post.authority.cert_pem.write_to_path(str(trust))
    password.touch(0o600)
    password.write_text(PASSWORD, "utf-8")
    smtp = f"{{host: localhost, port: {post.port}, trust: {trust}, timeout: 10}}"
    account = f"{{address: ana@souza.example, password: {{file: {password}}}, smtp: {smtp}}}"
    accounts.write_text(f"format: 1\naccounts:\n  home: {account}\n", "utf-8")
    return accounts
