"""The accounts file, and passwords that are fetched from elsewhere and shown nowhere."""

from __future__ import annotations

import json
import os
import pickle
import sys
from pathlib import Path

import keyring
import pytest
import yaml
from jsonschema import Draft7Validator
from keyring.backend import KeyringBackend
from keyring.errors import KeyringError

from followup.errors import InputError, UsageError
from followup_email.accounts import Account, Password, Server, account_for, accounts_schema, read_accounts
from followup_email.passwords import Secret, password_of

SCHEMA = Path(__file__).parents[1] / "schemas" / "accounts.schema.json"
FILE = """\
format: 1
accounts:
  home:
    address: ana@souza.example
    password: {file: secret}
    smtp: {host: smtp.souza.example, trust: authority.pem}
    imap: {host: imap.souza.example, security: starttls, user: ana, drafts: Entwürfe}
  work:
    address: ana@bücher.example
    password: {environment: MAIL_PASSWORD}
    html: true
"""
SERVER = Server(host="mail.souza.example")


def read(tmp_path: Path, text: str) -> dict[str, Account]:
    path = tmp_path / "email.yaml"
    path.write_text(text, "utf-8")
    return dict(read_accounts(path))


def problems(tmp_path: Path, text: str) -> list[str]:
    with pytest.raises(InputError) as refused:
        read(tmp_path, text)
    return [str(problem).replace(f"{tmp_path}/", "") for problem in refused.value.problems]


def test_accounts_are_read_by_name_with_their_files_seen_from_their_folder(tmp_path: Path) -> None:
    accounts = read(tmp_path, FILE)
    home = accounts["home"]
    assert list(accounts) == ["home", "work"]
    assert home.password.file == str(tmp_path / "secret")
    assert home.smtp is not None
    assert home.smtp.trust == str(tmp_path / "authority.pem")
    assert (home.smtp.security, home.smtp.timeout, home.html, accounts["work"].html) == (
        "tls",
        30,
        False,
        True,
    )


def test_an_account_is_found_by_its_address(tmp_path: Path) -> None:
    accounts = read(tmp_path, FILE)
    assert account_for(accounts, "ana@xn--bcher-kva.example") is accounts["work"]
    assert account_for(accounts, "ana@souza.example", "home") is accounts["home"]
    for address, name, told in (
        ("eve@other.example", None, r"no account has the address eve@other\.example.*home \(ana@souza"),
        ("ana@souza.example", "work", "no account has the address"),
        ("ana@souza.example", "hom", "did you mean `home`"),
        ("", None, "does not say who writes"),
    ):
        with pytest.raises(UsageError, match=told):
            account_for(accounts, address, name)


def test_what_is_wrong_is_told_with_its_line_and_a_cure(tmp_path: Path) -> None:
    text = """\
format: 1
accounts:
  home:
    adress: ana@souza.example
    password: {keyring: followup}
    smtp: {host: smtp.souza.example, security: none, port: 0}
"""
    told = problems(tmp_path, text)
    assert [line.rpartition(" [")[2] for line in told] == ["unknown-key]", "not-a-value]", "value]"]
    assert told[0].startswith("email.yaml:4:5: unknown key `adress`; did you mean `address`?")


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("{}", "say one place where the password is"),
        ("{keyring: a, file: b}", "in one place only"),
    ],
)
def test_the_password_is_in_one_place(tmp_path: Path, password: str, told: str) -> None:
    [line] = problems(tmp_path, FILE.replace("{file: secret}", password))
    assert line.startswith("email.yaml:5:5: ")
    assert told in line


@pytest.mark.parametrize(
    "text",
    [
        FILE.replace("{file: secret}", "hunter2"),
        FILE.replace("{file: secret}", "[hunter2]"),
        FILE.replace("host: smtp.souza.example", "password: hunter2"),
        json.dumps({"format": 1, "accounts": {"home": {"password": "hunter2"}}}),
    ],
)
def test_a_password_in_the_file_is_refused_and_not_shown(tmp_path: Path, text: str) -> None:
    [line] = problems(tmp_path, text)
    assert "a password does not belong in this file" in line
    assert "hunter2" not in line


