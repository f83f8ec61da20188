"""What leaves the store and comes back: the same bytes, nothing twice, nothing lost."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.support import ROOT, invoke, time

from followup.exchange.sheets import armed, disarmed
from followup.sending import unreconciled
from followup.store import Entry, NewEntry, erase, folded
from followup.store.sqlite import SqliteStore

STATE = """\
format: 1
candidate: {name: Ana Souza, phone: "+1 312 555 0188", timezone: America/Chicago}
company: {name: Initech, culture: relaxed}
position: {title: "=Data Engineer"}
people:
  dana: {name: Dana Whitfield, role: hiring manager, email: dana@initech.example}
  lee.o: {name: "[Lee]"}
events:
  - {type: interview, id: r1, at: 2026-11-20T10:00-06:00, minutes: 45, with: [dana], questions: ["no", "012"]}
  - {type: reply, at: 2026-11-21T10:00-06:00, from: dana, text: "-1 \\"said\\", and\\na; line\\tÄ \U0001d518"}
  - {type: note, at: 2026-11-21T11:00-06:00, text: "--- \\n---\\n'=1+1"}
"""
OTHER = STATE.replace("Initech", "Hooli")
DAY = r"\d{4}-\d\d-\d\d(?=, today)"
KINDS = ("yaml", "jsonl", "csv")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def done(*arguments: str, text: str | None = None) -> str:
    result = invoke(*arguments, text=text)
    assert result.exit_code == 0, result.output
    return result.stdout


def log_of(home: Path) -> tuple[Entry, ...]:
    store = SqliteStore(home / "followup.db")
    try:
        return store.entries()
    finally:
        store.close()


def write(home: Path, *new: NewEntry, at: str = "2026-11-22T12:00Z") -> None:
    store = SqliteStore(home / "followup.db")
    store.change(lambda _: new, time(at))
    store.close()


@pytest.fixture
def lived(home: Path) -> Path:
    """A store with two opportunities and all that can be in one."""
    done("add", "-", text=STATE)
    done("add", "-", text=OTHER)
    write(home, NewEntry(kind="profile", data={"name": "Ana Souza", "timezone": "America/Chicago"}))
    words = {"key": "thank-you:r1:dana", "subject": "@Thanks", "body": "Hi Dana,\n\n=thanks", "to": "dana"}
    write(home, NewEntry(kind="drafted", opportunity="initech", data=words))
    done("log", "initech", "note", "2026-11-23T10:00", "saying", "wrong")
    done("undo")
    done("retire", "hooli", "They", "stopped", "hiring")
    return home


# There and back


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_exported_and_imported_exports_as_the_same_bytes(
    kind: str, lived: Path, tmp_path: Path
) -> None:
    first, second, there = tmp_path / f"1.{kind}", tmp_path / f"2.{kind}", str(tmp_path / "there")
    done("export", "-o", str(first))
    done("import", str(first), "--home", there)
    done("export", "-o", str(second), "--home", there)
    assert second.read_bytes() == first.read_bytes()
    before, after = folded(log_of(lived)), folded(log_of(Path(there)))
    assert after.opportunities == before.opportunities
    assert after.profile == (None if kind == "csv" else before.profile)


@pytest.mark.parametrize("kind", KINDS)
def test_importing_twice_changes_nothing(kind: str, lived: Path, tmp_path: Path) -> None:
    file, there = tmp_path / f"1.{kind}", tmp_path / "there"
    done("export", "-o", str(file))
    for home in (lived, there):
        done("import", str(file), "--home", str(home))
        before = log_of(home)
        assert "nothing was written" in done("import", str(file), "--home", str(home))
        assert log_of(home) == before
    assert len(log_of(lived)) == 7


@pytest.mark.parametrize("kind", KINDS)
def test_an_import_is_undone_by_the_command_that_it_tells(kind: str, lived: Path, tmp_path: Path) -> None:
    file, there = tmp_path / f"1.{kind}", str(tmp_path / "there")
    done("export", "-o", str(file))
    told = json.loads(done("import", str(file), "--home", there, "--format", "json"))
    done(*told["undo"].split()[1:], "--home", there)
    assert folded(log_of(Path(there))) == folded(())
    done("import", str(file), "--home", there)
    assert folded(log_of(Path(there))).opportunities == folded(log_of(lived)).opportunities


def test_a_log_keeps_times_and_what_was_undone(lived: Path, tmp_path: Path) -> None:
    file, there = tmp_path / "log.jsonl", tmp_path / "there"
    done("export", "-o", str(file))
    done("import", str(file), "--home", str(there))
    assert log_of(there)[:-1] == log_of(lived)


def test_nothing_is_sent_from_a_copy_of_a_log_before_it_is_reconciled(lived: Path, tmp_path: Path) -> None:
    there = str(tmp_path / "there")
    told = done("import", "-", "--home", there, text=done("export", "--as", "jsonl"))
    assert "nothing is sent from here until you say what was sent since: followup outbox reconcile" in told
    assert unreconciled(log_of(Path(there)))
    assert not unreconciled(log_of(lived))


def test_one_opportunity_is_a_state_file(lived: Path, tmp_path: Path) -> None:
    file = tmp_path / "initech.yaml"
    done("export", "initech", "-o", str(file))
    assert "Dana Whitfield" in done("plan", str(file), "--now", "2026-11-20T19:00-06:00")
    there = str(tmp_path / "there")
    done("import", str(file), "--home", there)
    assert done("export", "initech", "--home", there) == file.read_text("utf-8")


def test_a_log_of_one_opportunity_tells_of_no_other(lived: Path) -> None:
    text = done("export", "hooli", "--as", "jsonl")
    assert "Hooli" in text
    assert "Initech" not in text
    assert "nothing was written" in done("import", "-", text=text)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_a_new_file_is_for_you_alone_and_an_old_one_keeps_its_mode(lived: Path, tmp_path: Path) -> None:
    new, old = tmp_path / "new.yaml", tmp_path / "old.yaml"
    old.touch()
    old.chmod(0o640)
    for file in (new, old):
        done("export", "-o", str(file))
    assert (stat.S_IMODE(new.stat().st_mode), stat.S_IMODE(old.stat().st_mode)) == (0o600, 0o640)


def test_an_erased_person_is_in_no_export(lived: Path) -> None:
    done("erase", "initech", "dana", "--yes")
    for kind in KINDS:
        text = done("export", "--as", kind)
        assert "Whitfield" not in text
        assert "dana@" not in text


def test_an_empty_store_goes_out_and_comes_in() -> None:
    for kind in KINDS:
        assert "nothing was written" in done("import", "-", text=done("export", "--as", kind))


# What is there already


def test_an_older_state_file_takes_nothing_away(lived: Path) -> None:
    text = done("export", "initech")
    done("log", "initech", "note", "2026-11-23T10:00", "saying", "later")
    assert "initech: nothing new" in done("import", "-", text=text)


def test_events_that_the_store_lacks_are_added(lived: Path) -> None:
    text = done("export", "initech")
    more = "- type: note\n  at: '2026-11-24T10:00:00-06:00'\n  text: from elsewhere\n"
    assert "initech: 1 event added" in done("import", "-", text=text + more)
    assert "initech: nothing new" in done("import", "-", text=text + more)


def test_what_differs_is_told_and_replaced_only_when_asked_for(lived: Path) -> None:
    text = done("export", "initech").replace("relaxed", "formal")
    before = log_of(lived)
    refused = invoke("import", "-", text=text)
    assert refused.exit_code == 2
    assert "`initech` is in the store and differs in `company`; nothing is written" in refused.stderr
    assert log_of(lived) == before
    done("import", "-", "--replace", text=text)
    assert folded(log_of(lived)).opportunities["initech"].data["company"]["culture"] == "formal"
    done("undo")
    assert folded(log_of(lived)) == folded(before)


def test_a_log_goes_on_where_another_copy_ends(lived: Path, tmp_path: Path) -> None:
    early = done("export", "--as", "jsonl")
    there = str(tmp_path / "there")
    done("import", "-", "--home", there, text=early)
    done("log", "initech", "note", "2026-11-24T10:00", "saying", "here")
    done("import", "-", "--home", there, text=done("export", "--as", "jsonl"))
    assert folded(log_of(Path(there))) == folded(log_of(lived))
    done("undo")
    done("import", "-", "--home", there, text=done("export", "--as", "jsonl"))
    assert folded(log_of(Path(there))) == folded(log_of(lived))


def test_a_log_does_not_replace_another_opportunity_of_the_same_name(lived: Path, tmp_path: Path) -> None:
    there = str(tmp_path / "there")
    done("add", "-", "--home", there, text=STATE.replace("relaxed", "formal"))
    refused = invoke("import", "-", "--home", there, text=done("export", "--as", "jsonl"))
    assert refused.exit_code == 2
    assert "an opportunity `initech` that is not the file's, and nothing is written" in refused.stderr


def test_a_dry_run_tells_all_and_writes_nothing(lived: Path, tmp_path: Path) -> None:
    there = tmp_path / "there"
    result = invoke("import", "-", "--dry-run", "--home", str(there), text=done("export"))
    assert "added initech: =Data Engineer at Initech" in result.stdout
    assert "Nothing is written" in result.stderr
    assert log_of(there) == ()


def test_whoever_was_erased_is_not_contacted_when_an_old_file_brings_them_back(
    lived: Path, tmp_path: Path
) -> None:
    old = done("export", "initech")
    store = SqliteStore(lived / "followup.db")
    erase(store, "initech", "dana", time("2026-11-25T12:00Z"))
    store.close()
    told = done("import", "-", "--name", "again", text=old)
    assert "again: `dana` was erased before and is not contacted" in told
    assert "nothing was written" in done("import", "-", "--name", "again", text=done("export", "again"))
    file = tmp_path / "all.yaml"
    done("export", "-o", str(file))
    there = tmp_path / "there"
    done("import", str(file), "--home", str(there))
    assert folded(log_of(there)).marks == folded(log_of(lived)).marks
    done("undo", "--home", str(there))


# Cells


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "'=", "\uff1d"])
def test_no_cell_is_a_formula(start: str) -> None:
    assert disarmed(f"{start}1+1").startswith("'")


@given(st.text(alphabet="'=+-@\t\r\n a"))
@example("'")
def test_a_cell_comes_back_as_it_was(text: str) -> None:
    assert armed(disarmed(text)) == text


def test_no_cell_of_an_exported_table_is_a_formula(lived: Path) -> None:
    text = done("export", "--as", "csv")
    cells = [cell for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) for cell in row]
    assert "'=Data Engineer" in cells
    assert "'+1 312 555 0188" in cells
    assert [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")] == []


def test_a_table_that_a_spreadsheet_saved_with_semicolons_in_utf_16_comes_back(
    lived: Path, tmp_path: Path
) -> None:
    rows = list(csv.reader(io.StringIO(done("export", "--as", "csv").removeprefix("\ufeff"))))
    stream = io.StringIO()
    csv.writer(stream, delimiter=";").writerows(rows)
    file = tmp_path / "saved.csv"
    file.write_bytes(stream.getvalue().encode("utf-16"))
    assert "nothing was written" in done("import", str(file))


# What cannot be used


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '{"followup":"log","format":2}\n',
            ":1:1: this log was written by a newer followup",
        ),
        ('{"followup":"log","format":1}\n{"change":1}\n', ":2:1: this is no entry of a log"),
        (
            '{"followup":"log","format":1}\n\n{"change":1,"at":"2026-11-20T10:00:00Z","kind":"undone",'
            '"data":{"change":1}}\n',
            ":3:1: it takes back a change that does not stand before it",
        ),
        (
            '{"followup":"log","format":1}\n{"change":1,"at":"2026-11-20T10:00:00Z","kind":"opened",'
            '"opportunity":"a","data":{"format":1,"company":[]}}\n',
            ":2:1: `candidate` is missing",
        ),
        (
            '{"followup":"log","format":1}\n{"change":1,"at":"2026-11-20T10:00:00Z","kind":"drafted",'
            '"opportunity":"a","data":{"key":"k","body":3}}\n',
            ":2:1: these are no words for a draft",
        ),
        ("---\nopportunity: a\nformat: 1\ncompany: {name: A}\n---\n", ":2:1: `candidate` is missing"),
        ("---\nopportunity: a\n---\nopportunity: b\n", ":4:1: `candidate` is missing"),
        ("opportunity,row,type\na,event,reply\n", ":2:1: "),
        ("opportunity,row,type\na,evnt,reply\n", ":2:1: no row is a `evnt`; did you mean `event`?"),
        ('opportunity,row,text\na,event,"open\n', "see whether a quotation mark is missing"),
        ("opportunity,row,text\na,event," + "x" * 20_001, "holds 20,001 characters; at most 20,000 fit"),
        ("", ":1:1: the document is empty"),
    ],
)
def test_what_is_wrong_is_told_with_its_line_and_nothing_is_written(
    text: str, told: str, home: Path, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_text(text, "utf-8")
    result = invoke("import", str(file))
    assert result.exit_code == 2, result.output
    assert told in result.stderr
    assert log_of(home) == ()


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "picture"
    file.write_bytes(bytes(range(256)) * 10)
    assert "no text in UTF-8, UTF-16 or Windows-1252" in invoke("import", str(file)).stderr
    assert "cannot be read" in invoke("import", str(tmp_path / "missing")).stderr


def test_the_commands_of_the_page_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (ROOT / "docs" / "trade.md").read_text("utf-8")
    for name, text in re.findall(r'^```\w+ title="(.*?)"\n(.*?)^```$', page, re.MULTILINE | re.DOTALL):
        (tmp_path / name).write_text(text, "utf-8")
    monkeypatch.chdir(tmp_path)
    ran = set()
    for block in re.findall(r"^```console\n(.*?)^```$", page, re.MULTILINE | re.DOTALL):
        for part in block.split("$ ")[1:]:
            line, _, shown = part.partition("\n")
            words = shlex.split(line)
            result = invoke(*words[1:])
            told = result.stdout if result.exit_code == 0 else result.stderr
            assert re.sub(DAY, "DAY", shown) == re.sub(DAY, "DAY", told), line
            ran.add(words[1])
    assert ran >= {"export", "import"}
    [program] = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    [shown] = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    exec(compile(program, "trade.md", "exec"), {})
    assert capsys.readouterr().out == shown


def test_several_processes_that_import_one_file_write_it_once(lived: Path, tmp_path: Path) -> None:
    file, there = tmp_path / "log.jsonl", tmp_path / "there"
    done("export", "-o", str(file))
    program = "from followup.cli import main; main()"
    command = [sys.executable, "-c", program, "--no-plugins", "import", str(file), "--home", str(there)]
    processes = [subprocess.Popen(command, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert log_of(there)[:-1] == log_of(lived)
