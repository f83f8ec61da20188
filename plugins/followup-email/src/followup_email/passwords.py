"""Passwords: fetched from where the account says when they are needed, and shown nowhere."""

from __future__ import annotations

import base64
import os
import re
import stat
from pathlib import Path

from followup.errors import UsageError
from followup.plain import plain_line
from followup_email.accounts import Account, Password, Server

__all__ = ["Secret", "password_of"]

LONGEST_PASSWORD = 4_096
LONGEST_ANSWER = 300
"""Characters of a server's answer that are worth showing."""
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


class Secret:
    """A text that does not show itself: not when printed, not in an error, not when pickled."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._text

    def taken_out_of(self, answer: str | bytes, user: str = "") -> str:
        """A server's answer on one line, without the secret in any form in which it was sent."""
        shown = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        for form in self._forms(user):
            shown = shown.replace(form, "…")
        shown = plain_line(shown)
        return shown if len(shown) <= LONGEST_ANSWER else shown[:LONGEST_ANSWER] + "…"

    def _forms(self, user: str) -> list[str]:
        encoded = [
            base64.b64encode(text.encode()).decode()
            for text in (f"\0{user}\0{self._text}", f"{user}\0{user}\0{self._text}", self._text)
        ]
        return [*encoded, self._text]

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        raise TypeError("a secret is not written down")


def password_of(account: Account, server: Server) -> Secret:
    """The password, from the keyring, the environment or a file. Raises UsageError, which never shows it."""
    where = account.password
    if where.environment is not None:
        text = _from_environment(where.environment)
    elif where.file is not None:
        text = _from_file(Path(where.file))
    else:
        text = _from_keyring(where, server.user or account.address)
    if not text or "\0" in text or len(text) > LONGEST_PASSWORD:
        raise UsageError("the password is empty, or is none; put the right one where `password:` says")
    return Secret(text)


def _from_environment(name: str) -> str:
    text = os.environ.get(name)
    if text is None:
        shown = f" {name}" if _VARIABLE.fullmatch(name) else ""
        raise UsageError(
            f"the environment variable{shown} that `password: {{environment: …}}` names is not set"
        )
    return text


def _from_file(path: Path) -> str:
    try:
        with open(path, encoding="utf-8") as stream:
            found = os.fstat(stream.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise UsageError(f"{path}: this is no file; put the password alone into a file of mode 0600")
            if os.name == "posix" and (found.st_mode & 0o077 or found.st_uid not in (os.getuid(), 0)):
                mode = stat.S_IMODE(found.st_mode)
                raise UsageError(
                    f"{path}: others may read this password (mode {mode:04o}); "
                    f"run `chmod 600` on it, as its owner"
                )
            return stream.readline(LONGEST_PASSWORD + 2).rstrip("\r\n")
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the password is not UTF-8; save the file as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path}: the password cannot be read: {error.strerror}") from None


def _from_keyring(where: Password, user: str) -> str:
    try:
        import keyring
        from keyring.errors import KeyringError
    except ImportError:
        raise UsageError("the keyring is not installed; `pip install followup-email[keyring]`") from None
    try:
        text = keyring.get_password(where.keyring or "", user)
    except KeyringError as error:
        raise UsageError(f"the system's keyring cannot be used: {plain_line(str(error))}") from None
    if text is None:
        raise UsageError(
            f"the keyring has no password of {user} for `{where.keyring}`; "
            f"run `keyring set {where.keyring} {user}`"
        )
    return text
