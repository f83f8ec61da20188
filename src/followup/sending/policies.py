"""Policies: what a person lets go out without being asked, written by them in one small file.

    format: 1
    send:
      - intents: [thanks]
        channels: [email]
        hours: {after: 08:00, before: 18:00, days: business days}

A message goes out by itself if one permission allows it in all respects. Without the file nothing does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from followup.checking import check_format, checked, first_problems
from followup.documents import Document, read_path
from followup.errors import InputError, Problem, did_you_mean
from followup.history import person_calendar
from followup.plan import FollowUp
from followup.policy_sources import Hours, Permission, PolicySource
from followup.roles import ROLES, has_role
from followup.state import InterviewState

if TYPE_CHECKING:
    from followup.vocabulary import Vocabulary

__all__ = ["Policy", "read_policy"]

_NOTHING = PolicySource(format=1)


class Policy(Struct, frozen=True):
    """A policy that was read, and where each permission stands, as `file:line`."""

    source: PolicySource = _NOTHING
    places: tuple[str, ...] = ()

    @property
    def most_a_day(self) -> int:
        """The most messages that go out by themselves in 24 hours."""
        return self.source.most_a_day

    def allows(
        self, opportunity: str, followup: FollowUp, state: InterviewState, now: datetime | None
    ) -> tuple[str, str]:
        """Where the permission stands that lets a follow-up go out by itself at `now`, and why none does.

        One of the two is empty. Where `now` is None, the hours do not count: so it will go out at some time.
        """
        if not self.source.send:
            return "", "no policy lets anything go out by itself"
        if followup.to is None or followup.to.id == "self":
            return "", "it is a task for yourself"
        refusals = []
        for permission, place in zip(self.source.send, self.places, strict=True):
            refusal = _refusal(permission, opportunity, followup, state, now)
            if not refusal:
                return place, ""
            refusals.append(refusal)
        # A permission that names it is nearest to allowing it.
        nearest = next((each for each in refusals if not each.startswith("it does not name")), refusals[0])
        return "", f"your policy does not let it go out by itself: {nearest}"


def _refusal(
    permission: Permission,
    opportunity: str,
    followup: FollowUp,
    state: InterviewState,
    now: datetime | None,
) -> str:
    """Why a permission does not allow a follow-up at `now`, None being at some time; empty if it does."""
    assert followup.to is not None
    person = state.people.get(followup.to.id)
    named = person is not None and any(role in ROLES and has_role(person, role) for role in permission.to)
    for key, wanted, here in (
        ("intents", permission.intents, followup.intent),
        ("channels", permission.channels, followup.channel),
        ("opportunities", permission.opportunities, opportunity),
        ("people", () if named else permission.to, followup.to.id),
    ):
        if (wanted or key in ("intents", "channels")) and here not in wanted:
            return f"it does not name {here} among its {key}"
    if not permission.warnings and any(finding.severity == "warning" for finding in followup.findings):
        return "a review warns of it"
    if now is not None and not _in_hours(permission.hours, state, followup.to.id, now):
        return "it is not the time of day for it"
    return ""


def _in_hours(hours: Hours, state: InterviewState, person: str, now: datetime) -> bool:
    calendar = person_calendar(state, state.people.get(person))
    local = now.astimezone(calendar.tzinfo)
    in_time = hours.after <= f"{local:%H:%M}" < hours.before
    return in_time and (hours.days == "every day" or calendar.is_business_day(local.date()))


def read_policy(path: Path, vocabulary: Vocabulary) -> Policy:
    """The policy of a file. Raises InputError with every problem."""
    document = read_path(path)
    problems: list[Problem] = []
    check_format(document, problems)
    source = checked(document, (), document.value, PolicySource, problems)
    if source is not None:
        problems += _problems(document, source, vocabulary)
    if source is None or problems:
        raise InputError(first_problems(problems))
    lines = (document.place(("send", number)).line for number in range(len(source.send)))
    places = tuple(f"{path.name}:{line}" for line in lines)
    return Policy(source, places)


def _problems(document: Document, source: PolicySource, vocabulary: Vocabulary) -> Iterator[Problem]:
    for number, permission in enumerate(source.send):
        known = {"intents": vocabulary.intents, "channels": vocabulary.channels}
        for key, names in known.items():
            for index, name in enumerate(getattr(permission, key)):
                if name not in names:
                    place = document.place(("send", number, key, index))
                    word = key.removesuffix("s")
                    yield Problem(
                        f"unknown-{word}", f"there is no {word} `{name}`", place, did_you_mean(name, names)
                    )
        hours = permission.hours
        if hours.after >= hours.before:
            told = f"the hours end before they begin: {hours.after} to {hours.before}"
            place = document.place(("send", number, "hours"))
            yield Problem("policy-hours", told, place, "give `after` the earlier time")
