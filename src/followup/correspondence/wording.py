"""What the words of an answer would add: the answer itself, a refusal or an offer, promised days, times."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta, timezone
from typing import Any

from followup.calendars import Calendar
from followup.correspondence.matching import Match
from followup.correspondence.proposal import Proposal, first_words
from followup.correspondence.standing import interviews_ahead
from followup.evidence import MailFinding, Said, SaidKind, days_in, promises_in, sentences
from followup.naming import free_interview_id
from followup.store.folding import Opportunity

__all__ = ["of_words"]

MOST_TEXT = 20_000
CLOCK = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap]\.?m\b\.?|uhr\b|h\b)|\b(?P<hour2>[01]?\d|2[0-3]):(?P<minute2>[0-5]\d)\b",
    re.IGNORECASE,
)
TOLD: Mapping[SaidKind, str] = {
    "scheduling": "they ask for a time",
    "moving": "they want another time",
    "cancelling": "they call an interview off",
}
LEFT = re.compile(
    r"[^.!?\n]*\b(?:no longer (?:with|work\w*|employed|at|part of)|(?:has|have) left (?:the )?(?:company|\w+\b(?=[.!]))|nicht mehr (?:im|bei|für|in) (?:der |dem |unser\w* )?(?:unternehmen|firma|uns|\w+ tätig)|ausgeschieden)[^.!?\n]*",
    re.IGNORECASE,
)
MACHINE = "a machine wrote it"


def of_words(
    finding: MailFinding, match: Match, opportunity: Opportunity, told: Mapping[str, Any]
) -> Iterator[Proposal]:
    """What an answer would add. Of what a machine wrote nothing is sure."""
    human = finding.kind == "human"
    if finding.kind == "automatic" and match.person and (left := LEFT.search(finding.text)):
        dead = {"type": "bounce", **told, "to": match.person, "address": finding.sender}
        yield Proposal(dead, sure=False, why="they left; mail to them is read by nobody", quote=left[0])
    said = {each.kind: each for each in finding.said}
    mail = dict(told)
    if finding.references:
        mail["references"] = list(finding.references)
    if finding.subject:
        mail["subject"] = finding.subject
    decided = [each for each in (said.get("rejection"), said.get("offer")) if each]
    if human and not any(each.sure for each in decided):
        yield _reply(finding, match, mail, said)
    calendar = _calendar(match, opportunity)
    written = _written(finding.at or datetime.fromisoformat(told["at"]), calendar)
    for each in decided:
        yield _decision(each, finding, match, mail, human=human, written=written, calendar=calendar)
    rejected = "rejection" in said and said["rejection"].sure
    for promised in promises_in(finding.text, written, calendar) if not rejected else ():
        event: dict[str, Any] = {"type": "promise", **mail, "by": promised.day.isoformat()}
        if match.person:
            event["who"] = match.person
        event["words"] = promised.words[:MOST_TEXT]
        doubt = "" if promised.sure else "the day can be read in another way"
        why = "; ".join(filter(None, ("a day is promised", doubt, "" if human else MACHINE)))
        yield Proposal(event, sure=promised.sure and human, why=why, quote=first_words(promised.words))
    if human:
        yield from _times(said, opportunity, told, written, calendar)


def _reply(
    finding: MailFinding, match: Match, mail: Mapping[str, Any], said: Mapping[SaidKind, Said]
) -> Proposal:
    event: dict[str, Any] = {"type": "reply", **mail}
    if match.person:
        event["from"] = match.person
    if finding.text:
        event["text"] = finding.text[:MOST_TEXT]
    asked = next((said[kind] for kind in TOLD if kind in said), None)
    why = "a person answered" + (f": {TOLD[asked.kind]}" if asked else "")
    return Proposal(event, sure=True, why=why, quote=first_words(asked.words if asked else finding.text))


def _decision(
    said: Said, finding: MailFinding, match: Match, mail: Mapping[str, Any], *, human: bool, written: date,
    calendar: Calendar,
) -> Proposal:  # fmt: skip
    event: dict[str, Any] = {"type": said.kind, **mail}
    if match.person:
        event["from"] = match.person
    event["reason" if said.kind == "rejection" else "terms"] = said.words[:MOST_TEXT]
    if said.kind == "offer":
        deadline = _deadline(finding.text, written, calendar)
        if deadline is not None:
            event["deadline"] = deadline.isoformat()
    what = "they say no" if said.kind == "rejection" else "they make an offer"
    doubt = "" if said.sure else "the words leave it open"
    why = "; ".join(filter(None, (what, doubt, "" if human else MACHINE)))
    return Proposal(event, sure=said.sure and human, why=why, quote=first_words(said.words))


ANSWER = re.compile(
    r"\b(?:let (?:us|me) know|your (?:answer|decision|response|reply|acceptance|signature)"
    r"|sign|signed|accept|respond|reply"
    r"|confirm|return"
    r"|expires?|valid|open until|rückmeldung|antwort|zusage|unterschr\w+|gültig|entscheidung)\b",
    re.IGNORECASE,
)  # fmt: skip


def _deadline(text: str, written: date, calendar: Calendar) -> date | None:
    """By when they want an answer to an offer: the one day that a sentence about answering names."""
    days = [
        day.day
        for sentence in sentences(text)
        if ANSWER.search(sentence)
        for day in days_in(sentence, written, calendar)
        if day.sure and day.day >= written
    ]
    return days[0] if len(set(days)) == 1 else None


def _times(
    said: Mapping[SaidKind, Said], opportunity: Opportunity, told: Mapping[str, Any], written: date,
    calendar: Calendar,
) -> Iterator[Proposal]:  # fmt: skip
    """An interview moved, called off or agreed on in words: always asked about."""
    events = opportunity.data.get("events", ())
    ahead = interviews_ahead(events, datetime.fromisoformat(told["at"]))
    if "cancelling" in said and len(ahead) == 1:
        event = {"type": "cancelled", "at": told["at"], "interview": next(iter(ahead))}
        yield Proposal(
            event, sure=False, why="it is called off, as the words say", quote=said["cancelling"].words
        )
    times: tuple[SaidKind, ...] = ("moving", "scheduling")
    for kind in times:
        if kind not in said:
            continue
        moment = _moment(said[kind].words, written, calendar)
        if moment is None:
            continue
        why = f"a time in words, taken on the clocks of {calendar.zone}"
        if kind == "moving" and len(ahead) == 1:
            event = {
                "type": "rescheduled",
                "at": told["at"],
                "interview": next(iter(ahead)),
                "to": moment.isoformat(),
            }
            yield Proposal(event, sure=False, why=why, quote=first_words(said[kind].words))
        elif kind == "scheduling" and moment not in ahead.values():
            event = {"type": "interview", "id": free_interview_id(events), "at": moment.isoformat()}
            yield Proposal(
                event | {"arranged": told["at"]}, sure=False, why=why, quote=first_words(said[kind].words)
            )


def _moment(words: str, written: date, calendar: Calendar) -> datetime | None:
    """The one time that a sentence names, with its day."""
    days = [day.day for day in days_in(words, written, calendar) if day.sure]
    clocks = {_clock(match) for match in CLOCK.finditer(words)}
    if len(set(days)) != 1 or len(clocks) != 1:
        return None
    (hour, minute) = clocks.pop()
    local = calendar.local(calendar.at(days[0], hour, minute))
    return local.replace(tzinfo=timezone(local.utcoffset() or timedelta(0)))


def _clock(match: re.Match[str]) -> tuple[int, int]:
    hour, minute = int(match["hour"] or match["hour2"]), int(match["minute"] or match["minute2"] or 0)
    half = (match["half"] or "").lower()[:1]
    if half == "p" and hour < 12:
        hour += 12
    return (0 if half == "a" and hour == 12 else hour), minute


def _calendar(match: Match, opportunity: Opportunity) -> Calendar:
    """The calendar of who wrote: their zone, else the company's, else yours."""
    data = opportunity.data
    person = data.get("people", {}).get(match.person or "", {})
    zone = (
        person.get("timezone")
        or data["company"].get("timezone")
        or data["candidate"].get("timezone")
        or "UTC"
    )
    return Calendar(zone, data["company"].get("country"), data["company"].get("region"))


def _written(at: datetime, calendar: Calendar) -> date:
    """The day on which it was written, where it was: by its own offset, or where that is UTC, by theirs."""
    return (at if at.utcoffset() else at.astimezone(calendar.tzinfo)).date()
