"""`show`, `edit` and `open`: a follow-up of the store looked at, put into one's own words, and opened."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from tests.support import example_day, invoke, kept_options

KEY = "thank-you:r1:dana"
NOW = ("--now", "2026-11-20T19:00-06:00")
OWN = """\
Subject: Thank you for this morning

Dear Dana Whitfield,

thank you for the hour this morning. Your story of the night on call stayed with me.

Kind regards
Ana Souza
"""

pytestmark = pytest.mark.skipif("email" not in kept_options().engine().channels, reason="no email channel")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FOLLOWUP_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("VISUAL", raising=False)
    assert invoke("add", "-", text=example_day()).exit_code == 0
    return tmp_path / "home"


def edit(*options: str, text: str | None = None, key: str = KEY) -> Result:
    return invoke("edit", "initech", key, *NOW, *options, text=text)


def shown(key: str = KEY) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(invoke("show", "initech", key, *NOW, "--format", "json").stdout)
    return found


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Sets a program as EDITOR that runs some lines of shell on the file, `$1`."""

    def set_(lines: str) -> None:
        script = tmp_path / "an editor.sh"
        script.write_text(f"#!/bin/sh\n{lines}\n", "utf-8")
        script.chmod(0o700)
        monkeypatch.setenv("EDITOR", f"'{script}'")

    return set_


def files(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "edits").glob("*"))


def test_show_tells_people_what_happened_and_what_is_due() -> None:
    told = invoke("show", "ini", *NOW).stdout
    assert "dana@initech.example" in told
    assert "You had an interview with Dana Whitfield" in told
    assert KEY in told


def test_a_follow_up_is_shown_whole_by_the_beginning_of_its_key() -> None:
    told = invoke("show", "initech", "thank", *NOW).stdout
    assert "Dear Dana Whitfield," in told
    assert "Ana Souza" in told
    assert "Why" in told
    assert "thank within 24 hours" in told


def test_an_unknown_key_is_told_with_its_cure() -> None:
    done = invoke("show", "initech", "thank-yuo:r1:dana", *NOW)
    assert done.exit_code == 2
    assert f"did you mean `{KEY}`?" in done.stderr


def test_own_words_from_a_pipe_are_reviewed_kept_and_used(home: Path) -> None:
    done = edit("--file", "-", text=OWN)
    assert done.exit_code == 0
    assert "your words for thank-you:r1:dana are kept" in done.stdout
    assert "To undo: followup undo" in done.stdout
    draft = shown()["followup"]["draft"]
    assert draft["edited"]
    assert draft["subject"] == "Thank you for this morning"
    assert "night on call" in draft["body"]
    assert "night%20on%20call" in draft["open"]
    assert "night on call" in draft["attachments"][0]["text"]
    invoke("undo")
    assert not shown()["followup"]["draft"]["edited"]


def test_words_without_a_subject_keep_the_one_there_is() -> None:
    before = shown()["followup"]["draft"]["subject"]
    edit("--file", "-", text=OWN.partition("\n\n")[2])
    assert shown()["followup"]["draft"]["subject"] == before


def test_what_the_reviews_find_is_told_and_an_error_blocks() -> None:
    done = edit("--file", "-", "--format", "json", text=OWN.replace("Dana Whitfield", "[name]"))
    told = json.loads(done.stdout)
    assert told["status"] == "blocked"
    assert "error" in [finding["severity"] for finding in told["findings"]]
    assert told["undo"] == "followup undo"


def test_the_editor_shows_the_draft_and_what_is_saved_is_kept(home: Path, editor: Any) -> None:
    editor(
        'grep -q "^Subject: Thank you" "$1" && sed -i "s/^Dear.*/Dear Dana Whitfield, good evening,/" "$1"'
    )
    done = edit()
    assert done.exit_code == 0, done.stderr
    body = shown()["followup"]["draft"]["body"]
    assert "good evening" in body
    assert "8<" not in body
    assert files(home) == []


@pytest.mark.parametrize(
    ("lines", "told"), [("true", "the text is as it was"), (': > "$1"', "the text is empty")]
)
def test_saved_empty_or_unchanged_nothing_changes(home: Path, editor: Any, lines: str, told: str) -> None:
    editor(lines)
    done = edit()
    assert done.exit_code == 0
    assert told in done.stdout
    assert not shown()["followup"]["draft"]["edited"]
    assert files(home) == []


def test_what_was_written_is_never_lost(home: Path, editor: Any) -> None:
    editor('sed -i "s/^Dear.*/Dear Dana Whitfield, good evening,/" "$1"; exit 3')
    done = edit()
    assert done.exit_code == 2
    [left] = files(home)
    assert left in done.stderr
    assert not shown()["followup"]["draft"]["edited"]
    editor("true")
    assert "what you wrote last time" in edit().stderr
    assert "good evening" in shown()["followup"]["draft"]["body"]
    assert files(home) == []


def test_without_terminal_and_editor_the_file_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EDITOR", raising=False)
    done = edit()
    assert done.exit_code == 2
    assert "--file" in done.stderr


