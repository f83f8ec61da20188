"""The time zones of calendar entries: IANA names, those of Windows, and zones that a file defines itself.

icalendar keeps a VTIMEZONE by its name for the whole process, so that a second file with the same name would
get the first one's hours. It never sees one here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from followup.calendars import Calendar, check_zone

__all__ = ["Definition", "definitions", "in_zone"]

MOST_OBSERVANCES = 30
RULE_PARTS = frozenset(
    (
        "FREQ",
        "BYMONTH",
        "BYDAY",
        "BYMONTHDAY",
        "BYHOUR",
        "BYMINUTE",
        "BYSECOND",
        "UNTIL",
        "INTERVAL",
        "COUNT",
        "WKST",
    )
)
OFFSET = re.compile(r"([+-])(\d{2}):?(\d{2})(?::?\d{2})?$")
IN_NAME = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z_]+(?:/[A-Za-z_]+)?$")
"""`/mozilla.org/20050126_1/Europe/Berlin`"""
NUMBERED = re.compile(r"\s+\d+$")


@dataclass(frozen=True, slots=True)
class Observance:
    """Since when a zone's clocks stand at an offset: from `start` on, and each year again by `rule`."""

    start: datetime
    offset: timedelta
    rule: str


Definition = Sequence[Observance]


def definitions(blocks: Sequence[Sequence[str]]) -> Mapping[str, Definition]:
    """The zones that the lines of VTIMEZONE blocks define, by name; what cannot be read is left out."""
    found: dict[str, Definition] = {}
    for block in blocks:
        name = ""
        observances: list[Observance] = []
        fields: dict[str, str] = {}
        for line in block:
            key, _, value = line.partition(":")
            key = key.partition(";")[0].upper()
            if key == "BEGIN" and value.strip().upper() in ("STANDARD", "DAYLIGHT"):
                fields = {}
            elif key == "END" and value.strip().upper() in ("STANDARD", "DAYLIGHT"):
                observances += _observances(fields)[: MOST_OBSERVANCES - len(observances)]
            elif key == "TZID":
                name = value.strip()
            else:
                fields.setdefault(key, value.strip())
        if name and observances:
            found[name] = tuple(observances)
    return found


def in_zone(wall: datetime, name: str, defined: Mapping[str, Definition]) -> tuple[datetime | None, str]:
    """The moment at which the clocks of the zone show `wall`, and what is doubtful about it.

    None where nothing says what zone that is.
    """
    zone = _known(name)
    own = _by_definition(wall, defined[name]) if name in defined else None
    if zone is None:
        return own, ""
    calendar = Calendar(zone)
    instant = calendar.at(wall.date(), wall.hour, wall.minute, wall.second)
    known = calendar.local(instant)
    known = known.replace(tzinfo=timezone(known.utcoffset() or timedelta(0)))
    if own is not None and own != known:
        return own, f"the file's own hours of the zone {name} are not those of {zone}"
    return known, ""


def _known(name: str) -> str | None:
    """The IANA zone that is meant."""
    from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

    name = name.strip().strip('"')
    inner = IN_NAME.search(name)
    for candidate in (name, inner[0] if inner else "", NUMBERED.sub("", name)):
        for zone in (candidate, WINDOWS_TO_OLSON.get(candidate, "")):
            if zone and check_zone(zone) is None:
                return str(zone)
    return None


def _observances(fields: Mapping[str, str]) -> list[Observance]:
    offset = OFFSET.match(fields.get("TZOFFSETTO", ""))
    start = _wall(fields.get("DTSTART", ""))
    if offset is None or start is None:
        return []
    length = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
    if length >= timedelta(hours=24):
        return []
    shift = -length if offset[1] == "-" else length
    rule = fields.get("RRULE", "").upper()
    parts = dict(part.partition("=")[::2] for part in rule.split(";") if part)
    if (
        parts.get("FREQ") != "YEARLY"
        or not parts.keys() <= RULE_PARTS
        or any("," in parts.get(key, "") for key in ("BYHOUR", "BYMINUTE", "BYSECOND"))
    ):
        rule = ""
    made = [Observance(start, shift, re.sub(r"(UNTIL=\d{8}T\d{6})Z", r"\1", rule))]
    for text in fields.get("RDATE", "").split(","):
        moment = _wall(text)
        if moment is not None:
            made.append(Observance(moment, shift, ""))
    return made


def _wall(text: str) -> datetime | None:
    """What clocks show, as calendar files write it: `20261101T020000`."""
    match = re.match(r"(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)", text.strip())
    try:
        return datetime(*map(int, match.groups())) if match else None  # type: ignore[arg-type]  # noqa: DTZ001
    except ValueError:
        return None


def _by_definition(wall: datetime, definition: Definition) -> datetime | None:
    """By the observance that began last; before the first one, by that."""
    begun: list[tuple[datetime, timedelta]] = []
    for each in definition:
        onset = _last_onset(each, wall)
        if onset is not None:
            begun.append((onset, each.offset))
    if not begun:
        first = min(definition, key=lambda each: each.start)
        begun = [(first.start, first.offset)]
    _, offset = max(begun, key=lambda pair: pair[0])
    return wall.replace(tzinfo=timezone(offset) if offset else UTC)


def _last_onset(observance: Observance, wall: datetime) -> datetime | None:
    if observance.start > wall:
        return None
    if not observance.rule:
        return observance.start
    from dateutil.rrule import rrulestr

    start = observance.start
    if "COUNT" not in observance.rule and "INTERVAL" not in observance.rule and start.year < wall.year - 2:
        # Many files begin in 1601; a rule of each year is the same from a later one on.
        start = start.replace(year=wall.year - 2, day=min(start.day, 28))
    try:
        found = rrulestr(observance.rule, dtstart=start).before(wall, inc=True)
    except (ValueError, TypeError, AttributeError):
        return observance.start
    return found or observance.start