def test_an_address_is_one_address(tmp_path: Path) -> None:
    [line] = problems(tmp_path, FILE.replace("ana@souza.example", "Ana <ana@souza.example>"))
    assert line.startswith("email.yaml:4:14: this is not one address")


def test_the_published_schema_is_the_readers() -> None:
    told = "run `python -m followup_email.accounts > schemas/accounts.schema.json`"
    assert json.loads(SCHEMA.read_text("utf-8")) == accounts_schema(), told
    Draft7Validator(accounts_schema()).validate(yaml.safe_load(FILE))


# Passwords


def account(**password: str) -> Account:
    return Account(address="ana@souza.example", password=Password(**password))


def test_a_password_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", "hunter2")
    assert password_of(account(environment="MAIL_PASSWORD"), SERVER).reveal() == "hunter2"
    monkeypatch.delenv("MAIL_PASSWORD")
    with pytest.raises(UsageError, match="MAIL_PASSWORD"):
        password_of(account(environment="MAIL_PASSWORD"), SERVER)
    with pytest.raises(UsageError) as refused:
        password_of(account(environment="hunter2!"), SERVER)
    assert "hunter2" not in str(refused.value)


def test_a_password_comes_from_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text("hunter2\n", "utf-8")
    path.chmod(0o600)
    assert password_of(account(file=str(path)), SERVER).reveal() == "hunter2"
    for mode in (0o640, 0o604, 0o666):
        path.chmod(mode)
        with pytest.raises(UsageError, match="others may read this password") as refused:
            password_of(account(file=str(path)), SERVER)
        assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", b"a\x00b"])
def test_a_file_without_a_password_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "secret"
    path.write_bytes(content)
    path.chmod(0o600)
    for wrong in (path, tmp_path / "missing", tmp_path):
        with pytest.raises(UsageError):
            password_of(account(file=str(wrong)), SERVER)


@pytest.mark.parametrize("text", ["", "two\nlines", "bytes \udcff"])
def test_an_environment_without_a_password_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("MAIL_PASSWORD", text)
    with pytest.raises(UsageError, match="the password is empty, or is none"):
        password_of(account(environment="MAIL_PASSWORD"), SERVER)


def test_a_password_file_may_be_a_link_or_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path, link = tmp_path / "secret", tmp_path / "link"
    path.write_bytes(b"\xef\xbb\xbfhunter2\r\n")
    link.symlink_to(path)
    path.chmod(0o600)
    assert password_of(account(file=str(link)), SERVER).reveal() == "hunter2"
    path.chmod(0o644)
    with pytest.raises(UsageError, match="others may read this password"):
        password_of(account(file=str(link)), SERVER)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes in folders")
def test_a_pipe_in_place_of_a_password_file_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    os.mkfifo(path, 0o600)
    with pytest.raises(UsageError, match="this is no file"):
        password_of(account(file=str(path)), SERVER)


class Ring(KeyringBackend):
    priority = 1  # type: ignore[assignment]

    def get_password(self, service: str, username: str) -> str | None:
        if service == "locked":
            raise KeyringError("the keyring is locked")
        if service == "broken":
            raise RuntimeError("the desktop's service has gone away")
        return {("followup", "ana"): "hunter2"}.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        raise NotImplementedError


def test_a_password_comes_from_the_keyring() -> None:
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    try:
        named = Server(host="mail.souza.example", user="ana")
        assert password_of(account(keyring="followup"), named).reveal() == "hunter2"
        with pytest.raises(UsageError, match="run `keyring set followup ana@souza"):
            password_of(account(keyring="followup"), SERVER)
        with pytest.raises(UsageError, match="the keyring is locked"):
            password_of(account(keyring="locked"), SERVER)
        with pytest.raises(UsageError, match="the desktop's service has gone away"):
            password_of(account(keyring="broken"), SERVER)
    finally:
        keyring.set_keyring(before)


def test_a_secret_does_not_show_itself() -> None:
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret}{secret!r}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)
