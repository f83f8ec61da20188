"""The store: the SQLite file keeps the suite, several processes share it, and the log folds into states."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.support import INTERVIEW, PEOPLE, Plain

from followup import InterviewState, UsageError
from followup.store import NewEntry, Store, erase, folded, last_changes, states, undoing
from followup.store.erasing import known_again
from followup.store.sqlite import SqliteStore
from followup.testing import StoreConformance

NOW = datetime(2026, 9, 16, 9, tzinfo=UTC)
STATE: Plain = {
    "format": 1,
    "candidate": {"name": "Ana Souza", "email": "ana@souza.example", "timezone": "UTC"},
    "company": {"name": "Initech"},
    "position": {"title": "Data Engineer"},
    "people": PEOPLE,
    "events": [INTERVIEW],
}
REPLY: Plain = {"type": "reply", "at": "2026-09-16T08:00:00+00:00", "from": "hr", "text": "Priya here."}
WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from followup.store import NewEntry
from followup.store.sqlite import SqliteStore
store = SqliteStore(Path(sys.argv[1]))
for _ in range(25):
    store.change(
        lambda entries: [NewEntry(kind="happened", opportunity="a", data={"seen": len(entries)})],
        datetime(2026, 9, 16, tzinfo=UTC),
    )
"""


class TestSqlite(StoreConformance):
    def opened(self, folder: Path) -> Store:
        return SqliteStore(folder / "followup.db")


@pytest.fixture
def store(tmp_path: Path):
    store = SqliteStore(tmp_path / "home" / "followup.db")
    opened = NewEntry(kind="opened", opportunity="initech", data=STATE)
    store.change(lambda _: [opened], NOW)
    yield store
    store.close()


def note(text: str) -> Plain:
    return {"type": "note", "at": "2026-09-16T08:00:00+00:00", "text": text}


def write(store: Store, event: Plain) -> None:
    store.change(lambda _: [NewEntry(kind="happened", opportunity="initech", data=event)], NOW)


def test_nobody_else_may_read_the_file(store: SqliteStore) -> None:
    files = [store.path, *store.path.parent.glob("followup.db-*")]
    assert len(files) > 1
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_several_processes_write_at_once_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "followup.db"
    writers = [subprocess.Popen([sys.executable, "-c", WRITER, str(path)]) for _ in range(4)]
    assert [writer.wait() for writer in writers] == [0, 0, 0, 0]
    store = SqliteStore(path)
    assert [entry.data["seen"] for entry in store.entries()] == list(range(100))
    store.close()


def test_entries_fold_into_states(store: SqliteStore) -> None:
    write(store, REPLY)
    expected = InterviewState.from_dict({**STATE, "events": [INTERVIEW, REPLY]})
    assert states(folded(store.entries())) == {"initech": expected}


def test_what_is_retired_gives_no_state_until_it_is_reopened(store: SqliteStore) -> None:
    store.change(lambda _: [NewEntry(kind="retired", opportunity="initech")], NOW)
    assert states(folded(store.entries())) == {}
    store.change(lambda _: [NewEntry(kind="reopened", opportunity="initech")], NOW)
    assert list(states(folded(store.entries()))) == ["initech"]


def test_undo_goes_back_further_each_time(store: SqliteStore) -> None:
    before = folded(store.entries())
    write(store, REPLY)
    write(store, REPLY)
    for _ in range(2):
        store.change(lambda entries: undoing(last_changes(entries, 1)), NOW)
    assert folded(store.entries()) == before
    with pytest.raises(UsageError, match="only 1 change can be undone: nothing else was changed"):
        last_changes(store.entries(), 2)


def test_an_erasure_is_not_undone(store: SqliteStore) -> None:
    erase(store, "initech", "hr", NOW)
    with pytest.raises(UsageError, match="an erasure and what was before it stay"):
        last_changes(store.entries(), 1)


def test_an_erased_person_is_known_again_by_an_address_that_nobody_can_read(store: SqliteStore) -> None:
    write(store, REPLY)
    erase(store, "initech", "hr", NOW)
    kept = folded(store.entries())
    [state] = states(kept).values()
    assert "priya" not in state.to_yaml().casefold()
    assert state.people["dana"].name == "Dana Whitfield"
    assert known_again({"email": "PRIYA@initech.example "}, kept.marks)
    assert not known_again({"email": "dana@initech.example"}, kept.marks)


