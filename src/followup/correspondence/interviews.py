"""What calendar entries do to the interviews of an opportunity: a new one, another time, none any more.

An entry is known again by its UID. A higher SEQUENCE, or at the same one a later DTSTAMP, replaces; an older
one changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from followup.correspondence.matching import Match, person_of
from followup.correspondence.proposal import Proposal, first_words
from followup.correspondence.standing import is_off
from followup.evidence import Invitation
from followup.naming import free_interview_id
from followup.store.folding import Opportunity

__all__ = ["of_invitation"]

INTERVIEW = re.compile(
    r"interview|gespräch|\bcall\b|\bchat\b|\bmeet|conversation|screen|intro|\bround\b|runde|on-?site|panel|termin"
    r"|kennenlernen|vorstellung|technical|coding|\bteams\b|zoom|catch.?up|assessment|presentation|entretien"
    r"|entrevista|colloquio|bewerbung",
    re.IGNORECASE,
)
ANSWERS = {"accepted": "accepts", "declined": "declines", "tentative": "may come to"}
LOWEST = datetime.min.replace(tzinfo=UTC)


def of_invitation(
    invitation: Invitation, match: Match, opportunity: Opportunity, told: Mapping[str, Any]
) -> Iterator[Proposal]:
    """What an entry would add to the events. `told` has the time of the mail and its Message-ID."""
    events: Sequence[Mapping[str, Any]] = opportunity.data.get("events", ())
    at = told["at"]
    mark: dict[str, Any] = {"uid": invitation.uid} if invitation.uid else {}
    mark["sequence"] = invitation.sequence
    if invitation.stamped is not None:
        mark["stamped"] = invitation.stamped.isoformat()
    quote = _quote(invitation)
    if invitation.kind in ("answer", "counter"):
        yield from _answer(invitation, match, opportunity, told, quote)
    known = [event for event in events if invitation.uid and event.get("uid") == invitation.uid]
    interview = _interview_of(known, events, invitation)
    if invitation.kind in ("answer", "other"):
        return
    if known and invitation.kind != "counter":
        standing = _standing(invitation, known)
        if standing == "same":
            yield Proposal(known[-1], sure=True, why="the store has it", quote=quote, known=True)
            return
        if standing == "older":
            why = "it is older than what the store has of this invitation, so it changes nothing"
            yield Proposal(known[-1], sure=True, why=why, quote=quote, known=True)
            return
    if invitation.kind == "cancellation":
        if interview is not None and not is_off(interview, events):
            event = {"type": "cancelled", "at": at, "interview": interview, **mark}
            yield Proposal(event, sure=True, why="the invitation is withdrawn", quote=quote)
        return
    if invitation.start is None:
        return
    doubts = "; ".join(invitation.doubts)
    if interview is not None:
        event = {
            "type": "rescheduled",
            "at": at,
            "interview": interview,
            "to": invitation.start.isoformat(),
            **mark,
        }
        event |= _details(invitation)
        event.pop("medium", None)
        why = "an update of the invitation" if known else "the interview that you know, with its invitation"
        if invitation.kind == "counter":
            why = "another time is proposed; it counts once you agree"
        sure = invitation.kind != "counter" and not doubts
        yield Proposal(event, sure=sure, why="; ".join(filter(None, (why, doubts))), quote=quote)
        return
    if invitation.kind != "counter":
        yield _new(invitation, opportunity, at, mark, quote)


def _new(
    invitation: Invitation, opportunity: Opportunity, at: str, mark: dict[str, Any], quote: str
) -> Proposal:
    assert invitation.start is not None
    events = opportunity.data.get("events", ())
    event: dict[str, Any] = {
        "type": "interview",
        "id": free_interview_id(events),
        "at": invitation.start.isoformat(),
    }
    event |= mark | _details(invitation)
    if datetime.fromisoformat(at) <= invitation.start:
        event["arranged"] = at
    people = [person_of(each.address, opportunity) for each in invitation.attendees]
    present = list(dict.fromkeys(id_ for id_ in people if id_))
    if not present and invitation.organizer is not None:
        organizer = person_of(invitation.organizer.address, opportunity)
        present = [organizer] if organizer else []
    if present:
        event["with"] = present
    reasons = ["a new interview", *invitation.doubts]
    sure = not invitation.doubts
    if invitation.repeats:
        reasons.append(f"it repeats ({invitation.repeats}); only the first time is taken")
        sure = False
    if not INTERVIEW.search(f"{invitation.summary} {invitation.text[:500]}"):
        reasons.append("nothing in it says that it is an interview")
        sure = False
    if any(_is_ahead_without_invitation(event, events, at) for event in events):
        reasons.append(
            "another interview is ahead whose invitation the store does not have; it may be this one"
        )
        sure = False
    return Proposal(event, sure=sure, why="; ".join(reasons), quote=quote)


def _is_ahead_without_invitation(
    event: Mapping[str, Any], events: Sequence[Mapping[str, Any]], at: str
) -> bool:
    if event["type"] != "interview" or event.get("uid"):
        return False
    bound = {each.get("interview") for each in events if each.get("uid")}
    return event.get("id") not in bound and datetime.fromisoformat(event["at"]) > datetime.fromisoformat(at)


def _answer(
    invitation: Invitation, match: Match, opportunity: Opportunity, told: Mapping[str, Any], quote: str
) -> Iterator[Proposal]:
    """Somebody accepts, declines, or wants another time: they have written, if only by a click."""
    who = next(iter(invitation.attendees), None)
    person = (person_of(who.address, opportunity) if who else None) or match.person
    if invitation.kind == "counter":
        says = "proposes another time"
    else:
        says = ANSWERS.get(who.status if who else "", "answers")
    event: dict[str, Any] = {"type": "reply", **told, "text": f"{says}: {invitation.summary}"}
    if person:
        event["from"] = person
    yield Proposal(event, sure=invitation.kind == "counter", why=f"somebody {says} by calendar", quote=quote)


def _details(invitation: Invitation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if invitation.minutes is not None and invitation.minutes <= 10_080:
        found["minutes"] = invitation.minutes
    if invitation.medium:
        found["medium"] = invitation.medium
    place = invitation.link or invitation.location
    if place:
        found["place"] = place
    return found


def _standing(invitation: Invitation, known: Sequence[Mapping[str, Any]]) -> str:
    """Against the newest of the same UID: `newer`, `same` or `older`."""
    last = max(known, key=_order)
    mine, theirs = (invitation.sequence, invitation.stamped or LOWEST), _order(last)
    if mine > theirs:
        return "newer"
    withdrawn = invitation.kind == "cancellation"
    if mine[0] == theirs[0] and withdrawn and last["type"] != "cancelled":
        # Some calendars send a cancellation with the number, and even the stamp, of what it cancels.
        return "newer"
    return "same" if mine == theirs else "older"


def _order(event: Mapping[str, Any]) -> tuple[int, datetime]:
    stamped = event.get("stamped")
    return int(event.get("sequence") or 0), datetime.fromisoformat(stamped) if stamped else LOWEST


def _interview_of(
    known: Sequence[Mapping[str, Any]], events: Sequence[Mapping[str, Any]], invitation: Invitation
) -> str | None:
    """The id of the interview that the entry is about: by UID, else one without at the same time."""
    for event in known:
        id_ = event.get("id") if event["type"] == "interview" else event.get("interview")
        if id_:
            return str(id_)
    bound = {event.get("interview") for event in events if event.get("uid")}
    same = [
        event["id"]
        for event in events
        if event["type"] == "interview"
        and event.get("id")
        and not event.get("uid")
        and event["id"] not in bound
        and invitation.start is not None
        and datetime.fromisoformat(event["at"]) == invitation.start
    ]
    return str(same[0]) if len(same) == 1 else None


def _quote(invitation: Invitation) -> str:
    when = ""
    if invitation.start is not None:
        when = f"{invitation.start:%Y-%m-%d %H:%M %z}" + (f" ({invitation.zone})" if invitation.zone else "")
    elif invitation.day is not None:
        when = f"{invitation.day} (the whole day)"
    place = invitation.link or invitation.location
    return first_words(", ".join(filter(None, (invitation.summary, when, place))))
