"""`followup outbox`: what was sent, what is in doubt, and how a doubt is settled, never by sending again."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from followup.cli.home import HOME, opened
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.times import wall_clock
from followup.errors import DeliveryError, UsageError, did_you_mean

if TYPE_CHECKING:
    from followup.sending import Delivery
    from followup.store import Store

__all__ = ["command"]


@click.group("outbox", invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="Show also what was sent and what failed.")
@HOME
@FORMAT
@click.pass_context
def command(ctx: click.Context, everything: bool, home: str | None, form: str) -> None:
    """Show the messages that are in doubt or not done with; settle doubts.

    A message is in doubt if the line broke, or the machine stopped, while its words were leaving: it may have
    arrived. It is never sent again. Look for it, or say what you know.

    \b
    Examples:
      followup outbox
      followup outbox look
      followup outbox look bounce.eml
      followup outbox settle initech thank-you:r1:dana --sent
      followup outbox reconcile
    """
    if ctx.invoked_subcommand is not None:
        return
    from followup.sending import deliveries, run, unreconciled

    with opened(home) as store:
        with suppress(UsageError), run(store, wall_clock):
            pass  # what an earlier run left is put in order; one that is on now does so itself
        entries = store.entries()
    found = [each for each in deliveries(entries).values() if everything or not _is_done(each)]
    if form == "json":
        _echo_json({"unreconciled": unreconciled(entries), "deliveries": [_data(each) for each in found]})
        return
    if unreconciled(entries):
        click.echo("The store came from a backup. Before anything is sent: followup outbox reconcile")
    if not found:
        click.echo("Nothing is in doubt, and nothing is on its way.")
    for each in found:
        for line in _lines(each):
            _say(line)


@command.command("look")
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(exists=True, dir_okay=False))
@HOME
@FORMAT
@pass_options
def look(options: Options, files: tuple[str, ...], home: str | None, form: str) -> None:
    """Look for the messages in doubt: among what you sent, or in mails that answer or return them.

    FILE is a mail (.eml) that you got: a reply, or a bounce. Where a message is found, it is written down as
    sent; that it is not found proves nothing.

    \b
    Examples:
      followup outbox look
      followup outbox look ~/Downloads/undelivered.eml
    """
    from followup.sending import run

    settled: list[Delivery] = []
    open_: list[Delivery] = []
    with opened(home) as store, run(store, wall_clock) as outbox:
        for each in outbox.deliveries():
            if each.state == "in doubt":
                where = _found_in(each, files) if files else _found_by_deliverer(options, each)
                (settled if where else open_).append(outbox.settle(each, "sent", where) if where else each)
    if form == "json":
        _echo_json({"found": [_data(each) for each in settled], "in doubt": [_data(each) for each in open_]})
        return
    for each in settled:
        _say(f"{each.opportunity} {each.key}: found {each.told}; it is written down as sent")
    for each in open_:
        for line in _lines(each):
            _say(line)
    if not settled and not open_:
        click.echo("Nothing is in doubt.")


@command.command("settle")
@click.argument("opportunity")
@click.argument("key")
@click.option("--sent/--not-sent", "sent", default=None, required=True, help="What you know of it.")
@HOME
@FORMAT
def settle(opportunity: str, key: str, sent: bool, home: str | None, form: str) -> None:
    """Say of a message in doubt whether it went out, after you have looked.

    What was not sent may be sent again. Look among what you sent, or ask; if you cannot know, say `--sent`.
    This cannot be undone.

    \b
    Examples:
      followup outbox settle initech thank-you:r1:dana --sent
    """
    from followup.sending import run
    from followup.store import folded

    with opened(home) as store, run(store, wall_clock) as outbox:
        name = folded(store.entries()).opportunity(opportunity).name
        here = {each.key: each for each in outbox.deliveries() if each.opportunity == name}
        doubts = {each.key: each for each in outbox.deliveries() if _is_doubt_of(each, name)}
        if key not in doubts:
            known = f"it is {here[key].state}" if key in here else did_you_mean(key, doubts)
            raise UsageError(f"no message `{key}` of {name} is in doubt" + (f"; {known}" if known else ""))
        settled = outbox.settle(doubts[key], "sent" if sent else "failed", "you said so")
    if form == "json":
        _echo_json({**_data(settled), "undo": None})
        return
    _say(f"{name} {key}: {'sent' if sent else 'not sent'}, as you said. This cannot be undone.")


@command.command("reconcile")
@click.option("--yes", is_flag=True, help="What is listed was not sent: do not ask.")
@HOME
@FORMAT
@pass_options
def reconcile(options: Options, yes: bool, home: str | None, form: str) -> None:
    """Say that a store from a backup knows all that was sent, so that it may send again.

    First it looks, where it can, for the messages that it would send, and writes down those that went out.
    Then it lists the rest and asks: what of that you have sent, write down first with `followup done`.

    \b
    Examples:
      followup outbox reconcile
    """
    from followup.sending import reconciling, run, unreconciled

    with opened(home) as store, run(store, wall_clock):
        if not unreconciled(store.entries()):
            raise UsageError("the store did not come from a backup; there is nothing to reconcile")
        found, rest = _went_out(options, store)
        for line in (*(f"{f[0]} {f[1]}: found {f[2]}" for f in found), *_listed(rest)):
            _say(line, err=form == "json")
        if not yes:
            if not sys.stdin.isatty():
                raise UsageError("nobody can be asked here; `--yes` says that nothing listed was sent")
            click.confirm("Is that so?", default=False, abort=True, err=True)
        events = [entry for *_, entry in found]
        change = store.change(lambda _: reconciling(events), wall_clock())
    assert change is not None
    if form == "json":
        _echo_json({"change": change.number, "found": [f[:3] for f in found], "not sent": rest, "undo": None})
        return
    click.echo("The store may send again.")


def _went_out(options: Options, store: Store) -> tuple[list[tuple[str, str, str, Any]], list[str]]:
    """What could go out and was found to have: opportunity, key, where, the entry; and the rest."""
    from followup.delivery import Finder
    from followup.errors import NotDeliveredError
    from followup.sending import deliveries, intent_of
    from followup.store import NewEntry, folded, plan_of

    entries = store.entries()
    kept, engine, now = folded(entries), options.engine(), wall_clock()
    known = {(each.opportunity, each.key) for each in deliveries(entries).values() if each.state != "failed"}
    found, rest = [], []
    for name, each in kept.opportunities.items():
        if each.retired:
            continue
        for followup in plan_of(engine, kept, name, now).pending:
            deliverer = engine.deliverers.get(followup.channel or "")
            if deliverer is None or followup.draft is None or followup.to is None:
                continue
            where = ""
            with suppress(NotDeliveredError):
                outgoing = deliverer.prepare(followup.draft, followup.key, now)
                if isinstance(deliverer, Finder) and (name, followup.key) not in known:
                    where = deliverer.find(outgoing)
                    event = {"at": now.isoformat(), **intent_of(followup, outgoing).event}
                    if where:
                        entry = NewEntry(kind="happened", opportunity=name, data=event)
                        found.append((name, followup.key, where, entry))
            if not where and followup.status == "due":
                rest.append(f"{name} {followup.key}")
    return found, rest


def _listed(rest: list[str]) -> Iterator[str]:
    yield "Not written down as sent, and due:" if rest else "Nothing is due that was not sent."
    yield from (f"  {line}" for line in rest)
    yield "Also write down first what you got since the backup was made: replies, refusals, wishes."


def _found_by_deliverer(options: Options, delivery: Delivery) -> str:
    from followup.delivery import Finder

    channel = delivery.outgoing.channel
    deliverer = options.engine().deliverers.get(channel)
    if not isinstance(deliverer, Finder):
        why = "cannot look" if deliverer else "is not here, or is disabled"
        _say(f"{delivery.opportunity} {delivery.key}: what sends by {channel} {why}", err=True)
        return ""
    if not delivery.outgoing.content:
        return ""
    try:
        return deliverer.find(delivery.outgoing)
    except DeliveryError as problem:
        _say(f"{delivery.opportunity} {delivery.key}: one cannot look: {problem}", err=True)
        return ""


def _found_in(delivery: Delivery, files: tuple[str, ...]) -> str:
    """In which mail the message is answered, returned or quoted; a copy of it alone proves nothing."""
    from followup.sending.looking import speaks_of

    for file in files:
        try:
            kind = speaks_of(Path(file).read_bytes(), delivery.outgoing.identity)
        except OSError as problem:
            raise UsageError(f"cannot read {file}: {problem.strerror}") from None
        if kind:
            return f"in {file}, {kind}"
    return ""


def _is_done(delivery: Delivery) -> bool:
    return delivery.state in ("sent", "failed")


def _is_doubt_of(delivery: Delivery, opportunity: str) -> bool:
    return delivery.opportunity == opportunity and delivery.state == "in doubt"


def _lines(delivery: Delivery) -> Iterator[str]:
    what = f"{delivery.opportunity} {delivery.key}"
    since = delivery.at.astimezone().strftime("%Y-%m-%d %H:%M")
    told = f": {delivery.told}" if delivery.told else ""
    yield f"{delivery.state}, {since}: {what}{told}"
    if delivery.state == "in doubt":
        yield f"    It is {delivery.outgoing.identity or 'without a name'}, by {delivery.outgoing.account}."
        yield "    Look for it: followup outbox look. Or say what you know:"
        yield f"    followup outbox settle {what} --sent (or --not-sent)"
    elif delivery.state == "queued":
        yield f"    Nothing has left. To send it: followup send {what}"


def _data(delivery: Delivery) -> dict[str, Any]:
    return {
        "opportunity": delivery.opportunity,
        "key": delivery.key,
        "state": delivery.state,
        "at": delivery.at,
        "told": delivery.told,
        "word": delivery.word,
        "identity": delivery.outgoing.identity,
        "account": delivery.outgoing.account,
        "committed": delivery.committed,
    }


def _echo_json(told: dict[str, Any]) -> None:
    import msgspec

    click.echo(msgspec.json.encode(told))


def _say(line: str, *, err: bool = False) -> None:
    from followup.cli.wording import printable

    click.echo(printable(line), err=err)