@pytest.mark.parametrize(
    "again",
    [
        {"phone": "312-555-0199"},
        {"phone": "001 (312) 555 0199"},
        {"linkedin": "linkedin.com/in/priya"},
        {"linkedin": "http://de.linkedin.com/in/Priya/?trk=x"},
    ],
)
def test_an_erased_person_is_known_again_however_an_address_is_written(
    store: SqliteStore, again: dict[str, str]
) -> None:
    facts = {
        "people.hr.phone": "+1 312 555 0199",
        "people.hr.linkedin": "https://www.linkedin.com/in/priya/",
    }
    store.change(lambda _: [NewEntry(kind="changed", opportunity="initech", data={"facts": facts})], NOW)
    erase(store, "initech", "hr", NOW)
    marks = folded(store.entries()).marks
    assert known_again(again, marks)
    assert not known_again({"phone": "+1 312 555 0198", "linkedin": "linkedin.com/in/priya2"}, marks)


def test_what_was_snoozed_after_an_erased_persons_reply_stays_so(store: SqliteStore) -> None:
    write(store, REPLY)
    key = "look-again:reply-hr-20260916T0800Z:self"
    write(store, {"type": "snoozed", "at": NOW.isoformat(), "key": key, "until": "2026-12-01"})
    erase(store, "initech", "hr", NOW)
    [*_, snoozed, stop] = folded(store.entries()).opportunities["initech"].data["events"]
    assert snoozed["key"] == key.replace("hr", stop["who"])


def test_erasing_a_person_leaves_the_roles_of_others(store: SqliteStore) -> None:
    people = {"hr": {"name": "Priya Raman"}, "lou": {"name": "Lou Reyes", "role": "hr"}}
    hooli = {**STATE, "company": {"name": "Hooli"}, "people": people, "events": []}
    store.change(lambda _: [NewEntry(kind="opened", opportunity="hooli", data=hooli)], NOW)
    erase(store, "hooli", "hr", NOW)
    kept = states(folded(store.entries()))
    assert kept["hooli"].people["lou"].role == "hr"
    assert kept["initech"].people["hr"].name == "Priya Raman"


def test_what_a_plugin_keeps_under_an_erased_persons_id_goes_with_them(
    store: SqliteStore, tmp_path: Path
) -> None:
    chat = {"handles": {"hr": "@quagga:chat.example", "dana": "@dana:chat.example"}}
    hooli = {**STATE, "company": {"name": "Hooli"}, "chat": chat}
    facts = {"chat.handles.hr": "@okapi:chat.example", "chat.handles.dana": "@dw:chat.example"}
    store.change(lambda _: [NewEntry(kind="opened", opportunity="hooli", data=hooli)], NOW)
    store.change(lambda _: [NewEntry(kind="changed", opportunity="hooli", data={"facts": facts})], NOW)
    erase(store, "hooli", "hr", NOW)
    kept = folded(store.entries()).opportunities["hooli"].data
    assert kept["chat"] == {"handles": {"dana": "@dw:chat.example"}}
    said = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [word for word in (b"quagga", b"okapi") if word in said] == []


def test_an_erased_person_is_nowhere_in_the_other_opportunities(store: SqliteStore, tmp_path: Path) -> None:
    people = {
        "lead": {"name": "Priya Raman-Iyer", "email": "Priya@Initech.example"},
        "lou": {"name": "Lou Reyes"},
    }
    hooli = {**STATE, "company": {"name": "Hooli"}, "people": people, "events": []}
    acme = {**STATE, "company": {"name": "Acme"}, "people": {}, "events": []}
    store.change(
        lambda _: [
            NewEntry(kind="opened", opportunity="hooli", data=hooli),
            NewEntry(kind="happened", opportunity="hooli", data={**REPLY, "from": "lead", "text": "Quagga"}),
            NewEntry(
                kind="drafted",
                opportunity="hooli",
                data={"key": "a:b:lead", "subject": "Hi", "body": "Okapi", "to": "lead"},
            ),
            NewEntry(kind="opened", opportunity="acme", data=acme),
            NewEntry(
                kind="happened", opportunity="acme", data=note("Ask Priya Raman: priya@initech.example")
            ),
            NewEntry(kind="happened", opportunity="acme", data=note("Good coffee")),
            NewEntry(kind="retired", opportunity="hooli"),
        ],
        NOW,
    )
    erase(store, "initech", "hr", NOW)
    kept = folded(store.entries())
    stop = kept.opportunities["hooli"].data["events"][-1]
    assert stop["type"] == "no_contact"
    assert stop["who"] in kept.opportunities["hooli"].data["people"]
    assert kept.opportunities["hooli"].data["people"]["lou"]["name"] == "Lou Reyes"
    texts = [event["text"] for event in kept.opportunities["acme"].data["events"]]
    assert texts == ["Ask [erased]: [erased]", "Good coffee"]
    said = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()).lower()
    assert [word for word in (b"priya", b"iyer", b"quagga", b"okapi") if word in said] == []


