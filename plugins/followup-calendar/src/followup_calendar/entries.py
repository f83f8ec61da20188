"""Entries: what a calendar shows of the follow-ups of one opportunity, as plain values.

An entry holds names, words and times. No address and no number of anybody stands in it, unless the words of
a draft say one; drafts can be left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from followup.plain import plain_line, plain_text
from followup.plan import FollowUp, Plan
from followup.state import InterviewState
from followup.wording import day_and_time
from followup_calendar.placing import Slot, slot_for

__all__ = ["Entry", "Gone", "entries_of", "identity", "uid_of"]

_NAMESPACE = UUID("b3a4c0de-6f0e-5d52-9a55-5f0a1c9e7d11")
_WHY = ("guard", "gate", "need", "review", "channel", "event", "window", "rule")
"""The kinds of reasons that are told, in this order."""
_BECAME = frozenset({"event", "gate", "guard", "window"})
_PENDING = frozenset({"due", "scheduled", "held", "blocked", "snoozed"})
_TENTATIVE = frozenset({"held", "blocked"})


@dataclass(frozen=True, slots=True)
class Entry:
    """A follow-up that stands in the calendar; `tentative` while something is in its way."""

    uid: str
    slot: Slot
    summary: str
    description: str
    tentative: bool


@dataclass(frozen=True, slots=True)
class Gone:
    """A follow-up that does not, or no longer, stand in the calendar, and why, in a sentence."""

    uid: str
    why: str


def identity(state: InterviewState) -> tuple[str, ...]:
    """What tells an opportunity from all others: whose it is, the company, and the position."""
    position = state.position
    parts = (state.candidate.name, state.company.name, position.title, position.reference or "")
    return tuple(plain_line(part).casefold() for part in parts)


def uid_of(state: InterviewState, key: str) -> str:
    """The UID of a follow-up: a UUID, the same each time; nothing can be read out of it."""
    return str(uuid5(_NAMESPACE, "\0".join((*identity(state), key))))


def entries_of(
    state: InterviewState, plan: Plan, zone: str, before: Mapping[str, Slot], *, drafts: bool = True
) -> Iterator[Entry | Gone]:
    """Each follow-up of the plan; `zone` is the candidate's, `before` says where each stood, by UID."""
    titles = {followup.key: followup.title for followup in plan.followups}
    clock = ZoneInfo(zone)
    for followup in plan.followups:
        uid = uid_of(state, followup.key)
        slot = None
        if followup.host is None and followup.status in _PENDING:
            slot = slot_for(followup, plan.now, clock, before.get(uid))
        if slot is None:
            yield Gone(uid, _why_gone(followup, titles))
        else:
            yield Entry(
                uid=uid,
                slot=slot,
                summary=_summary(followup, state),
                description=_description(followup, state, zone, titles, drafts=drafts),
                tentative=followup.status in _TENTATIVE,
            )


def _summary(followup: FollowUp, state: InterviewState) -> str:
    title = followup.title or followup.rule
    about = [plain_line(state.company.name)]
    if followup.to is not None and followup.to.id != "self":
        about.insert(0, plain_line(followup.to.name))
    status = f" ({followup.status})" if followup.status in _TENTATIVE else ""
    return f"{plain_line(title)}: {', '.join(about)}{status}"


def _description(
    followup: FollowUp, state: InterviewState, zone: str, titles: Mapping[str, str], *, drafts: bool
) -> str:
    parts = [f"{_way(followup)}{plain_line(state.position.title)} at {plain_line(state.company.name)}."]
    parts += [_window(followup.opens, followup.closes, zone)]
    if followup.needs:
        parts.append(f"It needs: {', '.join(plain_line(need) for need in followup.needs)}.")
    if followup.parts:
        carried = (plain_line(titles.get(key) or key) for key in followup.parts)
        parts.append(f"In the same message: {'; '.join(carried)}.")
    parts.append("\n".join(("Why:", *_reasons(followup))))
    if drafts and followup.draft is not None and followup.status != "held":
        subject = plain_line(followup.draft.subject)
        words = plain_text(followup.draft.body).strip()
        parts.append(f"Subject: {subject}\n\n{words}" if subject else words)
    parts.append(f"Look at the plan again before you act: much may have happened since. Key: {followup.key}")
    return "\n\n".join(part for part in parts if part)


def _way(followup: FollowUp) -> str:
    if followup.to is None or followup.to.id == "self":
        return ""
    channel = f" by {followup.channel}" if followup.channel else ""
    return f"To {plain_line(followup.to.name)}{channel}. "


def _window(opens: datetime | None, closes: datetime | None, zone: str) -> str:
    bounds = []
    if opens is not None:
        bounds.append(f"from {_words(opens, zone)}")
    if closes is not None:
        bounds.append(f"until {_words(closes, zone)}")
    return f"Open {' '.join(bounds)} ({zone})." if bounds else ""


def _words(moment: datetime, zone: str) -> str:
    return day_and_time(moment.astimezone(ZoneInfo(zone)))


def _reasons(followup: FollowUp) -> Sequence[str]:
    told = (reason for kind in _WHY for reason in followup.reasons if reason.kind == kind)
    return [f"- {plain_line(reason.text)}" for reason in told]


def _why_gone(followup: FollowUp, titles: Mapping[str, str]) -> str:
    if followup.host is not None:
        return f"It goes out in another message: {plain_line(titles.get(followup.host) or followup.host)}."
    # The first reasons say why it was proposed; the last of these kinds, what became of it.
    told = [reason.text for reason in followup.reasons if reason.kind in _BECAME]
    became = plain_line(told[-1]) if told else followup.status
    if not became.startswith(followup.status):
        became = f"{followup.status}: {became}"
    return f"{became[:1].upper()}{became[1:]}."
