"""What something new changes in a plan: the follow-ups before and after that do not stand alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from followup.cli.wording import address_line, as_title

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.plan import FollowUp, Plan

__all__ = ["PlanChange", "change_data", "change_line", "changes"]

TOLD = {"due", "held", "scheduled"}
"""The statuses of which people hear; what comes from another to another is told to nobody."""


@dataclass(frozen=True, slots=True)
class PlanChange:
    """A follow-up before and after, which differ in status or time; None where there is none."""

    key: str
    before: FollowUp | None
    after: FollowUp | None


def changes(before: Plan, after: Plan) -> Iterator[PlanChange]:
    """The follow-ups, one a message, that are due, held or scheduled before or after, and not alike."""
    old, new = ({each.key: each for each in plan.followups if each.host is None} for plan in (before, after))
    gone = [each for key, each in old.items() if key not in new]
    for key in dict.fromkeys((*new, *old)):
        one, other = old.get(key), new.get(key)
        if one is None and other is not None:
            one = next((each for each in gone if _are_for_the_same(each, other)), None)
            if one is not None:
                gone.remove(one)
        elif other is None and one not in gone:
            continue
        if _standing(one) != _standing(other) and {_status(one), _status(other)} & TOLD:
            yield PlanChange(key, one, other)


def _are_for_the_same(one: FollowUp, other: FollowUp) -> bool:
    """Whether one has taken the place of the other: the same rule and person, after another event."""
    return (one.rule, one.to, one.channel) == (other.rule, other.to, other.channel)


def change_line(change: PlanChange, clock: Clock) -> str:
    """`Ask for an update → Dana Whitfield: scheduled Tue 1 Dec, 9:00 ⇒ held until Mon 7 Dec, 9:00`."""
    followup = change.after or change.before
    assert followup is not None
    who = f"{as_title(followup)} {address_line(followup)}"
    return f"{who}: {_stands(change.before, clock)} ⇒ {_stands(change.after, clock)}"


def change_data(change: PlanChange) -> dict[str, Any]:
    """A change as plain data."""
    return {"key": change.key, "before": _side(change.before), "after": _side(change.after)}


def _side(followup: FollowUp | None) -> dict[str, Any] | None:
    if followup is None:
        return None
    return {"status": followup.status, "at": followup.at, "lifts": followup.lifts, "closes": followup.closes}


def _stands(followup: FollowUp | None, clock: Clock) -> str:
    if followup is None:
        return "not planned"
    moment = {"held": followup.lifts, "scheduled": followup.at or followup.opens}.get(followup.status)
    until = "until " if followup.status == "held" else ""
    return f"{followup.status} {until}{clock.exact(moment)}" if moment else followup.status


def _status(followup: FollowUp | None) -> str:
    return followup.status if followup else ""


def _standing(followup: FollowUp | None) -> tuple[object, ...]:
    if followup is None:
        return ()
    if followup.status == "held":
        return ("held", followup.lifts)
    return (followup.status, followup.at if followup.status == "scheduled" else None)
