"""`followup show`: everything of one opportunity of the store, or one follow-up whole."""

from __future__ import annotations

from typing import Any

import click

from followup.cli.at_hand import AtHand, at_hand, follow_up
from followup.cli.home import HOME
from followup.cli.opportunities import NOW, title_of
from followup.cli.options import FORMAT, Options, pass_options

__all__ = ["command"]


@click.command("show")
@click.argument("opportunity")
@click.argument("key", required=False)
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options, opportunity: str, key: str | None, now: str | None, home: str | None, form: str
) -> None:
    """Show an opportunity: its people, what happened, what is to come. With KEY one follow-up whole.

    Of a follow-up you see all its words, why it stands as it does, and what the reviews find.

    \b
    Examples:
      followup show initech
      followup show initech thank-you:r1:dana
      followup show initech thank-you:r1:dana --format json | jq -r .followup.draft.body
    """
    with at_hand(options, opportunity, now, home) as it:
        plan = it.plan()
        if form == "json":
            import msgspec

            click.echo(msgspec.json.encode(_data(it, key)))
            return
        from followup.cli.drawing import draw
        from followup.cli.drawing_opportunity import draw_follow_up, draw_opportunity

        if key is None:
            draw(draw_opportunity(it.found, it.state, plan, it.clock))
            return
        followup = follow_up(plan, it.name, key)
        draw(draw_follow_up(it.found, plan, followup, it.clock, doubt=it.in_doubt(followup.key)))


def _data(it: AtHand, key: str | None) -> dict[str, Any]:
    plan, found = it.plan(), it.found
    common = {"opportunity": found.name, "title": title_of(it.state), "retired": found.retired}
    if key is not None:
        followup = follow_up(plan, found.name, key)
        own, doubt = found.drafts.get(followup.key), it.in_doubt(followup.key)
        return {**common, "now": plan.now, "followup": followup, "in_doubt": doubt, "own_words": own}
    return {**common, "state": found.data, "plan": plan, "own_words": list(found.drafts.values())}
