"""`followup watch`: tells what is newly due, prepares drafts, and sends what your policy allows."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.home import HOME, beside, opened
from followup.cli.opportunities import NOW
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.policy import POLICY, policy_of
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.sending.policies import Policy
    from followup.sending.steadiness import Steadiness
    from followup.sending.watching import News
    from followup.store import Store

__all__ = ["command"]

NOT_SENT, IN_DOUBT = 1, 3


@click.command("watch")
@click.option("--once", is_flag=True, help="One round, then leave: for cron.")
@click.option("--every", default=5, show_default=True, type=click.IntRange(1, 1440), metavar="MINUTES",
              help="How long to wait between two rounds.")  # fmt: skip
@click.option("--drafts", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
              help="Keep the drafts of what is due in this folder, for your mail program.")  # fmt: skip
@click.option("--clock-is-right", is_flag=True, help="Go on after the clock was set.")
@POLICY
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options,
    once: bool,
    every: int,
    drafts: Path | None,
    clock_is_right: bool,
    policy: str | None,
    now: str | None,
    home: str | None,
    form: str,
) -> None:
    """Say what is newly due, each follow-up once; with a policy, send what it allows, and nothing else.

    What is said is news: a round without news says nothing. Every message passes the same gate as with
    `followup send`, right before its words leave. End it with Ctrl-C.

    \b
    Examples:
      followup watch
      followup watch --once --drafts ~/Drafts
      followup watch --every 15 --policy policy.yaml

    Exit codes of --once: 0 fine, 1 something was not sent, 2 wrong use, 3 something is in doubt.
    """
    from followup.calendars import Calendar
    from followup.cli.times import read_moment, uptime, wall_clock
    from followup.sending.steadiness import Steadiness

    if now is not None and not once:
        raise UsageError("`--now` is for one round: add `--once`")
    engine = options.engine()
    allowed = policy_of(engine, policy)
    fixed = read_moment(now, Calendar("UTC"), "--now")[0] if now is not None else None
    clock: Callable[[], datetime] = wall_clock if fixed is None else lambda: fixed
    steadiness = Steadiness(None if now is not None else beside(home) / "clock.json", wall_clock, uptime)
    if clock_is_right:
        steadiness.trust()
    with opened(home) as store:
        code = _round(engine, store, allowed, clock, steadiness, drafts, form)
        if once:
            click.get_current_context().exit(code)
        with suppress(KeyboardInterrupt):
            while True:
                time.sleep(every * 60)
                _round(engine, store, allowed, clock, steadiness, drafts, form)


def _round(
    engine: Engine,
    store: Store,
    policy: Policy,
    clock: Callable[[], datetime],
    steadiness: Steadiness,
    drafts: Path | None,
    form: str,
) -> int:
    """One round, told; the exit code that it would leave with."""
    from followup.sending.watching import Round, watch_round

    code = 0
    if policy.source.send and (doubt := steadiness.doubt()):
        click.echo(f"Nothing goes out by itself: {doubt}", err=True)
        code = NOT_SENT
    try:
        for news in watch_round(engine, store, policy, clock, steadiness):
            _tell(news, form)
            code = max(code, {"not sent": NOT_SENT, "in doubt": IN_DOUBT}.get(news.what, 0))
    except UsageError as problem:
        click.echo(f"followup: {problem}", err=True)
        code = max(code, NOT_SENT)
    if drafts is not None:
        from followup.cli.draft_folder import keep_drafts

        due = Round.of(engine, store.entries(), clock()).due
        keep_drafts(drafts, {(each.opportunity, each.followup.key): each.followup for each in due})
    return code


def _tell(news: News, form: str) -> None:
    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode(news))
        return
    from followup.cli.wording import printable

    for line in _lines(news):
        click.echo(printable(line))


def _lines(news: News) -> Iterator[str]:
    what = f"{news.opportunity} {news.key}".strip()
    told = f": {news.told}" if news.told else ""
    by = f", as {news.policy} allows" if news.policy else ""
    yield f"{news.what}: {what}{by}{told}"
    if news.what == "due":
        yield f"    To look at it: followup show {what}. Then: followup send, or followup done"
    elif news.what == "in doubt":
        yield "    It may have been sent, and is not sent again: followup outbox look"
