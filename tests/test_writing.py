"""Files written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from followup.errors import UsageError
from followup.writing import write_text


def test_a_file_is_replaced_with_its_mode_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "new" / "file.txt"
    write_text(file, "one\r\n")
    file.chmod(0o640)
    write_text(file, "two\r\n")
    assert file.read_bytes() == b"two\r\n"
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(file.parent.iterdir()) == [file]


def test_what_cannot_be_written_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "file.txt"
    file.write_text("old", "utf-8")
    with pytest.raises(UnicodeEncodeError):
        write_text(file, "\ud800")
    with pytest.raises(UsageError, match="choose another place"):
        write_text(file / "below", "new")
    assert file.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_device_is_written_to_and_not_replaced() -> None:
    reading, writing = os.pipe()
    write_text(Path(f"/dev/fd/{writing}"), "words")
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b"words"
