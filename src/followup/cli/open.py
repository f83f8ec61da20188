"""`followup open`: a follow-up in the person's own program: mail, a profile page, a dialler."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followup.cli.at_hand import at_hand, follow_up
from followup.cli.home import HOME, beside
from followup.cli.opportunities import NOW, not_now, standing
from followup.cli.options import FORMAT, Options, pass_options
from followup.cli.wording import MAY_HAVE_LEFT
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.plan import Draft, FollowUp

__all__ = ["command"]

LONGEST_LINK = 2_000
"""Characters. Some programs cut a longer `mailto:` link, and the end of the message with it."""
PATIENCE = 5.0
"""Seconds, after which a program that was started has taken what it was given."""
MAIL = "message/rfc822"


@click.command("open")
@click.argument("opportunity")
@click.argument("key")
@click.option("--print", "only_print", is_flag=True, help="Print the link, and open nothing.")
@click.option("--eml", is_flag=True, help="Open the message as an .eml file instead of a mailto: link.")
@click.option("--anyway", is_flag=True, help="Also what is not due, or may have been sent.")
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options,
    opportunity: str,
    key: str,
    only_print: bool,
    eml: bool,
    anyway: bool,
    now: str | None,
    home: str | None,
    form: str,
) -> None:
    """Open a follow-up in your own program: a mail to send, a profile page, a number to call.

    Nothing is sent by it, and nothing written down: say `followup done` when it has gone out. A message too
    long for a link is opened as a file.

    \b
    Examples:
      followup open initech thank-you:r1:dana
      followup open initech thank-you:r1:dana --eml
      followup open initech thank-you:r1:dana --print
    """
    with at_hand(options, opportunity, now, home) as it:
        followup = follow_up(it.plan(), it.name, key)
        clock, doubt = it.clock, it.in_doubt(followup.key)
    if followup.draft is None:
        raise UsageError(f"`{followup.key}` {standing(followup)}; there is nothing to open")
    if followup.status != "due" and not anyway:
        raise UsageError(f"{not_now(followup, clock)} To open it all the same, add `--anyway`.")
    if doubt and not anyway:
        raise UsageError(f"{MAY_HAVE_LEFT} To open it all the same, add `--anyway`.")
    place, what = _place(followup, followup.draft, it.name, home, eml=eml)
    done = f"followup done {it.name} {followup.key}"
    if only_print and form != "json":
        click.echo(place)
        return
    if not only_print:
        click.echo(f"Opening {what}", err=True)
        if not _launched(place):
            raise UsageError(f"no program was found for it; open it yourself: {place}")
    if form == "json":
        import msgspec

        told = {"opened": None if only_print else what, "link": place, "draft": followup.draft, "next": done}
        click.echo(msgspec.json.encode(told))
        return
    if "?" not in place and not place.endswith(".eml"):
        click.echo(f"{followup.draft.body.rstrip()}\n")
    click.echo(f"When it has gone out: {done}")


def _place(followup: FollowUp, draft: Draft, name: str, home: str | None, *, eml: bool) -> tuple[str, str]:
    """What to open, and what that is in words. Raises UsageError."""
    to = followup.to.name if followup.to else "nobody"
    file = next((each for each in draft.attachments if each.media_type == MAIL), None)
    if eml and file is None:
        raise UsageError(f"`{followup.key}` goes by {followup.channel}, which makes no .eml file")
    if file is not None and (eml or not draft.open or len(draft.open) > LONGEST_LINK):
        path = beside(home) / "outgoing" / f"{name}~{file.name}"
        _write(path, file.text)
        return str(path), f"a mail to {to}, “{draft.subject}”, as {path}"
    if not draft.open:
        cure = f"`followup show {name} {followup.key}` has its words"
        raise UsageError(f"`{followup.key}` goes by {followup.channel}, which opens nothing; {cure}")
    scheme = draft.open.partition(":")[0]
    what = {"mailto": f"a mail to {to}, “{draft.subject}”", "tel": f"a call to {to}: {draft.open[4:]}"}
    return draft.open, what.get(scheme, f"{draft.open} for {to}")


def _launched(place: str) -> bool:
    """Whether a program took it. One that stays in the foreground for as long as it runs has taken it too."""
    if not sys.platform.startswith("linux"):
        return click.launch(place) == 0
    quiet = subprocess.DEVNULL
    try:
        opening = subprocess.Popen(["xdg-open", place], stdin=quiet, stdout=quiet, stderr=quiet)
        return opening.wait(timeout=PATIENCE) == 0
    except OSError:
        return False
    except subprocess.TimeoutExpired:
        return True


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(text.encode("utf-8"))
    except OSError as problem:
        raise UsageError(f"cannot write {path}: {problem.strerror}") from None
