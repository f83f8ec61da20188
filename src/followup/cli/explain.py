"""`followup explain`: why a rule proposes what it proposes, or nothing, and when that would change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from followup.cli.options import FORMAT, Options, options_of, pass_options
from followup.errors import UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.engine import Engine
    from followup.explaining import Explanation
    from followup.state import InterviewState

__all__ = ["command", "complete_rule"]


def complete_rule(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """The names of rules and guards that begin with what was typed."""
    from followup.errors import FollowupError

    try:
        engine = options_of(ctx).load()
    except FollowupError:
        return []
    return [name for name in (*engine.rules, *engine.guards) if name.startswith(incomplete)]


@click.command("explain")
@click.argument("state", type=click.Path(allow_dash=True))
@click.argument("rule", required=False, shell_complete=complete_rule)
@click.option("--now", metavar="TIME", help="The moment to explain; where not given, the present.")
@click.option(
    "--why-not", is_flag=True,
    help="In one paragraph: why it does not go out now, and the least that would change that.",
)  # fmt: skip
@FORMAT
@pass_options
def command(
    options: Options, state: str, rule: str | None, now: str | None, why_not: bool, form: str
) -> None:
    """Say why RULE proposes what it does in STATE, or nothing, and when that would change.

    With a RULE, or the key of a follow-up: its conditions with what is wanted and what is so, its windows,
    its guards. Without one: a line for each rule.

    \b
    Examples:
      followup explain initech.yaml
      followup explain initech.yaml inquiry
      followup explain initech.yaml inquiry --why-not
      followup explain initech.yaml thank-you:r1:lee --why-not
      followup explain initech.yaml inquiry --now 2026-11-27T09:00-06:00 --format json
    """
    from followup.cli.opportunities import state_at, title_of

    engine = options.engine()
    read, moment, clock = state_at(engine, state, now)
    if why_not:
        _print_why_not(engine, read, moment, rule, form, clock)
        return
    explanations = engine.explain(read, moment, rule.partition(":")[0] if rule else None)
    if rule is not None and ":" in rule:
        explanations = tuple(_only(each, rule) for each in explanations)
    if form == "json":
        import msgspec

        found = {"format": 1, "now": moment, "explanations": explanations}
        click.echo(msgspec.json.encode(found))
        return
    from followup.cli.drawing import draw
    from followup.cli.drawing_explanations import draw_explanation, draw_overview

    if rule is None:
        draw(draw_overview(explanations, clock, title_of(read)))
    for explanation in explanations if rule is not None else ():
        draw(draw_explanation(explanation, clock))


def _only(explanation: Explanation, key: str) -> Explanation:
    """The same explanation with the follow-up of one key alone. Raises UsageError where there is none."""
    from msgspec.structs import replace

    found = tuple(candidate for candidate in explanation.candidates if candidate.key == key)
    if not found:
        keys = [candidate.key for candidate in explanation.candidates]
        raise UsageError(f"no follow-up has the key `{key}`; {did_you_mean(key, keys)}".rstrip("; "))
    return replace(explanation, candidates=found)


def _print_why_not(
    engine: Engine, state: InterviewState, now: datetime, rule: str | None, form: str, clock: Clock
) -> None:
    answers = [engine.why_not(state, now, name) for name in _meant(engine, state, now, rule)]
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode({"format": 1, "now": now, "answers": answers}))
        return
    from followup.cli.drawing import draw
    from followup.cli.drawing_explanations import draw_answers
    from followup.cli.opportunities import title_of

    draw(draw_answers(answers, clock, title_of(state)))


def _meant(engine: Engine, state: InterviewState, now: datetime, rule: str | None) -> Sequence[str]:
    """The follow-ups that are asked about: the one of a key, else those of a rule that are not done."""
    if rule is None:
        raise UsageError("--why-not needs a rule or a key; `followup rules list` shows the rules")
    if ":" in rule or rule not in engine.rules:
        return [rule]
    found = [f for f in engine.plan(state, now, drafts=False, reasons=False).followups if f.rule == rule]
    return [f.key for f in found if f.status not in ("done", "skipped")] or [f.key for f in found] or [rule]
