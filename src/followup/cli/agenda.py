"""`followup agenda`: what comes in the next days, over all opportunities of the store, day by day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from followup.cli.all_open import all_open, leave
from followup.cli.home import HOME, opened
from followup.cli.opportunities import NOW, Opportunity, end_for
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.today import greeting
from followup.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from rich.console import RenderableType

    from followup.cli.times import Clock
    from followup.retrospect.chronicles import Coming
    from followup.state import InterviewState

__all__ = ["command"]

MARKS = {"interview": "due", "known": "", "sent": "scheduled", "called": "scheduled", "task": "scheduled"}
"""The status whose mark stands before what is no follow-up, or one whose time comes."""


@dataclass(frozen=True, slots=True)
class Row:
    """What comes for one opportunity."""

    opportunity: str
    title: str
    coming: Coming
    clock: Clock


@click.command("agenda")
@click.option(
    "--until",
    metavar="TIME",
    default="2 weeks",
    show_default=True,
    help="How far to look ahead: a time, a day (`Friday` too), or a length from now.",
)
@NOW
@HOME
@FORMAT
@pass_options
def command(options: Options, until: str, now: str | None, home: str | None, form: str) -> None:
    """Say what comes in the next days in all your opportunities: follow-ups, interviews, promised dates.

    It says what the plans hold now. `followup timeline OPPORTUNITY` plays one further, as if nobody answered.

    \b
    Examples:
      followup agenda
      followup agenda --until Friday
      followup agenda --until "6 weeks" --format json | jq -r '.[] | [.day, .opportunity, .words] | @tsv'
    """
    from followup.store import folded

    with opened(home) as store:
        kept = folded(store.entries())
    rows, end = _rows(all_open(options, kept, now), until)
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode([_data(row) for row in rows]))
    elif all(each.retired for each in kept.opportunities.values()):
        click.echo(greeting(kept))
    elif end is not None:
        from followup.cli.drawing import draw

        draw(_drawn(rows, end))
    leave()


def _rows(found: Mapping[str, Opportunity], until: str) -> tuple[list[Row], tuple[Clock, datetime] | None]:
    """What comes up to the end, in order; the end on the clocks of the last opportunity, None without any."""
    from followup.retrospect.chronicles import outlined

    rows, end = [], None
    for name, each in found.items():
        last = _end(each.state, until, each.plan.now)
        end = (each.clock, last)
        rows += [
            Row(name, each.title, coming, each.clock)
            for coming in outlined(name, each.state, each.plan, last).to_come
            if coming.kind in ("due", "blocked") or _falls(coming, each.clock, last)
        ]
    return sorted(rows, key=_order), end


def _end(state: InterviewState, until: str, now: datetime) -> datetime:
    """The end that `--until` names: a time, a length, or a day in words, with the whole of it."""
    from datetime import timedelta

    from followup.cli.spoken_times import read_spoken
    from followup.cli.times import calendar_of

    try:
        return end_for(state, until, now)
    except UsageError as problem:
        try:
            spoken = read_spoken(until, now, calendar_of(state), "future")
        except UsageError:
            raise problem from None
    end = spoken.moment + timedelta(days=1, minutes=-1) if spoken.day_only else spoken.moment
    if end <= now:
        raise UsageError(f"--until: `{until}` is not after now: {spoken.full}; name a later time")
    return end


def _falls(coming: Coming, clock: Clock, last: datetime) -> bool:
    if coming.day is None:
        return False
    return coming.at <= last if coming.at is not None else coming.day <= clock.local(last).date()


def _order(row: Row) -> tuple[Any, ...]:
    coming = row.coming
    if coming.kind in ("due", "blocked"):
        return (0, coming.kind != "due", row.opportunity, coming.key)
    day = coming.day.toordinal() if coming.day else 0
    return (1, day, coming.at.timestamp() if coming.at else 0.0, row.opportunity, coming.key)


def _data(row: Row) -> dict[str, Any]:
    import msgspec

    return {"opportunity": row.opportunity, "title": row.title, **msgspec.to_builtins(row.coming)}


def _drawn(rows: Sequence[Row], end: tuple[Clock, datetime]) -> Iterator[RenderableType]:
    from followup.cli.drawing import heading, text

    clock, last = end
    yield heading("Agenda", f"until {clock.exact(last)}")
    now = {kind: sum(row.coming.kind == kind for row in rows) for kind in ("due", "blocked")}
    counts = [f"{count} {kind}" for kind, count in now.items() if count]
    if counts:
        yield text(f"Now: {', '.join(counts)}. followup today shows them.")
    later = [row for row in rows if row.coming.kind not in now]
    if not later:
        yield text("Nothing comes until then, as far as the plans know.")
    before = ""
    for row in later:
        day = _day(row)
        if day != before:
            yield text("")
            yield text(day, "bold")
        before = day
        yield _line(row)


def _day(row: Row) -> str:
    assert row.coming.day is not None
    days = (row.coming.day - row.clock.local(row.clock.now).date()).days
    near = {0: "today", 1: "tomorrow"}.get(days, f"in {days} days")
    return f"{row.clock.day(row.coming.day)} ({near})"


def _line(row: Row) -> RenderableType:
    from rich.console import Group

    from followup.cli.drawing import beside, mark_of, text
    from followup.cli.timeline_words import coming_words

    coming = row.coming
    hour = f"{row.clock.exact(coming.at).rpartition(', ')[2]} " if coming.at else ""
    words = coming_words(coming).removeprefix("Held until then: ")
    lines = [text(f"{hour}{words} · {row.title}")]
    if coming.why:
        lines.append(text(coming.why.partition("; until ")[0], "dim"))
    lines.append(text(f"{row.opportunity} {coming.key}".strip(), "dim"))
    return beside(*mark_of(MARKS.get(coming.kind, coming.kind)), Group(*lines))