def test_dropped_words_make_place_for_the_draft_again() -> None:
    assert "nothing is changed" in edit("--drop").stdout
    edit("--file", "-", text=OWN)
    assert "the draft is back" in edit("--drop").stdout
    assert not shown()["followup"]["draft"]["edited"]


def test_done_remembers_the_words_that_were_sent() -> None:
    edit("--file", "-", text=OWN)
    done = json.loads(invoke("done", "initech", "thank", *NOW, "--format", "json").stdout)
    event = done["entries"][0]["data"]
    assert "night on call" in event["text"]
    assert event["subject"] == "Thank you for this morning"


def test_own_words_for_somebody_who_can_no_longer_be_reached_there_are_told() -> None:
    edit("--file", "-", text=OWN, key="inquiry:r1:dana")
    invoke("log", "initech", "promise", "from", "hr", "by", "2026-11-25", *NOW)
    told = invoke("plan", "initech", "--all", "--now", "2026-12-03T10:00-06:00", "--format", "json").stdout
    assert not any(each["draft"] and each["draft"]["edited"] for each in json.loads(told)["followups"])


def test_open_prints_the_link_and_names_the_next_step() -> None:
    assert invoke("open", "initech", "thank", *NOW, "--print").stdout.startswith(
        "mailto:dana@initech.example?"
    )
    told = json.loads(invoke("open", "initech", "thank", *NOW, "--print", "--format", "json").stdout)
    assert told["opened"] is None
    assert told["next"] == f"followup done initech {KEY}"


def test_open_hands_the_mail_to_the_desktop(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text(f'#!/bin/sh\necho "$1" > "{tmp_path}/opened"\n', "utf-8")
    opener.chmod(0o700)
    monkeypatch.setenv("PATH", str(opener.parent), prepend=":")
    done = invoke("open", "initech", "thank", *NOW, "--eml")
    assert done.exit_code == 0, done.stderr
    assert "Opening a mail to Dana Whitfield" in done.stderr
    file = Path((tmp_path / "opened").read_text("utf-8").strip())
    assert file.parent == home / "outgoing"
    assert b"X-Unsent: 1" in file.read_bytes()
    opener.write_text("#!/bin/sh\nexit 3\n", "utf-8")
    assert "no program was found" in invoke("open", "initech", "thank", *NOW).stderr


def test_what_is_not_due_is_opened_only_on_demand() -> None:
    refused = invoke("open", "initech", "inquiry", *NOW, "--print")
    assert refused.exit_code == 2
    assert "--anyway" in refused.stderr
    assert "mailto:" in invoke("open", "initech", "inquiry", *NOW, "--print", "--anyway").stdout


def test_a_task_opens_nothing() -> None:
    done = invoke("open", "initech", "reflect", *NOW)
    assert done.exit_code == 2
    assert "opens nothing" in done.stderr


def test_a_retired_opportunity_is_in_no_list_until_it_is_reopened() -> None:
    done = invoke("retire", "initech", "They", "stopped", "hiring")
    assert "initech: retired: They stopped hiring" in done.stdout
    assert json.loads(invoke("today", *NOW, "--format", "json").stdout) == []
    assert "retired: They stopped hiring" in invoke("show", "initech", *NOW).stdout
    assert "retired already" in invoke("retire", "initech").stderr
    assert invoke("reopen", "initech").exit_code == 0
    assert json.loads(invoke("today", *NOW, "--format", "json").stdout)
    assert "not retired" in invoke("reopen", "initech").stderr


def test_stale_words_given_once_more_are_kept_for_what_it_is_now() -> None:
    edit("--file", "-", text=OWN)
    invoke("set", "initech", "dana.email=whitfield@initech.example")
    assert not shown()["followup"]["draft"]["edited"]
    edit("--file", "-", text=OWN)
    found = shown()["followup"]
    assert found["status"] == "due"
    assert found["draft"]["edited"]
    assert "whitfield@initech.example" in found["draft"]["open"]


def test_an_editor_that_cannot_be_run_changes_nothing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for editor, told in (("'", "a quotation is not closed"), ("/no/such/editor", "cannot be run")):
        monkeypatch.setenv("EDITOR", editor)
        done = edit()
        assert done.exit_code == 2
        assert told in done.stderr
    assert files(home) == []


def test_an_erased_person_is_in_no_file_beside_the_store(
    home: Path, editor: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opener = tmp_path / "bin" / "xdg-open"
    opener.parent.mkdir()
    opener.write_text("#!/bin/sh\n", "utf-8")
    opener.chmod(0o700)
    monkeypatch.setenv("PATH", str(opener.parent), prepend=":")
    invoke("open", "initech", "thank", *NOW, "--eml")
    editor('echo "Whitfield" >> "$1"; exit 3')
    edit()
    invoke("erase", "initech", "dana", "--yes")
    kept = [path for path in home.rglob("*") if path.is_file()]
    assert all(b"Whitfield" not in path.read_bytes() for path in kept)
