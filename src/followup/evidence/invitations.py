"""Calendar entries (RFC 5545, 5546): invitations, their updates and cancellations, answers to them.

icalendar takes the lines apart; zones are resolved in `zones`, never by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from followup.errors import UsageError
from followup.evidence.dates import is_date_of_mail
from followup.evidence.zones import Definition, definitions, in_zone

if TYPE_CHECKING:
    from icalendar import Component as Entry

__all__ = ["Attendee", "Invitation", "InvitationKind", "is_calendar", "read_invitations"]

InvitationKind = Literal["invitation", "update", "cancellation", "counter", "answer", "published", "other"]

LARGEST = 5_000_000
MOST_ENTRIES = 500
MOST_LINES = 50_000
MOST_ATTENDEES = 5_000
DEEPEST = 10
MOST_TEXT = 5_000
LONGEST = timedelta(days=366)
FOLD = re.compile(r"\r?\n[ \t]")
ZONED = re.compile(
    r"^([A-Z-]+)((?:;[^:;]*)*?);TZID=(.*?)((?:;[A-Z-]+=[^:;]*)*):(\d{8}(?:T\d{6}Z?)?)\s*$", re.IGNORECASE
)
LINK = re.compile(r"https?://[^\s<>\"'\]\)\\]+", re.IGNORECASE)
VIDEO = re.compile(
    r"https?://[\w.-]*(?:zoom\.us|zoomgov\.com|teams\.microsoft\.com|teams\.live\.com|meet\.google\.com|webex\.com"
    r"|whereby\.com|gotomeeting\.com|gotomeet\.me|meet\.goto\.com|bluejeans\.com|chime\.aws|around\.co"
    r"|meet\.jit\.si|join\.skype\.com|bigbluebutton|coderpad\.io|livestorm\.co)[^\s<>\"'\]\)\\]*",
    re.IGNORECASE,
)
PHONE = re.compile(r"^\s*(?:tel:|phone|telefon|call)|^\+?[\d\s()./-]{7,}$", re.IGNORECASE)
LINK_FIELDS = (
    "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL", "X-MICROSOFT-ONLINEMEETINGEXTERNALLINK",
    "CONFERENCE", "URL",
)  # fmt: skip
KINDS: Mapping[str, InvitationKind] = {
    "REQUEST": "invitation", "CANCEL": "cancellation", "COUNTER": "counter", "REPLY": "answer",
    "PUBLISH": "published", "": "published",
}  # fmt: skip


class Attendee(msgspec.Struct, frozen=True):
    """Somebody who is invited. `status` is `accepted`, `declined`, `tentative`, `needs-action` or empty."""

    address: str
    name: str = ""
    status: str = ""


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """One calendar entry.

    `start` is unset for an entry of a whole `day`, and where nothing says in which zone its time is.
    `zone` is as it is written; a `floating` time has none, and is taken in the zone of who reads it.
    `uid` also names the occurrence where it is one of a series. `repeats` is the rule of a series, of which
    `start` is the first. `doubts` say what should be looked at.
    """

    kind: InvitationKind
    method: str
    uid: str
    sequence: int = 0
    stamped: datetime | None = None
    summary: str = ""
    start: datetime | None = None
    end: datetime | None = None
    day: date | None = None
    zone: str = ""
    floating: bool = False
    repeats: str = ""
    organizer: Attendee | None = None
    attendees: tuple[Attendee, ...] = ()
    location: str = ""
    link: str = ""
    text: str = ""
    doubts: tuple[str, ...] = ()

    @property
    def minutes(self) -> int | None:
        """Its length, where it has one."""
        if self.start is None or self.end is None or self.end <= self.start:
            return None
        return max(1, round((self.end - self.start).total_seconds() / 60))

    @property
    def medium(self) -> str | None:
        """`video`, `phone` or `onsite`, as far as place and link say so."""
        if self.link:
            return "video"
        if PHONE.search(self.location):
            return "phone"
        return "onsite" if self.location else None


def is_calendar(content: bytes) -> bool:
    """Whether bytes are a calendar file."""
    return content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper() == b"BEGIN:VCALENDAR"


def read_invitations(text: str, method: str = "", zone: str | None = None) -> tuple[Invitation, ...]:
    """The entries of a calendar file; `method` is what the mail says, where the file does not.

    Floating times are taken in `zone`, an IANA name. Raises ValueError with why it cannot be read, and
    UsageError without icalendar.
    """
    try:
        from icalendar import Calendar
    except ImportError:
        raise UsageError(
            "calendar entries need icalendar; install it: pip install 'followup[read]'"
        ) from None
    lines, zones = _without_zones(text)
    defined = definitions(zones)
    found: list[Invitation] = []
    for calendar in Calendar.from_ical("\r\n".join(lines) + "\r\n", multiple=True):
        said = str(calendar.get("METHOD", "") or method).strip().upper()
        own_zone = str(calendar.get("X-WR-TIMEZONE", "") or "")
        for entry in calendar.walk("VEVENT"):
            found.append(_invitation(entry, said, defined, own_zone, zone))
    return tuple(found)


def _without_zones(text: str) -> tuple[list[str], list[list[str]]]:
    """The unfolded lines without VTIMEZONE and VALARM, and the lines of each VTIMEZONE."""
    if len(text) > LARGEST:
        raise ValueError(f"it is longer than {LARGEST:,} characters")
    kept: list[str] = []
    zones: list[list[str]] = []
    inside: list[str] = []
    attendees = 0
    lines = FOLD.sub("", text.removeprefix("\ufeff")).splitlines()
    if len(lines) > MOST_LINES:
        raise ValueError(f"it has more than {MOST_LINES:,} lines")
    if sum(line.strip().upper() == "BEGIN:VEVENT" for line in lines) > MOST_ENTRIES:
        raise ValueError(f"it has more than {MOST_ENTRIES} entries")
    for line in lines:
        key, _, value = line.partition(":")
        if key[:8].upper() == "ATTENDEE":
            attendees += 1
            if attendees > MOST_ATTENDEES:
                continue
        name = value.strip().upper()
        if key.strip().upper() == "BEGIN":
            inside.append(name)
            if len(inside) > DEEPEST:
                raise ValueError(f"its parts lie more than {DEEPEST} deep in each other")
            if name == "VTIMEZONE":
                zones.append([])
        if "VTIMEZONE" in inside:
            zones[-1].append(line.strip())
        elif "VALARM" not in inside and line.strip():
            kept.append(_with_our_zone(line))
        if key.strip().upper() == "END" and inside:
            inside.pop()
    # A file that was cut off is read as far as it goes.
    for name in reversed(inside):
        if name not in ("VTIMEZONE", "STANDARD", "DAYLIGHT", "VALARM"):
            kept.append(f"END:{name}")
    return kept, zones


def _with_our_zone(line: str) -> str:
    """The line with its TZID under a name that icalendar leaves alone."""
    match = ZONED.match(line[:2_000])
    if match is None:
        return line
    name, before, zone, after, time = match.groups()
    plain = zone.replace('"', "")
    return f'{name}{before};X-TZID="{plain}"{after}:{time}'


def _invitation(
    entry: Entry, method: str, defined: Mapping[str, Definition], own_zone: str, zone: str | None
) -> Invitation:
    time = _Times(defined, own_zone, zone)
    start, end = time.read(entry, "DTSTART"), time.read(entry, "DTEND")
    length = _value(entry, "DURATION")
    if end is None and start is not None and isinstance(length, timedelta) and abs(length) < LONGEST:
        end = start + length
    kind = KINDS.get(method, "other")
    sequence = _number(entry.get("SEQUENCE"))
    if str(entry.get("STATUS", "")).strip().upper() == "CANCELLED" and kind in ("invitation", "published"):
        kind = "cancellation"
    elif kind == "invitation" and sequence > 0:
        kind = "update"
    occurrence = _value(entry, "RECURRENCE-ID")
    uid = _text(entry, "UID", 500)
    location, text = _text(entry, "LOCATION", 500), _text(entry, "DESCRIPTION", MOST_TEXT)
    return Invitation(
        kind=kind,
        method=method,
        uid=f"{uid};{occurrence.isoformat()}" if isinstance(occurrence, date) else uid,
        sequence=sequence,
        stamped=_stamp(entry),
        summary=_text(entry, "SUMMARY", 500),
        start=start,
        end=end,
        day=time.day,
        zone=time.zone,
        floating=time.floating,
        repeats=_repeats(entry),
        organizer=next(iter(_attendees(entry.get("ORGANIZER"))), None),
        attendees=tuple(_attendees(entry.get("ATTENDEE")))[:200],
        location=location,
        link=_link(entry, location, text),
        text=text,
        doubts=tuple(time.doubts),
    )


class _Times:
    """Reads an entry's times; keeps what is said of the first: its zone, whether it floats, its day."""

    def __init__(self, defined: Mapping[str, Definition], own_zone: str, zone: str | None) -> None:
        self.defined, self.own_zone, self.reader_zone = defined, own_zone, zone
        self.day: date | None = None
        self.zone = ""
        self.floating = False
        self.doubts: list[str] = []

    def read(self, entry: Entry, field: str) -> datetime | None:
        value, of_end = _value(entry, field), field == "DTEND"
        if isinstance(value, date) and not isinstance(value, datetime):
            self.day = self.day if of_end else value
            return None
        if not isinstance(value, datetime):
            return None
        name = str(entry.get(field).params.get("X-TZID", "") or "").strip()
        if not name and value.tzinfo is not None:
            self.zone = self.zone or "UTC"
            return value.astimezone(UTC)
        wall = value.replace(tzinfo=None)
        floating = not name
        name = name or self.own_zone or self.reader_zone or ""
        moment, doubt = in_zone(wall, name, self.defined) if name else (None, "")
        if not of_end:
            self.floating = floating and not self.own_zone
            self.zone = name if not self.floating else ""
            if self.floating:
                doubt = f"its time has no zone; taken in {name}" if moment else "its time has no zone"
            elif moment is None:
                doubt = f"nothing says what the time zone {name!r} is"
            if doubt:
                self.doubts.append(doubt)
        return moment


