"""A new opportunity from an invitation: who takes part, and the interview with its exact time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from followup.errors import UsageError
from followup.naming import slug

__all__ = ["with_invitation"]

MOST_BYTES = 30_000_000
KINDS = ("invitation", "update", "published")
"""What says that an interview is to be; a cancellation or an answer does not."""


def with_invitation(
    path: str, state: Mapping[str, Any], now: datetime
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The state with the people and the interview of an invitation, and what is not sure about it.

    `path` is a calendar file or a mail that holds one. Raises UsageError.
    """
    from followup.correspondence import Match
    from followup.correspondence.interviews import of_invitation
    from followup.evidence import read_mail
    from followup.store import Opportunity

    finding = read_mail(_content(path))
    found = [each for each in finding.invitations if each.start is not None and each.kind in KINDS]
    if len(found) != 1:
        what = f"{len(found)} invitations" if found else "no invitation with a time"
        raise UsageError(f"--invitation: {path} holds {what}; give the time by `--interview`")
    [invitation] = found
    people = dict(state["people"])
    own = str(state["candidate"].get("email") or "").casefold()
    known = {str(person.get("email")).casefold() for person in people.values()}
    for guest in filter(None, (invitation.organizer, *invitation.attendees)):
        if guest.address.casefold() not in (own, *known):
            known.add(guest.address.casefold())
            people |= _introduced(guest.address, guest.name, people)
    made = {**state, "people": people}
    opportunity = Opportunity("new", made)
    match = Match("new", None, True, "it is new")
    at = finding.at if finding.at is not None and finding.at <= now else now
    proposed = list(of_invitation(invitation, match, opportunity, {"at": at.isoformat()}))
    [proposal] = [each for each in proposed if each.event["type"] == "interview"]
    doubts = () if proposal.sure else (f"interview {proposal.event['at']}: {proposal.why}",)
    return {**made, "events": [proposal.event]}, doubts


def _introduced(address: str, name: str, people: Mapping[str, Any]) -> dict[str, Any]:
    """Somebody of whom an invitation says no more than the address, and perhaps the name."""
    person = {"email": address} | ({"name": name} if name and "@" not in name else {})
    first = slug((person.get("name") or address.partition("@")[0]).split()[0]) or "person"
    return {next(id_ for id_ in _ids(first) if id_ not in people): person}


def _ids(first: str) -> Iterator[str]:
    yield first
    yield from (f"{first}-{number}" for number in range(2, 1000))


def _content(path: str) -> bytes:
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as problem:
        raise UsageError(f"--invitation: cannot read {path}: {problem.strerror}") from None
    if len(content) > MOST_BYTES:
        raise UsageError(f"--invitation: {path} is larger than {MOST_BYTES // 1_000_000} MB")
    return content
