"""A real IMAP server for tests: Dovecot, installed where it is missing and started on loopback.

`python dovecot.py install` installs it: Debian's package, by apt-get, as root.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "dovecot-imapd"
WAY = "/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", "")
SECONDS = 20
CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = required
ssl_cert = <{folder}/certificate.pem
ssl_key = <{folder}/key.pem
ssl_dh =
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
default_internal_user = {user}
default_login_user = {login_user}
default_internal_group = {group}
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%u {folder}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u
}}
service imap-login {{
{chroot}
  inet_listener imap {{
    port = {starttls}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
{chroot}
}}
namespace inbox {{
  inbox = yes
  separator = /
{mailboxes}
}}
"""


@dataclass(frozen=True)
class Dovecot:
    """A server that runs: its ports and its log."""

    tls: int
    starttls: int
    log: Path


def install() -> None:
    """Install Debian's package if it is missing; ends the run with a clear message where that cannot be."""
    if shutil.which("dovecot", path=WAY):
        return
    if os.getuid() != 0 or not shutil.which("apt-get"):
        sys.exit(
            f"the tests of IMAP need Dovecot: install it (on Debian `apt-get install {PACKAGE}`), "
            f"or run this as root on Debian"
        )
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-qy", "--no-install-recommends", PACKAGE],
    ):
        subprocess.run(command, env=quiet, check=True)


@contextmanager
def dovecot(
    users: dict[str, str], certificate: bytes, key: bytes, drafts: dict[str, bool]
) -> Iterator[Dovecot]:
    """Start it with these users and passwords. `drafts` are folders: whether each is marked so."""
    folder = Path(tempfile.mkdtemp(prefix="followup-dovecot-"))
    is_root = os.getuid() == 0
    user = "dovecot" if is_root else _own_name()
    tls, starttls = _free_ports()
    try:
        folder.chmod(0o755)
        (folder / "mail").mkdir()
        (folder / "certificate.pem").write_bytes(certificate)
        (folder / "key.pem").write_bytes(key)
        (folder / "users").write_text("".join(f"{name}:{word}\n" for name, word in users.items()), "utf-8")
        if is_root:
            shutil.chown(folder / "mail", "dovecot", "dovecot")
        mailboxes = "\n".join(_mailbox(name, marked) for name, marked in drafts.items())
        configuration = folder / "dovecot.conf"
        configuration.write_text(
            CONFIGURATION.format(
                folder=folder,
                user=user,
                login_user="dovenull" if is_root else user,
                group="dovecot" if is_root else _own_group(),
                chroot="" if is_root else "  chroot =",
                tls=tls,
                starttls=starttls,
                mailboxes=mailboxes,
            ),
            "utf-8",
        )
        program = shutil.which("dovecot", path=WAY)
        assert program is not None, "Dovecot is not installed; run `python dovecot.py install`"
        version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
        assert version.startswith("2.3."), f"this configuration is for Dovecot 2.3, and here is {version}"
        process = subprocess.Popen([program, "-F", "-c", str(configuration)])
        try:
            _await(tls, process, folder / "log")
            yield Dovecot(tls, starttls, folder / "log")
        finally:
            process.terminate()
            process.wait(SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _mailbox(name: str, marked: bool) -> str:
    special = "    special_use = \\Drafts\n" if marked else ""
    return f'  mailbox "{name}" {{\n    auto = create\n{special}  }}'


def _free_ports() -> tuple[int, int]:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def _await(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(SECONDS * 20):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    told = log.read_text("utf-8", "replace") if log.is_file() else ""
    raise AssertionError(f"Dovecot did not start: {told}")


def _own_name() -> str:
    import pwd

    return pwd.getpwuid(os.getuid()).pw_name


def _own_group() -> str:
    import grp

    return grp.getgrgid(os.getgid()).gr_name


if __name__ == "__main__":
    install()
