"""Tables of other programs: what their columns are, which dates are not guessed, what becomes of bad rows."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support import invoke

from followup.exchange.columns import PRESETS, mapped
from followup.exchange.dates import order_of, read_moment, ways_of
from followup.exchange.tables import read_rows
from followup.store import Opportunity, folded
from followup.store.sqlite import SqliteStore

HEADER = "Company,Position,Status,Date applied,Interview date,Contact,Contact email,Notes"
INITECH = (
    "Initech,Data Engineer,Interviewing,2026-11-02,2026-11-20 10:00,Dana Whitfield,dana@initech.example,Nice"
)
MAIN = "from followup.cli import main; main()"
LINKEDIN = (
    "Application Date,Contact Email,Contact Phone Number,Company Name,Job Title,Job Url,Resume Name,"
    "Question And Answers"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    assert invoke("init", "--name", "Ana Souza", "--timezone", "America/Chicago").exit_code == 0
    return tmp_path / "home"


def table(tmp_path: Path, *lines: str, name: str = "tracker.csv", encoding: str = "utf-8") -> str:
    file = tmp_path / name
    file.write_bytes("\r\n".join([*lines, ""]).encode(encoding))
    return str(file)


def kept(home: Path) -> Mapping[str, Opportunity]:
    store = SqliteStore(home / "followup.db")
    try:
        return folded(store.entries()).opportunities
    finally:
        store.close()


def done(*arguments: str) -> str:
    result = invoke(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    result = invoke(*arguments)
    assert result.exit_code == 2, result.output
    return result.stderr


def types(found: Opportunity) -> list[str]:
    return [event["type"] for event in found.data.get("events", [])]


# Rows


def test_a_row_becomes_an_opportunity_with_its_people_and_what_happened(home: Path, tmp_path: Path) -> None:
    told = done("import", table(tmp_path, HEADER, INITECH))
    assert "added initech: Data Engineer at Initech" in told
    assert "initech (line 2): interview 2026-11-20 10:00" in told
    data = kept(home)["initech"].data
    assert data["candidate"]["name"] == "Ana Souza"
    assert data["people"] == {"dana": {"name": "Dana Whitfield", "email": "dana@initech.example"}}
    interview, applied, notes = data["events"]
    assert interview == {"type": "interview", "at": "2026-11-20T10:00:00-06:00", "id": "r1"}
    assert (applied["text"], notes["text"]) == ("Applied 2026-11-02", "Nice")


def test_who_interviewed_is_thanked_and_who_has_no_role_is_told(home: Path, tmp_path: Path) -> None:
    header = "Company,Position,Interview,Interviewer,Recruiter,Recruiter email"
    row = 'Initech,SRE,2026-11-20 10:00,"Dana Whitfield, Lee Okafor",Priya Raman,priya@initech.example'
    assert "no role" not in done("import", table(tmp_path, header, row))
    data = kept(home)["initech"].data
    people = data["people"].items()
    roles = {id_: (each["name"], each["role"], each.get("email")) for id_, each in people}
    assert roles == {
        "priya": ("Priya Raman", "recruiter", "priya@initech.example"),
        "dana": ("Dana Whitfield", "interviewer", None),
        "lee": ("Lee Okafor", "interviewer", None),
    }
    assert data["events"][0]["with"] == ["dana", "lee"]
    assert "nothing was written" in done("import", table(tmp_path, header, row))
    assert "Dana Whitfield has no role, so no rule writes to them" in done(
        "import", table(tmp_path, HEADER, INITECH.replace("Initech", "Hooli"))
    )
    mail = table(tmp_path, header, "Acme,SRE,2026-11-20,lee@acme.example,,")
    assert "acme (line 2): lee@acme.example: added" in done("import", mail)
    assert kept(home)["acme"].data["events"][0]["with"] == ["lee"]
    told = done("import", table(tmp_path, HEADER, INITECH), "--column", "Contact=hiring_manager")
    assert "no role" not in told


def test_importing_a_table_twice_changes_nothing_and_a_longer_one_adds_what_is_new(
    home: Path, tmp_path: Path
) -> None:
    done("import", table(tmp_path, HEADER, INITECH))
    before = kept(home)
    assert "nothing was written" in done("import", table(tmp_path, HEADER, INITECH))
    assert kept(home) == before
    later = INITECH.replace("Interviewing", "Rejected")
    assert "rejection" in done("import", table(tmp_path, HEADER, later, "Hooli,SRE,Applied,,,,,"))
    assert types(kept(home)["initech"]) == ["interview", "note", "note", "rejection"]
    assert "hooli" in kept(home)
    assert "nothing was written" in done("import", table(tmp_path, HEADER, later))


def test_what_you_logged_on_the_day_is_not_there_twice(home: Path, tmp_path: Path) -> None:
    day = INITECH.replace("2026-11-20 10:00", "2026-11-20")
    done("import", table(tmp_path, HEADER, INITECH))
    assert "nothing was written" in done("import", table(tmp_path, HEADER, day))


def test_two_rows_of_one_position_are_one_opportunity(home: Path, tmp_path: Path) -> None:
    second = INITECH.replace("2026-11-20 10:00", "2026-11-25 15:00").replace("Initech", "initech, Inc.")
    done("import", table(tmp_path, HEADER, INITECH, second.replace("initech, Inc.", '"initech, Inc."')))
    assert list(kept(home)) == ["initech"]
    assert types(kept(home)["initech"]).count("interview") == 2


def test_own_words_and_retirement_stay_when_a_row_adds_somebody(home: Path, tmp_path: Path) -> None:
    done("import", table(tmp_path, HEADER, INITECH))
    done("retire", "initech")
    more = INITECH.replace("Dana Whitfield,dana@", "Lee Okafor,lee@")
    done("import", table(tmp_path, HEADER, more))
    assert set(kept(home)["initech"].data["people"]) == {"dana", "lee"}
    assert kept(home)["initech"].retired


@pytest.mark.parametrize(
    ("status", "event"),
    [
        ("Rejected", "rejection"),
        ("Absage", "rejection"),
        ("Offer received", "offer"),
        ("Angebot", "offer"),
        ("zurückgezogen", "withdrawal"),
        ("Hired", "accepted"),
        ("Ghosted", None),
        ("Beworben", None),
    ],
)
def test_a_status_says_what_happened(status: str, event: str | None, home: Path, tmp_path: Path) -> None:
    done(
        "import", table(tmp_path, "Firma,Stelle,Status,Zuletzt geändert", f"Initech,SRE,{status},2026-11-05")
    )
    events = kept(home)["initech"].data.get("events", [])
    assert [each["type"] for each in events] == ([event] if event else [])
    assert all(each["at"].startswith("2026-11-05T12:00") for each in events)


def test_a_status_that_is_not_known_is_told_and_a_mapping_says_what_it_is(home: Path, tmp_path: Path) -> None:
    file = table(tmp_path, "Company,Position,Status", "Initech,SRE,Declined")
    assert "(line 2): the status `Declined` is not known" in done("import", file)
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("format: 1\nstatuses: {declined: rejection}\n", "utf-8")
    done("import", file, "--mapping", str(mapping))
    assert types(kept(home)["initech"]) == ["rejection"]
    mapping.write_text("format: 1\nstatuses: {declined: refusal}\n", "utf-8")
    assert "a status cannot be `refusal`" in refused("import", file, "--mapping", str(mapping))


def test_an_interview_without_a_day_is_asked_for_and_not_made_up(home: Path, tmp_path: Path) -> None:
    told = done("import", table(tmp_path, "Company,Position,Interview", "Initech,SRE,yes", "Hooli,SRE,no"))
    assert "initech (line 2): there was or will be an interview, and the table does not say when" in told
    assert "hooli (line" not in told
    assert types(kept(home)["initech"]) == []


def test_whoever_was_erased_and_stands_in_the_table_is_not_contacted(home: Path, tmp_path: Path) -> None:
    file = table(tmp_path, HEADER, INITECH)
    done("import", file)
    done("erase", "initech", "dana", "--yes")
    done("import", file)
    events = kept(home)["initech"].data["events"]
    assert [event["who"] for event in events if event["type"] == "no_contact"][1:] == ["dana"]
    assert "nothing was written" in done("import", file)


def test_without_a_candidate_it_says_how_to_say_who_you_are(tmp_path: Path) -> None:
    told = refused("import", table(tmp_path, HEADER, INITECH), "--home", str(tmp_path / "new"))
    assert "followup init" in told


def test_a_dry_run_writes_nothing_and_undo_takes_a_table_back(home: Path, tmp_path: Path) -> None:
    file = table(tmp_path, HEADER, INITECH)
    assert "added initech" in done("import", file, "--dry-run")
    assert kept(home) == {}
    told = json.loads(done("import", file, "--format", "json"))
    assert told["undo"] == "followup undo"
    done("undo")
    assert kept(home) == {}


# Days and months


@pytest.mark.parametrize(
    ("cell", "ways", "text"),
    [
        ("2026-11-20", "plain", "2026-11-20"),
        ("2026-11-20T10:00:00Z", "plain", "2026-11-20T10:00+00:00"),
        ("2026/11/20 15:04", "plain", "2026-11-20T15:04"),
        ("13/02/2026", "dmy", "2026-02-13"),
        ("02/13/26", "mdy", "2026-02-13"),
        ("8/15/26, 1:32\u202fPM", "mdy", "2026-08-15T13:32"),
        ("12/31/2026 12:05 am", "mdy", "2026-12-31T00:05"),
        ("3.3.2026", "same", "2026-03-03"),
        ("20 Nov 2026", "plain", "2026-11-20"),
        ("20-Nov-26", "plain", "2026-11-20"),
        ("Fri, Nov 20, 2026", "plain", "2026-11-20"),
        ("November 20, 2026 10:00 AM", "plain", "2026-11-20T10:00"),
        ("Freitag, 20. März 2026 um 14:30 Uhr", "plain", "2026-03-20T14:30"),
        ("03/04/2026", "either", None),
        ("03.04.2026", "either", None),
        ("31/02/2026", "none", None),
        ("2026-13-01", "none", None),
        ("45980", "none", None),
        ("soon", "none", None),
        ("20.04.2026 14", "none", None),
    ],
)
def test_a_cell_is_read_in_one_way_or_not_at_all(cell: str, ways: str, text: str | None) -> None:
    assert ways_of(cell) == ways
    moment = read_moment(cell, order_of([cell]))
    assert (moment.text if moment else None) == text


@given(st.text(alphabet="0123456789/.-: APMJanov,", max_size=25))
def test_any_cell_is_read_or_refused(cell: str) -> None:
    if ways_of(cell) in ("either", "none"):
        assert read_moment(cell, None) is None
    else:
        assert read_moment(cell, order_of([cell])) is not None


def test_one_cell_decides_for_its_column_and_for_no_other(home: Path, tmp_path: Path) -> None:
    file = table(
        tmp_path, "Company,Position,Interview,Offer",
        "Initech,SRE,03/04/2026,", "Hooli,SRE,13/02/2026,", "Acme,SRE,,03/04/2026",
    )  # fmt: skip
    told = refused("import", file)
    assert "line 4: `03/04/2026` in the column `Offer`" in told
    assert "column `Interview`" not in told
    done("import", file, "--column", "Offer=ignore")
    assert kept(home)["initech"].data["events"][0]["at"].startswith("2026-04-03")


def test_what_the_person_says_of_dates_counts_and_contradicting_rows_are_told(
    home: Path, tmp_path: Path
) -> None:
    file = table(tmp_path, "Company,Position,Interview", "Initech,SRE,03/04/2026", "Hooli,SRE,02/13/2026")
    assert ":3:1: `02/13/2026` is no day for `interview`" in refused("import", file, "--dates", "dmy")
    done("import", file, "--dates", "mdy")
    assert kept(home)["initech"].data["events"][0]["at"].startswith("2026-03-04")


def test_a_column_that_contradicts_itself_is_never_guessed(tmp_path: Path) -> None:
    file = table(
        tmp_path, "Company,Position,Interview",
        "A,SRE,13/02/2026", "B,SRE,02/13/2026", "C,SRE,03/04/2026",
    )  # fmt: skip
    assert "line 4: `03/04/2026` in the column `Interview`" in refused("import", file)


# Bad rows


def test_of_bad_rows_all_are_told_and_nothing_is_written_unless_they_are_to_be_left_out(
    home: Path, tmp_path: Path
) -> None:
    file = table(
        tmp_path, "Company,Position,Interview,Contact email",
        "Initech,SRE,2026-11-20,", ",SRE,,", '"Two\nlines",,soon,', f"{'x' * 201},SRE,,",
    )  # fmt: skip
    told = refused("import", file)
    for line, words in ((3, "the company is missing"), (4, "`soon` is no day"), (6, "longer than 200")):
        assert f"tracker.csv:{line}:1: " in told
        assert words in told
    assert "nothing is written; `--skip-bad` leaves these rows out and takes the other 1" in told
    assert kept(home) == {}
    assert ":3:1: the company is missing" in done("import", file, "--skip-bad")
    assert list(kept(home)) == ["initech"]


# Columns


def test_columns_are_known_by_what_people_say_and_a_mapping_keeps_the_rest(
    home: Path, tmp_path: Path
) -> None:
    mapping = str(tmp_path / "mapping.yaml")
    file = table(tmp_path, "Laden;Stelle;Gespräch am;Laune", "Initech;SRE;03.04.2026;gut")
    assert "no column is known to be the company" in refused("import", file)
    assert "a column cannot be `firm`" in refused("import", file, "--column", "Laden=firm")
    assert "the table has no column `Ladn`; did you mean" in refused(
        "import", file, "--column", "Ladn=company"
    )
    told = done("import", file, "--column", "Laden=company", "--dates", "dmy", "--save-mapping", mapping)
    assert "columns that are left out: Laune" in told
    more = table(tmp_path, "Laden;Stelle;Gespräch am;Laune", "Hooli;SRE;05.06.2026;gut")
    done("import", more, "--mapping", mapping)
    assert kept(home)["hooli"].data["events"][0]["at"].startswith("2026-06-05")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_what_spreadsheets_write_is_read(encoding: str, separator: str, home: Path, tmp_path: Path) -> None:
    cells = [["Firma", "Stelle", "Notizen"], ["Müller & Söhne", "Entwickler", 'a "b", c; d\te\nf']]
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(cells)
    file = tmp_path / "export.csv"
    file.write_bytes(stream.getvalue().encode(encoding))
    done("import", str(file))
    data = kept(home)["muller-sohne"].data
    assert data["company"]["name"] == "Müller & Söhne"
    assert data["events"][0]["text"] == 'a "b", c; d\te\nf'


def test_rows_keep_the_lines_on_which_they_begin() -> None:
    assert [row.line for row in read_rows('a,b\n"1\n2",3\n\n,\n4,5\n', "f")] == [1, 2, 6]


def test_the_line_that_tells_excel_the_separator_is_no_row() -> None:
    assert [(row.line, row.cells) for row in read_rows("sep=;\r\na;b,c\r\n", "f")] == [(2, ("a", "b,c"))]


def test_a_column_of_hours_belongs_to_that_of_the_interview(home: Path, tmp_path: Path) -> None:
    header = "Company,Position,Interview date,Interview time"
    done("import", table(tmp_path, header, "Initech,SRE,20 Nov 2026,2:30 PM", "Hooli,SRE,,10:00"))
    assert kept(home)["initech"].data["events"][0]["at"] == "2026-11-20T14:30:00-06:00"
    assert types(kept(home)["hooli"]) == []
    bad = table(tmp_path, header, "Acme,SRE,2026-11-20,after lunch")
    assert "`2026-11-20 after lunch` is no day for `interview`" in refused("import", bad)


def test_a_row_whose_cells_have_moved_is_bad(home: Path, tmp_path: Path) -> None:
    told = refused(
        "import", table(tmp_path, "Day,Company,Position", "1/15/26, 3:14 PM,Hooli,SRE", "x,Acme,SRE,,")
    )
    assert ":2:1: it has 4 cells and the header 3; put a cell that holds the separator into quotation" in told
    assert ":3:1:" not in told
    assert kept(home) == {}


def test_a_table_of_a_million_columns_is_refused(tmp_path: Path) -> None:
    assert ":1:1: the row has 1,000,001 cells" in refused(
        "import", table(tmp_path, "Company" + ",x" * 1_000_000)
    )


def test_a_huge_cell_and_no_text_are_refused(tmp_path: Path) -> None:
    file = table(tmp_path, HEADER, f"Initech,SRE,,,,,,{'x' * 20_001}")
    assert ":2:1: the cell 8 holds 20,001 characters" in refused("import", file)
    assert "is empty" in refused("import", table(tmp_path, "", name="empty.csv"))
    workbook = tmp_path / "tracker.xlsx"
    workbook.write_bytes(b"PK\x03\x04...")
    assert "save the sheet as CSV, or unpack the archive" in refused("import", str(workbook))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals")
def test_on_a_terminal_it_asks_what_only_you_know(home: Path, tmp_path: Path) -> None:
    import pty

    mapping = tmp_path / "mapping.yaml"
    file = table(tmp_path, "Laden,Stelle,Gespräch am", "Initech,SRE,03/04/2026")
    terminal, inside = pty.openpty()
    os.write(terminal, b"Laden\nmdy\n")
    command = [sys.executable, "-c", MAIN, "import", file, "--save-mapping", str(mapping)]
    result = subprocess.run(command, stdin=inside, capture_output=True, text=True, check=True)
    os.close(inside)
    os.close(terminal)
    assert "Which column is the company?" in result.stderr
    assert "`03/04/2026` in the column `Gespräch am`: what comes first?" in result.stderr
    assert "interview 2026-03-04" in result.stdout
    assert "Laden: company" in mapping.read_text("utf-8")


# Programs


def test_in_linkedins_applications_the_address_is_your_own_and_nobodys_at_the_company(
    home: Path, tmp_path: Path
) -> None:
    row = '"8/15/26, 1:32 PM",ana@souza.example,+1 312 555 0188,Globex,Analyst,https://l.example/3,cv.pdf,"Q?\nA"'
    done("import", table(tmp_path, LINKEDIN, row, name="Job Applications.csv"))
    data = kept(home)["globex"].data
    assert "people" not in data
    assert [event["text"] for event in data["events"]] == ["Applied 2026-08-15 · https://l.example/3"]


def test_linkedins_connections_give_addresses_to_people_whom_you_have_and_add_nobody(
    home: Path, tmp_path: Path
) -> None:
    done("import", table(tmp_path, HEADER, INITECH))
    file = table(
        tmp_path, "Notes:", '"When exporting, some fields, may be empty"', "",
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On",
        "Dana,Whitfield,https://www.linkedin.com/in/dana,,Initech Inc.,VP,05 Mar 2024",
        "Lee,Okafor,https://www.linkedin.com/in/lee,,Initech,SRE,05 Mar 2024",
        "Dana,Whitfield,https://www.linkedin.com/in/other,,Hooli,VP,05 Mar 2024",
        name="Connections.csv",
    )  # fmt: skip
    told = done("import", file)
    assert "initech: Dana Whitfield: linkedin added" in told
    assert "1 more whom you know work at companies in your store; none of them is added" in told
    assert kept(home)["initech"].data["people"]["dana"]["linkedin"] == "https://www.linkedin.com/in/dana"
    assert list(kept(home)["initech"].data["people"]) == ["dana"]
    assert "nothing was written" in done("import", file)


@pytest.mark.parametrize(
    ("header", "preset", "fields"),
    [
        (LINKEDIN, "linkedin-applications", {"applied": 0, "company": 3, "position": 4, "email": None}),
        (
            "Job Position,Company,Max. Salary,Location,Status,Date Saved,Deadline,Date Applied,Follow up,"
            "Excitement",
            "teal",
            {"position": 0, "company": 1, "salary": 2, "status": 4, "applied": 7, "offer": None},
        ),
        (
            "Company,Title,List,Date Applied",
            "huntr",
            {"company": 0, "position": 1, "status": 2, "applied": 3},
        ),
        ("Employer,Job Title,Status", "spreadsheet", {"company": 0, "position": 1, "status": 2}),
    ],
)
def test_a_program_is_known_by_its_columns(header: str, preset: str, fields: dict[str, Any]) -> None:
    found = mapped(header.split(","), None, {})
    assert found.preset == preset
    assert {name: found.column(name) for name in fields} == fields
    assert found.unknown == ()


def test_notions_relations_lose_their_links(home: Path, tmp_path: Path) -> None:
    cell = "Initech (https://www.notion.so/Initech-0123abc?pvs=21)"
    file = table(tmp_path, "Company,Position,Interview", f'{cell},SRE,"November 20, 2026 10:00 AM"')
    done("import", file, "--preset", "notion")
    assert kept(home)["initech"].data["company"]["name"] == "Initech"


def test_the_presets_on_the_command_line_are_those_there_are() -> None:
    shown = done("import", "--help")
    assert all(name in shown.replace("\n", "").replace(" ", "") for name in PRESETS)
