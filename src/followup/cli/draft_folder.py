"""A folder with the drafts of what is due, for any mail program: as it is now, and nothing older."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from followup.plain import file_name
from followup.plan import FollowUp
from followup.writing import write_text

__all__ = ["keep_drafts"]

LIST = ".followup-drafts"
"""The file in the folder that says which files are ours, and what they said."""


def keep_drafts(folder: Path, due: Mapping[tuple[str, str], FollowUp]) -> None:
    """Have these drafts in the folder, by opportunity and key; what is no longer due goes.

    A file that the person has changed stays as it is. Raises UsageError where the folder cannot be written.
    """
    before = _read(folder / LIST)
    wanted = {
        name: text for (opportunity, _), each in due.items() for name, text in _files(opportunity, each)
    }
    now: dict[str, str] = {}
    for name, text in wanted.items():
        path, digest = folder / name, _digest(text)
        if not path.exists() or _digest(_text(path)) == before.get(name) != digest:
            write_text(path, text)
        now[name] = digest
    for name in before.keys() - wanted.keys():
        path = folder / name
        if path.is_file() and _digest(_text(path)) == before[name]:
            path.unlink()
    if now != before:
        write_text(folder / LIST, json.dumps(now, indent=1))


def _files(opportunity: str, followup: FollowUp) -> list[tuple[str, str]]:
    draft = followup.draft
    if draft is None:
        return []
    name = f"{opportunity} {file_name(followup.key, 'x').removesuffix('.x')}"
    if draft.attachments:
        return [(f"{name}{Path(file.name).suffix}", file.text) for file in draft.attachments]
    return [(f"{name}.txt", f"Subject: {draft.subject}\n\n{draft.body}\n" if draft.subject else draft.body)]


def _read(path: Path) -> dict[str, str]:
    try:
        found = json.loads(path.read_text("utf-8"))
        return {str(name): str(digest) for name, digest in found.items() if Path(name).name == name}
    except (OSError, ValueError, AttributeError):
        return {}


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
