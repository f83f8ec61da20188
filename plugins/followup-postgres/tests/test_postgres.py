"""The store in a real PostgreSQL server. `tox -e postgres` installs and starts one for it."""

from __future__ import annotations

import contextlib
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from click.testing import CliRunner, Result

from followup import UsageError
from followup.cli.root import cli
from followup.store import NewEntry, Store, erase, folded
from followup.store.sqlite import SqliteStore
from followup.testing import StoreConformance
from followup_postgres.store import PostgresStore
from followup_postgres.tables import MIGRATIONS

sys.path.insert(0, str(Path(__file__).parent))
from postgres import PASSWORD, USER, Server, postgres, programs

if os.environ.get("FOLLOWUP_POSTGRES") != "required" and not programs():
    pytest.skip("PostgreSQL is not installed; `tox -e postgres` installs it", allow_module_level=True)

NOW = datetime(2026, 9, 16, 9, tzinfo=UTC)
STATE = {
    "format": 1,
    "candidate": {"name": "Ana Souza", "timezone": "UTC"},
    "company": {"name": "Initech"},
    "position": {"title": "Data Engineer"},
    "people": {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}},
}
OPENED = NewEntry(kind="opened", opportunity="initech", data=STATE)
WRITER = """
import sys
from datetime import UTC, datetime
from followup.store import NewEntry
from followup_postgres.store import PostgresStore
store = PostgresStore(sys.argv[1])
for _ in range(10):
    store.change(
        lambda entries: [NewEntry(kind="happened", opportunity="a", data={"seen": len(entries)})],
        datetime(2026, 9, 16, tzinfo=UTC),
    )
"""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        yield running


def address(server: Server, database: str, password: str = PASSWORD) -> str:
    return f"postgresql://{USER}:{quote(password, safe='')}@127.0.0.1:{server.port}/{database}"


def query(server: Server, statement: str, database: str = "postgres") -> list[tuple[object, ...]]:
    with psycopg.connect(address(server, database), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def database_for(server: Server, folder: Path) -> str:
    """The URL of the folder's own database, made when it is first asked for."""
    name = "t" + hashlib.sha256(str(folder).encode()).hexdigest()[:20]
    if not query(server, f"SELECT 1 FROM pg_database WHERE datname = '{name}'"):
        query(server, f"CREATE DATABASE {name}")
    return address(server, name)


@pytest.fixture
def url(server: Server, tmp_path: Path) -> str:
    return database_for(server, tmp_path)


def name_of(url: str) -> str:
    return url.rpartition("/")[2]


class TestPostgres(StoreConformance):
    @pytest.fixture(autouse=True)
    def _running(self, server: Server) -> None:
        self.server = server

    def opened(self, folder: Path) -> Store:
        return PostgresStore(database_for(self.server, folder))


def test_several_processes_begin_a_store_and_write_at_once_and_lose_nothing(url: str) -> None:
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, url]) for _ in range(4)]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    store = PostgresStore(url)
    assert [entry.data["seen"] for entry in store.entries()] == list(range(40))
    store.close()


def test_other_programs_cannot_write_while_a_change_is_decided(server: Server, url: str) -> None:
    store = PostgresStore(url)

    def decide(_: object) -> list[NewEntry]:
        with pytest.raises(psycopg.errors.LockNotAvailable):
            query(
                server,
                "SET lock_timeout = '50ms'; INSERT INTO followup_entries VALUES (9, 9, '', '', '', '')",
                name_of(url),
            )
        return [OPENED]

    assert store.change(decide, NOW)
    assert len(store.entries()) == 1
    store.close()


def test_a_process_that_is_killed_while_it_writes_leaves_nothing_and_no_lock(url: str) -> None:
    PostgresStore(url).close()
    program = "import os\n" + WRITER.replace("entries: [", "entries: os.kill(os.getpid(), 9) or [")
    killed = subprocess.run([sys.executable, "-c", program, url], check=False)
    assert killed.returncode == -9
    store = PostgresStore(url)
    assert store.entries() == ()
    assert store.change(lambda _: [OPENED], NOW)
    store.close()


def test_an_erased_person_is_not_in_the_tables_file(server: Server, url: str) -> None:
    store = PostgresStore(url)
    store.change(lambda _: [OPENED], NOW)
    erase(store, "initech", "dana", NOW)
    store.close()
    query(server, "CHECKPOINT", name_of(url))
    [(path,)] = query(server, "SELECT pg_relation_filepath('followup_entries')", name_of(url))
    held = (server.data / str(path)).read_bytes()
    assert b"Initech" in held
    assert b"Whitfield" not in held


