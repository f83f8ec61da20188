"""`followup read`: what the mails that somebody has say, as events that are added after a yes."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from followup.cli.home import HOME, opened
from followup.cli.opportunities import NOW, now_for
from followup.cli.options import FORMAT, Options, pass_options, tell
from followup.cli.reading import STDIN
from followup.errors import Problem, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from followup.cli.reading_mail import Considered, Letter, Read, Reader
    from followup.cli.times import Clock
    from followup.correspondence import Match
    from followup.store import Change, Entry, NewEntry
    from followup.store.protocol import Store

__all__ = ["command"]


@click.command("read")
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--opportunity", metavar="NAME", help="What all these mails are about.")
@click.option("--yes", is_flag=True, help="Add all that is sure, without asking.")
@click.option("--dry-run", is_flag=True, help="Show it, and write nothing.")
@NOW
@HOME
@FORMAT
@pass_options
def command(
    options: Options, files: tuple[str, ...], opportunity: str | None, yes: bool, dry_run: bool,
    now: str | None, home: str | None, form: str,
) -> None:  # fmt: skip
    """Read mail that you have, and say what it means for your opportunities.

    FILE is a mail (.eml), an mbox, a Maildir, a calendar file (.ics), a folder with such files, or -
    for standard input. Each mail is told for what it is: an answer, an automatic one, out of
    office, a bounce, an invitation or its update. What it adds to which opportunity, and what that
    changes in your plan, is shown, and added after your yes. Nothing is added twice. The mails
    stay as they are.

    \b
    Examples:
      followup read answer.eml invite.ics
      followup read --dry-run ~/Maildir
      followup read --yes inbox.mbox
      followup read --opportunity initech - < answer.eml
    """
    from followup.cli.mail_files import mails_in
    from followup.cli.reading_mail import Reader, letters
    from followup.store import folded

    if list(files).count(STDIN) > 1:
        raise UsageError("standard input (`-`) can be read only once; name the other mails as files")
    if yes and dry_run:
        raise UsageError("--yes adds and --dry-run does not; keep one of the two")
    problems: list[Problem] = []

    def complain(problem: Problem) -> None:
        problems.append(problem)
        tell([problem])

    with opened(home) as store:
        kept = folded(store.entries())
        if not kept.opportunities:
            raise UsageError(
                "your store has no opportunity that a mail could be about; add one: `followup add`"
            )
        name = kept.opportunity(opportunity).name if opportunity else None
        engine = options.engine()
        first = next(iter(kept.opportunities.values()))
        moment, clock = now_for(first.state(engine.vocabulary), now)
        reader = Reader(engine, kept.opportunities, moment, name)
        asking = not yes and not dry_run and form == "table" and STDIN not in files and sys.stdin.isatty()
        found = _considered(reader, letters(mails_in(files), complain, clock.zone), clock, form, asking)
        change = None if dry_run or not (yes or asking) else _written(reader, store)
    _told(found, change, form, clock, waiting=not (dry_run or yes or asking), problems=problems)
    if problems:
        click.get_current_context().exit(2)


def _considered(
    reader: Reader, letters: Sequence[Letter], clock: Clock, form: str, asking: bool
) -> list[Read]:
    """The mails with what each would add; in the table they are shown, and asked about, as they come."""
    from followup.cli.drawing_mail import draw_considered, draw_read

    found = []
    stopped = False
    for letter in letters:
        read = reader.read(letter)
        found.append(read)
        if asking and not stopped and read.chosen is None and read.matches:
            draw_read(read, reader.kept, clock)
            read.chosen = _chosen(read)
        elif form == "table" and read.matches and read.chosen is None:
            draw_read(read, reader.kept, clock)
        if read.chosen is None:
            continue
        shown = False
        for considered in reader.consider(read):
            if form == "table":
                if not shown:
                    draw_read(read, reader.kept, clock)
                draw_considered(considered, clock)
            shown = True
            fits = considered.fits
            if asking and not stopped:
                answer = _asked(considered) if fits else "n"
                stopped = answer == "q"
                considered.agreed = answer == "y"
            else:
                considered.agreed = considered.proposal.sure and not asking and fits
        if form == "table" and not shown and not read.considered:
            draw_read(read, reader.kept, clock)
    return found


def _chosen(read: Read) -> Match | None:
    """Which of several opportunities the mail is about, as the person says."""
    from dataclasses import replace

    names = [match.opportunity for match in read.matches]
    answer = click.prompt(
        "Which one is it about?",
        type=click.Choice([*names, "none"]),
        default="none",
        show_choices=True,
        err=True,
    )
    chosen = next((match for match in read.matches if match.opportunity == answer), None)
    return replace(chosen, sure=True, why="you said so") if chosen else None


def _asked(considered: Considered) -> str:
    default = "y" if considered.proposal.sure else "n"
    return str(
        click.prompt(
            "Add it? (q: stop here, and keep what was agreed to)",
            type=click.Choice(["y", "n", "q"]), default=default, show_choices=True, err=True,
        )
    )  # fmt: skip


def _written(reader: Reader, store: Store) -> Change | None:
    from followup.cli.times import wall_clock
    from followup.correspondence import adding

    if not reader.agreed:
        return None

    def decide(entries: Sequence[Entry]) -> list[NewEntry]:
        return adding(reader.agreed, entries, reader.engine.vocabulary)

    return store.change(decide, wall_clock())


def _told(
    found: Sequence[Read], change: Change | None, form: str, clock: Clock, *, waiting: bool,
    problems: Sequence[Problem],
) -> None:  # fmt: skip
    from followup.cli.drawing_mail import as_data, summary

    if form == "json":
        import msgspec

        click.echo(msgspec.json.encode(as_data(found, change, problems)))
        return
    for line in summary(found, change):
        click.echo(line)
    if change is not None:
        click.echo("To undo: followup undo")
    elif waiting and any(each.agreed for read in found for each in read.considered):
        click.echo("Nothing is written. To add what is sure: the same command with --yes")
