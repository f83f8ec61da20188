"""Where the command line keeps loaded rules for the next command."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["VARIABLE", "cache_folder"]

VARIABLE = "FOLLOWUP_CACHE"


def cache_folder() -> Path | None:
    """The folder that the environment names, else one in the user's cache folder; None where it is empty."""
    named = os.environ.get(VARIABLE)
    if named is not None:
        return Path(named) if named else None
    from platformdirs import user_cache_path

    return user_cache_path("followup", appauthor=False) / "rules"
