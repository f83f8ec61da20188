"""Each way of naming a day: a pattern, and what it means on the day on which it was written.

A reader gives the last day that the words allow, and whether they allow no other; None where they name none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from followup.calendars import Calendar
from followup.evidence.dates import DAY, MONTHS, day_of

__all__ = ["READERS", "WEEKDAYS"]

WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday mon montag mo", "tuesday tues tue dienstag di", "wednesday wed mittwoch mi",
         "thursday thurs thur thu donnerstag do", "friday fri freitag fr", "saturday sat samstag sonnabend sa",
         "sunday sun sonntag so")
    )
    for name in names.split()
}  # fmt: skip
NUMBERS = {
    name: number
    for number, names in {
        1: "a an one another ein eine einem einer einen weitere weiteren", 2: "two couple zwei beiden", 3: "three drei", 4: "four vier",
        5: "five fünf", 6: "six sechs", 7: "seven sieben", 8: "eight acht", 9: "nine neun", 10: "ten zehn",
        11: "eleven elf", 12: "twelve zwölf", 14: "fourteen vierzehn", 15: "fifteen fünfzehn", 20: "twenty zwanzig",
    }.items()
    for name in names.split()
}  # fmt: skip
FEW = 5
"""What “a few days” may come to: it is shown, and asked about."""
LONG_WEEKDAYS = sorted((name for name in WEEKDAYS if len(name) > 2), key=len, reverse=True)
WEEKDAY = r"(?P<weekday>" + "|".join(LONG_WEEKDAYS) + r")s?"
MONTH = r"(?P<month>" + "|".join(sorted((m for m in MONTHS if len(m) > 2), key=len, reverse=True)) + r")\b\.?"
NUMBER = r"(?:\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r")"
THIS = r"this|the current|dieser|diese|diesen|diesem|dieses|laufende[nrs]?"
NEXT = r"next|the (?:coming|following)|coming|following|the next|(?:de[rnms] |die |das )?(?:nächste|kommende|folgende)[nrsm]?"
AFTER_NEXT = (
    r"(?:the )?week after next|(?:de[rn] |die )?übernächste[nr]? woche|in (?:der )?übernächste[nr]? woche"
)
PART = (
    r"(?P<part>(?:the )?(?:very )?(?:end|close|latter (?:half|part)|second half)(?: of)?|late|later"
    r"|(?:the )?(?:start|beginning|first half|early part)(?: of)?|early|(?:the )?middle(?: of)?|mid|"
    r"(?:zum |am |gegen )?ende|(?:zu(?:m)? )?(?:beginn|anfang)|mitte)"
)

Reader = Callable[[re.Match[str], date, Calendar], tuple[date, bool] | None]


def _explicit(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    day = day_of(match, written)
    return (day, True) if day is not None else None


def _slashed(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    """12/4 can be read two ways, and is not read; 4/28 and 28/4 can be read one way."""
    first, second = int(match["first"]), int(match["second"])
    year = int(match["year"]) if match["year"] else None
    year = year + 2000 if year is not None and year < 100 else year
    if first == second or max(first, second) > 12 >= min(first, second):
        month, day = (second, first) if first > 12 else (first, second)
        if year is not None:
            return date(year, month, day), True
        made = date(written.year, month, day)
        return (made if made >= written else date(written.year + 1, month, day)), True
    return None


def _of_month(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    """`the 4th`: the next day of that number."""
    number = int(match["number"])
    for ahead in range(3):
        month = written.month - 1 + ahead
        year, month = written.year + month // 12, month % 12 + 1
        if number <= monthrange(year, month)[1] and date(year, month, number) >= written:
            return date(year, month, number), True
    return None


def _weekday(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    words = match[0].lower()
    number = WEEKDAYS[match["weekday"].lower()]
    if match["other"]:
        number = max(number, WEEKDAYS[match["other"].lower()])
    ahead = (number - written.weekday()) % 7
    which = (match["which"] or match["after"] or "").lower().strip()
    if re.search(r"week after next|übernächst", words):
        return _monday(written) + timedelta(days=14 + number), True
    if re.search(r"next week|(?:nächste|kommende|folgende)[nr]? woche|following week", words):
        return _monday(written) + timedelta(days=7 + number), True
    if re.search(r"this week|diese[rn]? woche", words):
        return _monday(written) + timedelta(days=number), True
    if re.fullmatch(NEXT, which) and not which.endswith(("coming", "following")) and "kommende" not in which:
        day = _monday(written) + timedelta(days=7 + number)
        return day, ahead == 0 or written + timedelta(days=ahead) == day
    if ahead == 0:
        return written + timedelta(days=0 if which in ("this", "diesen", "diesem") else 7), which != ""
    return written + timedelta(days=ahead), True


def _length(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    """`within five business days`, `in two to three weeks`: the later bound."""
    unit = match["unit"].lower()
    amount = _number(match["upper"] or match["amount"])
    sure = True
    if amount is None:
        amount, sure = FEW if re.match(r"hour|stunde|(?:\w+ )*(?:day|tag|arbeits|werk)", unit) else 3, False
    if match["more"]:
        amount = max(amount, _number(match["more"]) or amount)
    if re.match(r"hour|stunde", unit):
        return written + timedelta(days=-(-amount // 24)), sure
    if re.match(r"(?:business|working|work|week)[ -]?day|workday|weekday|arbeitstag|werktag", unit):
        return calendar.business_day_after(written, max(amount, 1)), sure
    if re.match(r"day|calendar|tag|kalendertag", unit):
        return written + timedelta(days=amount), sure
    if re.match(r"fortnight", unit):
        return written + timedelta(weeks=2 * amount), sure
    if re.match(r"week|woche", unit):
        return written + timedelta(weeks=amount), sure
    return _month_later(written, amount), sure


def _week(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    which = (match["which"] or "").lower().strip()
    part = "late" if match["eow"] else _part(match["part"])
    monday = _monday(written)
    if re.search(AFTER_NEXT, match[0], re.IGNORECASE):
        monday += timedelta(weeks=2)
    elif re.fullmatch(NEXT, which):
        monday += timedelta(weeks=1)
    elif not which and part is None:
        return None
    elif written.weekday() > 4:
        # On a weekend “the week” is the one that comes.
        monday += timedelta(weeks=1)
    day = monday + timedelta(days={"early": 1, "mid": 2}.get(part or "", 4))
    return (day, True) if day >= written else None


def _week_of(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    day = day_of(match, written)
    return (_monday(day) + timedelta(days=4), True) if day is not None else None


def _week_of_month(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    """The Friday of that week of a month."""
    number = MONTHS[(match["month"] or match["in_month"]).lower()]
    ordinal = match["ordinal"].lower()
    count = next((n for words, n in ORDINALS.items() if ordinal in words.split()), 0)
    for year in (written.year, written.year + 1):
        first = date(year, number, 1)
        # As weeks are numbered: the first is the one with the 4th in it.
        monday = _monday(first + timedelta(days=3))
        last = _month_later(first, 1) - timedelta(days=1)
        day = monday + timedelta(weeks=count - 1, days=4) if count else _monday(last) + timedelta(days=4)
        if day >= written:
            return day, True
    return None


ORDINALS = {
    "first ersten erste": 1,
    "second zweiten zweite": 2,
    "third dritten dritte": 3,
    "fourth vierten vierte": 4,
}


def _week_number(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    number = int(match["number"])
    day = date.fromisocalendar(written.year, number, 5)
    return (day if day >= written else date.fromisocalendar(written.year + 1, number, 5)), True


def _month(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    """`early next month` is up to its 10th, the middle its 15th, else its last day."""
    part = _part(match["part"])
    which = (match["which"] or "").lower().strip()
    if match["month"]:
        number = MONTHS[match["month"].lower()]
        year = int(match["year"]) if match["year"] else written.year
        first = date(year, number, 1)
        if not match["year"] and _in_month(first, part) < written:
            first = date(year + 1, number, 1)
    elif re.fullmatch(NEXT, which):
        first = _month_later(written.replace(day=1), 1)
    elif which or part is not None:
        first = written.replace(day=1)
    else:
        return None
    day = _in_month(first, part)
    return (day, True) if day >= written else None


def _year(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    return date(written.year, 12, 31), True


def _new_year(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    """In the new year: its first weeks, if nothing closer is said; that is not sure."""
    return date(written.year + 1, 1, 10 if _part(match["part"]) == "early" else 15), False


def _quarter(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    current = (written.month - 1) // 3 + 1
    number = int(match["number"] or 0)
    quarters = 4 * written.year + (number or current) - 1
    if not number and re.search(NEXT, match[0], re.IGNORECASE):
        quarters += 1
    if number and number < current:
        quarters += 4
    first = date(quarters // 4, 3 * (quarters % 4) + 1, 1)
    if _part(match["part"]) == "early":
        return _in_month(first, None), False
    return _month_later(first, 3) - timedelta(days=1), True


def _today(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    words = match[0].lower()
    if re.search(r"day after tomorrow|übermorgen", words):
        return written + timedelta(days=2), True
    return written + timedelta(days=1 if re.search(r"tomorrow|morgen", words) else 0), True


def _weekend(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    """Before it is by its Friday; over it, by its Sunday."""
    day = _monday(written) + timedelta(
        days=4 if re.match(r"before|by|vor|bis", match[0], re.IGNORECASE) else 6
    )
    return (day, True) if day >= written else None


def _feast(match: re.Match[str], written: date, calendar: Calendar) -> tuple[date, bool] | None:
    words = match[0].lower()
    before = bool(re.match(r"before|ahead|prior|vor", words))
    day = date(written.year, 12, 24)
    if "thanksgiving" in words:
        first = date(written.year, 11, 1)
        day = first + timedelta(days=(3 - first.weekday()) % 7 + 21)
    if day < written:
        return None
    return day - timedelta(days=1 if before else 0), "holidays" not in words and "feiertage" not in words


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _month_later(day: date, months: int) -> date:
    number = 12 * day.year + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _in_month(first: date, part: str | None) -> date:
    number = {"early": 10, "mid": 15}.get(part or "") or monthrange(first.year, first.month)[1]
    return first.replace(day=number)


def _part(words: str | None) -> str | None:
    if not words:
        return None
    if re.search(r"start|beginn|early|anfang|first half", words, re.IGNORECASE):
        return "early"
    return "mid" if re.search(r"mid|mitte", words, re.IGNORECASE) else "late"


def _number(words: str | None) -> int | None:
    plain = (words or "").lower().strip()
    return int(plain) if plain.isdigit() else NUMBERS.get(plain)


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_UNIT = (
    r"(?P<unit>(?:business|working|work|week|calendar)?[ -]?days?|workdays?|hours?|weeks?|fortnights?|months?"
    r"|arbeitstage?n?|werktage?n?|kalendertage?n?|tage?n?|stunden?|wochen?|monate?n?)\b"
)
_AMOUNT = (
    rf"(?P<amount>{NUMBER}|few|several|paar|einige[nr]?|wenige[nr]?|nächsten|coming|next|kommenden)"
    rf"(?:\s?(?:to|or|-|–|bis|oder)\s?(?P<upper>{NUMBER}))?"
)
READERS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (_compiled(rf"(?<![\d/.]){DAY}"), _explicit),
    (_compiled(r"(?<![\d/.])(?P<first>\d{1,2})/(?P<second>\d{1,2})(?:/(?P<year>\d{4}|\d{2}))?(?![\d/])"), _slashed),
    (_compiled(r"\b(?:the|am|zum|de[mnr])\s(?P<number>[12]?\d|3[01])(?:st|nd|rd|th|\.(?=\s|$))(?!\s*(?:round|interview|floor|runde|gespräch|stage|time))"), _of_month),
    (
        _compiled(
            rf"(?:\b(?P<which>{NEXT}|{THIS})(?:\s+(?:week|woche)(?:\s+on)?)?,?\s+)?\b{WEEKDAY}"
            rf"(?:\s*(?:or|/|oder|bis|-|–|and|und|to)\s*(?P<other>{'|'.join(LONG_WEEKDAYS)}))?\b"
            rf"(?:,?\s+(?:(?:of|in|der|in der)\s+)?(?P<after>(?:{NEXT}|{THIS})\s+(?:week|woche)|the week after next|übernächster woche))?"
        ),
        _weekday,
    ),
    (
        _compiled(
            rf"\b(?:within|in|inside(?: of)?|over|during|after|for|takes?|need|innerhalb(?: von)?|binnen|nach|noch|dauert|brauchen|give us|allow us|allow)\s+"
            rf"(?:about |around |roughly |approximately |up to |at most |no more than |maximum |another |the (?:next|coming|following) |next "
            rf"|(?:de[nr]|die) (?:nächsten|kommenden|folgenden) |ca\.? |circa |etwa |ungefähr |rund |maximal |spätestens )*"
            rf"(?:a |the |ein |de[nr] |die )?{_AMOUNT}(?:\s+of)?\s+(?:more |full |further )?{_UNIT}(?:\s?(?:or|oder)\s?(?P<more>{NUMBER})\b)?"
        ),
        _length,
    ),
    (_compiled(rf"\b(?P<amount>{NUMBER})(?:\s?(?:to|or|-|–)\s?(?P<upper>{NUMBER}))?(?P<more>)\s+{_UNIT}\s+from\s+(?:now|today)"), _length),
    (_compiled(rf"(?:\b{PART}\s*-?\s*(?:the |de[rs] )?)?\b(?P<which>{NEXT}|{THIS}|the|der|the same)?\s*(?:\bweek\b(?! of)|\bwoche\b)(?:\s+after\s+next)?|(?<!\w)(?P<eow>eow)\b"), _week),
    (_compiled(rf"\b(?:the )?(?:week|woche) (?:of|commencing|beginning|starting|vom|ab dem)\s+(?:the\s+)?(?:\w+day,?\s+)?{DAY}"), _week_of),
    (_compiled(rf"\b(?:the )?(?P<ordinal>first|second|third|fourth|last|ersten?|zweiten?|dritten?|vierten?|letzten?)\s+(?:week (?:of|in)|woche (?:im|des))\s+(?P<in_month>{'|'.join(m for m in MONTHS if len(m) > 2)})\b(?P<month>)"), _week_of_month),
    (_compiled(r"\b(?:kw|kalenderwoche|calendar week|week)\s(?P<number>[1-4]?\d|5[0-3])\b"), _week_number),
    (_compiled(rf"(?:\b{PART}\s*-?\s*(?:the |of |de[rs] )?)?(?:\b(?P<which>{NEXT}|{THIS}|the|des|the same)?\s*\b(?:month|monats?)\b(?P<none>)|(?:(?<=\bin )|(?<=\bby )|(?<=\bim )|(?<=\bof )|(?<=\bend )|(?<=\bmid-)|(?<=\bmid )|(?<=\bearly )|(?<=\blate )|(?<=\bende )|(?<=\banfang )|(?<=\bmitte ))(?P<named>){MONTH}(?:\s(?P<year>20\d\d))?(?!\s?\d))"), _month),
    (_compiled(rf"(?:\b{PART}\s*)(?:the |this |dieses |des )?(?:year|jahres)\b|\byear[- ]end\b|\bjahresende\b"), _year),
    (_compiled(rf"(?:\b{PART}\s*(?:in |of )?)?(?:\bthe new year|\bneuen jahres?|\bnext year)\b"), _new_year),
    (_compiled(rf"(?:\b{PART}\s*)?(?:\bq(?P<number>[1-4])\b|\b(?:this|next|the|dieses|nächsten)\s+(?:quarter|quartals?)\b)"), _quarter),
    (_compiled(r"\b(?:the )?day after tomorrow\b|\btomorrow\b|(?<!guten )(?<!gute )\bmorgen\b(?!s)|\bübermorgen\b|\btoday\b|\btonight\b|\bheute\b|\bend of (?:the |business )?day\b|\beod\b|\bclose of (?:business|play)\b|\bcob\b"), _today),
    (_compiled(r"\b(?:before|by|over|during|on|at|vor|bis zum|am|übers)\s+(?:the\s+|dem\s+|this\s+|diesem\s+)?(?:weekend|wochenende)\b"), _weekend),
    (_compiled(r"\b(?:(?:before|by|ahead of|prior to|vor|bis)\s+(?:the\s+|de[nm]\s+)?)?(?:christmas(?: break)?|xmas|weihnachten|thanksgiving|holidays|feiertagen?)\b"), _feast),
)  # fmt: skip
