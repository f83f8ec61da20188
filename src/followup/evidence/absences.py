"""Somebody is away: the day that an out-of-office names, in the words of several languages.

What those patterns do not know is left to the days of promises: weekdays, ranges, tomorrow. A day that can be
read two ways (4/5/2026) is not guessed.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import msgspec

from followup.calendars import Calendar
from followup.evidence.dates import DAY, day_of
from followup.evidence.days import NamedDay, days_in
from followup.evidence.sentences import sentences

__all__ = ["Absent", "absence_in"]

WEEKDAY = r"(?:(?:on|am|dem|zum|den|le|el|il|the|au|al)\s)?(?:[a-zà-ü]{3,12}(?:day|tag|woch|di|s|do),?\s)?"
ARTICLE = r"(?:(?:the|dem|den|zum|le|el|il)\s)?"
UNTIL = re.compile(
    r"\b(?:until|till|through|bis(?: einschließlich)?(?: zum)?|jusqu['’]?(?:au|à)?|hasta|fino)\s+"
    + WEEKDAY + ARTICLE + DAY,
    re.IGNORECASE,
)  # fmt: skip
BACK = re.compile(
    r"\b(?:back(?: in the office| at work| at my desk| online)?|return(?:ing)?(?: to (?:the office|work))?|ab|wieder"
    r"|zurück|de retour(?: au bureau)?|(?:regreso|regresaré|vuelvo|volveré)(?: a la oficina| al trabajo)?"
    r"|(?:torno|tornerò|rientro|rientrerò)(?: in ufficio)?)\s+" + WEEKDAY + ARTICLE + DAY,
    re.IGNORECASE,
)
LASTS = re.compile(
    r"\b(?:until|till|through|thru|bis|jusqu\w*|hasta|fino|including)\b|(?:\bto\b|[-–])\s*(?:the\s*)?$",
    re.IGNORECASE,
)
RETURN = re.compile(
    r"\b(?:back|return(?:s|ing)?|resum\w+|again|zurück\w*|wieder|erreichbar|retour|regres\w+|vuelvo|volveré|torno|tornerò|rientro|rientrerò)\b",
    re.IGNORECASE,
)
AWAY = re.compile(
    r"\booo\b|off sick|(?:\b(?:am|is|currently)|['’]m) (?:sick|ill|unwell|travell?ing)|business trip|(?:limited|no|without) access to (?:my )?e?-?mail"
    r"|dienstreise|geschäftsreise|nicht erreichbar|krank|elternzeit|\boffices? (?:is|are|will be|remains?) closed|büro ist .{0,60}geschlossen|out[ -]of[ -](?:the[ -])?office|\bon (?:annual |parental |sick |maternity )?(?:leave|vacation|holiday)"
    r"|\baway from (?:my desk|the office|my (?:e-?)?mail)|\bi(?: am|['’]m| will be|['’]ll be) (?:currently )?away|abwesen"
    r"|nicht im (?:büro|haus)|im urlaub|außer haus|absent|en congés?|en vacances|fuera de la oficina"
    r"|de vacaciones|fuori (?:sede|ufficio)|in ferie|afwezig",
    re.IGNORECASE,
)


ABOUT_ONESELF = re.compile(
    r"\b(?:i|i['’]m|i['’]ll|ich|je|j['’]\w+|estoy|estaré|sono|sarò|our office|unser büro|back|return\w*|zurück\w*|wieder)\b",
    re.IGNORECASE,
)
"""An absence is told of oneself: “we answer until 15 December” is none."""

EITHER_WAY = re.compile(r"\b\d{1,2}/\d{1,2}\b")
"""`12/24 to 1/3`: its end can be read two ways, so its beginning is not taken for it."""


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
    away = AWAY.search(flat) is not None
    patterns = ((BACK, True), (UNTIL, False)) if away or ABOUT_ONESELF.search(flat) else ()
    for pattern, back in patterns:
        for match in pattern.finditer(flat):
            day = day_of(match, written)
            if day is not None and (written is None or _is_ahead(day, match.group(), written)):
                return Absent(day=day, back=back, words=match.group()), True
    return _in_other_words(text, written) if away and written is not None else None, away


def _in_other_words(text: str, written: date) -> Absent | None:
    """From the sentence that speaks of being away or back: the last day of a range, a weekday, tomorrow."""
    flat = "\n\n".join(line for line in text[:20_000].splitlines() if line.strip())
    found: Absent | None = None
    for sentence in sentences(flat):
        if not (AWAY.search(sentence) or RETURN.search(sentence) or ABOUT_ONESELF.search(sentence)):
            continue
        days = [
            day
            for day in days_in(sentence, written, Calendar("UTC"))
            if (day.sure or _is_from(day, sentence))
            and day.day >= written
            and _is_ahead(day.day, day.words, written)
        ]
        days = [day for day in days if day.day > written or len(days) == 1]
        if days:
            last = days[-1]
            if EITHER_WAY.search(sentence, last.end):
                continue
            absent = Absent(day=last.day, back=_is_back(last, sentence), words=_with_head(last, sentence))
            if last.day > written and (found is None or absent.back):
                return absent
            # “I am not in today. I am back on Friday.”
            found = found or absent
    return found


def _is_from(day: NamedDay, sentence: str) -> bool:
    """`Ab Freitag`: for a promise some later day, for an absence the first one back."""
    return day.words.isalpha() and re.search(r"\bab\s$", sentence[: day.start], re.IGNORECASE) is not None


def _is_ahead(day: date, words: str, written: date) -> bool:
    """Whether a day is still to come. Without a year, one of the last months is no day of the next year."""
    with_year = re.search(r"\d{4}|[./-]\d\d$", words) is not None
    return day >= written - timedelta(days=1) and (with_year or day - written < timedelta(days=270))


def _is_back(day: NamedDay, sentence: str) -> bool:
    """Whether the day is the first one back: the words before it decide, else those behind it."""
    head = sentence[: day.start]
    until, back = (
        max((match.end() for match in pattern.finditer(head)), default=-1) for pattern in (LASTS, RETURN)
    )
    if until < 0 and back < 0:
        return RETURN.search(sentence[day.end :]) is not None
    return back > until


def _with_head(day: NamedDay, sentence: str) -> str:
    """The words of the day with those that lead to it, such as `back`."""
    matches = [match.start() for match in (*LASTS.finditer(sentence), *RETURN.finditer(sentence))]
    start = max((each for each in matches if day.start - 40 <= each < day.start), default=day.start)
    return sentence[start : day.end]
