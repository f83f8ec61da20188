"""Days with their month, in the words and numbers of several languages: `4 December`, `4. Dezember`, `4.12.`.

A day that can be read two ways (4/5/2026) is not read here.
"""

from __future__ import annotations

import re
from datetime import date

__all__ = ["DAY", "MONTHS", "day_of", "is_date_of_mail"]

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


def is_date_of_mail(day: date) -> bool:
    """Whether a mail or an entry may have that date: beyond it, other clocks may show none at all."""
    return 1970 <= day.year <= 9998


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
