"""`followup review`: a text of one's own is read as if it were about to go out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.support import INTERVIEW, state

from followup.cli.root import cli

GOOD = """Subject: Thank you for the Data Engineer interview

Dear Dana,

Thank you for your time on Tuesday. Your account of the warehouse was a pleasure to hear.

Kind regards,
Ana Souza
ana@souza.example
"""
TO_DANA = ("--to", "dana", "--intent", "thanks", "--now", "2026-09-15T12:00Z")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "initech.yaml").write_text(state(INTERVIEW).to_yaml(), "utf-8")
    return tmp_path


def review(folder: Path, text: str, *arguments: str) -> Result:
    (folder / "text.txt").write_text(text, "utf-8")
    return CliRunner().invoke(cli, ["review", "initech.yaml", "text.txt", *arguments])


def test_a_good_text_has_nothing_to_mend(folder: Path) -> None:
    done = review(folder, GOOD, *TO_DANA)
    assert done.exit_code == 0, done.stdout
    assert "nothing to mend" in done.stdout


def test_a_finding_is_shown_with_its_line_its_place_and_a_suggestion(folder: Path) -> None:
    done = review(folder, GOOD.replace("on Tuesday", "on [day]"), *TO_DANA)
    assert done.exit_code == 1
    lines = [line.rstrip() for line in done.stdout.splitlines()]
    at = lines.index(" ✗ a placeholder is left: `[day]`")
    assert lines[at + 1].strip().startswith("Thank you for your time on [day]")
    assert lines[at + 2].index("^") == lines[at + 1].index("[")
    assert lines[at + 3 : at + 5] == ["   fill it in", "   error · proofread · body:3:28"]


def test_a_program_gets_json(folder: Path) -> None:
    done = review(folder, GOOD.replace("Dear Dana", "Dear Lee"), *TO_DANA, "--format", "json")
    assert done.exit_code == 1
    [finding] = json.loads(done.stdout)["findings"]
    assert (finding["review"], finding["severity"], finding["where"]) == ("names", "error", "body:1:6")


def test_a_key_says_whom_and_what_for(folder: Path) -> None:
    now = ("--now", "2026-09-15T12:00Z")
    done = review(folder, GOOD.replace("Dear Dana", "Dear Lee"), "--key", "thank-you:r1:dana", *now)
    assert "it goes to Dana Whitfield" in done.stdout


def test_a_text_may_come_from_standard_input_and_have_no_subject(folder: Path) -> None:
    text = GOOD.partition("\n\n")[2]
    done = CliRunner().invoke(cli, ["review", "initech.yaml", "-", *TO_DANA], input=text)
    assert done.exit_code == 1
    assert "the subject is empty" in done.stdout


def test_another_opportunity_lends_no_names(folder: Path) -> None:
    other = state(INTERVIEW, company={"name": "Globex"})
    (folder / "globex.yaml").write_text(other.to_yaml(), "utf-8")
    done = review(folder, GOOD.replace("the warehouse", "Globex"), *TO_DANA, "--other", "globex.yaml")
    assert "it names Globex, not Initech" in done.stdout


def test_a_german_text_is_read_as_german(folder: Path) -> None:
    text = (
        "Subject: Vielen Dank für das Gespräch\n\nGuten Tag Frau Whitfield,\n\nvielen Dank für Ihre Zeit am "
        "Dienstag. Das war echt super.\n\nMit freundlichen Grüßen\nAna Souza\nana@souza.example\n"
    )
    done = review(folder, text, *TO_DANA, "--format", "json")
    assert [f["text"] for f in json.loads(done.stdout)["findings"]] == ["`echt super` is slang"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--to", "dana"), "say what the text is for"),
        (("--key", "thank-you:r1:dana", "--to", "dana"), "`--key` says already"),
        (("--key", "thank-you:r1:dan"), "did you mean `thank-you:r1:dana`?"),
        (("--to", "dan", "--intent", "thanks"), "did you mean `dana`?"),
        (("--to", "dana", "--intent", "thnaks"), "no intent is named `thnaks`; did you mean `thanks`?"),
        (("--to", "dana", "--intent", "thanks", "--channel", "emial"), "did you mean `email`?"),
        (("--to", "dana", "--intent", "thanks", "--language", "xx"), "no language has the code `xx`"),
    ],
)
def test_wrong_use_is_told_in_a_line(folder: Path, arguments: tuple[str, ...], told: str) -> None:
    done = review(folder, GOOD, "--now", "2026-09-15T12:00Z", *arguments)
    assert done.exit_code == 2
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_file_that_is_no_text_is_told_in_a_line(folder: Path) -> None:
    (folder / "text.txt").write_bytes(b"\xff\xfe\x00")
    done = CliRunner().invoke(cli, ["review", "initech.yaml", "text.txt", *TO_DANA])
    assert done.exit_code == 2
    assert "text.txt is not UTF-8" in done.stderr
