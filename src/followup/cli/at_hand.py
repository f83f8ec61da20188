"""One opportunity of the store, at hand for a command: its state and its plan at a moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from followup.cli.home import add_events, opened
from followup.cli.opportunities import now_for
from followup.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.calendars import Calendar
    from followup.cli.options import Options
    from followup.cli.plan_changes import PlanChange
    from followup.cli.times import Clock
    from followup.engine import Engine
    from followup.plan import FollowUp, Plan
    from followup.state import InterviewState
    from followup.store import Change, Kept, Opportunity, Store

__all__ = ["AtHand", "at_hand", "follow_up"]


@dataclass(frozen=True, slots=True)
class AtHand:
    """An opportunity of an open store, as it stands at `now` on the candidate's clocks."""

    engine: Engine
    store: Store
    kept: Kept
    found: Opportunity
    state: InterviewState
    now: datetime
    clock: Clock

    @property
    def name(self) -> str:
        """Its whole name in the store."""
        return self.found.name

    @property
    def calendar(self) -> Calendar:
        """The candidate's calendar."""
        from followup.cli.times import calendar_of

        return calendar_of(self.state)

    def in_doubt(self, key: str) -> bool:
        """Whether the follow-up of that key may have been sent already, and nobody knows."""
        from followup.sending import in_doubt

        return (self.name, key) in in_doubt(self.store.entries())

    def plan(self, *, drafts: bool = True) -> Plan:
        """Its plan, with the words of the person's own in the place of drafts."""
        from followup.store import plan_of

        return plan_of(self.engine, self.kept, self.name, self.now, drafts=drafts, state=self.state)

    def changes_since(self) -> list[PlanChange]:
        """What was written since it was opened changes in the plan."""
        from followup.cli.plan_changes import changes
        from followup.store import folded, plan_of

        # A draft may be what blocks a follow-up: words of one's own that no longer fit.
        drafts = bool(self.found.drafts)
        after = folded(self.store.entries())
        now = plan_of(self.engine, after, self.name, self.now, drafts=drafts)
        return list(changes(self.plan(drafts=drafts), now))

    def add(self, event: Mapping[str, Any]) -> Change:
        """Write an event that fits the state. Raises UsageError and StateError."""
        return add_events(self.engine, self.store, self.name, [event])


@contextmanager
def at_hand(options: Options, opportunity: str, now: str | None, home: str | None) -> Iterator[AtHand]:
    """The opportunity of that name, or whose name begins so. Raises UsageError and StateError."""
    from followup.store import folded

    with opened(home) as store:
        kept = folded(store.entries())
        found = kept.opportunity(opportunity)
        engine = options.engine()
        state = found.state(engine.vocabulary)
        moment, clock = now_for(state, now)
        if found.retired:
            click.echo(f"{found.name} is retired; bring it back: followup reopen {found.name}", err=True)
        yield AtHand(engine, store, kept, found, state, moment, clock)


def follow_up(plan: Plan, name: str, key: str, *, whole: bool = False) -> FollowUp:
    """The follow-up of that key, or the only pending one that begins so; none that rides in another.

    `whole`: for what cannot be undone, the beginning of a key is not enough. Raises UsageError.
    """
    found = next((each for each in plan.followups if each.key == key), None)
    near = [each for each in plan.pending if key and not whole and each.key.startswith(key)]
    if found is None and len(near) == 1:
        found = near[0]
    if found is None:
        keys = [each.key for each in plan.followups]
        if near:
            several = " or ".join(f"`{each.key}`" for each in near)
            raise UsageError(f"`{key}` may be {several}; give more of it")
        begun = [each.key for each in plan.pending if key and each.key.startswith(key)]
        if begun:
            several = " or ".join(f"`{each}`" for each in begun)
            raise UsageError(f"what is sent cannot be undone, so give the whole key: {several}")
        cure = did_you_mean(key, keys) or f"`followup show {name}` shows the keys"
        raise UsageError(f"`{name}` has no follow-up `{key}`; {cure}")
    if found.host is not None:
        raise UsageError(f"`{found.key}` rides in `{found.host}`; name that one")
    return found
