"""`followup done`: a follow-up of the store was sent, said or done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from followup.cli.home import HOME
from followup.cli.opportunities import NOW
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.settling import settle
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.cli.at_hand import AtHand
    from followup.plan import FollowUp

__all__ = ["command"]


@click.command("done")
@click.argument("opportunity")
@click.argument("key")
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options, opportunity: str, key: str, now: str | None, home: str | None, form: str
) -> None:
    """Write down that you sent the message, made the call or did the task, just now.

    `followup today` shows the opportunity and the key. What rode along in the message is done with it.
    Words of your own (`followup edit`) are kept as what was sent.

    \b
    Examples:
      followup done initech thank-you:r1:dana
    """
    settle(options, opportunity, key, now, home, form, _event)


def _event(followup: FollowUp, _: AtHand) -> dict[str, Any]:
    if followup.channel == "self":
        return {"type": "done", "key": followup.key}
    if followup.channel is None or followup.to is None or followup.to.id is None:
        raise UsageError(f"`{followup.key}` reaches nobody by any channel; skip it, or add an address")
    known = {"to": followup.to.id, "intent": followup.intent, "key": followup.key}
    parts = {"parts": list(followup.parts)} if followup.parts else {}
    if followup.channel == "phone":
        return {"type": "called", "outcome": "spoke", **known, **parts}
    draft = followup.draft
    words = {"subject": draft.subject, "text": draft.body} if draft is not None and draft.edited else {}
    said = {name: value for name, value in words.items() if value}
    return {"type": "sent", "channel": followup.channel, **known, **parts, **said}
