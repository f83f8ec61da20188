"""Many states in lines come out as plans in lines, in order, whatever is wrong with some of them."""

from __future__ import annotations

import gzip
import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from datetime import datetime
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from tests.support import EXAMPLES, HEARING

from followup.batch import Cases, Wish, cases_in, plan_cases
from followup.cli.root import cli
from followup.documents import MAX_BYTES
from followup.engine import Engine
from followup.errors import FollowupError
from followup.state import InterviewState

NOW = "2026-11-27T10:00-06:00"
STATES = [InterviewState.from_yaml(path) for path in EXAMPLES]
BAD = b'{"format": 1, "candidate": {"name": "Ana"}, "company": {"name": "Initech"}}'


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine.load()


def batch(*arguments: str, text: bytes | None = None) -> Result:
    return CliRunner().invoke(cli, ["batch", *arguments], input=text)


def cases(many: int = len(STATES)) -> bytes:
    return b"".join(STATES[number % len(STATES)].to_json() + b"\n" for number in range(many))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_bytes(cases(100))
    return path


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_each_line_is_the_plan_of_its_state(engine: Engine) -> None:
    found = lines(batch("-", "--now", NOW, "--processes", "1", "--drafts", text=cases()))
    now = datetime.fromisoformat(NOW)
    assert [each["line"] for each in found] == list(range(1, len(STATES) + 1))
    assert [each["plan"] for each in found] == [
        json.loads(engine.plan(state, now).to_json()) for state in STATES
    ]


def test_several_processes_say_what_one_says_in_the_same_order(file: Path) -> None:
    one, two = (batch(str(file), "--now", NOW, "--processes", number) for number in ("1", "2"))
    assert one.exit_code == two.exit_code == 0
    assert one.stdout == two.stdout


