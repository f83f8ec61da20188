"""What the site takes, as dated figures: they change, and the site publishes few of them.

The strictest of what is told holds until a person says more of their own account.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

__all__ = ["ACCOUNTS", "AS_OF", "FREE", "PREMIUM", "Account", "Kind", "account_in", "kind_of", "length"]

AS_OF = date(2026, 11, 28)
"""The day on which the figures below were looked up."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message: what it is called, and the most characters of its text and its subject (0: none)."""

    label: str
    body: int
    subject: int = 0

    @property
    def article(self) -> str:
        """`a message`, `an InMail`."""
        return f"{'an' if self.label[0] in 'AEIOU' else 'a'} {self.label}"


@dataclass(frozen=True, slots=True)
class Account:
    """What an account may send; `notes_a_month` is how many notes of one's own, None without a limit."""

    name: str
    note: Kind
    message: Kind
    inmail: Kind
    notes_a_month: int | None
    writes_to_anybody: bool


MESSAGE = Kind("message", 8_000)
"""To a contact."""
INMAIL = Kind("InMail", 1_900, 200)
"""To somebody who is no contact, or of whom that is not known."""

FREE = Account("free", Kind("connection note", 200), MESSAGE, INMAIL, 3, writes_to_anybody=False)
"""The site's help says three notes a month in one place and five in another; the stricter one stands here."""

PREMIUM = Account("premium", Kind("connection note", 300), MESSAGE, INMAIL, None, writes_to_anybody=True)

ACCOUNTS: Mapping[str, Account] = {account.name: account for account in (FREE, PREMIUM)}


def account_in(facts: Mapping[str, Any]) -> Account:
    """The account that the facts of a draft name; a free one where they name none."""
    own = facts.get("linkedin")
    return ACCOUNTS.get(own.get("account", ""), FREE) if isinstance(own, Mapping) else FREE


def kind_of(intent: str, facts: Mapping[str, Any]) -> Kind:
    """What a draft of this intent is on the site: a note, a message to a contact, or an InMail."""
    account, own = account_in(facts), facts.get("linkedin")
    if intent == "connect":
        return account.note
    connected = isinstance(own, Mapping) and own.get("connected") is True
    return account.message if connected else account.inmail


def length(text: str) -> int:
    """Characters as a browser counts them: UTF-16 code units, so that an emoji is two or more."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
