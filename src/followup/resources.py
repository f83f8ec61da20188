"""Where the built-in scenarios and the schemas lie: beside the installed package, else in the checkout."""

from __future__ import annotations

from pathlib import Path

from followup.errors import FollowupError

__all__ = ["rules_folder", "schemas_folder"]

_PACKAGE = Path(__file__).resolve().parent


def rules_folder() -> Path:
    """The folder of the built-in scenarios, one folder each.

    Raises FollowupError when the installation lacks it.
    """
    return _folder("rules")


def schemas_folder() -> Path:
    """The folder of the published JSON Schemas, `NAME.schema.json`.

    Raises FollowupError when the installation lacks it.
    """
    return _folder("schemas")


def _folder(name: str) -> Path:
    candidates = [_PACKAGE / "_files" / name]
    if _PACKAGE.parent.name == "src":
        candidates.append(_PACKAGE.parent.parent / name)
    for folder in candidates:
        if folder.is_dir():
            return folder
    raise FollowupError(
        f"the folder `{name}` of followup is missing; looked for {' and '.join(map(str, candidates))}; "
        "install followup again"
    )
