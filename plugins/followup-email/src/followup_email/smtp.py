"""Sending by SMTP: one message to one recipient, over verified TLS, with the point of no return in sight.

    connect → TLS → authenticate → MAIL → RCPT → DATA, 354 → commit → the words → the final dot → the answer

What fails before the final dot has not been delivered, by RFC 5321. What fails after it and before the
answer is in doubt. Nothing is tried twice.
"""

from __future__ import annotations

import base64
import errno
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime

from followup.delivery import Commit, Outgoing, Receipt
from followup.errors import InDoubtError, NotDeliveredError, UsageError
from followup.plan import Draft
from followup_email.accounts import Account, Server
from followup_email.addresses import plain_address
from followup_email.connecting import encryption, failure
from followup_email.message import Mail, read, readable, written
from followup_email.passwords import Secret, password_of
from followup_email.smtp_client import UNREADABLE, SmtpClient, smtp_client

__all__ = ["Offer", "SmtpDeliverer", "mail_in", "mail_of", "smtp_offer"]

OK, START_DATA, AUTHENTICATED, CONTINUE = 250, 354, 235, 334
TRANSIENT, PERMANENT = range(400, 500), range(500, 600)
_LINE_END = re.compile(r"\r\n?|\n")
_LINE_START_DOT = re.compile(rb"(?m)^\.")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a server offers to this account once it is authenticated."""

    smtputf8: bool
    size: int | None


class SmtpDeliverer:
    """Sends the drafts of the channel `email` by an account."""

    channel = "email"

    def __init__(self, account: Account) -> None:
        self._account = account

    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        mail = mail_of(draft)
        server = self._server(mail)
        try:
            text = written(mail, unsent=False, date=now, html=self._account.html)
        except ValueError as error:
            raise NotDeliveredError(str(error), permanent=True) from None
        return Outgoing(
            channel=self.channel,
            key=key,
            content=text,
            shown=readable(text),
            account=f"{self._account.address} by {server.host}",
            identity=mail.identity,
            references=mail.references,
        )

    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        mail = mail_in(outgoing.content)
        server = self._server(mail)
        data = _on_the_line(outgoing.content)
        with _session(self._account, server) as session:
            session.address(mail, len(data))
            answer = session.hand_over(data, commit, mail.identity)
        return Receipt(channel=self.channel, key=outgoing.key, identity=mail.identity, answer=answer)

    def _server(self, mail: Mail) -> Server:
        if self._account.smtp is None:
            raise NotDeliveredError("the account has no `smtp`; nothing can be sent by it", permanent=True)
        if mail.sender[1] != plain_address(self._account.address):
            told = f"the message is from {mail.sender[1] or 'nobody'}, the account of {self._account.address}"
            raise NotDeliveredError(told, permanent=True)
        return self._account.smtp


def _on_the_line(text: str) -> bytes:
    """The message as it goes over the line, all but the final dot."""
    lines = _LINE_END.sub("\r\n", text.rstrip("\r\n"))  # else servers may see the final dot elsewhere
    return _LINE_START_DOT.sub(b"..", lines.encode("utf-8") + b"\r\n")


def mail_in(text: str) -> Mail:
    """The mail that a whole message says. Raises NotDeliveredError if it is not to one recipient alone."""
    try:
        return read(text)
    except ValueError as error:
        raise NotDeliveredError(str(error), permanent=True) from None


def mail_of(draft: Draft) -> Mail:
    """The mail that a draft of the channel `email` holds, read from its file and held against its words.

    Raises NotDeliveredError if there is none, or if it says something else than the draft.
    """
    files = [file for file in draft.attachments if file.media_type == "message/rfc822"]
    if len(files) != 1:
        raise NotDeliveredError("the draft has no file to send: an address is missing", permanent=True)
    mail = mail_in(files[0].text)
    if (mail.subject, mail.body.rstrip("\n")) != (draft.subject, draft.body.rstrip("\n")):
        told = "the draft's words differ from those in its file; have the channel compose it anew"
        raise NotDeliveredError(told, permanent=True)
    if plain_address(mail.recipient[1]) != mail.recipient[1]:
        raise NotDeliveredError("the message is not to exactly one address", permanent=True)
    if not mail.identity:
        raise NotDeliveredError("the message does not say who writes", permanent=True)
    return mail


def smtp_offer(account: Account, server: Server) -> Offer:
    """Connect, authenticate and leave again; sends nothing. Raises NotDeliveredError."""
    with _session(account, server) as session:
        return session.offer


@contextmanager
def _session(account: Account, server: Server) -> Iterator[_Session]:
    """An authenticated session, closed at the end whatever happens; politely, if all went well."""
    try:
        secret, context = password_of(account, server), encryption(server)
    except UsageError as error:
        raise NotDeliveredError(str(error), permanent=True) from None
    smtp = _connected(server, context, secret)
    session = _Session(smtp, server, secret)
    try:
        session.authenticate(server.user or account.address)
        yield session
        with suppress(OSError, KeyboardInterrupt):  # the message is taken; how they part changes nothing
            smtp.quit()
    finally:
        smtp.close()


def _connected(server: Server, context: ssl.SSLContext, secret: Secret) -> SmtpClient:
    smtp: SmtpClient | None = None
    try:
        smtp = smtp_client(server, context)
        _introduce(smtp)
        if server.security == "starttls":
            if not smtp.has_extn("starttls"):
                raise _Refused(f"{server.host} does not offer STARTTLS; nothing is sent without encryption")
            smtp.starttls(context=context)
            _introduce(smtp)
    except (OSError, _Refused, ValueError) as error:
        if smtp is not None:
            smtp.close()
        raise _not_connected(server, error, secret) from None
    return smtp


def _introduce(smtp: SmtpClient) -> None:
    code, answer = smtp.ehlo()
    if code != OK:
        raise smtplib.SMTPHeloError(code, answer)


class _Refused(Exception):  # noqa: N818 (told on as a NotDeliveredError)
    """The server lacks what a message needs."""


def _not_connected(server: Server, error: Exception, secret: Secret) -> NotDeliveredError:
    if isinstance(error, _Refused):
        return NotDeliveredError(str(error), permanent=True)
    if isinstance(error, smtplib.SMTPResponseException):
        told = f"{server.host} refused: {_shown(error.smtp_code, error.smtp_error, secret)}"
        return NotDeliveredError(told, permanent=error.smtp_code in PERMANENT)
    permanent = isinstance(error, ValueError)  # a certificate that is not to be trusted is one too
    return NotDeliveredError(f"{server.host}: {failure(error)}", permanent=permanent)


@dataclass(frozen=True, slots=True)
class _Session:
    """A connection to a server, and the secret that its answers must not show."""

    smtp: SmtpClient
    server: Server
    secret: Secret

    @property
    def offer(self) -> Offer:
        size = self.smtp.esmtp_features.get("size", "")
        return Offer(self.smtp.has_extn("smtputf8"), int(size) if size.isdecimal() and int(size) else None)

    def authenticate(self, user: str) -> None:
        methods = self.smtp.esmtp_features.get("auth", "").upper().split()
        password = self.secret.reveal()
        if "PLAIN" in methods:
            steps = [f"AUTH PLAIN {_encoded(f'{chr(0)}{user}{chr(0)}{password}')}"]
        elif "LOGIN" in methods:
            steps = ["AUTH LOGIN", _encoded(user), _encoded(password)]
        else:
            told = f"{self.server.host} takes no password: it offers neither AUTH PLAIN nor AUTH LOGIN"
            raise NotDeliveredError(told, permanent=True)
        for step in steps[:-1]:
            self._expect(step, CONTINUE)
        self._expect(steps[-1], AUTHENTICATED)

    def address(self, mail: Mail, size: int) -> None:
        """Say from whom and to whom; only now does the server know the message's envelope."""
        options = ""
        if mail.needs_smtputf8:
            if not self.offer.smtputf8:
                address = next(a for a in (mail.recipient[1], mail.sender[1]) if not a.isascii())
                told = f"{self.server.host} does not offer SMTPUTF8, which {address} needs"
                raise NotDeliveredError(told, permanent=True)
            options += " SMTPUTF8 BODY=8BITMIME"
        if self.smtp.has_extn("size"):
            most = self.offer.size
            if most is not None and size > most:
                raise NotDeliveredError(f"{self.server.host} takes no more than {most} bytes", permanent=True)
            options += f" SIZE={size}"
        self.smtp.command_encoding = "utf-8" if mail.needs_smtputf8 else "ascii"
        self._expect(f"MAIL FROM:<{mail.sender[1]}>{options}", OK)
        self._expect(f"RCPT TO:<{mail.recipient[1]}>", OK)

    def hand_over(self, data: bytes, commit: Commit, identity: str) -> str:
        """The server's answer to the message. Whatever `commit` raises is raised, and nothing is sent."""
        self._expect("DATA", START_DATA)
        commit()
        # Without the final dot the server has no message.
        try:
            self.smtp.send(data)
            if self.smtp.has_more():
                raise OSError(errno.EPROTO, "it spoke or hung up")
        except OSError as error:
            told = f"{self.server.host}: {failure(error)} before the message was whole"
            raise NotDeliveredError(told, permanent=False) from None
        try:
            self.smtp.send_last(b".\r\n")
            code, answer = self.smtp.getreply()
        except OSError as error:
            told = (
                f"{self.server.host}: {failure(error)} before it said whether it took the message; "
                f"it may have arrived"
            )
            raise InDoubtError(told, identity=identity) from None
        shown = _shown(code, answer, self.secret)
        if code in TRANSIENT or code in PERMANENT:
            told = f"{self.server.host} did not take the message: {shown}"
            raise NotDeliveredError(told, permanent=code in PERMANENT)
        if code != OK:
            told = (
                f"{self.server.host} gave an answer that says nothing: {shown}; the message may have arrived"
            )
            raise InDoubtError(told, identity=identity)
        return shown

    def _expect(self, command: str, wanted: int) -> None:
        word = command.partition(" ")[0] if command.startswith(("MAIL", "RCPT", "DATA")) else "the password"
        try:
            code, answer = self.smtp.docmd(command)
        except (OSError, ValueError) as error:
            told = f"{self.server.host}: {failure(error)} at {word}"
            raise NotDeliveredError(told, permanent=False) from None
        accepted = code == wanted or (wanted == OK and code == 251)
        if not accepted:
            told = f"{self.server.host} refused {word}: {_shown(code, answer, self.secret)}"
            raise NotDeliveredError(told, permanent=code in PERMANENT)


def _shown(code: int, answer: bytes | str, secret: Secret) -> str:
    """The answer on one line, as it may be shown."""
    words = secret.taken_out_of(answer)
    return f"an answer that is none, “{words}”" if code == UNREADABLE else f"{code} {words}".rstrip()


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode("utf-8")).decode("ascii")
