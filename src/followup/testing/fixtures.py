"""Fixtures for pytest. Nothing brings them in by itself; import those that you want in your `conftest.py`:

    from followup.testing.fixtures import engine_with, mail_server

    __all__ = ["engine_with", "mail_server"]

All of them come in by `pytest -p followup.testing.fixtures`.

| fixture | what it is |
|---|---|
| `engine_with` | makes an engine with the plugins that you name, and with no other installed one |
| `run_followup` | runs the command line, with the plugins that you name and settings of its own |
| `mail_server` | a real SMTP server on loopback, `followup.testing.mail.MailServer` |
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from followup.engine import Engine
from followup.errors import UsageError, did_you_mean
from followup.plugins import list_plugins
from followup.testing.mail import MailServer

__all__ = ["EngineWith", "RunFollowup", "engine_with", "mail_server", "run_followup"]


class EngineWith(Protocol):
    """`engine_with("letter")`, or `engine_with(("letter", module))` for one that is not installed."""

    def __call__(self, *plugins: str | tuple[str, object], **options: Any) -> Engine: ...


class RunFollowup(Protocol):
    """`run_followup("plan", "state.yaml", plugins=["letter"])`; all other installed plugins are denied."""

    def __call__(
        self, *arguments: str, plugins: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def engine_with() -> EngineWith:
    """A function that makes an engine; `options` go to `Engine.load`. It raises PluginError."""

    def make(*plugins: str | tuple[str, object], **options: Any) -> Engine:
        names = [each for each in plugins if isinstance(each, str)]
        handed = [each for each in plugins if not isinstance(each, str)]
        return Engine.load(deny=_all_but(names), extra_plugins=handed, **options)

    return make


@pytest.fixture
def run_followup(tmp_path: Path) -> RunFollowup:
    """A function that runs `followup` in a process of its own, in a folder of the test's own."""

    def run(*arguments: str, plugins: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
        denied = [word for name in _all_but(plugins) for word in ("--deny", name)]
        return subprocess.run(
            [sys.executable, "-c", "from followup.cli import main; main()", *denied, *arguments],
            cwd=tmp_path,
            env={
                **os.environ,
                "FOLLOWUP_CONFIG": str(tmp_path / ".config"),
                "FOLLOWUP_CACHE": "",
                "PYTHONPATH": _path(),
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )

    return run


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    """A mail server on a free port of loopback; `mail_server.received` is what it took."""
    with MailServer() as server:
        yield server


def _all_but(names: list[str] | tuple[str, ...]) -> list[str]:
    installed = [plugin.name for plugin in list_plugins()]
    for name in names:
        if name not in installed:
            cure = did_you_mean(name, installed)
            raise UsageError(f"no plugin `{name}` is installed" + (f"; {cure}" if cure else ""))
    return [name for name in installed if name not in names]


def _path() -> str:
    return os.pathsep.join(filter(None, sys.path))
