"""Fingerprints: by what a pack is known again, so that it need not be read from its files anew.

Two engines whose fingerprints agree have the same rules: the same bytes under the same names in the same
folders, read by the same code with the same names from plugins.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import msgspec

from followup.documents import MAX_BYTES
from followup.plugins import Registry

__all__ = ["fingerprint"]

MESSAGES_DEPTH = 2
"""Messages stand in a folder, and those of other languages in folders in it."""


def fingerprint(
    scenarios: Iterable[Path],
    languages: Iterable[Path],
    shown: Mapping[str, str],
    settings: str | Path | None,
    registry: Registry,
) -> str | None:
    """The fingerprint of what is loaded from these files; None where they leave doubt.

    `shown` maps a folder to the name that problems give it. A link leaves doubt, since it may lead elsewhere
    tomorrow, and so does what cannot be read.
    """
    digest = blake2b(digest_size=16)
    try:
        for part in (
            *_code(),
            *_names(registry),
            *_settings(settings),
            *_contents(scenarios, "scenario.yaml", "messages", shown),
            *_contents(languages, "language.yaml", ".", shown),
        ):
            data = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
            digest.update(len(data).to_bytes(8) + data)
    except (OSError, _DoubtError):
        return None
    return digest.hexdigest()


class _DoubtError(Exception):
    """What is read may not be what will be read."""


@cache
def _code() -> tuple[str, ...]:
    """The code that reads and checks rules. A checkout that is worked on changes without a new version."""
    with os.scandir(Path(__file__).parent) as entries:
        modules = sorted((entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py"))
    seen = (f"{name} {status.st_size} {status.st_mtime_ns}" for name, status in modules)
    return sys.version, version("minijinja"), version("PyYAML"), *seen


def _names(registry: Registry) -> Iterator[str | bytes]:
    """The plugins, and of what they add all that a rule or a message is held against."""
    for plugin in registry.plugins:
        yield f"{plugin.name} {plugin.distribution} {plugin.version} {plugin.status}"
    for fact in registry.facts.values():
        yield f"{fact.path} {fact.type} {fact.type.element} {fact.follows}"
    for operator in registry.operators.values():
        yield f"{operator.name} {sorted(operator.kinds)} {operator.total} {operator.refers}"
    for event in registry.event_types.values():
        yield msgspec.json.encode(event)
    for channel in registry.channels.values():
        yield f"{channel.name} {channel.direction} {sorted(channel.limits.intents)}"
    for kind in registry.condition_kinds.values():
        yield f"{kind.name} {dict(kind.schema)}"
    for guard in registry.guard_kinds.values():
        yield f"{guard.name} {dict(guard.schema)}"
    yield " ".join(registry.filters)


def _settings(path: str | Path | None) -> Iterator[str | bytes]:
    if path is not None:
        yield str(path)
        yield _read(Path(path))


def _contents(
    folders: Iterable[Path], file: str, messages: str, shown: Mapping[str, str]
) -> Iterator[str | bytes]:
    for folder in folders:
        if (folder / file).is_symlink() or (folder / messages).is_symlink():
            raise _DoubtError
        yield f"{folder} {shown.get(str(folder))}"
        yield _read(folder / file)
        if (folder / messages).is_dir():
            yield from _messages(folder / messages, MESSAGES_DEPTH)


def _messages(folder: Path, depth: int) -> Iterator[str | bytes]:
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        if entry.is_symlink():
            raise _DoubtError
        if entry.is_dir():
            yield f"{entry.name}/"
            if depth > 1:
                yield from _messages(folder / entry.name, depth - 1)
        elif entry.name.endswith(".md"):
            yield entry.name
            yield _read(folder / entry.name)
    yield "/"


def _read(path: Path) -> bytes:
    with path.open("rb") as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _DoubtError
    return data
