"""Looking for a message in the folder of sent mail: many providers put it there when they take it."""

from __future__ import annotations

from followup.errors import NotDeliveredError
from followup_email.accounts import Account
from followup_email.mailboxes import folder_marked, found_by_identity, mailbox_of

__all__ = ["found_in_sent"]


def found_in_sent(account: Account, identity: str) -> str:
    """`in Sent of ana@souza.example`, if the message of that Message-ID is there; else nothing.

    Raises UsageError, and NotDeliveredError where one cannot look.
    """
    if account.imap is None:
        told = f"the account of {account.address} has no `imap`; say `imap: {{host: …}}`"
        raise NotDeliveredError(told, permanent=True)
    with mailbox_of(account, account.imap) as mailbox:
        name = account.imap.sent or folder_marked(mailbox.folder.list(), "sent")
        if name is None or not mailbox.folder.exists(name):
            told = f"{account.imap.host} marks no folder as the one for sent mail"
            raise NotDeliveredError(f"{told}; name it: `imap: {{sent: …}}`", permanent=True)
        mailbox.folder.set(name, readonly=True)
        return f"in {name} of {account.address}" if found_by_identity(mailbox, identity) else ""
