"""Where the store stands: a folder, or a URL of a kind that a plugin brings; versions of its file."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from followup import UsageError
from followup.cli.root import cli
from followup.store import folded
from followup.store.sqlite import MIGRATIONS, SqliteStore, read_backup

STORES = Path(__file__).parent / "stores"
STATE = """\
format: 1
candidate: {name: Ana Souza, timezone: America/Chicago}
company: {name: Initech}
position: {title: Data Engineer}
"""


PLUGIN = """\
from pathlib import Path
from followup.hookspecs import StoreKind, hookimpl
from followup.store.sqlite import SqliteStore

FOLLOWUP_API = 1

@hookimpl
def followup_stores():
    return [StoreKind("vault", lambda url: SqliteStore(Path(url.removeprefix("vault://"))))]
"""


@pytest.fixture
def vault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """A URL of a store, and the plugin installed that opens it."""
    site = tmp_path / "site"
    metadata = site / "followup_vault-1.0.dist-info"
    metadata.mkdir(parents=True)
    (site / "followup_vault.py").write_text(PLUGIN, "utf-8")
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: followup-vault\nVersion: 1.0\n", "utf-8")
    (metadata / "entry_points.txt").write_text("[followup]\nvault = followup_vault\n", "utf-8")
    monkeypatch.syspath_prepend(site)
    return f"vault://{tmp_path}/ana.db"


def invoke(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=text)


def test_a_store_stands_at_a_url(vault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert invoke("add", "-", "--home", vault, text=STATE).exit_code == 0
    assert (tmp_path / "ana.db").is_file()
    monkeypatch.setenv("FOLLOWUP_HOME", vault)
    assert invoke("plan", "initech", "--now", "2026-11-20T12:00Z").exit_code == 0
    assert invoke("undo").exit_code == 0


def test_what_stood_at_a_url_before_a_restore_is_kept_in_the_data_folder(
    vault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    invoke("add", "-", "--home", vault, text=STATE)
    copy = tmp_path / "copy.db"
    assert invoke("backup", str(copy), "--home", vault).exit_code == 0
    invoke("undo", "--home", vault)
    done = invoke("restore", str(copy), "--home", vault)
    assert done.exit_code == 0, done.output
    before = Path(done.stdout.split("followup restore ")[1].strip())
    assert len(read_backup(before)) == 2


def test_the_default_store_loads_neither_plugins_nor_another_database(tmp_path: Path) -> None:
    program = (
        "import sys; from followup.store.opening import open_store; open_store(sys.argv[1], {}).close(); "
        "print({'pluggy', 'sqlalchemy', 'psycopg', 'followup.plugins'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout == "set()\n"


def test_a_url_that_nobody_opens_is_told_without_its_password() -> None:
    done = invoke("--no-plugins", "today", "--home", "postgresql://ana:secret@localhost/ana")
    assert done.exit_code == 2
    assert "pip install followup-postgres" in done.stderr
    assert "secret" not in done.output


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_store_of_each_version_opens_and_so_does_its_backup(version: int, tmp_path: Path) -> None:
    path, copy = tmp_path / "followup.db", tmp_path / "copy.db"
    for each in (path, copy):
        connection = sqlite3.connect(each)
        connection.executescript((STORES / f"version-{version}.sql").read_text("utf-8"))
        connection.close()
    store = SqliteStore(path)
    kept = folded(store.entries())
    assert kept.opportunities["initech"].state().company.name == "Initech"
    assert [event["type"] for event in kept.opportunities["initech"].data["events"]] == ["interview", "reply"]
    before = store.entries()
    store.restore(copy, lambda _: [], datetime(2026, 9, 16, tzinfo=UTC))
    assert store.entries() == before
    store.close()


def test_a_store_of_a_newer_followup_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "followup.db"
    SqliteStore(path).close()
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(UsageError, match="by a newer followup and is left as it is; update"):
        SqliteStore(path)
    with pytest.raises(UsageError, match="written by a newer followup"):
        read_backup(path)