def _value(entry: Entry, name: str) -> Any:
    """The day, time or length of a field; None where there is none that can be read."""
    try:
        value = getattr(entry.get(name), "dt", None)
    except (ValueError, TypeError, AttributeError):
        return None
    return None if isinstance(value, date) and not is_date_of_mail(value) else value


def _text(entry: Entry, name: str, most: int) -> str:
    value = entry.get(name)
    value = value[0] if isinstance(value, list) and value else value
    return "" if value is None else str(value).strip()[:most]


def _number(value: Any) -> int:
    try:
        return min(max(int(value), 0), 2**31)
    except (TypeError, ValueError):
        return 0


def _stamp(entry: Entry) -> datetime | None:
    for name in ("DTSTAMP", "LAST-MODIFIED"):
        value = _value(entry, name)
        if isinstance(value, datetime):
            return value if value.tzinfo else value.replace(tzinfo=UTC)
    return None


def _repeats(entry: Entry) -> str:
    rule = entry.get("RRULE")
    if rule is None:
        return ""
    rule = rule[0] if isinstance(rule, list) and rule else rule
    return (
        str(rule.to_ical().decode("utf-8", "replace"))[:200] if hasattr(rule, "to_ical") else str(rule)[:200]
    )


def _attendees(value: Any) -> Iterator[Attendee]:
    for each in value if isinstance(value, list) else [value]:
        if each is None:
            continue
        address = re.sub(r"^mailto:", "", str(each).strip(), flags=re.IGNORECASE)
        params = getattr(each, "params", {})
        name = str(params.get("CN", "") or "").strip().strip('"')
        if "@" in address or name:
            yield Attendee(address if "@" in address else "", name, str(params.get("PARTSTAT", "")).lower())


def _link(entry: Entry, location: str, text: str) -> str:
    for name in LINK_FIELDS:
        match = LINK.search(_text(entry, name, 2_000))
        if match and (name != "URL" or VIDEO.match(match[0])):
            return match[0]
    for words, pattern in ((location, LINK), (text, VIDEO)):
        match = pattern.search(words)
        if match:
            return match[0].rstrip(".,;")
    return ""
