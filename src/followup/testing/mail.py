"""A real mail server on loopback, which keeps what it is sent: for tests of what delivers by SMTP.

    with MailServer() as server:
        smtplib.SMTP(server.host, server.port).send_message(message)
        assert server.received[0].message["Subject"] == "Thank you"

It needs aiosmtpd: `pip install followup[testing]`. It listens on a free port, takes mail from nobody but this
machine, and passes nothing on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any

__all__ = ["CUT", "TAKE_AND_CUT", "MailServer", "Received"]

CUT = "cut"
"""An answer that is none: the server breaks the connection off."""
TAKE_AND_CUT = "take and cut"
"""The same to DATA, but the server keeps the message that it does not answer."""
_TAKEN = "250 OK"


@dataclass(frozen=True, slots=True)
class Received:
    """A message as it arrived: from whom and to whom the envelope says, and its bytes."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.content, policy=policy.default)


@dataclass(slots=True)
class MailServer:
    """An SMTP server while it is entered. `received` is what it took, in order.

    `answers` are what it says instead of yes, by command: `{"RCPT": "550 no such mailbox"}`,
    `{"DATA": "451 try later"}` or CUT; a function is asked each time. A refused message is not kept. `asked`
    are the commands MAIL, RCPT and DATA as they came; DATA stands for the message, whole. `options` go to
    `aiosmtpd.smtp.SMTP`: `tls_context`, `require_starttls`, `authenticator`.
    """

    answers: Mapping[str, str | Callable[[], str]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    host: str = "127.0.0.1"
    port: int = 0
    _controller: Any = field(default=None, repr=False)

    def __enter__(self) -> MailServer:
        from aiosmtpd.controller import Controller

        class OnFreePort(Controller):  # type: ignore[misc]
            """Knows the port that it was given before it says hello to itself."""

            def _trigger_server(self) -> None:
                self.port = self.server.sockets[0].getsockname()[1]
                super()._trigger_server()

        self._controller = OnFreePort(_Handler(self), hostname=self.host, port=0, **self.options)
        self._controller.start()
        self.port = self._controller.port
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        if self._controller is not None:
            self._controller.stop()

    def answer(self, command: str) -> str:
        """What it says to a command that it could carry out."""
        self.asked.append(command)
        wanted = self.answers.get(command, _TAKEN)
        return wanted() if callable(wanted) else wanted


class _Handler:
    """What aiosmtpd asks."""

    def __init__(self, mail: MailServer) -> None:
        self.mail = mail

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._answer(server, "MAIL")
        if answer.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        answer = self._answer(server, "RCPT")
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = self._answer(server, "DATA")
        if answer.startswith("2") or answer == TAKE_AND_CUT:
            content = envelope.original_content or envelope.content
            self.mail.received.append(Received(envelope.mail_from, tuple(envelope.rcpt_tos), content))
        return answer

    def _answer(self, server: Any, command: str) -> str:
        answer = self.mail.answer(command)
        if answer in (CUT, TAKE_AND_CUT):
            server.transport.abort()
        return answer
