"""The lines of a file in which a rule or guard stands."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from followup.errors import Place

__all__ = ["excerpt", "find_file"]


def excerpt(place: Place, folders: Sequence[str] = ()) -> str:
    """The lines of the file from `place` on that belong to what stands there; empty if not to be had."""
    file = find_file(place.file, folders)
    if file is None or not place.line:
        return ""
    try:
        lines = file.read_text("utf-8").splitlines()[place.line - 1 :]
    except (OSError, UnicodeDecodeError):
        return ""
    if not lines:
        return ""
    margin = len(lines[0]) - len(lines[0].lstrip())
    taken = [lines[0]]
    for line in lines[1:]:
        if line.strip() and len(line) - len(line.lstrip()) <= margin:
            break
        taken.append(line)
    return "\n".join(line[margin:] for line in taken).rstrip()


def find_file(name: str, folders: Sequence[str] = ()) -> Path | None:
    """The file that people are shown under this name; None if it is not to be had."""
    from followup.resources import rules_folder

    candidates = [Path(name), rules_folder() / name, rules_folder().parent / name]
    candidates += [Path(folder) / name for folder in folders] + [
        Path(folder).parent / name for folder in folders
    ]
    return next((path for path in candidates if path.is_file()), None)
