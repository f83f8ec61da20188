"""The client of SMTP: smtplib's, with answers that come when asked for, in time, and end."""

from __future__ import annotations

import errno
import smtplib
import socket
import ssl
from typing import Any

from followup_email.accounts import Server
from followup_email.answers import Answers

__all__ = ["UNREADABLE", "SmtpClient", "smtp_client"]

LONGEST_ANSWER = 64_000
"""Bytes, in all its lines."""
NAMELESS = "[127.0.0.1]"
"""Instead of this machine's name, which is nobody's business, and slow to find out."""
UNREADABLE = -1
"""The code of an answer that has none."""


class SmtpClient(smtplib.SMTP):
    """A connection in the clear, until `starttls`."""

    def connect(self, *place: Any, **named: Any) -> tuple[int, bytes]:
        self._answers = Answers(self.timeout, LONGEST_ANSWER)
        return super().connect(*place, **named)

    def putcmd(self, cmd: str, args: str = "") -> None:
        # What is said unasked would be taken for the answer to this command, and each later answer likewise.
        if self.has_more():
            raise OSError(errno.EPROTO, "it spoke before it was asked, or hung up")
        self._answers.begin()
        super().putcmd(cmd, args)

    def getreply(self) -> tuple[int, bytes]:
        told: list[bytes] = []
        try:
            while True:
                line = self._answers.line(self._line())
                if not line.endswith(b"\n"):
                    raise smtplib.SMTPServerDisconnected
                code, goes_on = line[:3], line[3:4] == b"-"
                if not code.isdigit():
                    return UNREADABLE, line.strip()
                told.append(line[4:].strip())
                if not goes_on:
                    return int(code), b"\n".join(told)
        except OSError:
            self.close()
            raise

    def send_last(self, data: bytes) -> None:
        """Send what ends a message; the time for the answer to it begins."""
        self._answers.begin()
        self.send(data)

    def has_more(self) -> bool:
        """Whether the server has spoken or hung up while it should listen."""
        return self._answers.has_more(self._line())

    def _line(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected
        return self.sock


class _TlsClient(SmtpClient, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""


def smtp_client(server: Server, context: ssl.SSLContext) -> SmtpClient:
    """A client that has been greeted. Raises OSError, which smtplib's errors are too."""
    if server.security == "tls":
        return _TlsClient(server.host, server.port or 465, NAMELESS, timeout=server.timeout, context=context)
    return SmtpClient(server.host, server.port or 587, NAMELESS, timeout=server.timeout)
