"""`followup linkedin open`: the words to paste, and the page to paste them on. You send them."""

from __future__ import annotations

import webbrowser
from typing import TYPE_CHECKING

import click

from followup.cli.opportunities import (
    NOW,
    Opportunity,
    Options,
    chosen,
    pass_options,
    planned_alone,
    standing,
)
from followup.cli.wording import printable
from followup.errors import UsageError
from followup_linkedin.limits import ACCOUNTS, AS_OF, kind_of, length

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from followup.plan import FollowUp

__all__ = ["linkedin"]


@click.group("linkedin")
def linkedin() -> None:
    """Open the page of a person on LinkedIn, with the words to send. Nothing is sent."""


@linkedin.command("open")
@click.argument("state", metavar="STATE", type=click.Path(allow_dash=True))
@click.argument("key", metavar="KEY")
@NOW
@click.option("--print", "only_print", is_flag=True, help="Only show it; open no page.")
@pass_options
def open_page(options: Options, state: str, key: str, now: str | None, only_print: bool) -> None:
    """Show the words of the follow-up KEY and open the person's page, if it is due.

    STATE is a file with one opportunity. Nothing is copied, filled in or sent: you paste the words and press
    the button. Then note it in STATE as a `sent` event.

    \b
    Examples:
      followup linkedin open initech.yaml connect:r1:dana
      followup linkedin open initech.yaml connect:r1:dana --print
    """
    found = planned_alone(options.engine(), state, now)
    followup = chosen(found.plan, key, "linkedin")
    assert followup.draft is not None
    if followup.status != "due" and not only_print:
        raise UsageError(f"{key} {standing(followup)}; `--print` shows the words all the same")
    _show(found, followup)
    if only_print:
        return
    if not webbrowser.open(followup.draft.open):
        click.echo("note: no browser could be started; open the page yourself", err=True)


def _show(opportunity: Opportunity, followup: FollowUp) -> None:
    assert followup.draft is not None
    assert followup.to is not None
    draft, own = followup.draft, _own(opportunity, followup)
    kind = kind_of(followup.intent, {"linkedin": own})
    _say(f"{opportunity.title}: {kind.article} to {followup.to.name or followup.to.id}")
    _say(f"{length(draft.body)} of {kind.body} characters, for a {own['account']} account as of {AS_OF}")
    _say("")
    if draft.subject:
        _say(f"  {draft.subject}")
        _say("")
    for line in draft.body.rstrip("\n").split("\n"):
        _say(f"  {line}".rstrip())
    _say("")
    for finding in followup.findings:
        cure = f"; {finding.suggestion}" if finding.suggestion else ""
        _say(f"{finding.severity}: {finding.text}{cure} [{finding.review}]")
    if followup.status != "due":
        _say(f"Do not send it yet: {followup.key} {standing(followup)}")
    _say(draft.open)


def _own(opportunity: Opportunity, followup: FollowUp) -> Mapping[str, Any]:
    """What the state says of the account and of the person, as the channel was told it."""
    told = opportunity.state.extensions.get("linkedin")
    told = told if isinstance(told, dict) else {}
    account = str(told.get("account") or "").strip().casefold()
    connected = told.get("connected")
    return {
        "account": account if account in ACCOUNTS else "free",
        "connected": isinstance(connected, list) and bool(followup.to and followup.to.id in connected),
    }


def _say(line: str) -> None:
    click.echo(printable(line))
