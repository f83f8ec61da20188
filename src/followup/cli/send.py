"""`followup send`: one follow-up of the store, shown as it goes out, and sent on your word."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from followup.cli.at_hand import AtHand, at_hand, follow_up
from followup.cli.home import HOME
from followup.cli.opportunities import NOW, now_for, standing
from followup.cli.options import FORMAT, Options, pass_options
from followup.errors import DeliveryError, InDoubtError, NotDeliveredError, UsageError

if TYPE_CHECKING:
    from followup.delivery import Deliverer, Outgoing
    from followup.plan import FollowUp

__all__ = ["IN_DOUBT", "NOT_SENT", "command", "deliverer_of", "present"]

NOT_SENT, IN_DOUBT = 1, 3


@click.command("send")
@click.argument("opportunity")
@click.argument("key")
@NOW
@click.option("--yes", is_flag=True, help="Your word for this one message: send it without asking.")
@HOME
@FORMAT
@pass_options
def command(
    options: Options, opportunity: str, key: str, now: str | None, yes: bool, home: str | None, form: str
) -> None:
    """Send a follow-up that is due: show exactly what goes out, ask, send it, and write that down.

    The plan is made anew from your store right before the words leave; what was entered by then counts. A
    message that may have gone out is never sent again: `followup outbox` shows it. What is sent cannot be
    undone.

    \b
    Examples:
      followup send initech thank-you:r1:dana
      followup send initech thank-you:r1:dana --yes --format json

    Exit codes: 0 sent, 1 not sent, 2 wrong use, 3 in doubt: it may have been sent.
    """
    from followup.sending import Gate, intent_of, run, send

    with at_hand(options, opportunity, now, home) as hand:
        followup = follow_up(hand.plan(), hand.name, key, whole=True)
        told: dict[str, Any] = {"opportunity": hand.name, "key": key, "findings": followup.findings}
        try:
            deliverer = deliverer_of(hand, followup)
            assert followup.draft is not None
            outgoing = deliverer.prepare(followup.draft, key, hand.now)
            told["message"] = outgoing
            _show(hand, followup, outgoing, form)
            if not yes:
                _ask()
            intent = intent_of(followup, outgoing)
            gate = Gate(hand.engine, hand.name, key, intent.digest)
            with run(hand.store, present(hand, now)) as outbox:
                _, receipt = send(outbox, hand.name, intent, deliverer, gate)
        except DeliveryError as problem:
            _fail(problem, told, form)
    if form == "json":
        _echo_json({"outcome": "sent", **told, "answer": receipt.answer, "undo": None})
    else:
        _say(f"Sent: {receipt.answer or receipt.identity or 'it was taken'}")
        _say("It is written down. What is sent cannot be undone.")


def deliverer_of(hand: AtHand, followup: FollowUp) -> Deliverer:
    """What sends a follow-up that is due. Raises UsageError, and NotDeliveredError if it is not due."""
    if followup.status != "due":
        raise NotDeliveredError(f"{followup.key} {standing(followup)}; nothing was sent", permanent=False)
    if followup.to is None or followup.to.id == "self" or followup.channel is None:
        done = f"followup done {hand.name} {followup.key}"
        raise UsageError(f"`{followup.key}` goes to nobody else; when it is done: `{done}`")
    deliverer = hand.engine.deliverers.get(followup.channel)
    if deliverer is None:
        raise UsageError(
            f"nothing here sends by {followup.channel}; send it yourself, and then: "
            f"`followup done {hand.name} {followup.key}`"
        )
    return deliverer


def present(hand: AtHand, now: str | None) -> Callable[[], datetime]:
    """What time it is, each time it is asked: what `--now` says, where that is given, else the present."""
    return (lambda: hand.now) if now is not None else (lambda: now_for(hand.state, None)[0])


def _show(hand: AtHand, followup: FollowUp, outgoing: Outgoing, form: str) -> None:
    """Exactly what goes out, and by what; on standard error where the output is for a program."""
    from followup.cli.opportunities import title_of

    err = form == "json"
    _say(f"{hand.name}: {title_of(hand.state)}, {hand.clock.exact(hand.now)}", err=err)
    _say(f"By {outgoing.channel}: {outgoing.account}", err=err)
    _say("", err=err)
    for line in (outgoing.shown or outgoing.content).replace("\r\n", "\n").rstrip("\n").split("\n"):
        for part in _fitted(line, sys.stderr if err else sys.stdout):
            _say(f"  {part}".rstrip(), err=err)
    _say("", err=err)
    for finding in followup.findings:
        cure = f"; {finding.suggestion}" if finding.suggestion else ""
        _say(f"{finding.severity}: {finding.text}{cure} [{finding.review}]", err=err)


def _fitted(line: str, stream: TextIO) -> list[str]:
    """A line broken between words where a terminal shows it; else as it stands."""
    import shutil
    import textwrap

    if not stream.isatty():
        return [line]
    width = shutil.get_terminal_size().columns - 2
    return textwrap.wrap(line, max(width, 20), break_long_words=False, break_on_hyphens=False) or [""]


def _ask() -> None:
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked here; `--yes` is your word for this one message")
    if not click.confirm("Send it?", default=False, err=True):
        raise NotDeliveredError("nothing was sent", permanent=False)


def _fail(problem: DeliveryError, told: dict[str, Any], form: str) -> NoReturn:
    doubt = isinstance(problem, InDoubtError)
    notes = [str(problem), *getattr(problem, "__notes__", ())]
    if doubt:
        notes.append("it may have been sent, and is not sent again; look: `followup outbox look`")
    for line in notes:
        _say(line, err=True)
    if form == "json":
        _echo_json({"outcome": "in doubt" if doubt else "not sent", **told, "told": str(problem)})
    click.get_current_context().exit(IN_DOUBT if doubt else NOT_SENT)


def _echo_json(told: dict[str, Any]) -> None:
    import msgspec

    click.echo(msgspec.json.encode(told))


def _say(line: str, *, err: bool = False) -> None:
    from followup.cli.wording import printable

    click.echo(printable(line), err=err)