def test_processes_that_are_begun_afresh_say_the_same(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = Wish(datetime.fromisoformat(NOW), drafts=False)
    many = cases(100)
    wanted = list(plan_cases(engine, cases_in(BytesIO(many)), wish))
    multiprocessing.set_start_method("spawn", force=True)
    try:
        found = list(plan_cases(engine, cases_in(BytesIO(many)), wish, processes=2))
    finally:
        multiprocessing.set_start_method(None, force=True)
    assert found == wanted


def test_words_and_reasons_are_made_only_where_wanted() -> None:
    bare, full = (
        [
            each
            for line in lines(batch("-", "--now", NOW, option, text=cases()))
            for each in line["plan"]["followups"]
        ]
        for option in ("--no-reasons", "--drafts")
    )
    assert not any(each.get("draft") or each.get("reasons") for each in bare)
    assert any(each.get("draft") for each in full)
    assert all(each["reasons"] for each in full)


def test_a_bad_line_is_told_with_its_number_and_the_rest_is_done() -> None:
    good = STATES[0].to_json()
    result = batch("-", "--now", NOW, text=b"\n".join([good, BAD, b"", b"nonsense", b"\xff", good, b""]))
    assert result.exit_code == 2
    found = lines(result)
    assert [(each["line"], "plan" in each) for each in found] == [
        (1, True), (2, False), (4, False), (5, False), (6, True),
    ]  # fmt: skip
    assert "standard input:2:1: `position` is missing" in found[1]["problems"][0]
    assert [line.split(": ")[0] for line in result.stderr.splitlines()] == [
        "standard input:2:1", "standard input:4:1", "standard input:5:1",
    ]  # fmt: skip


def test_many_bad_lines_are_counted_not_all_told() -> None:
    result = batch("-", "--now", NOW, text=BAD + b"\n" + (BAD + b"\n") * 29)
    assert len(lines(result)) == 30
    assert len(result.stderr.splitlines()) == 21
    assert "and 10 lines more" in result.stderr


def test_a_line_longer_than_any_state_is_a_bad_line_and_is_never_held_whole() -> None:
    good = STATES[0].to_json()
    long = BytesIO(good + b'\n{"x": "' + b"a" * (3 * MAX_BYTES) + b'"}\n' + good + b"\n" + good)
    found = list(cases_in(long))
    assert max(len(each.text) for each in found) < MAX_BYTES + 100_000
    lines = [line for each in found for line in enumerate(each.text.splitlines(), each.line)]
    assert [number for number, _ in lines] == [1, 2, 3, 4]
    assert [text == good for _, text in lines] == [True, False, True, True]
    assert len(lines[1][1]) > MAX_BYTES


def test_the_file_is_read_no_further_ahead_than_needed(engine: Engine) -> None:
    read = 0

    def endless() -> Any:
        nonlocal read
        while True:
            read += 1
            yield Cases(read, STATES[0].to_json())

    wish = Wish(datetime.fromisoformat(NOW), drafts=False, reasons=False)
    found = plan_cases(engine, endless(), wish, processes=2)
    for wanted in range(1, 101):
        assert next(found).json.startswith(b'{"line":%d,' % wanted)
    assert read < 1_000
    found.close()  # type: ignore[attr-defined]


@pytest.mark.parametrize("after", [0, 1, 50, 99, 100, 200])
def test_cases_begin_after_any_line(after: int) -> None:
    many = cases(100).splitlines()
    found = list(cases_in(BytesIO(b"\n".join(many)), after=after))
    assert [text for each in found for text in each.text.splitlines()] == many[after:]
    assert [each.line for each in found][:1] == ([after + 1] if after < 100 else [])


def test_a_process_that_is_killed_is_told_and_what_is_done_stays(engine: Engine) -> None:
    endless = (Cases(number, STATES[0].to_json()) for number in count(1))
    wish = Wish(datetime.fromisoformat(NOW), drafts=False, reasons=False)
    found = plan_cases(engine, endless, wish, processes=2)
    assert next(found).count == 1
    multiprocessing.active_children()[0].kill()
    with pytest.raises(FollowupError, match="ended from outside"):
        list(found)


def test_no_process_outlives_the_one_that_began_it(tmp_path: Path) -> None:
    source, output = tmp_path / "many.jsonl", tmp_path / "plans.jsonl"
    source.write_bytes(cases(5_000))
    program = "from followup.cli.root import main; main()"
    command = [sys.executable, "-c", program, "batch", str(source), "--now", NOW, "-o", str(output)]
    with subprocess.Popen([*command, "--processes", "2"], stderr=subprocess.PIPE) as running:
        while not (output.exists() and output.stat().st_size):
            assert running.poll() is None
            time.sleep(0.05)
        running.kill()
        assert running.communicate(timeout=60) == (None, b"")  # all that could write there are gone


def test_a_reader_that_has_enough_ends_the_run_without_a_word(file: Path) -> None:
    program = "from followup.cli.root import main; main()"
    command = [sys.executable, "-c", program, "batch", str(file), "--now", NOW]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert running.stdout.readline().startswith(b'{"line":1,')
        running.stdout.close()
        assert running.stderr.read() == b""


def test_a_compressed_file_is_read_as_it_is(file: Path, tmp_path: Path) -> None:
    packed = tmp_path / "cases.jsonl.gz"
    packed.write_bytes(gzip.compress(file.read_bytes()))
    plain, found = (batch(str(path), "--now", NOW) for path in (file, packed))
    assert found.stdout == plain.stdout


def test_a_compressed_file_that_ends_too_early_is_told(file: Path, tmp_path: Path) -> None:
    packed = tmp_path / "cases.jsonl.gz"
    packed.write_bytes(gzip.compress(file.read_bytes())[:-20])
    result = batch(str(packed), "--now", NOW)
    assert result.exit_code == 2
    assert "cannot be read" in result.stderr


@pytest.mark.parametrize("kept", [0, 10, 5_000, 30_000])
def test_a_run_that_was_stopped_goes_on_where_it_was(file: Path, tmp_path: Path, kept: int) -> None:
    whole, part = tmp_path / "whole.jsonl", tmp_path / "part.jsonl"
    assert batch(str(file), "--now", NOW, "-o", str(whole)).exit_code == 0
    part.write_bytes(whole.read_bytes()[:kept])
    assert batch(str(file), "--now", NOW, "-o", str(part), "--resume").exit_code == 0
    assert part.read_bytes() == whole.read_bytes()


def test_a_run_over_a_compressed_file_goes_on_too(file: Path, tmp_path: Path) -> None:
    packed, whole, part = (tmp_path / name for name in ("cases.jsonl.gz", "whole.jsonl", "part.jsonl"))
    packed.write_bytes(gzip.compress(file.read_bytes()))
    assert batch(str(packed), "--now", NOW, "-o", str(whole)).exit_code == 0
    part.write_bytes(whole.read_bytes()[:200_000])
    assert batch(str(packed), "--now", NOW, "-o", str(part), "--resume").exit_code == 0
    assert part.read_bytes() == whole.read_bytes()


def test_an_output_with_one_line_longer_than_is_looked_at_at_once_is_gone_on_with(tmp_path: Path) -> None:
    source, output = tmp_path / "cases.jsonl", tmp_path / "plans.jsonl"
    source.write_bytes(cases(2))
    long = b'{"line":1,"plan":"' + b"x" * 200_000 + b'"}\n'
    output.write_bytes(long + b'{"line":2,"pl')
    assert batch(str(source), "--now", NOW, "-o", str(output), "--resume").exit_code == 0
    first, second = output.read_bytes().splitlines(keepends=True)
    assert first == long
    assert json.loads(second)["line"] == 2


@pytest.mark.parametrize("text", ["my notes", "my notes\n", '{"line":1,"plan":{}}\nmy notes'])
def test_a_file_of_something_else_is_never_gone_on_with(file: Path, tmp_path: Path, text: str) -> None:
    other = tmp_path / "notes.txt"
    other.write_text(text)
    for option in ([], ["--resume"]):
        result = batch(str(file), "--now", NOW, "-o", str(other), *option)
        assert result.exit_code == 2
        assert other.read_text() == text


def test_an_output_that_would_not_be_compressed_has_no_name_that_says_so(file: Path, tmp_path: Path) -> None:
    result = batch(str(file), "--now", NOW, "-o", str(tmp_path / "plans.jsonl.gz"))
    assert result.exit_code == 2
    assert "| gzip >" in result.stderr


def test_many_zones_want_a_time_with_its_offset(file: Path) -> None:
    result = batch(str(file), "--now", "2026-11-27 10:00")
    assert result.exit_code == 2
    assert "no time with an offset" in result.stderr


def test_ctrl_c_leaves_whole_lines_and_says_how_to_go_on(tmp_path: Path) -> None:
    source, output = tmp_path / "many.jsonl", tmp_path / "plans.jsonl"
    source.write_bytes(cases(20_000))
    program = HEARING + "from followup.cli.root import main; main()"
    command = [sys.executable, "-c", program, "batch", str(source), "--now", NOW, "-o", str(output)]
    running = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not (output.exists() and output.stat().st_size > 100_000):
        assert running.poll() is None
        time.sleep(0.05)
    os.killpg(running.pid, signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "go on with --resume" in told
    assert "Traceback" not in told
    written = output.read_bytes().splitlines(keepends=True)
    assert [json.loads(line)["line"] for line in written] == list(range(1, len(written) + 1))
