"""`followup edit`: a draft put into words of one's own, which are reviewed and kept."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from followup.cli.at_hand import AtHand, at_hand, follow_up
from followup.cli.home import HOME, beside, tell_change, tell_nothing
from followup.cli.opportunities import NOW, standing
from followup.cli.options import FORMAT, Options, pass_options
from followup.errors import UsageError

if TYPE_CHECKING:
    from followup.keeping import KeptDraft
    from followup.plan import Draft, FollowUp
    from followup.store import Change

__all__ = ["command"]

AS_IT_WAS = "the text is as it was"


@click.command("edit")
@click.argument("opportunity")
@click.argument("key")
@click.option(
    "--file",
    metavar="FILE",
    type=click.Path(allow_dash=True),
    help="Take the words from a file, or from - for standard input, instead of an editor.",
)
@click.option("--drop", is_flag=True, help="Drop your own words; the draft takes their place again.")
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options,
    opportunity: str,
    key: str,
    file: str | None,
    drop: bool,
    now: str | None,
    home: str | None,
    form: str,
) -> None:
    """Put a draft into your own words, in the editor that VISUAL or EDITOR names.

    Your words are reviewed, kept in your store, and used in place of the draft. The first line may be
    `Subject: …`. Save it empty or unchanged and nothing changes. Where something goes wrong, what you wrote
    stays in a file, which is named, and the next `edit` begins with it.

    \b
    Examples:
      followup edit initech thank-you:r1:dana
      followup edit initech thank-you:r1:dana --file thanks.txt
      pbpaste | followup edit initech thank-you:r1:dana --file -
      followup edit initech thank-you:r1:dana --drop
    """
    from followup.cli.review import read_draft

    if drop and file is not None:
        raise UsageError("`--drop` takes no words; leave out `--file`")
    with at_hand(options, opportunity, now, home) as it:
        followup = follow_up(it.plan(), it.name, key)
        if drop:
            _drop(it, followup, form)
            return
        before = _words(it, followup)
        leftover = None
        if file is not None:
            given = read_draft(file)
        else:
            from followup.cli.editing import Editing

            leftover = Editing(beside(home), it.name, followup.key)
            given = leftover.edited(before, _note(it, followup))
        kept = _kept(it, followup, before, given)
        why = _nothing(given, before)
        if why == AS_IT_WAS and _is_stale(it, followup) and (file is not None or _as_they_are()):
            why = ""
        if why:
            if leftover is not None:
                leftover.over()
            tell_nothing(form, f"{it.name}: {why}; nothing is changed")
            return
        change = _keep(it, kept)
        if leftover is not None:
            leftover.over()
    _tell(options, it, followup.key, change, now, home, form)


def _words(it: AtHand, followup: FollowUp) -> Draft:
    """What stands in the editor at first: the words of one's own, else the draft. Raises UsageError."""
    from followup.plan import PENDING, Draft

    own = it.found.drafts.get(followup.key)
    if followup.status not in PENDING or followup.channel is None:
        raise UsageError(f"`{followup.key}` {standing(followup)}; there is nothing to edit")
    if own is not None:
        return Draft(own.subject, own.body)
    if followup.draft is None:
        raise UsageError(f"`{followup.key}` {standing(followup)}; it has no words yet")
    return followup.draft


def _is_stale(it: AtHand, followup: FollowUp) -> bool:
    return followup.key in it.found.drafts and not (followup.draft is not None and followup.draft.edited)


def _as_they_are() -> bool:
    """Whether words that were written for something else shall stand, though nobody changed them."""
    question = "You changed nothing. Keep these words for it as it is now?"
    return sys.stdin.isatty() and click.confirm(question, default=False, err=True)


def _note(it: AtHand, followup: FollowUp) -> list[str]:
    """What the editor says below the words."""
    to = followup.to.name if followup.to else "nobody"
    found = [f"To {to} by {followup.channel}, for {it.name} {followup.key}. Save it empty to change nothing."]
    for finding in followup.findings:
        cure = f"; {finding.suggestion}" if finding.suggestion else ""
        found.append(f"{finding.severity}: {finding.text}{cure}")
    return found


def _kept(it: AtHand, followup: FollowUp, before: Draft, given: Draft) -> KeptDraft:
    from followup.keeping import KeptDraft, address_of

    to = followup.to.id if followup.to else ""
    channel = it.engine.channels[str(followup.channel)]
    return KeptDraft(
        key=followup.key,
        subject=given.subject or before.subject,
        body=given.body.strip() + "\n",
        to=to,
        channel=channel.name,
        address=address_of(it.state.people.get(to), channel),
        parts=followup.parts,
    )


def _nothing(given: Draft, before: Draft) -> str:
    """Why there is nothing to keep; empty where there is."""
    if not given.body.strip():
        return "the text is empty"
    same = given.body.split() == before.body.split() and given.subject in ("", before.subject)
    return AS_IT_WAS if same else ""


def _keep(it: AtHand, kept: KeptDraft) -> Change:
    import msgspec

    from followup.cli.times import wall_clock
    from followup.store import NewEntry

    entry = NewEntry(kind="drafted", opportunity=it.name, data=msgspec.to_builtins(kept))
    change = it.store.change(lambda _: [entry], wall_clock())
    assert change is not None
    return change


def _drop(it: AtHand, followup: FollowUp, form: str) -> None:
    from followup.cli.times import wall_clock
    from followup.store import NewEntry

    if followup.key not in it.found.drafts:
        tell_nothing(form, f"{it.name}: `{followup.key}` has no words of your own; nothing is changed")
        return
    entry = NewEntry(kind="drafted", opportunity=it.name, data={"key": followup.key})
    change = it.store.change(lambda _: [entry], wall_clock())
    assert change is not None
    tell_change(form, change, [f"{it.name}: your words for {followup.key} are dropped; the draft is back"])


def _tell(
    options: Options, it: AtHand, key: str, change: Change, now: str | None, home: str | None, form: str
) -> None:
    """What was kept, and what the reviews find in it as it would go out."""
    with at_hand(options, it.name, now or it.now.isoformat(), home) as again:
        followup = follow_up(again.plan(), again.name, key)
    lines = [f"{it.name}: your words for {key} are kept, in place of the draft"]
    more = {"status": followup.status, "draft": followup.draft, "findings": followup.findings}
    if form != "json" and followup.draft is not None:
        from followup.cli.drawing import draw
        from followup.cli.drawing_findings import draw_findings

        draw(draw_findings(followup.findings, followup.draft, "Findings"))
        click.echo()
    if followup.status == "blocked":
        lines.append(f"It does not go out like this: followup edit {it.name} {key}")
    tell_change(form, change, lines, **more)
