"""The services that reminders go through: addresses of Apprise, which are secrets, and sending to one.

The addresses come from an environment variable or a file that nobody else may read. Nothing that is told here
holds one: a service is named by its place and its kind.
"""

from __future__ import annotations

import logging
import os
import re
import stat
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from followup.errors import UsageError
from followup_remind.digest import Digest

__all__ = ["VARIABLE", "NotTakenError", "Service", "send", "services"]

VARIABLE = "FOLLOWUP_REMIND_URLS"
LARGEST = 100_000
"""Bytes of a file with addresses."""
_KIND = re.compile(r"([a-z][a-z0-9]{1,19})://", re.IGNORECASE)
_CODE = re.compile(r"error=(\d{3})\b")
_HOW = "write one address of Apprise a line, such as `ntfy://topic`, into a file with mode 0600"


class NotTakenError(Exception):
    """A service did not take a reminder. The message holds nothing secret."""


@dataclass(frozen=True, slots=True)
class Service:
    """An address of Apprise, and the words that name it: `services.txt, line 2 (ntfy)`."""

    address: str = field(repr=False)
    name: str


def services(path: Path, *, given: bool) -> tuple[Service, ...]:
    """Those of the variable, else those of the file; those of the file if it was `given`.

    Empty where there is neither. Raises UsageError for a file that others may read or that holds none.
    """
    from_variable = os.environ.get(VARIABLE, "").split()
    if from_variable and not given:
        return tuple(
            Service(address, _named(f"{VARIABLE}, address {number}", address))
            for number, address in enumerate(from_variable, start=1)
        )
    try:
        with path.open("rb") as stream:
            mode = os.fstat(stream.fileno()).st_mode
            data = stream.read(LARGEST + 1)
    except FileNotFoundError:
        if not given:
            return ()
        raise UsageError(f"{path} is not there; {_HOW}") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}; {_HOW}") from None
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise UsageError(f"others may read {path}, which holds secrets; run `chmod 600 {path}`")
    found = tuple(_in_file(path, data))
    if not found:
        raise UsageError(f"{path} holds no address; {_HOW}")
    return found


def _in_file(path: Path, data: bytes) -> Iterator[Service]:
    if len(data) > LARGEST:
        raise UsageError(f"{path} is larger than {LARGEST:,} bytes, so it is no list of addresses; {_HOW}")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path} is not in UTF-8; {_HOW}") from None
    for number, line in enumerate(text.splitlines(), start=1):
        address = line.strip()
        if address and not address.startswith("#"):
            yield Service(address, _named(f"{path.name}, line {number}", address))


def _named(place: str, address: str) -> str:
    kind = _KIND.match(address)
    return f"{place} ({kind[1].lower()})" if kind else place


def send(service: Service, digest: Digest) -> None:
    """Send the digest to this one service, and wait until it took it. Raises NotTakenError."""
    with _silence() as said:
        instance = _instance(service.address)
        taken = instance is not None and _taken(instance, digest)
    if instance is None:
        raise NotTakenError(
            f"{service.name} is no address that Apprise understands; `apprise --details` lists all"
        )
    if not taken:
        codes = [code[1] for line in said for code in _CODE.finditer(line)]
        why = f"it answered with error {codes[-1]}" if codes else "it did not answer, or refused it"
        raise NotTakenError(f"{service.name} did not take the reminder: {why}")


def _taken(instance: Any, digest: Digest) -> bool:
    from apprise import Apprise, NotifyFormat

    sender = Apprise(asset=instance.asset)
    sender.add(instance)
    try:
        return bool(
            sender.notify(
                title=digest.title,
                body=digest.body,
                body_format=NotifyFormat.TEXT,
                interpret_escapes=False,
            )
        )
    except Exception:  # noqa: BLE001 (a plugin of Apprise's may raise anything, with the address in it)
        return False


def _instance(address: str) -> Any:
    """The service as Apprise knows it, or None. A digest that is too long for it goes out in parts."""
    from apprise import Apprise, AppriseAsset
    from apprise.common import OverflowMode, PersistentStoreMode

    asset = AppriseAsset(storage_mode=PersistentStoreMode.MEMORY, secure_logging=True)
    try:
        instance = Apprise.instantiate(address, asset=asset)
    except Exception:  # noqa: BLE001 (as above)
        return None
    if instance is not None and "overflow=" not in address:
        instance.overflow_mode = OverflowMode.SPLIT
    return instance


@contextmanager
def _silence() -> Iterator[list[str]]:
    """What Apprise logs goes here and nowhere else, since it may hold an address; nor are warnings shown."""
    said: list[str] = []
    listener = _Listener(said)
    nowhere = logging.NullHandler()
    logger, root = logging.getLogger("apprise"), logging.getLogger()
    before = logger.propagate, logger.level
    logger.propagate = False
    logger.setLevel(logging.WARNING)
    logger.addHandler(listener)
    root.addHandler(nowhere)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield said
    finally:
        root.removeHandler(nowhere)
        logger.removeHandler(listener)
        logger.propagate = before[0]
        logger.setLevel(before[1])


class _Listener(logging.Handler):
    def __init__(self, said: list[str]) -> None:
        super().__init__()
        self._said = said

    def emit(self, record: logging.LogRecord) -> None:
        self._said.append(record.getMessage())
