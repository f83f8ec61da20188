"""Accounts: from which address mail goes out, by which servers, and where the password is, never itself.

They stand in a small YAML file, read by followup's strict reader:

    format: 1
    accounts:
      home:
        address: ana@souza.example
        password: {keyring: followup}
        smtp: {host: smtp.souza.example}
        imap: {host: imap.souza.example}
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from followup.checking import check_format, checked, first_problems
from followup.documents import Document, read_path
from followup.errors import InputError, Problem, UsageError, did_you_mean
from followup_email.addresses import plain_address

__all__ = ["Account", "Password", "Server", "account_for", "accounts_schema", "read_accounts"]

Security = Literal["tls", "starttls"]
Text = Annotated[str, Meta(min_length=1, max_length=1_000)]
Port = Annotated[int, Meta(ge=1, le=65_535)]
Host = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9.:-]{1,253}$", description="the server's name", examples=["mail.souza.example"]
    ),
]


class _Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """The base of all parts of the file: frozen, unknown keys refused."""


class Password(_Source, frozen=True, kw_only=True):
    """Where the password is: one of three places, none of them this file."""

    keyring: Annotated[
        Text | None,
        Meta(description="the service under which the keyring has it", examples=["followup"]),
    ] = None
    environment: Annotated[
        Text | None,
        Meta(description="the environment variable that holds it", examples=["MAIL_PASSWORD"]),
    ] = None
    file: Annotated[
        Text | None,
        Meta(description="the file with it alone, of mode 0600; `~` is your home"),
    ] = None


class Server(_Source, frozen=True, kw_only=True):
    """A server and how to reach it. Its certificate is always verified."""

    host: Host
    port: Annotated[
        Port | None, Meta(description="where not given, the usual one of the protocol and `security`")
    ] = None
    security: Annotated[
        Security, Meta(description="`tls` from the first byte, or `starttls` before anything is told")
    ] = "tls"
    user: Annotated[Text | None, Meta(description="where not given, the address")] = None
    trust: Annotated[
        Text | None,
        Meta(description="a file with the certificates to trust, where not those of the system"),
    ] = None
    timeout: Annotated[int, Meta(ge=1, le=600, description="seconds to wait for each answer")] = 30
    drafts: Annotated[
        Text | None,
        Meta(description="for IMAP: the Drafts folder, where the server does not mark it"),
    ] = None
    sent: Annotated[
        Text | None,
        Meta(description="for IMAP: the folder of sent mail, where the server does not mark it"),
    ] = None


class Account(_Source, frozen=True, kw_only=True):
    """One account. Without `smtp` nothing can be sent, without `imap` there are no drafts on the server."""

    address: Annotated[
        str, Meta(description="the address that mail goes out from", examples=["ana@souza.example"])
    ]
    password: Annotated[
        Password,
        Meta(description="where the password is, never itself", examples=[{"keyring": "followup"}]),
    ]
    smtp: Annotated[Server | None, Meta(description="the server that takes mail")] = None
    imap: Annotated[Server | None, Meta(description="the server that keeps your folders")] = None
    html: Annotated[bool, Meta(description="send the words as HTML too, after the plain text")] = False


class _Accounts(_Source, frozen=True, kw_only=True):
    format: Annotated[int, Meta(ge=1, description="the version of the file format", examples=[1])]
    accounts: Annotated[
        dict[str, Account],
        Meta(
            description="your accounts, each below a name of your own",
            examples=[{"home": {"address": "ana@souza.example", "password": {"keyring": "followup"}}}],
        ),
    ]


def read_accounts(path: str | os.PathLike[str]) -> Mapping[str, Account]:
    """The accounts of a file by name. Raises InputError with every problem; none shows a password."""
    document = read_path(path)
    problems = list(_passwords_in(document))
    if problems:
        raise InputError(problems)
    check_format(document, problems)
    source = checked(document, (), document.value, _Accounts, problems)
    if source is not None:
        for name, account in source.accounts.items():
            problems += _account_problems(document, name, account)
    if source is None or problems:
        raise InputError(first_problems(problems))
    folder = Path(path).parent
    return {name: _located(account, folder) for name, account in source.accounts.items()}


def account_for(accounts: Mapping[str, Account], address: str, name: str | None = None) -> Account:
    """The account that mail from `address` goes out by; with `name` that one, if it is of the address.

    Raises UsageError.
    """
    if name is not None and name not in accounts:
        raise UsageError(f"there is no account `{name}`; {did_you_mean(name, accounts)}")
    wanted = accounts.values() if name is None else [accounts[name]]
    fitting = [account for account in wanted if plain_address(account.address) == plain_address(address)]
    if len(fitting) == 1:
        return fitting[0]
    known = ", ".join(f"{name} ({account.address})" for name, account in accounts.items())
    if fitting:
        raise UsageError(f"several accounts have the address {address}; name one with `--account`: {known}")
    if not plain_address(address):
        raise UsageError("the state does not say who writes; give `candidate: {email: …}`")
    raise UsageError(f"no account has the address {address}, from which the message is; there are: {known}")


def accounts_schema() -> dict[str, Any]:
    """The JSON Schema (draft-07) of the file, for editors."""
    from followup.shapes import schema_of

    draft = "http://json-schema.org/draft-07/schema#"
    return {"$schema": draft, "title": "The mail accounts of followup-email", **schema_of(_Accounts)}


def _passwords_in(document: Document) -> Iterator[Problem]:
    """Passwords that stand in the file itself: told without being shown."""
    accounts = document.value.get("accounts") if isinstance(document.value, dict) else None
    for name, account in accounts.items() if isinstance(accounts, dict) else ():
        for path in (("password",), ("smtp", "password"), ("imap", "password")):
            value = account
            for step in path:
                value = value.get(step) if isinstance(value, dict) else None
            if value is not None and not isinstance(value, dict):
                yield Problem(
                    "email-password",
                    "a password does not belong in this file",
                    document.place(("accounts", name, *path), key=True),
                    "take it out, change it if others have seen it, and say where it is: "
                    "`password: {keyring: followup}`, `{environment: NAME}` or `{file: PATH}`",
                )


def _account_problems(document: Document, name: str, account: Account) -> Iterator[Problem]:
    path = ("accounts", name)
    if not plain_address(account.address):
        place = document.place((*path, "address"))
        yield Problem(
            "email-address", "this is not one address", place, "write it alone, as `ana@souza.example`"
        )
    given = [field for field in account.password.__struct_fields__ if getattr(account.password, field)]
    if len(given) != 1:
        told = "say one place where the password is" if not given else "the password can be in one place only"
        place = document.place((*path, "password"), key=True)
        yield Problem("email-password", told, place, "write one of `keyring:`, `environment:` and `file:`")


def _located(account: Account, folder: Path) -> Account:
    """The account with its files seen from the folder of the accounts file, not from where one stands."""

    def found(path: str | None) -> str | None:
        return None if path is None else str(folder / Path(path).expanduser())

    def server(of: Server | None) -> Server | None:
        return None if of is None else msgspec.structs.replace(of, trust=found(of.trust))

    password = msgspec.structs.replace(account.password, file=found(account.password.file))
    return msgspec.structs.replace(
        account, password=password, smtp=server(account.smtp), imap=server(account.imap)
    )


def _print_schema() -> None:
    import json
    import sys

    sys.stdout.write(json.dumps(accounts_schema(), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    _print_schema()
