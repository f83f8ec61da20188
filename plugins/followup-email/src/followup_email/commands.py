"""`followup email`: try an account, put a follow-up into the Drafts folder, send one on your word."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from followup.cli.opportunities import NOW, Opportunity, Options, pass_options, planned_alone, standing
from followup.cli.reading import STDIN, kept_as
from followup.errors import DeliveryError, FollowupError, InDoubtError, NotDeliveredError, UsageError
from followup_email.delivering import ACCOUNTS_VARIABLE, accounts_file, accounts_in

if TYPE_CHECKING:
    from followup.events import Sent
    from followup.plan import FollowUp
    from followup_email.accounts import Account
    from followup_email.message import Mail

__all__ = ["email"]

FAILED, IN_DOUBT = 1, 3
ACCOUNTS = click.option(
    "--accounts",
    "file",
    metavar="FILE",
    envvar=ACCOUNTS_VARIABLE,
    default=lambda: str(accounts_file()),
    help="Your accounts; also FOLLOWUP_EMAIL_ACCOUNTS. Else `email.yaml` in followup's own folder.",
)
ACCOUNT = click.option("--account", metavar="NAME", help="The account, where several have the same address.")
STATE = click.argument("state", metavar="STATE", type=click.Path(allow_dash=True))
KEY = click.argument("key", metavar="KEY")


@click.group("email")
def email() -> None:
    """Put follow-ups into your Drafts folder, and send them on your word.

    \b
    Examples:
      followup email check
      followup email draft initech.yaml inquiry:r1:dana
      followup email send initech.yaml inquiry:r1:dana

    Exit codes: 0 fine, 1 it failed and nothing was sent, 2 wrong use, 3 in doubt: it may have been sent.
    """


@email.command("check")
@click.argument("name", metavar="[ACCOUNT]", required=False)
@ACCOUNTS
def check(name: str | None, file: str) -> None:
    """Try the accounts: connect, authenticate, say what is there. Sends nothing."""
    from followup.errors import did_you_mean

    accounts = accounts_in(file)
    if name is not None and name not in accounts:
        raise UsageError(f"there is no account `{name}`; {did_you_mean(name, accounts)}")
    failed = False
    for each, account in accounts.items():
        if name in (None, each):
            _say(f"{each}: {account.address}")
            for found in _tries(account):
                failed = failed or found.startswith("failed")
                _say(f"  {found}")
    _say("Nothing was sent.")
    if failed:
        click.get_current_context().exit(FAILED)


@email.command("draft")
@STATE
@KEY
@NOW
@ACCOUNTS
@ACCOUNT
@click.option("--overwrite", is_flag=True, help="Also replace a draft that you have edited.")
@pass_options
def draft(
    options: Options,
    state: str,
    key: str,
    now: str | None,
    file: str,
    account: str | None,
    overwrite: bool,
) -> None:
    """Put the follow-up KEY into your Drafts folder, in place of an earlier draft of it. Sends nothing."""
    from followup_email.drafts import drafts_of

    opportunity = planned_alone(options.engine(), state, now)
    followup = _followup(opportunity, key, ("due", "scheduled", "held", "snoozed"))
    mail, chosen = _mail_and_account(followup, file, account)
    try:
        with drafts_of(chosen) as drafts:
            outcome = drafts.put(mail, opportunity.plan.now, overwrite=overwrite)
            name = drafts.name
    except DeliveryError as problem:
        _fail(problem)
    told = {"new": "written", "replaced": "replaced", "unchanged": "there already"}[outcome]
    _say(f"{key}: {told} in {name} of {chosen.address}")
    if followup.status != "due":
        _say(f"Do not send it yet: {standing(followup)}")


@email.command("send")
@STATE
@KEY
@NOW
@ACCOUNTS
@ACCOUNT
@click.option("--yes", is_flag=True, help="Your word for this one message: send it without asking.")
@pass_options
def send(
    options: Options, state: str, key: str, now: str | None, file: str, account: str | None, yes: bool
) -> None:
    """Send the follow-up KEY, if it is due: show exactly what goes out, ask, send it, and note it in STATE.

    The plan is made anew right before the words leave. What has changed by then stops it.
    """
    from followup_email.sending import on_its_way
    from followup_email.smtp import SmtpDeliverer

    opportunity = planned_alone(options.engine(), state, now)
    followup = _followup(opportunity, key, ("due",))
    mail, chosen = _mail_and_account(followup, file, account)
    assert followup.draft is not None
    if state == STDIN:
        raise UsageError("a state from standard input cannot note that the message was sent; name its file")
    if kept_as(state) is not None:
        raise UsageError(
            f"`{state}` is in your store; what is there goes out by `followup send {state} {key}`"
        )

    def still_right() -> None:
        again = planned_alone(options.engine(), state, now and opportunity.plan.now.isoformat())
        found = next((each for each in again.plan.followups if each.key == key), None)
        if found is None or found.status != "due" or found.draft != followup.draft:
            it_now = "is not in the plan" if found is None else standing(found)
            told = f"in the meantime the plan has changed: {key} {it_now}; nothing was sent"
            raise NotDeliveredError(told, permanent=True)

    sent = _sent(opportunity, followup, mail)
    deliverer = SmtpDeliverer(chosen)
    try:
        outgoing = deliverer.prepare(followup.draft, key, opportunity.plan.now)
        with on_its_way(
            Path(state), key, mail.identity, still_right, event=_entry(opportunity, sent)
        ) as commit:
            _show(opportunity, followup, mail, chosen)
            if not (yes or _agreed()):
                _say("Nothing was sent.")
                return
            receipt = deliverer.deliver(outgoing, commit=commit)
            with suppress(OSError):  # that nobody reads this must not keep it from being noted
                _say(f"Sent: {receipt.answer}")
            _record(options, state, sent)
    except DeliveryError as problem:
        _fail(problem)
    _tidy(chosen, mail.identity)


def _tries(account: Account) -> Iterator[str]:
    """What is found at each server of an account; what begins with `failed` did."""
    from followup_email.drafts import drafts_of
    from followup_email.smtp import smtp_offer

    if account.smtp is None:
        yield "no `smtp`: nothing can be sent by it"
    else:
        try:
            offer = smtp_offer(account, account.smtp)
            size = f"takes up to {offer.size // 1_000} kB" if offer.size else "names no limit"
            scripts = "addresses of any script" if offer.smtputf8 else "addresses in ASCII only"
            yield f"smtp {account.smtp.host}: authenticated; {size}; {scripts}"
        except FollowupError as problem:
            yield f"failed: {problem}"
    if account.imap is None:
        yield "no `imap`: no drafts are put there"
    else:
        try:
            with drafts_of(account) as drafts:
                yield f"imap {account.imap.host}: authenticated; drafts go to {drafts.name}"
        except FollowupError as problem:
            yield f"failed: {problem}"


def _followup(opportunity: Opportunity, key: str, statuses: tuple[str, ...]) -> FollowUp:
    """The follow-up by mail of that key, if it stands as it must. Raises UsageError."""
    from followup.errors import did_you_mean

    known = {followup.key: followup for followup in opportunity.plan.followups}
    if key not in known:
        cure = did_you_mean(key, known) or "`followup plan STATE --all` shows them"
        raise UsageError(f"the plan has no follow-up `{key}`; {cure}")
    followup = known[key]
    if followup.host is not None:
        raise UsageError(f"{key} rides in the message of {followup.host}; name that one")
    if followup.status not in statuses:
        raise UsageError(f"{key} {standing(followup)}; `followup plan STATE --all` says more")
    if followup.channel != "email":
        raise UsageError(f"{key} goes by {followup.channel or 'no channel'}, not by email")
    if followup.draft is None:
        raise UsageError(f"{key} has no draft: {', '.join(followup.needs) or 'a fact is missing'}")
    return followup


def _mail_and_account(followup: FollowUp, file: str, name: str | None) -> tuple[Mail, Account]:
    from followup_email.accounts import account_for
    from followup_email.smtp import mail_of

    assert followup.draft is not None
    try:
        mail = mail_of(followup.draft)
    except NotDeliveredError as problem:
        raise UsageError(f"{followup.key}: {problem}") from None
    return mail, account_for(accounts_in(file), mail.sender[1], name)


def _show(opportunity: Opportunity, followup: FollowUp, mail: Mail, account: Account) -> None:
    """Exactly what goes out, and by what."""
    server = account.smtp.host if account.smtp else "no server"
    _say(f"{opportunity.title}, as of {opportunity.clock.exact(opportunity.plan.now)}, by {server}")
    _say("")
    headers = {
        "From": _mailbox(*mail.sender),
        "To": _mailbox(*mail.recipient),
        "Subject": mail.subject,
        "In-Reply-To": mail.answers,
        "References": " ".join(mail.references),
        "Message-ID": mail.identity,
    }
    for name, value in headers.items():
        if value:
            _say(f"  {name}: {value}")
    _say("")
    for line in mail.body.rstrip("\n").split("\n"):
        _say(f"  {line}".rstrip())
    _say("")
    if account.html:
        _say("The same words follow as HTML.")
    for finding in followup.findings:
        cure = f"; {finding.suggestion}" if finding.suggestion else ""
        _say(f"{finding.severity}: {finding.text}{cure} [{finding.review}]")


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise UsageError("nobody can be asked here; `--yes` is your word for this one message")
    return click.confirm("Send it?")


def _mailbox(name: str, address: str) -> str:
    return f"{name} <{address}>" if name else address


def _sent(opportunity: Opportunity, followup: FollowUp, mail: Mail) -> Sent:
    from followup.events import Sent

    assert followup.to is not None
    return Sent(
        at=opportunity.plan.now,
        to=followup.to.id,
        intent=followup.intent,
        key=followup.key,
        channel="email",
        parts=followup.parts or None,
        message_id=mail.identity,
        references=mail.references,
        subject=mail.subject,
    )


def _entry(opportunity: Opportunity, event: Sent) -> str:
    """The event as it can be written into the state by hand."""
    from followup.authoring.recording import as_data
    from followup.authoring.yaml_text import flow

    return f"- {flow(as_data(opportunity.state, [event])[0])}"


def _record(options: Options, path: str, event: Sent) -> None:
    """Note in the state's file that the message went out, so that it does not go out again."""
    from followup.cli.recording import record

    try:
        with suppress(OSError):  # what cannot be written raises a UsageError; this is a reader gone away
            record(options.engine(), path, [event])
    except FollowupError as problem:
        told = f"the message was sent, but that could not be noted in {path}: {problem}"
        raise InDoubtError(told, identity=event.message_id or "") from None


def _tidy(account: Account, identity: str) -> None:
    """Take the draft of what was sent out of the Drafts folder, so that it is not sent from there again."""
    from followup.cli.wording import printable
    from followup_email.drafts import drafts_of

    if account.imap is None:
        return
    try:
        with drafts_of(account) as drafts:
            if drafts.remove(identity):
                _say(f"The draft of it is gone from {drafts.name}.")
    except (FollowupError, KeyboardInterrupt) as problem:
        told = str(problem) or "interrupted"
        click.echo(printable(f"note: the Drafts folder could not be tidied: {told}"), err=True)


def _fail(problem: DeliveryError) -> NoReturn:
    from followup.cli.wording import printable

    click.echo(printable(str(problem)), err=True)
    click.get_current_context().exit(IN_DOUBT if isinstance(problem, InDoubtError) else FAILED)


def _say(line: str) -> None:
    from followup.cli.wording import printable

    click.echo(printable(line))
