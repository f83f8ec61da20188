"""Drafts in the person's own Drafts folder, by IMAP: one a follow-up, found again and replaced.

A draft carries the Message-ID that its follow-up always has; by that it is found. It also carries a digest of
its words: a draft whose words are no longer those was edited by the person, and is not overwritten unasked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from followup.errors import NotDeliveredError, UsageError, did_you_mean
from followup.plain import plain_line
from followup_email.accounts import Account, Server
from followup_email.mailboxes import (
    command,
    fetched,
    folder_marked,
    found_by_identity,
    header_of,
    mailbox_of,
)
from followup_email.message import Mail, read, written

if TYPE_CHECKING:
    from imap_tools import BaseMailBox

__all__ = ["Drafts", "Outcome", "drafts_of"]

Outcome = Literal["new", "replaced", "unchanged"]
MARK = "X-Followup-Words"
LONGEST_DRAFT = 1_000_000
"""Bytes. A draft of followup's is shorter: one that goes on after them was edited."""


@contextmanager
def drafts_of(account: Account) -> Iterator[Drafts]:
    """The Drafts folder of an account, open. Raises UsageError and NotDeliveredError."""
    if account.imap is None:
        raise UsageError(
            f"the account of {account.address} has no `imap`; say `imap: {{host: …}}` to have drafts there"
        )
    with mailbox_of(account, account.imap) as mailbox:
        name = _folder(mailbox, account.imap)
        mailbox.folder.set(name)
        yield Drafts(mailbox, name, account.html, _may_delete(mailbox))


@dataclass(frozen=True, slots=True)
class Drafts:
    """An open Drafts folder. `name` is what the server calls it."""

    _mailbox: BaseMailBox
    name: str
    _html: bool
    _may_delete: bool

    def put(self, mail: Mail, now: datetime, *, overwrite: bool = False) -> Outcome:
        """Have exactly this draft of the follow-up in the folder, and no other.

        The new one is there before an older one goes, so that a line that breaks loses no words; the next
        call takes away what is left over. Raises UsageError for a draft that the person has edited, unless
        with `overwrite`.
        """
        before = {uid: self._text(uid) for uid in found_by_identity(self._mailbox, mail.identity)}
        if not overwrite and any(_was_edited(text) for text in before.values()):
            raise UsageError(
                f"the draft in {self.name} was edited since followup wrote it; "
                f"send or delete it there, or say `--overwrite` to replace it"
            )
        text = written(mail, unsent=False, date=now, html=self._html)
        marked = text.replace("\r\n\r\n", f"\r\n{MARK}: {_digest(mail)}\r\n\r\n", 1)
        if len(before) == 1 and _same(next(iter(before.values())), marked):
            return "unchanged"
        if before and not self._may_delete:
            told = f"nothing may be deleted in {self.name}: take the draft out there, and try again"
            raise NotDeliveredError(told, permanent=True)
        # Those that a broken line left over go first: if that is refused, there must not be one more.
        self._delete([*before][:-1])
        self._mailbox.append(marked.encode("utf-8"), self.name, now, [r"\Draft", r"\Seen"])
        # Whoever else wrote it meanwhile keeps the newest too, so that one is left. What the person has
        # edited meanwhile stays.
        older = found_by_identity(self._mailbox, mail.identity)[:-1]
        self._delete([uid for uid in older if uid in before or not _was_edited(self._text(uid))])
        return "replaced" if before else "new"

    def remove(self, identity: str) -> int:
        """Take the follow-up's draft out, since it was sent; how many there were. Edited ones stay."""
        gone = [uid for uid in found_by_identity(self._mailbox, identity) if not _was_edited(self._text(uid))]
        self._delete(gone)
        return len(gone)

    def _text(self, uid: str) -> str:
        return fetched(self._mailbox, uid, f"BODY.PEEK[]<0.{LONGEST_DRAFT}>")

    def _delete(self, uids: Sequence[str]) -> None:
        if not uids:
            return
        command(self._mailbox, "STORE", ",".join(uids), "+FLAGS.SILENT", r"(\Deleted)")
        # Without UIDPLUS an expunge would also take what the person has marked as deleted: let them do it.
        if "UIDPLUS" in self._capabilities():
            command(self._mailbox, "EXPUNGE", ",".join(uids))

    def _capabilities(self) -> Sequence[str]:
        _, data = self._mailbox.client.capability()
        return (data[0] or b"").decode("ascii", "replace").upper().split()


def _folder(mailbox: BaseMailBox, server: Server) -> str:
    """The folder that the account names, else the one that the server marks as `\\Drafts` (RFC 6154)."""
    folders = mailbox.folder.list()
    names = [folder.name for folder in folders]
    if server.drafts is not None:
        if server.drafts not in names:
            cure = did_you_mean(server.drafts, names)
            raise UsageError(f"{server.host} has no folder `{plain_line(server.drafts)}`; {cure}")
        return server.drafts
    marked = folder_marked(folders, "drafts")
    if marked is not None:
        return marked
    shown = ", ".join(plain_line(name) for name in names[:20]) or "it shows none"
    raise UsageError(
        f"{server.host} marks no folder as the one for drafts; name it under `imap: {{drafts: …}}`: {shown}"
    )


def _may_delete(mailbox: BaseMailBox) -> bool:
    """Whether drafts can be marked as deleted in the open folder; a server that names no flags takes all."""
    _, told = mailbox.client.response("PERMANENTFLAGS")
    named = [flags.lower() for flags in told if isinstance(flags, bytes)]
    return not named or b"\\deleted" in named[-1]


def _digest(mail: Mail) -> str:
    words = (mail.recipient[1], mail.subject, mail.body.rstrip("\n"))
    return hashlib.sha256("\0".join(words).encode()).hexdigest()[:32]


def _was_edited(text: str) -> bool:
    try:
        return header_of(text, MARK) != _digest(read(text))
    except ValueError:
        return True


def _same(before: str, after: str) -> bool:
    """Whether two drafts say the same in the same form, whenever they were written."""
    return _undated(before) == _undated(after)


def _undated(text: str) -> list[str]:
    return [line for line in text.replace("\r\n", "\n").split("\n") if not line.startswith("Date: ")]
