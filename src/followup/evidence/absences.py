"""Somebody is away: the day that an out-of-office names, in the words of several languages.

A day that can be read two ways (4/5/2026) is not guessed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import msgspec

__all__ = ["DAY", "MONTHS", "Absent", "absence_in", "day_of"]

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier enero gennaio",
            "february feb februar février febrero febbraio",
            "march mar märz mrz mars marzo",
            "april apr avril abril aprile",
            "may mai mayo maggio",
            "june jun juni juin junio giugno",
            "july jul juli juillet julio luglio",
            "august aug août agosto",
            "september sept sep septembre septiembre settembre",
            "october oct oktober okt octobre octubre ottobre",
            "november nov novembre noviembre",
            "december dec dezember dez décembre diciembre dicembre",
        ),
        start=1,
    )
    for name in names.split()
}
MONTH = "(?P<month{0}>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
DAY = (
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    r"|(?P<dotted>\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{4}|\s?\d{2}\b)?)"
    r"|(?P<day1>\d{1,2})(?:st|nd|rd|th|\.|er|º)?\s(?:of\s|de\s)?" + MONTH.format(1) + r"\b"
    r"(?:,?\s(?:de\s)?(?P<year1>\d{4}))?"
    r"|" + MONTH.format(2) + r"\s(?P<day2>\d{1,2})(?:st|nd|rd|th)?\b(?:,?\s(?P<year2>\d{4}))?)"
)
WEEKDAY = r"(?:(?:on|am|dem|zum|den|le|el|il|the|au|al)\s)?(?:[a-zà-ü]{3,12}(?:day|tag|woch|di|s|do),?\s)?"
ARTICLE = r"(?:(?:the|dem|den|zum|le|el|il)\s)?"
UNTIL = re.compile(
    r"\b(?:until|till|through|bis(?: einschließlich)?(?: zum)?|jusqu['’]?(?:au|à)?|hasta|fino)\s+"
    + WEEKDAY + ARTICLE + DAY,
    re.IGNORECASE,
)  # fmt: skip
BACK = re.compile(
    r"\b(?:back(?: in the office| at work)?|return(?:ing)?(?: to (?:the office|work))?|ab|wieder"
    r"|zurück|de retour|regreso|vuelvo|torno)\s+" + WEEKDAY + ARTICLE + DAY,
    re.IGNORECASE,
)
AWAY = re.compile(
    r"out[ -]of[ -](?:the[ -])?office|\bon (?:annual |parental |sick |maternity )?(?:leave|vacation|holiday)"
    r"|\baway from (?:my desk|the office|my (?:e-?)?mail)|\bi am (?:currently )?away|abwesen"
    r"|nicht im (?:büro|haus)|im urlaub|außer haus|absent|en congés?|en vacances|fuera de la oficina"
    r"|de vacaciones|fuori (?:sede|ufficio)|in ferie|afwezig",
    re.IGNORECASE,
)


class Absent(msgspec.Struct, frozen=True, kw_only=True):
    """The day that is named, and the words that name it.

    Where `back`, it is the first day in the office again; else the last that the words call away.
    """

    day: date
    back: bool
    words: str


def absence_in(text: str, written: date | None) -> tuple[Absent | None, bool]:
    """The day that is named, if one is, and whether the words say that somebody is away.

    A day without a year is the next such day after the day `written`; without that it is not guessed.
    """
    flat = " ".join(text.split())[:20_000]
    for pattern, back in ((BACK, True), (UNTIL, False)):
        for match in pattern.finditer(flat):
            day = day_of(match, written)
            if day is not None and (written is None or day >= written - timedelta(days=1)):
                return Absent(day=day, back=back, words=match.group()), True
    return None, AWAY.search(flat) is not None


def day_of(match: re.Match[str], written: date | None) -> date | None:
    """The day that a match of DAY names; None where it is none, or its year is not known."""
    found = match.groupdict()
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        if found["dotted"]:
            number, month, year = found["dotted"].replace(" ", "").split(".")
            return _in_year(int(number), int(month), year, written)
        which = "1" if found["day1"] else "2"
        month_number = MONTHS[found[f"month{which}"].lower()]
        return _in_year(int(found[f"day{which}"]), month_number, found[f"year{which}"] or "", written)
    except ValueError:
        return None


def _in_year(day: int, month: int, year: str, written: date | None) -> date | None:
    if year:
        return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
    if written is None:
        return None
    this = date(written.year, month, day)
    return this if this >= written else date(written.year + 1, month, day)
