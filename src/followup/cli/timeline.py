"""`followup timeline`: what happened and what is to come, of one opportunity or of all that are open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from followup.cli.giving import OUTPUT, give
from followup.cli.home import HOME, opened
from followup.cli.opportunities import NOW, end_for, now_for
from followup.cli.options import Options, pass_options
from followup.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from followup.cli.times import Clock
    from followup.engine import Engine
    from followup.retrospect.chronicles import Chronicle
    from followup.state import InterviewState

__all__ = ["command"]

EIGHT_WEEKS = 8
"""How far all opportunities are looked back at, where nothing else is said."""


@click.command("timeline")
@click.argument("opportunity", required=False)
@click.option(
    "--since", metavar="DAY",
    help=f"How far to look back. Where not given: one from its beginning, all from {EIGHT_WEEKS} weeks ago.",
)  # fmt: skip
@click.option("--until", metavar="TIME", default="6 weeks", show_default=True,
              help="How far to look ahead: a time, a day, or a length from now.")  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["text", "svg", "json", "markdown"]), default="text",
    show_default=True, help="For people, as a picture, for programs, for notes.",
)  # fmt: skip
@OUTPUT
@NOW
@HOME
@pass_options
def command(
    options: Options, opportunity: str | None, since: str | None, until: str, form: str, output: str | None,
    now: str | None, home: str | None,
) -> None:  # fmt: skip
    """Show what happened and what is to come.

    OPPORTUNITY is its name in the store, or how it begins, or a file with a state, or - for standard
    input. What is to come is played as if nobody answered and you sent each message when it is due.
    Without OPPORTUNITY all that are open stand above each other, each with what its plan holds now.

    \b
    Examples:
      followup timeline initech
      followup timeline
      followup timeline initech --format svg -o initech.svg
      followup timeline --since 2026-10-01 --until "2 weeks"
    """
    engine = options.engine()
    found = list(_chronicles(engine, opportunity, home, now, since, until))
    if not found and form in ("svg", "markdown"):
        raise UsageError("the store has no open opportunity; add one: `followup add STATE`")
    chronicles = [chronicle for chronicle, _ in found]
    if form == "json":
        import msgspec

        give(msgspec.json.encode(chronicles).decode(), output)
    elif not found:
        give("Your store has no open opportunity. Add one: followup add STATE", output)
    elif form == "svg":
        from followup.pictures import overview_svg, timeline_svg

        give(timeline_svg(chronicles[0]) if opportunity else overview_svg(chronicles), output)
    elif form == "markdown":
        from followup.cli.markdown_timelines import timelines_markdown

        give("\n".join(timelines_markdown(found)), output)
    else:
        from followup.cli.drawing import drawn
        from followup.cli.drawing_timelines import draw_overview, draw_timeline

        picture = draw_timeline(*found[0]) if opportunity else draw_overview(chronicles, found[0][1])
        give(drawn(picture, plain=output is not None), output)


def _chronicles(
    engine: Engine, opportunity: str | None, home: str | None, now: str | None, since: str | None, until: str
) -> Iterator[tuple[Chronicle, Clock]]:
    from followup.retrospect.chronicles import outlined, played_out
    from followup.stories import Story

    for name, state in _states(engine, opportunity, home):
        moment, clock = now_for(state, now)
        end = end_for(state, until, moment)
        first = _first(state, since, moment, alone=opportunity is not None)
        if opportunity is None:
            yield outlined(name, state, engine.plan(state, moment, drafts=False), end, first), clock
        else:
            comparison = engine.compare(state, moment, end, [Story(name="to come")])
            yield played_out(name, state, comparison, first), clock


def _states(
    engine: Engine, opportunity: str | None, home: str | None
) -> Iterator[tuple[str, InterviewState]]:
    """The state that is named, of a file or of the store; else those of the store that are open.

    What went out for other opportunities of the store at the same company counts.
    """
    from pathlib import Path

    from followup.cli.reading import is_file, read_state_file
    from followup.store import folded
    from followup.store.neighbours import with_neighbours

    if opportunity is not None and is_file(opportunity):
        yield Path(opportunity).stem, read_state_file(engine, opportunity).state
        return
    with opened(home) as store:
        kept = folded(store.entries())
    named = None if opportunity is None else kept.opportunity(opportunity)
    for each in (named,) if named else kept.opportunities.values():
        if named or not each.retired:
            state = each.state(engine.vocabulary)
            yield each.name, with_neighbours(kept, each.name, state, engine.vocabulary)


def _first(state: InterviewState, since: str | None, now: datetime, *, alone: bool) -> datetime | None:
    """From when on the past is shown; None is from the beginning."""
    from datetime import timedelta

    from followup.cli.times import calendar_of, read_moment

    if since is not None:
        return read_moment(since, calendar_of(state), "--since")[0]
    return None if alone else now - timedelta(weeks=EIGHT_WEEKS)
