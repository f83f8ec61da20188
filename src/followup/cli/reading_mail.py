"""Mails read one after the other: what each is about, what it would add, and what that changes in the plan.

What is agreed to counts for the mails after it: an invitation first, then its cancellation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec

from followup.cli.mail_files import Mail
from followup.cli.plan_changes import PlanChange, changes
from followup.correspondence import Match, Proposal, is_own, matches, proposals, with_event
from followup.errors import Place, Problem, StateError
from followup.evidence import MailFinding, judged, read_mail

if TYPE_CHECKING:
    from followup.engine import Engine
    from followup.plan import Plan
    from followup.store.folding import Opportunity

__all__ = ["Considered", "Letter", "Read", "Reader", "letters"]


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail with what it is."""

    place: str
    finding: MailFinding


@dataclass(slots=True)
class Considered:
    """A proposal, what it changes in the plan, and whether it was agreed to."""

    proposal: Proposal
    changes: tuple[PlanChange, ...] = ()
    fits: bool = True
    agreed: bool = False


@dataclass(slots=True)
class Read:
    """A mail that was considered: what it may be about, and what it proposes for that which was chosen."""

    letter: Letter
    matches: tuple[Match, ...] = ()
    chosen: Match | None = None
    considered: list[Considered] = field(default_factory=list)
    own: bool = False


def letters(
    found: Iterable[Mail | Problem], tell: Callable[[Problem], None], zone: str | None = None
) -> list[Letter]:
    """What the mails are, in order of their dates; what cannot be read is told.

    Of a calendar file each entry is a letter. Floating times are taken in `zone`.
    """
    made = []
    for each in found:
        if isinstance(each, Problem):
            tell(each)
            continue
        finding = read_mail(each.content, zone, words=False)
        if finding.kind == "unreadable":
            tell(Problem("mail-unreadable", f"it cannot be read as a mail: {finding.why}", Place(each.place)))
        elif len(finding.invitations) > 1:
            for number, entry in enumerate(finding.invitations, start=1):
                at = finding.at if finding.sender else entry.stamped
                one = msgspec.structs.replace(finding, at=at, subject=entry.summary, invitations=(entry,))
                made.append(Letter(f"{each.place}, entry {number}", one))
        else:
            made.append(Letter(each.place, finding))
    latest = datetime.max.replace(tzinfo=UTC)
    return sorted(made, key=lambda letter: (letter.finding.at or latest, _sequence(letter.finding)))


def _sequence(finding: MailFinding) -> int:
    return max((each.sequence for each in finding.invitations), default=0)


class Reader:
    """Considers mails for the opportunities of a store, as they would stand with what was agreed to."""

    def __init__(
        self, engine: Engine, kept: Mapping[str, Opportunity], now: datetime, only: str | None = None
    ) -> None:
        self.engine = engine
        self.kept = dict(kept)
        self.now = now
        self.only = only
        self.agreed: list[tuple[str, Mapping[str, Any]]] = []
        self._plans: dict[str, Plan] = {}

    def read(self, letter: Letter) -> Read:
        """What the mail may be about; it is `chosen` where that is sure."""
        finding = letter.finding
        if is_own(finding, self.kept.values()):
            return Read(letter, own=True)
        found = matches(finding, self.kept)
        if self.only is not None:
            here = matches(finding, {self.only: self.kept[self.only]})
            person = here[0].person if here else None
            found = (Match(self.only, person, sure=True, why="you said so"),)
        if found:
            letter = Letter(letter.place, judged(finding))
        return Read(letter, found, found[0] if len(found) == 1 else None)

    def consider(self, read: Read) -> Iterator[Considered]:
        """Each proposal in turn; the next one counts with those that were agreed to before it."""
        assert read.chosen is not None
        name = read.chosen.opportunity
        for proposal in proposals(read.letter.finding, read.chosen, self.kept[name], self.now):
            considered = Considered(proposal)
            read.considered.append(considered)
            if proposal.known:
                continue
            try:
                after = with_event(self.kept[name], proposal.event, self.engine.vocabulary)
            except StateError as error:
                why = f"{proposal.why}; it does not fit: {error.problems[0].text}"
                considered.proposal, considered.fits = replace(proposal, sure=False, why=why), False
                yield considered
                continue
            before_plan = self._plan(self.kept[name])
            after_plan = self.engine.plan(after.state(self.engine.vocabulary), self.now, drafts=False)
            considered.changes = tuple(changes(before_plan, after_plan))
            yield considered
            if considered.agreed:
                self.kept[name], self._plans[name] = after, after_plan
                self.agreed.append((name, proposal.event))

    def _plan(self, opportunity: Opportunity) -> Plan:
        found = self._plans.get(opportunity.name)
        if found is None:
            state = opportunity.state(self.engine.vocabulary)
            found = self._plans[opportunity.name] = self.engine.plan(state, self.now, drafts=False)
        return found
