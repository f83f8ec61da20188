"""Opportunities: states read and planned, one or many, for a command of the core's or of a plugin's.

@click.command("count")
@STATES
@NOW
@pass_options
def count(options: Options, states: tuple[str, ...], now: str | None) -> None:
    for found in planned(options.engine(), states, now):
        if isinstance(found, Opportunity):
            click.echo(f"{found.title}: {len(found.plan.due)}")
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

import click

from followup.cli.home import kept
from followup.cli.options import Options, pass_options, tell
from followup.cli.reading import STDIN, kept_as, read_kept, read_state, read_state_file
from followup.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from followup.cli.times import Clock
    from followup.engine import Engine
    from followup.plan import FollowUp, Plan
    from followup.state import InterviewState
    from followup.store import Kept

__all__ = [
    "NOW",
    "STATES",
    "Opportunity",
    "Options",
    "chosen",
    "end_for",
    "not_now",
    "now_for",
    "pass_options",
    "planned",
    "planned_alone",
    "standing",
    "state_at",
    "title_of",
]


def _or_all(ctx: click.Context, _: click.Parameter, states: tuple[str, ...]) -> tuple[str, ...]:
    """The states that are named; where none is, the opportunities of the store that are open."""
    if states or ctx.resilient_parsing:
        return states
    found = tuple(name for name, each in kept().opportunities.items() if not each.retired)
    if not found:
        raise UsageError("name a file with a state; none is in your store (`followup add` puts one there)")
    return found


STATES = click.argument(
    "states", metavar="[STATE]...", nargs=-1, type=click.Path(allow_dash=True), callback=_or_all
)
"""The argument of commands that take one or many states; without any, those of the store."""
NOW = click.option(
    "--now",
    metavar="TIME",
    help="The moment to plan for: 2026-11-20T19:00-06:00; without an offset, on the candidate's clocks. "
    "Where not given, the present.",
)
"""The option `--now` of commands that make a plan."""


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A state that could be read: where it came from, its plan, and the clock to show times by."""

    path: str
    state: InterviewState
    plan: Plan
    clock: Clock

    @property
    def title(self) -> str:
        """Its heading: `Data Engineer at Initech`."""
        return title_of(self.state)


def planned(
    engine: Engine, paths: Sequence[str], now: str | None, *, drafts: bool = True
) -> Iterator[Opportunity | InputError]:
    """Each state with its plan at `now` (the words of `--now`; None is the present), in the order given.

    One that cannot be read is told on standard error and gives its error instead: whether the rest goes
    on, and leaves with exit code 2, is for the command to say. `-` is standard input. Raises UsageError.
    """
    if list(paths).count(STDIN) > 1:
        raise UsageError("standard input (`-`) can be read only once; name the other states as files")
    store = cache(kept)
    for path in paths:
        try:
            yield _planned(engine, path, store, now, drafts=drafts)
        except InputError as error:
            from followup.cli.wording import printable

            click.echo(printable(str(error)), err=True)
            yield error


def _planned(
    engine: Engine, path: str, store: Callable[[], Kept], now: str | None, *, drafts: bool
) -> Opportunity:
    from msgspec.structs import replace

    named = kept_as(path, store)
    reading = read_state_file(engine, path) if named is None else read_kept(engine, named)
    moment, clock = now_for(reading.state, now)
    if named is not None:
        from followup.store import plan_of

        plan = plan_of(engine, store(), named.name, moment, drafts=drafts, state=reading.state)
    else:
        plan = engine.plan(reading.state, moment, drafts=drafts)
    noted = replace(plan, notes=(*map(str, reading.notes), *plan.notes))
    return Opportunity(path, reading.state, noted, clock)


def planned_alone(engine: Engine, path: str, now: str | None) -> Opportunity:
    """A command's one state with its plan; leaves with exit code 2 if it cannot be read, which is told."""
    (found,) = planned(engine, [path], now)
    if not isinstance(found, Opportunity):
        click.get_current_context().exit(2)
    return found


def state_at(engine: Engine, path: str, now: str | None) -> tuple[InterviewState, datetime, Clock]:
    """The state of a file, whose notes are told, with the moment to plan for and the clock to show times by.

    Raises StateError and UsageError.
    """
    reading = read_state(engine, path)
    tell(reading.notes)
    return (reading.state, *now_for(reading.state, now))


def now_for(state: InterviewState, now: str | None) -> tuple[datetime, Clock]:
    """The moment to plan for, and the clock to show times by; a time zone taken for granted is told."""
    from followup.cli.times import Clock, calendar_of, moment_now

    calendar = calendar_of(state)
    moment = moment_now(now, calendar)
    return moment, Clock(moment, calendar.zone)


def chosen(plan: Plan, key: str, channel: str) -> FollowUp:
    """The follow-up of that key, which has a draft for that channel. Raises UsageError, with why not."""
    from followup.errors import did_you_mean

    found = next((followup for followup in plan.followups if followup.key == key), None)
    if found is None:
        here = [f.key for f in plan.pending if f.channel == channel]
        cure = did_you_mean(key, [f.key for f in plan.followups]) or (
            "by " + channel + " go: " + ", ".join(here) if here else f"nothing goes by {channel} now"
        )
        raise UsageError(f"the plan has no follow-up `{key}`; {cure}")
    if found.host is not None:
        raise UsageError(f"`{key}` rides in `{found.host}`; name that one")
    if found.channel is not None and found.channel != channel:
        raise UsageError(f"`{key}` goes by {found.channel}, not by {channel}; a rule's `via` says so")
    if found.draft is None or found.channel is None:
        raise UsageError(f"`{key}` {standing(found)}")
    return found


def standing(followup: FollowUp) -> str:
    """How a follow-up stands, and why: `is held: they said they would decide by then`."""
    from followup.plan import telling

    reason = telling(followup.status, followup.reasons)
    return f"is {followup.status}" + (f": {reason.text}" if reason else "")


def not_now(followup: FollowUp, clock: Clock) -> str:
    """Why a follow-up is not to go out now, in a sentence; empty for one that is due."""
    from followup.plain import plain_line
    from followup.plan import telling

    if followup.status == "due":
        return ""
    until = followup.lifts or (followup.opens if followup.status == "scheduled" else None)
    reason = telling(followup.status, followup.reasons)
    words = f"This is {followup.status}" + (f" until {clock.exact(until)}" if until else "")
    return words + (f": {plain_line(reason.text)}." if reason else ".")


def end_for(state: InterviewState, until: str, start: datetime) -> datetime:
    """The moment that `--until` names: a time, a day, or so long after `start`. Raises UsageError."""
    from followup.cli.times import calendar_of, moment_after, read_moment

    calendar = calendar_of(state)
    if until.strip()[:4].isdigit():
        end, note = read_moment(until, calendar, "--until")
        if note:
            click.echo(note, err=True)
    else:
        end = moment_after(start, until, calendar, "--until")
    if end <= start:
        raise UsageError(
            f"--until: {end.isoformat()} is not after now, {start.isoformat()}; name a later time"
        )
    return end


def title_of(state: InterviewState) -> str:
    """The heading of an opportunity, on one line."""
    return " ".join(f"{state.position.title} at {state.company.name}".split())
