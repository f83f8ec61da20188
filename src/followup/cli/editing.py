"""A text in the person's own editor, which is lost in no case: it stays in a file until it is kept."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from followup.cli.review import read_draft
from followup.errors import UsageError
from followup.plain import file_name
from followup.plan import Draft

__all__ = ["Editing", "editor"]

LINE = "# ------------------ 8< ------------------"
"""What stands above our own lines; it and all below it belong to no message."""


class Editing:
    """The file in which the draft of one follow-up is edited."""

    def __init__(self, home: Path, opportunity: str, key: str) -> None:
        self.path = home / "edits" / file_name(f"{opportunity}:{key}", "txt")

    def edited(self, before: Draft, note: Sequence[str]) -> Draft:
        """What the person makes of a draft; of what was left from last time, where something was.

        Raises UsageError.
        """
        program = editor()
        if self.path.exists():
            click.echo(f"This is what you wrote last time, from {self.path}.", err=True)
            begun = None
        else:
            subject = f"Subject: {before.subject}\n\n" if before.subject else ""
            below = "".join(f"# {line}\n" for line in note)
            begun = f"{subject}{before.body.strip()}\n\n{LINE}\n{below}"
            self._write(begun)
        try:
            code = subprocess.run([*program, str(self.path)], check=False).returncode
        except OSError as problem:
            self.over()
            raise UsageError(
                f"the editor `{program[0]}` cannot be run: {problem.strerror}; name another one by EDITOR"
            ) from None
        if code and begun is not None and self._text() == begun:
            self.over()
            raise UsageError(f"the editor failed ({code}); nothing is changed")
        if code:
            raise UsageError(f"the editor failed ({code}); nothing is changed, your text is in {self.path}")
        try:
            found = read_draft(str(self.path))
        except UsageError as problem:
            raise UsageError(f"{problem}; your text is in {self.path}") from None
        return Draft(found.subject, _above(found.body))

    def _text(self) -> str | None:
        try:
            return self.path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            return None

    def over(self) -> None:
        """The text was kept, or there was none: the file is taken away."""
        self.path.unlink(missing_ok=True)

    def _write(self, text: str) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            made = os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with open(made, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as problem:
            raise UsageError(f"cannot write {self.path}: {problem.strerror}") from None


def editor() -> list[str]:
    """The person's editor, as VISUAL or EDITOR say, else one that is there. Raises UsageError."""
    for variable in ("VISUAL", "EDITOR"):
        try:
            words = shlex.split(os.environ.get(variable, ""))
        except ValueError:
            raise UsageError(f"{variable} cannot be read as a command: a quotation is not closed") from None
        if words:
            return words
    if not sys.stdin.isatty():
        raise UsageError("there is no terminal for an editor; give the words by `--file FILE`, or `--file -`")
    import shutil

    usual = ("notepad",) if sys.platform == "win32" else ("sensible-editor", "nano", "vim", "vi")
    found = next((name for name in usual if shutil.which(name)), None)
    if found is None:
        raise UsageError("no editor was found; name yours by EDITOR, or give the words by `--file FILE`")
    return [found]


def _above(text: str) -> str:
    return text.partition(LINE)[0]
