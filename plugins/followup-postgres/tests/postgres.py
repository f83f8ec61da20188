"""A real PostgreSQL server for tests: installed where it is missing, and started on loopback.

`python postgres.py install` installs it: Debian's package, by apt-get, as root. Nothing of a server that the
machine has already is touched: this one has its own folder, port, user and password, and is gone afterwards.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGE = "postgresql"
SECONDS = "60"
USER, PASSWORD = "followup", "p@ss/word:ü"


@dataclass(frozen=True)
class Server:
    """A server that runs: its port, and the folder of its data."""

    port: int
    data: Path


def programs() -> Path | None:
    """The folder of the newest server on this machine; None if there is none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0])
    )
    if found:
        return found[-1].parent
    elsewhere = shutil.which("initdb")
    return Path(elsewhere).resolve().parent if elsewhere else None


def install() -> None:
    """Install Debian's package if it is missing; ends the run with a clear message where that cannot be."""
    if programs():
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"the tests of the store need PostgreSQL: install it (on Debian `apt-get install {PACKAGE}`), "
            f"or run this as root on Debian"
        )
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-qy", "--no-install-recommends", PACKAGE],
    ):
        subprocess.run(command, env=quiet, check=True)


@contextmanager
def postgres() -> Iterator[Server]:
    """Start it, with one superuser and that user's password."""
    folder = programs()
    assert folder is not None, "PostgreSQL is not installed; run `python postgres.py install`"
    root = Path(tempfile.mkdtemp(prefix="followup-postgres-"))
    data, port = root / "data", _free_port()
    try:
        (root / "password").write_text(PASSWORD, "utf-8")
        # The server refuses to run as root.
        as_who: dict[str, Any] = {}
        if os.getuid() == 0:
            as_who = {"user": "postgres", "group": "postgres", "extra_groups": []}
            for path in (root, root / "password"):
                shutil.chown(path, "postgres", "postgres")
        run: dict[str, Any] = {"cwd": root, "stdout": subprocess.DEVNULL, **as_who}
        subprocess.run(
            [folder / "initdb", "-D", data, "-U", USER, "--pwfile", root / "password", "--auth=scram-sha-256",
             "-E", "UTF8", "--no-locale", "--no-sync"],
            check=True, **run,
        )  # fmt: skip
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {root} -c fsync=off"
        control = [folder / "pg_ctl", "-D", data, "-w", "-t", SECONDS]
        subprocess.run([*control, "-l", root / "log", "-o", options, "start"], check=True, **run)
        try:
            yield Server(port, data)
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=True, **run)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


if __name__ == "__main__":
    install()
