"""`followup simulate`: play what may happen, side by side, before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from followup.cli.giving import OUTPUT, give
from followup.cli.options import Options, options_of, pass_options
from followup.errors import FollowupError

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.comparing import Comparison
    from followup.state import InterviewState

__all__ = ["command"]


def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names of stories that begin with what was typed."""
    try:
        engine = options_of(ctx).load()
    except FollowupError:
        return []
    return [name for name in engine.stories if name.startswith(incomplete)]


@click.command("simulate")
@click.argument("state", type=click.Path(allow_dash=True))
@click.option(
    "--story", "told", multiple=True, metavar="STORY", shell_complete=complete,
    help="What happens: a name, or `NAME: EVENT, EVENT`; several stand side by side.",
)  # fmt: skip
@click.option("--stories", "file", type=click.Path(dir_okay=False), metavar="FILE",
              help="A YAML file with stories of your own.")  # fmt: skip
@click.option(
    "--with", "events", multiple=True, metavar="EVENT",
    help="Something that happens in every story; alone, the one thing that happens.",
)  # fmt: skip
@click.option("--compare", is_flag=True, help="With --with: play the usual stories too.")
@click.option("--now", metavar="TIME", help="Where to begin; where not given, the present.")
@click.option(
    "--until", metavar="TIME", default="6 weeks", show_default=True,
    help="How far to play: a time, a day, or a length from now.",
)  # fmt: skip
@click.option(
    "--format", "form", type=click.Choice(["table", "svg", "markdown", "json"]), default="table",
    show_default=True, help="For people, as a picture, for notes, for programs.",
)  # fmt: skip
@OUTPUT
@pass_options
def command(
    options: Options,
    state: str,
    told: tuple[str, ...],
    file: str | None,
    events: tuple[str, ...],
    compare: bool,
    now: str | None,
    until: str,
    form: str,
    output: str | None,
) -> None:
    """Play STATE forward under several stories, side by side, before anything is sent.

    In a play each message is sent when it is due, and nothing else happens but what the story tells.
    Without --story the usual stories are compared, as far as they make sense for the state.

    \b
    The stories that are ready:
      silence         nobody answers
      reply           they answer after five days, but decide nothing yet
      absence         whom you write to is away for two weeks
      elsewhere       you accept an offer elsewhere
      answer          they answer your question about the state of things
      promise moved   they name a later date
      next round      they hold another interview
      rejection       they turn you down
      offer           they make you an offer
    `reply on day 9` is the story `reply`, begun on the ninth day; so with any other.

    An EVENT is a type and its fields, `key=value`, or a YAML mapping in braces. Its time is `at=TIME`,
    or `in=DURATION` counted from now. A value ends where the next `key=` begins.

    \b
    Examples:
      followup simulate initech.yaml
      followup simulate initech.yaml --story silence --story "reply on day 9" --story rejection
      followup simulate initech.yaml --story silence --story "a call: called to=dana outcome=spoke in=4 days"
      followup simulate initech.yaml --format svg -o what-if.svg
      followup simulate initech.yaml --until 2027-01-15 --with "reply from=hr in=5 days"
    """
    from followup.cli.happenings import read_events
    from followup.cli.opportunities import end_for, state_at
    from followup.cli.progress import watching
    from followup.cli.stories import chosen_stories

    engine = options.engine()
    read, start, clock = state_at(engine, state, now)
    end = end_for(read, until, start)
    happenings = read_events(engine, read, events, start)
    stories = chosen_stories(engine, told, file)
    if events and not stories and not compare and form != "svg":
        simulation = engine.simulate(read, start, end, events=happenings)
        _print_simulation(simulation, clock, read, form, output)
        return
    if events and not stories and not compare:
        from followup.stories import Story

        stories = [Story(name="as told")]
    with watching(start, end) as watch:
        comparison = engine.compare(read, start, end, stories, events=happenings, watch=watch)
    _print_comparison(comparison, clock, read, form, output)


def _print_simulation(
    simulation: object, clock: Clock, state: InterviewState, form: str, output: str | None
) -> None:
    from followup.cli.opportunities import title_of
    from followup.simulating import Simulation

    assert isinstance(simulation, Simulation)
    if form == "json":
        give(_json(simulation), output)
    elif form == "markdown":
        from followup.cli.markdown import simulation_markdown

        give("\n".join(simulation_markdown(simulation, clock, title_of(state))), output)
    else:
        from followup.cli.drawing import drawn
        from followup.cli.drawing_simulations import draw_simulation

        give(drawn(draw_simulation(simulation, clock, title_of(state)), plain=output is not None), output)


def _print_comparison(
    comparison: Comparison, clock: Clock, state: InterviewState, form: str, output: str | None
) -> None:
    from followup.cli.opportunities import title_of

    title = title_of(state)
    if form == "json":
        give(_json(comparison), output)
    elif form == "svg":
        from followup.pictures import comparison_svg

        give(comparison_svg(comparison, title), output)
    elif form == "markdown":
        from followup.cli.markdown_comparisons import comparison_markdown

        give("\n".join(comparison_markdown(comparison, clock, title)), output)
    else:
        from followup.cli.drawing import drawn
        from followup.cli.drawing_comparisons import draw_comparison

        give(drawn(draw_comparison(comparison, clock, title), plain=output is not None), output)


def _json(value: object) -> str:
    import msgspec

    return msgspec.json.encode(value).decode("utf-8")