def test_a_backup_goes_from_one_kind_of_store_into_the_other(url: str, tmp_path: Path) -> None:
    store, file = PostgresStore(url), SqliteStore(tmp_path / "followup.db")
    store.change(lambda _: [OPENED], NOW)
    store.backup(tmp_path / "copy")
    file.restore(tmp_path / "copy", lambda _: [], NOW)
    assert file.entries() == store.entries()
    file.change(lambda _: [NewEntry(kind="retired", opportunity="initech")], NOW)
    file.backup(tmp_path / "second")
    store.restore(tmp_path / "second", lambda _: [], NOW)
    assert file.entries() == store.entries()
    file.close()
    store.close()


def test_a_database_that_cannot_hold_all_text_is_refused(server: Server) -> None:
    query(server, "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0")
    with pytest.raises(UsageError, match="keeps text as LATIN1; make a database with the encoding UTF8"):
        PostgresStore(address(server, "latin"))


def test_a_log_goes_by_export_and_import_from_a_file_into_the_database(url: str, tmp_path: Path) -> None:
    here, file = str(tmp_path / "home"), str(tmp_path / "log.jsonl")
    invoke("add", "-", "--home", here, text=invoke("demo", "--state").stdout)
    assert invoke("export", "-o", file, "--home", here).exit_code == 0
    assert invoke("import", file, "--home", url).exit_code == 0
    again = invoke("export", "--as", "jsonl", "--home", url)
    assert again.stdout == Path(file).read_text("utf-8")
    assert invoke("undo", "--home", url).exit_code == 0


def test_a_process_that_is_killed_while_it_sends_lets_go(url: str) -> None:
    program = "import sys; from followup_postgres.store import PostgresStore as Store\n"
    program += "with Store(sys.argv[1]).alone(): print('inside', flush=True); sys.stdin.read()"
    sending = subprocess.Popen(
        [sys.executable, "-c", program, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert sending.stdout is not None
    assert sending.stdout.readline() == "inside\n"
    store = PostgresStore(url)
    with pytest.raises(UsageError, match="another followup is sending"), store.alone():
        pass
    sending.kill()
    sending.communicate()
    for _ in range(100):
        # The server learns of it a moment later.
        with contextlib.suppress(UsageError), store.alone():
            break
        time.sleep(0.05)
    else:
        raise AssertionError("the lock outlives its process")
    store.close()


# Versions


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_store_of_each_version_opens(server: Server, url: str, version: int) -> None:
    query(server, (Path(__file__).parent / f"version-{version}.sql").read_text("utf-8"), name_of(url))
    store = PostgresStore(url)
    kept = folded(store.entries())
    assert [event["type"] for event in kept.opportunities["initech"].data["events"]] == ["interview", "reply"]
    assert store.change(lambda _: [NewEntry(kind="retired", opportunity="initech")], NOW)
    store.close()


def test_a_store_of_a_newer_version_is_left_as_it_is(server: Server, url: str) -> None:
    PostgresStore(url).close()
    query(server, f"UPDATE followup_version SET version = {len(MIGRATIONS) + 1}", name_of(url))
    with pytest.raises(UsageError, match="written by a newer followup-postgres and is left as it is; update"):
        PostgresStore(url)


# The command line, and what it tells


def invoke(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, list(arguments), input=text)


def test_the_commands_of_the_day_work_on_it(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOLLOWUP_HOME", url)
    told = invoke("init", "--name", "Ana Souza", "--timezone", "America/Chicago").stdout
    assert f"It is kept in postgresql://{USER}:***@127.0.0.1:" in told
    state = invoke("demo", "--state").stdout
    assert invoke("add", "-", text=state).exit_code == 0
    done = invoke("today", "--now", "2026-11-20T19:00-06:00", "--format", "json")
    assert done.exit_code == 0, done.stderr
    assert "initech" in done.stdout
    assert invoke("undo").exit_code == 0


@pytest.mark.parametrize(
    "wrong",
    [
        "postgresql://{user}:{secret}@127.0.0.1:{port}/postgres",
        "postgresql://127.0.0.1:{port}/postgres?user={user}&password={secret}",
        "postgresql://{user}:{secret}@127.0.0.1:{port}/nowhere?sslmode={secret}",
        "postgresql://{user}:{secret}@127.0.0.1:port/postgres",
        "postgresql://{user}:first@{secret}@127.0.0.1:{port}/postgres",
        "postgresql://{user}:{secret}@[::1/postgres",
        "postgres://{user}:{secret}@127.0.0.1:1/postgres",
    ],
)
def test_no_error_tells_the_password(server: Server, wrong: str) -> None:
    done = invoke("today", "--home", wrong.format(user=USER, secret="hunter2-very-secret", port=server.port))
    assert done.exit_code == 2
    assert done.stderr.startswith("followup: ")
    assert "hunter2" not in done.output


def test_a_store_tells_its_place_without_the_password(url: str) -> None:
    store = PostgresStore(url)
    assert PASSWORD not in store.place
    assert quote(PASSWORD, safe="") not in store.place
    assert store.place.startswith(f"postgresql://{USER}:***@127.0.0.1:")
    store.close()
