"""The client of IMAP: imap_tools', with answers that come in time and have an end."""

from __future__ import annotations

import imaplib
import ssl
from contextlib import suppress
from typing import Any

from imap_tools import BaseMailBox

from followup_email.accounts import Server
from followup_email.answers import Answers

__all__ = ["imap_client"]

LONGEST_ANSWER = 16_000_000
"""Bytes: the names of many folders, or the numbers of many messages."""


class _Client(imaplib.IMAP4):
    """A connection in the clear, until `starttls`."""

    def open(self, *place: Any, **named: Any) -> None:
        super().open(*place, **named)
        self._answers = Answers(self.sock.gettimeout() or 0, LONGEST_ANSWER)

    def read(self, size: int) -> bytes:
        return self._answers.exactly(self.sock, size)

    def readline(self) -> bytes:
        return self._answers.line(self.sock)

    def send(self, data: Any) -> None:
        self._answers.begin()
        super().send(data)


class _TlsClient(_Client, imaplib.IMAP4_SSL):
    """The same, encrypted from the first byte."""


class _MailBox(BaseMailBox):
    def __init__(self, server: Server, context: ssl.SSLContext) -> None:
        self._server = server
        self._context = context
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        server = self._server
        if server.security == "tls":
            port = server.port or 993
            return _TlsClient(server.host, port, ssl_context=self._context, timeout=server.timeout)
        client = _Client(server.host, server.port or 143, timeout=server.timeout)
        try:
            if "STARTTLS" not in client.capabilities:
                raise imaplib.IMAP4.error("it does not offer STARTTLS; nothing is told without encryption")
            client.starttls(self._context)
        except BaseException:
            with suppress(OSError):
                client.shutdown()
            raise
        return client


def imap_client(server: Server, context: ssl.SSLContext) -> BaseMailBox:
    """A mailbox whose server has greeted. Raises OSError and imaplib's error."""
    return _MailBox(server, context)
