"""Mails that were read, drawn for people and as data for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from followup.cli.drawing import beside, draw, text
from followup.cli.plan_changes import change_data, change_line
from followup.cli.wording import printable

if TYPE_CHECKING:
    from rich.console import RenderableType

    from followup.cli.reading_mail import Considered, Read
    from followup.cli.times import Clock
    from followup.errors import Problem
    from followup.evidence import Invitation, MailFinding
    from followup.store import Change as Written
    from followup.store.folding import Opportunity

__all__ = ["as_data", "draw_considered", "draw_read", "summary"]

KINDS = {
    "human": "An answer",
    "automatic": "An automatic answer",
    "out-of-office": "Out of office",
    "bounce": "A bounce",
    "delay": "A delay: the mail server goes on trying",
    "complaint": "A complaint",
    "calendar": "A calendar entry",
    "bulk": "A newsletter or list",
}
INVITATIONS = {
    "invitation": "An invitation",
    "update": "An update of an invitation",
    "cancellation": "A cancelled invitation",
    "counter": "Another time proposed",
    "answer": "An answer to an invitation",
    "published": "A calendar entry",
    "other": "A calendar entry",
}
MARKS = {"bounce": ("▲", "red"), "complaint": ("▲", "red"), "delay": ("◌", "yellow"), "human": ("●", "green")}
LEFT_OUT = (
    "type",
    "message_id",
    "references",
    "subject",
    "text",
    "uid",
    "sequence",
    "stamped",
    "arranged",
    "words",
    "reason",
    "terms",
)


def draw_read(read: Read, kept: Mapping[str, Opportunity], clock: Clock) -> None:
    """What the mail is and what it may be about."""
    finding = read.letter.finding
    what = next((INVITATIONS[each.kind] for each in finding.invitations), KINDS[finding.kind])
    organizer = next((each.organizer for each in finding.invitations if each.organizer), None)
    by = organizer.name or organizer.address if organizer and not finding.sender else ""
    first = f"{what} from {finding.sender_name or finding.sender or by or 'nobody named'}"
    when = clock.exact(finding.at) if finding.at else "without a date"
    lines = [
        text(first, "bold"),
        text(f"“{finding.subject}”, {when} · {read.letter.place}", "dim"),
    ]
    if finding.kind != "human":
        lines.append(text(f"known by: {finding.why}", "dim"))
    for match in read.matches if read.chosen is None else (read.chosen,):
        title = _title(kept[match.opportunity])
        doubt = "" if match.sure else "perhaps "
        lines.append(text(f"{doubt}about {match.opportunity} ({title}): {match.why}"))
    if read.chosen is not None and finding.kind == "out-of-office" and finding.absent is None:
        lines.append(text("no day is named that can be read; when they are back: followup log"))
    for each in finding.invitations:
        lines += [text(line, "yellow") for line in invitation_lines(each)]
    draw([_block(MARKS.get(finding.kind, ("·", "dim")), lines)])


def draw_considered(considered: Considered, clock: Clock) -> None:
    """What it would add, with the words that speak for it, and what that changes in the plan."""
    proposal = considered.proposal
    lines = [text(event_line(proposal.event, clock), "" if proposal.sure else "yellow")]
    if proposal.quote:
        lines.append(text(f"“{proposal.quote}”", "italic"))
    lines.append(text(proposal.why if proposal.sure else f"not sure: {proposal.why}", "dim"))
    lines += [text(change_line(change, clock), "cyan") for change in considered.changes]
    draw([_block(("+", "green") if proposal.sure else ("?", "yellow"), lines, indent=2)])


def invitation_lines(invitation: Invitation) -> Iterator[str]:
    """What somebody has to do about an entry that adds nothing by itself."""
    if invitation.kind in ("answer", "other"):
        return
    if invitation.day is not None and invitation.start is None:
        yield f"it is about the whole day {invitation.day}; an interview needs its hour: followup log"
    elif invitation.start is None:
        yield "; ".join(invitation.doubts) or "it has no time that can be read"


def _block(mark: tuple[str, str], lines: Sequence[RenderableType], indent: int = 0) -> RenderableType:
    from rich.console import Group
    from rich.padding import Padding

    return Padding(beside(*mark, Group(*lines)), (0, 0, 0, indent))


def event_line(event: Mapping[str, Any], clock: Clock) -> str:
    """`bounce, Fri 27 Nov, 10:12, to dana, address dana@initech.example`."""
    rest = [f"{key} {_shown(key, value, clock)}" for key, value in event.items() if key not in LEFT_OUT]
    return printable(", ".join([str(event["type"]).replace("_", " "), *rest]))


def _shown(key: str, value: Any, clock: Clock) -> str:
    from datetime import date, datetime

    if isinstance(value, list):
        return " and ".join(map(str, value))
    if isinstance(value, str) and key in ("at", "by", "until", "to", "deadline"):
        try:
            return (
                clock.day(date.fromisoformat(value))
                if len(value) == 10
                else clock.exact(datetime.fromisoformat(value))
            )
        except ValueError:
            return value
    return str(value)


def _title(opportunity: Opportunity) -> str:
    return f"{opportunity.data['position']['title']} at {opportunity.data['company']['name']}"


def summary(found: Sequence[Read], written: Written | None) -> Iterator[str]:
    """How many mails there were, and what became of them."""
    count = Counter(_outcome(read) for read in found)
    yield f"{_mails(len(found))} read: " + (
        ", ".join(f"{number} {what}" for what, number in count.items()) if found else "nothing to say"
    )
    if written is not None:
        count_written = len(written.entries)
        yield f"added: {count_written} {'event' if count_written == 1 else 'events'}"


def _outcome(read: Read) -> str:
    if read.own:
        return "of your own"
    if not read.matches:
        return "about nothing in your store"
    if read.chosen is None:
        return "not sure what they are about"
    if read.considered and all(each.proposal.known for each in read.considered):
        return "read before"
    if any(each.agreed for each in read.considered):
        return "with something to add"
    return "with nothing sure to add"


def _mails(count: int) -> str:
    return "1 mail" if count == 1 else f"{count} mails"


def as_data(found: Sequence[Read], written: Written | None, problems: Sequence[Problem]) -> dict[str, Any]:
    """All that was read and proposed, for programs."""
    added = [entry.data for entry in written.entries] if written else []
    return {
        "mails": [_mail(read, written is not None) for read in found],
        "problems": [str(problem) for problem in problems],
        "change": written.number if written else None,
        "added": added,
        "undo": "followup undo" if written else None,
    }


def _mail(read: Read, is_written: bool) -> dict[str, Any]:
    finding: MailFinding = read.letter.finding
    return {
        "place": read.letter.place,
        "kind": finding.kind,
        "why": finding.why,
        "message_id": finding.message_id or None,
        "sender": finding.sender or None,
        "subject": finding.subject,
        "at": finding.at,
        "bounced": finding.bounced,
        "absent": finding.absent,
        "invitations": finding.invitations,
        "said": finding.said,
        "promised": finding.promised,
        "own": read.own,
        "opportunity": read.chosen.opportunity if read.chosen else None,
        "matches": [
            {"opportunity": m.opportunity, "person": m.person, "sure": m.sure, "why": m.why}
            for m in read.matches
        ],
        "proposals": [
            {
                "event": each.proposal.event,
                "sure": each.proposal.sure,
                "known": each.proposal.known,
                "why": each.proposal.why,
                "quote": each.proposal.quote,
                "added": each.agreed and is_written,
                "changes": [change_data(change) for change in each.changes],
            }
            for each in read.considered
        ],
    }
