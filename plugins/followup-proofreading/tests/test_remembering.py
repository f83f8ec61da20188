"""What is remembered between runs: texts in which nothing was found, and nothing that could be read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REVIEW = """
import sys
from followup import Draft
from followup.hookspecs import ReviewContext
from followup_proofreading import grammar
found = grammar(Draft("Thank you", sys.argv[1]), ReviewContext("thanks", "email", known=tuple(sys.argv[2:])))
print([each.text for each in found], "harper" in sys.modules)
"""
FULL = """
import sys
from followup_proofreading.remembering import is_remembered, mark_of, remember
marks = [mark_of(str(number)) for number in range(5000)]
for mark in marks:
    remember(mark)
print(sum(map(is_remembered, marks)), is_remembered(marks[-1]))
"""


def run(home: Path, program: str, *arguments: str, cache: str = "cache") -> str:
    """What a new process prints whose cache is in a folder of `home`; empty for none."""
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=True,
        env={**os.environ, "HOME": str(home), "FOLLOWUP_CACHE": cache and str(home / cache)},
    )  # fmt: skip
    return done.stdout.strip()


def memory(home: Path) -> Path:
    [file] = [path for path in home.rglob("*") if path.is_file()]
    return file


def test_a_text_without_faults_is_not_read_again_by_the_next_process(tmp_path: Path) -> None:
    assert run(tmp_path, REVIEW, "It was a good talk.") == "[] True"
    assert run(tmp_path, REVIEW, "It was a good talk.") == "[] False"
    assert run(tmp_path, REVIEW, "It was a god talk!") == "[] True"


def test_a_fault_is_told_every_time(tmp_path: Path) -> None:
    told = "['`intresting` is misspelt'] True"
    assert [run(tmp_path, REVIEW, "It was intresting.") for _ in range(2)] == [told, told]


def test_a_word_that_is_known_no_more_is_told(tmp_path: Path) -> None:
    assert run(tmp_path, REVIEW, "We spoke of zorbing.", "zorbing") == "[] True"
    assert run(tmp_path, REVIEW, "We spoke of zorbing.", "zorbing", "kubelets") == "[] False"
    assert run(tmp_path, REVIEW, "We spoke of zorbing.") == "['`zorbing` is misspelt'] True"


def test_the_file_holds_no_words_and_is_nobody_elses(tmp_path: Path) -> None:
    run(tmp_path, REVIEW, "It was a good talk.")
    assert len(memory(tmp_path).read_bytes()) == 16
    assert memory(tmp_path).stat().st_mode & 0o077 == 0


def test_a_file_that_is_none_of_ours_begins_again(tmp_path: Path) -> None:
    run(tmp_path, REVIEW, "It was a good talk.")
    memory(tmp_path).write_bytes(b"something else")
    assert run(tmp_path, REVIEW, "It was a good talk.") == "[] True"
    assert run(tmp_path, REVIEW, "It was a good talk.") == "[] False"


def test_where_nothing_can_be_written_all_is_read(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file in the place of the folder")
    assert [run(tmp_path, REVIEW, "It was a good talk.") for _ in range(2)] == ["[] True", "[] True"]


def test_nothing_is_remembered_for_who_wants_no_cache(tmp_path: Path) -> None:
    assert [run(tmp_path, REVIEW, "It was a good talk.", cache="") for _ in range(2)] == [
        "[] True",
        "[] True",
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_full_file_begins_again(tmp_path: Path) -> None:
    assert run(tmp_path, FULL) == f"{5000 - 4096} True"
    assert len(memory(tmp_path).read_bytes()) == 16 * (5000 - 4096)
