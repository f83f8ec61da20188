"""The plugins that the command line keeps out for good: one small file in the user's configuration folder.

    format: 1
    disabled: [linkedin]

It is read by commands alone; `Engine.load` in a program of one's own knows nothing of it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from followup.checking import check_format, checked, first_problems
from followup.documents import read_path
from followup.errors import InputError, Problem
from followup.sources import Format, Source
from followup.writing import write_text

__all__ = ["VARIABLE", "config_folder", "disabled_file", "read_disabled", "write_disabled"]

VARIABLE = "FOLLOWUP_CONFIG"
"""The environment variable that names another folder than the usual one."""
_HEAD = (
    "# Plugins that `followup` does not load. `followup plugins enable NAME` takes a name out again.\n"
    "format: 1\n"
)


class DisabledSource(Source, frozen=True, kw_only=True):
    """The file."""

    format: Format
    disabled: Annotated[tuple[str, ...], Meta(description="names of plugins")] = ()


def disabled_file() -> Path:
    """Where it stands, whether or not it is there."""
    return config_folder() / "plugins.yaml"


def config_folder() -> Path:
    """The user's configuration folder for followup, of commands of plugins too; it may not be there yet."""
    folder = os.environ.get(VARIABLE)
    if folder:
        return Path(folder)
    from platformdirs import user_config_path

    return user_config_path("followup", appauthor=False)


def read_disabled() -> tuple[str, ...]:
    """The names in it, sorted; none where there is no file. Raises InputError with every problem."""
    path = disabled_file()
    if not path.exists():
        return ()
    problems: list[Problem] = []
    document = read_path(path)
    check_format(document, problems)
    source = checked(document, (), document.value, DisabledSource, problems)
    if source is None or problems:
        raise InputError(first_problems(problems))
    return tuple(sorted(set(source.disabled)))


def write_disabled(names: Iterable[str]) -> None:
    """Put these names in it, in place of those that are there. Raises UsageError."""
    listed = sorted(set(names))
    write_text(disabled_file(), f"{_HEAD}disabled: [{', '.join(listed)}]\n")
