"""A plan in words: what every way of showing it has to say of a follow-up, before any layout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from followup.plain import marked_text
from followup.plan import telling

if TYPE_CHECKING:
    from followup.cli.times import Clock
    from followup.comparing import Entry
    from followup.plan import FollowUp, Plan
    from followup.simulating import Change

__all__ = [
    "HIDDEN",
    "MAY_HAVE_LEFT",
    "SECTIONS",
    "WAITING",
    "address_line",
    "as_title",
    "change_words",
    "entry_rest",
    "entry_words",
    "place_line",
    "printable",
    "printable_line",
    "quiet_line",
    "riding",
    "riding_reason",
    "shown_with_status",
    "telling",
    "when_line",
]

SECTIONS = {
    "due": "Due",
    "held": "Held",
    "blocked": "Blocked",
    "scheduled": "Scheduled",
    "snoozed": "Snoozed",
    "done": "Done",
    "skipped": "Skipped",
    "missed": "Missed",
    "moot": "Moot",
}
"""The statuses in the order in which they are shown, and their headings."""

HIDDEN = ("done", "skipped", "missed", "moot")
"""The statuses that are only counted, unless all is asked for."""

MAY_HAVE_LEFT = "It may have been sent already: `followup outbox` shows it, and how to settle that."
"""What is said of a follow-up whose message is in doubt, wherever somebody could write it a second time."""

WAITING = "Waiting to ride along"
"""The heading of what is held for good, but for another message that may take it along."""


def riding_reason(followup: FollowUp) -> str:
    """That it goes out only inside another message, where that is so; else nothing."""
    if followup.status != "held":
        return ""
    return next((reason.text for reason in followup.reasons if reason.kind == "join"), "")


def riding(plan: Plan) -> list[tuple[FollowUp, str]]:
    """What goes out only inside another message, each with the words that say so."""
    return [(each, reason) for each in plan.with_status("held") if (reason := riding_reason(each))]


def shown_with_status(plan: Plan, status: str) -> tuple[FollowUp, ...]:
    """What stands in the section of a status: all but what waits to ride along."""
    return tuple(each for each in plan.with_status(status) if not riding_reason(each))


def printable(text: str) -> str:
    """`text` with a mark for each character that steers a terminal, turns the writing or cannot be seen."""
    return marked_text(text).replace("\t", "    ")


def printable_line(text: str) -> str:
    """The same on one line, so that no name looks like lines of ours."""
    return printable(text).replace("\n", " ")


def as_title(followup: FollowUp) -> str:
    """What it is: the rule's title, else its name."""
    title = followup.title or followup.rule.replace("-", " ").capitalize()
    return printable_line(title)


def address_line(followup: FollowUp) -> str:
    """To whom and by what: `→ Dana Whitfield by email`, `→ yourself`."""
    if followup.to is None:
        return "→ nobody yet"
    if followup.channel == "self":
        return "→ yourself"
    name = "yourself" if followup.to.id == "self" else followup.to.name or followup.to.id
    by = f" by {followup.channel}" if followup.channel else ""
    return printable_line(f"→ {name}{by}")


def when_line(followup: FollowUp, clock: Clock) -> str:
    """The time that matters for the status; empty where none does."""
    closes = followup.closes
    before = f"; closes {clock.exact(closes)}" if closes else ""
    match followup.status:
        case "due":
            best = f"; best {clock.both(followup.at)}" if followup.at and followup.at > clock.now else ""
            return (f"now, until {clock.both(closes)}" if closes else "now; no deadline") + best
        case "held":
            if followup.lifts:
                return f"held until {clock.both(followup.lifts)}{before}"
            return "held until something else happens"
        case "snoozed":
            return f"put off until {clock.both(followup.lifts)}" if followup.lifts else "put off"
        case "scheduled":
            start = followup.at or followup.opens
            return f"{clock.both(start)}{before}" if start else ""
        case "blocked":
            opens = followup.opens
            wanted = f"from {clock.both(opens)}" if opens and opens > clock.now else "would be due now"
            return f"{wanted}{before}"
        case "missed":
            return f"its time was over {clock.both(closes)}" if closes else ""
    return ""


def place_line(followup: FollowUp) -> str:
    """Where what decided stands, as `file:line`: the telling reason's place, else the rule's."""
    first = telling(followup.status, followup.reasons)
    places = [reason.at for reason in (first, *followup.reasons) if reason is not None and reason.at]
    return places[0] if places else ""


def quiet_line(plan: Plan, clock: Clock) -> str:
    """What to say when nothing is due: that, and what comes next and when."""
    coming = [
        (moment, followup)
        for followup in plan.with_status("scheduled", "held", "snoozed")
        if (moment := followup.lifts or followup.at or followup.opens) and moment > clock.now
    ]
    if coming:
        moment, followup = min(coming, key=lambda pair: (pair[0], pair[1].key))
        title = as_title(followup)
        return f"Nothing is due. Next: {title} {address_line(followup)}, {clock.both(moment)}."
    if plan.with_status("blocked"):
        return "Nothing is due. What is blocked could go out once what is missing is known."
    if plan.stage == "new" and not plan.followups:
        return (
            "Nothing is due: nothing has happened yet. Put what happens under `events:` in the state, "
            "such as `- {type: interview, at: 2026-11-20T10:00-06:00, with: [dana]}`."
        )
    if plan.next_change:
        return f"Nothing is due. The plan next changes {clock.both(plan.next_change)}."
    stops = (
        reason.text for each in plan.with_status("moot") for reason in each.reasons if reason.kind == "gate"
    )
    shut = next(stops, "")
    because = f": {shut}" if shut else ""
    return f"Nothing is due, and nothing will be unless something happens{because}."


def change_words(change: Change) -> str:
    """What became of a follow-up: `scheduled → due`."""
    if change.before is None:
        return f"new: {change.after}"
    return f"{change.before} → {change.after or 'gone'}"


def entry_words(entry: Entry, clock: Clock) -> str:
    """One thing in a story: `Ask politely for an update → Dana Whitfield by email, 09:00`."""
    return printable_line(entry.title) + entry_rest(entry, clock)


def entry_rest(entry: Entry, clock: Clock) -> str:
    """What stands after its title: to whom, by what, when; or until when it is held, and why."""
    to = f" → {entry.to}" if entry.to and entry.kind not in ("task", "event") else ""
    at = clock.exact(entry.at).rpartition(", ")[2]
    match entry.kind:
        case "sent" | "called":
            rest = f"{to} by {entry.channel}, {at}"
        case "held":
            until = f" until {clock.exact(entry.until)}" if entry.until else ""
            rest = f"{to} held{until}: {entry.why}"
        case "blocked":
            rest = f"{to} blocked: {entry.why}"
        case "stopped":
            # The event that stopped it stands beside it anyway.
            event, _, briefly = entry.why.rpartition(": it is ")
            rest = f"{to}: {briefly if event else entry.why}"
        case "missed":
            rest = f"{to} missed"
        case "task":
            rest = f", {at}"
        case _:
            rest = ""
    return printable_line(rest + (f", with it: {'; '.join(entry.parts)}" if entry.parts else ""))
