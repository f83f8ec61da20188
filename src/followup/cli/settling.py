"""A follow-up of the store settled: done, skipped or put off."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from followup.cli.at_hand import AtHand, at_hand, follow_up
from followup.cli.home import tell_change
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.cli.options import Options
    from followup.plan import FollowUp

__all__ = ["settle"]

Make = Callable[["FollowUp", AtHand], dict[str, Any]]
"""The event that settles a follow-up."""


def settle(
    options: Options, opportunity: str, key: str, now: str | None, home: str | None, form: str, make: Make
) -> None:
    """Write the event that `make` gives for the follow-up of that key. Raises UsageError."""
    with at_hand(options, opportunity, now, home) as it:
        followup = follow_up(it.plan(drafts=bool(it.found.drafts)), it.name, key)
        if followup.status in ("done", "skipped"):
            raise UsageError(f"`{followup.key}` is {followup.status} already; nothing is changed")
        change = it.add({"at": it.now.isoformat(), **make(followup, it)})
    written = change.entries[0].data
    rest = f" until {written['until']}" if "until" in written else ""
    words = ", with your own words" if "text" in written else ""
    tell_change(form, change, [f"{it.name}: {written['type']} {followup.key}{rest}{words}"])
