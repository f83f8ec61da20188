"""`followup remind`: a digest of what is due, to yourself, once a day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from followup.cli.opportunities import NOW, STATES, Opportunity, Options, pass_options, planned
from followup.errors import UsageError
from followup.plain import plain_line

if TYPE_CHECKING:
    from followup_remind.digest import Item
    from followup_remind.memory import Memory
    from followup_remind.services import Service

__all__ = ["remind"]

SERVICES = "remind-services.txt"
MEMORY = "remind.sqlite"
"""Both in the user's configuration folder."""
_HOUR = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True, slots=True)
class Round:
    """What one person may be told: when it is on their clocks, and their follow-ups, due or not."""

    whose: str
    now: datetime
    items: tuple[Item, ...]

    def untold(self, memory: Memory, service: str, *, again: bool) -> tuple[Item, ...]:
        """What is due and was not told to the service; with `again` all that is due."""
        return tuple(
            item
            for item in self.items
            if item.is_due and (again or not memory.was_told(service, item.mark, last_day=item.is_last_day))
        )


@click.command("remind")
@STATES
@NOW
@click.option(
    "--at",
    "hour",
    metavar="HH:MM",
    help="Send from this time of the day on, on the candidate's clocks; where not given, at once.",
)
@click.option("--again", is_flag=True, help="Also what you were reminded of before, while it is due.")
@click.option("--dry-run", is_flag=True, help="Print what would be sent; send nothing, and remember nothing.")
@click.option(
    "--services",
    "services_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="A file with an address of Apprise a line, mode 0600. Where not given, the variable "
    f"FOLLOWUP_REMIND_URLS, else {SERVICES} in your configuration folder.",
)
@click.option(
    "--memory",
    "memory_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"The file that remembers what was told. Where not given, {MEMORY} in your configuration folder.",
)
@pass_options
def remind(
    options: Options,
    states: tuple[str, ...],
    now: str | None,
    hour: str | None,
    again: bool,
    dry_run: bool,
    services_file: Path | None,
    memory_file: Path | None,
) -> None:
    """Remind yourself of what is due: one digest a day, and of each follow-up once.

    A follow-up is told when it is due, and once more on its last day. Where there is nothing to tell, nothing
    is sent. Run it by cron every few minutes: it sends when the hour has come, and tries again what failed.

    Exit code 0: sent, or nothing to send; 1: a service did not take it; 2: something cannot be read.

    \b
    Examples:
      followup remind opportunities/*.yaml --dry-run
      */10 * * * *  followup remind opportunities/*.yaml --at 08:00
    """
    from followup.cli.disabling import config_folder
    from followup_remind.memory import Memory
    from followup_remind.services import services

    first = _time(hour)
    usual = config_folder() / SERVICES
    found_services = services(services_file or usual, given=services_file is not None)
    if not found_services and not dry_run:
        raise UsageError(
            f"there is no service to send to; write one, such as `ntfy://topic`, into the file {usual} "
            "(one a line, mode 0600), or into the variable FOLLOWUP_REMIND_URLS"
        )
    found = [each for each in planned(options.engine(), states, now) if isinstance(each, Opportunity)]
    failed = False
    with Memory(memory_file or config_folder() / MEMORY, keep=not dry_run) as memory:
        for each in _rounds(found):
            if dry_run:
                _show(memory, each, found_services, first, again=again)
            else:
                failed |= _tell(memory, each, found_services, first, again=again)
    if len(found) < len(states):
        click.get_current_context().exit(2)
    if failed:
        click.get_current_context().exit(1)


def _rounds(found: Sequence[Opportunity]) -> Iterator[Round]:
    from followup_remind.digest import items_of

    by_candidate: dict[str, list[Opportunity]] = {}
    for each in found:
        by_candidate.setdefault(plain_line(each.state.candidate.name).casefold(), []).append(each)
    for whose, theirs in by_candidate.items():
        zone = next(
            (each.clock.zone for each in theirs if each.state.candidate.timezone), theirs[0].clock.zone
        )
        now = max(each.plan.now for each in theirs).astimezone(ZoneInfo(zone))
        items = tuple(item for each in theirs for item in items_of(each.state, each.plan, zone))
        yield Round(whose, now, items)


def _tell(memory: Memory, each: Round, found: Sequence[Service], first: time, *, again: bool) -> bool:
    """Send what is to be told; whether a service failed."""
    from followup_remind.digest import digest_of
    from followup_remind.services import NotTakenError, send

    with memory.turn():
        memory.forget(item.mark for item in each.items if not item.is_due)
    if each.now.time() < first:
        return False
    failed = False
    day = each.now.date()
    for service in found:
        with memory.turn():
            if memory.had_digest(service.address, each.whose, day):
                continue
            items = each.untold(memory, service.address, again=again)
            if not items:
                continue
            try:
                send(service, digest_of(items))
            except NotTakenError as error:
                click.echo(f"followup: {error}", err=True)
                failed = True
                continue
            memory.note(service.address, each.whose, day, _told(items))
    return failed


def _told(items: Sequence[Item]) -> Iterator[tuple[str, bool]]:
    return ((item.mark, item.is_last_day) for item in items)


def _show(memory: Memory, each: Round, found: Sequence[Service], first: time, *, again: bool) -> None:
    """Print what would be sent, and why it would not be sent now."""
    from followup_remind.digest import digest_of

    with memory.turn():
        untold: Mapping[str, Item] = {
            item.mark: item
            for address in [service.address for service in found] or [""]
            for item in each.untold(memory, address, again=again)
        }
        today = bool(found) and all(
            memory.had_digest(service.address, each.whose, each.now.date()) for service in found
        )
    if not untold:
        click.echo("nothing to tell: nothing would be sent", err=True)
        return
    if each.now.time() < first:
        click.echo(f"it is not yet {first:%H:%M}: it would be sent then", err=True)
    elif today:
        click.echo("the digest of today went out already: it would be sent tomorrow", err=True)
    digest = digest_of([item for item in each.items if item.mark in untold])
    click.echo(f"{digest.title}\n\n{digest.body}")


def _time(text: str | None) -> time:
    if text is None:
        return time()
    found = _HOUR.fullmatch(text.strip())
    if found is None:
        raise UsageError(f"--at: `{text}` is no time of day; write `08:00`")
    return time(int(found[1]), int(found[2]))
