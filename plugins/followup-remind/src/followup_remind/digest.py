"""The digest: what is due, in a few plain lines, without drafts and addresses: it goes through others."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from followup.plain import plain_line
from followup.plan import FollowUp, Plan
from followup.state import InterviewState
from followup.wording import day_and_time

__all__ = ["Digest", "Item", "digest_of", "items_of"]

LAST_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Item:
    """A follow-up: a mark that tells it from all others, and its lines; `heading` names the opportunity.

    It is told when it becomes due, and once more on its last day, before its window closes.
    """

    mark: str
    is_due: bool
    is_last_day: bool
    heading: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """What is sent: a title and the lines below it."""

    title: str
    body: str


def items_of(state: InterviewState, plan: Plan, zone: str) -> Iterator[Item]:
    """The follow-ups of a plan, one a message; times are told in `zone`."""
    position = state.position
    about = (state.candidate.name, state.company.name, position.title, position.reference or "")
    heading = plain_line(f"{position.title} at {state.company.name}")
    for followup in plan.followups:
        if followup.host is None:
            parts = (*(plain_line(part).casefold() for part in about), followup.key)
            yield Item(
                mark=hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest(),
                is_due=followup.status == "due",
                is_last_day=followup.closes is not None and followup.closes - plan.now <= LAST_DAY,
                heading=heading,
                lines=tuple(_lines(followup, plan.now, zone)),
            )


def digest_of(items: Sequence[Item]) -> Digest:
    """The digest of these items, in their order, under the heading of each opportunity."""
    title = "1 follow-up is due" if len(items) == 1 else f"{len(items)} follow-ups are due"
    lines: list[str] = []
    for heading in dict.fromkeys(item.heading for item in items):
        lines += ["", heading]
        lines += [line for item in items if item.heading == heading for line in item.lines]
    return Digest(title, "\n".join(lines[1:]))


def _lines(followup: FollowUp, now: datetime, zone: str) -> Iterator[str]:
    what = plain_line(followup.title or followup.rule)
    if followup.to is not None and followup.to.id != "self":
        channel = f" by {followup.channel}" if followup.channel else ""
        what = f"{what}: {plain_line(followup.to.name)}{channel}"
    yield f"- {what}"
    if followup.closes is not None:
        last = "the last day: " if followup.closes - now <= LAST_DAY else ""
        yield f"  {last}until {day_and_time(followup.closes.astimezone(ZoneInfo(zone)))}"
    yield f"  {plain_line(followup.key)}"
