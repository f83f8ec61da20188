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
SHORTEST_PIECE = 8
"""Characters of a password in Base64 that are taken out also where a server repeats only the beginning."""
_NO_PASSWORD = re.compile("[\0\r\n\ud800-\udfff]")
"""What no server takes; the last are bytes of an environment that are no UTF-8."""
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


class Secret:
    """A text that does not show itself: not when printed, not in an error, not when pickled.

    `user` is whose it is; the two are sent in one.
    """

    __slots__ = ("_text", "_user")

    def __init__(self, text: str, user: str = "") -> None:
        self._text = text
        self._user = user

    def reveal(self) -> str:
        """The text itself, for the one call that needs it."""
        return self._text

    def taken_out_of(self, answer: str | bytes) -> str:
        """A server's answer on one line, without the secret in any form in which it was sent."""
        shown = plain_line(answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer)
        encoded = self._encoded()
        for form in (*encoded, repr(self._text.encode())[2:-1], self._text):
            # However it is broken into lines.
            spread = r"\s*".join(re.escape(letter) for letter in plain_line(form) if letter != " ")
            shown = re.sub(f"{spread}=*", "…", shown, flags=re.IGNORECASE) if spread else shown
        for form in encoded:
            for length in range(len(form), SHORTEST_PIECE - 1, -1):
                shown = shown.replace(form[:length], "…")
        return shown if len(shown) <= LONGEST_ANSWER else shown[:LONGEST_ANSWER] + "…"

    def _encoded(self) -> list[str]:
        whole = (f"\0{self._user}\0{self._text}", f"{self._user}\0{self._user}\0{self._text}", self._text)
        return [base64.b64encode(text.encode()).decode().rstrip("=") for text in whole]

    def __repr__(self) -> str:
        return "Secret(…)"

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        raise TypeError("a secret is not written down")


def password_of(account: Account, server: Server) -> Secret:
    """The password, from the keyring, the environment or a file. Raises UsageError, which never shows it."""
    where, user = account.password, server.user or account.address
    if where.environment is not None:
        text = _from_environment(where.environment)
    elif where.file is not None:
        text = _from_file(Path(where.file))
    else:
        text = _from_keyring(where, user)
    if not text or len(text) > LONGEST_PASSWORD or _NO_PASSWORD.search(text):
        raise UsageError("the password is empty, or is none; put the right one where `password:` says")
    return Secret(text, user)


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
        # A pipe would keep one waiting for who writes into it.
        with open(path, encoding="utf-8-sig", opener=_without_waiting) as stream:
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


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _from_keyring(where: Password, user: str) -> str:
    try:
        import keyring
    except ImportError:
        raise UsageError("the keyring is not installed; `pip install followup-email[keyring]`") from None
    try:
        text = keyring.get_password(where.keyring or "", user)
    except Exception as error:  # noqa: BLE001 (it passes on what the desktop's service raises)
        told = plain_line(str(error)) or type(error).__name__
        raise UsageError(f"the system's keyring cannot be used: {told}") from None
    if text is None:
        raise UsageError(
            f"the keyring has no password of {user} for `{where.keyring}`; "
            f"run `keyring set {where.keyring} {user}`"
        )
    return text
