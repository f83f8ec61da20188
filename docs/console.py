"""Runs what a page shows, in order in an empty folder: files are written, and commands run.

A block with a title is a file; a `console` block is one command, and below it what it prints.

python docs/console.py docs/write-a-rule.md             puts what the commands print under them
python docs/console.py --check docs/write-a-rule.md     exits 1 if that is not what the page shows
"""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

BLOCK = re.compile(
    r'^```(?P<language>\w+)(?: title="(?P<title>[^"]+)")?\n(?P<text>.*?)^```$', re.DOTALL | re.MULTILINE
)
WIDTH = "90"
RUN = "from followup.cli import main; main()"


def main() -> int:
    """Fill in or check pages; the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", nargs="+", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing")
    given = parser.parse_args()
    stale = False
    for page in given.pages:
        text = page.read_text(encoding="utf-8")
        with TemporaryDirectory() as folder:
            played = play(text, Path(folder))
        stale |= played != text
        if not given.check:
            page.write_text(played, encoding="utf-8")
    return int(stale and given.check)


def play(page: str, folder: Path) -> str:
    """The text of a page with what its commands really print in a folder."""

    def played(block: re.Match[str]) -> str:
        if block["title"]:
            path = folder / block["title"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block["text"], encoding="utf-8")
        if block["language"] != "console":
            return block[0]
        command = block["text"].partition("\n")[0]
        printed = _run(command.removeprefix("$ "), folder)
        return f"```console\n{command}\n{printed.rstrip()}\n```"

    return BLOCK.sub(played, page)


def _run(line: str, folder: Path) -> str:
    """What a command prints, on standard output and standard error."""
    program, *arguments = shlex.split(line)
    if program != "followup":
        raise ValueError(f"a page runs followup alone, not `{line}`")
    return subprocess.run(
        [sys.executable, "-c", RUN, *arguments],
        cwd=folder,
        env={
            **os.environ, "COLUMNS": WIDTH, "NO_COLOR": "1", "PYTHONUTF8": "1",
            "FOLLOWUP_HOME": str(folder / "home"),
        },
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, encoding="utf-8",
    ).stdout  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