def test_an_erasure_leaves_a_namesake_at_another_company(store: SqliteStore) -> None:
    people = {"hr": {"name": "Priya Raman", "email": "priya@hooli.example"}}
    hooli = {**STATE, "company": {"name": "Hooli"}, "people": people, "events": [note("Priya Raman called")]}
    store.change(lambda _: [NewEntry(kind="opened", opportunity="hooli", data=hooli)], NOW)
    erase(store, "initech", "hr", NOW)
    kept = folded(store.entries()).opportunities["hooli"].data
    assert (kept["people"], kept["events"]) == (hooli["people"], hooli["events"])


def test_an_erasure_leaves_colleagues_who_share_an_address(store: SqliteStore) -> None:
    shared = {"phone": "+1 312 555 0100"}
    store.change(
        lambda _: [
            NewEntry(
                kind="changed", opportunity="initech", data={"facts": {"people.hr.phone": shared["phone"]}}
            )
        ],
        NOW,
    )
    people = {"lou": {"name": "Lou Reyes", **shared}, "p": {"name": "P. R.", **shared}}
    second = {**STATE, "people": people, "events": []}
    store.change(lambda _: [NewEntry(kind="opened", opportunity="second", data=second)], NOW)
    erase(store, "initech", "hr", NOW)
    left = folded(store.entries()).opportunities["second"].data["people"]
    assert left["lou"] == people["lou"]
    assert "p" not in left


@pytest.mark.parametrize("said", ["Priyas Antwort", "Priya's answer", "the answer of “Raman”, from PRIYA"])
def test_an_erased_name_is_found_however_it_is_inflected_or_quoted(store: SqliteStore, said: str) -> None:
    people = {"hr": {"name": 'Priya "Raman"'}}
    hooli = {**STATE, "company": {"name": "Hooli"}, "people": people, "events": [note(said)]}
    store.change(lambda _: [NewEntry(kind="opened", opportunity="hooli", data=hooli)], NOW)
    erase(store, "hooli", "hr", NOW)
    told = str(folded(store.entries()).opportunities["hooli"].data).casefold()
    assert "priya" not in told
    assert "raman" not in told


@pytest.mark.parametrize("damage", ["cut off", "an entry"])
def test_of_a_damaged_store_it_is_told_how_to_come_back_from_a_backup(
    store: SqliteStore, tmp_path: Path, damage: str
) -> None:
    backup = tmp_path / "backup.db"
    store.backup(backup)
    before = store.entries()
    store.close()
    if damage == "cut off":
        store.path.write_bytes(store.path.read_bytes()[:5000])
    else:
        connection = sqlite3.connect(store.path)
        connection.execute("UPDATE entries SET data = '{'")
        connection.commit()
        connection.close()
    with pytest.raises(UsageError, match=r"cannot be used as a store: .*; move it .* followup restore FILE"):
        SqliteStore(store.path).entries()
    store.path.rename(tmp_path / "damaged.db")
    again = SqliteStore(store.path)
    again.restore(backup, lambda _: [], NOW)
    assert again.entries() == before
    again.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_of_a_full_disk_it_is_told(tmp_path: Path) -> None:
    (tmp_path / "followup.db").symlink_to("/dev/full")
    with pytest.raises(UsageError, match="see whether the disk is full"):
        SqliteStore(tmp_path / "followup.db")


def test_a_database_of_something_else_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.commit()
    other.close()
    with pytest.raises(UsageError, match="a database of something else"):
        SqliteStore(path)


def test_a_store_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "followup.db"
    SqliteStore(path).close()
    newer = sqlite3.connect(path)
    newer.execute("PRAGMA user_version = 999")
    newer.close()
    with pytest.raises(UsageError, match="newer followup"):
        SqliteStore(path)
