"""What happened, in words that a person would type, as an event of a state.

    interview next Tuesday 10:00 with dana and lee
    reply from hr yesterday 15:00 saying We need another week
    promise from hr by Friday
    call to dana, voicemail

The first word says what it was. `with`, `from`, `to`, `by`, `until` begin a part, `saying` begins the text,
and what is left over is the time; without one it is now.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from followup.errors import UsageError, did_you_mean
from followup.naming import free_interview_id

if TYPE_CHECKING:
    from followup.calendars import Calendar

__all__ = ["KINDS", "Reading", "person_meant", "read_words"]


@dataclass(frozen=True, slots=True)
class _Kind:
    """An event type: the field of each part, the words that are values, the parts that it needs."""

    type: str
    parts: Mapping[str, str]
    values: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


_MEDIA = dict.fromkeys(("video", "onsite", "phone"), "medium")
_OUTCOMES = {"spoke": "outcome", "voicemail": "outcome"}
_SENT = _Kind(
    "sent", {"to": "to", "saying": "text"}, dict.fromkeys(("email", "linkedin", "phone"), "channel"), ("to",)
)
_CALL = _Kind("called", {"to": "to", "with": "to"}, _OUTCOMES, ("to",))
KINDS: Mapping[str, _Kind] = {
    "interview": _Kind("interview", {"with": "with"}, _MEDIA),
    "reply": _Kind("reply", {"from": "from", "saying": "text"}),
    "promise": _Kind("promise", {"by": "by", "from": "who", "saying": "words"}, needs=("by",)),
    "offer": _Kind("offer", {"from": "from", "by": "deadline", "saying": "terms"}),
    "call": _CALL,
    "called": _CALL,
    "sent": _SENT,
    "rejection": _Kind("rejection", {"from": "from", "saying": "reason"}),
    "withdrawal": _Kind("withdrawal", {"saying": "reason"}),
    "accepted": _Kind("accepted", {"saying": "reason"}, {"elsewhere": "elsewhere"}),
    "declined": _Kind("declined", {"saying": "reason"}),
    "absence": _Kind("absence", {"from": "who", "until": "until"}, needs=("from", "until")),
    "bounce": _Kind("bounce", {"to": "to"}, needs=("to",)),
    "no-contact": _Kind("no_contact", {"from": "who"}),
    "rescheduled": _Kind("rescheduled", {"to": "to"}, needs=("to",)),
    "cancelled": _Kind("cancelled", {}),
    "news": _Kind("news", {"from": "who", "saying": "about"}, needs=("saying",)),
    "note": _Kind("note", {"saying": "text"}, needs=("saying",)),
}
_PARTS = ("with", "from", "to", "by", "until", "saying")
_PEOPLE = ("with", "from", "to", "who")
_TIMES = ("by", "deadline", "until")


@dataclass(frozen=True, slots=True)
class Reading:
    """The event as in a state, and how each time in words was read."""

    event: dict[str, Any]
    readings: tuple[str, ...]


def read_words(
    words: Sequence[str], people: Mapping[str, Any], known: Sequence[Mapping[str, Any]], now: datetime,
    calendar: Calendar,
) -> Reading:  # fmt: skip
    """The event that the words tell. `known` are the events before it. Raises UsageError."""
    from followup.cli.spoken_times import read_spoken
    from followup.cli.times import with_offset

    said = " ".join(words).split()
    name = said[0].casefold() if said else ""
    kind = KINDS.get(name)
    if kind is None:
        raise UsageError(f"`{name}` is nothing that can be logged; {did_you_mean(name, KINDS)}")
    rest = said[1:]
    if tuple(kind.parts) == kind.needs == ("saying",) and rest and "saying" not in map(str.casefold, rest):
        rest = ["saying", *rest]
    parts, values, when = _split(rest, kind, name)
    missing = [part for part in kind.needs if part not in parts]
    if missing:
        raise UsageError(f"`{name}` needs `{missing[0]} …`; see `followup log --help`")
    event: dict[str, Any] = {"type": kind.type}
    readings: list[str] = []
    moves = kind.type in ("rescheduled", "cancelled")
    if moves:
        event["interview"], when = _interview(when, known, now), ""
    future = name == "interview"
    if when:
        try:
            time = read_spoken(when, now, calendar, "future" if future else "past")
        except UsageError as problem:
            raise UsageError(f"{problem}{_where_words_go(kind)}") from None
        if time.day_only and future:
            raise UsageError(f"`{when}` has no hour: {time.full}; add one, such as `10:00`")
        at, told = time.moment, time.full
        if time.day_only:
            today = time.moment.date() == now.astimezone(calendar.tzinfo).date()
            noon = with_offset(calendar.local(calendar.at(time.moment.date(), 12, 0, 0, 0)))
            at, told = (now, f"{told}, now") if today else (noon, f"{told}, taken as 12:00")
        event["at"] = at.isoformat()
        if not time.exact or time.day_only:
            readings.append(f"{when}: {told}")
    elif future:
        raise UsageError("an interview needs its time, such as `interview next Tuesday 10:00`")
    else:
        event["at"] = now.isoformat()
    if future:
        event["id"] = free_interview_id(known)
    event |= {name: True if name == "elsewhere" else value for name, value in values.items()}
    for part, text in parts.items():
        key = kind.parts[part]
        if key == "to" and moves:
            time = read_spoken(text, now, calendar, "future")
            if time.day_only:
                raise UsageError(f"`{text}` has no hour: {time.full}; add one, such as `10:00`")
            event["to"] = time.text
            if not time.exact:
                readings.append(f"{event['interview']} to {text}: {time.full}")
        elif key in _TIMES:
            time = read_spoken(text, now, calendar, "future")
            event[key] = time.text
            if not time.exact:
                readings.append(f"{part} {text}: {time.full}")
        elif key == "with":
            event[key] = [person_meant(each, people) for each in re.split(r"\s+and\s+|\s*,\s*", text) if each]
        elif key in _PEOPLE:
            event[key] = person_meant(text, people)
        else:
            event[key] = text
    return Reading(event, tuple(readings))


def _where_words_go(kind: _Kind) -> str:
    if "saying" in kind.parts:
        return "; what was said goes after `saying`"
    return "; what else there is to say goes into a `note`"


def _split(said: Sequence[str], kind: _Kind, name: str) -> tuple[dict[str, str], dict[str, str], str]:
    """The parts by their words, the values by their fields, and the words of the time."""
    gathered: dict[str, list[str]] = {}
    values: dict[str, str] = {}
    current = ""
    people = () if kind.type == "rescheduled" else ("from", "to")
    for word in said:
        plain = word.casefold()
        if current == "saying":
            gathered[current].append(word)
        elif plain in _PARTS:
            if plain not in kind.parts:
                allowed = ", ".join(f"`{part}`" for part in kind.parts)
                told = f"`{name}` has no part `{plain}`; it can have {allowed}"
                raise UsageError(told + _where_words_go(kind))
            if plain in gathered:
                raise UsageError(f"`{plain}` stands twice; keep one of the two")
            current, gathered[plain] = plain, []
        elif plain.strip(",") in kind.values:
            values[kind.values[plain.strip(",")]] = plain.strip(",")
            current = ""
        elif current in people and gathered[current] and not _is_name(word):
            current = ""
            gathered.setdefault("", []).append(word)
        else:
            gathered.setdefault(current, []).append(word)
    when = " ".join(gathered.pop("", ()))
    for part, found in gathered.items():
        if not found:
            raise UsageError(f"`{part}` is followed by nothing")
    return {part: " ".join(found).rstrip(",") for part, found in gathered.items()}, values, when


_TIME_WORDS = re.compile(
    r"(\d.*|on|at|now|today|yesterday|tomorrow|last|next|in|(mon|tues?|wed|thu|fri|sat|sun)\w*"
    r"|(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
    r"|heute|(vor)?gestern|(über)?morgen|am|um|letzten|nächsten|(diens|donners|frei|sams)tag|mittwoch|sonntag),?",
    re.IGNORECASE,
)


def _is_name(word: str) -> bool:
    return _TIME_WORDS.fullmatch(word) is None


def person_meant(text: str, people: Mapping[str, Any]) -> str:
    """The id of the person whose id, name or part of a name that is. Raises UsageError."""
    if text in people:
        return text
    wanted = text.casefold()
    names = {id_: str(person.get("name") or "").casefold() for id_, person in people.items()}
    found = [id_ for id_, name in names.items() if wanted == name or wanted in name.split()]
    found = found or [
        id_ for id_, person in people.items() if wanted == str(person.get("role") or "").casefold()
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise UsageError(f"`{text}` may be {' or '.join(found)}; give the id")
    known = ", ".join(people) or "nobody"
    raise UsageError(f"nobody here is `{text}`; known are: {known}")


def _interview(named: str, known: Sequence[Mapping[str, Any]], now: datetime) -> str:
    """The interview of that id; without one the only one ahead, else the only one. Raises UsageError."""
    interviews = (each for each in known if each["type"] == "interview")
    times = {str(each["id"]): each["at"] for each in interviews if "id" in each}
    times |= {str(each["interview"]): each["to"] for each in known if each["type"] == "rescheduled"}
    off = {each.get("interview") for each in known if each["type"] == "cancelled"}
    standing = [id_ for id_ in times if id_ not in off]
    if named in standing:
        return named
    if named:
        raise UsageError(f"`{named}` is no interview; known are: {', '.join(standing) or 'none'}")
    ahead = [id_ for id_ in standing if datetime.fromisoformat(times[id_]) > now]
    found = ahead or standing
    if len(found) != 1:
        which = f"which one? Name it: {', '.join(found)}" if found else "there is none"
        raise UsageError(f"`log` does not know which interview is meant; {which}")
    return found[0]
