"""Mailboxes by IMAP: connected and authenticated, and messages in them found by their Message-ID."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from email.parser import HeaderParser
from imaplib import IMAP4
from typing import TYPE_CHECKING

from imap_tools.errors import ImapToolsError, UnexpectedCommandStatusError

from followup.errors import FollowupError, NotDeliveredError
from followup_email.accounts import Account, Server
from followup_email.connecting import encryption, failure
from followup_email.passwords import Secret, password_of

if TYPE_CHECKING:
    from imap_tools import BaseMailBox
    from imap_tools.folder import FolderInfo

__all__ = ["command", "fetched", "folder_marked", "found_by_identity", "header_of", "mailbox_of"]

MOST_FOUND = 100
UNREADABLE = "what it answered cannot be understood"
_FAILURES = (
    ImapToolsError,
    IMAP4.error,
    OSError,
    ArithmeticError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What the libraries raise for a server that fails, or whose answers are none."""


@contextmanager
def mailbox_of(account: Account, server: Server) -> Iterator[BaseMailBox]:
    """The mailbox of an account, authenticated. Raises UsageError, and NotDeliveredError where it fails."""
    from followup_email.imap_client import imap_client

    secret = password_of(account, server)
    try:
        mailbox = imap_client(server, encryption(server))
        try:
            _authenticate(mailbox, server.user or account.address, secret)
            yield mailbox
            with suppress(*_FAILURES):  # how they part changes nothing
                mailbox.logout()
        finally:
            with suppress(OSError):
                mailbox.client.shutdown()
    except FollowupError:
        raise
    except _FAILURES as error:
        raise NotDeliveredError(f"{server.host}: {_told(error, secret)}", permanent=False) from None


def folder_marked(folders: Sequence[FolderInfo], use: str) -> str | None:
    """The folder that the server marks for a use (RFC 6154): `drafts`, `sent`."""
    mark = f"\\{use}"
    return next((str(each.name) for each in folders if mark in map(str.lower, each.flags)), None)


def found_by_identity(mailbox: BaseMailBox, identity: str) -> list[str]:
    """The UIDs of the messages of that Message-ID in the open folder, the oldest first."""
    # Servers look for a part of the header: what they find is held against the whole.
    found = command(mailbox, "SEARCH", "UNDELETED", "HEADER", "Message-ID", f'"{identity}"')
    uids = sorted(int(uid) for line in found if isinstance(line, bytes) for uid in line.split())
    if len(uids) > MOST_FOUND:
        raise IMAP4.error(f"it finds {len(uids)} messages where there can be one")
    return [str(uid) for uid in uids if _identity(mailbox, str(uid)) == identity]


def _identity(mailbox: BaseMailBox, uid: str) -> str:
    return header_of(fetched(mailbox, uid, "BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]"), "Message-ID")


def fetched(mailbox: BaseMailBox, uid: str, what: str) -> str:
    """A part of a message of the open folder, as text."""
    parts = command(mailbox, "FETCH", uid, f"({what})")
    return next((part[1].decode("utf-8", "replace") for part in parts if isinstance(part, tuple)), "")


def command(mailbox: BaseMailBox, name: str, *arguments: str) -> list[bytes | tuple[bytes, bytes] | None]:
    """What the server answers to a command on UIDs."""
    status, data = mailbox.client.uid(name, *arguments)
    if status != "OK":
        raise IMAP4.error(f"the server refused {name}")
    return list(data)


def header_of(text: str, name: str) -> str:
    """The value of a header; empty where there is none."""
    return str(HeaderParser().parsestr(text, headersonly=True).get(name, "")).strip()


def _authenticate(mailbox: BaseMailBox, user: str, secret: Secret) -> None:
    if "AUTH=PLAIN" in mailbox.client.capabilities:
        mailbox.login_utf8(user, secret.reveal(), initial_folder=None)
    elif (user + secret.reveal()).isascii():
        mailbox.login(user, secret.reveal(), initial_folder=None)
    else:
        raise IMAP4.error("it takes no user or password that is not ASCII")


def _told(error: Exception, secret: Secret) -> str:
    if isinstance(error, OSError):
        return failure(error)
    if isinstance(error, IMAP4.readonly):
        return "nothing may be written into the folder"
    if isinstance(error, IMAP4.abort):
        words = str(error)
        if "socket error" in words:
            return "the connection was lost"
        return UNREADABLE if "unexpected" in words else f"it hung up: {secret.taken_out_of(words)}"
    if isinstance(error, UnexpectedCommandStatusError):
        refusal = b" ".join(part for part in error.command_result[1] or () if isinstance(part, bytes))
        return f"it refused: {secret.taken_out_of(refusal)}"
    if isinstance(error, IMAP4.error):
        told = error.args[0] if error.args else ""
        return secret.taken_out_of(told if isinstance(told, bytes) else str(told))
    return UNREADABLE
