"""The suite of checks that every store must pass, as a class to subclass.

    from followup.testing import StoreConformance

    class TestMine(StoreConformance):
        def opened(self, folder):
            return MyStore(folder / "store")

`opened` opens the same store again when it is called again with the same folder; pytest then runs each check.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from followup.errors import UsageError
from followup.store import Entry, NewEntry, Store, erase, folded, last_changes, undoing

__all__ = ["StoreConformance"]

NOW = datetime(2026, 9, 15, 15, tzinfo=UTC)
STATE: dict[str, Any] = {
    "format": 1,
    "candidate": {"name": "Ana Souza"},
    "company": {"name": "Initech"},
    "position": {"title": "Data Engineer"},
    "people": {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}},
}
HOSTILE = "ü \U0001d518 \u0000 \"'; DROP TABLE entries; --\r\n\t%s {} \u2028"
WRITERS, EACH = 4, 5


def _note(text: str) -> NewEntry:
    event = {"type": "note", "at": NOW.isoformat(), "text": text}
    return NewEntry(kind="happened", opportunity="initech", data=event)


def _always(*new: NewEntry) -> Callable[[Sequence[Entry]], Sequence[NewEntry]]:
    return lambda _: new


class StoreConformance:
    """Every check of a store. Subclass it as `Test…`, give it `opened`, run pytest."""

    def opened(self, folder: Path) -> Store:
        """The store in this folder, made where it is missing."""
        raise NotImplementedError

    def test_it_is_a_store(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)
        assert isinstance(store, Store), "it lacks a method of followup.store.Store"
        assert store.entries() == (), "a new store is empty"
        assert store.place, "people must be told where it stands"
        store.close()

    def test_what_was_written_is_there_when_it_is_opened_again(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)
        change = store.change(_always(NewEntry(kind="opened", opportunity="initech", data=STATE)), NOW)
        assert change is not None
        assert store.change(_always(), NOW) is None, "to write nothing is no change"
        store.close()
        again = self.opened(tmp_path)
        assert again.entries() == change.entries, "the log must read back as it was written, times in UTC"
        again.close()

    def test_any_text_comes_back_as_it_was(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)
        store.change(_always(_note(HOSTILE)), NOW)
        assert store.entries()[0].data["text"] == HOSTILE
        store.close()

    def test_numbers_only_grow_and_a_change_is_one(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)
        store.change(_always(_note("1"), _note("2")), NOW)
        store.change(_always(_note("3")), NOW)
        entries = store.entries()
        assert [entry.data["text"] for entry in entries] == ["1", "2", "3"]
        numbers = [entry.number for entry in entries]
        assert numbers == sorted(set(numbers)), "each entry has a number higher than the one before"
        assert entries[0].change == entries[1].change < entries[2].change
        store.close()

    def test_a_decision_that_fails_writes_nothing(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)

        def refused(_: Sequence[Entry]) -> Sequence[NewEntry]:
            raise UsageError("no")

        try:
            store.change(refused, NOW)
        except UsageError:
            assert store.entries() == ()
        else:
            raise AssertionError("what `decide` raises must reach the caller")
        assert store.change(_always(_note("later")), NOW), "the store must be of use afterwards"
        store.close()

    def test_changes_of_another_log_keep_their_times_and_come_all_or_none(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)
        store.change(_always(_note("0")), NOW)
        earlier = NOW - timedelta(days=3)
        made = store.adopt(lambda _: [(earlier, [_note("1"), _note("2")]), (NOW, []), (NOW, [_note("3")])])
        entries = store.entries()
        assert [change.entries for change in made] == [entries[1:3], entries[3:]], "it tells what it wrote"
        assert [entry.at for entry in entries] == [NOW, earlier, earlier, NOW]
        first = entries[0].change
        assert [entry.change for entry in entries] == [first, first + 1, first + 1, first + 2]

        def refused(_: Sequence[Entry]) -> Sequence[tuple[datetime, Sequence[NewEntry]]]:
            raise UsageError("no")

        try:
            store.adopt(refused)
        except UsageError:
            assert store.entries() == entries
        else:
            raise AssertionError("what `decide` raises must reach the caller")
        store.close()

    def test_several_writers_lose_nothing_and_each_sees_what_stands(self, tmp_path: Path) -> None:
        self.opened(tmp_path).close()

        def write(_: int) -> None:
            store = self.opened(tmp_path)
            for _ in range(EACH):
                store.change(lambda entries: [_note(str(len(entries)))], NOW)
            store.close()

        with ThreadPoolExecutor(WRITERS) as threads:
            list(threads.map(write, range(WRITERS)))
        store = self.opened(tmp_path)
        texts = [entry.data["text"] for entry in store.entries()]
        assert texts == [str(number) for number in range(WRITERS * EACH)]
        store.close()

    def test_undo_adds_an_entry_and_takes_none_out(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)
        store.change(_always(NewEntry(kind="opened", opportunity="initech", data=STATE)), NOW)
        before = store.entries()
        store.change(_always(_note("wrong")), NOW)
        store.change(lambda entries: undoing(last_changes(entries, 1)), NOW)
        assert store.entries()[: len(before)] == before
        assert len(store.entries()) == len(before) + 2
        assert folded(store.entries()) == folded(before)
        store.close()

    def test_a_backup_restores_the_log_as_it_was(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)
        store.change(_always(_note("kept")), NOW)
        before = store.entries()
        copy = tmp_path / "copy"
        store.backup(copy)
        store.change(_always(_note("lost")), NOW)
        store.restore(copy, _always(), NOW)
        assert store.entries() == before
        store.restore(copy, _always(NewEntry(kind="restored")), NOW)
        assert store.entries()[: len(before)] == before
        assert [entry.kind for entry in store.entries()[len(before) :]] == ["restored"]
        taken = store.entries()

        def refused(_: Sequence[Entry]) -> Sequence[NewEntry]:
            raise UsageError("no")

        try:
            store.restore(copy, refused, NOW)
        except UsageError:
            assert store.entries() == taken, "a decision that fails must restore nothing"
        try:
            store.backup(copy)
        except UsageError:
            pass
        else:
            raise AssertionError("a backup must not replace a file that is there")
        store.close()

    def test_one_alone_sends_and_whoever_ends_lets_go(self, tmp_path: Path) -> None:
        store, other = self.opened(tmp_path), self.opened(tmp_path)
        with store.alone():
            try:
                with other.alone():
                    raise AssertionError("two are inside `alone` of one log at the same time")
            except UsageError:
                pass
            assert other.change(_always(_note("meanwhile")), NOW) is not None, "others must still write"
        with other.alone():
            pass
        other.close()
        store.close()

    def test_what_is_no_backup_changes_nothing(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)
        store.change(_always(_note("kept")), NOW)
        before = store.entries()
        wrong = tmp_path / "wrong"
        wrong.write_text("no backup", "utf-8")
        for path in (wrong, tmp_path / "missing"):
            try:
                store.restore(path, _always(), NOW)
            except UsageError:
                assert store.entries() == before
            else:
                raise AssertionError("a file that is no backup must be refused by UsageError")
        store.close()

    def test_an_erased_person_is_nowhere_and_the_stop_stays(self, tmp_path: Path) -> None:
        store = self.opened(tmp_path)
        store.change(_always(NewEntry(kind="opened", opportunity="initech", data=STATE)), NOW)
        store.change(_always(_note("Dana Whitfield was kind; mail dana@initech.example")), NOW)
        erase(store, "initech", "dana", NOW)
        store.close()
        for path in tmp_path.rglob("*"):
            if path.is_file():
                data = path.read_bytes().lower()
                assert b"whitfield" not in data, f"{path.name} still holds the name"
                assert b"dana@" not in data, f"{path.name} still holds the address"
        store = self.opened(tmp_path)
        events = folded(store.entries()).opportunities["initech"].data["events"]
        assert events[-1]["type"] == "no_contact"
        store.close()
