"""The events that a mail would add to an opportunity, each with the words that speak for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from followup.correspondence.interviews import of_invitation
from followup.correspondence.matching import Match, person_of
from followup.correspondence.proposal import Proposal
from followup.correspondence.wording import of_words
from followup.evidence import Absent, MailFinding
from followup.store.folding import Opportunity

__all__ = ["is_known", "proposals"]


def proposals(
    finding: MailFinding, match: Match, opportunity: Opportunity, now: datetime
) -> tuple[Proposal, ...]:
    """What the mail would add to the opportunity, and what of it stands there already."""
    at, doubt = _time(finding, now)
    made = []
    for proposal in _proposed(finding, match, opportunity, at):
        known = proposal.known or is_known(proposal.event, opportunity.data.get("events", ()))
        sure = proposal.sure and match.sure and not doubt
        why = "; ".join(filter(None, (proposal.why, doubt)))
        made.append(replace(proposal, sure=sure, known=known, why=why))
    return tuple(made)


def _time(finding: MailFinding, now: datetime) -> tuple[datetime, str]:
    if finding.at is None:
        if finding.kind == "calendar":
            return now, ""
        return now, "the mail has no date, so it counts as of now"
    if finding.at > now + timedelta(hours=1):
        return now, f"the mail's date, {finding.at.isoformat()}, is still to come, so it counts as of now"
    return min(finding.at, now), ""


def _proposed(
    finding: MailFinding, match: Match, opportunity: Opportunity, at: datetime
) -> Iterator[Proposal]:
    told: dict[str, Any] = {"at": at.isoformat()}
    if finding.message_id:
        told["message_id"] = finding.message_id
    if finding.bounced:
        yield from _not_reached(finding, match, opportunity, told)
    elif finding.kind == "out-of-office":
        yield from _absence(finding.absent, match, told)
    elif finding.kind == "calendar":
        for invitation in finding.invitations:
            yield from of_invitation(invitation, match, opportunity, told)
    elif finding.kind in ("human", "automatic", "bulk"):
        yield from of_words(finding, match, opportunity, told)


def _not_reached(
    finding: MailFinding, match: Match, opportunity: Opportunity, told: Mapping[str, Any]
) -> Iterator[Proposal]:
    for one in finding.bounced:
        person = person_of(one.address, opportunity) or (match.person if len(finding.bounced) == 1 else None)
        if person is None:
            continue
        if one.action == "complained":
            event = {"type": "no_contact", **told, "who": person}
            yield Proposal(event, sure=True, why="your mail was reported as spam: no more contact")
        elif one.action == "failed":
            event = {"type": "bounce", **told, "to": person}
            # Mail to an old address that is passed on comes back from a new one.
            event["address"] = one.address or opportunity.data["people"][person].get("email", "")
            if not one.hard:
                event["passing"] = True
            what = (
                "the address does not work" if one.hard else "it did not arrive; the address may work again"
            )
            yield Proposal(event, sure=True, why=f"{what}: {one.why}", quote=one.words)


def _absence(absent: Absent | None, match: Match, told: Mapping[str, Any]) -> Iterator[Proposal]:
    if absent is None or match.person is None:
        return
    last = absent.day - timedelta(days=1) if absent.back else absent.day
    event = {"type": "absence", **told, "who": match.person, "until": last.isoformat()}
    yield Proposal(event, sure=True, why=f"away until the end of {last.isoformat()}", quote=absent.words)


def is_known(event: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the same mail said the same before; without a Message-ID, whether it was said at that time.

    A calendar entry is known by its UID, SEQUENCE and DTSTAMP.
    """
    if event.get("uid"):
        by: tuple[str, ...] = ("type", "uid", "sequence", "stamped")
        return any(all(_same(known.get(key), event.get(key)) for key in by) for known in events)
    by = ("message_id", "type", "address") if event.get("message_id") else ("at", "type", "from", "who", "to")
    return any(all(_same(known.get(key), event.get(key)) for key in by) for known in events)


def _same(one: Any, other: Any) -> bool:
    if one == other:
        return True
    try:
        return datetime.fromisoformat(one) == datetime.fromisoformat(other)
    except (TypeError, ValueError):
        return False
