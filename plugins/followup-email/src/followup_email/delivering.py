"""The deliverer that the plugin brings: mail goes out by the account whose address it is from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from followup.delivery import Commit, Outgoing, Receipt
from followup.errors import FollowupError, NotDeliveredError, UsageError
from followup.plan import Draft

if TYPE_CHECKING:
    from followup_email.accounts import Account

__all__ = ["ACCOUNTS_VARIABLE", "EmailDeliverer", "accounts_file", "accounts_in"]

ACCOUNTS_VARIABLE = "FOLLOWUP_EMAIL_ACCOUNTS"


def accounts_file() -> Path:
    """Where your accounts stand: the file that the variable names, else `email.yaml` in followup's folder."""
    named = os.environ.get(ACCOUNTS_VARIABLE)
    if named:
        return Path(named)
    from followup.cli.disabling import config_folder

    return config_folder() / "email.yaml"


def accounts_in(file: str | Path) -> Mapping[str, Account]:
    """The accounts of a file by name. Raises InputError, and UsageError where there is none yet."""
    from followup_email.accounts import read_accounts

    if not Path(file).exists():
        example = "accounts: {home: {address: …, password: {keyring: followup}, smtp: {host: …}}}"
        raise UsageError(f"{file}: there are no accounts yet; write `format: 1` and `{example}` into it")
    return read_accounts(file)


class EmailDeliverer:
    """Sends drafts of the channel `email`, each by your account of the address that it is from."""

    channel = "email"

    def prepare(self, draft: Draft, key: str, now: datetime) -> Outgoing:
        from followup_email.smtp import SmtpDeliverer, mail_of

        return SmtpDeliverer(_account(mail_of(draft).sender[1])).prepare(draft, key, now)

    def deliver(self, outgoing: Outgoing, *, commit: Commit) -> Receipt:
        from followup_email.smtp import SmtpDeliverer, mail_in

        account = _account(mail_in(outgoing.content).sender[1])
        return SmtpDeliverer(account).deliver(outgoing, commit=commit)

    def find(self, outgoing: Outgoing) -> str:
        """Where it is among what you sent, by IMAP."""
        from followup_email.sent import found_in_sent
        from followup_email.smtp import mail_in

        account = _account(mail_in(outgoing.content).sender[1])
        try:
            return found_in_sent(account, outgoing.identity)
        except UsageError as error:
            raise NotDeliveredError(str(error), permanent=True) from None


def _account(address: str) -> Account:
    from followup_email.accounts import account_for

    try:
        return account_for(accounts_in(accounts_file()), address)
    except FollowupError as error:
        raise NotDeliveredError(str(error), permanent=True) from None
