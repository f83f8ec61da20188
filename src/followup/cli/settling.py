"""A follow-up of the store settled: done, skipped or put off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from followup.cli.home import add_events, opened, tell_change
from followup.cli.opportunities import now_for
from followup.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.calendars import Calendar
    from followup.cli.options import Options
    from followup.plan import FollowUp

__all__ = ["settle"]

Make = Callable[["FollowUp", datetime, "Calendar"], dict[str, Any]]
"""The event that settles a follow-up, at a moment on the candidate's calendar."""


def settle(
    options: Options, opportunity: str, key: str, now: str | None, home: str | None, form: str, make: Make
) -> None:
    """Write the event that `make` gives for the follow-up of that key. Raises UsageError."""
    from followup.cli.times import calendar_of
    from followup.store import folded

    with opened(home) as store:
        found = folded(store.entries()).opportunity(opportunity)
        engine = options.engine()
        state = found.state(engine.vocabulary)
        moment, _ = now_for(state, now)
        plan = engine.plan(state, moment, drafts=False)
        followup = next((each for each in plan.followups if each.key == key), None)
        if followup is None:
            keys = [each.key for each in plan.followups]
            cure = did_you_mean(key, keys) or "`followup today` shows the keys"
            raise UsageError(f"`{found.name}` has no follow-up `{key}`; {cure}")
        if followup.host is not None:
            raise UsageError(f"`{key}` rides in `{followup.host}`; name that one")
        if followup.status in ("done", "skipped"):
            raise UsageError(f"`{key}` is {followup.status} already; nothing is changed")
        event = {"at": moment.isoformat(), **make(followup, moment, calendar_of(state))}
        change = add_events(engine, store, found.name, [event])
    written = change.entries[0].data
    rest = f" until {written['until']}" if "until" in written else ""
    tell_change(form, change, [f"{found.name}: {written['type']} {key}{rest}"])
